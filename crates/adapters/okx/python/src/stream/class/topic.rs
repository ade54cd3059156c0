//! Topics from Python.

use okx_common::enums::{Bar, BarAlignment, BarUnit};
use pyo3::prelude::*;

use crate::errors::{Class, Failure};

/// A refusal before anything is sent.
pub(super) fn refused(text: impl Into<String>, advice: &'static str) -> PyErr {
    Failure::new(Class::Subscription, "config", text).advice(advice).into()
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
