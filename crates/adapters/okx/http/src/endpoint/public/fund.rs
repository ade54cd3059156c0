//! The insurance fund and liquidations.

use okx_common::{
    enums::{InstType, PosSide, Side},
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /public/insurance-fund`: the balance of the insurance fund.
    GetInsuranceFund = "public-insurance-fund": Public "/public/insurance-fund" -> InsuranceFund {
        required {
            /// MARGIN, SWAP, FUTURES or OPTION.
            inst_type: InstType = "instType",
        }
        optional {
            /// Kind of event: `liquidation_balance_deposit`, `bankruptcy_loss`, `platform_revenue`, `adl`.
            event: String = "type",
            /// Instrument family; contracts cannot do without.
            inst_family: InstFamily = "instFamily",
            /// Currency (MARGIN).
            ccy: String = "ccy",
            /// Only newer ones than this time, Unix ms.
            before: u64 = "before",
            /// Only older ones than this time, Unix ms.
            after: u64 = "after",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// The insurance fund of a family.
    ///
    /// `{"details":[{"adlType":"","amt":"0","balance":"3858.499","ccy":"BTC","decRate":"","maxBal":"","maxBalTs":"","ts":`
    /// `"1777284850000","type":"regular_update"}],"instFamily":"BTC-USD","instType":"SWAP","total":"2580357003.5972"}`
    pub struct InsuranceFund {
        text {
            /// Instrument family.
            inst_family,
        }
        dec {
            /// Total, USD.
            total,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// What happened.
            details: FundDetail,
        }
    }
}

row! {
    /// A change of the insurance fund.
    pub struct FundDetail {
        text {
            /// Currency.
            ccy,
            /// Kind of event.
            event = "type",
            /// Event of the last deleveraging.
            adl_type,
        }
        dec {
            /// Change.
            amt,
            /// Balance after it.
            balance,
            /// Highest balance of eight hours.
            max_bal,
            /// Rate of decline.
            dec_rate,
        }
        ms {
            /// When the balance was highest, Unix ms.
            max_bal_ts_ms = "maxBalTs",
            /// When, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /public/liquidation-orders`: a sample of liquidations of a day.
    GetLiquidations = "public-liquidation-orders": Public "/public/liquidation-orders" -> Liquidation {
        required {
            /// MARGIN, SWAP, FUTURES or OPTION.
            inst_type: InstType = "instType",
        }
        optional {
            /// `filled` or `unfilled`.
            state: String = "state",
            /// Instrument family; contracts cannot do without.
            inst_family: InstFamily = "instFamily",
            /// Instrument (MARGIN).
            inst_id: InstId = "instId",
            /// Index of the family.
            uly: String = "uly",
            /// Only newer ones than this time, Unix ms.
            before: u64 = "before",
            /// Only older ones than this time, Unix ms.
            after: u64 = "after",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// Liquidations of an instrument.
    ///
    /// `{"details":[{"bkLoss":"0","bkPx":"0.007831","ccy":"","posSide":"short","side":"buy","sz":"13","ts":"1692266434010"}],`
    /// `"instFamily":"IOST-USDT","instId":"IOST-USDT-SWAP","instType":"SWAP","uly":"IOST-USDT"}`
    pub struct Liquidation {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        text {
            /// Underlying.
            uly,
            /// Instrument family.
            inst_family,
        }
        dec {
            /// Total loss.
            total_loss,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// The liquidations.
            details: LiquidationDetail,
        }
    }
}

row! {
    /// A liquidation.
    pub struct LiquidationDetail {
        text {
            /// Currency (MARGIN).
            ccy,
        }
        dec {
            /// Bankruptcy price.
            bk_px,
            /// Size.
            sz,
            /// Loss.
            bk_loss,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
            /// The same; deprecated by OKX.
            time_ms = "time",
        }
        opt {
            /// Side of the liquidating order.
            side: Side,
            /// Side of the position that was liquidated.
            pos_side: PosSide,
        }
    }
}
