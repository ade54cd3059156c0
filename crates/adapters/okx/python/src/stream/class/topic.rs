//! Topics from Python.

use okx_common::enums::Bar;
use pyo3::prelude::*;

use crate::{
    bars::{LENGTHS, length_of},
    errors::{Class, Failure},
};

/// A refusal before anything is sent.
pub(super) fn refused(text: impl Into<String>, advice: &'static str) -> PyErr {
    Failure::new(Class::Subscription, "config", text).advice(advice).into()
}

/// The candles of a bar type, by UTC.
pub(super) fn bar_of(bar_type: &Bound<'_, PyAny>) -> PyResult<Bar> {
    let enums = bar_type.py().import("nautilus_trader.model.enums")?;
    let price = bar_type.getattr("spec")?.getattr("price_type")?;
    let price: String = enums.getattr("price_type_to_str")?.call1((price,))?.extract()?;
    if price != "LAST" || bar_type.call_method0("is_internally_aggregated")?.is_truthy()? {
        return Err(refused(
            format!("{bar_type}: OKX pushes bars of last prices, made by OKX"),
            "use …-LAST-EXTERNAL, or aggregate internally",
        ));
    }
    length_of(bar_type)?
        .ok_or_else(|| refused(format!("{bar_type}: OKX has no candles of this length"), LENGTHS))
}
