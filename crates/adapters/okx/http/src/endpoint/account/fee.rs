//! Fee rates.

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId},
};

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
