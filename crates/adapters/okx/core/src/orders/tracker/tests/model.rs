//! Random strategies on a small model of OKX through a bad network: when all is quiet, the engine knows what OKX knows, and has
//! been told each thing once.

mod engine;
mod net;
mod venue;

use std::collections::BTreeMap;

use okx_common::{
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    rng::{Rng, SeededRng},
};

use super::*;
use engine::Engine;
use net::{Arrival, Net};
use venue::Venue;

/// Schedules of an ordinary test run.
const SEEDS: u64 = 1_500;
/// How long strategies and faults go on.
const STORM_NS: u64 = 12 * NANOS_PER_SECOND;
/// By then all must be settled.
const END_NS: u64 = 150 * NANOS_PER_SECOND;

/// What went through, over all schedules: a test that exercises nothing must fail.
#[derive(Debug, Default)]
struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    fn note(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }
}

struct World {
    seed: u64,
    rng: SeededRng,
    now: Now,
    tracker: OrderTracker,
    venue: Venue,
    net: Net,
    engine: Engine,
    coverage: Coverage,
    next_id: u64,
    link_up: bool,
    stormy: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = SeededRng::new(seed);
        Self {
            seed,
            now: Now::new(1, 1_800_000_000_000_000_000),
            tracker: OrderTracker::new(TrackerConfig::default()),
            venue: Venue::default(),
            net: Net::new(rng.fork()),
            engine: Engine::new(seed),
            coverage: Coverage::default(),
            next_id: 0,
            link_up: false,
            stormy: true,
            rng,
        }
    }

    fn run(mut self) -> Coverage {
        self.tracker.link_ready(self.now);
        self.link_up = true;
        let mut next_wish = 0;
        let mut back_up = None;
        let mut last_cut = false;
        loop {
            self.drain();
            if self.now.mono_ns >= END_NS {
                break;
            }
            let stormy = self.now.mono_ns < STORM_NS;
            if self.stormy && !stormy {
                self.stormy = false;
                self.net.calm();
            }
            // One last reconnect: a push that the venue sent and nobody got would else stay unknown.
            if !stormy && !last_cut && back_up.is_none() {
                last_cut = true;
                self.cut();
                back_up = Some(self.now.mono_ns + NANOS_PER_SECOND);
            }
            let events = [
                self.net.next_ns(),
                self.tracker.next_timeout(),
                stormy.then_some(next_wish),
                back_up,
                Some(if stormy { STORM_NS } else { END_NS }),
            ];
            let at = events.into_iter().flatten().min().unwrap_or(END_NS).max(self.now.mono_ns);
            self.now = self.now.plus_ns(at - self.now.mono_ns);
            if back_up.is_some_and(|up| up <= at) {
                back_up = None;
                self.link_up = true;
                self.tracker.link_ready(self.now);
            }
            while let Some(arrival) = self.net.arrive(at) {
                self.arrived(arrival);
            }
            if stormy && next_wish <= at {
                // The strategy knows what has happened so far.
                self.drain();
                next_wish = at + self.rng.between(1, 120) * NANOS_PER_MILLI;
                if self.link_up && self.rng.one_in(60) {
                    self.cut();
                    back_up = Some(at + self.rng.between(100, 3_000) * NANOS_PER_MILLI);
                } else {
                    self.wish();
                }
            }
            self.tracker.handle_timeout(self.now);
        }
        self.judge();
        self.coverage
    }

    /// The strategy, the market, or somebody else does something.
    fn wish(&mut self) {
        match self.rng.below(12) {
            0..=3 => self.submit(),
            4 | 5 => self.cancel(),
            6 | 7 => self.amend(),
            8 | 9 => {
                let pushes = self.venue.trade(&mut self.rng, self.now);
                self.push(pushes);
            }
            10 => {
                let pushes = self.venue.cancel_some(&mut self.rng, self.now);
                self.push(pushes);
            }
            _ => {
                let pushes = self.venue.foreign(&mut self.rng, self.now);
                self.push(pushes);
            }
        }
    }

    fn submit(&mut self) {
        self.next_id += 1;
        let request = RequestId(self.next_id);
        let count = if self.rng.one_in(8) { self.rng.between(2, 5) } else { 1 };
        let mut placed = Vec::new();
        for _ in 0..count {
            self.next_id += 1;
            let id = format!("c{}", self.next_id);
            let kind = self.rng.below(4);
            let mut order = OrderDescription::limit(
                id.as_str(),
                Side::Buy,
                Decimal::from(self.rng.between(1, 9)),
                Decimal::from(self.rng.between(90, 110)),
            );
            match kind {
                0 => order.post_only = true,
                1 => order.time_in_force = crate::orders::kinds::TimeInForce::Ioc,
                _ => {}
            }
            let new = NewOrder::of(&order, &InstId::new(INST));
            self.engine.submitted(&new);
            self.tracker.submit(new, request, true, self.now).unwrap();
            placed.push(venue::Order::new(&order));
        }
        self.drain();
        self.send(request, net::Request::Place(placed));
    }

    fn cancel(&mut self) {
        let Some(id) = self.engine.some_open(&mut self.rng) else { return };
        self.next_id += 1;
        let request = RequestId(self.next_id);
        let target = self.tracker.cancel(&id, request, true, self.now);
        self.drain();
        if target.is_ok() {
            self.send(request, net::Request::Cancel(id));
        }
    }

    fn amend(&mut self) {
        let Some(id) = self.engine.some_open(&mut self.rng) else { return };
        self.next_id += 1;
        let (request, req_id) = (RequestId(self.next_id), format!("r{}", self.next_id));
        let quantity = self.rng.one_in(2).then(|| Decimal::from(self.rng.between(1, 12)));
        let price =
            (quantity.is_none() || self.rng.one_in(2)).then(|| Decimal::from(self.rng.between(90, 110)));
        let change = ChangeDescription { quantity, price, trigger_price: None };
        let target = self.tracker.amend(&id, change, &req_id, request, true, self.now);
        self.drain();
        if target.is_ok() {
            self.send(request, net::Request::Amend(id, req_id, change));
        }
    }

    fn send(&mut self, request: RequestId, what: net::Request) {
        if self.link_up {
            self.net.request(request, what, self.now.mono_ns);
        } else {
            self.coverage.note("not sent");
            let why = NotAnswered::NotSent("no link".to_owned());
            self.tracker.not_answered(request, &why, self.now);
        }
    }

    fn push(&mut self, rows: Vec<OrderRow>) {
        if self.link_up {
            for row in rows {
                self.net.push(row, self.now.mono_ns);
            }
        }
    }

    fn cut(&mut self) {
        self.coverage.note("link lost");
        self.link_up = false;
        // Requests under way may still arrive; what the venue sends is lost.
        self.net.cut();
        self.tracker.link_lost(self.now);
    }

    fn arrived(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Request(request, what) => {
                let (reply, pushes) = self.venue.handle(what, &mut self.rng, self.stormy, self.now);
                self.coverage.note(format!("reply {}", reply.code.0.min(60_000)));
                if self.link_up {
                    self.net.reply(request, reply, self.now.mono_ns);
                }
                self.push(pushes);
            }
            Arrival::Reply(request, reply) => self.tracker.reply(request, &reply, self.now),
            Arrival::Push(row) => self.tracker.order_row(&row, self.now),
            Arrival::Ask(id, ask) => self.answer(id, &ask),
        }
    }

    /// REST answers at once, with the state of this moment, or fails.
    fn answer(&mut self, id: AskId, ask: &Ask) {
        let fails = self.stormy && self.rng.one_in(5);
        let error = || "503".to_owned();
        match ask {
            Ask::Order { by, .. } => {
                let found = if fails { Found::Failed(error()) } else { self.venue.find(by) };
                self.coverage.note(match &found {
                    Found::Order(_) => "found",
                    Found::Algo(_) => "algo",
                    Found::Absent => "absent",
                    Found::Failed(_) => "failed",
                });
                self.tracker.looked_up(id, &found, self.now);
            }
            Ask::Fills { ord_id, .. } => {
                self.coverage.note("fills fetched");
                let fills = self.venue.fills_of(ord_id);
                let answer = if fails { Err(error()) } else { Ok(fills.as_slice()) };
                self.tracker.fills_fetched(id, answer, self.now);
            }
            Ask::Reconcile { .. } => {
                let lists = self.venue.lists();
                let answer = if fails { Err(error()) } else { Ok(&lists) };
                self.tracker.reconciled(id, answer, self.now);
            }
            Ask::Algo { .. } => panic!("there are no strategy orders here"),
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.tracker.poll() {
            match output {
                Output::Event(event) => {
                    self.coverage.note(event.kind.name());
                    self.engine.apply(&event);
                }
                Output::Ask(id, ask) => self.net.ask(id, ask, self.now.mono_ns),
                Output::Log(..) | Output::External(_) => {}
            }
        }
    }

    fn judge(&mut self) {
        let seed = self.seed;
        assert_eq!(self.tracker.unresolved(), [""; 0], "seed {seed}: something is still being resolved");
        self.engine.compare(&self.venue);
        assert_eq!(self.tracker.open_count(), self.venue.open_count(), "seed {seed}: open orders");
    }
}

#[test]
fn whatever_the_network_does_the_engine_ends_with_the_state_of_the_venue() {
    let seeds = std::env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(SEEDS);
    let first = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut coverage = Coverage::default();
    for seed in first..first + seeds {
        for (what, count) in World::new(seed).run().0 {
            *coverage.0.entry(what).or_default() += count;
        }
    }
    if seeds < SEEDS {
        return;
    }
    for what in [
        "submitted",
        "accepted",
        "filled",
        "canceled",
        "rejected",
        "updated",
        "modify_rejected",
        "cancel_rejected",
        "pending_cancel",
        "pending_update",
        "link lost",
        "not sent",
        "found",
        "absent",
        "failed",
        "fills fetched",
        "reply 50011",
        "reply 50026",
    ] {
        assert!(coverage.0.get(what).is_some_and(|n| *n > 20), "{what} hardly happened: {coverage:?}");
    }
}

/// A test that cannot fail proves nothing.
#[test]
fn a_tracker_that_counts_fills_twice_is_found_out() {
    let is_caught = |seed| {
        let mut world = World::new(seed);
        world.tracker.counts_fills_twice = true;
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run())).is_err()
    };
    let caught = (0..20).filter(|seed| is_caught(*seed)).count();
    assert!(caught >= 15, "only {caught} of 20 schedules noticed");
}
