//! Own orders.

use okx_common::enums::{
    AmendResult, AmendSource, CancelSource, ExecType, InstType, OrdType, OrderCategory, OrderState, PosSide,
    Side, StpMode, TdMode, TgtCcy,
};

use super::algo::AttachAlgoOrd;

row! {
    /// A row of `orders`. The `fill…` fields, `trade_id` and `exec_type` describe this update's fill alone.
    ///
    /// `{"arg":{"channel":"orders","instType":"SPOT","instId":"BTC-USDT","uid":"614488474791936"},"data":[{"accFillSz":"0.001",`
    /// `"algoClOrdId":"","algoId":"","amendResult":"","amendSource":"","avgPx":"31527.1","cancelSource":"","category":"normal",`
    /// `"ccy":"","clOrdId":"","code":"0","cTime":"1654084334977","execType":"M","fee":"-0.02522168","feeCcy":"USDT",`
    /// `"fillFee":"-0.02522168","fillFeeCcy":"USDT","fillNotionalUsd":"31.50818374","fillPx":"31527.1","fillSz":"0.001",`
    /// `"fillPnl":"0.01","fillTime":"1654084353263","instId":"BTC-USDT","instType":"SPOT","lever":"0","msg":"",`
    /// `"notionalUsd":"31.50818374","ordId":"452197707845865472","ordType":"limit","pnl":"0","posSide":"","px":"31527.1",`
    /// `"rebate":"0","rebateCcy":"BTC","reduceOnly":"false","reqId":"","side":"sell","source":"","state":"filled","stpMode":"",`
    /// `"sz":"0.001","tag":"","tdMode":"cash","tgtCcy":"","attachAlgoOrds":[],"tradeId":"242589207","tradeQuoteCcy":"USDT",`
    /// `"lastPx":"38892.2","uTime":"1654084353264","isTpLimit":"false","linkedAlgoOrd":{"algoId":""}}]}`
    pub struct OrderUpdate<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Margin currency.
            ccy,
            /// Order id.
            ord_id,
            /// Client's order id.
            cl_ord_id,
            /// Tag.
            tag,
            /// Trade of this update.
            trade_id,
            /// Currency of this update's fee.
            fill_fee_ccy,
            /// Currency of `fee`.
            fee_ccy,
            /// Currency of `rebate`.
            rebate_ccy,
            /// Strategy order that made it.
            algo_id,
            /// Client's id of that strategy order.
            algo_cl_ord_id,
            /// Client's id of the attached orders.
            attach_algo_cl_ord_id,
            /// Request id of the amendment that this answers.
            req_id,
            /// Where the order came from: trigger, TP/SL, …
            source,
            /// Error of an amendment.
            code,
            /// Words for `code`.
            msg,
            /// Quote currency that is traded.
            trade_quote_ccy,
            /// Outcome of an event contract that is traded.
            outcome,
            /// Type of the option price that was given: `px`, `pxVol`, `pxUsd`.
            px_type,
            /// How margin was borrowed.
            quick_mgn_type,
            /// Self-trade prevention id; deprecated by OKX.
            stp_id,
            /// Why OKX cancelled, in words.
            cancel_source_reason,
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type,
        }
        dec {
            /// Price.
            px,
            /// Option price in USD.
            px_usd,
            /// Option price as volatility.
            px_vol,
            /// Size.
            sz,
            /// Value in USD.
            notional_usd,
            /// Price of this fill.
            fill_px,
            /// Size of this fill.
            fill_sz,
            /// Profit of this fill.
            fill_pnl,
            /// Fee of this fill: negative is paid.
            fill_fee,
            /// Volatility of this fill.
            fill_px_vol,
            /// USD price of this fill.
            fill_px_usd,
            /// Mark volatility at this fill.
            fill_mark_vol,
            /// Forward price at this fill.
            fill_fwd_px,
            /// Mark price at this fill.
            fill_mark_px,
            /// Index price at this fill.
            fill_idx_px,
            /// USD value filled so far.
            fill_notional_usd,
            /// Size filled so far.
            acc_fill_sz,
            /// Average price; `0` while nothing is filled.
            avg_px,
            /// Leverage.
            lever,
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Take-profit order price.
            tp_ord_px,
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Stop-loss order price.
            sl_ord_px,
            /// Fees so far: negative is paid.
            fee,
            /// Rebates so far.
            rebate,
            /// Profit so far.
            pnl,
            /// Last traded price.
            last_px,
            /// Slippage limit.
            slippage,
        }
        ms {
            /// When it was made, Unix ms.
            #[serde(rename(deserialize = "cTime"))]
            c_time_ms,
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
            /// When this fill happened, Unix ms.
            #[serde(rename(deserialize = "fillTime"))]
            fill_time_ms,
        }
        flag {
            /// Whether it only reduces a position.
            reduce_only,
            /// Whether it is the limit order of a take-profit.
            is_tp_limit,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Type of the order.
            ord_type: OrdType,
            /// Side.
            side: Side,
            /// Side of the position.
            pos_side: PosSide,
            /// Trade mode.
            td_mode: TdMode,
            /// Unit of `sz` of spot market orders.
            tgt_ccy: TgtCcy,
            /// State; an unknown one skips the row with an error.
            state: OrderState,
            /// Maker or taker, of this fill.
            exec_type: ExecType,
            /// Category.
            category: OrderCategory,
            /// Why it was cancelled.
            cancel_source: CancelSource,
            /// Who amended it.
            amend_source: AmendSource,
            /// How the amendment ended.
            amend_result: AmendResult,
            /// Self-trade prevention.
            stp_mode: StpMode,
            /// Strategy order linked to this one.
            #[serde(borrow)]
            linked_algo_ord: LinkedAlgoOrd<'a>,
        }
        list {
            /// Attached take-profit and stop-loss orders.
            #[serde(borrow)]
            attach_algo_ords: AttachAlgoOrd<'a>,
        }
    }
}

row! {
    /// `"linkedAlgoOrd":{"algoId":""}`.
    pub struct LinkedAlgoOrd<'a> {
        text {
            /// Strategy order.
            algo_id,
        }
    }
}

row! {
    /// `"linkedOrd":{"ordId":""}`.
    pub struct LinkedOrd<'a> {
        text {
            /// Order.
            ord_id,
        }
    }
}
