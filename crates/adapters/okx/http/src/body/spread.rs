//! Rows of own spread trading (reference: OKX API v5, "Spread Trading").

use okx_common::enums::{ExecType, OrdType, OrderState, Side};

rows! {
    /// `GET /sprd/order`, `/sprd/orders-pending`, `/sprd/orders-history`, `/sprd/orders-history-archive`.
    SpreadOrder {
        text { cancel_source, cl_ord_id, ord_id, sprd_id, tag, trade_id, inst_id }
        dec {
            acc_fill_sz, avg_px, canceled_sz, fill_px, fill_sz, pending_fill_sz, pending_settle_sz, px, sz,
        }
        ms { c_time, u_time }
        opt { ord_type: OrdType, side: Side, state: OrderState }
    }
    /// `GET /sprd/trades`.
    SpreadFill {
        text { cl_ord_id, code, msg, ord_id, sprd_id, state, tag, trade_id }
        dec { fill_px, fill_sz }
        ms { ts }
        opt { exec_type: ExecType, side: Side }
        list { legs: SpreadFillLeg }
    }
    /// A leg of [`SpreadFill`].
    SpreadFillLeg {
        text { fee_ccy, inst_id, trade_id }
        dec { fee, fill_pnl, px, sz, sz_cont }
        opt { side: Side }
    }
}
