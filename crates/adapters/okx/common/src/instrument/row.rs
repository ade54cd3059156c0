//! One row of an instrument list, complete or not.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{Instrument, UpcomingChange};
use crate::{
    de::{Field, list},
    decimal::Decimal,
    enums::{
        Alias, CtType, EventFreq, EventMethod, InstCategory, InstState, InstType, OpenType, OptType,
        RpiPermission, RuleType,
    },
    ids::{Ccy, InstFamily, InstId, SeriesId, Underlying},
};

/// A row of an instrument list.
///
/// New listings are announced with almost all fields empty, up to five minutes before they start. Neither such a row nor
/// a malformed one fails the list: decode `Vec<InstrumentRow>`.
///
/// Serialised as what it holds; an incomplete one is told by its `missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum InstrumentRow {
    /// The instrument is described.
    Ready(Box<Instrument>),
    /// Something that is needed for trading is missing or malformed.
    Incomplete(Box<IncompleteInstrument>),
}

/// What is known of an instrument that is not described yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct IncompleteInstrument {
    /// `instType`, if there.
    pub inst_type: Option<InstType>,
    /// `instId`, empty if even that is missing.
    pub inst_id: String,
    /// `instFamily`, if there.
    pub inst_family: Option<InstFamily>,
    /// `state`, if there.
    pub state: Option<InstState>,
    /// `listTime`, Unix ms, if there.
    pub list_time_ms: Option<u64>,
    /// The needed fields that are empty, in OKX's words.
    pub missing: Vec<&'static str>,
    /// The fields that are malformed, in OKX's words, and what is wrong with each.
    pub invalid: Vec<(&'static str, String)>,
}

impl IncompleteInstrument {
    /// Whether the row is an announcement, not a fault: preopen and nothing malformed.
    #[must_use]
    pub fn is_announcement(&self) -> bool {
        self.invalid.is_empty() && self.state == Some(InstState::Preopen)
    }
}

impl fmt::Display for IncompleteInstrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "instrument {}", if self.inst_id.is_empty() { "without an id" } else { &self.inst_id })?;
        if let Some(state) = &self.state {
            write!(f, " ({state})")?;
        }
        if !self.missing.is_empty() {
            write!(f, " lacks {}", self.missing.join(", "))?;
        }
        for (field, error) in &self.invalid {
            write!(f, "; {field}: {error}")?;
        }
        Ok(())
    }
}

impl InstrumentRow {
    /// The id, complete or not.
    #[must_use]
    pub fn inst_id(&self) -> &str {
        match self {
            Self::Ready(i) => &i.inst_id,
            Self::Incomplete(i) => &i.inst_id,
        }
    }

    /// The instrument, if it is described.
    #[must_use]
    pub fn ready(self) -> Option<Instrument> {
        match self {
            Self::Ready(i) => Some(*i),
            Self::Incomplete(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for InstrumentRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = InstrumentRow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instrument object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<InstrumentRow, A::Error> {
                Wire::deserialize(MapAccessDeserializer::new(map)).map(Wire::judge)
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<InstrumentRow, E> {
                Ok(not_an_object(crate::text::excerpt(v)))
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<InstrumentRow, E> {
                Ok(not_an_object(v.to_string()))
            }

            fn visit_i64<E: de::Error>(self, v: i64) -> Result<InstrumentRow, E> {
                Ok(not_an_object(v.to_string()))
            }

            fn visit_bool<E: de::Error>(self, v: bool) -> Result<InstrumentRow, E> {
                Ok(not_an_object(v.to_string()))
            }

            fn visit_unit<E: de::Error>(self) -> Result<InstrumentRow, E> {
                Ok(not_an_object("null".to_owned()))
            }
        }
        deserializer.deserialize_any(V)
    }
}

fn not_an_object(what: String) -> InstrumentRow {
    InstrumentRow::Incomplete(Box::new(IncompleteInstrument {
        missing: vec!["instId"],
        invalid: vec![("row", format!("expected an object, got {what}"))],
        ..Default::default()
    }))
}

/// The row as on the wire: each field may be absent, good or bad by itself.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    inst_type: Field<InstType>,
    inst_id: Field<InstId>,
    inst_id_code: Field<u64>,
    state: Field<InstState>,
    tick_sz: Field<Decimal>,
    lot_sz: Field<Decimal>,
    min_sz: Field<Decimal>,
    uly: Field<Underlying>,
    inst_family: Field<InstFamily>,
    series_id: Field<SeriesId>,
    base_ccy: Field<Ccy>,
    quote_ccy: Field<Ccy>,
    settle_ccy: Field<Ccy>,
    #[serde(deserialize_with = "list")]
    trade_quote_ccy_list: Vec<Ccy>,
    ct_val: Field<Decimal>,
    ct_mult: Field<Decimal>,
    ct_val_ccy: Field<Ccy>,
    ct_type: Field<CtType>,
    opt_type: Field<OptType>,
    stk: Field<Decimal>,
    list_time: Field<u64>,
    exp_time: Field<u64>,
    cont_td_sw_time: Field<u64>,
    auction_end_time: Field<u64>,
    pre_mkt_sw_time: Field<u64>,
    open_type: Field<OpenType>,
    rule_type: Field<RuleType>,
    alias: Field<Alias>,
    future_settlement: Field<bool>,
    lever: Field<Decimal>,
    max_lmt_sz: Field<Decimal>,
    max_mkt_sz: Field<Decimal>,
    max_lmt_amt: Field<Decimal>,
    max_mkt_amt: Field<Decimal>,
    max_twap_sz: Field<Decimal>,
    max_iceberg_sz: Field<Decimal>,
    max_trigger_sz: Field<Decimal>,
    max_stop_sz: Field<Decimal>,
    init_px_lmt_pct: Field<Decimal>,
    float_px_lmt_pct: Field<Decimal>,
    max_px_lmt_pct: Field<Decimal>,
    rpi_min_level: Field<Decimal>,
    rpi_min_px_band: Field<Decimal>,
    group_id: Field<String>,
    category: Field<String>,
    inst_category: Field<InstCategory>,
    freq: Field<EventFreq>,
    method: Field<EventMethod>,
    #[serde(deserialize_with = "list")]
    upc_chg: Vec<UpcomingChange>,
    rpi: Field<RpiPermission>,
    /// The name of `rpi` until 2026-10-31; both may be there for a while.
    elp: Field<RpiPermission>,
    pos_lmt_amt: Field<Decimal>,
    pos_lmt_pct: Field<Decimal>,
    #[serde(rename = "maxPlatOILmt")]
    max_plat_oi_lmt: Field<Decimal>,
    #[serde(rename = "maxPlatOICoinLmt")]
    max_plat_oi_coin_lmt: Field<Decimal>,
    long_pos_remaining_quota: Field<Decimal>,
    short_pos_remaining_quota: Field<Decimal>,
}

/// Collects what is wrong with a row.
#[derive(Default)]
struct Faults {
    missing: Vec<&'static str>,
    invalid: Vec<(&'static str, String)>,
}

impl Faults {
    /// A field that may be absent.
    fn optional<T>(&mut self, name: &'static str, field: Field<T>) -> Option<T> {
        match field {
            Field::Absent => None,
            Field::Value(value) => Some(value),
            Field::Bad(error) => {
                self.invalid.push((name, error));
                None
            }
        }
    }

    /// A step or size, which must be above 0 where it is given.
    fn positive(&mut self, name: &'static str, field: Field<Decimal>) -> Option<Decimal> {
        let value = self.optional(name, field)?;
        if !value.is_positive() {
            self.invalid.push((name, format!("{value} is not above 0")));
        }
        Some(value)
    }

    /// Notes the fields that this kind of instrument cannot do without.
    fn require(&mut self, inst_type: Option<&InstType>, fields: &[(&'static str, bool)]) {
        let needed: &[&str] = match inst_type {
            Some(InstType::Spot | InstType::Margin) => &["baseCcy", "quoteCcy"],
            Some(InstType::Swap) => &["ctVal", "ctType", "settleCcy"],
            Some(InstType::Futures) => &["ctVal", "ctType", "settleCcy", "expTime"],
            Some(InstType::Option) => &["ctVal", "settleCcy", "optType", "stk", "expTime"],
            _ => &[],
        };
        for (name, present) in fields {
            let is_invalid = self.invalid.iter().any(|(bad, _)| bad == name);
            if !present && !is_invalid && (COMMON_FIELDS.contains(name) || needed.contains(name)) {
                self.missing.push(name);
            }
        }
    }
}

/// What no instrument can do without.
const COMMON_FIELDS: &[&str] = &["instType", "instId", "state", "tickSz", "lotSz", "minSz"];

impl Wire {
    fn judge(self) -> InstrumentRow {
        let mut faults = Faults::default();
        let inst_type = faults.optional("instType", self.inst_type);
        let inst_id = faults.optional("instId", self.inst_id);
        let inst_id_code = faults.optional("instIdCode", self.inst_id_code);
        let state = faults.optional("state", self.state);
        let tick_sz = faults.positive("tickSz", self.tick_sz);
        let lot_sz = faults.positive("lotSz", self.lot_sz);
        let min_sz = faults.positive("minSz", self.min_sz);
        let uly = faults.optional("uly", self.uly);
        let inst_family = faults.optional("instFamily", self.inst_family);
        let series_id = faults.optional("seriesId", self.series_id);
        let base_ccy = faults.optional("baseCcy", self.base_ccy);
        let quote_ccy = faults.optional("quoteCcy", self.quote_ccy);
        let settle_ccy = faults.optional("settleCcy", self.settle_ccy);
        let ct_val = faults.positive("ctVal", self.ct_val);
        let ct_mult = faults.positive("ctMult", self.ct_mult);
        let ct_val_ccy = faults.optional("ctValCcy", self.ct_val_ccy);
        let ct_type = faults.optional("ctType", self.ct_type);
        let opt_type = faults.optional("optType", self.opt_type);
        let stk = faults.optional("stk", self.stk);
        let list_time = faults.optional("listTime", self.list_time);
        let exp_time = faults.optional("expTime", self.exp_time);
        let cont_td_sw_time = faults.optional("contTdSwTime", self.cont_td_sw_time);
        let auction_end_time = faults.optional("auctionEndTime", self.auction_end_time);
        let pre_mkt_sw_time = faults.optional("preMktSwTime", self.pre_mkt_sw_time);
        let open_type = faults.optional("openType", self.open_type);
        let rule_type = faults.optional("ruleType", self.rule_type);
        let alias = faults.optional("alias", self.alias);
        let future_settlement = faults.optional("futureSettlement", self.future_settlement);
        let lever = faults.optional("lever", self.lever);
        let max_lmt_sz = faults.optional("maxLmtSz", self.max_lmt_sz);
        let max_mkt_sz = faults.optional("maxMktSz", self.max_mkt_sz);
        let max_lmt_amt = faults.optional("maxLmtAmt", self.max_lmt_amt);
        let max_mkt_amt = faults.optional("maxMktAmt", self.max_mkt_amt);
        let max_twap_sz = faults.optional("maxTwapSz", self.max_twap_sz);
        let max_iceberg_sz = faults.optional("maxIcebergSz", self.max_iceberg_sz);
        let max_trigger_sz = faults.optional("maxTriggerSz", self.max_trigger_sz);
        let max_stop_sz = faults.optional("maxStopSz", self.max_stop_sz);
        let init_px_lmt_pct = faults.optional("initPxLmtPct", self.init_px_lmt_pct);
        let float_px_lmt_pct = faults.optional("floatPxLmtPct", self.float_px_lmt_pct);
        let max_px_lmt_pct = faults.optional("maxPxLmtPct", self.max_px_lmt_pct);
        let rpi_min_level = faults.optional("rpiMinLevel", self.rpi_min_level);
        let rpi_min_px_band = faults.optional("rpiMinPxBand", self.rpi_min_px_band);
        let group_id = faults.optional("groupId", self.group_id);
        let category = faults.optional("category", self.category);
        let inst_category = faults.optional("instCategory", self.inst_category);
        let freq = faults.optional("freq", self.freq);
        let method = faults.optional("method", self.method);
        let rpi = faults.optional("rpi", self.rpi);
        let elp = faults.optional("elp", self.elp);
        let pos_lmt_amt = faults.optional("posLmtAmt", self.pos_lmt_amt);
        let pos_lmt_pct = faults.optional("posLmtPct", self.pos_lmt_pct);
        let max_plat_oi_lmt = faults.optional("maxPlatOILmt", self.max_plat_oi_lmt);
        let max_plat_oi_coin_lmt = faults.optional("maxPlatOICoinLmt", self.max_plat_oi_coin_lmt);
        let long_pos_remaining_quota =
            faults.optional("longPosRemainingQuota", self.long_pos_remaining_quota);
        let short_pos_remaining_quota =
            faults.optional("shortPosRemainingQuota", self.short_pos_remaining_quota);
        let fields = [
            ("instType", inst_type.is_some()),
            ("instId", inst_id.is_some()),
            ("state", state.is_some()),
            ("tickSz", tick_sz.is_some()),
            ("lotSz", lot_sz.is_some()),
            ("minSz", min_sz.is_some()),
            ("baseCcy", base_ccy.is_some()),
            ("quoteCcy", quote_ccy.is_some()),
            ("settleCcy", settle_ccy.is_some()),
            ("ctVal", ct_val.is_some()),
            ("ctType", ct_type.is_some()),
            ("optType", opt_type.is_some()),
            ("stk", stk.is_some()),
            ("expTime", exp_time.is_some()),
        ];
        faults.require(inst_type.as_ref(), &fields);
        let (true, Some(inst_type), Some(inst_id), Some(state), Some(tick_sz), Some(lot_sz), Some(min_sz)) = (
            faults.missing.is_empty() && faults.invalid.is_empty(),
            inst_type.clone(),
            inst_id.clone(),
            state.clone(),
            tick_sz,
            lot_sz,
            min_sz,
        ) else {
            return InstrumentRow::Incomplete(Box::new(IncompleteInstrument {
                inst_type,
                inst_id: inst_id.map(|id| id.to_string()).unwrap_or_default(),
                inst_family,
                state,
                list_time_ms: list_time,
                missing: faults.missing,
                invalid: faults.invalid,
            }));
        };
        InstrumentRow::Ready(Box::new(Instrument {
            inst_type,
            inst_id,
            inst_id_code,
            state,
            tick_sz,
            lot_sz,
            min_sz,
            uly,
            inst_family,
            series_id,
            base_ccy,
            quote_ccy,
            settle_ccy,
            trade_quote_ccy_list: self.trade_quote_ccy_list,
            ct_val,
            ct_mult,
            ct_val_ccy,
            ct_type,
            opt_type,
            stk,
            list_time_ms: list_time,
            exp_time_ms: exp_time,
            cont_td_sw_time_ms: cont_td_sw_time,
            auction_end_time_ms: auction_end_time,
            pre_mkt_sw_time_ms: pre_mkt_sw_time,
            open_type,
            rule_type,
            alias,
            future_settlement: future_settlement.unwrap_or_default(),
            lever,
            max_lmt_sz,
            max_mkt_sz,
            max_lmt_amt,
            max_mkt_amt,
            max_twap_sz,
            max_iceberg_sz,
            max_trigger_sz,
            max_stop_sz,
            init_px_lmt_pct,
            float_px_lmt_pct,
            max_px_lmt_pct,
            rpi_min_level,
            rpi_min_px_band,
            group_id: group_id.map(String::into_boxed_str),
            category: category.map(String::into_boxed_str),
            inst_category,
            freq,
            method,
            upc_chg: self.upc_chg,
            rpi: rpi.or(elp),
            pos_lmt_amt,
            pos_lmt_pct,
            max_plat_oi_lmt,
            max_plat_oi_coin_lmt,
            long_pos_remaining_quota,
            short_pos_remaining_quota,
        }))
    }
}
