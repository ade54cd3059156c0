//! What a test or an operator does to the exchange: faults, time, scripts, and looking inside.

use okx_common::clock::Now;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Exchange, trade::is_trading};
use crate::{
    config::Limits,
    fault::{Fault, FaultId, FaultReport},
    journal::Entry,
    link::{ConnNo, UrlKind},
};

/// A connection as [`ExchangeState`] shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnState {
    /// Its number in the order of opening.
    pub conn: ConnNo,
    /// Its URL.
    pub url: UrlKind,
    /// `connId` in its frames.
    pub conn_id: String,
    /// Who logged in.
    pub uid: Option<String>,
    /// What it is subscribed to, as JSON arguments.
    pub topics: Vec<String>,
    /// Login, subscribe and unsubscribe operations within the last hour.
    pub ops_last_hour: usize,
    /// It is muted by a fault.
    pub muted: bool,
}

/// The state of the exchange in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeState {
    /// Time of the exchange, nanoseconds since 1970.
    pub unix_ns: u64,
    /// Its difference from the driver's clock, milliseconds.
    pub offset_ms: i64,
    /// Open connections.
    pub connections: Vec<ConnState>,
    /// Connections ever opened or refused.
    pub opened: u64,
    /// Number of the next journal entry.
    pub journal_next: u64,
    /// Hash over the whole state.
    pub hash: String,
}

impl Exchange {
    /// Puts a fault in place; one that waits for no match acts at once. `None` if there are too many.
    pub fn add_fault(&mut self, fault: Fault, now: Now) -> Option<FaultId> {
        self.advance(now);
        let id = self.faults.add(fault, now)?;
        self.advance(now);
        Some(id)
    }

    /// Takes a fault away; what it parked leaves, what it muted speaks again. False if there was none.
    pub fn remove_fault(&mut self, id: FaultId, now: Now) -> bool {
        let found = self.faults.remove(id);
        self.advance(now);
        found
    }

    /// Takes all faults away.
    pub fn clear_faults(&mut self, now: Now) {
        self.faults.clear();
        self.advance(now);
    }

    /// The faults in place.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultReport> {
        self.faults.reports()
    }

    /// Journal entries from number `from` on, at most `limit`.
    pub fn journal(&self, from: u64, limit: usize) -> impl Iterator<Item = &Entry> {
        self.journal.since(from, limit)
    }

    /// The book of an instrument as the exchange has it.
    #[must_use]
    pub fn book(&self, inst_id: &str) -> Option<Value> {
        self.market.book(inst_id)
    }

    /// Moves the clock of the exchange: sets its offset from the driver's, then adds a jump.
    pub fn set_time(&mut self, offset_ms: Option<i64>, jump_ms: i64, now: Now) {
        self.advance(now);
        self.shift_time(offset_ms, jump_ms);
        self.advance(now);
    }

    /// Carries out a scripted move of the market (MOV).
    ///
    /// # Errors
    ///
    /// What the market says is wrong with the command.
    pub fn script(&mut self, command: &Value, now: Now) -> Result<Value, String> {
        self.advance(now);
        let done =
            if is_trading(command) { self.script_trading(command, now) } else { self.market.script(command) };
        self.advance(now);
        done
    }

    /// Changes the limits from now on. The count of operations per hour holds for new connections.
    pub fn set_limits(&mut self, limits: Limits) {
        self.trading.set_capped(limits.orders);
        self.config.limits = limits;
        self.connects.clear();
        self.rates.clear();
    }

    /// Whether a mute keeps even pongs from the connection.
    #[must_use]
    pub fn is_silent(&self, conn: ConnNo) -> bool {
        self.conns.get(&conn).and_then(|c| c.mute).is_some_and(|mute| !mute.pongs)
    }

    /// The state in short.
    #[must_use]
    pub fn state(&mut self, now: Now) -> ExchangeState {
        let accounts = &self.config.accounts;
        let connections = self.conns.iter_mut().map(|(no, conn)| ConnState {
            conn: *no,
            url: conn.kind,
            conn_id: conn.conn_id.clone(),
            uid: conn.user.and_then(|u| accounts.get(u.account)).map(|a| a.uid.clone()),
            topics: conn.topics.iter().map(|t| t.json()).collect(),
            ops_last_hour: conn.ops.as_mut().map_or(0, |w| w.used(now.mono_ns)),
            muted: conn.mute.is_some(),
        });
        let connections = connections.collect();
        ExchangeState {
            unix_ns: self.time(now).unix_ns,
            offset_ms: self.offset_ms,
            connections,
            opened: self.next_conn - 1,
            journal_next: self.journal.next_no(),
            hash: format!("{:016x}", self.state_hash()),
        }
    }
}
