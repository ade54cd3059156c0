//! Balances.

use okx_common::enums::{InstType, MgnMode, PosSide};

row! {
    /// A row of `account`. `details` holds all currencies in a snapshot (over all its pages), the changed ones in an update.
    ///
    /// `{"arg":{"channel":"account","uid":"44*********584"},"eventType":"snapshot","curPage":1,"lastPage":true,"data":[{"adjEq":`
    /// `"55444.12216906034","availEq":"55444.12216906034","borrowFroz":"0","details":[{"availBal":"4734.371190691436","cashBal":`
    /// `"4750.426970691436","ccy":"USDT","eq":"4892.951170691435","uTime":"1705564213903",…}],"imr":"0","isoEq":"0","mgnRatio":"",`
    /// `"mmr":"0","notionalUsd":"0","ordFroz":"0","totalEq":"55868.06403501676","uTime":"1705564223311","upl":"0",…}]}`
    pub struct AccountBalance<'a> {
        text {
            /// State of the delta-neutral mode.
            delta_neutral_status,
        }
        dec {
            /// Total equity, USD.
            total_eq,
            /// Isolated equity, USD.
            iso_eq,
            /// Adjusted equity, USD.
            adj_eq,
            /// Equity that can be used, USD.
            avail_eq,
            /// Frozen by open orders, USD.
            ord_froz,
            /// Initial margin, USD.
            imr,
            /// Maintenance margin, USD.
            mmr,
            /// Margin for borrowing, USD.
            borrow_froz,
            /// Margin ratio.
            mgn_ratio,
            /// Value of positions, USD.
            notional_usd,
            /// Value of borrowed currency, USD.
            notional_usd_for_borrow,
            /// Value of swaps, USD.
            notional_usd_for_swap,
            /// Value of futures, USD.
            notional_usd_for_futures,
            /// Value of options, USD.
            notional_usd_for_option,
            /// Unrealised profit, USD.
            upl,
            /// Delta, USD.
            delta,
            /// Delta leverage.
            delta_lever,
        }
        ms {
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
        }
        list {
            /// By currency.
            #[serde(borrow)]
            details: CcyBalance<'a>,
        }
    }
}

row! {
    /// The balance of one currency in [`AccountBalance`].
    pub struct CcyBalance<'a> {
        text {
            /// Currency.
            ccy,
            /// Forced repayment: 0 none, 1 user, 2 platform.
            frp_type,
            /// Restriction as collateral.
            col_res,
            /// Risk of conversion of collateral.
            col_borr_auto_conversion,
            /// State of automatic lending.
            auto_lend_status,
            /// State of automatic staking.
            auto_staking_status,
            /// Risk of forced repayment, 0 to 5.
            twap,
        }
        dec {
            /// Equity.
            eq,
            /// Cash.
            cash_bal,
            /// Isolated equity.
            iso_eq,
            /// Equity that can be used.
            avail_eq,
            /// Discounted equity, USD.
            dis_eq,
            /// Fixed balance.
            fixed_bal,
            /// Balance that can be used.
            avail_bal,
            /// Frozen.
            frozen_bal,
            /// Frozen by open orders.
            ord_frozen,
            /// Liabilities.
            liab,
            /// Unrealised profit.
            upl,
            /// Liabilities from unrealised losses.
            upl_liab,
            /// Cross liabilities.
            cross_liab,
            /// Isolated liabilities.
            iso_liab,
            /// Reward balance.
            reward_bal,
            /// Margin ratio.
            mgn_ratio,
            /// Initial margin.
            imr,
            /// Maintenance margin.
            mmr,
            /// Interest.
            interest,
            /// Most that can be borrowed.
            max_loan,
            /// Equity, USD.
            eq_usd,
            /// Margin for borrowing.
            borrow_froz,
            /// Leverage.
            notional_lever,
            /// Price of the currency, USD.
            coin_usd_price,
            /// Strategy equity.
            stgy_eq,
            /// Isolated unrealised profit.
            iso_upl,
            /// Spot in use.
            spot_in_use_amt,
            /// Spot in use, set by the client.
            cl_spot_in_use_amt,
            /// Most spot that can be used.
            max_spot_in_use_amt,
            /// Isolated spot balance, copy trading.
            spot_iso_bal,
            /// Smart sync equity.
            smt_sync_eq,
            /// Spot copy trading equity.
            spot_copy_trading_eq,
            /// Spot balance.
            spot_bal,
            /// Average price of the spot balance.
            open_avg_px,
            /// Accumulated average price.
            acc_avg_px,
            /// Unrealised profit of the spot balance.
            spot_upl,
            /// Its ratio.
            spot_upl_ratio,
            /// Total profit of the spot balance.
            total_pnl,
            /// Its ratio.
            total_pnl_ratio,
            /// Lent automatically.
            auto_lend_amt,
            /// Lent and matched.
            auto_lend_mt_amt,
        }
        ms {
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
        }
        flag {
            /// Whether the currency is restricted as collateral; deprecated by OKX.
            collateral_restrict,
            /// Whether it counts as collateral.
            collateral_enabled,
        }
    }
}

row! {
    /// A row of `account-greeks`.
    ///
    /// `{"arg":{"channel":"account-greeks","ccy":"BTC","uid":"614488474791936"},"data":[{"ccy":"BTC","deltaBS":`
    /// `"1.1246665403011684","deltaPA":"-0.0074021163991037","gammaBS":"0.0000000000000000","gammaPA":"0.0148042327982075",`
    /// `"thetaBS":"2.1342098201092528","thetaPA":"-0.0000000200876441","vegaBS":"0.0000000000000000","vegaPA":`
    /// `"0.0000000000000000","ts":"1619507761462"}]}`
    pub struct AccountGreeks<'a> {
        text {
            /// Currency.
            ccy,
        }
        dec {
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
        }
        ms {
            /// When it was computed, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
    }
}

row! {
    /// A row of `balance_and_position`: only what changed.
    ///
    /// `{"arg":{"channel":"balance_and_position","uid":"77982378738415879"},"data":[{"pTime":"1597026383085","eventType":`
    /// `"snapshot","balData":[{"ccy":"BTC","cashBal":"1","uTime":"1597026383085"}],"posData":[{"posId":"1111111111","tradeId":"2",`
    /// `"instId":"BTC-USD-191018","instType":"FUTURES","mgnMode":"cross","posSide":"long","pos":"10","ccy":"BTC","posCcy":"",`
    /// `"avgPx":"3320","nonSettleAvgPx":"","settledPnl":"","uTime":"1597026383085"}],"trades":[{"instId":"BTC-USD-191018",`
    /// `"tradeId":"2"}]}]}`
    pub struct BalanceAndPosition<'a> {
        text {
            /// What happened: `snapshot`, `filled`, `transferred`, …
            event_type,
        }
        ms {
            /// When it was pushed, Unix ms.
            #[serde(rename(deserialize = "pTime"))]
            p_time_ms,
        }
        list {
            /// Balances.
            #[serde(borrow)]
            bal_data: BalanceChange<'a>,
            /// Positions.
            #[serde(borrow)]
            pos_data: PositionChange<'a>,
            /// Trades that caused it.
            #[serde(borrow)]
            trades: TradeRef<'a>,
        }
    }
}

row! {
    /// A balance in [`BalanceAndPosition`].
    pub struct BalanceChange<'a> {
        text {
            /// Currency.
            ccy,
        }
        dec {
            /// Cash.
            cash_bal,
        }
        ms {
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
        }
    }
}

row! {
    /// A position in [`BalanceAndPosition`].
    pub struct PositionChange<'a> {
        text {
            /// Position id.
            pos_id,
            /// Last trade.
            trade_id,
            /// Instrument.
            inst_id,
            /// Margin currency.
            ccy,
            /// Currency of `pos`, margin only.
            pos_ccy,
        }
        dec {
            /// Size.
            pos,
            /// Average opening price.
            avg_px,
            /// Average price since the last settlement.
            non_settle_avg_px,
            /// Settled profit.
            settled_pnl,
        }
        ms {
            /// When it changed, Unix ms.
            #[serde(rename(deserialize = "uTime"))]
            u_time_ms,
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

row! {
    /// A trade in [`BalanceAndPosition`].
    pub struct TradeRef<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Trade id.
            trade_id,
        }
    }
}
