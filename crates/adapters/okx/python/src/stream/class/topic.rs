//! Topics from Python.

use okx_common::enums::{Bar, BarAlignment, BarUnit, InstType};
use okx_ws::{Channel, Topic};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyMapping};

use crate::errors::{Class, Failure};

/// A refusal before anything is sent.
pub(super) fn refused(text: impl Into<String>, advice: &'static str) -> PyErr {
    Failure::new(Class::Subscription, "config", text).advice(advice).into()
}

/// A topic of its arguments, as OKX names them.
pub(super) fn topic_of(mapping: &Bound<'_, PyMapping>) -> PyResult<Topic> {
    let mut channel = None;
    let mut rest = Vec::new();
    for item in mapping.items()?.iter() {
        let (key, value): (String, String) = item.extract()?;
        match key.as_str() {
            "channel" => channel = Some(value),
            _ => rest.push((key, value)),
        }
    }
    let Some(name) = channel else {
        return Err(PyValueError::new_err(
            "the topic has no channel, e.g. {\"channel\": \"open-interest\", ...}",
        ));
    };
    let known = Channel::parse(&name).ok_or_else(|| {
        refused(format!("OKX documents no channel {name:?}"), "check the name of the channel")
    })?;
    let mut topic = Topic::plain(known);
    for (key, value) in rest {
        match key.as_str() {
            "instId" => topic.inst_id = Some(value.into()),
            "instType" => topic.inst_type = Some(InstType::from(value.as_str())),
            "instFamily" => topic.inst_family = Some(value.into()),
            "ccy" => topic.ccy = Some(value.into()),
            "sprdId" => topic.sprd_id = Some(value.into()),
            "algoId" => topic.algo_id = Some(value.into()),
            other => {
                let keys = "channel, instId, instType, instFamily, ccy, sprdId, algoId";
                return Err(PyValueError::new_err(format!("{other:?} is no part of a topic: use {keys}")));
            }
        }
    }
    Ok(topic)
}

/// The candles of a bar type, by UTC.
pub(super) fn bar_of(bar_type: &Bound<'_, PyAny>) -> PyResult<Bar> {
    let py = bar_type.py();
    let enums = py.import("nautilus_trader.model.enums")?;
    let spec = bar_type.getattr("spec")?;
    let step: u32 = spec.getattr("step")?.extract()?;
    let unit: String =
        enums.getattr("bar_aggregation_to_str")?.call1((spec.getattr("aggregation")?,))?.extract()?;
    let price: String =
        enums.getattr("price_type_to_str")?.call1((spec.getattr("price_type")?,))?.extract()?;
    if price != "LAST" || bar_type.call_method0("is_internally_aggregated")?.is_truthy()? {
        return Err(refused(
            format!("{bar_type}: OKX pushes bars of last prices, made by OKX"),
            "use …-LAST-EXTERNAL, or aggregate internally",
        ));
    }
    let unit = match unit.as_str() {
        "SECOND" => Some(BarUnit::Second),
        "MINUTE" => Some(BarUnit::Minute),
        "HOUR" => Some(BarUnit::Hour),
        "DAY" => Some(BarUnit::Day),
        "WEEK" => Some(BarUnit::Week),
        "MONTH" => Some(BarUnit::Month),
        _ => None,
    };
    unit.and_then(|unit| Bar::from_step(step, unit, BarAlignment::Utc)).ok_or_else(|| {
        refused(
            format!("{bar_type}: OKX has no candles of this length"),
            "use 1-SECOND, 1, 3, 5, 15, 30-MINUTE, 1, 2, 4, 6, 12-HOUR, 1, 2, 3, 5-DAY, 1-WEEK, 1, 3-MONTH",
        )
    })
}
