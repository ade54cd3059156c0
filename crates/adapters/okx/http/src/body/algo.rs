//! Rows of strategy orders (reference: OKX API v5, "Order Book Trading / Algo Trading").

use okx_common::enums::{
    AlgoOrdType, AlgoState, InstType, PosSide, QuickMgnType, Side, TdMode, TgtCcy, TriggerPxType,
};

rows! {
    /// `POST /trade/order-algo`, `/trade/cancel-algos`, `/trade/amend-algos`: the result of one order.
    AlgoResult {
        text { algo_id, algo_cl_ord_id, cl_ord_id, req_id, s_code, s_msg, tag }
    }
    /// `GET /trade/order-algo`, `/trade/orders-algo-pending`, `/trade/orders-algo-history`.
    AlgoOrder {
        text {
            actual_side, advance_ord_type, aggressiveness, algo_cl_ord_id, algo_id, amend_px_on_trigger_type, ccy,
            chase_type, cl_ord_id, fail_code, inst_id, is_trade_borrow_mode, max_chase_type, ord_id, tag,
            trade_quote_ccy, lmt_order_number, outcome,
        }
        dec {
            active_px, actual_px, actual_sz, callback_ratio, callback_spread, chase_val, close_fraction, last, lever,
            max_chase_val, move_trigger_px, ord_px, px_limit, px_spread, px_var, sl_ord_px, sl_trigger_px, sz, sz_limit,
            time_interval, tp_ord_px, tp_trigger_px, trigger_px,
        }
        ms { c_time, u_time, trigger_time }
        flag { reduce_only, cxl_on_close_pos }
        opt {
            inst_type: InstType, linked_ord: LinkedOrder, ord_type: AlgoOrdType, pos_side: PosSide,
            quick_mgn_type: QuickMgnType, side: Side, sl_trigger_px_type: TriggerPxType, state: AlgoState,
            td_mode: TdMode, tgt_ccy: TgtCcy, tp_trigger_px_type: TriggerPxType, trigger_px_type: TriggerPxType,
        }
        list {
            adv_chase_params: ChaseParams, attach_algo_ords: super::order::Attached, ord_id_list: String,
            sub_algo_id_list: String, trigger_params: TriggerParams,
        }
    }
    /// The order that an [`AlgoOrder`] made.
    LinkedOrder {
        text { ord_id }
    }
    /// How an [`AlgoOrder`] chases the price.
    ChaseParams {
        text { chase_type, max_chase_type }
        dec { chase_val, max_chase_val }
    }
    /// What triggers an iceberg [`AlgoOrder`].
    TriggerParams {
        text { trigger_action, trigger_strategy, delay_seconds, timeframe, trigger_cond, time_period }
        dec { thold, trigger_px }
    }
}
