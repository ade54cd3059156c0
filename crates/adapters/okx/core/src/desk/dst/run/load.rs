//! More orders than OKX takes (F102, F103): what reaches the exchange, judged by its own limiter, which is not the client's, and by its
//! journal.

use std::collections::VecDeque;

use crate::{
    desk::SubmitSpec,
    orders::description::{ChangeDescription, OrderDescription},
};
use okx_common::{decimal::Decimal, enums::Side, ids::ClOrdId};
use okx_sim::Direction;

use super::{
    super::{
        market::{MANY, price_of},
        strategy::made,
    },
    *,
};

/// The longest way of the calm network, and the millisecond in which a command is given.
const ON_THE_WAY_MS: u64 = 41;
const WINDOW_MS: u64 = 2_000;
/// Far below the market, in ticks.
const PRICE: i64 = 250_000;

const LOAD: Profile = Profile {
    name: "load",
    level: 2,
    is_hedged: false,
    is_isolated: false,
    has_margin: false,
    inst_ids: &MANY,
};

/// A command as it arrived.
#[derive(Debug)]
struct Seen {
    ms: u64,
    op: String,
    code: u64,
    /// `clOrdId`, else `ordId`.
    id: String,
}

impl World {
    /// A calm world with many contracts and much money, whose client is ready.
    fn at_work() -> Result<Self, Broken> {
        let balances = [("USDT".to_owned(), "1000000000".to_owned())].into();
        let account = Account { balances, ..LOAD.account() };
        let mut world = Self::of(SeededRng::new(5), LOAD, account, None);
        world.setting = Setting { route: Route::Ws, exp_time_ms: None, ..world.setting };
        world.desk = desk(&mut world.rng, &world.key, world.setting, None);
        for times in [&mut world.faults_at, &mut world.wishes_at, &mut world.restarts_at] {
            times.clear();
        }
        world.burst_at = None;
        world.network.stalls = false;
        world.frozen.store(true, Ordering::Relaxed);
        world.desk.open(world.now);
        world.rest(20)?;
        Ok(world)
    }

    /// Until nothing is left to do, so many seconds at most.
    fn rest(&mut self, secs: u64) -> Result<(), Broken> {
        self.until(self.now.mono_ns + secs * NANOS_PER_SECOND, true)?;
        if self.is_quiet() { Ok(()) } else { Err(Broken(format!("still busy: {:?}", self.desk.stats()))) }
    }

    fn wait_until(&mut self, at_ns: u64) -> Result<(), Broken> {
        if at_ns > self.now.mono_ns { self.until(at_ns, false) } else { Ok(()) }
    }

    /// A new order that rests; its id.
    fn order(&mut self, inst_id: &str) -> Result<String, Broken> {
        let id = format!("n{}", self.engine.orders.len());
        let order =
            OrderDescription::limit(ClOrdId::new(""), Side::Buy, Decimal::ONE, price_of(inst_id, PRICE));
        let spec = SubmitSpec::new(&id, inst_id, order);
        let spec = made(&mut self.engine, &mut self.desk, spec, None);
        self.carry_out(Wish::Submit(spec))?;
        Ok(id)
    }

    /// The order commands that arrived, in their order.
    fn seen(&self) -> Vec<Seen> {
        let frames = self.exchange.journal(0, usize::MAX).filter(|e| e.direction == Direction::In);
        let frames =
            frames.filter_map(|e| Some((e.unix_ns, serde_json::from_slice::<Value>(&e.bytes).ok()?)));
        let mut seen = Vec::new();
        for (unix_ns, frame) in frames {
            let op = frame["op"].as_str().unwrap_or_default();
            if !op.ends_with("order") {
                continue;
            }
            for arg in frame["args"].as_array().into_iter().flatten() {
                let id = arg["clOrdId"].as_str().or_else(|| arg["ordId"].as_str()).unwrap_or_default();
                seen.push(Seen {
                    ms: unix_ns / NANOS_PER_MILLI,
                    op: op.to_owned(),
                    code: arg["instIdCode"].as_u64().unwrap_or_default(),
                    id: id.to_owned(),
                });
            }
        }
        seen
    }

    /// The exchange never refused anything, and engine and exchange agree.
    fn judge_load(&mut self) -> Result<(), Broken> {
        let refused = |e: &&okx_sim::Entry| {
            let text = e.text();
            e.direction == Direction::Out && ["\"50011\"", "\"50061\""].iter().any(|code| text.contains(code))
        };
        if let Some(entry) = self.exchange.journal(0, usize::MAX).find(refused) {
            return Err(Broken(format!("throttled: {}", entry.text())));
        }
        for name in ["denied", "rejected", "modify_rejected", "cancel_rejected"] {
            if let Some(count) = self.engine.events.get(name) {
                return Err(Broken(format!("{count} {name}")));
            }
        }
        self.judge()
    }

    fn count(&self, name: &str) -> u64 {
        self.engine.events.get(name).copied().unwrap_or_default()
    }
}

/// The most commands in any window.
fn fullest<'a>(seen: impl Iterator<Item = &'a Seen>) -> usize {
    let mut window = VecDeque::new();
    seen.fold(0, |most, command| {
        window.push_back(command.ms);
        while window.front().is_some_and(|ms| ms + WINDOW_MS <= command.ms) {
            window.pop_front();
        }
        most.max(window.len())
    })
}

/// 100 orders a second on one contract, 20 a second on each of five, a cancellation every 200 ms, for three seconds.
#[test]
fn f102_each_instrument_is_paced_alone_and_cancellations_are_not_held_back() {
    let mut world = World::at_work().expect("ready");
    let mut given: HashMap<String, u64> = HashMap::new();
    let (mut busy, mut cancelled, mut not_cancelled) = (Vec::new(), Vec::new(), VecDeque::new());
    let start = world.now.mono_ns;
    for tick in 0..300_u64 {
        world.wait_until(start + tick * 10 * NANOS_PER_MILLI).expect("sound");
        let ms = world.now.unix_ms();
        let id = world.order(MANY[0]).expect("sound");
        given.insert(id.clone(), ms);
        not_cancelled.push_back(id.clone());
        busy.push(id);
        if tick % 5 == 0 {
            for inst_id in &MANY[1..=5] {
                let id = world.order(inst_id).expect("sound");
                given.insert(id, ms);
            }
        }
        if tick % 20 == 19 {
            let id = not_cancelled.pop_front().expect("one was placed");
            let venue_id = world.engine.orders[&id].venue_id.clone().expect("accepted long ago");
            given.insert(venue_id.as_str().to_owned(), ms);
            cancelled.push(id.clone());
            world.carry_out(Wish::Cancel(id)).expect("sound");
        }
    }
    world.rest(30).expect("all is done");
    world.judge_load().expect("nothing was refused");
    assert_eq!((world.count("accepted"), world.count("canceled")), (600, cancelled.len() as u64));
    let seen = world.seen();
    let of_busy = |seen: &&Seen| seen.op == "order" && seen.code == 20_000;
    assert_eq!(seen.iter().filter(of_busy).map(|s| s.id.clone()).collect::<Vec<_>>(), busy, "in their order");
    let most = fullest(seen.iter().filter(of_busy));
    assert!((55..=60).contains(&most), "{most} in 2 s: the limit is kept, and used");
    let late = |s: &&Seen| s.ms > given[&s.id] + ON_THE_WAY_MS;
    let held_back: Vec<_> = seen.iter().filter(|s| !of_busy(s)).filter(late).collect();
    assert!(held_back.is_empty(), "other contracts and cancellations wait for nothing: {held_back:?}");
    assert!(seen.iter().filter(of_busy).filter(late).count() > 200, "the busy one did wait");
}

/// 600 new orders and amendments a second over all contracts, for six seconds.
#[test]
fn f103_the_limit_of_the_account_is_kept() {
    const PER_S: u64 = 600;
    let mut world = World::at_work().expect("ready");
    let mut fresh = VecDeque::new();
    let mut amended = 0_u64;
    let start = world.now.mono_ns;
    for n in 0..6 * PER_S {
        world.wait_until(start + n * NANOS_PER_SECOND / PER_S).expect("sound");
        let oldest = fresh.front().filter(|id: &&String| n % 2 == 1 && world.engine.orders[*id].accepted);
        if let Some(id) = oldest.cloned() {
            fresh.pop_front();
            amended += 1;
            let change = ChangeDescription {
                price: Some(price_of(MANY[0], PRICE + 1)),
                ..ChangeDescription::default()
            };
            world.carry_out(Wish::Modify(id, change)).expect("sound");
        } else {
            let id = world.order(MANY[world.engine.orders.len() % MANY.len()]).expect("sound");
            fresh.push_back(id);
        }
    }
    world.rest(30).expect("all is done");
    world.judge_load().expect("nothing was refused");
    assert!(amended > 1_500, "{amended}");
    assert_eq!((world.count("accepted"), world.count("updated")), (6 * PER_S - amended, amended));
    let seen = world.seen();
    assert_eq!(seen.len() as u64, 6 * PER_S);
    let most = fullest(seen.iter());
    assert!((950..=1_000).contains(&most), "{most} in 2 s: the limit is kept, and used");
}
