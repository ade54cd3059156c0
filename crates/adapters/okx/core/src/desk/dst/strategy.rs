//! What a random strategy wants.

use crate::{
    desk::{Desk, SubmitSpec},
    orders::{
        context::Route,
        description::{ChangeDescription, OrderDescription},
        kinds::{OrderType, TimeInForce},
        tracker::{AttachedLeg, Leg},
    },
};
use okx_common::{
    decimal::Decimal,
    enums::Side,
    ids::ClOrdId,
    rng::{Rng, SeededRng},
};

use super::{
    engine::Engine,
    market::{OPTION, PAIR, SPREAD, SWAP, middle_of, price_of},
    profile::Profile,
};

/// A wish.
#[expect(clippy::large_enum_variant, reason = "made once and taken once")]
#[derive(Debug, Clone)]
pub enum Wish {
    Submit(SubmitSpec),
    SubmitList(Vec<SubmitSpec>),
    Modify(String, ChangeDescription),
    Cancel(String),
    CancelBatch(Vec<String>),
}

pub struct Strategy {
    rng: SeededRng,
    profile: Profile,
    count: u64,
}

impl Strategy {
    pub const fn new(rng: SeededRng, profile: Profile) -> Self {
        Self { rng, profile, count: 0 }
    }

    /// What is wanted next; the orders of it are in the cache.
    pub fn wish(&mut self, engine: &mut Engine, desk: &mut Desk) -> Option<Wish> {
        match self.rng.below(21) {
            0..=8 => {
                let spec = self.order();
                Some(Wish::Submit(made(engine, desk, spec, None)))
            }
            9 => {
                let count = self.rng.between(2, 6);
                Some(Wish::SubmitList((0..count).map(|_| self.batched(engine, desk)).collect()))
            }
            10 | 11 => self.bracket(engine, desk),
            12..=14 => {
                let id = engine.some_open(&mut self.rng)?;
                let change = self.change(engine, &id);
                Some(Wish::Modify(id, change))
            }
            15..=18 => engine.some_open(&mut self.rng).map(Wish::Cancel),
            19 => {
                let all = engine.all_open();
                (!all.is_empty()).then_some(Wish::CancelBatch(all))
            }
            // A closed order, or one that was never there: answered here.
            _ => {
                let ids: Vec<_> = engine.orders.keys().cloned().collect();
                let index = self.rng.below(ids.len() as u64 + 1) as usize;
                Some(Wish::Cancel(ids.get(index).cloned().unwrap_or_else(|| "nobody-knows-it".to_owned())))
            }
        }
    }

    /// More than OKX takes in a moment.
    pub fn burst(&mut self, engine: &mut Engine, desk: &mut Desk) -> Vec<Wish> {
        let spec_of = |strategy: &mut Self, engine: &mut Engine, desk: &mut Desk| {
            let spec = strategy.limit_on(strategy.profile.main(), 400);
            made(engine, desk, spec, None)
        };
        (0..75).map(|_| Wish::Submit(spec_of(self, engine, desk))).collect()
    }

    fn next_id(&mut self) -> String {
        self.count += 1;
        let n = self.count;
        match self.rng.below(3) {
            0 => format!("s{n}"),
            1 => format!("O-20261125-145318-001-000-{n}"),
            _ => format!("a-client-order-id-that-is-much-longer-than-what-OKX-takes-{n}"),
        }
    }

    fn side(&mut self) -> Side {
        if self.rng.one_in(2) { Side::Buy } else { Side::Sell }
    }

    fn quantity(&mut self, inst_id: &str) -> Decimal {
        let n = self.rng.between(1, 9).cast_signed();
        // Pairs in hundredths, so that fees in base currency and rounding are met.
        if inst_id == PAIR || inst_id == SPREAD {
            Decimal::new(n.into(), 2).expect("small")
        } else {
            Decimal::from_i64(n)
        }
    }

    /// A price so many ticks around the middle.
    fn price(&mut self, inst_id: &str, within: u64) -> Decimal {
        let off = self.rng.below(2 * within).cast_signed() - within.cast_signed();
        price_of(inst_id, middle_of(inst_id) + off)
    }

    fn limit_on(&mut self, inst_id: &str, within: u64) -> SubmitSpec {
        let (side, quantity, price) = (self.side(), self.quantity(inst_id), self.price(inst_id, within));
        let order = OrderDescription::limit(ClOrdId::new(""), side, quantity, price);
        SubmitSpec::new(self.next_id(), inst_id, order)
    }

    fn order(&mut self) -> SubmitSpec {
        let inst_ids = self.profile.inst_ids;
        let inst_id = inst_ids[self.rng.below(inst_ids.len() as u64) as usize];
        let mut spec = self.limit_on(inst_id, 200);
        let order = &mut spec.order;
        // What OKX does not have there is denied: seldom, so that orders come about.
        let is_plain = (inst_id == OPTION || inst_id == SPREAD) && !self.rng.one_in(8);
        match self.rng.below(13) {
            0 | 1 => order.post_only = true,
            2 => order.time_in_force = TimeInForce::Ioc,
            3 => order.time_in_force = TimeInForce::Fok,
            4 if inst_id != OPTION || !is_plain => {
                order.order_type = OrderType::Market;
                order.price = None;
            }
            5 | 10 if !is_plain => {
                order.order_type = OrderType::StopMarket;
                order.trigger_price = order.price.take();
            }
            6 | 11 if !is_plain => {
                order.order_type = OrderType::StopLimit;
                order.trigger_price = order.price;
            }
            7 => order.params.route = Some(Route::Http),
            8 if inst_id == SWAP || self.profile.has_margin => order.reduce_only = true,
            // The only way to close there.
            9 | 12 if inst_id == SWAP && self.profile.is_hedged => order.reduce_only = true,
            _ => {}
        }
        spec
    }

    fn batched(&mut self, engine: &mut Engine, desk: &mut Desk) -> SubmitSpec {
        let inst_id = if self.rng.one_in(4) {
            self.profile.inst_ids[self.profile.inst_ids.len() - 1]
        } else {
            self.profile.main()
        };
        let spec = self.limit_on(inst_id, 300);
        made(engine, desk, spec, None)
    }

    fn bracket(&mut self, engine: &mut Engine, desk: &mut Desk) -> Option<Wish> {
        let inst_id = if self.rng.one_in(3) { PAIR } else { self.profile.main() };
        let entry = self.limit_on(inst_id, 60);
        let (loss, gain) = (self.rng.between(10, 100).cast_signed(), self.rng.between(10, 100).cast_signed());
        let (buys, px) = (entry.order.side == Side::Buy, entry.order.price?);
        let leg = |by: i64| px.checked_add(price_of(inst_id, if buys { by } else { -by })).ok();
        let other = if buys { Side::Sell } else { Side::Buy };
        let mut stop =
            OrderDescription::stop_market(ClOrdId::new(""), other, entry.order.quantity, leg(-loss)?);
        stop.params = entry.order.params.clone();
        let profit = OrderDescription::limit(ClOrdId::new(""), other, entry.order.quantity, leg(gain)?);
        let id = entry.client_order_id.clone();
        let (with_profit, with_stop) =
            [(true, true), (true, false), (false, true)][self.rng.below(3) as usize];
        let stop = SubmitSpec::new(self.next_id(), inst_id, stop).with_parent(&id);
        let profit = SubmitSpec::new(self.next_id(), inst_id, profit).with_parent(&id);
        let entry_id = desk.okx_id(&id).ok()?;
        let group = if with_stop { &stop } else { &profit };
        let algo_cl_ord_id = desk.okx_id(&group.client_order_id).ok()?;
        let attached = |leg: Leg| {
            Some(AttachedLeg { leg, entry: entry_id.clone(), algo_cl_ord_id: algo_cl_ord_id.clone() })
        };
        let mut specs = vec![made(engine, desk, entry, None)];
        if with_profit {
            specs.push(made(engine, desk, profit, attached(Leg::TakeProfit)));
        }
        if with_stop {
            specs.push(made(engine, desk, stop, attached(Leg::StopLoss)));
        }
        Some(Wish::SubmitList(specs))
    }

    fn change(&mut self, engine: &Engine, id: &str) -> ChangeDescription {
        let known = &engine.orders[id];
        let mut change = ChangeDescription::default();
        let inst_id = known.spec.inst_id.as_str();
        let (price, quantity) = (self.price(inst_id, 200), self.quantity(inst_id));
        match self.rng.below(3) {
            0 => change.quantity = Some(quantity),
            1 if known.trigger.is_some() => change.trigger_price = Some(price),
            1 => change.price = Some(price),
            _ => {
                change.quantity = Some(quantity);
                change.price = known.price.map(|_| price);
            }
        }
        change
    }
}

/// The order is in the cache before it is submitted.
pub fn made(engine: &mut Engine, desk: &mut Desk, spec: SubmitSpec, leg: Option<AttachedLeg>) -> SubmitSpec {
    let okx_id = desk.okx_id(&spec.client_order_id).map(|id| id.to_string()).unwrap_or_default();
    engine.made(spec.clone(), okx_id, leg);
    spec
}
