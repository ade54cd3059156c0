//! The topics that are wanted, or were until just now.

use okx_common::error_code::ErrorCode;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::event::{Generation, LinkId, TopicId};
use crate::topic::{Arg, Key, Topic};

/// Topics that a session accepts. OKX allows 480 requests an hour and closes with 4008/4009 far earlier; the limit bounds memory.
pub const TOPICS_MAX: usize = 20_000;

/// One topic.
#[derive(Debug)]
pub(super) struct Slot {
    pub topic: Topic,
    /// The user wants it. Slots that are not wanted wait for their `unsubscribe` to be acknowledged.
    pub wanted: bool,
    /// OKX refused it although it had worked before: not asked again on this link.
    pub refused: bool,
    /// It has worked at least once.
    pub was_active: bool,
    /// The link whose pushes count.
    pub owner: Option<LinkId>,
    /// The generation of those pushes.
    pub generation: Generation,
    /// When the last push came, or the subscription took effect; monotonic.
    pub last_push_ns: u64,
    /// A push came since the subscription took effect.
    pub has_pushed: bool,
    /// Not to be asked for before this time.
    pub not_before_ns: u64,
    /// Failed attempts that are retried.
    pub retries: u32,
    /// Times that it was subscribed anew because it was silent.
    pub stale_rounds: u32,
    /// What was wrong last.
    pub last_error: Option<(ErrorCode, String)>,
}

/// All topics of a session, found by their id or by the `arg` of a push.
#[derive(Debug, Default)]
pub(super) struct Topics {
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    by_hash: FxHashMap<u64, SmallVec<[u32; 1]>>,
    wanted: usize,
}

impl Topics {
    /// How many are wanted.
    pub const fn wanted(&self) -> usize {
        self.wanted
    }

    pub fn get(&self, id: TopicId) -> Option<&Slot> {
        self.slots.get(id.0 as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, id: TopicId) -> Option<&mut Slot> {
        self.slots.get_mut(id.0 as usize)?.as_mut()
    }

    /// All ids in use.
    pub fn ids(&self) -> impl Iterator<Item = TopicId> + use<'_> {
        self.iter().map(|(id, _)| id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (TopicId, &Slot)> {
        self.slots.iter().enumerate().filter_map(|(i, slot)| Some((TopicId(i as u32), slot.as_ref()?)))
    }

    pub fn find_key(&self, key: Key<'_>) -> Option<TopicId> {
        let candidates = self.by_hash.get(&key.hash64())?;
        candidates
            .iter()
            .copied()
            .map(TopicId)
            .find(|id| self.get(*id).is_some_and(|slot| slot.topic.key() == key))
    }

    /// The topic that a push belongs to: the one of the same arguments, else the only one of its channel (pushes of private
    /// channels may name the instrument where the subscription named a kind of instrument).
    pub fn find_arg(&self, arg: &Arg<'_>) -> Option<TopicId> {
        let key = arg.key()?;
        self.find_key(key).or_else(|| self.find_only(key))
    }

    #[cold]
    fn find_only(&self, key: Key<'_>) -> Option<TopicId> {
        if !key.channel.needs_login() {
            return None;
        }
        let mut same = self.iter().filter(|(_, slot)| slot.topic.channel == key.channel);
        let (id, _) = same.next()?;
        same.next().is_none().then_some(id)
    }

    /// Wants a topic; `None` if there are too many. The flag says whether it was wanted before.
    pub fn want(&mut self, topic: &Topic) -> Option<(TopicId, bool)> {
        if let Some(id) = self.find_key(topic.key()) {
            let slot = self.get_mut(id)?;
            let before = std::mem::replace(&mut slot.wanted, true);
            slot.refused = false;
            self.wanted += usize::from(!before);
            return Some((id, before));
        }
        if self.wanted >= TOPICS_MAX {
            return None;
        }
        let slot = Slot {
            topic: topic.clone(),
            wanted: true,
            refused: false,
            was_active: false,
            owner: None,
            generation: Generation::default(),
            last_push_ns: 0,
            has_pushed: false,
            not_before_ns: 0,
            retries: 0,
            stale_rounds: 0,
            last_error: None,
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            (self.slots.len() - 1) as u32
        });
        self.by_hash.entry(slot.topic.key().hash64()).or_default().push(index);
        self.slots[index as usize] = Some(slot);
        self.wanted += 1;
        Some((TopicId(index), false))
    }

    /// Wants a topic no longer; says whether it was wanted.
    pub fn unwant(&mut self, id: TopicId) -> bool {
        let before = self.get_mut(id).is_some_and(|slot| std::mem::replace(&mut slot.wanted, false));
        self.wanted -= usize::from(before);
        before
    }

    /// Frees the place of a topic.
    pub fn remove(&mut self, id: TopicId) -> Option<Topic> {
        self.unwant(id);
        let slot = self.slots.get_mut(id.0 as usize)?.take()?;
        let hash = slot.topic.key().hash64();
        if let Some(same) = self.by_hash.get_mut(&hash) {
            same.retain(|index| *index != id.0);
            if same.is_empty() {
                self.by_hash.remove(&hash);
            }
        }
        self.free.push(id.0);
        Some(slot.topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;

    #[test]
    fn places_are_stable_and_reused() {
        let mut topics = Topics::default();
        let topic = |i: u32| Topic::inst(Channel::Trades, format!("A{i}-B"));
        let ids: Vec<_> = (0..100).map(|i| topics.want(&topic(i)).unwrap().0).collect();
        assert_eq!(topics.want(&topic(7)), Some((ids[7], true)));
        assert_eq!(topics.remove(ids[7]), Some(topic(7)));
        assert_eq!((topics.wanted(), topics.find_key(topic(7).key())), (99, None));
        assert_eq!(topics.want(&topic(1000)), Some((ids[7], false)), "the place is reused");
        assert_eq!(topics.find_key(topic(8).key()), Some(ids[8]));
        for id in ids {
            topics.remove(id);
        }
        assert_eq!((topics.wanted(), topics.by_hash.len(), topics.ids().count()), (0, 0, 0));
    }

    #[test]
    fn a_private_push_may_name_more_than_the_subscription() {
        let mut topics = Topics::default();
        let any = Topic::inst_type(Channel::Orders, okx_common::enums::InstType::Any);
        let (id, _) = topics.want(&any).unwrap();
        let mut arg = Arg::default();
        arg.channel = Some(Channel::Orders);
        arg.rest_mut().inst_type = "SPOT".into();
        assert_eq!(topics.find_arg(&arg), Some(id));
        arg.channel = Some(Channel::Books);
        topics.want(&Topic::inst(Channel::Books, "A-B"));
        assert_eq!(topics.find_arg(&arg), None);
    }
}
