//! Instruments as OKX lists them (`/public/instruments`, `/account/instruments`, channel `instruments`).

mod row;
mod semantics;
#[cfg(test)]
mod tests;

pub use row::{IncompleteInstrument, InstrumentRow};
pub use semantics::{ContractKind, NotionalError, USD_STABLE};

use crate::{
    decimal::Decimal,
    enums::{
        Alias, CtType, EventFreq, EventMethod, InstCategory, InstState, InstType, OpenType, OptType,
        RpiPermission, RuleType, UpcomingParam,
    },
    ids::{Ccy, InstFamily, InstId, SeriesId, Underlying},
};

/// An instrument whose trading parameters are known.
///
/// Fields that do not apply to the kind of instrument are `None`. Rows that are not detailed yet are
/// [`InstrumentRow::Incomplete`]. Serialised with the names of the fields.
///
/// ```json
/// {"instType":"SWAP","instId":"BTC-USDT-SWAP","uly":"BTC-USDT","instFamily":"BTC-USDT","settleCcy":"USDT","ctVal":"0.01",
///  "ctMult":"1","ctValCcy":"BTC","ctType":"linear","listTime":"1606468572000","expTime":"","lever":"100","tickSz":"0.1",
///  "lotSz":"0.01","minSz":"0.01","state":"live","ruleType":"normal","instIdCode":10459,"instCategory":"1"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Instrument {
    /// `instType`.
    pub inst_type: InstType,
    /// `instId`; SPOT and MARGIN share ids.
    pub inst_id: InstId,
    /// `instIdCode`, for orders over the WebSocket. Differs between live and demo; `None` while OKX has not made one.
    pub inst_id_code: Option<u64>,
    /// `state`.
    pub state: InstState,
    /// `tickSz`, the price step. For OPTION and EVENTS the smallest one of the tick bands.
    pub tick_sz: Decimal,
    /// `lotSz`, the size step: contracts, or base currency for SPOT and MARGIN.
    pub lot_sz: Decimal,
    /// `minSz`, the smallest size, in the unit of `lot_sz`.
    pub min_sz: Decimal,

    /// `uly`, the index.
    pub uly: Option<Underlying>,
    /// `instFamily`.
    pub inst_family: Option<InstFamily>,
    /// `seriesId` (EVENTS).
    pub series_id: Option<SeriesId>,
    /// `baseCcy` (SPOT, MARGIN).
    pub base_ccy: Option<Ccy>,
    /// `quoteCcy` (SPOT, MARGIN).
    pub quote_ccy: Option<Ccy>,
    /// `settleCcy` (contracts); may be the non-ASCII `USDⓈ`.
    pub settle_ccy: Option<Ccy>,
    /// `tradeQuoteCcyList`, what a SPOT pair may be paid in.
    pub trade_quote_ccy_list: Vec<Ccy>,

    /// `ctVal`, the face value of a contract in `ct_val_ccy`.
    pub ct_val: Option<Decimal>,
    /// `ctMult`, to be multiplied with `ct_val`.
    pub ct_mult: Option<Decimal>,
    /// `ctValCcy`.
    pub ct_val_ccy: Option<Ccy>,
    /// `ctType` (FUTURES, SWAP).
    pub ct_type: Option<CtType>,
    /// `optType` (OPTION).
    pub opt_type: Option<OptType>,
    /// `stk`, the strike (OPTION).
    pub stk: Option<Decimal>,

    /// `listTime`, Unix ms.
    pub list_time_ms: Option<u64>,
    /// `expTime`, Unix ms: delivery or exercise for FUTURES and OPTION, an announced delisting for the others.
    pub exp_time_ms: Option<u64>,
    /// `contTdSwTime`, Unix ms: continuous trading starts (SPOT, MARGIN).
    pub cont_td_sw_time_ms: Option<u64>,
    /// `auctionEndTime`, Unix ms. Deprecated by OKX for `cont_td_sw_time_ms`.
    pub auction_end_time_ms: Option<u64>,
    /// `preMktSwTime`, Unix ms: a pre-market contract becomes an ordinary one.
    pub pre_mkt_sw_time_ms: Option<u64>,
    /// `openType` (SPOT, MARGIN).
    pub open_type: Option<OpenType>,
    /// `ruleType`.
    pub rule_type: Option<RuleType>,
    /// `alias` (FUTURES). Deprecated by OKX.
    pub alias: Option<Alias>,
    /// `futureSettlement`: settled daily (cross FUTURES).
    pub future_settlement: bool,

    /// `lever`, the largest leverage (not SPOT, OPTION).
    pub lever: Option<Decimal>,
    /// `maxLmtSz`, per order.
    pub max_lmt_sz: Option<Decimal>,
    /// `maxMktSz`, per order; in USDT for SPOT and MARGIN.
    pub max_mkt_sz: Option<Decimal>,
    /// `maxLmtAmt`, per order in USD.
    pub max_lmt_amt: Option<Decimal>,
    /// `maxMktAmt`, per order in USD (SPOT, MARGIN).
    pub max_mkt_amt: Option<Decimal>,
    /// `maxTwapSz`.
    pub max_twap_sz: Option<Decimal>,
    /// `maxIcebergSz`.
    pub max_iceberg_sz: Option<Decimal>,
    /// `maxTriggerSz`.
    pub max_trigger_sz: Option<Decimal>,
    /// `maxStopSz`; in USDT for SPOT and MARGIN.
    pub max_stop_sz: Option<Decimal>,
    /// `initPxLmtPct`, the price limit of the first ten minutes, as a fraction.
    pub init_px_lmt_pct: Option<Decimal>,
    /// `floatPxLmtPct`, as a fraction.
    pub float_px_lmt_pct: Option<Decimal>,
    /// `maxPxLmtPct`, as a fraction.
    pub max_px_lmt_pct: Option<Decimal>,
    /// `rpiMinLevel` (public list), levels.
    pub rpi_min_level: Option<Decimal>,
    /// `rpiMinPxBand` (public list), basis points.
    pub rpi_min_px_band: Option<Decimal>,

    /// `groupId`, the fee group.
    pub group_id: Option<Box<str>>,
    /// `category`. Deprecated by OKX.
    pub category: Option<Box<str>>,
    /// `instCategory`, the asset class.
    pub inst_category: Option<InstCategory>,
    /// `freq` of the series (EVENTS).
    pub freq: Option<EventFreq>,
    /// `method` of the series' settlement (EVENTS).
    pub method: Option<EventMethod>,
    /// `upcChg`, announced changes.
    pub upc_chg: Vec<UpcomingChange>,

    /// `rpi`, formerly `elp` (account list).
    pub rpi: Option<RpiPermission>,
    /// `posLmtAmt`, USD (account list).
    pub pos_lmt_amt: Option<Decimal>,
    /// `posLmtPct` (account list).
    pub pos_lmt_pct: Option<Decimal>,
    /// `maxPlatOILmt`, USD (account list).
    pub max_plat_oi_lmt: Option<Decimal>,
    /// `maxPlatOICoinLmt`, coin (account list).
    pub max_plat_oi_coin_lmt: Option<Decimal>,
    /// `longPosRemainingQuota`, USD (account list).
    pub long_pos_remaining_quota: Option<Decimal>,
    /// `shortPosRemainingQuota`, USD (account list).
    pub short_pos_remaining_quota: Option<Decimal>,
}

/// An announced change of a parameter (`upcChg`).
///
/// Read with OKX's names, written with those of the fields, as [`Instrument`] is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct UpcomingChange {
    /// The parameter; unknown if OKX does not name it.
    #[serde(default = "unnamed", deserialize_with = "param")]
    pub param: UpcomingParam,
    /// Its value to come.
    #[serde(default, deserialize_with = "crate::de::opt")]
    pub new_value: Option<Decimal>,
    /// When, Unix ms.
    #[serde(rename(deserialize = "effTime"), default, deserialize_with = "crate::de::opt_u64")]
    pub eff_time_ms: Option<u64>,
}

fn unnamed() -> UpcomingParam {
    UpcomingParam::from("")
}

fn param<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<UpcomingParam, D::Error> {
    crate::de::opt(deserializer).map(|param| param.unwrap_or_else(unnamed))
}
