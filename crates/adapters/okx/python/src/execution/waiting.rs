//! Whoever waits for `open`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::{intern, prelude::*};

use crate::errors::{Class, Failure};

#[derive(Default)]
struct Inner {
    futures: Vec<Py<PyAny>>,
    is_ready: bool,
    /// What stood in the way last.
    trouble: Option<Failure>,
}

/// See the module. The lock is never held while Python code may run.
#[derive(Default)]
pub struct Waiting(Mutex<Inner>);

impl Waiting {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody waits. False if there is nothing to wait for.
    pub fn wait(&self, future: &Bound<'_, PyAny>) -> bool {
        let mut inner = self.inner();
        if inner.is_ready {
            return false;
        }
        inner.trouble = None;
        inner.futures.push(future.clone().unbind());
        true
    }

    /// Whether the desk is ready.
    pub fn is_ready(&self) -> bool {
        self.inner().is_ready
    }

    /// The desk is ready.
    pub fn ready(&self, py: Python<'_>) {
        let futures = {
            let mut inner = self.inner();
            inner.is_ready = true;
            std::mem::take(&mut inner.futures)
        };
        for future in futures {
            answer(future.bind(py), None);
        }
    }

    /// It is ready no longer.
    pub fn lost(&self) {
        self.inner().is_ready = false;
    }

    /// Something stands in the way; for good, or it is tried again.
    pub fn trouble(&self, py: Python<'_>, failure: Failure, is_final: bool) {
        if is_final {
            self.give_up(py, &failure);
        }
        self.inner().trouble = Some(failure);
    }

    /// Something was said that may stand in the way.
    pub fn heard(&self, words: &str) {
        let mut inner = self.inner();
        if !inner.is_ready && !inner.futures.is_empty() {
            let failure = Failure::new(Class::Connection, "network", words);
            inner.trouble = Some(failure);
        }
    }

    /// It took too long.
    pub fn time_out(&self, py: Python<'_>) {
        let trouble = self.inner().trouble.take();
        let failure = trouble.unwrap_or_else(|| {
            let text = "OKX's private channels were not ready in time";
            Failure::new(Class::Connection, "timeout", text)
                .advice("check network, proxy and firewall, and the state of OKX")
        });
        self.give_up(py, &failure);
    }

    /// Nobody is to wait any longer.
    pub fn give_up(&self, py: Python<'_>, failure: &Failure) {
        let futures = std::mem::take(&mut self.inner().futures);
        for future in futures {
            answer(future.bind(py), Some(failure));
        }
    }
}

/// Completes a future, unless somebody else has.
pub fn answer(future: &Bound<'_, PyAny>, failure: Option<&Failure>) {
    let py = future.py();
    let complete = || -> PyResult<()> {
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            return Ok(());
        }
        match failure {
            None => future.call_method1(intern!(py, "set_result"), (py.None(),))?,
            Some(failure) => {
                let error = failure.to_err(py)?.into_value(py);
                future.call_method1(intern!(py, "set_exception"), (error,))?
            }
        };
        Ok(())
    };
    if let Err(error) = complete() {
        error.write_unraisable(py, Some(future));
    }
}
