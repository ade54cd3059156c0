//! The account: its settings, instruments and fees (reference: OKX API v5, "Trading Account").

use okx_common::{
    enums::{AcctLv, GreeksType, InstType, PosMode, StpMode},
    ids::{InstFamily, InstId, SeriesId},
    instrument::InstrumentRow,
};

endpoint! {
    /// `GET /account/config`: the settings of the account and the rights of the key. Signed.
    GetAccountConfig = "account-config": Signed "/account/config" -> AccountConfig {}
}

row! {
    /// The settings of the account and the rights of the key.
    ///
    /// `{"acctLv":"2","acctStpMode":"cancel_maker","autoLoan":false,"ctIsoMode":"automatic","enableSpotBorrow":false,"greeksType":`
    /// `"PA","feeType":"0","ip":"","type":"0","kycLv":"3","label":"v5 test","level":"Lv1","levelTmp":"","liquidationGear":"-1",`
    /// `"mainUid":"44705892343619584","mgnIsoMode":"automatic","opAuth":"1","perm":"read_only,withdraw,trade","posMode":`
    /// `"long_short_mode","roleType":"0","spotBorrowAutoRepay":false,"spotOffsetType":"","spotRoleType":"0","spotTraderInsts":[],`
    /// `"stgyType":"0","traderInsts":[],"uid":"44705892343619584","settleCcy":"USDC","settleCcyList":["USD","USDC"]}`
    pub struct AccountConfig {
        text {
            /// User id.
            uid,
            /// User id of the main account.
            main_uid,
            /// Fee level: `Lv1`, `VIP4`.
            level,
            /// Fee level for a time.
            level_tmp,
            /// What the key may do, separated by commas: `read_only`, `trade`, `withdraw`.
            perm,
            /// Name of the key.
            label,
            /// Addresses that the key is bound to, separated by commas.
            ip,
            /// Fees in `0` the currency received, `1` the quote currency (SPOT).
            fee_type,
            /// Margin of isolated contracts: `automatic` or `autonomy`.
            ct_iso_mode,
            /// Margin of isolated margin trading: `auto_transfers_ccy`, `automatic` or `quick_margin`.
            mgn_iso_mode,
            /// Strategy: `0` general, `1` delta neutral.
            stgy_type,
            /// Role in copy trading of contracts.
            role_type,
            /// Role in copy trading of spot pairs.
            spot_role_type,
            /// Whether options are activated: `0` no, `1` yes.
            op_auth,
            /// Level of identification.
            kyc_lv,
            /// When a warning of liquidation is sent.
            liquidation_gear,
            /// `0` main, `1` sub-account, `2` managed, `5`, `9`, `12` custody.
            acct_type = "type",
            /// Currency that USD-margined contracts settle in.
            settle_ccy,
            /// Offset of spot positions; deprecated by OKX.
            spot_offset_type,
        }
        flag {
            /// Whether currency is borrowed automatically.
            auto_loan,
            /// Whether spot pairs can be traded with borrowed currency.
            enable_spot_borrow,
            /// Whether that is repaid automatically.
            spot_borrow_auto_repay,
        }
        opt {
            /// Account mode.
            acct_lv: AcctLv,
            /// Net, or long and short.
            pos_mode: PosMode,
            /// What prevents trades with oneself.
            acct_stp_mode: StpMode,
            /// Greeks in coins or dollars.
            greeks_type: GreeksType,
        }
        list {
            /// Contracts of copy trading.
            trader_insts: String,
            /// Spot pairs of copy trading.
            spot_trader_insts: String,
            /// What USD-margined contracts can settle in.
            settle_ccy_list: String,
        }
    }
}

endpoint! {
    /// `GET /account/instruments`: the instruments that this account may trade, with its fee groups. Signed.
    GetAccountInstruments = "account-instruments": Signed "/account/instruments" -> InstrumentRow {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family; OPTION cannot do without.
            inst_family: InstFamily = "instFamily",
            /// Series; EVENTS cannot do without.
            series_id: SeriesId = "seriesId",
            /// One instrument.
            inst_id: InstId = "instId",
        }
    }
}

endpoint! {
    /// `GET /account/trade-fee`: the fee rates of the account. Signed.
    GetTradeFee = "account-trade-fee": Signed "/account/trade-fee" -> TradeFee {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// One instrument (SPOT, MARGIN).
            inst_id: InstId = "instId",
            /// Instrument family (contracts).
            inst_family: InstFamily = "instFamily",
            /// Fee group; not with one of the others.
            group_id: String = "groupId",
        }
    }
}

row! {
    /// Fee rates. Below 0 is paid, above 0 is got; `delivery` and `exercise` above 0 are paid.
    ///
    /// `{"category":"1","delivery":"","exercise":"","feeGroup":[{"elpMaker":"-0.0008","rpiMaker":"-0.0008","groupId":"1","maker":`
    /// `"-0.0008","taker":"-0.001"}],"fiat":[],"instType":"SPOT","level":"Lv1","maker":"-0.0008","makerU":"","makerUSDC":"",`
    /// `"ruleType":"normal","taker":"-0.001","takerU":"","takerUSDC":"","ts":"1763979985847"}`
    pub struct TradeFee {
        text {
            /// Fee level: `Lv1`.
            level,
            /// Deprecated by OKX.
            category,
            /// Deprecated by OKX.
            rule_type,
        }
        dec {
            /// Of delivery (FUTURES).
            delivery,
            /// Of exercise (OPTION).
            exercise,
            /// Of settlement (EVENTS).
            settle,
            /// Deprecated by OKX for `fee_group`, as those below.
            maker,
            /// Coin-margined or spot taker rate.
            taker,
            /// USDT-margined maker rate.
            maker_u,
            /// USDT-margined taker rate.
            taker_u,
            /// USDC maker rate.
            maker_usdc = "makerUSDC",
            /// USDC taker rate.
            taker_usdc = "takerUSDC",
        }
        ms {
            /// When the answer was made, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// By group; an instrument says which one it belongs to.
            fee_group: FeeGroup,
            /// Rates of pairs with fiat money; deprecated by OKX.
            fiat: FiatFee,
        }
    }
}

row! {
    /// The rates of a fee group.
    pub struct FeeGroup {
        text {
            /// The group.
            group_id,
        }
        dec {
            /// Maker rate.
            maker,
            /// Taker rate.
            taker,
            /// Maker rate of retail price improvement orders.
            rpi_maker,
            /// The same under its name until 2026-10-31.
            elp_maker,
        }
    }
}

row! {
    /// The rates of pairs with a fiat currency.
    pub struct FiatFee {
        text {
            /// Currency.
            ccy,
        }
        dec {
            /// Maker rate.
            maker,
            /// Taker rate.
            taker,
        }
    }
}
