//! Balances.

endpoint! {
    /// `GET /account/balance`: the balances of the trading account. Signed.
    GetBalance = "account-balance": Signed "/account/balance" -> Balance {
        optional {
            /// Currencies, up to 20, separated by commas.
            ccy: String = "ccy",
        }
    }
}

row! {
    /// The trading account. What a mode does not have is empty; currencies that are not listed are 0.
    ///
    /// `{"adjEq":"10679688.0460531643092577","details":[{"availBal":"","availEq":"9930359.9998","cashBal":"9930359.9998",`
    /// `"ccy":"USDT","crossLiab":"0","disEq":"9439737.0772999514","eq":"9930359.9998","eqUsd":"9933041.196999946",`
    /// `"frozenBal":"0","interest":"0","isoEq":"0","isoLiab":"0","liab":"0","maxLoan":"10000","mgnRatio":"","notionalLever":"",`
    /// `"ordFrozen":"0","twap":"0","uTime":"1620722938250","upl":"0","uplLiab":"0"}],"imr":"3372.2942371050594217","isoEq":"0",`
    /// `"mgnRatio":"70375.35408747017","mmr":"134.8917694842024","notionalUsd":"33722.9423710505978888","ordFroz":"0",`
    /// `"totalEq":"11172992.1657531589092577","uTime":"1623392334718"}`
    pub struct Balance {
        text {
            /// State of the delta-neutral mode.
            delta_neutral_status,
        }
        dec {
            /// Total equity, USD.
            total_eq,
            /// Isolated equity.
            iso_eq,
            /// Adjusted equity, USD.
            adj_eq,
            /// Equity that can be used.
            avail_eq,
            /// Frozen by open orders, USD.
            ord_froz,
            /// Initial margin.
            imr,
            /// Maintenance margin.
            mmr,
            /// Margin for borrowing.
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
            /// Unrealised profit.
            upl,
            /// Delta, USD.
            delta,
            /// Delta leverage.
            delta_lever,
        }
        ms {
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
        }
        list {
            /// By currency.
            details: CcyBalance,
        }
    }
}

row! {
    /// A currency of a [`Balance`].
    pub struct CcyBalance {
        text {
            /// Margin currency.
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
            /// Strategy equity.
            stgy_eq,
            /// Isolated unrealised profit.
            iso_upl,
            /// Spot in use.
            spot_in_use_amt,
            /// Spot in use, set by the client.
            cl_spot_in_use_amt,
            /// Most spot that can be used, under another name.
            max_spot_in_use,
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
            u_time_ms = "uTime",
        }
        flag {
            /// Whether the currency is restricted as collateral; deprecated by OKX.
            collateral_restrict,
            /// Whether it counts as collateral.
            collateral_enabled,
        }
    }
}
