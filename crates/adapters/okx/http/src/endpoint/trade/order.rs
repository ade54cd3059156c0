//! Orders as they are, open and past.

use okx_common::{
    enums::{
        CancelSource, InstType, OrdType, OrderCategory, OrderSource, OrderState, PosSide, PxType,
        QuickMgnType, Side, StpMode, TdMode, TgtCcy, TriggerPxType,
    },
    ids::{ClOrdId, InstFamily, InstId, OrdId},
};

endpoint! {
    /// `GET /trade/order`: an order, by one of its ids; of several with the same client id the latest. Signed.
    GetOrder = "trade-order-get": Signed "/trade/order" -> Order {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Order id; wins over the other.
            ord_id: OrdId = "ordId",
            /// Client's order id.
            cl_ord_id: ClOrdId = "clOrdId",
        }
    }
}

endpoint! {
    /// `GET /trade/orders-pending`: the open orders, newest first. Signed.
    GetOrdersPending = "trade-orders-pending": Signed "/trade/orders-pending" -> Order {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Types, separated by commas.
            ord_type: String = "ordType",
            /// `live` or `partially_filled`.
            state: OrderState = "state",
            /// Only older ones than this order id.
            after: String = "after",
            /// Only newer ones than this order id.
            before: String = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /trade/orders-history`: orders that were completed in the last 7 days, newest first; those that were cancelled
    /// without a fill for 2 hours only. Signed.
    GetOrdersHistory = "trade-orders-history": Signed "/trade/orders-history" -> Order {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Types, separated by commas.
            ord_type: String = "ordType",
            /// `filled`, `canceled` or `mmp_canceled`.
            state: OrderState = "state",
            /// Category.
            category: OrderCategory = "category",
            /// Only older ones than this order id.
            after: String = "after",
            /// Only newer ones than this order id.
            before: String = "before",
            /// Made from then on, Unix ms.
            begin: u64 = "begin",
            /// Made until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /trade/orders-history-archive`: orders of the last 3 months, newest first, without those that were
    /// cancelled without a fill. Signed.
    GetOrdersHistoryArchive = "trade-orders-history-archive": Signed "/trade/orders-history-archive" -> Order {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Types, separated by commas.
            ord_type: String = "ordType",
            /// `filled`, `canceled` or `mmp_canceled`.
            state: OrderState = "state",
            /// Category.
            category: OrderCategory = "category",
            /// Only older ones than this order id.
            after: String = "after",
            /// Only newer ones than this order id.
            before: String = "before",
            /// Made from then on, Unix ms.
            begin: u64 = "begin",
            /// Made until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// An order as it is now.
    ///
    /// `{"accFillSz":"0","avgPx":"","cTime":"1618235248028","category":"normal","ccy":"","clOrdId":"","fee":"0","feeCcy":"BTC",`
    /// `"fillPx":"","fillSz":"0","fillTime":"","instId":"BTC-USDT","instType":"SPOT","lever":"5.6","ordId":"301835739059335168",`
    /// `"ordType":"limit","pnl":"0","posSide":"net","px":"59200","pxUsd":"","pxVol":"","pxType":"","rebate":"0",`
    /// `"rebateCcy":"USDT","side":"buy","attachAlgoClOrdId":"","slOrdPx":"","slTriggerPx":"","slTriggerPxType":"last",`
    /// `"attachAlgoOrds":[],"state":"live","stpId":"","stpMode":"","sz":"1","tag":"","tgtCcy":"","tdMode":"cross","source":"",`
    /// `"tpOrdPx":"","tpTriggerPx":"","tpTriggerPxType":"last","tradeId":"","reduceOnly":"false","quickMgnType":"",`
    /// `"algoClOrdId":"","algoId":"","uTime":"1618235248028","isTpLimit":"false"}`
    pub struct Order {
        text {
            /// Client's id of that strategy order.
            algo_cl_ord_id,
            /// Strategy order.
            algo_id,
            /// Client's id of the attached orders.
            attach_algo_cl_ord_id,
            /// Why OKX cancelled, in words.
            cancel_source_reason,
            /// Margin currency.
            ccy,
            /// Client's order id.
            cl_ord_id,
            /// Currency of `fee`.
            fee_ccy,
            /// Instrument.
            inst_id,
            /// Order.
            ord_id,
            /// Currency of `rebate`.
            rebate_ccy,
            /// Self-trade prevention id; deprecated by OKX.
            stp_id,
            /// Tag.
            tag,
            /// Trade of the last fill.
            trade_id,
            /// Quote currency that is traded.
            trade_quote_ccy,
            /// Outcome of an event contract that is traded.
            outcome,
        }
        dec {
            /// Size filled so far.
            acc_fill_sz,
            /// Average price; none while nothing is filled.
            avg_px,
            /// Fees so far: negative is paid.
            fee,
            /// Price of the last fill.
            fill_px,
            /// Size of the last fill.
            fill_sz,
            /// Leverage.
            lever,
            /// Profit so far.
            pnl,
            /// Price.
            px,
            /// Option price in USD.
            px_usd,
            /// Option price as volatility.
            px_vol,
            /// Rebates so far.
            rebate,
            /// Stop-loss order price.
            sl_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Size.
            sz,
            /// Take-profit order price.
            tp_ord_px,
            /// Take-profit trigger price.
            tp_trigger_px,
        }
        ms {
            /// When it was made, Unix ms.
            c_time_ms = "cTime",
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
            /// When the last fill happened, Unix ms.
            fill_time_ms = "fillTime",
        }
        flag {
            /// Whether it is the limit order of a take-profit.
            is_tp_limit,
            /// Whether it only reduces a position.
            reduce_only,
        }
        opt {
            /// Why it was cancelled.
            cancel_source: CancelSource,
            /// Category.
            category: OrderCategory,
            /// Kind of instrument.
            inst_type: InstType,
            /// Strategy order linked to this one.
            linked_algo_ord: LinkedAlgo,
            /// Type of the order.
            ord_type: OrdType,
            /// Side of the position.
            pos_side: PosSide,
            /// Type of the option price that was given: `px`, `pxVol`, `pxUsd`.
            px_type: PxType,
            /// How margin was borrowed.
            quick_mgn_type: QuickMgnType,
            /// Side.
            side: Side,
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// Where the order came from: trigger, TP/SL, …
            source: OrderSource,
            /// State; an unknown one spoils the row.
            state: OrderState,
            /// Self-trade prevention.
            stp_mode: StpMode,
            /// Trade mode.
            td_mode: TdMode,
            /// Unit of `sz` of spot market orders.
            tgt_ccy: TgtCcy,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
        }
        list {
            /// Attached take-profit and stop-loss orders.
            attach_algo_ords: AttachedOrder,
        }
    }
}

row! {
    /// The strategy order that an [`Order`] belongs to.
    pub struct LinkedAlgo {
        text {
            /// Strategy order.
            algo_id,
        }
    }
}

row! {
    /// A take profit, stop loss or trailing stop attached to an order.
    pub struct AttachedOrder {
        text {
            /// OKX's id.
            attach_algo_id,
            /// Client's id.
            attach_algo_cl_ord_id,
            /// Whether the stop loss moves to the cost price: `0` or `1`.
            amend_px_on_trigger_type,
            /// Error code of a failure.
            fail_code,
            /// Words for `fail_code`.
            fail_reason,
            /// Kind of the take profit: `condition` or `limit`.
            tp_ord_kind,
            /// Trailing distance as a ratio.
            callback_ratio,
            /// Trailing distance.
            callback_spread,
            /// Price that starts trailing.
            active_px,
        }
        dec {
            /// Stop-loss order price.
            sl_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Stop-loss trigger as a ratio.
            sl_trigger_ratio,
            /// Size.
            sz,
            /// Take-profit order price.
            tp_ord_px,
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Take-profit trigger as a ratio.
            tp_trigger_ratio,
        }
        opt {
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
            /// Strategy order linked to it.
            linked_algo_ord: LinkedAlgo,
        }
    }
}
