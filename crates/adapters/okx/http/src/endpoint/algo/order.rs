//! Strategy orders as they are, waiting and past.

use okx_common::{
    enums::{AlgoOrdType, AlgoState, InstType, PosSide, QuickMgnType, Side, TdMode, TgtCcy, TriggerPxType},
    ids::{AlgoClOrdId, AlgoId, InstId},
};

use super::super::trade::AttachedOrder;

endpoint! {
    /// `GET /trade/order-algo`: a strategy order, by one of its ids. Signed.
    GetAlgoOrder = "trade-order-algo-get": Signed "/trade/order-algo" -> AlgoOrder {
        optional {
            /// Strategy order id; wins over the other.
            algo_id: AlgoId = "algoId",
            /// Client's id.
            algo_cl_ord_id: AlgoClOrdId = "algoClOrdId",
        }
    }
}

endpoint! {
    /// `GET /trade/orders-algo-pending`: the waiting strategy orders of a type, newest first. Signed.
    GetAlgosPending = "trade-orders-algo-pending": Signed "/trade/orders-algo-pending" -> AlgoOrder {
        required {
            /// Type; only `conditional,oco` are two.
            ord_type: String = "ordType",
        }
        optional {
            /// Strategy order.
            algo_id: AlgoId = "algoId",
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Only older ones than this strategy order id.
            after: String = "after",
            /// Only newer ones than this strategy order id.
            before: String = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /trade/orders-algo-history`: the past strategy orders of a type, of 3 months, newest first. Either the state or
    /// the id must be given. Signed.
    GetAlgosHistory = "trade-orders-algo-history": Signed "/trade/orders-algo-history" -> AlgoOrder {
        required {
            /// Type; only `conditional,oco` are two.
            ord_type: String = "ordType",
        }
        optional {
            /// `effective`, `canceled` or `order_failed`.
            state: AlgoState = "state",
            /// Strategy order.
            algo_id: AlgoId = "algoId",
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Only older ones than this strategy order id.
            after: String = "after",
            /// Only newer ones than this strategy order id.
            before: String = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A strategy order as it is now.
    ///
    /// `{"activePx":"","actualPx":"","actualSide":"","actualSz":"0","algoClOrdId":"e847386590ce4dBC510e616e0438b78a",`
    /// `"algoId":"2017146754403004416","amendPxOnTriggerType":"0","attachAlgoOrds":[],"cTime":"1732618057878",`
    /// `"callbackRatio":"","callbackSpread":"","ccy":"","chaseType":"","chaseVal":"",`
    /// `"clOrdId":"e847386590ce4dBC510e616e0438b78a","closeFraction":"","failCode":"0","instId":"LTC-USDT-SWAP",`
    /// `"instType":"SWAP","isTradeBorrowMode":"","last":"90.2","lever":"3","linkedOrd":{"ordId":""},"maxChaseType":"",`
    /// `"maxChaseVal":"","moveTriggerPx":"","ordId":"","ordIdList":[],"ordPx":"","ordType":"conditional","posSide":"net",`
    /// `"pxLimit":"","pxSpread":"","pxVar":"","quickMgnType":"","reduceOnly":"false","side":"buy","slOrdPx":"-1",`
    /// `"slTriggerPx":"100","slTriggerPxType":"last","state":"live","sz":"1","szLimit":"","tag":"e847386590ce4dBC",`
    /// `"tdMode":"cross","tgtCcy":"","timeInterval":"","tpOrdPx":"","tpTriggerPx":"","tpTriggerPxType":"","triggerPx":"",`
    /// `"triggerPxType":"","triggerTime":"","uTime":"1732618057878"}`
    pub struct AlgoOrder {
        text {
            /// What was triggered: `sl` or `tp`.
            actual_side,
            /// How the triggered order is placed: `fok`, `ioc`, `chase`, or as an ordinary one.
            advance_ord_type,
            /// Of an iceberg: `radical`, `mid`, `conservative`.
            aggressiveness,
            /// Client's id of the strategy order.
            algo_cl_ord_id,
            /// Strategy order id.
            algo_id,
            /// Whether prices follow the fill.
            amend_px_on_trigger_type,
            /// Margin currency.
            ccy,
            /// How `chase_val` is meant: `distance` or `ratio`.
            chase_type,
            /// Client's order id; deprecated by OKX.
            cl_ord_id,
            /// Error code of a failure.
            fail_code,
            /// Instrument.
            inst_id,
            /// Whether currency is borrowed; `algo-advance` sends a boolean.
            is_trade_borrow_mode,
            /// How `max_chase_val` is meant.
            max_chase_type,
            /// Order that was made last.
            ord_id,
            /// Tag.
            tag,
            /// Quote currency that is traded.
            trade_quote_ccy,
            /// How many slices of an iceberg rest at a time.
            lmt_order_number,
            /// Outcome of an event contract that is traded.
            outcome,
        }
        dec {
            /// Price that activates trailing.
            active_px,
            /// Price that was ordered.
            actual_px,
            /// Size that was traded.
            actual_sz,
            /// Trailing distance as a ratio.
            callback_ratio,
            /// Trailing distance.
            callback_spread,
            /// Distance of a chase order.
            chase_val,
            /// Part of the position to close.
            close_fraction,
            /// Last price when it was made.
            last,
            /// Leverage.
            lever,
            /// Largest distance of a chase order.
            max_chase_val,
            /// Trigger price of a trailing order.
            move_trigger_px,
            /// Order price.
            ord_px,
            /// Price limit.
            px_limit,
            /// Price distance.
            px_spread,
            /// Price distance as a ratio.
            px_var,
            /// Stop-loss order price.
            sl_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Size.
            sz,
            /// Size of each order.
            sz_limit,
            /// Seconds between orders.
            time_interval,
            /// Take-profit order price.
            tp_ord_px,
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Trigger price.
            trigger_px,
        }
        ms {
            /// When it was made, Unix ms.
            c_time_ms = "cTime",
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
            /// When it was triggered, Unix ms.
            trigger_time_ms = "triggerTime",
        }
        flag {
            /// Whether it only reduces a position.
            reduce_only,
            /// Whether it is cancelled when the position is closed.
            cxl_on_close_pos,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Order linked to it.
            linked_ord: LinkedOrder,
            /// Kind of strategy.
            ord_type: AlgoOrdType,
            /// Side of the position.
            pos_side: PosSide,
            /// How margin is borrowed; deprecated by OKX.
            quick_mgn_type: QuickMgnType,
            /// Side.
            side: Side,
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// State; an unknown one spoils the row.
            state: AlgoState,
            /// Trade mode.
            td_mode: TdMode,
            /// Unit of `sz` of spot market orders.
            tgt_ccy: TgtCcy,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
            /// Price type of `trigger_px`.
            trigger_px_type: TriggerPxType,
        }
        list {
            /// How a triggered order chases the price.
            adv_chase_params: ChaseParams,
            /// Attached take-profit and stop-loss orders.
            attach_algo_ords: AttachedOrder,
            /// Orders that were made.
            ord_id_list: String,
            /// Strategy orders that it made.
            sub_algo_id_list: String,
            /// What starts an iceberg.
            trigger_params: TriggerParams,
        }
    }
}

row! {
    /// The order that an [`AlgoOrder`] made.
    pub struct LinkedOrder {
        text {
            /// Order.
            ord_id,
        }
    }
}

row! {
    /// How a triggered [`AlgoOrder`] chases the price.
    pub struct ChaseParams {
        text {
            /// How `chase_val` is meant: `distance` or `ratio`.
            chase_type,
            /// How `max_chase_val` is meant.
            max_chase_type,
        }
        dec {
            /// How far from the best price.
            chase_val,
            /// How far it follows.
            max_chase_val,
        }
    }
}

row! {
    /// What starts an [`AlgoOrder`].
    pub struct TriggerParams {
        text {
            /// `start` or `stop`.
            trigger_action,
            /// `instant`, `price` or `rsi`.
            trigger_strategy,
            /// Delay in seconds.
            delay_seconds,
            /// Length of the bars of the indicator.
            timeframe,
            /// `cross_up`, `cross_down`, …
            trigger_cond,
            /// Bars of the indicator.
            time_period,
        }
        dec {
            /// Threshold of the indicator.
            thold,
            /// Price that starts it.
            trigger_px,
        }
    }
}
