//! What this module raises: classes with the attributes of `OkxError`, and [`Failure`], which becomes one of them.

use std::borrow::Cow;

use okx_common::error_code::{CodeKind, ErrorCode};
use okx_ws::Topic;
use pyo3::{create_exception, exceptions::PyException, prelude::*, types::PyType};

use crate::rows;

create_exception!(
    nautilus_trader.adapters.okx.native._okx,
    OkxError,
    PyException,
    "Base of everything this module raises about OKX."
);
create_exception!(nautilus_trader.adapters.okx.native._okx, OkxHttpError, OkxError, "A REST request failed.");
create_exception!(
    nautilus_trader.adapters.okx.native._okx,
    OkxSubscriptionError,
    OkxError,
    "OKX, or a local check, refused a subscription. It is not retried."
);
create_exception!(
    nautilus_trader.adapters.okx.native._okx,
    OkxConnectionError,
    OkxError,
    "The host could not be reached, refused the login, or the stream is closed."
);
create_exception!(
    nautilus_trader.adapters.okx.native._okx,
    OkxDecodeError,
    OkxError,
    "A body or frame is not what OKX documents."
);

/// Which class a [`Failure`] becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `OkxError` itself: nothing below fits.
    Other,
    /// `OkxHttpError`.
    Http,
    /// `OkxSubscriptionError`.
    Subscription,
    /// `OkxConnectionError`.
    Connection,
    /// `OkxDecodeError`.
    Decode,
}

/// A failure on its way to Python; made on any thread, without the interpreter.
///
/// ```ignore
/// Failure::new(Class::Http, "network", "openapi.okx.com: connection refused").advice("check network, proxy and firewall")
/// Failure::new(Class::Http, "venue", msg).code(code).http_status(200)
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    class: Class,
    kind: Cow<'static, str>,
    code: ErrorCode,
    message: String,
    advice: Cow<'static, str>,
    http_status: Option<u16>,
    topic: Option<Box<Topic>>,
}

impl Failure {
    /// Of this class and kind. The kind is a stable word for programs: `network`, `timeout`, `closed`, `config`, `decode`,
    /// `internal`, or that of OKX's code (see [`Self::code`]).
    pub fn new(class: Class, kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let (kind, message) = (kind.into(), message.into());
        Self {
            class,
            kind,
            code: ErrorCode(0),
            message,
            advice: Cow::Borrowed(""),
            http_status: None,
            topic: None,
        }
    }

    /// The same with OKX's code, which also decides the kind and, unless given before, the advice.
    #[must_use]
    pub fn code(mut self, code: ErrorCode) -> Self {
        self.code = code;
        if !code.is_success() {
            self.kind = Cow::Borrowed(kind_name(code.kind()));
            if self.advice.is_empty() {
                self.advice = Cow::Borrowed(code.advice());
            }
        }
        self
    }

    /// The same with what to do next.
    #[must_use]
    pub fn advice(self, advice: impl Into<Cow<'static, str>>) -> Self {
        Self { advice: advice.into(), ..self }
    }

    /// The same with the status of the HTTP answer.
    #[must_use]
    pub fn http_status(self, status: impl Into<Option<u16>>) -> Self {
        Self { http_status: status.into(), ..self }
    }

    /// The same about this subscription.
    #[must_use]
    pub fn topic(self, topic: &Topic) -> Self {
        Self { topic: Some(Box::new(topic.clone())), ..self }
    }

    /// The text of the exception: what happened, OKX's code, what to do.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = match &self.topic {
            Some(topic) => format!("{topic}: {}", self.message),
            None => self.message.clone(),
        };
        if !self.code.is_success() {
            text += &format!(" (OKX code {})", self.code);
        }
        if !self.advice.is_empty() {
            text += "; ";
            text += &self.advice;
        }
        text
    }
}

/// The word for a kind of code, as Python sees it.
#[must_use]
pub const fn kind_name(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Success => "success",
        CodeKind::PerItem => "per_item",
        CodeKind::BadRequest => "bad_request",
        CodeKind::Authentication => "authentication",
        CodeKind::Clock => "clock",
        CodeKind::Permission => "permission",
        CodeKind::RateLimit => "rate_limit",
        CodeKind::Unavailable => "unavailable",
        CodeKind::OutcomeUnknown => "outcome_unknown",
        CodeKind::Rejected => "rejected",
        CodeKind::Gone => "gone",
        CodeKind::Duplicate => "duplicate",
        CodeKind::Connection => "connection",
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| failure.to_err(py).unwrap_or_else(|error| error))
    }
}

impl Failure {
    /// The exception.
    ///
    /// # Errors
    /// If the interpreter cannot make it.
    pub fn to_err(&self, py: Python<'_>) -> PyResult<PyErr> {
        let class: Bound<'_, PyType> = match self.class {
            Class::Other => py.get_type::<OkxError>(),
            Class::Http => py.get_type::<OkxHttpError>(),
            Class::Subscription => py.get_type::<OkxSubscriptionError>(),
            Class::Connection => py.get_type::<OkxConnectionError>(),
            Class::Decode => py.get_type::<OkxDecodeError>(),
        };
        let error = class.call1((self.text(),))?;
        error.setattr("code", self.code.0)?;
        error.setattr("message", &self.message)?;
        error.setattr("advice", &*self.advice)?;
        error.setattr("kind", &*self.kind)?;
        error.setattr("http_status", self.http_status)?;
        if let Some(topic) = &self.topic {
            error.setattr("topic", rows::to_python(py, &**topic)?)?;
        }
        Ok(PyErr::from_value(error))
    }
}

/// Adds the classes. Their defaults are those of an error that is made by hand.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let base = py.get_type::<OkxError>();
    base.setattr("code", 0)?;
    for name in ["message", "advice", "kind"] {
        base.setattr(name, "")?;
    }
    for name in ["http_status", "topic"] {
        base.setattr(name, py.None())?;
    }
    module.add("OkxError", base)?;
    module.add("OkxHttpError", py.get_type::<OkxHttpError>())?;
    module.add("OkxSubscriptionError", py.get_type::<OkxSubscriptionError>())?;
    module.add("OkxConnectionError", py.get_type::<OkxConnectionError>())?;
    module.add("OkxDecodeError", py.get_type::<OkxDecodeError>())
}
