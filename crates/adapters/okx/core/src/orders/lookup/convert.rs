//! REST rows as what the tracker and the account keep.

use okx_common::{
    decimal::Decimal,
    ids::{Ccy, ClOrdId, InstId, OrdId, TradeId},
};
use okx_http::endpoint::{
    account::{CcyBalance, Position},
    algo::AlgoOrder,
    spread::{SpreadFill, SpreadOrder},
    trade::{Fill, Order},
};

use crate::orders::{
    account::{BalanceRow, PositionRow},
    row::{AlgoRow, Commission, FillRow, OrderRow},
};

/// A fill of which OKX does not say what is needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fill of order {ord_id} has no {what}")]
pub struct NotAFill {
    /// The order, if it says.
    ord_id: String,
    /// What is missing.
    what: &'static str,
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

impl From<&Order> for OrderRow {
    /// REST shows the last fill without its fee: fills come from the lists of fills.
    fn from(row: &Order) -> Self {
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: text(row.inst_id.as_ref()),
            ord_id: text(row.ord_id.as_ref()),
            cl_ord_id: text(row.cl_ord_id.as_ref()),
            algo_id: text(row.algo_id.as_ref()),
            algo_cl_ord_id: text(row.algo_cl_ord_id.as_ref()),
            side: row.side,
            ord_type: row.ord_type.clone(),
            state: row.state,
            sz: row.sz,
            px: row.px,
            acc_fill_sz: row.acc_fill_sz,
            avg_px: row.avg_px.filter(|px| !px.is_zero()),
            fill: None,
            cancel_source: row.cancel_source.clone(),
            cancel_reason: text(row.cancel_source_reason.as_ref()),
            req_id: String::new(),
            amend_result: None,
            code: String::new(),
            msg: String::new(),
            c_time_ms: row.c_time_ms,
            u_time_ms: row.u_time_ms,
            reduce_only: row.reduce_only.unwrap_or(false),
            fee: row.fee,
            fee_ccy: text(row.fee_ccy.as_ref()),
        }
    }
}

impl From<&SpreadOrder> for OrderRow {
    fn from(row: &SpreadOrder) -> Self {
        Self {
            inst_id: text(row.sprd_id.as_ref()),
            ord_id: text(row.ord_id.as_ref()),
            cl_ord_id: text(row.cl_ord_id.as_ref()),
            side: row.side,
            ord_type: row.ord_type.clone(),
            state: row.state,
            sz: row.sz,
            px: row.px,
            acc_fill_sz: row.acc_fill_sz,
            avg_px: row.avg_px.filter(|px| !px.is_zero()),
            cancel_source: row.cancel_source.as_deref().map(Into::into),
            c_time_ms: row.c_time_ms,
            u_time_ms: row.u_time_ms,
            ..Self::default()
        }
    }
}

impl From<&AlgoOrder> for AlgoRow {
    fn from(row: &AlgoOrder) -> Self {
        let mut ord_ids = row.ord_id_list.clone();
        if let Some(id) = row.ord_id.as_ref().filter(|id| !ord_ids.contains(id)) {
            ord_ids.push(id.clone());
        }
        ord_ids.retain(|id| !id.is_empty());
        Self {
            inst_id: text(row.inst_id.as_ref()),
            algo_id: text(row.algo_id.as_ref()),
            algo_cl_ord_id: text(row.algo_cl_ord_id.as_ref()),
            state: row.state,
            state_text: row.state.map_or_else(String::new, |state| state.to_string()),
            ord_ids,
            sz: row.sz,
            tp: (row.tp_trigger_px, row.tp_ord_px),
            sl: (row.sl_trigger_px, row.sl_ord_px),
            trigger_px: row.trigger_px.or(row.sl_trigger_px).or(row.tp_trigger_px),
            ord_px: row.ord_px.or(row.sl_ord_px).or(row.tp_ord_px),
            actual_side: text(row.actual_side.as_ref()),
            fail_code: text(row.fail_code.as_ref()),
            req_id: String::new(),
            amend_result: String::new(),
            u_time_ms: row.u_time_ms,
        }
    }
}

impl TryFrom<&Fill> for FillRow {
    type Error = NotAFill;

    fn try_from(row: &Fill) -> Result<Self, NotAFill> {
        let not = |what| NotAFill { ord_id: text(row.ord_id.as_ref()), what };
        Ok(Self {
            inst_id: InstId::new(row.inst_id.as_deref().ok_or_else(|| not("instrument"))?),
            // Those of block trades have none.
            ord_id: OrdId::new(row.ord_id.as_deref().unwrap_or_default()),
            cl_ord_id: row.cl_ord_id.as_deref().map(ClOrdId::new),
            trade_id: TradeId::new(row.trade_id.as_deref().ok_or_else(|| not("trade id"))?),
            side: row.side,
            px: row.fill_px.ok_or_else(|| not("price"))?,
            sz: row.fill_sz.ok_or_else(|| not("size"))?,
            commission: Commission::of_fee(row.fee, row.fee_ccy.as_deref().unwrap_or_default()),
            exec_type: row.exec_type,
            ts_ms: row.fill_time_ms.or(row.ts_ms),
        })
    }
}

impl TryFrom<&SpreadFill> for FillRow {
    type Error = NotAFill;

    /// Fees are told per leg; they are the fill's if all are in one currency.
    fn try_from(row: &SpreadFill) -> Result<Self, NotAFill> {
        let not = |what| NotAFill { ord_id: text(row.ord_id.as_ref()), what };
        let mut ccys = row.legs.iter().filter(|leg| leg.fee.is_some()).map(|leg| leg.fee_ccy.as_deref());
        let ccy = ccys.next().flatten().filter(|first| ccys.all(|ccy| ccy == Some(first)));
        let fees = row.legs.iter().filter_map(|leg| leg.fee);
        let fee =
            ccy.and_then(|_| fees.into_iter().try_fold(Decimal::ZERO, |sum, fee| sum.checked_add(fee).ok()));
        Ok(Self {
            inst_id: InstId::new(row.sprd_id.as_deref().ok_or_else(|| not("spread"))?),
            ord_id: OrdId::new(row.ord_id.as_deref().ok_or_else(|| not("order id"))?),
            cl_ord_id: row.cl_ord_id.as_deref().map(ClOrdId::new),
            trade_id: TradeId::new(row.trade_id.as_deref().ok_or_else(|| not("trade id"))?),
            side: row.side,
            px: row.fill_px.ok_or_else(|| not("price"))?,
            sz: row.fill_sz.ok_or_else(|| not("size"))?,
            commission: Commission::of_fee(fee, ccy.unwrap_or_default()),
            exec_type: row.exec_type,
            ts_ms: row.ts_ms,
        })
    }
}

impl BalanceRow {
    /// A balance of `/account/balance`; `None` if it does not say of what.
    #[must_use]
    pub fn of(row: &CcyBalance) -> Option<Self> {
        Some(Self {
            ccy: Ccy::new(row.ccy.as_deref()?),
            cash_bal: row.cash_bal,
            eq: row.eq,
            avail_bal: row.avail_bal,
            avail_eq: row.avail_eq,
            frozen_bal: row.frozen_bal,
            ord_frozen: row.ord_frozen,
            upl: row.upl,
            liab: row.liab,
            imr: row.imr,
            mmr: row.mmr,
            u_time_ms: row.u_time_ms,
        })
    }
}

impl From<&Position> for PositionRow {
    fn from(row: &Position) -> Self {
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: InstId::new(row.inst_id.as_deref().unwrap_or_default()),
            mgn_mode: row.mgn_mode.clone(),
            pos_side: row.pos_side,
            pos_id: text(row.pos_id.as_ref()),
            pos: row.pos,
            pos_ccy: text(row.pos_ccy.as_ref()),
            ccy: text(row.ccy.as_ref()),
            avg_px: row.avg_px,
            imr: row.imr,
            margin: row.margin,
            mmr: row.mmr,
            lever: row.lever,
            u_time_ms: row.u_time_ms,
        }
    }
}
