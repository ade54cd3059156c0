//! Options.

use okx_common::{
    enums::{InstType, OptType, Side},
    ids::{InstFamily, InstId, TradeId},
};

endpoint! {
    /// `GET /public/opt-summary`: greeks and volatilities of the options of a family.
    GetOptSummary = "public-opt-summary": Public "/public/opt-summary" -> OptSummary {
        required {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
        }
        optional {
            /// Expiry as `YYMMDD`.
            exp_time: String = "expTime",
        }
    }
}

row! {
    /// Greeks and volatilities of an option. Those that are listed but cannot be traded may be missing.
    ///
    /// `{"instType":"OPTION","instId":"BTC-USD-200103-5500-C","uly":"BTC-USD","delta":"0.7494223636","gamma":"-0.6765419039",`
    /// `"theta":"-0.0000809873","vega":"0.0000077307","deltaBS":"0.7494223636","gammaBS":"-0.6765419039","thetaBS":`
    /// `"-0.0000809873","vegaBS":"0.0000077307","realVol":"0","bidVol":"","askVol":"1.5625","markVol":"0.9987","lever":`
    /// `"4.0342","fwdPx":"39016.8143629068452065","volLv":"0","ts":"1597026383085"}`
    pub struct OptSummary {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        text {
            /// Underlying.
            uly,
        }
        dec {
            /// Delta, in coins.
            delta,
            /// Gamma, in coins.
            gamma,
            /// Theta, in coins.
            theta,
            /// Vega, in coins.
            vega,
            /// Delta, in dollars.
            delta_bs = "deltaBS",
            /// Gamma, in dollars.
            gamma_bs = "gammaBS",
            /// Theta, in dollars.
            theta_bs = "thetaBS",
            /// Vega, in dollars.
            vega_bs = "vegaBS",
            /// Realised volatility (not computed by OKX today).
            real_vol,
            /// Volatility of the best bid.
            bid_vol,
            /// Volatility of the best ask.
            ask_vol,
            /// Volatility of the mark price.
            mark_vol,
            /// Implied volatility of the at-the-money options.
            vol_lv,
            /// Leverage.
            lever,
            /// Forward price.
            fwd_px,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

endpoint! {
    /// `GET /public/option-trades`: the last trades of options. Give the instrument or the family.
    GetOptionTrades = "public-option-trades": Public "/public/option-trades" -> OptionTrade {
        optional {
            /// One instrument.
            inst_id: InstId = "instId",
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Calls or puts.
            opt_type: OptType = "optType",
        }
    }
}

row! {
    /// A trade of an option.
    ///
    /// `{"fillVol":"0.24415013671875","fwdPx":"16676.907614127158","idxPx":"16667","instFamily":"BTC-USD","instId":`
    /// `"BTC-USD-221230-16600-P","markPx":"0.006308943261227884","optType":"P","px":"0.005","side":"sell","sz":"30","tradeId":`
    /// `"65","ts":"1672225112048"}`
    pub struct OptionTrade {
        req {
            /// Instrument.
            inst_id: InstId,
            /// Trade id.
            trade_id: TradeId,
        }
        text {
            /// Instrument family.
            inst_family,
        }
        dec {
            /// Price.
            px,
            /// Size, contracts.
            sz,
            /// Implied volatility of the trade.
            fill_vol,
            /// Forward price.
            fwd_px,
            /// Index price.
            idx_px,
            /// Mark price.
            mark_px,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Side of the taker.
            side: Side,
            /// Call or put.
            opt_type: OptType,
        }
    }
}
