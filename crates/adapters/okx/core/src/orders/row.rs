//! What OKX shows of orders and fills, wherever it showed it: pushes, lookups and lists have the same meaning here.

use okx_common::{
    decimal::Decimal,
    enums::{AlgoState, AmendResult, CancelSource, ExecType, InstType, OrdType, OrderState, Side},
    ids::{Ccy, ClOrdId, InstId, OrdId, TradeId},
};
use okx_ws::{
    message::{AlgoOrder, Fill, OrderUpdate, SprdOrder},
    text::Text,
};

/// What was paid (or, below 0, earned) for a fill.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Commission {
    /// Above 0 was paid, below 0 is a rebate: the opposite of OKX's sign.
    pub amount: Decimal,
    /// The currency.
    pub ccy: Ccy,
}

impl Commission {
    /// From OKX's fee, where negative is paid. `None` if OKX did not say.
    #[must_use]
    pub fn of_fee(fee: Option<Decimal>, ccy: &str) -> Option<Self> {
        let fee = fee.filter(|_| !ccy.is_empty())?;
        Some(Self { amount: if fee.is_zero() { Decimal::ZERO } else { -fee }, ccy: Ccy::new(ccy) })
    }
}

/// An ordinary order as OKX shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct OrderRow {
    /// Kind of instrument.
    pub inst_type: Option<InstType>,
    /// Instrument, or spread.
    pub inst_id: String,
    /// Order id.
    pub ord_id: String,
    /// Client's id; empty for orders without.
    pub cl_ord_id: String,
    /// The strategy order that made it.
    pub algo_id: String,
    /// Client's id of that.
    pub algo_cl_ord_id: String,
    /// Side.
    pub side: Option<Side>,
    /// Type.
    pub ord_type: Option<OrdType>,
    /// State; `None` if OKX's word is not known.
    pub state: Option<OrderState>,
    /// Size as ordered.
    pub sz: Option<Decimal>,
    /// Price.
    pub px: Option<Decimal>,
    /// Filled so far.
    pub acc_fill_sz: Option<Decimal>,
    /// Average price; not of an order without fills.
    pub avg_px: Option<Decimal>,
    /// This update's fill; only pushes have one.
    pub fill: Option<FillRow>,
    /// Who cancelled.
    pub cancel_source: Option<CancelSource>,
    /// OKX's words for it.
    pub cancel_reason: String,
    /// The amendment that this answers.
    pub req_id: String,
    /// How the amendment ended.
    pub amend_result: Option<AmendResult>,
    /// Code of a failed amendment.
    pub code: String,
    /// Words for it.
    pub msg: String,
    /// When it was made, Unix ms.
    pub c_time_ms: Option<u64>,
    /// When it changed, Unix ms.
    pub u_time_ms: Option<u64>,
    /// Whether it only reduces a position.
    pub reduce_only: bool,
    /// Fees so far: negative is paid.
    pub fee: Option<Decimal>,
    /// Currency of the fees.
    pub fee_ccy: String,
}

/// A fill as OKX shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FillRow {
    /// Instrument.
    pub inst_id: InstId,
    /// Order.
    pub ord_id: OrdId,
    /// Client's order id, if OKX shows it.
    pub cl_ord_id: Option<ClOrdId>,
    /// Trade; unique within the instrument, negative for liquidations and deleveraging.
    pub trade_id: TradeId,
    /// Side of the order.
    pub side: Option<Side>,
    /// Price.
    pub px: Decimal,
    /// Size: contracts, or base currency.
    pub sz: Decimal,
    /// What was paid; `None` if OKX did not say.
    pub commission: Option<Commission>,
    /// Maker or taker; `None` for fills that the system made.
    pub exec_type: Option<ExecType>,
    /// When it happened, Unix ms.
    pub ts_ms: Option<u64>,
}

impl FillRow {
    /// Earlier ones first. OKX counts the trades of an instrument: that tells fills of one millisecond apart.
    #[must_use]
    pub fn by_time(&self, other: &Self) -> std::cmp::Ordering {
        let key = |row: &Self| (row.ts_ms, row.trade_id.len());
        key(self).cmp(&key(other)).then_with(|| self.trade_id.cmp(&other.trade_id))
    }
}

/// A strategy order as OKX shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct AlgoRow {
    /// Instrument.
    pub inst_id: String,
    /// Id.
    pub algo_id: String,
    /// Client's id.
    pub algo_cl_ord_id: String,
    /// State; `None` if OKX's word is not known.
    pub state: Option<AlgoState>,
    /// OKX's word for the state.
    pub state_text: String,
    /// Orders that it made.
    pub ord_ids: Vec<String>,
    /// Size.
    pub sz: Option<Decimal>,
    /// Trigger price and order price of the take profit.
    pub tp: (Option<Decimal>, Option<Decimal>),
    /// Trigger price and order price of the stop loss.
    pub sl: (Option<Decimal>, Option<Decimal>),
    /// Trigger price: of a trigger order, or of the one leg of a `conditional`.
    pub trigger_px: Option<Decimal>,
    /// Price of the order to come; -1 at the market.
    pub ord_px: Option<Decimal>,
    /// Which leg was triggered: `tp` or `sl`.
    pub actual_side: String,
    /// Error code of a failure.
    pub fail_code: String,
    /// The amendment that this answers.
    pub req_id: String,
    /// How the amendment ended: `-1` is a failure.
    pub amend_result: String,
    /// When it changed, Unix ms.
    pub u_time_ms: Option<u64>,
}

impl OrderRow {
    /// Whether anything was filled.
    #[must_use]
    pub fn has_fills(&self) -> bool {
        self.acc_fill_sz.is_some_and(Decimal::is_positive)
    }

    /// Client's id, if the order has one.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        Some(self.cl_ord_id.as_str()).filter(|id| !id.is_empty() && *id != "0")
    }
}

impl From<&OrderUpdate<'_>> for OrderRow {
    fn from(row: &OrderUpdate<'_>) -> Self {
        let text = |text: &Text<'_>| text.as_str().to_owned();
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: text(&row.inst_id),
            ord_id: text(&row.ord_id),
            cl_ord_id: text(&row.cl_ord_id),
            algo_id: text(&row.algo_id),
            algo_cl_ord_id: text(&row.algo_cl_ord_id),
            side: row.side,
            ord_type: row.ord_type.clone(),
            state: row.state,
            sz: row.sz,
            px: row.px,
            acc_fill_sz: row.acc_fill_sz,
            avg_px: row.avg_px.filter(|px| !px.is_zero()),
            fill: fill_of(row),
            cancel_source: row.cancel_source.clone(),
            cancel_reason: text(&row.cancel_source_reason),
            req_id: text(&row.req_id),
            amend_result: row.amend_result.clone(),
            code: text(&row.code),
            msg: text(&row.msg),
            c_time_ms: row.c_time_ms,
            u_time_ms: row.u_time_ms,
            reduce_only: row.reduce_only.unwrap_or(false),
            fee: row.fee,
            fee_ccy: text(&row.fee_ccy),
        }
    }
}

/// The fill of an update, if it has one: without a trade id, or with size 0, there is none (OKX API v5, `orders`).
fn fill_of(row: &OrderUpdate<'_>) -> Option<FillRow> {
    let trade_id = row.trade_id.non_empty().filter(|id| *id != "0")?;
    Some(FillRow {
        inst_id: InstId::new(row.inst_id.as_str()),
        ord_id: OrdId::new(row.ord_id.as_str()),
        cl_ord_id: row.cl_ord_id.non_empty().map(ClOrdId::new),
        trade_id: TradeId::new(trade_id),
        side: row.side,
        px: row.fill_px?,
        sz: row.fill_sz.filter(|sz| sz.is_positive())?,
        commission: Commission::of_fee(row.fill_fee, &row.fill_fee_ccy),
        exec_type: row.exec_type,
        ts_ms: row.fill_time_ms.or(row.u_time_ms),
    })
}

impl From<&SprdOrder<'_>> for OrderRow {
    /// Fees of spreads are told per leg, with the trades.
    fn from(row: &SprdOrder<'_>) -> Self {
        let text = |text: &Text<'_>| text.as_str().to_owned();
        let fill = || {
            Some(FillRow {
                inst_id: InstId::new(row.sprd_id.as_str()),
                ord_id: OrdId::new(row.ord_id.as_str()),
                cl_ord_id: row.cl_ord_id.non_empty().map(ClOrdId::new),
                trade_id: TradeId::new(row.trade_id.non_empty()?),
                side: row.side,
                px: row.fill_px?,
                sz: row.fill_sz.filter(|sz| sz.is_positive())?,
                commission: None,
                exec_type: None,
                ts_ms: row.u_time_ms,
            })
        };
        Self {
            inst_id: text(&row.sprd_id),
            ord_id: text(&row.ord_id),
            cl_ord_id: text(&row.cl_ord_id),
            side: row.side,
            ord_type: row.ord_type.clone(),
            state: row.state,
            sz: row.sz,
            px: row.px,
            acc_fill_sz: row.acc_fill_sz,
            avg_px: row.avg_px.filter(|px| !px.is_zero()),
            fill: fill(),
            cancel_source: row.cancel_source.non_empty().map(CancelSource::from),
            req_id: text(&row.req_id),
            amend_result: row.amend_result.non_empty().map(AmendResult::from),
            code: text(&row.code),
            msg: text(&row.msg),
            c_time_ms: row.c_time_ms,
            u_time_ms: row.u_time_ms,
            ..Self::default()
        }
    }
}

impl From<&AlgoOrder<'_>> for AlgoRow {
    fn from(row: &AlgoOrder<'_>) -> Self {
        let text = |text: &Text<'_>| text.as_str().to_owned();
        let mut ord_ids: Vec<String> = row.ord_id_list.iter().map(text).collect();
        if let Some(id) = row.ord_id.non_empty().filter(|id| !ord_ids.iter().any(|o| o == id)) {
            ord_ids.push(id.to_owned());
        }
        ord_ids.retain(|id| !id.is_empty());
        Self {
            inst_id: text(&row.inst_id),
            algo_id: text(&row.algo_id),
            algo_cl_ord_id: text(&row.algo_cl_ord_id),
            state: row.state().ok(),
            state_text: text(&row.state_text),
            ord_ids,
            sz: row.sz,
            tp: (row.tp_trigger_px, row.tp_ord_px),
            sl: (row.sl_trigger_px, row.sl_ord_px),
            trigger_px: row.trigger_px.or(row.sl_trigger_px).or(row.tp_trigger_px),
            ord_px: row.ord_px.or(row.sl_ord_px).or(row.tp_ord_px),
            actual_side: text(&row.actual_side),
            fail_code: text(&row.fail_code),
            req_id: text(&row.req_id),
            amend_result: text(&row.amend_result),
            u_time_ms: row.u_time_ms,
        }
    }
}

/// What the `fills` channel tells: that something was filled. It has no fees and sums up trades, so it is a hint only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillHint {
    /// Order.
    pub ord_id: OrdId,
    /// The last trade of those summed up.
    pub trade_id: TradeId,
}

impl From<&Fill<'_>> for FillHint {
    fn from(row: &Fill<'_>) -> Self {
        Self { ord_id: OrdId::new(row.ord_id.as_str()), trade_id: TradeId::new(row.trade_id.as_str()) }
    }
}
