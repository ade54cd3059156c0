//! `MarketDataStream`: OKX's public and business sockets to finished Nautilus objects.
//!
//! The [`engine`] turns frames into structs, without sockets, threads and Python. Two drivers move its bytes and its time:
//! [`inline`] on the event loop itself, [`threaded`] on a thread with a bounded mailbox. Both give what comes to the same
//! [`deliver`], which makes the objects and calls back on the loop's thread.

mod class;
mod deliver;
mod engine;
mod front;
mod inline;
mod item;
mod note;
mod route;
mod shared;
pub(crate) mod spec;
mod threaded;
mod told;

pub use class::MarketDataStream;
pub use note::{Level, Note};
pub use told::note_of;

use pyo3::prelude::*;

/// Adds the names of this section.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MarketDataStream>()
}
