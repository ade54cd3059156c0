//! What the account may do, and what an order would do to it.

use okx_common::order::{PlaceOrder, rest};

use super::super::command::json;

endpoint! {
    /// `GET /trade/account-rate-limit`: how many orders the account may send. Signed.
    GetAccountRateLimit = "trade-account-rate-limit": Signed "/trade/account-rate-limit" -> AccountRateLimit {}
}

row! {
    /// How many orders the account may send in two seconds.
    ///
    /// `{"fillRatio":"0.5","mainFillRatio":"0.6","accRateLimit":"100","nextAccRateLimit":"120","ts":"1625097600000"}`
    pub struct AccountRateLimit {
        dec {
            /// New and amended orders that the account may send in two seconds.
            acc_rate_limit,
            /// Ratio of traded to ordered volume.
            fill_ratio,
            /// The same of the main account and all of its sub-accounts.
            main_fill_ratio,
            /// The limit from the next evaluation on.
            next_acc_rate_limit,
        }
        ms {
            /// When the answer was made, Unix ms.
            ts_ms = "ts",
        }
    }
}

command! {
    /// `POST /trade/order-precheck`: what an order would change, without placing it. Multi-currency and portfolio margin mode only.
    PrecheckOrder(PlaceOrder) = "trade-order-precheck": "/trade/order-precheck" -> Precheck { |order| json(&rest(order)), "" }
}

row! {
    /// The account before and after an order.
    ///
    /// `{"adjEq":"41.94347460746277","adjEqChg":"-226.05616481626","availBal":"0","availBalChg":"0","imr":"0",`
    /// `"imrChg":"57.74709688430927","liab":"0","liabChg":"0","liabChgCcy":"","liqPx":"6764.8556232031115",`
    /// `"liqPxDiff":"-57693.044376796888536773622035980224609375","liqPxDiffRatio":"-0.8950500152315991","mgnRatio":"0",`
    /// `"mgnRatioChg":"0","mmr":"0","mmrChg":"0","posBal":"","posBalChg":"","type":""}`
    pub struct Precheck {
        text {
            /// Currency of the change of liabilities.
            liab_chg_ccy,
            /// Distance of the liquidation price from the mark price; a text since it may have 41 digits.
            liq_px_diff,
            /// Unit of `pos_bal`, `liab` and their changes.
            unit = "type",
        }
        dec {
            /// Adjusted equity, USD.
            adj_eq,
            /// How it changes.
            adj_eq_chg,
            /// Balance that can be used.
            avail_bal,
            /// How it changes.
            avail_bal_chg,
            /// Initial margin.
            imr,
            /// How it changes.
            imr_chg,
            /// Liabilities.
            liab,
            /// How they change.
            liab_chg,
            /// Liquidation price.
            liq_px,
            /// That distance as a ratio.
            liq_px_diff_ratio,
            /// Margin ratio.
            mgn_ratio,
            /// How it changes.
            mgn_ratio_chg,
            /// Maintenance margin.
            mmr,
            /// How it changes.
            mmr_chg,
            /// Size of the position.
            pos_bal,
            /// How it changes.
            pos_bal_chg,
        }
    }
}
