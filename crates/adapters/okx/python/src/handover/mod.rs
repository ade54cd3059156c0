//! Finished Nautilus objects from C structs, through the wheel's own capsule entry points.
//!
//! A [`Courier`] owns reusable memory in the wheel's layout. A converter fills it, the wheel copies it into an object of its own.
//! Nothing is shared and nothing crosses an allocator: the wheel frees what the wheel made, the capsule frees what we made. The
//! instrument id inside the structs is two pointers to texts that the wheel interned for good; they are read from the wheel once
//! for each instrument ([`InstrumentRef`]), never made up.
//!
//! At import a self-test sends every struct through the installed wheel and compares field by field with what the wheel's own
//! `from_raw` constructors make. If anything differs, these constructors are used, which are slower and know no layout.
//!
//! This is the only folder with `unsafe` code.

mod build;
mod check;
mod courier;
mod events;
mod layout;
mod parcel;
mod wheel;

pub use courier::{Courier, InstrumentRef};
pub use events::{Greeks, Status, funding_rate, instrument_status, option_greeks};
pub use layout::{
    BookOrder, DEPTH, Delta, Depth10, FIXED_PRECISION, InstrumentKey, PRICE_RAW_MAX, Price, PriceUpdate,
    QUANTITY_RAW_MAX, Quantity, Quote, Trade, TradeId,
};
pub use wheel::{BarRow, Mode, wheel};

use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// Versions of the stock wheel whose struct layouts were tested.
pub const SUPPORTED_NAUTILUS_VERSIONS: &[&str] = &["1.231.0"];

/// How finished objects reach Nautilus in this process.
#[pyfunction]
fn handover_report(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let wheel = wheel(py)?;
    let report = PyDict::new(py);
    report.set_item("nautilus_version", &wheel.version)?;
    report.set_item("fixed_precision", wheel.fixed_precision)?;
    report.set_item("raw_bytes", wheel.raw_bytes)?;
    report.set_item("mode", wheel.mode.name())?;
    report.set_item("reason", wheel.reason.as_deref())?;
    Ok(report)
}

/// Round-trip every struct through the installed wheel; raises `OkxError` naming the first field that differs.
#[pyfunction]
fn handover_self_test(py: Python<'_>) -> PyResult<()> {
    let wheel = wheel(py)?;
    if let (Mode::FromRaw, Some(reason)) = (wheel.mode, &wheel.reason) {
        // Structs of an unknown layout would not only differ: they could crash the process.
        return Err(check::failure(reason.clone()).into());
    }
    check::round_trip(py, wheel)
}

/// Adds the names of this section and runs the self-test.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("SUPPORTED_NAUTILUS_VERSIONS", PyTuple::new(py, SUPPORTED_NAUTILUS_VERSIONS)?)?;
    module.add_function(wrap_pyfunction!(handover_report, module)?)?;
    module.add_function(wrap_pyfunction!(handover_self_test, module)?)?;
    module.add_function(wrap_pyfunction!(build::handover_build, module)?)?;
    // A wheel that cannot be served must not keep the simulator and the decoder from being imported: the report raises later.
    drop(wheel(py));
    Ok(())
}
