//! One schedule from its seed: a time of faults and wishes, then quiet, then judgement.

#[cfg(test)]
mod load;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    desk::{Act, BUSINESS, Desk, DeskConfig, DeskEvent, Extras},
    orders::{
        context::{AccountContext, Route},
        tracker::{External, TrackerConfig},
    },
};
use bytes::Bytes;
use okx_common::{
    civil,
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    credentials::Credentials,
    error_code::ErrorCode,
    rng::{Rng, SeededRng},
};
use okx_http::{HttpError, Request, decode_rows, endpoint::account::GetAccountConfig};
use okx_sim::{
    Account, Action, ApiKey, ConnNo, Exchange, ExchangeConfig, Fault, Limits, Output as Sent, RestAnswer,
    RestRequest, UrlKind,
    fault::{CutAt, CutHow},
    output::Fate,
    sign,
};
use okx_ws::session::Input;
use serde_json::Value;

use super::{
    Mistake,
    engine::Engine,
    faults,
    judge::Books,
    market::{PAIR, SPREAD, WanderingMarket, row},
    network::{Arrival, Network, Wire},
    profile::{PROFILES, Profile},
    strategy::{Strategy, Wish},
};

/// How long faults and wishes go on.
const STORM_NS: u64 = 12 * NANOS_PER_SECOND;
/// By then all must be settled: the tracker believes nothing early, and pauses up to 8 s between lookups.
const QUIET_NS: u64 = 240 * NANOS_PER_SECOND;
/// So long nothing may be left to do before it counts as quiet.
const STILL_NS: u64 = 3 * NANOS_PER_SECOND;
/// How long the client's REST requests wait.
const REST_WAIT_MS: u64 = 10_000;
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
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub events: BTreeMap<&'static str, u64>,
    pub reconnects: u64,
    pub restarts: u64,
    pub calls: u64,
    pub faults: u64,
    /// Fills of take profits and stop losses of brackets.
    pub leg_fills: u64,
    /// Fills by account and instrument.
    pub fills: BTreeMap<(&'static str, String), u64>,
    pub state_hash: u64,
}

impl Outcome {
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.events {
            *self.events.entry(name).or_default() += count;
        }
        self.reconnects += other.reconnects;
        self.restarts += other.restarts;
        self.calls += other.calls;
        self.faults += other.faults;
        self.leg_fills += other.leg_fills;
        for (of, count) in &other.fills {
            *self.fills.entry(of.clone()).or_default() += count;
        }
        self.state_hash ^= other.state_hash;
    }
}

struct World {
    now: Now,
    rng: SeededRng,
    exchange: Exchange,
    frozen: Arc<AtomicBool>,
    network: Network,
    desk: Desk,
    setting: Setting,
    /// Orders of others that this process has reported.
    reported: BTreeSet<String>,
    /// Which process of the client it is.
    process: u64,
    engine: Engine,
    strategy: Strategy,
    key: ApiKey,
    links: HashMap<Wire, ConnNo>,
    conns: BTreeMap<ConnNo, Wire>,
    /// Connections that the client has closed: what it sent before still arrives.
    gone: HashMap<Wire, ConnNo>,
    given_up: HashSet<Wire>,
    faults_at: Vec<u64>,
    wishes_at: Vec<u64>,
    restarts_at: Vec<u64>,
    burst_at: Option<u64>,
    is_ready: bool,
    open_calls: HashMap<(u64, crate::desk::CallId), u64>,
    /// Client order ids on their way to the exchange, and ids of amendments: each once.
    placed: BTreeSet<String>,
    amended: BTreeSet<String>,
    /// Cancellations that were wished, and sent.
    cancels: (u64, u64),
    outcome: Outcome,
    mistake: Option<Mistake>,
    log: Option<Vec<String>>,
}

/// Runs the schedule of this seed.
pub fn run(seed: u64, mistake: Option<Mistake>, with_log: bool) -> Result<Outcome, Broken> {
    let mut world = World::new(seed, mistake);
    world.log = with_log.then(Vec::new);
    let result = world.live();
    for line in world.log.take().unwrap_or_default() {
        println!("{line}");
    }
    result.map(|()| {
        let hash = format!("{:?}", world.engine)
            .bytes()
            .fold(world.exchange.state_hash(), |h, b| h.rotate_left(7).wrapping_mul(31) ^ u64::from(b));
        Outcome { state_hash: hash, events: world.engine.events.clone(), ..world.outcome }
    })
}

/// How the client is configured.
#[derive(Debug, Clone, Copy)]
struct Setting {
    profile: Profile,
    route: Route,
    exp_time_ms: Option<u64>,
}

fn desk(rng: &mut SeededRng, key: &ApiKey, setting: Setting, mistake: Option<Mistake>) -> Desk {
    let credentials = Credentials::new(&key.key, &key.secret, &key.passphrase).expect("sound");
    let tracker = TrackerConfig { keep_closed_max: 200, ..TrackerConfig::default() };
    let profile = setting.profile;
    let account = AccountContext { route: setting.route, ..profile.context() };
    let extras = Extras { spreads: profile.has_spreads(), ..Extras::default() };
    let exp_time_ms = setting.exp_time_ms;
    let config = DeskConfig { tracker, account, extras, exp_time_ms, ..DeskConfig::new(credentials) };
    let mut desk = Desk::new(config, [Box::new(rng.fork()), Box::new(rng.fork())]);
    for inst_id in profile.inst_ids.iter().filter(|id| **id != SPREAD) {
        desk.instrument(serde_json::from_value(row(inst_id)).expect("a row"));
    }
    if let Some(spread) = profile.spread() {
        desk.spread(spread);
    }
    if let Some(mistake) = mistake {
        desk.make_mistake(mistake);
    }
    desk
}

impl World {
    fn new(seed: u64, mistake: Option<Mistake>) -> Self {
        let mut rng = SeededRng::new(seed);
        let profile = PROFILES[rng.below(PROFILES.len() as u64) as usize];
        Self::of(rng, profile, profile.account(), mistake)
    }

    fn of(mut rng: SeededRng, profile: Profile, account: Account, mistake: Option<Mistake>) -> Self {
        let now = Now::new(NANOS_PER_SECOND, START_UNIX_NS);
        let (market, frozen) = WanderingMarket::new(rng.fork(), profile.inst_ids);
        let limits = Limits { rest: false, ..Limits::default() };
        let config = ExchangeConfig {
            seed: rng.next_u64(),
            accounts: vec![account],
            limits,
            ..ExchangeConfig::default()
        };
        let exchange = Exchange::new(config, Box::new(market), now);
        let counts = [rng.below(11), rng.between(10, 70), rng.below(6) / 4, u64::from(rng.one_in(20))];
        let mut times = |count: u64| {
            (0..count).map(|_| now.mono_ns + NANOS_PER_SECOND + rng.below(STORM_NS)).collect::<Vec<_>>()
        };
        let [faults_at, wishes_at, restarts_at, bursts_at] = counts.map(&mut times);
        let burst_at = bursts_at.first().copied();
        let setting = Setting {
            profile,
            route: if rng.one_in(5) { Route::Http } else { Route::Ws },
            exp_time_ms: rng.one_in(4).then_some(800),
        };
        let key = ApiKey::default();
        Self {
            now,
            exchange,
            frozen,
            network: Network::new(rng.fork()),
            desk: desk(&mut rng, &key, setting, mistake),
            setting,
            reported: BTreeSet::new(),
            process: 0,
            engine: Engine::default(),
            strategy: Strategy::new(rng.fork(), profile),
            key,
            rng,
            links: HashMap::new(),
            conns: BTreeMap::new(),
            gone: HashMap::new(),
            given_up: HashSet::new(),
            faults_at,
            wishes_at,
            restarts_at,
            burst_at,
            is_ready: false,
            open_calls: HashMap::new(),
            placed: BTreeSet::new(),
            amended: BTreeSet::new(),
            cancels: (0, 0),
            outcome: Outcome::default(),
            mistake,
            log: None,
        }
    }

    fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            log.push(format!("{:>9.3} {}", self.now.mono_ns as f64 / 1e9, what()));
        }
    }

    fn live(&mut self) -> Result<(), Broken> {
        self.desk.open(self.now);
        let storm_ends = self.now.mono_ns + STORM_NS + NANOS_PER_SECOND;
        self.until(storm_ends, false)?;
        self.frozen.store(true, Ordering::Relaxed);
        self.exchange.clear_faults(self.now);
        self.note(|| "all faults are over".to_owned());
        // What was pushed and got lost on a line that seemed well nobody can know: one more reconnect tells it.
        self.until(storm_ends + NANOS_PER_SECOND, false)?;
        let cut = Action::Cut { at: CutAt::Before, how: CutHow::Fin };
        self.exchange.add_fault(Fault::now(cut), self.now);
        self.until(storm_ends + 2 * NANOS_PER_SECOND, false)?;
        self.exchange.clear_faults(self.now);
        self.until(storm_ends + QUIET_NS, true)?;
        self.judge()
    }

    /// Lets the world go on until this time, or until nothing is left to do.
    fn until(&mut self, end_ns: u64, may_stop: bool) -> Result<(), Broken> {
        let mut quiet_since = None;
        for _ in 0..STEPS_MAX {
            self.settle()?;
            if may_stop {
                let since = *quiet_since.get_or_insert(self.now.mono_ns);
                if !self.is_quiet() {
                    quiet_since = None;
                } else if self.now.mono_ns >= since + STILL_NS {
                    return Ok(());
                }
            }
            let next = [
                self.network.next_ns(),
                self.desk.next_timeout(),
                self.exchange.next_deadline(self.now),
                self.faults_at.iter().min().copied(),
                self.wishes_at.iter().min().copied(),
                self.restarts_at.iter().min().copied(),
                self.burst_at,
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

    fn is_quiet(&self) -> bool {
        let stats = self.desk.stats();
        self.is_ready && stats.unresolved == 0 && stats.calls == 0 && stats.waiting == 0
    }

    /// Does what is due now.
    fn step(&mut self) -> Result<(), Broken> {
        let now_ns = self.now.mono_ns;
        while let Some(arrival) = self.network.arrive(now_ns) {
            self.arrived(arrival);
            self.settle()?;
        }
        if take_due(&mut self.faults_at, now_ns) {
            let fault = faults::any(&mut self.rng, self.setting.profile.has_spreads());
            self.note(|| format!("fault {fault:?}"));
            self.outcome.faults += 1;
            self.exchange.add_fault(fault, self.now);
        }
        if take_due(&mut self.wishes_at, now_ns) {
            self.wishes()?;
        }
        if self.burst_at.take_if(|at| *at <= now_ns).is_some() && self.is_ready {
            for wish in self.strategy.burst(&mut self.engine, &mut self.desk) {
                self.carry_out(wish)?;
            }
        }
        if take_due(&mut self.restarts_at, now_ns) {
            self.restart()?;
        }
        self.exchange.advance(self.now);
        self.settle()?;
        if self.desk.next_timeout().is_some_and(|at| at <= now_ns) {
            self.desk.handle_timeout(self.now);
            self.settle()?;
            if self.desk.next_timeout().is_some_and(|at| at <= now_ns) {
                // A second call may have work left over, a third may not.
                self.desk.handle_timeout(self.now);
                self.settle()?;
                if let Some(at) = self.desk.next_timeout().filter(|at| *at <= now_ns) {
                    return Err(Broken(format!("a deadline {at} that does not pass at {now_ns}")));
                }
            }
        }
        Ok(())
    }

    fn wishes(&mut self) -> Result<(), Broken> {
        if self.rng.one_in(12) {
            return self.app();
        }
        // A strategy begins when the client is ready, and does not stop when it is not.
        if self.engine.orders.is_empty() && !self.is_ready {
            return Ok(());
        }
        if let Some(wish) = self.strategy.wish(&mut self.engine, &mut self.desk) {
            self.carry_out(wish)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, wish: Wish) -> Result<(), Broken> {
        self.note(|| format!("wish {wish:?}"));
        self.cancels.0 += match &wish {
            Wish::Cancel(_) => 1,
            Wish::CancelBatch(ids) => ids.len() as u64,
            _ => 0,
        };
        match wish {
            Wish::Submit(spec) => self.desk.submit(spec, self.now),
            Wish::SubmitList(specs) => self.desk.submit_list(specs, self.now),
            Wish::Modify(id, change) => self.desk.modify(&id, change, self.now),
            Wish::Cancel(id) => self.desk.cancel(&id, self.now),
            Wish::CancelBatch(ids) => self.desk.cancel_batch(&ids, self.now),
        }
        self.settle()
    }

    /// Somebody uses the app, or meets an order of ours.
    fn app(&mut self) -> Result<(), Broken> {
        let dump = self.exchange.account("", self.now).unwrap_or_default();
        let open: Vec<&Value> = dump["orders"].as_array().into_iter().flatten().collect();
        let command = match open.get(self.rng.below(open.len() as u64 + 1) as usize) {
            Some(order) if self.rng.one_in(2) => {
                serde_json::json!({"op": "account.cancel", "ordId": order["ordId"]})
            }
            Some(order) => {
                serde_json::json!({"op": "account.fill", "ordId": order["ordId"], "sz": order["lotSz"]})
            }
            None => self.app_order(),
        };
        self.note(|| format!("app {command}"));
        let done = self.exchange.script(&command, self.now);
        self.note(|| format!("app {done:?}"));
        Ok(())
    }

    /// An order that the user gives in the app.
    fn app_order(&self) -> Value {
        let profile = self.setting.profile;
        let is_pair = profile.main() == PAIR;
        let td_mode = match (is_pair, profile.is_isolated) {
            (true, _) => "cash",
            (false, true) => "isolated",
            (false, false) => "cross",
        };
        let mut order = serde_json::json!({"op": "account.order", "instId": profile.main(), "tdMode": td_mode,
            "side": "buy", "ordType": "limit", "px": "49990", "sz": if is_pair { "0.02" } else { "2" }});
        if profile.is_hedged {
            order["posSide"] = "long".into();
        }
        order
    }

    /// The client's process ends, and another one begins with what the cache holds.
    fn restart(&mut self) -> Result<(), Broken> {
        self.note(|| "the client's process ends".to_owned());
        self.outcome.restarts += 1;
        let mut links: Vec<_> = self.links.drain().collect();
        links.sort_unstable();
        for (wire, conn) in links {
            self.conns.remove(&conn);
            self.gone.insert(wire, conn);
            self.network.send(Arrival::UpEnd(wire, conn), self.now.mono_ns);
        }
        self.process += 1;
        self.is_ready = false;
        self.outcome.reconnects += self.desk.stats().losses;
        self.desk = desk(&mut self.rng, &self.key, self.setting, self.mistake);
        self.reported.clear();
        for order in self.engine.restart() {
            self.note(|| format!("restored {order:?}"));
            let id = self.desk.okx_id(&order.client_order_id);
            if id.is_err() {
                return Err(Broken(format!("{id:?}")));
            }
            self.desk.restore(order);
        }
        self.desk.open(self.now);
        self.settle()
    }

    /// Carries what client and exchange put out into the network, and events to the engine.
    fn settle(&mut self) -> Result<(), Broken> {
        let now_ns = self.now.mono_ns;
        while let Some(act) = self.desk.poll() {
            match act {
                Act::Connect(line, link) => {
                    self.network.send(Arrival::Attempt((self.process, line, link)), now_ns);
                }
                Act::Transmit(line, link, text) => {
                    self.note(|| format!("> {}", String::from_utf8_lossy(&text)));
                    self.on_wire("", &text)?;
                    self.network.send(Arrival::Up((self.process, line, link), text), now_ns);
                }
                Act::Close(line, link, _) => {
                    // An attempt under way is given up: it ends as soon as it has succeeded.
                    let wire = (self.process, line, link);
                    self.given_up.insert(wire);
                    if let Some(conn) = self.links.remove(&wire) {
                        self.conns.remove(&conn);
                        self.gone.insert(wire, conn);
                        self.network.send(Arrival::UpEnd(wire, conn), now_ns);
                    }
                }
                Act::Rest(call, request) => {
                    self.note(|| format!("> {call:?} {} {:?}", request.target(), request.body()));
                    if let Some(body) = request.body() {
                        self.on_wire(request.target(), &body.clone())?;
                    }
                    self.outcome.calls += 1;
                    self.open_calls.insert((self.process, call), now_ns);
                    self.network.send(Arrival::Ask(self.process, call, request), now_ns);
                }
                Act::Event(event) => self.event(event)?,
            }
        }
        while let Some(sent) = self.exchange.poll() {
            match sent {
                Sent::Send { conn, frame } => {
                    if let Some(wire) =
                        self.conns.get(&conn).filter(|_| frame.cut_at.is_none() && !frame.binary)
                    {
                        self.network.send(Arrival::Down(*wire, frame.payload), now_ns);
                    }
                }
                Sent::End { conn, how } => {
                    if let Some(wire) = self.conns.get(&conn) {
                        let code = if let CutHow::Close { code, .. } = how { Some(code) } else { None };
                        self.network.send(Arrival::DownEnd(*wire, code), now_ns);
                    }
                }
                Sent::Reading { .. } => {}
            }
        }
        Ok(())
    }

    /// Each order, and each change, leaves once; whatever the connection, whatever the process.
    fn on_wire(&mut self, path: &str, text: &[u8]) -> Result<(), Broken> {
        let Ok(value) = serde_json::from_slice::<Value>(text) else { return Ok(()) };
        let op = value["op"].as_str().unwrap_or_default();
        let items = match &value {
            Value::Array(items) => items.clone(),
            Value::Object(_) if op.is_empty() => vec![value.clone()],
            _ => value["args"].as_array().cloned().unwrap_or_default(),
        };
        if op.contains("cancel") || path.contains("cancel") {
            self.cancels.1 += items.len() as u64;
            if self.cancels.1 > self.cancels.0 {
                return Err(Broken(format!(
                    "{} cancellations were sent, {} wished",
                    self.cancels.1, self.cancels.0
                )));
            }
        }
        for item in items {
            let of = |key: &str| item[key].as_str().map(str::to_owned);
            let is_new = item.get("side").is_some();
            if let Some(id) = of("clOrdId").or_else(|| of("algoClOrdId")).filter(|_| is_new)
                && !self.placed.insert(id.clone())
            {
                return Err(Broken(format!("order {id} was sent twice")));
            }
            if let Some(id) = of("reqId")
                && !self.amended.insert(id.clone())
            {
                return Err(Broken(format!("amendment {id} was sent twice")));
            }
        }
        Ok(())
    }

    fn event(&mut self, event: DeskEvent) -> Result<(), Broken> {
        self.note(|| format!("  {event:?}"));
        match event {
            DeskEvent::Order { client_order_id, event } => {
                self.engine.apply(&client_order_id, &event)?;
                let known = &self.engine.orders[&client_order_id];
                let is_fill = event.kind.name() == "filled";
                self.outcome.leg_fills += u64::from(known.attached.is_some() && is_fill);
                if is_fill {
                    let of = (self.setting.profile.name, known.spec.inst_id.to_string());
                    *self.outcome.fills.entry(of).or_default() += 1;
                }
                Ok(())
            }
            DeskEvent::Denied { client_order_id, reason, .. } => {
                self.engine.denied(&client_order_id, &reason)
            }
            DeskEvent::Unknown { client_order_id, kind } => self.engine.unknown(&client_order_id, &kind),
            DeskEvent::External(External::Order(row)) => {
                self.reported.insert(row.ord_id);
                Ok(())
            }
            DeskEvent::Ready => {
                self.is_ready = true;
                Ok(())
            }
            DeskEvent::Lost => {
                self.is_ready = false;
                Ok(())
            }
            DeskEvent::LoginFailed { is_final: true, msg, .. } => Err(Broken(format!("login: {msg}"))),
            _ => Ok(()),
        }
    }

    fn arrived(&mut self, arrival: Arrival) {
        let process = self.process;
        match arrival {
            Arrival::Attempt(wire) => {
                let kind = if wire.1 == BUSINESS { UrlKind::Business } else { UrlKind::Private };
                let answer = match self.exchange.open(kind, LOOPBACK, self.now) {
                    Ok(conn) => {
                        self.conns.insert(conn, wire);
                        Arrival::Open(wire, conn)
                    }
                    Err(_) => Arrival::Refused(wire),
                };
                self.network.send(answer, self.now.mono_ns);
            }
            Arrival::Open(wire, conn) if wire.0 != process || self.given_up.contains(&wire) => {
                self.conns.remove(&conn);
                self.network.send(Arrival::UpEnd(wire, conn), self.now.mono_ns);
            }
            Arrival::Open(wire, conn) => {
                if self.conns.contains_key(&conn) {
                    self.links.insert(wire, conn);
                }
                self.desk.input(wire.1, Input::Connected(wire.2), self.now);
            }
            Arrival::Refused(wire) if wire.0 == process => {
                self.desk.input(wire.1, Input::ConnectFailed(wire.2, "refused"), self.now);
            }
            Arrival::Up(wire, text) => {
                // Bytes that left arrive, also those of a process that has ended meanwhile.
                if let Some(conn) = self.conn_of(wire) {
                    self.exchange.receive(conn, &text, self.now);
                }
            }
            Arrival::UpEnd(wire, conn) => {
                self.gone.remove(&wire);
                self.exchange.closed(conn, self.now);
            }
            Arrival::Down(wire, payload) => {
                if self.links.contains_key(&wire) {
                    self.note(|| format!("< {}", String::from_utf8_lossy(&payload)));
                    self.desk.frame(wire.1, wire.2, &payload, self.now);
                }
            }
            Arrival::DownEnd(wire, code) => {
                if let Some(conn) = self.links.remove(&wire) {
                    self.conns.remove(&conn);
                    self.desk.input(wire.1, Input::Disconnected(wire.2, code, "ended"), self.now);
                }
            }
            Arrival::Ask(asker, call, request) => self.serve(asker, call, &request),
            Arrival::Answer(asker, call, answer) => {
                if asker == process && self.open_calls.remove(&(asker, call)).is_some() {
                    self.note(|| match &answer {
                        Ok(body) => format!("< {call:?} {}", String::from_utf8_lossy(body)),
                        Err(error) => format!("< {call:?} {error}"),
                    });
                    self.desk.answered(call, answer.as_deref().map_err(Clone::clone), self.now);
                }
            }
            Arrival::Refused(_) => {}
        }
    }

    fn conn_of(&self, wire: Wire) -> Option<ConnNo> {
        self.links.get(&wire).or_else(|| self.gone.get(&wire)).copied()
    }

    /// The exchange serves a request; the answer comes back, or the client's patience ends.
    fn serve(&mut self, asker: u64, call: crate::desk::CallId, request: &Request) {
        let asked_ns = self.open_calls.get(&(asker, call)).copied().unwrap_or(self.now.mono_ns);
        let answer = self.exchange.rest(&self.signed(request), self.now);
        let waited_ms = (self.now.mono_ns - asked_ns) / NANOS_PER_MILLI;
        let RestAnswer { response, delay_ms, fate } = answer;
        let patience_ms = REST_WAIT_MS.saturating_sub(waited_ms);
        let (answer, later_ms) = match fate {
            Fate::Whole if delay_ms < patience_ms => {
                (outcome(request, response.status, response.body), delay_ms)
            }
            Fate::Whole | Fate::Silence => (Err(unknown()), patience_ms),
            Fate::Cut(..) => (Err(unknown()), delay_ms.min(patience_ms)),
        };
        self.network.send_later(Arrival::Answer(asker, call, answer), self.now.mono_ns, later_ms);
    }

    fn signed(&self, request: &Request) -> RestRequest {
        let method = request.spec().method.as_str();
        let body = request.body().cloned().unwrap_or_default();
        let time = iso(self.now.unix_ms());
        let parts = [time.as_bytes(), method.as_bytes(), request.target().as_bytes(), &body[..]];
        let headers = [
            ("ok-access-key", self.key.key.clone()),
            ("ok-access-passphrase", self.key.passphrase.clone()),
            ("ok-access-sign", sign::sign(&self.key.secret, &parts)),
            ("ok-access-timestamp", time.clone()),
            ("content-type", "application/json".to_owned()),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        RestRequest { method: method.to_owned(), headers, body, ..RestRequest::get(request.target()) }
    }

    /// At the end the engine knows what the exchange knows, and the client keeps nothing that it need not.
    fn judge(&mut self) -> Result<(), Broken> {
        let stats = self.desk.stats();
        if !self.is_quiet() {
            let unresolved = self.desk.unresolved();
            return Err(Broken(format!(
                "not settled at the end: {stats:?}, ready: {}, {unresolved:?}",
                self.is_ready
            )));
        }
        self.outcome.reconnects += stats.losses;
        let dump = self.exchange.account("", self.now).unwrap_or_default();
        Books::new(&dump).compare(&self.engine, &self.desk, &self.reported)?;
        let open = self.engine.all_open().len();
        if stats.open != open || stats.known > open + 201 {
            return Err(Broken(format!("{open} orders are open, but the client keeps {stats:?}")));
        }
        self.desk.judge_memory(open).map_err(Broken)?;
        Ok(())
    }
}

/// What the REST client makes of an answer.
fn outcome(request: &Request, status: u16, body: Bytes) -> Result<Bytes, HttpError> {
    let Ok(answer) = okx_http::envelope::read::<serde::de::IgnoredAny>(&body) else { return Err(unknown()) };
    if answer.code == ErrorCode(0) && status == 200 || !request.is_idempotent() {
        return Ok(body);
    }
    Err(decode_rows::<GetAccountConfig>(&body).err().unwrap_or_else(unknown))
}

/// It may have been executed: nobody knows.
fn unknown() -> HttpError {
    decode_rows::<GetAccountConfig>(b"no answer").expect_err("no answer of OKX")
}

fn iso(ms: u64) -> String {
    let (year, month, day) = civil::date_of_days((ms / 86_400_000).cast_signed());
    let (s, rest) = (ms / 1_000 % 86_400, ms % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{rest:03}Z", s / 3_600, s / 60 % 60, s % 60)
}

/// Takes one element that is due.
fn take_due(times: &mut Vec<u64>, now_ns: u64) -> bool {
    let due = times.iter().position(|at| *at <= now_ns);
    due.map(|at| times.swap_remove(at)).is_some()
}
