//! Strategy (algo) orders.

use okx_common::enums::{
    AlgoOrdType, AlgoState, InstType, PosSide, Side, TdMode, TgtCcy, TriggerPxType, UnknownValue,
};

use super::order::LinkedOrd;

row! {
    /// A row of `orders-algo` or `algo-advance`.
    ///
    /// `{"arg":{"channel":"orders-algo","uid":"77982378738415879","instType":"FUTURES"},"data":[{"actualPx":"0","actualSide":"",`
    /// `"actualSz":"0","algoClOrdId":"","algoId":"581878926302093312","attachAlgoOrds":[],"amendResult":"","cTime":`
    /// `"1685002746818","uTime":"1708679675245","instId":"BTC-USDC","instType":"SPOT","last":"26174.8","lever":"0","notionalUsd":`
    /// `"11.0","ordId":"","ordIdList":[],"ordPx":"","ordType":"conditional","posSide":"","reduceOnly":"false","side":"buy",`
    /// `"slOrdPx":"","slTriggerPx":"","state":"live","sz":"11","tdMode":"cross","tgtCcy":"quote_ccy","tpOrdPx":"-1",`
    /// `"tpTriggerPx":"1","tpTriggerPxType":"last",…}]}`
    pub struct AlgoOrder<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Margin currency.
            ccy,
            /// Order that was made last.
            ord_id,
            /// Strategy order id.
            algo_id,
            /// Client's order id.
            cl_ord_id,
            /// Client's id of the strategy order.
            algo_cl_ord_id,
            /// State as sent; read it by [`AlgoOrder::state`].
            #[serde(rename(deserialize = "state", serialize = "state"))]
            state_text,
            /// Tag.
            tag,
            /// What was triggered: `sl` or `tp`.
            actual_side,
            /// Error code of a failure.
            fail_code,
            /// How margin is borrowed.
            quick_mgn_type,
            /// Request id of the amendment that this answers.
            req_id,
            /// How the amendment ended.
            amend_result,
            /// Whether TP/SL prices follow the fill.
            amend_px_on_trigger_type,
            /// Quote currency that is traded.
            trade_quote_ccy,
            /// How `chase_val` is meant.
            chase_type,
            /// How `max_chase_val` is meant.
            max_chase_type,
            /// Whether currency is borrowed; `algo-advance` sends a boolean.
            is_trade_borrow_mode,
        }
        dec {
            /// Size.
            sz,
            /// Part of the position to close.
            close_fraction,
            /// Order price.
            ord_px,
            /// Leverage.
            lever,
            /// Last price when it was made.
            last,
            /// Value in USD.
            notional_usd,
            /// Trigger price.
            trigger_px,
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Take-profit order price, `-1` for a market order.
            tp_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Stop-loss order price, `-1` for a market order.
            sl_ord_px,
            /// Size that was traded.
            actual_sz,
            /// Price that was ordered.
            actual_px,
            /// Price distance as a ratio.
            px_var,
            /// Price distance.
            px_spread,
            /// Size of each order.
            sz_limit,
            /// Price limit.
            px_limit,
            /// Distance of a trailing order as a ratio.
            callback_ratio,
            /// Distance of a trailing order.
            callback_spread,
            /// Price that activates a trailing order.
            active_px,
            /// Trigger price of a trailing order.
            move_trigger_px,
            /// Distance of a chase order.
            chase_val,
            /// Largest distance of a chase order.
            max_chase_val,
        }
        ms {
            /// When it was made, Unix ms.
            #[serde(rename(deserialize = "cTime"))]
            c_time_ms,
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "pTime"))]
            p_time_ms,
            /// When it was triggered, Unix ms.
            #[serde(rename(deserialize = "triggerTime"))]
            trigger_time_ms,
        }
        int {
            /// Number of orders, algo-advance.
            count,
            /// Seconds between orders.
            time_interval,
        }
        flag {
            /// Whether it only reduces a position.
            reduce_only,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Kind of strategy.
            ord_type: AlgoOrdType,
            /// Side.
            side: Side,
            /// Side of the position.
            pos_side: PosSide,
            /// Trade mode.
            td_mode: TdMode,
            /// Unit of `sz` of spot market orders.
            tgt_ccy: TgtCcy,
            /// Price type of `trigger_px`.
            trigger_px_type: TriggerPxType,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// Order linked to this one.
            #[serde(borrow)]
            linked_ord: LinkedOrd<'a>,
        }
        list {
            /// Orders that were made.
            #[serde(borrow)]
            ord_id_list: crate::text::Text<'a>,
            /// Attached take-profit and stop-loss orders.
            #[serde(borrow)]
            attach_algo_ords: AttachAlgoOrd<'a>,
        }
    }
}

impl AlgoOrder<'_> {
    /// The state, never guessed.
    ///
    /// # Errors
    /// If OKX sent a state that is not documented: look the order up.
    pub fn state(&self) -> Result<AlgoState, UnknownValue> {
        self.state_text.parse()
    }
}

row! {
    /// An attached take-profit or stop-loss: `{"attachAlgoClOrdId":"tp1","tpTriggerPx":"110","tpOrdPx":"-1","slTriggerPx":"90",`
    /// `"slOrdPx":"-1","tpTriggerPxType":"last","slTriggerPxType":"last","sz":"1"}`.
    pub struct AttachAlgoOrd<'a> {
        text {
            /// Id.
            attach_algo_id,
            /// Client's id.
            attach_algo_cl_ord_id,
            /// `condition` or `limit`.
            tp_ord_kind,
            /// Whether prices follow the fill.
            amend_px_on_trigger_type,
            /// Error code of a failure.
            fail_code,
            /// Words for `fail_code`.
            fail_reason,
        }
        dec {
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Take-profit trigger as a ratio.
            tp_trigger_ratio,
            /// Take-profit order price.
            tp_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Stop-loss trigger as a ratio.
            sl_trigger_ratio,
            /// Stop-loss order price.
            sl_ord_px,
            /// Size.
            sz,
            /// Trailing distance as a ratio.
            callback_ratio,
            /// Trailing distance.
            callback_spread,
            /// Price that activates trailing.
            active_px,
        }
        opt {
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// Order linked to this one.
            #[serde(borrow)]
            linked_algo_ord: super::order::LinkedAlgoOrd<'a>,
        }
    }
}
