//! How an exchange is set up.

use serde::{Deserialize, Serialize};

use crate::{account::Account, journal::JournalConfig};

/// Limits of the exchange; reference 3.4. `off()` is for load tests and for clients that do not pace themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Rate limits of the REST endpoints (reference 3.3): 50011 with HTTP 429 beyond them.
    pub rest: bool,
    /// New WebSocket connections per second and address; 0 for any number.
    pub connects_per_s: usize,
    /// Subscribe, unsubscribe and login operations per hour and connection; 0 for any number.
    pub ops_per_hour: usize,
    /// Longest message a client may send, bytes; beyond it the connection is closed with 1009.
    pub message_bytes: usize,
    /// Silence after which a connection is closed with 4004, milliseconds; 0 for never.
    pub idle_ms: u64,
    /// Rate limits of orders (reference 3.1): 50011 and 50061 beyond them, over REST and WebSocket.
    pub orders: bool,
    /// Connections that may hold one private channel, per account.
    pub channel_connections: usize,
    /// Rows in one page of an `account` or `positions` snapshot.
    pub page_rows: usize,
    /// Unsent bytes of one connection at which it is closed with 4005.
    pub backlog_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rest: true,
            connects_per_s: 3,
            ops_per_hour: 480,
            message_bytes: 64 << 10,
            idle_ms: 30_000,
            orders: true,
            channel_connections: 30,
            // OKX publishes no figure.
            page_rows: 20,
            // OKX publishes no figure. A minute of a busy book fits.
            backlog_bytes: 16 << 20,
        }
    }
}

impl Limits {
    /// The documented limits without those on frequency and silence.
    #[must_use]
    pub fn off() -> Self {
        Self { rest: false, orders: false, connects_per_s: 0, ops_per_hour: 0, idle_ms: 0, ..Self::default() }
    }
}

/// Everything the state machine needs to know at its start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExchangeConfig {
    /// Seed of everything random in the exchange; the market has its own.
    pub seed: u64,
    /// Accounts and keys; the first key of the first account is the one the server hands out.
    pub accounts: Vec<Account>,
    /// Limits.
    pub limits: Limits,
    /// Bounds of the journal.
    pub journal: JournalConfig,
}

impl Default for ExchangeConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            accounts: vec![Account::default()],
            limits: Limits::default(),
            journal: JournalConfig::default(),
        }
    }
}
