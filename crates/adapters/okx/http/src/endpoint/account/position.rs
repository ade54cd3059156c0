//! Positions.

use okx_common::{
    enums::{InstType, MgnMode, PosSide, TriggerPxType},
    ids::InstId,
};

endpoint! {
    /// `GET /account/positions`: the open positions. One that is asked for by its instrument is shown with 0 after it was closed. Signed.
    GetPositions = "account-positions": Signed "/account/positions" -> Position {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instruments, up to 10, separated by commas.
            inst_id: String = "instId",
            /// Position ids, up to 20, separated by commas.
            pos_id: String = "posId",
        }
    }
}

row! {
    /// A position. In net mode a size below 0 is short; of MARGIN the currency of the size tells.
    ///
    /// `{"adl":"1","availPos":"1","avgPx":"2566.31","cTime":"1619507758793","ccy":"ETH","deltaBS":"","deltaPA":"","gammaBS":"",`
    /// `"gammaPA":"","imr":"","instId":"ETH-USD-210430","instType":"FUTURES","interest":"0","last":"2566.22","lever":"10",`
    /// `"liab":"","liabCcy":"","liqPx":"2352.8496681818233","margin":"0.0003896645377994","mgnMode":"isolated",`
    /// `"mgnRatio":"11.731726509588816","mmr":"0.0000311811092368","notionalUsd":"2276.2546609009605","optVal":"",`
    /// `"pTime":"1619507761462","pos":"1","posCcy":"","posId":"307173036051017730","posSide":"long","thetaBS":"","thetaPA":"",`
    /// `"tradeId":"109844","uTime":"1619507761462","upl":"-0.0000009932766034","uplRatio":"-0.0025490556801078","vegaBS":"",`
    /// `"vegaPA":""}`
    pub struct Position {
        text {
            /// Rank in the deleveraging queue, 0 to 5.
            adl,
            /// External business id.
            biz_ref_id,
            /// External business type.
            biz_ref_type,
            /// Margin currency.
            ccy,
            /// Instrument.
            inst_id,
            /// Currency of `liab`.
            liab_ccy,
            /// Currency of `pos`, margin only.
            pos_ccy,
            /// Position id.
            pos_id,
            /// Currency of `spot_in_use_amt`.
            spot_in_use_ccy,
            /// Last trade.
            trade_id,
        }
        dec {
            /// Size that can be closed.
            avail_pos,
            /// Average opening price.
            avg_px,
            /// Base currency balance; deprecated by OKX.
            base_bal,
            /// Base currency borrowed.
            base_borrowed,
            /// Base currency interest.
            base_interest,
            /// Break-even price.
            be_px,
            /// Spot in use, set by the client.
            cl_spot_in_use_amt,
            /// Delta, dollars.
            delta_bs = "deltaBS",
            /// Delta, coins.
            delta_pa = "deltaPA",
            /// Fees: negative is paid.
            fee,
            /// Funding fees.
            funding_fee,
            /// Gamma, dollars.
            gamma_bs = "gammaBS",
            /// Gamma, coins.
            gamma_pa = "gammaPA",
            /// Size hedged.
            hedged_pos,
            /// Index price.
            idx_px,
            /// Initial margin, cross.
            imr,
            /// Interest.
            interest,
            /// Last price.
            last,
            /// Leverage.
            lever,
            /// Liabilities.
            liab,
            /// Liquidation penalty.
            liq_penalty,
            /// Liquidation price.
            liq_px,
            /// Margin, isolated.
            margin,
            /// Mark price.
            mark_px,
            /// Most spot that can be used.
            max_spot_in_use_amt,
            /// Margin ratio.
            mgn_ratio,
            /// Maintenance margin.
            mmr,
            /// Average price since the last settlement.
            non_settle_avg_px,
            /// Value in USD.
            notional_usd,
            /// Value of options.
            opt_val,
            /// Liabilities of pending close orders.
            pending_close_ord_liab_val,
            /// Profit of closing trades.
            pnl,
            /// Size.
            pos,
            /// Quote currency balance; deprecated by OKX.
            quote_bal,
            /// Quote currency borrowed.
            quote_borrowed,
            /// Quote currency interest.
            quote_interest,
            /// Realised profit.
            realized_pnl,
            /// Settled profit.
            settled_pnl,
            /// Spot in use.
            spot_in_use_amt,
            /// Theta, dollars.
            theta_bs = "thetaBS",
            /// Theta, coins.
            theta_pa = "thetaPA",
            /// Unrealised profit at the mark price.
            upl,
            /// Unrealised profit at the last price.
            upl_last_px,
            /// Its ratio.
            upl_ratio,
            /// Its ratio.
            upl_ratio_last_px,
            /// USD price of the margin currency.
            usd_px,
            /// Vega, dollars.
            vega_bs = "vegaBS",
            /// Vega, coins.
            vega_pa = "vegaPA",
        }
        ms {
            /// When the position was opened, Unix ms.
            c_time_ms = "cTime",
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
            /// When it was pushed, Unix ms.
            p_time_ms = "pTime",
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
            close_order_algo: CloseOrder,
        }
    }
}

row! {
    /// A strategy order that closes a [`Position`].
    pub struct CloseOrder {
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

endpoint! {
    /// `GET /account/positions-history`: positions closed in the last 3 months, newest first. Signed.
    GetPositionsHistory = "account-positions-history": Signed "/account/positions-history" -> ClosedPosition {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
            /// How it was closed: 1 partly, 2 wholly, 3 liquidation, 4 partial liquidation, 5 and 6 deleveraging.
            close_type: String = "type",
            /// Position id.
            pos_id: String = "posId",
            /// Only those that changed before then, Unix ms.
            after: u64 = "after",
            /// Only those that changed after then, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A position that was closed.
    ///
    /// `{"cTime":"1708351230102","ccy":"USDT","closeAvgPx":"1.2567","closeTotalPos":"40","direction":"short","fee":"-0.0351036",`
    /// `"fundingFee":"0","instId":"SUSHI-USDT-SWAP","instType":"SWAP","lever":"10.0","liqPenalty":"0","mgnMode":"isolated",`
    /// `"openAvgPx":"1.2462","openMaxPos":"40","pnl":"-0.42","pnlRatio":"-0.0912982667308618","posId":"666159086676836352",`
    /// `"realizedPnl":"-0.4551036","triggerPx":"","type":"2","uTime":"1708354805699","uly":"SUSHI-USDT"}`
    pub struct ClosedPosition {
        text {
            /// Margin currency.
            ccy,
            /// Instrument.
            inst_id,
            /// Position id.
            pos_id,
            /// Underlying.
            uly,
            /// How it was closed: 1 partly, 2 wholly, 3 liquidation, 4 partial liquidation, 5 partial deleveraging, 6 deleveraging.
            close_type = "type",
            /// `long` or `short`.
            direction,
        }
        dec {
            /// Average closing price.
            close_avg_px,
            /// Size closed.
            close_total_pos,
            /// Fees: negative is paid.
            fee,
            /// Funding fees.
            funding_fee,
            /// Leverage.
            lever,
            /// Liquidation penalty.
            liq_penalty,
            /// Average price since the last settlement.
            non_settle_avg_px,
            /// Average opening price.
            open_avg_px,
            /// Largest size.
            open_max_pos,
            /// Profit of closing trades.
            pnl,
            /// Profit as a ratio.
            pnl_ratio,
            /// Realised profit.
            realized_pnl,
            /// Settled profit.
            settled_pnl,
            /// Price that triggered the liquidation.
            trigger_px,
        }
        ms {
            /// When it was opened, Unix ms.
            c_time_ms = "cTime",
            /// When it was closed, Unix ms.
            u_time_ms = "uTime",
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

endpoint! {
    /// `GET /account/account-position-risk`: balances and positions of one moment. Signed.
    GetPositionRisk = "account-account-position-risk": Signed "/account/account-position-risk" -> PositionRisk {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
    }
}

row! {
    /// Balances and positions of one moment.
    ///
    /// `{"adjEq":"174238.6793649711331679","balData":[{"ccy":"BTC","disEq":"78846.7803721021362242","eq":"1.3863533369419636"}],`
    /// `"posData":[{"baseBal":"0.4","ccy":"","instId":"BTC-USDT","instType":"MARGIN","mgnMode":"isolated","notionalCcy":"0",`
    /// `"notionalUsd":"0","pos":"0","posCcy":"","posId":"310388685292318723","posSide":"net","quoteBal":"0"}],`
    /// `"ts":"1620282889345"}`
    pub struct PositionRisk {
        dec {
            /// Adjusted equity, USD.
            adj_eq,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// Balances.
            bal_data: RiskBalance,
            /// Positions.
            pos_data: RiskPosition,
        }
    }
}

row! {
    /// A currency of [`PositionRisk`].
    pub struct RiskBalance {
        text {
            /// Margin currency.
            ccy,
        }
        dec {
            /// Equity.
            eq,
            /// Discounted equity, USD.
            dis_eq,
        }
    }
}

row! {
    /// A position of [`PositionRisk`].
    pub struct RiskPosition {
        text {
            /// Margin currency.
            ccy,
            /// Instrument.
            inst_id,
            /// Currency of `pos`, margin only.
            pos_ccy,
            /// Position id.
            pos_id,
        }
        dec {
            /// Base currency balance; deprecated by OKX.
            base_bal,
            /// Value in the currency.
            notional_ccy,
            /// Value in USD.
            notional_usd,
            /// Size.
            pos,
            /// Quote currency balance; deprecated by OKX.
            quote_bal,
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
