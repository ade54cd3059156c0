//! Who uses which subscription.

use std::hash::Hash;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// Subscriptions with their users: two users of one topic are one subscription on the wire.
///
/// A user counts once, however often it asks, so that a repeated unsubscribe cannot take the topic away from others.
///
/// ```
/// use okx_core::wanted::Wanted;
/// let mut wanted = Wanted::default();
/// assert!(wanted.add("index BTC-USDT", "spot"));
/// assert!(!wanted.add("index BTC-USDT", "swap"));
/// assert!(!wanted.remove(&"index BTC-USDT", &"spot"));
/// assert!(wanted.remove(&"index BTC-USDT", &"swap"));
/// ```
#[derive(Debug, Clone)]
pub struct Wanted<T, U> {
    users: IndexMap<T, IndexSet<U, FxBuildHasher>, FxBuildHasher>,
}

impl<T, U> Default for Wanted<T, U> {
    fn default() -> Self {
        Self { users: IndexMap::default() }
    }
}

impl<T: Hash + Eq, U: Hash + Eq> Wanted<T, U> {
    /// Adds a user. True if it is the first one: subscribe.
    pub fn add(&mut self, topic: T, user: U) -> bool {
        let users = self.users.entry(topic).or_default();
        users.insert(user) && users.len() == 1
    }

    /// Removes a user. True if it was the last one: unsubscribe.
    pub fn remove(&mut self, topic: &T, user: &U) -> bool {
        let Some(users) = self.users.get_mut(topic) else { return false };
        let is_last = users.shift_remove(user) && users.is_empty();
        if is_last {
            self.users.shift_remove(topic);
        }
        is_last
    }

    /// Forgets a topic with all its users: OKX refused it. Returns them.
    pub fn forget(&mut self, topic: &T) -> Vec<U> {
        self.users.shift_remove(topic).map(|users| users.into_iter().collect()).unwrap_or_default()
    }

    /// The users of a topic, in the order they came.
    pub fn users(&self, topic: &T) -> impl Iterator<Item = &U> {
        self.users.get(topic).into_iter().flatten()
    }

    /// Whether anybody uses the topic.
    #[must_use]
    pub fn contains(&self, topic: &T) -> bool {
        self.users.contains_key(topic)
    }

    /// The topics, in the order they came.
    pub fn topics(&self) -> impl ExactSizeIterator<Item = &T> {
        self.users.keys()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the order of calls, the wire sees each topic subscribed exactly while somebody uses it.
        #[test]
        fn the_wire_follows_the_users(calls in prop::collection::vec((any::<bool>(), 0..3_u8, 0..3_u8), 0..60)) {
            let mut wanted = Wanted::default();
            let mut model: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
            let mut wire = BTreeSet::new();
            for (is_add, topic, user) in calls {
                if is_add {
                    if wanted.add(topic, user) {
                        prop_assert!(wire.insert(topic));
                    }
                    model.entry(topic).or_default().insert(user);
                } else {
                    if wanted.remove(&topic, &user) {
                        prop_assert!(wire.remove(&topic));
                    }
                    model.entry(topic).or_default().remove(&user);
                }
                let used: BTreeSet<u8> = model.iter().filter(|(_, u)| !u.is_empty()).map(|(t, _)| *t).collect();
                prop_assert_eq!(&wire, &used);
                prop_assert_eq!(wanted.topics().copied().collect::<BTreeSet<_>>(), used);
            }
        }
    }

    #[test]
    fn a_refused_topic_gives_its_users_back() {
        let mut wanted = Wanted::default();
        wanted.add(1, "a");
        wanted.add(1, "b");
        assert_eq!(wanted.forget(&1), ["a", "b"]);
        assert!(!wanted.contains(&1));
        assert!(wanted.add(1, "a"));
    }
}
