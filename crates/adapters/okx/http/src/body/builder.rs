//! Rows of the position builder (reference: OKX API v5, "Trading Account / Position builder").

use std::collections::BTreeMap;

use okx_common::{
    decimal::Decimal,
    enums::{InstType, PosSide},
};

/// Profits by change of the price.
type Shocks = BTreeMap<String, Decimal>;

rows! {
    /// `POST /account/position-builder`.
    Built {
        dec {
            acct_lever, borrow_mmr, deriv_mmr, eq, margin_ratio, total_imr, total_mmr, upl, risk_unit_upl,
        }
        ms { ts }
        list { assets: Asset, positions: BuiltPosition, risk_unit_data: RiskUnit }
    }
    /// A currency of [`Built`].
    Asset {
        text { ccy }
        dec { avail_eq, borrow_imr, borrow_mmr, spot_in_use }
    }
    /// A position of [`Built`] and of [`RiskUnit`].
    BuiltPosition {
        text { inst_id }
        dec {
            amt, avg_px, delta, float_pnl, gamma, imr, imr_bf, lever, margin_ratio, mark_px, mark_px_bf, mmr, mmr_bf,
            notional_usd, pnl_ratio, pos, theta, vega,
        }
        flag { is_real_pos }
        opt { inst_type: InstType, pos_side: PosSide }
    }
    /// A risk unit of [`Built`].
    RiskUnit {
        text { risk_unit }
        dec {
            delta, gamma, imr, imr_bf, mmr, mmr_bf, mr1, mr2, mr3, mr4, mr5, mr6, mr7, mr8, mr9, theta, upl, vega,
        }
        opt { mr1_final_result: ShockResult, mr1_scenarios: Scenarios, mr6_final_result: ShockResult }
        list { portfolios: BuiltPosition }
    }
    /// The worst case of a [`RiskUnit`].
    ShockResult {
        text { vol_shock }
        dec { pnl, spot_shock }
    }
    /// The cases of a [`RiskUnit`].
    Scenarios {
        opt { vol_same: Shocks, vol_shock_down: Shocks, vol_shock_up: Shocks }
    }
}
