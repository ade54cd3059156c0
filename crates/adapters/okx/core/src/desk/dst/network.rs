//! The network between the client and the exchange: it delays, keeps the order within a connection and direction, and loses what is
//! under way when a connection ends. Requests over REST keep no order.

use std::collections::{BTreeMap, HashMap};

use crate::desk::CallId;
use bytes::Bytes;
use okx_common::{
    clock::NANOS_PER_MILLI,
    rng::{Rng, SeededRng},
};
use okx_http::{HttpError, Request};
use okx_sim::ConnNo;
use okx_ws::session::LinkId;

/// A connection as a client process sees it: the process, its line, its link.
pub type Wire = (u64, usize, LinkId);

/// What arrives somewhere.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// A connection attempt at the exchange.
    Attempt(Wire),
    /// Its success at the client.
    Open(Wire, ConnNo),
    /// Its failure at the client.
    Refused(Wire),
    /// A message at the exchange.
    Up(Wire, Bytes),
    /// The end of a connection at the exchange.
    UpEnd(Wire, ConnNo),
    /// A message at the client.
    Down(Wire, Bytes),
    /// The end of a connection at the client, with the close code if there was one.
    DownEnd(Wire, Option<u16>),
    /// A request at the exchange.
    Ask(u64, CallId, Request),
    /// Its answer at the client.
    Answer(u64, CallId, Result<Bytes, HttpError>),
}

#[derive(Debug)]
pub struct Network {
    rng: SeededRng,
    under_way: BTreeMap<(u64, u64), Arrival>,
    /// The last arrival of each connection and direction: nothing overtakes.
    last: HashMap<(Wire, bool), u64>,
    count: u64,
    /// Sometimes nothing gets through for a while.
    pub stalls: bool,
}

impl Network {
    pub fn new(rng: SeededRng) -> Self {
        Self { rng, under_way: BTreeMap::new(), last: HashMap::new(), count: 0, stalls: true }
    }

    pub fn send(&mut self, arrival: Arrival, now_ns: u64) {
        self.send_later(arrival, now_ns, 0);
    }

    /// Sends something that leaves so many milliseconds later.
    pub fn send_later(&mut self, arrival: Arrival, now_ns: u64, later_ms: u64) {
        let wire = match &arrival {
            Arrival::Attempt(w) | Arrival::Up(w, _) | Arrival::UpEnd(w, _) => Some((*w, true)),
            Arrival::Open(w, _) | Arrival::Refused(w) | Arrival::Down(w, _) | Arrival::DownEnd(w, _) => {
                Some((*w, false))
            }
            Arrival::Ask(..) | Arrival::Answer(..) => None,
        };
        // Mostly a good line, sometimes a stall.
        let delay_ms = if self.rng.one_in(200) && self.stalls {
            self.rng.between(200, 2_000)
        } else {
            self.rng.between(1, 40)
        };
        let earliest = now_ns + (delay_ms + later_ms) * NANOS_PER_MILLI;
        let at = match wire {
            Some(key) => {
                let last = self.last.entry(key).or_default();
                *last = earliest.max(*last);
                *last
            }
            None => earliest,
        };
        self.count += 1;
        self.under_way.insert((at, self.count), arrival);
    }

    pub fn next_ns(&self) -> Option<u64> {
        self.under_way.keys().next().map(|(at, _)| *at)
    }

    pub fn arrive(&mut self, now_ns: u64) -> Option<Arrival> {
        let entry = self.under_way.first_entry().filter(|e| e.key().0 <= now_ns)?;
        Some(entry.remove())
    }
}
