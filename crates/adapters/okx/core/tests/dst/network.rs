//! The network between client and exchange: it delays, keeps the order within a connection and direction, and loses what is under way
//! when a connection ends.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use okx_common::{
    clock::NANOS_PER_MILLI,
    rng::{Rng, SeededRng},
};
use okx_sim::ConnNo;
use okx_ws::session::LinkId;

/// What arrives somewhere.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// A connection attempt at the exchange.
    Attempt(LinkId),
    /// Its success at the client.
    Open(LinkId, ConnNo),
    /// Its failure at the client.
    Refused(LinkId),
    /// A message at the exchange.
    Up(LinkId, Bytes),
    /// The end of a connection at the exchange.
    UpEnd(LinkId, ConnNo),
    /// A message at the client.
    Down(LinkId, Bytes),
    /// The end of a connection at the client, with the close code if there was one.
    DownEnd(LinkId, Option<u16>),
}

#[derive(Debug)]
pub struct Network {
    rng: SeededRng,
    under_way: BTreeMap<(u64, u64), Arrival>,
    /// The last arrival of each connection and direction: nothing overtakes.
    last: HashMap<(LinkId, bool), u64>,
    count: u64,
}

impl Network {
    pub fn new(rng: SeededRng) -> Self {
        Self { rng, under_way: BTreeMap::new(), last: HashMap::new(), count: 0 }
    }

    pub fn send(&mut self, arrival: Arrival, now_ns: u64) {
        let (link, is_up) = match &arrival {
            Arrival::Attempt(l) | Arrival::Up(l, _) | Arrival::UpEnd(l, _) => (*l, true),
            Arrival::Open(l, _) | Arrival::Refused(l) | Arrival::Down(l, _) | Arrival::DownEnd(l, _) => {
                (*l, false)
            }
        };
        // Mostly a good line, sometimes a stall.
        let delay_ms =
            if self.rng.one_in(200) { self.rng.between(200, 2_000) } else { self.rng.between(1, 40) };
        let earliest = now_ns + delay_ms * NANOS_PER_MILLI;
        let at = self.last.entry((link, is_up)).or_default();
        *at = earliest.max(*at);
        self.count += 1;
        self.under_way.insert((*at, self.count), arrival);
    }

    pub fn next_ns(&self) -> Option<u64> {
        self.under_way.keys().next().map(|(at, _)| *at)
    }

    pub fn arrive(&mut self, now_ns: u64) -> Option<Arrival> {
        let entry = self.under_way.first_entry().filter(|e| e.key().0 <= now_ns)?;
        Some(entry.remove())
    }
}
