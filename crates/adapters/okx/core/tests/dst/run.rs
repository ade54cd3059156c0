//! One schedule from its seed: a time of faults and wishes, then quiet, then judgement.

use std::collections::{BTreeMap, HashMap, HashSet};

use okx_common::{
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    rng::{Rng, SeededRng},
};
use okx_sim::{ConnNo, Exchange, ExchangeConfig, Output as Sent, UrlKind, fault::CutHow};
use okx_ws::session::{Input, LinkId, Output};

use crate::{
    client::{Bug, Client},
    faults,
    market::{DstMarket, History, INSTRUMENTS, Levels, Side},
    network::{Arrival, Network},
};

/// How long faults and wishes go on.
const STORM_NS: u64 = 60 * NANOS_PER_SECOND;
/// How long the world may take to become whole again: two of the longest waits of a book, and a half-open connection.
const QUIET_NS: u64 = 200 * NANOS_PER_SECOND;
/// Steps after which a schedule is stuck.
const STEPS_MAX: u64 = 200_000;
const START_UNIX_NS: u64 = 1_790_000_000 * NANOS_PER_SECOND;
const LOOPBACK: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// An invariant that did not hold.
#[derive(Debug)]
pub struct Broken(pub String);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a schedule reached.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    pub handed_on: u64,
    pub gaps: u64,
    pub asked: u64,
    pub reconnects: u64,
    pub replacements: u64,
    pub refused: u64,
    pub unreadable: u64,
    pub state_hash: u64,
}

impl Outcome {
    pub fn add(&mut self, other: &Self) {
        self.handed_on += other.handed_on;
        self.gaps += other.gaps;
        self.asked += other.asked;
        self.reconnects += other.reconnects;
        self.replacements += other.replacements;
        self.refused += other.refused;
        self.unreadable += other.unreadable;
        self.state_hash ^= other.state_hash;
    }
}

struct World {
    now: Now,
    rng: SeededRng,
    exchange: Exchange,
    history: History,
    network: Network,
    client: Client,
    links: HashMap<LinkId, ConnNo>,
    conns: BTreeMap<ConnNo, LinkId>,
    given_up: HashSet<LinkId>,
    /// Faults to put in place, and wishes of the user, by time.
    faults_at: Vec<u64>,
    wishes_at: Vec<u64>,
}

/// Runs the schedule of this seed.
pub fn run(seed: u64, bug: Option<Bug>, with_log: bool) -> Result<Outcome, Broken> {
    let mut world = World::new(seed, bug);
    world.client.log = with_log.then(Vec::new);
    let result = world.live();
    for line in world.client.log.take().unwrap_or_default() {
        println!("{line}");
    }
    result.map(|()| {
        let views = format!("{:?}{:?}", world.client.views, world.client.outcome.handed_on);
        let hash = views
            .bytes()
            .fold(world.exchange.state_hash(), |h, b| h.rotate_left(7).wrapping_mul(31) ^ u64::from(b));
        Outcome { state_hash: hash, ..world.client.outcome }
    })
}

impl World {
    fn new(seed: u64, bug: Option<Bug>) -> Self {
        let mut rng = SeededRng::new(seed);
        let now = Now::new(NANOS_PER_SECOND, START_UNIX_NS);
        let (market, history) = DstMarket::new(rng.fork());
        let config = ExchangeConfig { seed: rng.next_u64(), ..ExchangeConfig::default() };
        let exchange = Exchange::new(config, Box::new(market), now);
        let mut times =
            |count: u64| (0..count).map(|_| now.mono_ns + rng.below(STORM_NS)).collect::<Vec<_>>();
        let (faults_at, wishes_at) = (times(1 + seed % 9), times(seed % 12));
        Self {
            now,
            exchange,
            history,
            network: Network::new(rng.fork()),
            client: Client::new(rng.fork(), bug),
            rng,
            links: HashMap::new(),
            conns: BTreeMap::new(),
            given_up: HashSet::new(),
            faults_at,
            wishes_at,
        }
    }

    fn live(&mut self) -> Result<(), Broken> {
        self.client.input(Input::Open, self.now);
        self.client.want(INSTRUMENTS[0], self.now);
        self.client.want(INSTRUMENTS[1], self.now);
        let storm_ends = self.now.mono_ns + STORM_NS;
        self.until(storm_ends)?;
        self.exchange.clear_faults(self.now);
        self.client.note(self.now, || "all faults are over".to_owned());
        self.until(storm_ends + QUIET_NS)?;
        self.judge()
    }

    /// Lets the world go on until this time.
    fn until(&mut self, end_ns: u64) -> Result<(), Broken> {
        for _ in 0..STEPS_MAX {
            self.settle();
            let next = [
                self.network.next_ns(),
                self.client.next_ns(),
                self.exchange.next_deadline(self.now),
                self.faults_at.iter().min().copied(),
                self.wishes_at.iter().min().copied(),
            ];
            let next = next.into_iter().flatten().min().unwrap_or(u64::MAX).max(self.now.mono_ns);
            self.now = self.now.plus_ns(next.min(end_ns) - self.now.mono_ns);
            if next >= end_ns {
                return Ok(());
            }
            self.step()?;
        }
        Err(Broken(format!("stuck at {} s: time does not go on", self.now.mono_ns / NANOS_PER_SECOND)))
    }

    /// Does what is due now.
    fn step(&mut self) -> Result<(), Broken> {
        let now_ns = self.now.mono_ns;
        while let Some(arrival) = self.network.arrive(now_ns) {
            self.arrived(arrival)?;
        }
        if take_due(&mut self.faults_at, now_ns) {
            let fault = faults::any(&mut self.rng);
            self.client.note(self.now, || format!("fault {fault:?}"));
            self.exchange.add_fault(fault, self.now);
        }
        if take_due(&mut self.wishes_at, now_ns) {
            let inst_id = INSTRUMENTS[self.rng.below(4) as usize];
            if self.rng.one_in(3) {
                self.client.unwant(inst_id, self.now)
            } else {
                self.client.want(inst_id, self.now)
            }
        }
        self.exchange.advance(self.now);
        if self.client.next_ns().is_some_and(|at| at <= now_ns) {
            self.client.timeout(self.now);
            if self.client.next_ns().is_some_and(|at| at <= now_ns) {
                // A second call may have work left over, a third may not.
                self.client.timeout(self.now);
                if let Some(at) = self.client.next_ns().filter(|at| *at <= now_ns) {
                    return Err(Broken(format!("a deadline {at} that does not pass at {now_ns}")));
                }
            }
        }
        Ok(())
    }

    /// Carries what client and exchange put out into the network.
    fn settle(&mut self) {
        for output in std::mem::take(&mut self.client.outputs) {
            match output {
                Output::Connect(link) => self.network.send(Arrival::Attempt(link), self.now.mono_ns),
                Output::Transmit(link, text) => self.network.send(Arrival::Up(link, text), self.now.mono_ns),
                Output::Close(link, _) => {
                    // An attempt under way is given up: it ends as soon as it has succeeded.
                    self.given_up.insert(link);
                    if let Some(conn) = self.links.remove(&link) {
                        self.conns.remove(&conn);
                        self.network.send(Arrival::UpEnd(link, conn), self.now.mono_ns);
                    }
                }
                Output::Event(_) => {}
            }
        }
        while let Some(sent) = self.exchange.poll() {
            match sent {
                Sent::Send { conn, frame } => {
                    if let Some(link) =
                        self.conns.get(&conn).filter(|_| frame.cut_at.is_none() && !frame.binary)
                    {
                        self.network.send(Arrival::Down(*link, frame.payload), self.now.mono_ns);
                    }
                }
                Sent::End { conn, how } => {
                    if let Some(link) = self.conns.get(&conn) {
                        let code = if let CutHow::Close { code, .. } = how { Some(code) } else { None };
                        self.network.send(Arrival::DownEnd(*link, code), self.now.mono_ns);
                    }
                }
                Sent::Reading { .. } => {}
            }
        }
    }

    fn arrived(&mut self, arrival: Arrival) -> Result<(), Broken> {
        match arrival {
            Arrival::Attempt(link) => {
                let answer = match self.exchange.open(UrlKind::Public, LOOPBACK, self.now) {
                    Ok(conn) => {
                        self.conns.insert(conn, link);
                        Arrival::Open(link, conn)
                    }
                    Err(_) => Arrival::Refused(link),
                };
                self.network.send(answer, self.now.mono_ns);
            }
            Arrival::Open(link, conn) if self.given_up.contains(&link) => {
                self.conns.remove(&conn);
                self.network.send(Arrival::UpEnd(link, conn), self.now.mono_ns);
            }
            Arrival::Open(link, conn) => {
                if self.conns.contains_key(&conn) {
                    self.links.insert(link, conn);
                }
                self.client.input(Input::Connected(link), self.now);
            }
            Arrival::Refused(link) => self.client.input(Input::ConnectFailed(link, "refused"), self.now),
            Arrival::Up(link, text) => {
                if let Some(conn) = self.links.get(&link) {
                    self.exchange.receive(*conn, &text, self.now);
                }
            }
            Arrival::UpEnd(_, conn) => self.exchange.closed(conn, self.now),
            Arrival::Down(link, payload) => {
                if self.links.contains_key(&link) {
                    self.client.frame(link, &payload, self.now)?;
                    self.client_sees_only_what_was()?;
                }
            }
            Arrival::DownEnd(link, code) => {
                if let Some(conn) = self.links.remove(&link) {
                    self.conns.remove(&conn);
                    self.client.input(Input::Disconnected(link, code, "ended"), self.now);
                }
            }
        }
        Ok(())
    }

    /// At any time: what the consumer has is a state that the venue's book once had. Never half a snapshot, never a mixture.
    fn client_sees_only_what_was(&self) -> Result<(), Broken> {
        let history = self.history.lock().expect("one thread");
        for (inst_id, view) in &self.client.views {
            let Some(view) = view else { continue };
            if !history.get(inst_id).is_some_and(|states| states.contains(view)) {
                let at = (self.now.mono_ns / NANOS_PER_MILLI) as f64 / 1e3;
                return Err(Broken(format!(
                    "at {at} s the book of {inst_id} is one that the venue never had"
                )));
            }
        }
        Ok(())
    }

    /// At the end: every wanted book is the venue's, nothing else is subscribed, one connection is open, nobody was stormed.
    fn judge(&mut self) -> Result<(), Broken> {
        let state = self.exchange.state(self.now);
        // With nothing subscribed OKX ends a connection (4004), and the session waits for the next wish.
        if self.client.wanted.is_empty() && state.connections.is_empty() {
            return Ok(());
        }
        let [connection] = state.connections.as_slice() else {
            return Err(Broken(format!("{} connections at the end", state.connections.len())));
        };
        let subscribed: Vec<_> = connection.topics.iter().filter_map(|t| inst_of(t)).collect();
        let wanted: Vec<_> = self.client.wanted.difference(&self.client.refused).cloned().collect();
        let mut sorted = subscribed;
        sorted.sort();
        if sorted != wanted {
            return Err(Broken(format!("wanted {wanted:?}, subscribed {sorted:?}")));
        }
        for inst_id in &wanted {
            let book = self.exchange.book(inst_id).map(|book| levels(&book));
            // What was published within the last moments may still be under way: any state of the last second will do.
            let view = self.client.views.get(inst_id).cloned().flatten();
            if view.is_none() || !(view == book || self.is_recent(inst_id, view.as_ref())) {
                return Err(Broken(format!(
                    "the book of {inst_id} is not the venue's: {view:?} but {book:?}"
                )));
            }
        }
        if connection.ops_last_hour > 240 || state.opened > 60 {
            return Err(Broken(format!("a storm: {connection:?}, {} connections", state.opened)));
        }
        Ok(())
    }

    /// Lets the last messages arrive with the market standing still.
    fn is_recent(&mut self, inst_id: &str, view: Option<&Levels>) -> bool {
        let book = self.exchange.book(inst_id).map(|book| levels(&book));
        let end = self.now.mono_ns + 3 * NANOS_PER_SECOND;
        self.settle();
        while let Some(at) = self.network.next_ns().filter(|at| *at <= end) {
            let later = self.now.plus_ns(at.saturating_sub(self.now.mono_ns));
            if let Some(Arrival::Down(link, payload)) = self.network.arrive(at) {
                let _ = self.client.frame(link, &payload, later);
            }
        }
        let now = self.client.views.get(inst_id).cloned().flatten();
        now.is_some() && (now == book || now.as_ref() == view && view == book.as_ref())
    }
}

/// Takes one element that is due.
fn take_due(times: &mut Vec<u64>, now_ns: u64) -> bool {
    let due = times.iter().position(|at| *at <= now_ns);
    due.map(|at| times.swap_remove(at)).is_some()
}

fn inst_of(topic: &str) -> Option<String> {
    let arg: serde_json::Value = serde_json::from_str(topic).ok()?;
    Some(arg.get("instId")?.as_str()?.to_owned())
}

fn levels(book: &serde_json::Value) -> Levels {
    let side = |name: &str| -> Side {
        let rows = book[name].as_array().into_iter().flatten();
        rows.filter_map(|row| Some((row[0].as_i64()?, row[1].as_i64()?))).collect()
    };
    (side("bids"), side("asks"))
}
