//! Rows of the funding account (reference: OKX API v5, "Funding Account").

rows! {
    /// `GET /asset/balances`.
    AssetBalance {
        text { ccy }
        dec { avail_bal, bal, frozen_bal }
    }
    /// `GET /asset/asset-valuation`.
    Valuation {
        dec { total_bal }
        ms { ts }
        opt { details: ValuationParts }
    }
    /// The parts of [`Valuation`].
    ValuationParts {
        dec { classic, earn, funding, trading }
    }
    /// `GET /asset/bills`, `/asset/bills-history`.
    AssetBill {
        text { bill_id, ccy, client_id, bill_type = "type", notes }
        dec { bal, bal_chg }
        ms { ts }
    }
    /// `GET /asset/currencies`.
    Currency {
        text { ccy, chain, ct_addr, logo_link, name, min_dep_arrival_confirm, min_wd_unlock_confirm, wd_tick_sz }
        dec {
            burning_fee_rate, dep_quota_fixed, dep_quote_daily_layer2, fee, max_fee, max_fee_for_ct_addr, max_wd, min_dep,
            min_fee, min_fee_for_ct_addr, min_internal, min_wd, used_dep_quota_fixed, used_wd_quota, wd_quota,
        }
        flag { can_dep, can_internal, can_wd, main_net, need_tag }
        opt { dep_est_open_time: String, wd_est_open_time: String }
    }
    /// `GET /asset/deposit-history`.
    Deposit {
        text {
            actual_dep_blk_confirm, area_code_from, ccy, chain, dep_id, from, from_wd_id, state, to, tx_id,
        }
        dec { amt }
        ms { ts }
    }
    /// `GET /asset/withdrawal-history`.
    Withdrawal {
        text {
            addr_ex, area_code_from, area_code_to, ccy, chain, client_id, fee_ccy, from, memo, note, pmt_id, state, tag, to,
            to_addr_type, tx_id, wd_id,
        }
        dec { amt, fee }
        ms { ts }
        flag { non_tradable_asset }
    }
    /// `POST /asset/transfer`, `GET /asset/transfer-state`.
    Transfer {
        text {
            ccy, client_id, from, inst_id, state, sub_acct, to, to_inst_id, trans_id, transfer_type = "type",
        }
        dec { amt }
    }
}
