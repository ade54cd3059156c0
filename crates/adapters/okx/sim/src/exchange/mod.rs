//! The exchange: a state machine without sockets, clocks or threads.
//!
//! Inputs are connections, messages, REST requests and a [`Now`]; outputs are polled. The same machine runs behind the
//! [server](crate::server) and under a virtual clock in tests.

mod auth;
mod conn;
mod control;
mod deliver;
mod edit;
mod inbound;
mod login;
mod ops;
mod rest;
mod sequence;
mod subscribe;
mod timers;
mod trade;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use okx_common::{
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    rng::{Rng as _, SeededRng},
};

pub use control::{ConnState, ExchangeState};

use self::{conn::Conn, deliver::Held};
use crate::{
    config::ExchangeConfig,
    fault::{Action, Class, CutHow, FaultId, Faults, Subject},
    hash::Fnv,
    journal::{Direction, Journal},
    link::{ConnNo, Link, Peer, UrlKind},
    market::Market,
    output::{Output, Refusal, RestResponse},
    topic::Topic,
    trading::Trading,
    window::Window,
};

/// Most connections open at once: far above what a test needs, below what a machine has ports for.
const MAX_CONNECTIONS: usize = 10_000;

/// The exchange. See the [module](self).
pub struct Exchange {
    config: ExchangeConfig,
    market: Box<dyn Market>,
    /// Difference of the exchange's clock from the driver's, set by TIME.
    offset_ms: i64,
    conns: BTreeMap<ConnNo, Conn>,
    next_conn: u64,
    subscribers: HashMap<Arc<Topic>, BTreeSet<ConnNo>>,
    connects: HashMap<Peer, Window>,
    rates: HashMap<String, Window>,
    faults: Faults,
    held: BTreeMap<(u64, u64), Held>,
    parked: Vec<(FaultId, Held)>,
    next_held: u64,
    journal: Journal,
    trading: Trading,
    out: VecDeque<Output>,
    swallow: Option<deliver::Swallow>,
    rng: SeededRng,
}

impl Exchange {
    /// An exchange in front of a market, at this time.
    #[must_use]
    pub fn new(config: ExchangeConfig, mut market: Box<dyn Market>, now: Now) -> Self {
        let mut rng = SeededRng::new(config.seed);
        market.advance(now.unix_ms());
        let mut trading = Trading::new(&config.accounts, config.limits.page_rows, now.unix_ms());
        trading.set_capped(config.limits.orders);
        Self {
            faults: Faults::new(rng.fork()),
            journal: Journal::new(config.journal.clone()),
            trading,
            config,
            market,
            offset_ms: 0,
            conns: BTreeMap::new(),
            next_conn: 1,
            subscribers: HashMap::new(),
            connects: HashMap::new(),
            rates: HashMap::new(),
            held: BTreeMap::new(),
            parked: Vec::new(),
            next_held: 0,
            out: VecDeque::new(),
            swallow: None,
            rng,
        }
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &ExchangeConfig {
        &self.config
    }

    /// The time of the exchange: the driver's, moved by TIME.
    #[must_use]
    pub fn time(&self, now: Now) -> Now {
        let moved = i128::from(now.unix_ns) + i128::from(self.offset_ms) * i128::from(NANOS_PER_MILLI);
        Now::new(now.mono_ns, u64::try_from(moved.max(0)).unwrap_or(u64::MAX))
    }

    /// A client connects to one of the WebSocket URLs.
    ///
    /// # Errors
    ///
    /// If the connection is not accepted: too many of them (OKX allows 3 a second and address), or a fault.
    pub fn open(&mut self, kind: UrlKind, peer: Peer, now: Now) -> Result<ConnNo, Refusal> {
        self.advance(now);
        let no = ConnNo(self.next_conn);
        self.next_conn += 1;
        let subject = Subject { class: Class::Open, ..bare(kind.into(), Some(no)) };
        let fired = self.faults.on(&subject, now);
        for fault in fired {
            self.note(kind.into(), Some(no), &format!("fault {} on open", fault.id.0), now);
            match fault.what {
                Action::Cut { how, .. } => return Err(Refusal::Cut(how)),
                Action::Reply { status, code, msg, body, .. } => {
                    let plain = RestResponse::error(status, &code, &msg);
                    return Err(Refusal::Http(body.map_or(plain, |b| RestResponse::json(status, b.bytes()))));
                }
                Action::Lim { .. } => return Err(too_many_connects()),
                Action::Time { offset_ms, jump_ms } => self.shift_time(offset_ms, jump_ms),
                _ => {}
            }
        }
        let per_second = self.config.limits.connects_per_s;
        let window = self.connects.entry(peer).or_insert_with(|| Window::new(per_second, NANOS_PER_SECOND));
        if (per_second > 0 && !window.take(1, now.mono_ns)) || self.conns.len() >= MAX_CONNECTIONS {
            self.note(kind.into(), Some(no), "refused: too many connections", now);
            return Err(too_many_connects());
        }
        let conn_id = format!("{:08x}", self.rng.next_u64() as u32);
        self.conns.insert(no, Conn::new(kind, conn_id, now, self.config.limits.ops_per_hour));
        self.note(kind.into(), Some(no), "opened", now);
        Ok(no)
    }

    /// The client or the network ended the connection.
    pub fn closed(&mut self, conn: ConnNo, now: Now) {
        self.advance(now);
        if let Some(gone) = self.forget(conn) {
            self.note(gone.into(), Some(conn), "closed by the client", now);
        }
    }

    /// The driver could not get rid of so many bytes for the connection: closes it with 4005 if they are too many.
    pub fn backlog(&mut self, conn: ConnNo, bytes: usize, now: Now) {
        if bytes > self.config.limits.backlog_bytes {
            self.end(
                conn,
                CutHow::Close { code: 4005, reason: "Buffer is full, cannot write data".to_owned() },
                now,
            );
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// The connection's own `connId`, as its frames show it.
    #[must_use]
    pub fn conn_id(&self, conn: ConnNo) -> Option<&str> {
        self.conns.get(&conn).map(|c| c.conn_id.as_str())
    }

    /// A hash over the market, the connections and everything that went over the wire.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Fnv::default();
        hash.word(self.market.state_hash());
        hash.word(self.trading.state_hash());
        hash.word(self.journal.hash());
        hash.word(self.offset_ms as u64);
        for (no, conn) in &self.conns {
            hash.word(no.0);
            hash.bytes(conn.conn_id.as_bytes());
            conn.topics.iter().for_each(|topic| hash.bytes(topic.json().as_bytes()));
        }
        hash.value()
    }

    /// Ends a connection from the exchange's side.
    fn end(&mut self, conn: ConnNo, how: CutHow, now: Now) {
        if let Some(kind) = self.forget(conn) {
            self.note(kind.into(), Some(conn), &format!("ended: {}", end_words(&how)), now);
            self.out.push_back(Output::End { conn, how });
        }
    }

    /// Takes the connection and its subscriptions out of the books.
    fn forget(&mut self, no: ConnNo) -> Option<UrlKind> {
        let conn = self.conns.remove(&no)?;
        conn.topics.iter().for_each(|topic| self.drop_subscriber(topic, no));
        self.held.retain(|_, held| held.conn != no);
        self.parked.retain(|(_, held)| held.conn != no);
        Some(conn.kind)
    }

    fn drop_subscriber(&mut self, topic: &Arc<Topic>, no: ConnNo) {
        if let Some(holders) = self.subscribers.get_mut(topic) {
            holders.remove(&no);
            if holders.is_empty() {
                self.subscribers.remove(topic);
                self.market.stop(topic);
            }
        }
    }

    fn shift_time(&mut self, offset_ms: Option<i64>, jump_ms: i64) {
        self.offset_ms = offset_ms.unwrap_or(self.offset_ms).saturating_add(jump_ms);
    }

    fn note(&mut self, link: Link, conn: Option<ConnNo>, text: &str, now: Now) {
        let unix_ns = self.time(now).unix_ns;
        self.journal.write(unix_ns, link, conn, Direction::Note, Bytes::copy_from_slice(text.as_bytes()));
    }
}

fn end_words(how: &CutHow) -> String {
    match how {
        CutHow::Fin => "fin".to_owned(),
        CutHow::Rst => "rst".to_owned(),
        CutHow::Close { code, reason } => format!("close {code} {reason}"),
    }
}

/// OKX does not say how it refuses the fourth connection of a second; an HTTP 429 tells a client most.
fn too_many_connects() -> Refusal {
    Refusal::Http(RestResponse::error(429, "50011", "Too Many Requests"))
}

/// A subject with nothing but its place.
const fn bare<'a>(link: Link, conn: Option<ConnNo>) -> Subject<'a> {
    Subject {
        class: Class::Request,
        link,
        conn,
        uid: "",
        channel: "",
        inst_id: "",
        op: "",
        id: "",
        path: "",
        method: "",
        bytes: b"",
    }
}
