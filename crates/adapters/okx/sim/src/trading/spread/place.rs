//! Placing, matching, amending and cancelling spread orders.

use std::sync::Arc;

use super::{Leg, SpreadOrder, SpreadTrade, rows};
use crate::{
    quotes::Spread,
    trading::{
        Cx, Trading,
        draft::MAX_CL_ID,
        fields::Fields,
        instrument::Instrument,
        num::Num,
        order::Order,
        refusal::Refusal,
        words::{Kind, OrdType, Side, State, TdMode},
    },
};

type Checked<T> = Result<T, Refusal>;

/// Most open spread orders.
const MAX_OPEN: usize = 500;
/// Levels of the book a taker meets.
const LEVELS: usize = 400;

impl Trading {
    pub(super) fn place_spread(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Checked<u64> {
        let sprd_id = fields.need("sprdId")?.into_owned();
        for name in ["side", "ordType", "sz"] {
            fields.need(name)?;
        }
        if self.holders[who].profile.acct_lv == 1 {
            return Err(Refusal::of(51_010));
        }
        let spread = cx.quotes.spread(&sprd_id).ok_or_else(|| Refusal::of(51_001))?;
        if !spread.open {
            return Err(Refusal::saying(75_002, "The spread takes no orders now."));
        }
        let side = fields.word("side", Side::read)?.ok_or_else(|| Refusal::parameter("side"))?;
        let ord_type = fields
            .word("ordType", OrdType::read)?
            .filter(|t| matches!(t, OrdType::Market | OrdType::Limit | OrdType::PostOnly | OrdType::Ioc));
        let ord_type = ord_type.ok_or_else(|| Refusal::parameter("ordType"))?;
        let cl_id = fields.name("clOrdId", MAX_CL_ID)?;
        let spreads = &self.holders[who].spreads;
        if !cl_id.is_empty() && spreads.open.values().any(|o| o.cl_id == cl_id) {
            return Err(Refusal::of(51_016));
        }
        if self.capped && spreads.open.len() >= MAX_OPEN {
            return Err(Refusal::of(51_174));
        }
        let sz = size(fields, "sz", &spread)?.ok_or_else(|| Refusal::parameter("sz"))?;
        let px = if ord_type == OrdType::Market { None } else { price(fields, "px", &spread)? };
        if px.is_none() && ord_type != OrdType::Market {
            return Err(Refusal::of(51_204));
        }
        self.afford(who, &spread, side, sz, cx)?;
        let order = SpreadOrder {
            id: self.ids.next(cx.ms),
            cl_id,
            tag: fields.name("tag", 16)?,
            sprd_id,
            side,
            ord_type,
            sz,
            px,
            acc: Num::ZERO,
            cost: Num::ZERO,
            canceled: Num::ZERO,
            state: State::Live,
            cancel_source: "",
            last: None,
            c_ms: cx.ms,
            u_ms: cx.ms,
        };
        let id = order.id;
        if self.next_look().is_none_or(|at| at <= cx.ms) {
            self.looked_ms = cx.ms;
        }
        let takes = !self.spread_offers(&order, cx).is_empty();
        let passive = ord_type == OrdType::PostOnly;
        if !(passive && takes) {
            self.out.push_back(rows::order_push(who, &order, "", false));
        }
        self.holders[who].spreads.open.insert(id, order);
        if passive && takes {
            self.end_spread(who, id, "31", cx);
            return Ok(id);
        }
        self.match_spread(who, id, "T", cx);
        let rests = matches!(ord_type, OrdType::Limit | OrdType::PostOnly);
        if !rests {
            self.end_spread(who, id, if ord_type == OrdType::Ioc { "14" } else { "0" }, cx);
        }
        Ok(id)
    }

    pub(super) fn amend_spread(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Checked<u64> {
        let req_id = fields.name("reqId", MAX_CL_ID)?;
        let order = self.open_spread(who, fields, 51_503)?;
        let (id, acc, sprd_id, passive) =
            (order.id, order.acc, order.sprd_id.clone(), order.ord_type == OrdType::PostOnly);
        let spread = cx.quotes.spread(&sprd_id).ok_or_else(|| Refusal::of(51_001))?;
        let (sz, px) = (size(fields, "newSz", &spread)?, price(fields, "newPx", &spread)?);
        if sz.is_none() && px.is_none() {
            return Err(Refusal::of(51_500));
        }
        let mut changed = order.clone();
        changed.sz = sz.unwrap_or(changed.sz).max(acc);
        changed.px = px.or(changed.px);
        changed.u_ms = cx.ms;
        if passive && !self.spread_offers(&changed, cx).is_empty() {
            return Err(Refusal::of(51_511));
        }
        let complete = changed.left().is_zero();
        if complete {
            changed.state = State::Filled;
        }
        self.out.push_back(rows::order_push(who, &changed, &req_id, true));
        let spreads = &mut self.holders[who].spreads;
        if complete {
            spreads.open.remove(&id);
            spreads.closed.insert(id, changed);
        } else {
            spreads.open.insert(id, changed);
            self.match_spread(who, id, "T", cx);
        }
        Ok(id)
    }

    pub(super) fn cancel_spread(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Checked<u64> {
        let id = self.open_spread(who, fields, 51_400)?.id;
        self.end_spread(who, id, "1", cx);
        Ok(id)
    }

    fn open_spread(&self, who: usize, fields: Fields<'_>, code: u32) -> Checked<&SpreadOrder> {
        let (ord_id, cl_id) = (fields.text("ordId"), fields.text("clOrdId"));
        if ord_id.is_empty() && cl_id.is_empty() {
            return Err(Refusal::of(51_003));
        }
        let spreads = &self.holders[who].spreads;
        let found = spreads.find(&ord_id, &cl_id).filter(|o| spreads.open.contains_key(&o.id));
        found.ok_or_else(|| Refusal::of(code))
    }

    /// Ends an open order.
    pub(super) fn end_spread(&mut self, who: usize, id: u64, source: &'static str, cx: Cx<'_>) {
        let Some(mut order) = self.holders[who].spreads.open.remove(&id) else { return };
        order.canceled = order.left();
        order.state = State::Canceled;
        order.cancel_source = source;
        order.u_ms = cx.ms;
        self.out.push_back(rows::order_push(who, &order, "", false));
        self.holders[who].spreads.closed.insert(id, order);
    }

    /// Fills resting spread orders the market has come to.
    pub(in crate::trading) fn look_at_spreads(&mut self, cx: Cx<'_>) {
        for who in 0..self.holders.len() {
            let ids: Vec<u64> = self.holders[who].spreads.open.keys().copied().collect();
            ids.into_iter().for_each(|id| self.match_spread(who, id, "M", cx));
        }
    }

    /// Price and size of what the order can have.
    fn spread_offers(&self, order: &SpreadOrder, cx: Cx<'_>) -> Vec<(Num, Num)> {
        let levels = cx.quotes.levels(&order.sprd_id, order.side == Side::Buy, LEVELS);
        let fits =
            |px: Num| order.px.is_none_or(|own| if order.side == Side::Buy { px <= own } else { px >= own });
        levels.iter().map(|l| (Num::from(l.px), Num::from(l.sz))).take_while(|(px, _)| fits(*px)).collect()
    }

    fn match_spread(&mut self, who: usize, id: u64, exec: &'static str, cx: Cx<'_>) {
        let Some(order) = self.holders[who].spreads.open.get(&id) else { return };
        let Some(spread) = cx.quotes.spread(&order.sprd_id) else { return };
        let own = order.px.filter(|_| exec == "M");
        for (px, sz) in self.spread_offers(&order.clone(), cx) {
            let Some(order) = self.holders[who].spreads.open.get(&id) else { return };
            let sz = order.left().min(sz);
            if !sz.is_positive() {
                return;
            }
            // A maker gets the price it asked for.
            self.fill_spread(who, id, &spread, (own.unwrap_or(px), sz), exec, cx);
        }
    }

    fn fill_spread(
        &mut self,
        who: usize,
        id: u64,
        spread: &Spread,
        (px, sz): (Num, Num),
        exec: &'static str,
        cx: Cx<'_>,
    ) {
        let Some(order) = self.holders[who].spreads.open.get(&id).cloned() else { return };
        let mut legs = Vec::new();
        // The first leg trades at its mark price, the second at what the spread's price makes of it.
        let mut first_px = None;
        for (inst_id, buys) in &spread.legs {
            let Some(inst) = leg_instrument(inst_id, cx) else { return };
            let leg_px =
                first_px.map_or_else(|| cx.mark(inst_id).near_to(inst.tick), |first: Num| first + px);
            first_px.get_or_insert(leg_px);
            let side = if (order.side == Side::Buy) == *buys { Side::Buy } else { Side::Sell };
            legs.push(self.fill_leg(who, inst, side, (leg_px, sz), exec, cx));
        }
        let trade_id = self.trade_id(&order.sprd_id);
        let Some(order) = self.holders[who].spreads.open.get_mut(&id) else { return };
        order.acc += sz;
        order.cost += sz * px;
        order.last = Some((px, sz, trade_id));
        order.u_ms = cx.ms;
        order.state = if order.left().is_zero() { State::Filled } else { State::PartiallyFilled };
        let order = order.clone();
        let trade = SpreadTrade {
            id: trade_id,
            ord_id: id,
            sprd_id: order.sprd_id.clone(),
            cl_id: order.cl_id.clone(),
            tag: order.tag.clone(),
            side: order.side,
            px,
            sz,
            exec,
            legs,
            ms: cx.ms,
        };
        self.out.push_back(rows::order_push(who, &order, "", false));
        self.out.push_back(rows::trade_push(who, &trade));
        let spreads = &mut self.holders[who].spreads;
        spreads.trades.push(trade);
        if order.left().is_zero() {
            spreads.open.remove(&id);
            spreads.closed.insert(id, order);
        }
        self.plan_flush(who, cx);
    }

    fn fill_leg(
        &mut self,
        who: usize,
        inst: Instrument,
        side: Side,
        (px, sz): (Num, Num),
        exec: &'static str,
        cx: Cx<'_>,
    ) -> Leg {
        let contracts = contracts(&inst, sz);
        let inst_id = inst.id.clone();
        let trade_id = self.trade_id(&inst_id);
        let order = self.leg_order(who, inst, side, contracts, cx);
        let (fee, fee_ccy, pnl) = self.fill_apart(who, &order, (px, contracts), exec, trade_id, cx);
        Leg { inst_id, side, px, sz, contracts, pnl, fee, fee_ccy, trade_id }
    }

    fn leg_order(&self, who: usize, inst: Instrument, side: Side, contracts: Num, cx: Cx<'_>) -> Order {
        let holder = &self.holders[who];
        let td =
            if inst.kind == Kind::Spot && holder.profile.acct_lv < 3 { TdMode::Cash } else { TdMode::Cross };
        Order::plain(Arc::new(inst), td, side, OrdType::Limit, contracts, cx.ms).of(holder)
    }

    /// Each leg has to be affordable by itself.
    fn afford(&self, who: usize, spread: &Spread, side: Side, sz: Num, cx: Cx<'_>) -> Checked<()> {
        for (inst_id, buys) in &spread.legs {
            let inst = leg_instrument(inst_id, cx).ok_or_else(|| Refusal::of(51_001))?;
            let side = if (side == Side::Buy) == *buys { Side::Buy } else { Side::Sell };
            let (contracts, px) = (contracts(&inst, sz), cx.mark(inst_id));
            let mut order = self.leg_order(who, inst, side, contracts, cx);
            order.px = Some(px);
            self.fund(who, &mut order, true, cx)?;
        }
        Ok(())
    }
}

fn leg_instrument(inst_id: &str, cx: Cx<'_>) -> Option<Instrument> {
    Instrument::find(cx.quotes, inst_id, Instrument::kind_of(cx.quotes, inst_id)?)
}

/// The size of a leg in its own unit.
fn contracts(inst: &Instrument, sz: Num) -> Num {
    sz.over(inst.ct)
}

fn size(fields: Fields<'_>, name: &str, spread: &Spread) -> Checked<Option<Num>> {
    let Some(sz) = fields.number(name)? else { return Ok(None) };
    if !sz.is_positive() {
        return Err(Refusal::parameter(name));
    }
    if sz < Num::from(spread.min) {
        return Err(Refusal::of(51_020));
    }
    if sz.is_multiple_of(Num::from(spread.lot)) { Ok(Some(sz)) } else { Err(Refusal::of(51_121)) }
}

fn price(fields: Fields<'_>, name: &str, spread: &Spread) -> Checked<Option<Num>> {
    let Some(px) = fields.number(name)? else { return Ok(None) };
    let fits = px.is_zero() || px.is_multiple_of(Num::from(spread.tick));
    if fits { Ok(Some(px)) } else { Err(Refusal::saying(75_003, "The price of the spread is invalid.")) }
}
