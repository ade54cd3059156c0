//! Rows of the account's endpoints (reference: OKX API v5, "Trading Account").

use okx_common::enums::{AcctLv, MgnMode, Side};

rows! {
    /// `POST /account/bills-history-archive`.
    BillsArchive {
        text { result, file_href, state }
        ms { ts }
    }
    /// `GET /account/collateral-assets`, `POST /account/set-collateral-assets`.
    Collateral {
        text { ccy, set_type = "type" }
        flag { collateral_enabled }
        list { ccy_list: String }
    }
    /// `POST /account/demo-adjust-balance`.
    DemoBalance {
        text { remain_cnt, total_cnt }
        list { details: DemoAmount }
    }
    /// A currency of [`DemoBalance`].
    DemoAmount {
        text { ccy }
        dec { amt, bal }
    }
    /// `GET /account/greeks`.
    Greeks {
        text { ccy }
        dec {
            delta_bs = "deltaBS", delta_pa = "deltaPA", gamma_bs = "gammaBS", gamma_pa = "gammaPA", theta_bs = "thetaBS",
            theta_pa = "thetaPA", vega_bs = "vegaBS", vega_pa = "vegaPA",
        }
        ms { ts }
    }
    /// `GET /account/interest-accrued`.
    InterestAccrued {
        text { ccy, inst_id, loan_type = "type" }
        dec { interest, interest_rate, liab, total_liab, interest_free_liab }
        ms { ts }
        opt { mgn_mode: MgnMode }
    }
    /// `GET /account/interest-limits`.
    InterestLimits {
        text { loan_alloc }
        dec { debt, interest }
        ms { next_discount_time, next_interest_time }
        list { records: InterestLimit }
    }
    /// A currency of [`InterestLimits`].
    InterestLimit {
        text { ccy }
        dec {
            rate, loan_quota, surplus_lmt, used_lmt, interest, interest_free_liab, pot_borrowing_amt, avail_loan,
            used_loan, pos_loan,
        }
    }
    /// `GET /account/interest-rate`.
    InterestRate {
        text { ccy }
        dec { interest_rate }
    }
    /// `GET /account/adjust-leverage-info`.
    AdjustLeverage {
        text { exist_ord }
        dec {
            est_avail_quote_trans, est_avail_trans, est_liq_px, est_max_amt, est_mgn, est_max_wd, est_quote_max_amt,
            est_quote_mgn, max_lever, min_lever,
        }
    }
    /// `GET /account/max-loan`.
    MaxLoan {
        text { inst_id, mgn_ccy, ccy }
        dec { max_loan }
        opt { mgn_mode: MgnMode, side: Side }
    }
    /// `GET /account/max-withdrawal`.
    MaxWithdrawal {
        text { ccy }
        dec { max_wd, max_wd_ex, spot_offset_max_wd, spot_offset_max_wd_ex }
    }
    /// `GET` and `POST /account/mmp-config`.
    MmpConfig {
        text { inst_family, mmp_frozen_until }
        dec { frozen_interval, qty_limit, time_interval }
        flag { mmp_frozen }
    }
    /// `GET /account/risk-state`.
    RiskState {
        ms { ts }
        flag { at_risk }
        list { at_risk_idx: String, at_risk_mgn: String }
    }
    /// `GET /account/spot-borrow-repay-history`, `POST /account/spot-manual-borrow-repay`.
    BorrowRepay {
        text { ccy, event = "type", side }
        dec { acc_borrowed, amt }
        ms { ts }
    }
    /// `POST /account/account-level-switch-preset`.
    LevelPreset {
        text { risk_offset_type }
        dec { lever }
        opt { acct_lv: AcctLv, cur_acct_lv: AcctLv }
    }
    /// `GET /account/set-account-switch-precheck`.
    LevelPrecheck {
        text { s_code, risk_offset_type }
        opt { acct_lv: AcctLv, cur_acct_lv: AcctLv, mgn_aft: MarginState, mgn_bf: MarginState }
        list { pos_list: PositionLever, pos_tier_check: TierCheck, unmatched_info_check: Unmatched }
    }
    /// The margin before or after the switch of [`LevelPrecheck`].
    MarginState {
        dec { acct_avail_eq, mgn_ratio }
        list { details: CcyMargin }
    }
    /// A currency of [`MarginState`].
    CcyMargin {
        text { ccy }
        dec { avail_eq, mgn_ratio }
    }
    /// A position of [`LevelPrecheck`].
    PositionLever {
        text { pos_id }
        dec { lever }
    }
    /// A tier of [`LevelPrecheck`] that is exceeded.
    TierCheck {
        text { inst_family, pos_type, inst_type }
        dec { pos, lever, max_sz }
    }
    /// What hinders a switch: of [`LevelPrecheck`], and of [`DeltaNeutralPrecheck`].
    Unmatched {
        text { what = "type", total_asset }
        dec { delta_lever }
        list { pos_list: String, ord_list: String }
    }
    /// `GET /account/precheck-set-delta-neutral`.
    DeltaNeutralPrecheck {
        list { unmatched_info_check: Unmatched }
    }
}
