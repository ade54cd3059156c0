//! Placing a conditional order (reference 4.6, 8.3).

use std::sync::Arc;

use super::{Algo, AlgoType, Attached, Leg, Trail, leg};
use crate::trading::{
    Cx, Trading,
    draft::{Draft, MAX_CL_ID, check_size},
    fields::Fields,
    holder::Holder,
    instrument::Instrument,
    num::Num,
    refusal::Refusal,
    rows,
    words::{Kind, OrdType, PxType, Side, TdMode, Tgt},
};

type Checked<T> = Result<T, Refusal>;

/// Most waiting orders of an instrument: by trigger, take-profit and stop-loss, trailing.
const MOST: [(AlgoType, usize, u32); 4] = [
    (AlgoType::Trigger, 500, 51_260),
    (AlgoType::Conditional, 100, 51_260),
    (AlgoType::Oco, 100, 51_260),
    (AlgoType::MoveOrderStop, 50, 51_261),
];

impl Trading {
    /// Places a conditional order: its id.
    ///
    /// # Errors
    ///
    /// The rule it breaks.
    pub(in crate::trading) fn place_algo(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Checked<u64> {
        let mut algo = self.draft_algo(who, fields, cx)?;
        let holder = &self.holders[who];
        let of_kind = |a: &&Algo| a.kind == algo.kind && a.inst.id == algo.inst.id;
        let (_, most, code) = MOST.into_iter().find(|(kind, ..)| *kind == algo.kind).unwrap_or(MOST[0]);
        if holder.algos.values().filter(of_kind).count() >= most {
            return Err(Refusal::of(code));
        }
        algo.id = self.ids.next(cx.ms);
        let id = algo.id;
        self.start_algo(who, algo, cx);
        Ok(id)
    }

    /// Files a conditional order, says so, and places its resting take-profit if it has one.
    pub(in crate::trading) fn start_algo(&mut self, who: usize, algo: Algo, cx: Cx<'_>) {
        let id = algo.id;
        let resting = algo.tp.filter(|tp| tp.resting);
        self.out.push_back(rows::algo_push(who, &algo, None, cx));
        if !self.holders.iter().any(Holder::watches) && self.resting.is_empty() {
            self.looked_ms = cx.ms;
        }
        self.holders[who].algos.insert(id, algo);
        if let Some(tp) = resting {
            self.place_take_profit(who, id, tp, cx);
        }
    }

    fn draft_algo(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Checked<Algo> {
        let inst_id = fields.need("instId")?;
        fields.need("tdMode")?;
        let td = fields.word("tdMode", TdMode::read)?.ok_or_else(|| Refusal::missing("tdMode"))?;
        let side = fields.word("side", Side::read)?.ok_or_else(|| Refusal::missing("side"))?;
        let kind = fields.word("ordType", AlgoType::read)?.ok_or_else(|| Refusal::missing("ordType"))?;
        let holder = &self.holders[who];
        let named = Instrument::kind_of(cx.quotes, &inst_id).ok_or_else(|| Refusal::of(51_001))?;
        if matches!(named, Kind::Option | Kind::Events) {
            return Err(Refusal::parameter("instId"));
        }
        if kind == AlgoType::Trigger && named.is_pair() && td != TdMode::Cash {
            return Err(Refusal::of(51_317));
        }
        let draft = Draft { holder, fields, inst_id: &inst_id, cx };
        let inst = draft.instrument(td)?;
        let pos_side = draft.pos_side(&inst)?;
        let reduce_only = fields.flag("reduceOnly")?;
        if reduce_only && inst.kind == Kind::Spot {
            return Err(Refusal::of(51_205));
        }
        let cl_id = fields.name("algoClOrdId", MAX_CL_ID)?;
        if !cl_id.is_empty() && holder.algos.values().any(|a| a.cl_id == cl_id) {
            return Err(Refusal::of(51_065));
        }
        let attached_names = || holder.orders.values().flat_map(|o| &o.attached).map(|a| &a.cl_id);
        if !cl_id.is_empty() && attached_names().any(|name| *name == cl_id) {
            return Err(Refusal::of(51_068));
        }
        let last = cx.last(&inst.id);
        let (tp, sl) = match kind {
            AlgoType::Conditional | AlgoType::Oco => two_legs(fields, kind, &inst, side, last)?,
            _ => (None, None),
        };
        let trigger = if kind == AlgoType::Trigger { Some(trigger_leg(fields, &inst, cx)?) } else { None };
        let trail =
            if kind == AlgoType::MoveOrderStop { trail(fields, side, last)? } else { Trail::default() };
        let close_all = close_all(fields, kind, &inst, holder.is_hedged(), holder.profile.acct_lv, [tp, sl])?;
        let (sz, tgt) =
            if close_all { (None, None) } else { sized(&draft, &inst, side, kind, [tp, sl, trigger])? };
        let attached = Attached::read_all(fields, &inst, sz.unwrap_or(Num::ZERO))?;
        let settle = inst.settle(&holder.profile.settle_ccy);
        let lever = (inst.kind != Kind::Spot).then(|| holder.lever(&inst, td, pos_side));
        Ok(Algo {
            id: 0,
            cl_id,
            tag: fields.name("tag", 16)?,
            kind,
            td,
            ccy: if inst.kind == Kind::Spot { String::new() } else { settle },
            side,
            pos_side,
            sz,
            close_all,
            tgt,
            trade_quote: if inst.kind == Kind::Spot { inst.quote.clone() } else { String::new() },
            reduce_only,
            ends_with_position: fields.flag("cxlOnClosePos")?,
            trigger,
            advance: advance(fields)?,
            tp,
            sl,
            trail,
            state: "live",
            fail_code: 0,
            ord_id: 0,
            parent: 0,
            actual_sz: Num::ZERO,
            actual_px: None,
            actual_side: "",
            cost_px: false,
            attached,
            lever,
            last,
            c_ms: cx.ms,
            u_ms: cx.ms,
            trigger_ms: 0,
            inst: Arc::new(inst),
        })
    }
}

/// Take-profit and stop-loss of a `conditional` or `oco` order.
fn two_legs(
    fields: Fields<'_>,
    kind: AlgoType,
    inst: &Instrument,
    side: Side,
    last: Option<Num>,
) -> Checked<(Option<Leg>, Option<Leg>)> {
    let (tp, sl) = (leg(fields, "tp", inst)?, leg(fields, "sl", inst)?);
    // With both, a one-way order uses the stop-loss (reference 4.6).
    let (tp, sl) = match (kind, tp, sl) {
        (_, None, None) => return Err(Refusal::of(51_279)),
        (AlgoType::Oco, None, _) | (AlgoType::Oco, _, None) => return Err(Refusal::of(51_279)),
        (AlgoType::Conditional, Some(_), Some(_)) => (None, sl),
        both => (both.1, both.2),
    };
    if inst.kind.is_pair()
        && [tp, sl].into_iter().flatten().any(|l| inst.kind == Kind::Spot && l.kind != PxType::Last)
    {
        return Err(Refusal::parameter("triggerPxType"));
    }
    let Some(last) = last else { return Ok((tp, sl)) };
    let above = |px: Num| px > last;
    let wrong = |leg: Leg, profit: bool| {
        leg.kind == PxType::Last && !leg.resting && above(leg.trigger) != ((side == Side::Sell) == profit)
    };
    match (tp, sl) {
        (Some(tp), _) if wrong(tp, true) => Err(Refusal::of(51_277)),
        (_, Some(sl)) if wrong(sl, false) => Err(Refusal::of(51_280)),
        both => Ok(both),
    }
}

fn trigger_leg(fields: Fields<'_>, inst: &Instrument, cx: Cx<'_>) -> Checked<Leg> {
    fields.need("triggerPx")?;
    fields.need("orderPx")?;
    let trigger = fields.number("triggerPx")?.filter(|n| n.is_positive());
    let trigger = trigger.ok_or_else(|| Refusal::parameter("triggerPx"))?;
    let px = fields.number("orderPx")?.ok_or_else(|| Refusal::parameter("orderPx"))?;
    let kind = fields.word("triggerPxType", PxType::read)?.unwrap_or(PxType::Last);
    if inst.kind == Kind::Spot && kind != PxType::Last {
        return Err(Refusal::parameter("triggerPxType"));
    }
    let market = px == Num::int(-1);
    if !market {
        crate::trading::draft::check_price(inst, px)?;
    }
    let rising = cx.trigger(&inst.id, kind).is_none_or(|now| trigger >= now);
    Ok(Leg { trigger, kind, px: (!market).then_some(px), resting: false, rising })
}

fn trail(fields: Fields<'_>, side: Side, last: Option<Num>) -> Checked<Trail> {
    let (ratio, spread) = (fields.number("callbackRatio")?, fields.number("callbackSpread")?);
    match (ratio, spread) {
        (None, None) => return Err(Refusal::missing("callbackRatio")),
        (Some(_), Some(_)) => return Err(Refusal::parameter("callbackSpread")),
        (Some(ratio), _) if ratio < Num::of("0.001") || ratio > Num::ONE => {
            return Err(Refusal::saying(51_300, "The callback ratio must be between 0.1% and 100%."));
        }
        (_, Some(spread)) if !spread.is_positive() => return Err(Refusal::parameter("callbackSpread")),
        _ => {}
    }
    let active = fields.number("activePx")?;
    let wrong = |active: Num, last: Num| if side == Side::Sell { active < last } else { active > last };
    if active.zip(last).is_some_and(|(active, last)| wrong(active, last)) {
        return Err(Refusal::of(51_302));
    }
    Ok(Trail {
        ratio,
        spread,
        active,
        awake: active.is_none(),
        extreme: if active.is_none() { last } else { None },
    })
}

fn close_all(
    fields: Fields<'_>,
    kind: AlgoType,
    inst: &Instrument,
    hedged: bool,
    level: u8,
    legs: [Option<Leg>; 2],
) -> Checked<bool> {
    match &*fields.text("closeFraction") {
        "" => return Ok(false),
        "1" => {}
        _ => return Err(Refusal::parameter("closeFraction")),
    }
    if !matches!(kind, AlgoType::Conditional | AlgoType::Oco) || !inst.kind.is_future() {
        return Err(Refusal::of(51_327));
    }
    if level == 4 {
        return Err(Refusal::of(51_331));
    }
    if !hedged && !fields.flag("reduceOnly")? {
        return Err(Refusal::of(51_328));
    }
    if legs.into_iter().flatten().any(|leg| leg.px.is_some()) {
        return Err(Refusal::of(51_330));
    }
    Ok(true)
}

fn sized(
    draft: &Draft<'_>,
    inst: &Instrument,
    side: Side,
    kind: AlgoType,
    legs: [Option<Leg>; 3],
) -> Checked<(Option<Num>, Option<Tgt>)> {
    draft.fields.need("sz")?;
    let sz =
        draft.fields.number("sz")?.filter(|n| n.is_positive()).ok_or_else(|| Refusal::parameter("sz"))?;
    let market = kind == AlgoType::MoveOrderStop || legs.into_iter().flatten().any(|leg| leg.px.is_none());
    let ord_type = if market { OrdType::Market } else { OrdType::Limit };
    let (tgt, in_quote) = draft.target(inst, ord_type, side)?;
    if !in_quote {
        check_size(inst, sz)?;
    }
    Ok((Some(sz), tgt))
}

fn advance(fields: Fields<'_>) -> Checked<String> {
    match &*fields.text("advanceOrdType") {
        kind @ ("" | "fok" | "ioc") => Ok(kind.to_owned()),
        _ => Err(Refusal::parameter("advanceOrdType")),
    }
}
