//! Spread trading. Prices may be negative or zero.

use okx_common::enums::{ExecType, OrdType, OrderState, Side};

row! {
    /// A row of `sprd-tickers`.
    ///
    /// `{"arg":{"channel":"sprd-tickers","sprdId":"BTC-USDT_BTC-USDT-SWAP"},"data":[{"sprdId":"BTC-USDT_BTC-USDT-SWAP","last":"4",`
    /// `"lastSz":"0.01","askPx":"19.7","askSz":"5.79","bidPx":"5.9","bidSz":"5.79","open24h":"-7","high24h":"19.6","low24h":"-7",`
    /// `"vol24h":"9.87","ts":"1715247061026"}]}`
    pub struct SprdTicker<'a> {
        text {
            /// Spread.
            sprd_id,
        }
        dec {
            /// Last price.
            last,
            /// Size of the last trade.
            last_sz,
            /// Best ask.
            ask_px,
            /// Size at the best ask.
            ask_sz,
            /// Best bid.
            bid_px,
            /// Size at the best bid.
            bid_sz,
            /// Price 24 hours ago.
            open24h,
            /// Highest price of 24 hours.
            high24h,
            /// Lowest price of 24 hours.
            low24h,
            /// Volume of 24 hours.
            vol24h,
        }
        ms {
            /// When it was generated, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
    }
}

row! {
    /// A row of `sprd-public-trades`.
    ///
    /// `{"arg":{"channel":"sprd-public-trades","sprdId":"BTC-USDT_BTC-USDT-SWAP"},"data":[{"sprdId":"BTC-USDT_BTC-USDT-SWAP",`
    /// `"tradeId":"2499206329160695808","px":"-10","sz":"0.001","side":"sell","ts":"1726801105519"}]}`
    pub struct SprdTrade<'a> {
        text {
            /// Spread.
            sprd_id,
            /// Trade id.
            trade_id,
        }
        dec {
            /// Price.
            px,
            /// Size.
            sz,
        }
        ms {
            /// When it happened, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Side of the taker.
            side: Side,
        }
    }
}

row! {
    /// A row of `sprd-orders`.
    ///
    /// `{"arg":{"channel":"sprd-orders","sprdId":"BTC-USDT_BTC-USDT-SWAP","uid":"614488474791936"},"data":[{"sprdId":`
    /// `"BTC-USDT_BTC-UST-SWAP","ordId":"312269865356374016","clOrdId":"b1","tag":"","px":"999","sz":"3","ordType":"limit","side":`
    /// `"buy","fillSz":"0","fillPx":"","tradeId":"","accFillSz":"0","pendingFillSz":"2","pendingSettleSz":"1","canceledSz":"1",`
    /// `"state":"live","avgPx":"0","cancelSource":"","uTime":"1597026383085","cTime":"1597026383085","code":"0","msg":"",`
    /// `"reqId":"","amendResult":""}]}`
    pub struct SprdOrder<'a> {
        text {
            /// Spread.
            sprd_id,
            /// Order id.
            ord_id,
            /// Client's order id.
            cl_ord_id,
            /// Tag.
            tag,
            /// Trade of this update.
            trade_id,
            /// Why it was cancelled.
            cancel_source,
            /// Error code.
            code,
            /// Words for `code`.
            msg,
            /// Request id of the amendment that this answers.
            req_id,
            /// How the amendment ended.
            amend_result,
        }
        dec {
            /// Price.
            px,
            /// Size.
            sz,
            /// Size of this fill.
            fill_sz,
            /// Price of this fill.
            fill_px,
            /// Size filled so far.
            acc_fill_sz,
            /// Size that is live.
            pending_fill_sz,
            /// Size matched and being settled.
            pending_settle_sz,
            /// Size cancelled.
            canceled_sz,
            /// Average price.
            avg_px,
        }
        ms {
            /// When it was made, Unix ms.
            #[serde(rename(deserialize = "cTime"))]
            c_time_ms,
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
        }
        opt {
            /// Type of the order.
            ord_type: OrdType,
            /// Side.
            side: Side,
            /// State; an unknown one skips the row with an error.
            state: OrderState,
        }
    }
}

row! {
    /// A row of `sprd-trades`.
    ///
    /// `{"arg":{"channel":"sprd-trades","sprdId":"BTC-USDT_BTC-USDT-SWAP","uid":"614488474791936"},"data":[{"sprdId":`
    /// `"BTC-USDT-SWAP_BTC-USDT-200329","tradeId":"123","ordId":"123445","clOrdId":"b16","tag":"","fillPx":"999","fillSz":"3",`
    /// `"state":"filled","side":"buy","execType":"M","ts":"1597026383085","legs":[{"instId":"BTC-USDT-SWAP","px":"20000","sz":"3",`
    /// `"szCont":"0.03","side":"buy","fee":"","feeCcy":"","tradeId":"1232342342"}],"code":"","msg":""}]}`
    pub struct SprdTradeFill<'a> {
        text {
            /// Spread.
            sprd_id,
            /// Trade id.
            trade_id,
            /// Order id.
            ord_id,
            /// Client's order id.
            cl_ord_id,
            /// Tag.
            tag,
            /// `filled` or `rejected`.
            state,
            /// Error code.
            code,
            /// Words for `code`.
            msg,
        }
        dec {
            /// Price.
            fill_px,
            /// Size.
            fill_sz,
        }
        ms {
            /// When it happened, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Side.
            side: Side,
            /// Maker or taker.
            exec_type: ExecType,
        }
        list {
            /// The legs; fees are per leg.
            #[serde(borrow)]
            legs: SprdLeg<'a>,
        }
    }
}

row! {
    /// A leg of a [`SprdTradeFill`].
    pub struct SprdLeg<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Trade id of the leg.
            trade_id,
            /// Currency of the fee.
            fee_ccy,
        }
        dec {
            /// Price.
            px,
            /// Size.
            sz,
            /// Size in contracts.
            sz_cont,
            /// Profit.
            fill_pnl,
            /// Fee: negative is paid.
            fee,
        }
        opt {
            /// Side.
            side: Side,
        }
    }
}
