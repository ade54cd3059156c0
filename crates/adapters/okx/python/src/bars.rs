//! Lengths of Nautilus' bar types as OKX's bars.

use okx_common::enums::{Bar, BarAlignment, BarUnit};
use pyo3::{prelude::*, sync::PyOnceLock};

/// What can be asked for, for error messages.
pub const LENGTHS: &str =
    "use 1-SECOND, 1, 3, 5, 15, 30-MINUTE, 1, 2, 4, 6, 12-HOUR, 1, 2, 3, 5-DAY, 1-WEEK, 1, 3-MONTH";

/// The bar of a bar type's length, by UTC; `None` if OKX has none.
///
/// # Errors
/// If it is no bar type.
pub fn length_of(bar_type: &Bound<'_, PyAny>) -> PyResult<Option<Bar>> {
    static TO_TEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = bar_type.py();
    let to_text = TO_TEXT.import(py, "nautilus_trader.model.enums", "bar_aggregation_to_str")?;
    let spec = bar_type.getattr("spec")?;
    let step: u32 = spec.getattr("step")?.extract()?;
    let unit: String = to_text.call1((spec.getattr("aggregation")?,))?.extract()?;
    let unit = match unit.as_str() {
        "SECOND" => BarUnit::Second,
        "MINUTE" => BarUnit::Minute,
        "HOUR" => BarUnit::Hour,
        "DAY" => BarUnit::Day,
        "WEEK" => BarUnit::Week,
        "MONTH" => BarUnit::Month,
        _ => return Ok(None),
    };
    Ok(Bar::from_step(step, unit, BarAlignment::Utc))
}
