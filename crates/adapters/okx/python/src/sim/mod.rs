//! `SimulatedExchange`: the simulated OKX served from this process.

mod setup;

use std::sync::{Mutex, MutexGuard, PoisonError};

use okx_sim::{
    UrlKind,
    server::{ControlError, SimServer},
};
use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
    types::{PyDict, PyMapping},
};
use serde_json::Value;

use self::setup::Setup;
use crate::{
    errors::{Class, Failure},
    rows,
};

/// A simulated OKX (REST and WebSocket) served from this process. Its threads never enter the interpreter.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx")]
struct SimulatedExchange {
    setup: Setup,
    /// Locked without the interpreter only, so that a thread that waits for it blocks no other.
    server: Mutex<Option<SimServer>>,
}

impl SimulatedExchange {
    fn lock(&self) -> MutexGuard<'_, Option<SimServer>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the running server, while other Python threads run.
    fn with<R: Send>(&self, py: Python<'_>, act: impl FnOnce(&SimServer) -> R + Send) -> PyResult<R> {
        let done = py.detach(|| self.lock().as_ref().map(act));
        done.ok_or_else(|| {
            let failure = Failure::new(Class::Other, "closed", "the simulated exchange is not running");
            failure.advice("call start() or use it as a context manager").into()
        })
    }

    /// A control request: its answer, or `ValueError` with what is wrong with it.
    fn call<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        path: &str,
        body: Option<&Bound<'py, PyMapping>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let body = body.map_or(Ok(Value::Null), |body| json_of(body))?;
        let answer =
            self.with(py, |server| server.control(method, path, &body).map(|value| value.to_string()))?;
        let text = answer.map_err(|ControlError { message, .. }| PyValueError::new_err(message))?;
        rows::json_to_python(py, text.as_bytes())
    }
}

#[pymethods]
impl SimulatedExchange {
    #[new]
    #[pyo3(signature = (*, host="127.0.0.1", port=0, tls=false, seed=1, tape=None, config=None))]
    fn new(
        host: &str,
        port: u16,
        tls: bool,
        seed: u64,
        tape: Option<&Bound<'_, PyAny>>,
        config: Option<&Bound<'_, PyMapping>>,
    ) -> PyResult<Self> {
        let tape = match tape {
            None => Vec::new(),
            Some(one) => one.extract::<String>().map(|one| vec![one]).or_else(|_| one.extract())?,
        };
        let config = config.map(|config| json_of(config).map(|value| value.to_string())).transpose()?;
        let setup =
            Setup::new(host, port, tls, seed, tape, config.as_deref()).map_err(PyValueError::new_err)?;
        Ok(Self { setup, server: Mutex::new(None) })
    }

    fn start<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let this = slf.get();
        slf.py()
            .detach(|| {
                let mut server = this.lock();
                if server.is_none() {
                    *server = Some(this.setup.start()?);
                }
                Ok(())
            })
            .map_err(|error: setup::StartError| match error {
                setup::StartError::Setting(words) => PyValueError::new_err(words),
                setup::StartError::System(words) => PyOSError::new_err(words),
            })?;
        Ok(slf.clone())
    }

    fn stop(&self, py: Python<'_>) {
        py.detach(|| drop(self.lock().take()));
    }

    fn __enter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        Self::start(slf)
    }

    #[pyo3(signature = (exc_type, exc, traceback))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: Option<&Bound<'_, PyAny>>,
        exc: Option<&Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) {
        let _ = (exc_type, exc, traceback);
        self.stop(py);
    }

    #[getter]
    fn rest_url(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, SimServer::rest_url)
    }

    #[getter]
    fn ws_public_url(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |server| server.ws_url(UrlKind::Public))
    }

    #[getter]
    fn ws_private_url(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |server| server.ws_url(UrlKind::Private))
    }

    #[getter]
    fn ws_business_url(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |server| server.ws_url(UrlKind::Business))
    }

    #[getter]
    fn api_key(&self) -> &str {
        &self.setup.key().key
    }

    #[getter]
    fn api_secret(&self) -> &str {
        &self.setup.key().secret
    }

    #[getter]
    fn api_passphrase(&self) -> &str {
        &self.setup.key().passphrase
    }

    /// Certificate of the authority that signed the server's, when `tls` is on.
    #[getter]
    fn ca_pem(&self, py: Python<'_>) -> PyResult<Option<Vec<u8>>> {
        self.with(py, |server| server.ca_pem().map(|pem| pem.as_bytes().to_vec()))
    }

    /// Addresses and keys by name.
    fn urls<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let urls = PyDict::new(py);
        urls.set_item("rest", self.rest_url(py)?)?;
        urls.set_item("ws_public", self.ws_public_url(py)?)?;
        urls.set_item("ws_private", self.ws_private_url(py)?)?;
        urls.set_item("ws_business", self.ws_business_url(py)?)?;
        urls.set_item("api_key", self.api_key())?;
        urls.set_item("api_secret", self.api_secret())?;
        urls.set_item("passphrase", self.api_passphrase())?;
        Ok(urls)
    }

    /// Add a fault; returns its number as `{"id": n}`.
    fn inject<'py>(&self, py: Python<'py>, fault: &Bound<'py, PyMapping>) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "POST", "/control/faults", Some(fault))
    }

    /// Take all faults away.
    fn clear_faults(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, "DELETE", "/control/faults", None).map(drop)
    }

    /// What went over the wire, oldest first.
    fn journal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "GET", "/control/journal", None)
    }

    /// The venue's own book, for comparison.
    fn book<'py>(&self, py: Python<'py>, inst_id: &str) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "GET", &format!("/control/book?instId={inst_id}"), None)
    }

    /// Time of the exchange, milliseconds since 1970.
    fn now_ms(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |server| server.with(|exchange, now| exchange.time(now).unix_ms()))
    }

    /// Move time on. A paused exchange goes from event to event; a running one jumps.
    fn advance(&self, py: Python<'_>, ms: u64) -> PyResult<()> {
        self.with(py, |server| server.advance(ms))
    }

    /// Any control request (`/control/...`), as JSON: POST with a body, GET without one.
    #[pyo3(signature = (path, body=None))]
    fn control<'py>(
        &self,
        py: Python<'py>,
        path: &str,
        body: Option<&Bound<'py, PyMapping>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, if body.is_some() { "POST" } else { "GET" }, path, body)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        match self.rest_url(py) {
            Ok(url) => format!("SimulatedExchange({url})"),
            Err(_) => "SimulatedExchange(not running)".to_owned(),
        }
    }
}

/// A mapping as JSON.
fn json_of(mapping: &Bound<'_, PyMapping>) -> PyResult<Value> {
    let py = mapping.py();
    let plain = PyDict::new(py);
    plain.update(mapping)?;
    let text: String = py.import("json")?.call_method1("dumps", (plain,))?.extract()?;
    serde_json::from_str(&text).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// Adds the names of this section.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<SimulatedExchange>()
}
