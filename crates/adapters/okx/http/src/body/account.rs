//! Rows of the account's endpoints (reference: OKX API v5, "Trading Account").

use okx_common::enums::AcctLv;

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
    /// `GET /account/adjust-leverage-info`.
    AdjustLeverage {
        text { exist_ord }
        dec {
            est_avail_quote_trans, est_avail_trans, est_liq_px, est_max_amt, est_mgn, est_max_wd, est_quote_max_amt,
            est_quote_mgn, max_lever, min_lever,
        }
    }
    /// `GET` and `POST /account/mmp-config`.
    MmpConfig {
        text { inst_family, mmp_frozen_until }
        dec { frozen_interval, qty_limit, time_interval }
        flag { mmp_frozen }
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
