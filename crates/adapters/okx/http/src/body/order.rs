//! Rows of orders and fills (reference: OKX API v5, "Order Book Trading / Trade").

use okx_common::enums::{
    CancelSource, ExecType, InstType, OrdType, OrderCategory, OrderSource, OrderState, PosSide, PxType,
    QuickMgnType, Side, StpMode, TdMode, TgtCcy, TriggerPxType,
};

rows! {
    /// `GET /trade/order`, `/trade/orders-pending`, `/trade/orders-history`, `/trade/orders-history-archive`.
    Order {
        text {
            algo_cl_ord_id, algo_id, attach_algo_cl_ord_id, cancel_source_reason, ccy, cl_ord_id, fee_ccy, inst_id, ord_id,
            rebate_ccy, stp_id, tag, trade_id, trade_quote_ccy, outcome,
        }
        dec {
            acc_fill_sz, avg_px, fee, fill_px, fill_sz, lever, pnl, px, px_usd, px_vol, rebate, sl_ord_px, sl_trigger_px,
            sz, tp_ord_px, tp_trigger_px,
        }
        ms { c_time, u_time, fill_time }
        flag { is_tp_limit, reduce_only }
        opt {
            cancel_source: CancelSource, category: OrderCategory, inst_type: InstType, linked_algo_ord: LinkedAlgo,
            ord_type: OrdType, pos_side: PosSide, px_type: PxType, quick_mgn_type: QuickMgnType, side: Side,
            sl_trigger_px_type: TriggerPxType, source: OrderSource, state: OrderState, stp_mode: StpMode,
            td_mode: TdMode, tgt_ccy: TgtCcy, tp_trigger_px_type: TriggerPxType,
        }
        list { attach_algo_ords: Attached }
    }
    /// The strategy order that an [`Order`] belongs to.
    LinkedAlgo {
        text { algo_id }
    }
    /// A take profit or stop loss of an [`Order`].
    Attached {
        text {
            attach_algo_id, attach_algo_cl_ord_id, amend_px_on_trigger_type, fail_code, fail_reason, tp_ord_kind,
            callback_ratio, callback_spread, active_px,
        }
        dec { sl_ord_px, sl_trigger_px, sl_trigger_ratio, sz, tp_ord_px, tp_trigger_px, tp_trigger_ratio }
        opt { sl_trigger_px_type: TriggerPxType, tp_trigger_px_type: TriggerPxType, linked_algo_ord: LinkedAlgo }
    }
    /// `GET /trade/fills`, `/trade/fills-history`.
    Fill {
        text { bill_id, cl_ord_id, fee_ccy, inst_id, ord_id, sub_type, tag, trade_id, trade_quote_ccy }
        dec {
            fee, fee_rate, fill_fwd_px, fill_idx_px, fill_mark_px, fill_mark_vol, fill_pnl, fill_px, fill_px_usd,
            fill_px_vol, fill_sz,
        }
        ms { fill_time, ts }
        opt { exec_type: ExecType, inst_type: InstType, pos_side: PosSide, side: Side }
    }
    /// `POST /trade/close-position`.
    ClosePosition {
        text { cl_ord_id, inst_id, tag }
        opt { pos_side: PosSide }
    }
    /// `POST /trade/mass-cancel`, `/trade/cancel-all-after`, `/sprd/mass-cancel`, `/sprd/cancel-all-after`.
    MassCancel {
        text { tag }
        ms { trigger_time, ts }
        flag { result }
    }
    /// `GET /trade/account-rate-limit`.
    AccountRateLimit {
        dec { acc_rate_limit, fill_ratio, main_fill_ratio, next_acc_rate_limit }
        ms { ts }
    }
    /// `POST /trade/order-precheck`. `liq_px_diff` is a text since OKX documents it with 41 digits.
    Precheck {
        text { liab_chg_ccy, liq_px_diff, unit = "type" }
        dec {
            adj_eq, adj_eq_chg, avail_bal, avail_bal_chg, imr, imr_chg, liab, liab_chg, liq_px,
            liq_px_diff_ratio, mgn_ratio, mgn_ratio_chg, mmr, mmr_chg, pos_bal, pos_bal_chg,
        }
    }
}
