//! `OkxHttpClient`: OKX's REST API on Python's event loops.
//!
//! Requests run on the shared runtime. What they bring is turned into Python objects on the loop's thread: rows into dicts, the
//! history into Nautilus objects through the hand-over.

mod account;
mod client;
mod convert;
mod history;
mod instrument;
mod known;
mod pages;
mod params;

use okx_http::{ErrorKind, HttpError, Rows, Skipped};
use pyo3::prelude::*;

use crate::errors::{Class, Failure};

pub use client::HttpClient;
pub use pages::FillPages;

/// The logger of rows that could not be read.
const LOGGER: &str = "nautilus_trader.adapters.okx.native";

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        let class = match error.kind() {
            ErrorKind::Decode => Class::Decode,
            ErrorKind::Config => Class::Other,
            _ => Class::Http,
        };
        // OKX's words stay as they are; what happened here is told with its place.
        let message = match (error.kind(), error.endpoint()) {
            (ErrorKind::Venue, _) | (_, None) => error.message().to_owned(),
            (_, Some(endpoint)) => format!("{endpoint}: {}", error.message()),
        };
        Self::new(class, error.kind().as_str(), message)
            .http_status(error.http_status())
            .code(error.code())
            .advice(error.advice())
    }
}

/// A refusal before anything is sent.
fn refused(message: impl Into<String>, advice: &'static str) -> PyErr {
    Failure::new(Class::Http, "params", message).advice(advice).into()
}

/// The rows; those that could not be read go to the log, so that one bad row never hides the others and never vanishes.
fn told<T>(py: Python<'_>, what: &str, rows: Rows<T>) -> PyResult<Vec<T>> {
    complain(py, what, &rows.skipped)?;
    Ok(rows.items)
}

fn complain(py: Python<'_>, what: &str, skipped: &[Skipped]) -> PyResult<()> {
    let Some(first) = skipped.first() else { return Ok(()) };
    let logger = py.import("logging")?.call_method1("getLogger", (LOGGER,))?;
    let text = format!("{what}: {} row(s) left out, the first: {first}", skipped.len());
    logger.call_method1("warning", ("%s", text))?;
    Ok(())
}

/// Adds the class.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<FillPages>()?;
    module.add_class::<HttpClient>()
}
