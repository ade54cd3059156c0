//! The network between the tracker and the model venue: late, in any order, twice, or not at all.

use std::collections::BTreeMap;

use okx_common::{
    clock::NANOS_PER_MILLI,
    rng::{Rng, SeededRng},
};

use super::{
    super::{Ask, AskId, Reply, RequestId},
    venue,
};
use crate::orders::{description::ChangeDescription, row::OrderRow};

#[derive(Debug, Clone)]
pub enum Request {
    Place(Vec<venue::Order>),
    Cancel(String),
    Amend(String, String, ChangeDescription),
}

#[derive(Debug, Clone)]
pub enum Arrival {
    Request(RequestId, Request),
    Reply(RequestId, Reply),
    Push(Box<OrderRow>),
    Ask(AskId, Ask),
}

#[derive(Debug)]
pub struct Net {
    rng: SeededRng,
    under_way: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    last_request_ns: u64,
    is_bad: bool,
}

impl Net {
    pub fn new(rng: SeededRng) -> Self {
        Self { rng, under_way: BTreeMap::new(), count: 0, last_request_ns: 0, is_bad: true }
    }

    pub fn calm(&mut self) {
        self.is_bad = false;
    }

    fn add(&mut self, at: u64, arrival: Arrival) {
        self.count += 1;
        self.under_way.insert((at, self.count), arrival);
    }

    fn delay(&mut self) -> u64 {
        let slow = self.is_bad && self.rng.one_in(12);
        (if slow { self.rng.between(300, 4_000) } else { self.rng.between(1, 60) }) * NANOS_PER_MILLI
    }

    /// Requests keep their order: they are on one connection.
    pub fn request(&mut self, id: RequestId, request: Request, now_ns: u64) {
        let at = (now_ns + self.delay()).max(self.last_request_ns);
        self.last_request_ns = at;
        self.add(at, Arrival::Request(id, request));
    }

    pub fn reply(&mut self, id: RequestId, reply: Reply, now_ns: u64) {
        if self.is_bad && self.rng.one_in(15) {
            return;
        }
        let copies = if self.is_bad && self.rng.one_in(15) { 2 } else { 1 };
        for _ in 0..copies {
            let at = now_ns + self.delay();
            self.add(at, Arrival::Reply(id, reply.clone()));
        }
    }

    pub fn push(&mut self, row: OrderRow, now_ns: u64) {
        if self.is_bad && self.rng.one_in(20) {
            return;
        }
        let copies = if self.is_bad && self.rng.one_in(10) { 2 } else { 1 };
        for _ in 0..copies {
            let at = now_ns + self.delay();
            self.add(at, Arrival::Push(Box::new(row.clone())));
        }
    }

    pub fn ask(&mut self, id: AskId, ask: Ask, now_ns: u64) {
        let at = now_ns + self.delay();
        self.add(at, Arrival::Ask(id, ask));
    }

    /// The link drops: what the venue sent is lost, of the requests some have left already.
    pub fn cut(&mut self) {
        let mut rng = self.rng.fork();
        self.under_way.retain(|_, arrival| match arrival {
            Arrival::Request(..) => rng.one_in(2),
            Arrival::Reply(..) | Arrival::Push(_) => false,
            Arrival::Ask(..) => true,
        });
    }

    pub fn next_ns(&self) -> Option<u64> {
        self.under_way.keys().next().map(|(at, _)| *at)
    }

    pub fn arrive(&mut self, now_ns: u64) -> Option<Arrival> {
        let entry = self.under_way.first_entry().filter(|e| e.key().0 <= now_ns)?;
        Some(entry.remove())
    }
}
