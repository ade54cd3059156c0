//! Settlement, delivery, exercise.

use okx_common::{
    enums::{DeliveryType, InstType, SettleType},
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /public/estimated-price`: the estimated price of the delivery or exercise within half an hour.
    GetEstimatedPrice = "public-estimated-price": Public "/public/estimated-price" -> EstimatedPrice {
        required {
            /// A future, option or event contract.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// An estimate: `{"instType":"FUTURES","instId":"BTC-USDT-201227","settlePx":"200","ts":"1597026383085"}`.
    pub struct EstimatedPrice {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// The estimate.
            settle_px,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// Settlement, delivery or exercise.
            settle_type: SettleType,
        }
    }
}

endpoint! {
    /// `GET /public/estimated-settlement-info`: the estimated price of the next daily settlement.
    GetEstimatedSettlement = "public-estimated-settlement-info":
        Public "/public/estimated-settlement-info" -> EstimatedSettlement {
        required {
            /// A future.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// An estimate.
    ///
    /// `{"estSettlePx":"2.5666068562369959","instId":"XRP-USDT-250307","nextSettleTime":"1741248000000","ts":"1741246429748"}`
    pub struct EstimatedSettlement {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// The estimate.
            est_settle_px,
        }
        ms {
            /// When it is settled next, Unix ms.
            next_settle_time_ms = "nextSettleTime",
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /public/delivery-exercise-history`: deliveries and exercises of three months.
    GetDeliveryHistory = "public-delivery-exercise-history": Public "/public/delivery-exercise-history" -> Delivery {
        required {
            /// FUTURES or OPTION.
            inst_type: InstType = "instType",
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
        }
        optional {
            /// Only older ones than this time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this time, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// What was delivered or exercised at a time.
    ///
    /// `{"ts":"1597026383085","details":[{"type":"exercised","insId":"BTC-USD-200529-6000-C","px":"0.016"}]}`
    pub struct Delivery {
        ms {
            /// When, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// By instrument.
            details: DeliveryDetail,
        }
    }
}

/// The delivery or exercise of an instrument.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct DeliveryDetail {
    /// Instrument; OKX's name lacks a letter.
    #[serde(rename(deserialize = "insId"), alias = "instId")]
    pub inst_id: InstId,
    /// Price.
    #[serde(default, deserialize_with = "okx_common::de::opt_decimal")]
    pub px: Option<okx_common::decimal::Decimal>,
    /// What happened.
    #[serde(default, rename(deserialize = "type"), deserialize_with = "okx_common::de::opt")]
    pub kind: Option<DeliveryType>,
}

endpoint! {
    /// `GET /public/settlement-history`: the daily settlements of futures.
    GetSettlementHistory = "public-settlement-history": Public "/public/settlement-history" -> Settlement {
        required {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
        }
        optional {
            /// Only older ones than this time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this time, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A settlement: `{"details":[{"instId":"XRP-USDT-250307","settlePx":"2.5192078615298715"}],"ts":"1741161600000"}`.
    pub struct Settlement {
        ms {
            /// When, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// By instrument.
            details: SettlementDetail,
        }
    }
}

row! {
    /// The settlement of an instrument.
    pub struct SettlementDetail {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Price.
            settle_px,
        }
    }
}
