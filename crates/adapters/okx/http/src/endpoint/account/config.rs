//! What the account is, and what it may trade.

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
