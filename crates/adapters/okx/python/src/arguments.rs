//! Arguments that several classes take, from Python to ours.

use std::time::Duration;

use okx_common::credentials::Credentials;
use okx_ws::{Topic, TopicError};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyMapping};

use crate::errors::{Class, Failure};

/// `ValueError` for a setting that cannot be used.
pub(crate) fn refused(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A wait in seconds.
pub(crate) fn wait_of(name: &str, secs: f64) -> PyResult<Duration> {
    match Duration::try_from_secs_f64(secs) {
        Ok(wait) if !wait.is_zero() => Ok(wait),
        _ => Err(refused(format!("{name} is {secs}: use a number of seconds above 0"))),
    }
}

/// The parts of a key: all or none.
pub(crate) fn credentials([key, secret, passphrase]: [Option<String>; 3]) -> PyResult<Option<Credentials>> {
    let parts = [key, secret, passphrase].map(Option::unwrap_or_default);
    if parts.iter().all(String::is_empty) {
        return Ok(None);
    }
    let [key, secret, passphrase] = parts;
    Credentials::new(key, secret, passphrase).map(Some).map_err(refused)
}

/// A topic of its arguments, as OKX names them.
pub(crate) fn topic_of(mapping: &Bound<'_, PyMapping>) -> PyResult<Topic> {
    let pairs: Vec<(String, String)> = mapping.items()?.extract()?;
    Topic::from_pairs(pairs).map_err(|error| match error {
        TopicError::UnknownChannel(_) => Failure::new(Class::Subscription, "config", error.to_string())
            .advice("check the name of the channel")
            .into(),
        TopicError::NoChannel | TopicError::UnknownKey(_) => refused(error),
    })
}
