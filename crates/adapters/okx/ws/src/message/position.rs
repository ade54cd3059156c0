//! Positions.

use okx_common::enums::{InstType, MgnMode, PosSide, TriggerPxType};

row! {
    /// A row of `positions`.
    ///
    /// `{"arg":{"channel":"positions","uid":"77982378738415879","instType":"FUTURES"},"eventType":"snapshot","curPage":1,`
    /// `"lastPage":true,"data":[{"adl":"1","availPos":"1","avgPx":"2566.31","cTime":"1619507758793","ccy":"ETH","instId":`
    /// `"ETH-USD-210430","instType":"FUTURES","lever":"10","liqPx":"2352.8496681818233","markPx":"2353.849","margin":`
    /// `"0.0003896645377994","mgnMode":"isolated","mgnRatio":"11.731726509588816","mmr":"0.0000311811092368","notionalUsd":`
    /// `"2276.2546609009605","pTime":"1619507761462","pos":"1","posCcy":"","posId":"307173036051017730","posSide":"long",`
    /// `"tradeId":"109844","uTime":"1619507761462","upl":"-0.0000009932766034","uplRatio":"-0.0025490556801078",…}]}`
    pub struct Position<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Position id.
            pos_id,
            /// Currency of `pos`, margin only.
            pos_ccy,
            /// Margin currency.
            ccy,
            /// Currency of `liab`.
            liab_ccy,
            /// Last trade.
            trade_id,
            /// Rank in the deleveraging queue, 0 to 5.
            adl,
            /// Currency of `spot_in_use_amt`.
            spot_in_use_ccy,
            /// External business id.
            biz_ref_id,
            /// External business type.
            biz_ref_type,
        }
        dec {
            /// Size; negative for a short one in net mode.
            pos,
            /// Size hedged.
            hedged_pos,
            /// Size that can be closed.
            avail_pos,
            /// Average opening price.
            avg_px,
            /// Average price since the last settlement.
            non_settle_avg_px,
            /// Mark price.
            mark_px,
            /// Last price.
            last,
            /// Index price.
            idx_px,
            /// USD price of the margin currency.
            usd_px,
            /// Break-even price.
            be_px,
            /// Unrealised profit at the mark price.
            upl,
            /// Its ratio.
            upl_ratio,
            /// Unrealised profit at the last price.
            upl_last_px,
            /// Its ratio.
            upl_ratio_last_px,
            /// Leverage.
            lever,
            /// Liquidation price.
            liq_px,
            /// Initial margin, cross.
            imr,
            /// Margin, isolated.
            margin,
            /// Margin ratio.
            mgn_ratio,
            /// Maintenance margin.
            mmr,
            /// Liabilities.
            liab,
            /// Interest.
            interest,
            /// Value in USD.
            notional_usd,
            /// Value of options.
            opt_val,
            /// Liabilities of pending close orders.
            pending_close_ord_liab_val,
            /// Base currency balance; deprecated by OKX.
            base_bal,
            /// Base currency borrowed.
            base_borrowed,
            /// Base currency interest.
            base_interest,
            /// Quote currency balance; deprecated by OKX.
            quote_bal,
            /// Quote currency borrowed.
            quote_borrowed,
            /// Quote currency interest.
            quote_interest,
            /// Delta, dollars.
            #[serde(rename(deserialize = "deltaBS"))]
            delta_bs,
            /// Delta, coins.
            #[serde(rename(deserialize = "deltaPA"))]
            delta_pa,
            /// Gamma, dollars.
            #[serde(rename(deserialize = "gammaBS"))]
            gamma_bs,
            /// Gamma, coins.
            #[serde(rename(deserialize = "gammaPA"))]
            gamma_pa,
            /// Theta, dollars.
            #[serde(rename(deserialize = "thetaBS"))]
            theta_bs,
            /// Theta, coins.
            #[serde(rename(deserialize = "thetaPA"))]
            theta_pa,
            /// Vega, dollars.
            #[serde(rename(deserialize = "vegaBS"))]
            vega_bs,
            /// Vega, coins.
            #[serde(rename(deserialize = "vegaPA"))]
            vega_pa,
            /// Spot in use.
            spot_in_use_amt,
            /// Spot in use, set by the client.
            cl_spot_in_use_amt,
            /// Most spot that can be used.
            max_spot_in_use_amt,
            /// Realised profit.
            realized_pnl,
            /// Profit of closing trades.
            pnl,
            /// Fees: negative is paid.
            fee,
            /// Funding fees.
            funding_fee,
            /// Liquidation penalty.
            liq_penalty,
            /// Settled profit.
            settled_pnl,
        }
        ms {
            /// When it was opened, Unix ms.
            #[serde(rename(deserialize = "cTime"))]
            c_time_ms,
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "pTime"))]
            p_time_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Cross or isolated.
            mgn_mode: MgnMode,
            /// Net, long or short.
            pos_side: PosSide,
        }
        list {
            /// Strategy orders that close it.
            #[serde(borrow)]
            close_order_algo: CloseOrderAlgo<'a>,
        }
    }
}

row! {
    /// `{"algoId":"123","slTriggerPx":"123","slTriggerPxType":"mark","tpTriggerPx":"123","tpTriggerPxType":"mark",`
    /// `"closeFraction":"0.6"}`
    pub struct CloseOrderAlgo<'a> {
        text {
            /// Strategy order.
            algo_id,
        }
        dec {
            /// Stop-loss trigger price.
            sl_trigger_px,
            /// Take-profit trigger price.
            tp_trigger_px,
            /// Part of the position to close.
            close_fraction,
        }
        opt {
            /// Price type of `sl_trigger_px`.
            sl_trigger_px_type: TriggerPxType,
            /// Price type of `tp_trigger_px`.
            tp_trigger_px_type: TriggerPxType,
        }
    }
}

row! {
    /// A row of `liquidation-warning`.
    ///
    /// `{"arg":{"channel":"liquidation-warning","uid":"77982378738415879","instType":"FUTURES"},"data":[{"cTime":"1619507758793",`
    /// `"ccy":"ETH","instId":"ETH-USD-210430","instType":"FUTURES","lever":"10","markPx":"2353.849","mgnMode":"isolated",`
    /// `"mgnRatio":"11.731726509588816","pTime":"1619507761462","pos":"1","posCcy":"","posId":"307173036051017730",`
    /// `"posSide":"long","uTime":"1619507761462"}]}`
    pub struct LiquidationWarning<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Position id.
            pos_id,
            /// Currency of `pos`, margin only.
            pos_ccy,
            /// Margin currency.
            ccy,
        }
        dec {
            /// Size.
            pos,
            /// Leverage.
            lever,
            /// Mark price.
            mark_px,
            /// Margin ratio.
            mgn_ratio,
        }
        ms {
            /// When the position was opened, Unix ms.
            #[serde(rename(deserialize = "cTime"))]
            c_time_ms,
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "pTime"))]
            p_time_ms,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Cross or isolated.
            mgn_mode: MgnMode,
            /// Net, long or short.
            pos_side: PosSide,
        }
    }
}
