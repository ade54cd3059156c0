//! The PyO3 module `nautilus_trader.adapters.okx.native._okx`: the Rust crates on Python's event loops.
//!
//! The binding holds no trading logic. It moves bytes and time for the sans-I/O machines of the other crates and hands what
//! they make to Python. Two rules hold everywhere:
//!
//! * No thread of this module ever enters the interpreter: results reach a loop through [`bridge`].
//! * `unsafe` stands in the hand-over of finished objects only, which meets the wheel's C structs.

mod arguments;
pub mod bars;
pub mod bridge;
mod complaints;
pub mod decode;
pub mod errors;
mod execution;
pub mod handover;
pub mod http;
pub mod rows;
mod sim;
pub mod stream;
pub mod ws;

use pyo3::prelude::*;

/// Every section of the module adds its own names; one line each.
#[pymodule]
fn _okx(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    errors::register(module)?;
    handover::register(module)?;
    stream::register(module)?;
    execution::register(module)?;
    http::register(module)?;
    ws::register(module)?;
    sim::register(module)?;
    decode::register(module)?;
    Ok(())
}
