//! Prices and rates that go with the markets.

use okx_common::{
    decimal::Decimal,
    enums::{
        AuctionState, FormulaType, FundingMethod, InstType, MaintenanceEnv, MaintenanceState,
        MaintenanceType, PosSide, ServiceType, SettState, SettleType, Side,
    },
};

use crate::text::Text;

/// A row of `mark-price`.
///
/// `{"arg":{"channel":"mark-price","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","instType":"SWAP",`
/// `"markPx":"84093.5","ts":"1790439596588"}]}`
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MarkPrice<'a> {
    /// `SWAP`, `FUTURES`, `MARGIN`, `OPTION`.
    pub inst_type: Text<'a>,
    /// Instrument.
    pub inst_id: Text<'a>,
    /// Mark price.
    pub mark_px: Decimal,
    /// When it was computed, Unix ms.
    pub ts_ms: u64,
}

/// A row of `index-tickers`.
///
/// `{"arg":{"channel":"index-tickers","instId":"BTC-USD"},"data":[{"instId":"BTC-USD","idxPx":"91474.5","open24h":"88963.2",`
/// `"high24h":"92291.1","low24h":"87742.8","sodUtc0":"90397.5","sodUtc8":"89557.9","ts":"1765201257005"}]}`
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct IndexTicker<'a> {
    /// The index: `BTC-USD`.
    pub inst_id: Text<'a>,
    /// Index price.
    pub idx_px: Decimal,
    /// Price 24 hours ago.
    pub open24h: Option<Decimal>,
    /// Highest price of 24 hours.
    pub high24h: Option<Decimal>,
    /// Lowest price of 24 hours.
    pub low24h: Option<Decimal>,
    /// Price at the start of the day, UTC.
    pub sod_utc0: Option<Decimal>,
    /// Price at the start of the day, UTC+8.
    pub sod_utc8: Option<Decimal>,
    /// When it was computed, Unix ms.
    pub ts_ms: u64,
}

row! {
    /// A row of `funding-rate`.
    ///
    /// `{"arg":{"channel":"funding-rate","instId":"BTC-USD-SWAP"},"data":[{"formulaType":"noRate","fundingRate":`
    /// `"0.0000348910984198","fundingTime":"1744590349506","impactValue":"","instId":"BTC-USD-SWAP","instType":"SWAP",`
    /// `"interestRate":"","method":"current_period","maxFundingRate":"0.00375","minFundingRate":"-0.00375","nextFundingRate":"",`
    /// `"nextFundingTime":"1744590349506","premium":"","settFundingRate":"0.0001","settState":"settled","ts":"1744590349506"}]}`
    pub struct FundingRate<'a> {
        text {
            /// Instrument.
            inst_id,
        }
        dec {
            /// The rate of the running period.
            funding_rate,
            /// The rate of the next period; empty for `current_period`.
            next_funding_rate,
            /// Lower bound.
            min_funding_rate,
            /// Upper bound.
            max_funding_rate,
            /// Interest rate.
            interest_rate,
            /// Depth-weighted amount.
            impact_value,
            /// The rate being settled, or settled last.
            sett_funding_rate,
            /// Premium index.
            premium,
        }
        ms {
            /// When `funding_rate` is settled, Unix ms.
            #[serde(rename(deserialize = "fundingTime"))]
            funding_time_ms,
            /// When the next one is settled, Unix ms.
            #[serde(rename(deserialize = "nextFundingTime"))]
            next_funding_time_ms,
            /// When the one before was settled, Unix ms.
            #[serde(rename(deserialize = "prevFundingTime"))]
            prev_funding_time_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// How the rate is charged.
            method: FundingMethod,
            /// The formula.
            formula_type: FormulaType,
            /// State of the settlement.
            sett_state: SettState,
        }
    }
}

row! {
    /// A row of `open-interest`.
    ///
    /// `{"arg":{"channel":"open-interest","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","instType":"SWAP",`
    /// `"oi":"2216113.01000000309","oiCcy":"22161.1301000000309","oiUsd":"1939251795.54769270396321","ts":"1743041250440"}]}`
    pub struct OpenInterest<'a> {
        text {
            /// Instrument.
            inst_id,
        }
        dec {
            /// In contracts.
            oi,
            /// In currency.
            oi_ccy,
            /// In USD.
            oi_usd,
        }
        ms {
            /// When it was computed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

row! {
    /// A row of `price-limit`.
    ///
    /// `{"arg":{"channel":"price-limit","instId":"ETH-USDT"},"data":[{"instId":"LTC-USD-190628","buyLmt":"200",`
    /// `"sellLmt":"300","ts":"1597026383085","enabled":true}]}`
    pub struct PriceLimit<'a> {
        text {
            /// Instrument.
            inst_id,
        }
        dec {
            /// The highest price of a buy order; `None` where no limit is in force.
            buy_lmt,
            /// The lowest price of a sell order; `None` where no limit is in force.
            sell_lmt,
        }
        ms {
            /// When it was computed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        flag {
            /// Whether the limits are in force.
            enabled,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

row! {
    /// A row of `opt-summary`.
    ///
    /// `{"arg":{"channel":"opt-summary","instFamily":"BTC-USD"},"data":[{"instType":"OPTION","instId":"BTC-USD-200103-5500-C",`
    /// `"uly":"BTC-USD","delta":"0.7494223636","gamma":"-0.6765419039","theta":"-0.0000809873","vega":"0.0000077307",`
    /// `"deltaBS":"0.7494223636","gammaBS":"-0.6765419039","thetaBS":"-0.0000809873","vegaBS":"0.0000077307","realVol":"0",`
    /// `"bidVol":"","askVol":"1.5625","markVol":"0.9987","lever":"4.0342","fwdPx":"39016.8143629068452065","ts":"1597026383085"}]}`
    pub struct OptSummary<'a> {
        text {
            /// Instrument.
            inst_id,
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
            #[serde(rename(deserialize = "deltaBS"))]
            delta_bs,
            /// Gamma, in dollars.
            #[serde(rename(deserialize = "gammaBS"))]
            gamma_bs,
            /// Theta, in dollars.
            #[serde(rename(deserialize = "thetaBS"))]
            theta_bs,
            /// Vega, in dollars.
            #[serde(rename(deserialize = "vegaBS"))]
            vega_bs,
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
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

row! {
    /// A row of `estimated-price`.
    ///
    /// `{"arg":{"channel":"estimated-price","instType":"FUTURES","instFamily":"XRP-USDT"},"data":[{"instId":"XRP-USDT-250307",`
    /// `"instType":"FUTURES","settlePx":"2.4230631578947368","settleType":"settlement","ts":"1741244598708"}]}`
    pub struct EstimatedPrice<'a> {
        text {
            /// Instrument.
            inst_id,
        }
        dec {
            /// The estimate.
            settle_px,
        }
        ms {
            /// When it was computed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Settlement, delivery or exercise.
            settle_type: SettleType,
        }
    }
}

row! {
    /// A row of `liquidation-orders`: a sample, neither complete nor in order of time.
    ///
    /// `{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"0.007831","ccy":"",`
    /// `"posSide":"short","side":"buy","sz":"13","ts":"1692266434010"}],"instFamily":"IOST-USDT","instId":"IOST-USDT-SWAP",`
    /// `"instType":"SWAP","uly":"IOST-USDT"}]}`
    pub struct Liquidation<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Underlying.
            uly,
            /// Instrument family.
            inst_family,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// The liquidations.
            #[serde(borrow)]
            details: LiquidationDetail<'a>,
        }
    }
}

row! {
    /// One liquidation of a [`Liquidation`].
    pub struct LiquidationDetail<'a> {
        text {
            /// Currency, margin only.
            ccy,
        }
        dec {
            /// Bankruptcy price.
            bk_px,
            /// Size.
            sz,
            /// Loss.
            bk_loss,
        }
        ms {
            /// When it happened, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Side of the liquidating order.
            side: Side,
            /// Side of the position that was liquidated.
            pos_side: PosSide,
        }
    }
}

row! {
    /// A row of `adl-warning`; pushed only in the states `warning` and `adl` since 2026-06-09.
    ///
    /// `{"arg":{"channel":"adl-warning","instType":"FUTURES","instFamily":"BTC-USDT"},"data":[{"maxBal":"","adlRecBal":"8000.0",`
    /// `"bal":"280784384.9564228289548144","instType":"FUTURES","ccy":"USDT","instFamily":"BTC-USDT","maxBalTs":"","adlType":"",`
    /// `"state":"normal","adlBal":"0","ts":"1700210763001"}]}`
    pub struct AdlWarning<'a> {
        text {
            /// Instrument family.
            inst_family,
            /// `normal`, `warning`, `adl`.
            state,
            /// Currency of the balances.
            ccy,
            /// Event of the last deleveraging.
            adl_type,
        }
        dec {
            /// Balance of the insurance fund.
            bal,
            /// Its highest balance.
            max_bal,
            /// The balance at which deleveraging starts.
            adl_bal,
            /// The balance at which deleveraging ends.
            adl_rec_bal,
            /// Rate of decline.
            dec_rate,
            /// The rate at which deleveraging starts.
            adl_rate,
            /// The rate at which deleveraging ends.
            adl_rec_rate,
        }
        ms {
            /// When the balance was highest, Unix ms.
            #[serde(rename(deserialize = "maxBalTs"))]
            max_bal_ts_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

row! {
    /// A row of `status`.
    ///
    /// `{"arg":{"channel":"status"},"data":[{"begin":"1639645200000","end":"1639647600000","href":"","scheDesc":"",`
    /// `"serviceType":"0","state":"completed","system":"unified","title":"Unified Account WebSocket system upgrade",`
    /// `"ts":"1639647646363"}]}`
    pub struct Status<'a> {
        text {
            /// Headline.
            title,
            /// Link to the announcement.
            href,
            /// `unified` or `classic`.
            system,
            /// Why it was moved.
            sche_desc,
        }
        ms {
            /// When it begins, Unix ms.
            #[serde(rename(deserialize = "begin"))]
            begin_ms,
            /// When it ends, Unix ms.
            #[serde(rename(deserialize = "end"))]
            end_ms,
            /// When post-only orders become possible, Unix ms.
            #[serde(rename(deserialize = "preOpenBegin"))]
            pre_open_begin_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// State.
            state: MaintenanceState,
            /// What is maintained.
            service_type: ServiceType,
            /// Planned or not.
            maint_type: MaintenanceType,
            /// Production or demo.
            env: MaintenanceEnv,
        }
    }
}

row! {
    /// A row of `call-auction-details`.
    ///
    /// `{"arg":{"channel":"call-auction-details","instId":"ONDO-USDC"},"data":[{"instId":"ONDO-USDC","unmatchedSz":"9988764",`
    /// `"eqPx":"0.6","matchedSz":"44978","state":"continuous_trading","auctionEndTime":"1726542000000","ts":"1726542000007"}]}`
    pub struct CallAuction<'a> {
        text {
            /// Instrument.
            inst_id,
        }
        dec {
            /// Equilibrium price.
            eq_px,
            /// Size matched at it.
            matched_sz,
            /// Size not matched.
            unmatched_sz,
        }
        ms {
            /// When the auction ends, Unix ms.
            #[serde(rename(deserialize = "auctionEndTime"))]
            auction_end_time_ms,
            /// When it was computed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Phase.
            state: AuctionState,
        }
    }
}
