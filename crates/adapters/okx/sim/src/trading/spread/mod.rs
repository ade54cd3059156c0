//! Spread trading: two legs at one price, matched against the spread's own book (reference 11).

mod place;
mod query;
mod rows;

pub(super) use rows::{order_row, trade_row};

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Cx, Trading,
    answer::{Answer, outcome},
    due::Due,
    fields::Fields,
    num::Num,
    refusal::Refusal,
    row::Row,
    words::{OrdType, Side, State},
};

/// One leg of a trade.
#[derive(Debug, Clone)]
pub struct Leg {
    /// `instId`.
    pub inst_id: String,
    /// Its side.
    pub side: Side,
    /// Its price.
    pub px: Num,
    /// Size as the spread counts it.
    pub sz: Num,
    /// Size in contracts, or in base currency for spot.
    pub contracts: Num,
    /// Gained by closing.
    pub pnl: Num,
    /// Fee; negative is paid.
    pub fee: Num,
    /// Its currency.
    pub fee_ccy: String,
    /// `tradeId`.
    pub trade_id: i64,
}

/// A trade of a spread.
#[derive(Debug, Clone)]
pub struct SpreadTrade {
    /// `tradeId`.
    pub id: i64,
    /// The order.
    pub ord_id: u64,
    /// The spread.
    pub sprd_id: String,
    /// `clOrdId` of the order.
    pub cl_id: String,
    /// `tag` of the order.
    pub tag: String,
    /// Side of the order.
    pub side: Side,
    /// Price, which may be 0 or below.
    pub px: Num,
    /// Size.
    pub sz: Num,
    /// `T` or `M`.
    pub exec: &'static str,
    /// The legs.
    pub legs: Vec<Leg>,
    /// When.
    pub ms: u64,
}

/// An order for a spread.
#[derive(Debug, Clone)]
pub struct SpreadOrder {
    /// `ordId`.
    pub id: u64,
    /// `clOrdId`.
    pub cl_id: String,
    /// `tag`.
    pub tag: String,
    /// The spread.
    pub sprd_id: String,
    /// Side.
    pub side: Side,
    /// Type: `market`, `limit`, `post_only` or `ioc`.
    pub ord_type: OrdType,
    /// Size.
    pub sz: Num,
    /// Price, which may be 0 or below.
    pub px: Option<Num>,
    /// Filled so far.
    pub acc: Num,
    /// Sum of size times price of the fills.
    pub cost: Num,
    /// Cancelled size.
    pub canceled: Num,
    /// State.
    pub state: State,
    /// `cancelSource`.
    pub cancel_source: &'static str,
    /// Its last trade: price, size, number.
    pub last: Option<(Num, Num, i64)>,
    /// When it was made.
    pub c_ms: u64,
    /// When it changed.
    pub u_ms: u64,
}

impl SpreadOrder {
    /// What is still to be filled.
    #[must_use]
    pub fn left(&self) -> Num {
        self.sz - self.acc - self.canceled
    }
}

/// The spread orders of an account.
#[derive(Debug, Default)]
pub struct Spreads {
    /// Open orders.
    pub open: BTreeMap<u64, SpreadOrder>,
    /// Those that ended.
    pub closed: BTreeMap<u64, SpreadOrder>,
    /// Trades, oldest first.
    pub trades: Vec<SpreadTrade>,
    /// When all orders are cancelled.
    pub timer: Option<u64>,
}

impl Spreads {
    /// An order by `ordId`, else `clOrdId`; the latest of that name.
    #[must_use]
    pub fn find(&self, ord_id: &str, cl_id: &str) -> Option<&SpreadOrder> {
        let named = |o: &&SpreadOrder| {
            if ord_id.is_empty() { !cl_id.is_empty() && o.cl_id == cl_id } else { o.id.to_string() == ord_id }
        };
        self.open.values().rev().find(named).or_else(|| self.closed.values().rev().find(named))
    }
}

impl Trading {
    /// Carries out one of the spread operations: `order`, `amend-order`, `cancel-order`, `mass-cancel`.
    pub fn spread_op(&mut self, who: usize, op: &str, fields: Fields<'_>, cx: Cx<'_>) -> Answer {
        if op == "mass-cancel" {
            let named = fields.text("sprdId");
            let orders = self.holders[who].spreads.open.values();
            let ids: Vec<u64> =
                orders.filter(|o| named.is_empty() || o.sprd_id == *named).map(|o| o.id).collect();
            ids.into_iter().for_each(|id| self.end_spread(who, id, "1", cx));
            return Answer::rows(json!([{"result": true}]));
        }
        let done = match op {
            "order" => self.place_spread(who, fields, cx),
            "amend-order" => self.amend_spread(who, fields, cx),
            _ => self.cancel_spread(who, fields, cx),
        };
        if let Some(refusal) = done.as_ref().err().filter(|r| r.whole) {
            return Answer::refused(refusal);
        }
        let spreads = &self.holders[who].spreads;
        let found = done.as_ref().ok().and_then(|id| spreads.open.get(id).or_else(|| spreads.closed.get(id)));
        let ord_id = found.map_or_else(
            || if op == "order" { String::new() } else { fields.text("ordId").into_owned() },
            |o| o.id.to_string(),
        );
        let cl_id = found.map_or_else(|| fields.text("clOrdId").into_owned(), |o| o.cl_id.clone());
        let row = Row::new().put("ordId", ord_id).put("clOrdId", cl_id);
        let row = match op {
            "order" => row.put("tag", fields.text("tag")),
            "amend-order" => row.put("reqId", fields.text("reqId")),
            _ => row,
        };
        let (ok, row) = outcome(row, done.as_ref().map(|_| ""));
        Answer { timed: false, ..Answer::items(vec![(ok, row.done())], false) }
    }

    /// `POST /sprd/cancel-all-after`.
    fn set_spread_timer(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        fields.need("timeOut")?;
        let seconds = fields.number("timeOut").map_err(Refusal::whole)?.unwrap_or(Num::ZERO);
        let in_range =
            seconds >= Num::int(10) && seconds <= Num::int(120) && seconds.is_multiple_of(Num::ONE);
        if !in_range && !seconds.is_zero() {
            return Err(Refusal::parameter("timeOut").whole());
        }
        let seconds: u64 = seconds.to_string().parse().unwrap_or(0);
        let at_ms = (seconds > 0).then(|| cx.ms + seconds * 1_000);
        self.holders[who].spreads.timer = at_ms;
        if let Some(at) = at_ms {
            self.plan(at, Due::SpreadTimer(who));
        }
        Ok(json!([{"triggerTime": at_ms.unwrap_or(0).to_string(), "ts": cx.ms.to_string()}]))
    }

    /// Cancel-all-after of spreads ran out, unless it was renewed or disarmed.
    pub(super) fn run_out_spreads(&mut self, who: usize, cx: Cx<'_>) {
        let spreads = &mut self.holders[who].spreads;
        if spreads.timer.is_none_or(|at| at > cx.ms) {
            return;
        }
        spreads.timer = None;
        let ids: Vec<u64> = spreads.open.keys().copied().collect();
        ids.into_iter().for_each(|id| self.end_spread(who, id, "20", cx));
    }
}
