//! Reading and checking a new order (reference 4.4, 7.2, 8.3, 9): what it takes to be accepted, money aside.

use std::sync::Arc;

use super::{
    algo::Attached,
    black,
    cx::Cx,
    fields::Fields,
    holder::Holder,
    instrument::Instrument,
    num::Num,
    order::{Order, PxKind},
    refusal::Refusal,
    words::{Kind, OrdType, PosSide, Side, Stp, TdMode, Tgt},
};

/// Longest `clOrdId`.
pub const MAX_CL_ID: usize = 32;
/// Longest `tag`.
const MAX_TAG: usize = 16;
/// Longest price.
pub const MAX_PX: usize = 32;

/// What an order is checked against.
pub struct Draft<'a> {
    /// The account.
    pub holder: &'a Holder,
    /// The request.
    pub fields: Fields<'a>,
    /// The instrument as named.
    pub inst_id: &'a str,
    /// Market and time.
    pub cx: Cx<'a>,
}

type Checked<T> = Result<T, Refusal>;

impl Draft<'_> {
    /// The order, not yet numbered.
    ///
    /// # Errors
    ///
    /// The first rule it breaks.
    pub fn order(&self) -> Checked<Order> {
        let f = self.fields;
        let td = f.word("tdMode", TdMode::read)?.ok_or_else(|| Refusal::missing("tdMode"))?;
        let side = f.word("side", Side::read)?.ok_or_else(|| Refusal::missing("side"))?;
        let ord_type = f.word("ordType", OrdType::read)?.ok_or_else(|| Refusal::missing("ordType"))?;
        f.need("sz")?;
        let inst = self.instrument(td)?;
        let cl_id = f.name("clOrdId", MAX_CL_ID)?;
        let tag = f.name("tag", MAX_TAG)?;
        if self.holder.has_open(&cl_id) {
            return Err(Refusal::of(51_016));
        }
        if ["tpTriggerPx", "slTriggerPx", "tpOrdPx", "slOrdPx"].iter().any(|name| f.has(name)) {
            return Err(Refusal::of(54_070));
        }
        self.check_type(&inst, ord_type, td)?;
        let pos_side = self.pos_side(&inst)?;
        let reduce_only = self.reduce_only(&inst)?;
        let (tgt, in_quote) = self.target(&inst, ord_type, side)?;
        let sz = self.size(&inst, ord_type, in_quote)?;
        let (px, px_kind, px_named) = self.price(&inst, ord_type, side)?;
        let stp = f.word("stpMode", Stp::read)?.unwrap_or(Stp::CancelMaker);
        if stp == Stp::CancelBoth && ord_type == OrdType::Fok {
            return Err(Refusal::of(54_036));
        }
        self.check_slippage()?;
        let attached = Attached::read_all(f, &inst, sz)?;
        let trade_quote = self.trade_quote(&inst)?;
        let outcome = self.outcome(&inst)?;
        let plain = Order::plain(Arc::new(inst), td, side, ord_type, sz, self.cx.ms);
        let order = Order {
            cl_id,
            tag,
            pos_side,
            in_quote,
            tgt,
            px,
            px_kind,
            px_named,
            reduce_only,
            stp,
            trade_quote,
            outcome,
            attached,
            ..plain
        };
        Ok(order.of(self.holder))
    }

    /// The instrument in the type the trade mode makes of it.
    pub fn instrument(&self, td: TdMode) -> Checked<Instrument> {
        let quotes = self.cx.quotes;
        let named = Instrument::kind_of(quotes, self.inst_id).ok_or_else(|| Refusal::of(51_001))?;
        let level = self.holder.profile.acct_lv;
        let kind = match (named, td, level) {
            (_, TdMode::SpotIsolated, _) => return Err(Refusal::parameter("tdMode")),
            (Kind::Spot | Kind::Margin, TdMode::Cash, 1 | 2) => Kind::Spot,
            (Kind::Spot | Kind::Margin, TdMode::Cash, _) => return Err(Refusal::parameter("tdMode")),
            (Kind::Spot | Kind::Margin, _, 1) => return Err(Refusal::of(51_010)),
            (Kind::Spot | Kind::Margin, _, 2) => Kind::Margin,
            (Kind::Spot | Kind::Margin, TdMode::Isolated, _) => return Err(Refusal::of(50_072)),
            (Kind::Spot | Kind::Margin, _, _) => Kind::Spot,
            (Kind::Events, TdMode::Isolated, _) => Kind::Events,
            (_, TdMode::Cash, _) | (Kind::Events, _, _) => return Err(Refusal::parameter("tdMode")),
            (_, _, 1) => return Err(Refusal::of(51_010)),
            (_, TdMode::Isolated, 3 | 4) => return Err(Refusal::of(50_072)),
            (kind, _, _) => kind,
        };
        let inst = Instrument::find(quotes, self.inst_id, kind);
        let inst = inst.ok_or_else(|| Refusal::of(if kind == Kind::Margin { 54_000 } else { 51_021 }))?;
        match inst.state.as_str() {
            _ if inst.exp_ms <= self.cx.ms => Err(Refusal::of(51_027)),
            "live" => Ok(inst),
            "post_only" if &*self.fields.text("ordType") == "post_only" => Ok(inst),
            "preopen" | "test" => Err(Refusal::of(51_021)),
            "expired" => Err(Refusal::of(51_027)),
            "settling" => Err(Refusal::of(51_029)),
            _ => Err(Refusal::of(51_022)),
        }
    }

    fn check_type(&self, inst: &Instrument, ord_type: OrdType, td: TdMode) -> Checked<()> {
        let portfolio = self.holder.profile.acct_lv == 4;
        match ord_type {
            OrdType::Market if inst.kind == Kind::Option => Err(Refusal::of(51_066)),
            OrdType::OptimalLimitIoc if !inst.kind.is_future() => Err(Refusal::parameter("ordType")),
            OrdType::Mmp | OrdType::MmpAndPostOnly if inst.kind != Kind::Option || !portfolio => {
                Err(Refusal::of(51_036))
            }
            OrdType::Mmp | OrdType::MmpAndPostOnly if td != TdMode::Cross => {
                Err(Refusal::saying(51_042, "Market maker protection orders are for cross margin only"))
            }
            OrdType::Mmp | OrdType::MmpAndPostOnly if !self.holder.profile.market_maker => {
                Err(Refusal::of(51_035))
            }
            OrdType::Mmp | OrdType::MmpAndPostOnly => {
                let until = self.holder.locks.get(&inst.family).copied().unwrap_or(0);
                if until > self.cx.ms { Err(Refusal::of(54_008)) } else { Ok(()) }
            }
            OrdType::Rpi if !self.holder.profile.market_maker => Err(Refusal::of(54_042)),
            _ => Ok(()),
        }
    }

    /// The position side an order of this instrument is for.
    pub fn pos_side(&self, inst: &Instrument) -> Checked<PosSide> {
        let named = self.fields.word("posSide", PosSide::read)?;
        match (inst.kind.is_future() && self.holder.is_hedged(), named) {
            (true, Some(side @ (PosSide::Long | PosSide::Short))) => Ok(side),
            (false, None | Some(PosSide::Net)) => Ok(PosSide::Net),
            _ => Err(Refusal::parameter("posSide")),
        }
    }

    fn reduce_only(&self, inst: &Instrument) -> Checked<bool> {
        let wanted = self.fields.flag("reduceOnly")?;
        match (wanted, inst.kind, self.holder.profile.acct_lv) {
            (false, ..) => Ok(false),
            (true, Kind::Spot, 1 | 2) => Err(Refusal::of(51_205)),
            (true, Kind::Spot, _) => Err(Refusal::of(51_133)),
            (true, Kind::Option | Kind::Events, _) => Err(Refusal::of(51_205)),
            // OKX documents it for net mode; in long/short mode the position side says it all.
            (true, _, _) => Ok(!self.holder.is_hedged() || !inst.kind.is_future()),
        }
    }

    /// `tgtCcy` as it applies, and whether the size counts in quote currency.
    pub fn target(&self, inst: &Instrument, ord_type: OrdType, side: Side) -> Checked<(Option<Tgt>, bool)> {
        let named = self.fields.word("tgtCcy", Tgt::read)?;
        match (inst.kind, ord_type, side) {
            (Kind::Spot, OrdType::Market, _) => {
                let tgt = named.unwrap_or(if side == Side::Buy { Tgt::Quote } else { Tgt::Base });
                Ok((Some(tgt), tgt == Tgt::Quote))
            }
            (Kind::Margin, OrdType::Market, Side::Buy) => Ok((None, true)),
            (Kind::Spot | Kind::Margin, ..) => Ok((None, false)),
            _ if named.is_some() => Err(Refusal::of(59_110)),
            _ => Ok((None, false)),
        }
    }

    /// The size, checked against steps and limits.
    pub fn size(&self, inst: &Instrument, ord_type: OrdType, in_quote: bool) -> Checked<Num> {
        let sz = self.fields.number("sz")?.filter(|n| n.is_positive());
        let sz = sz.ok_or_else(|| Refusal::parameter("sz"))?;
        let market = ord_type == OrdType::Market;
        let px = self.cx.last(&inst.id).unwrap_or(Num::ZERO);
        if in_quote {
            if sz < inst.min * px {
                return Err(Refusal::of(51_020));
            }
        } else {
            check_size(inst, sz)?;
        }
        let usd = if in_quote { sz * self.cx.usd(&inst.quote) } else { self.cx.notional_usd(inst, sz, px) };
        if inst.kind.is_pair() && market {
            let most = inst.max_mkt_sz.into_iter().chain(inst.max_mkt_amt).min();
            if most.is_some_and(|most| usd > most) {
                return Err(Refusal::of(51_201));
            }
        } else {
            let most = if market { inst.max_mkt_sz } else { inst.max_lmt_sz };
            if most.is_some_and(|most| sz > most) {
                return Err(Refusal::of(51_005));
            }
            if inst.max_lmt_amt.is_some_and(|most| usd > most) {
                return Err(Refusal::of(51_185));
            }
        }
        Ok(sz)
    }

    fn price(
        &self,
        inst: &Instrument,
        ord_type: OrdType,
        side: Side,
    ) -> Checked<(Option<Num>, PxKind, Option<Num>)> {
        let f = self.fields;
        let named: Vec<_> = [("px", PxKind::Px), ("pxUsd", PxKind::Usd), ("pxVol", PxKind::Vol)]
            .into_iter()
            .filter(|(name, _)| f.has(name))
            .collect();
        if ord_type == OrdType::OptimalLimitIoc {
            let limits = self.cx.quotes.price_limit(&inst.id);
            let edge = limits.map(|(most, least)| Num::from(if side == Side::Buy { most } else { least }));
            return Ok((edge, PxKind::Px, None));
        }
        if ord_type == OrdType::Market {
            return Ok((None, PxKind::Px, None));
        }
        let (name, kind) = match (&named[..], inst.kind) {
            ([], _) => return Err(Refusal::of(51_204)),
            ([one], Kind::Option) => *one,
            (_, Kind::Option) => return Err(Refusal::of(51_176)),
            _ if f.has("px") => ("px", PxKind::Px),
            _ => return Err(Refusal::of(51_204)),
        };
        if f.text(name).len() > MAX_PX {
            return Err(Refusal::of(51_514));
        }
        let value = f.number(name)?.filter(|n| n.is_positive()).ok_or_else(|| Refusal::parameter(name))?;
        let px = match kind {
            PxKind::Px => value,
            PxKind::Usd | PxKind::Vol => self.option_px(inst, kind, value)?,
        };
        let px = if inst.kind == Kind::Option { px.near_to(inst.tick).max(inst.tick) } else { px };
        check_price(inst, px)?;
        let clamp = match &*f.text("pxAmendType") {
            "" | "0" => false,
            "1" => true,
            _ => return Err(Refusal::parameter("pxAmendType")),
        };
        let px = within_limits(self.cx, inst, side, px, clamp)?;
        Ok((Some(px), kind, (kind != PxKind::Px).then_some(value)))
    }

    /// An option's price in its own currency from one in USD or from a volatility.
    pub fn option_px(&self, inst: &Instrument, kind: PxKind, value: Num) -> Checked<Num> {
        let index = self.cx.index(inst).ok_or_else(|| Refusal::saying(51_014, "Index doesn't exist."))?;
        let in_coin = inst.settle_ccy == inst.base;
        let usd = if kind == PxKind::Usd {
            value
        } else {
            let years = inst.exp_ms.saturating_sub(self.cx.ms) as f64 / (365.0 * 86_400_000.0);
            Num::near(black::price(index.float(), inst.strike.float(), value.float(), years, inst.put))
        };
        Ok(if in_coin { usd.over(index) } else { usd })
    }

    fn check_slippage(&self) -> Checked<()> {
        let Some(pct) = self.fields.number("slippagePct")? else { return Ok(()) };
        if pct.is_negative() || pct > Num::of("0.05") {
            return Err(Refusal::of(54_084));
        }
        if pct.is_multiple_of(Num::of("0.0001")) { Ok(()) } else { Err(Refusal::of(54_085)) }
    }

    fn trade_quote(&self, inst: &Instrument) -> Checked<String> {
        if inst.kind != Kind::Spot {
            return Ok(String::new());
        }
        let named = self.fields.text("tradeQuoteCcy");
        let allowed = inst.trade_quotes.iter().any(|q| *q == *named) || *named == *inst.quote;
        match (named.is_empty(), allowed) {
            (true, _) => Ok(inst.quote.clone()),
            (_, true) => Ok(named.into_owned()),
            _ => Err(Refusal::parameter("tradeQuoteCcy")),
        }
    }

    fn outcome(&self, inst: &Instrument) -> Checked<String> {
        if inst.kind != Kind::Events {
            return Ok(String::new());
        }
        match &*self.fields.text("outcome") {
            outcome @ ("yes" | "no") => Ok(outcome.to_owned()),
            _ => Err(Refusal::parameter("outcome")),
        }
    }
}

/// Checks a size in base currency or contracts against minimum and step.
pub fn check_size(inst: &Instrument, sz: Num) -> Checked<()> {
    if sz < inst.min {
        return Err(Refusal::of(if inst.kind.is_pair() { 51_020 } else { 51_007 }));
    }
    if !sz.is_multiple_of(inst.lot) {
        return Err(Refusal::of(51_121));
    }
    Ok(())
}

/// Checks a price against its step.
pub fn check_price(inst: &Instrument, px: Num) -> Checked<()> {
    if px < inst.tick {
        return Err(Refusal::of(51_122));
    }
    if px.is_multiple_of(inst.tick) { Ok(()) } else { Err(Refusal::of(51_150)) }
}

/// The price, moved into the price limits if that is wanted.
///
/// # Errors
///
/// 51006 if it lies outside and must not be moved.
pub fn within_limits(cx: Cx<'_>, inst: &Instrument, side: Side, px: Num, clamp: bool) -> Checked<Num> {
    let Some((most, least)) = cx.quotes.price_limit(&inst.id) else { return Ok(px) };
    let (most, least) = (Num::from(most), Num::from(least));
    let beyond = if side == Side::Buy { px > most } else { px < least };
    match (beyond, clamp, side) {
        (false, ..) => Ok(px),
        (true, true, Side::Buy) => Ok(most),
        (true, true, Side::Sell) => Ok(least),
        (true, false, _) => Err(Refusal::saying(
            51_006,
            format!(
                "Order price is not within the price limit (max buy price: {most} min sell price: {least})"
            ),
        )),
    }
}
