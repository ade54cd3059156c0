//! What a session is told at its start.

use std::sync::{Arc, Mutex, PoisonError};

use okx_common::{clock::NANOS_PER_SECOND, credentials::Credentials, hosts::UrlKind};

/// Connections that OKX accepts from one address in a second (reference: "WebSocket limits").
pub const CONNECTS_PER_SECOND: usize = 3;

/// The window of [`CONNECTS_PER_SECOND`]: a bit more than a second, because OKX counts arrivals, which jitter.
const CONNECT_WINDOW_NS: u64 = NANOS_PER_SECOND + NANOS_PER_SECOND / 10;

/// When a session logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoginPolicy {
    /// On each link, before anything else.
    Always,
    /// When a topic needs it.
    WhenNeeded,
}

/// What a [`super::Session`] is told at its start.
pub struct SessionConfig {
    /// The URL it serves; topics of other URLs are refused.
    pub url_kind: UrlKind,
    /// Needed for topics that need a login.
    pub credentials: Option<Credentials>,
    /// When to log in, if there are credentials.
    pub login: LoginPolicy,
    /// The budget of connections, shared by all sessions of this address.
    pub connects: ConnectBudget,
}

impl SessionConfig {
    /// Of this URL, without credentials and with a budget of its own.
    #[must_use]
    pub fn new(url_kind: UrlKind) -> Self {
        Self {
            url_kind,
            credentials: None,
            login: if url_kind == UrlKind::Private { LoginPolicy::Always } else { LoginPolicy::WhenNeeded },
            connects: ConnectBudget::default(),
        }
    }

    /// The same with credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: Credentials) -> Self {
        Self { credentials: Some(credentials), ..self }
    }

    /// The same with a budget that other sessions share.
    #[must_use]
    pub fn with_connects(self, connects: ConnectBudget) -> Self {
        Self { connects, ..self }
    }
}

/// The budget of new connections: [`CONNECTS_PER_SECOND`]. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct ConnectBudget(Arc<Mutex<[Option<u64>; CONNECTS_PER_SECOND]>>);

impl ConnectBudget {
    /// Takes one connection.
    ///
    /// # Errors
    /// The monotonic time, in nanoseconds, from which on it is worth asking again.
    pub fn try_take(&self, mono_ns: u64) -> Result<(), u64> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free_at = |slot: &Option<u64>| slot.map_or(0, |at| at + CONNECT_WINDOW_NS);
        let Some(oldest) = taken.iter_mut().min_by_key(|slot| free_at(slot)) else { return Ok(()) };
        if free_at(oldest) > mono_ns {
            return Err(free_at(oldest));
        }
        *oldest = Some(mono_ns);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_connections_a_second_over_all_clones() {
        let budget = ConnectBudget::default();
        let other = budget.clone();
        for at in [0, 1, 2] {
            assert_eq!(budget.try_take(at), Ok(()));
        }
        assert_eq!(other.try_take(3), Err(CONNECT_WINDOW_NS));
        assert_eq!(other.try_take(CONNECT_WINDOW_NS), Ok(()));
        assert_eq!(budget.try_take(CONNECT_WINDOW_NS), Err(CONNECT_WINDOW_NS + 1));
    }
}
