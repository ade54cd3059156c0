//! `OkxWebSocketClient`: any topic of one URL, as dicts.
//!
//! The tokio client of `okx_ws` runs on the shared runtime and leaves frames, as they came, in an [`inbox`]; the loop is woken once
//! for each batch, and makes the dicts on its own thread, no earlier than they are taken.

mod budget;
mod client;
mod consumer;
mod inbox;

pub use budget::connect_budget;

use pyo3::prelude::*;

/// Adds the class.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<client::WebSocketClient>()
}
