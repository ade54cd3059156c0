//! Rows of the positions (reference: OKX API v5, "Trading Account").

use okx_common::enums::{InstType, MgnMode, PosSide, TriggerPxType};

rows! {
    /// `GET /account/positions`.
    Position {
        text {
            adl, biz_ref_id, biz_ref_type, ccy, inst_id, liab_ccy, pos_ccy, pos_id, spot_in_use_ccy, trade_id,
        }
        dec {
            avail_pos, avg_px, base_bal, base_borrowed, base_interest, be_px, cl_spot_in_use_amt, delta_bs = "deltaBS",
            delta_pa = "deltaPA", fee, funding_fee, gamma_bs = "gammaBS", gamma_pa = "gammaPA", hedged_pos, idx_px, imr,
            interest, last, lever, liab, liq_penalty, liq_px, margin, mark_px, max_spot_in_use_amt, mgn_ratio, mmr,
            non_settle_avg_px, notional_usd, opt_val, pending_close_ord_liab_val, pnl, pos, quote_bal, quote_borrowed,
            quote_interest, realized_pnl, settled_pnl, spot_in_use_amt, theta_bs = "thetaBS", theta_pa = "thetaPA", upl,
            upl_last_px, upl_ratio, upl_ratio_last_px, usd_px, vega_bs = "vegaBS", vega_pa = "vegaPA",
        }
        ms { c_time, u_time, p_time }
        opt { inst_type: InstType, mgn_mode: MgnMode, pos_side: PosSide }
        list { close_order_algo: CloseOrder }
    }
    /// A strategy order that closes a [`Position`].
    CloseOrder {
        text { algo_id }
        dec { sl_trigger_px, tp_trigger_px, close_fraction }
        opt { sl_trigger_px_type: TriggerPxType, tp_trigger_px_type: TriggerPxType }
    }
    /// `GET /account/positions-history`.
    ClosedPosition {
        text { ccy, inst_id, pos_id, uly, close_type = "type", direction }
        dec {
            close_avg_px, close_total_pos, fee, funding_fee, lever, liq_penalty, non_settle_avg_px, open_avg_px,
            open_max_pos, pnl, pnl_ratio, realized_pnl, settled_pnl, trigger_px,
        }
        ms { c_time, u_time }
        opt { inst_type: InstType, mgn_mode: MgnMode, pos_side: PosSide }
    }
    /// `GET /account/account-position-risk`.
    PositionRisk {
        dec { adj_eq }
        ms { ts }
        list { bal_data: RiskBalance, pos_data: RiskPosition }
    }
    /// A currency of [`PositionRisk`].
    RiskBalance {
        text { ccy }
        dec { eq, dis_eq }
    }
    /// A position of [`PositionRisk`].
    RiskPosition {
        text { ccy, inst_id, pos_ccy, pos_id }
        dec { base_bal, notional_ccy, notional_usd, pos, quote_bal }
        opt { inst_type: InstType, mgn_mode: MgnMode, pos_side: PosSide }
    }
    /// `GET /account/position-tiers`.
    AccountTier {
        text { inst_family, pos_type, uly }
        dec { max_sz }
    }
    /// `POST /account/position/margin-balance`.
    MarginBalance {
        text { ccy, inst_id, change = "type" }
        dec { amt, leverage }
        opt { pos_side: PosSide }
    }
}
