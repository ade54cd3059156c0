//! `ExecutionStream`: orders to OKX's private and business sockets, and what becomes of them back to Nautilus.
//!
//! The [`machine`] is okx_core's desk with its sockets, under a lock: whoever takes the lock carries out at once what the desk wants,
//! so that an order leaves within the call that submits it, on either driver. Two drivers watch sockets and time: [`inline`] on the
//! event loop itself, [`tasks`] on the runtime. What happened waits in the machine, and [`deliver`] calls back on the loop's thread,
//! when no lock is held.

mod build;
mod class;
mod deliver;
mod inline;
mod instruments;
mod json;
mod machine;
mod methods;
mod post;
mod read;
mod restore;
mod rows;
mod settings;
mod tasks;
mod values;
mod waiting;

pub use class::ExecutionStream;

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds the names of this section.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<ExecutionStream>()
}
