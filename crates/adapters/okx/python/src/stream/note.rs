//! What is not data: events for `on_event`.

use std::borrow::Cow;

use okx_common::{error_code::ErrorCode, hosts::UrlKind};
use okx_ws::Topic;
use pyo3::{intern, prelude::*, types::PyDict};

use crate::rows;

/// How loud a [`Note`] is to be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// For whoever looks closely.
    Debug,
    /// Normal.
    Info,
    /// Something failed and is being repaired.
    Warning,
    /// Somebody has to act.
    Error,
}

/// One `StreamEvent`.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    kind: &'static str,
    level: Level,
    message: String,
    link: Option<UrlKind>,
    topic: Option<Box<Topic>>,
    code: ErrorCode,
    advice: Cow<'static, str>,
}

impl Note {
    /// Of this type (see `StreamEvent` in the stub), level and text.
    pub fn new(kind: &'static str, level: Level, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, level, message, link: None, topic: None, code: ErrorCode(0), advice: Cow::Borrowed("") }
    }

    /// The same about this connection.
    #[must_use]
    pub fn link(self, link: UrlKind) -> Self {
        Self { link: Some(link), ..self }
    }

    /// The same about this subscription.
    #[must_use]
    pub fn topic(self, topic: &Topic) -> Self {
        Self { topic: Some(Box::new(topic.clone())), ..self }
    }

    /// The same with OKX's code and what to do about it.
    #[must_use]
    pub fn code(mut self, code: ErrorCode) -> Self {
        self.code = code;
        if !code.is_success() && self.advice.is_empty() {
            self.advice = Cow::Borrowed(code.advice());
        }
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn advice(self, advice: impl Into<Cow<'static, str>>) -> Self {
        Self { advice: advice.into(), ..self }
    }

    /// The dict.
    ///
    /// # Errors
    /// If the interpreter cannot make it.
    pub fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let level = match self.level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        dict.set_item(intern!(py, "type"), self.kind)?;
        dict.set_item(intern!(py, "level"), level)?;
        dict.set_item(intern!(py, "message"), &self.message)?;
        if let Some(link) = self.link {
            dict.set_item(intern!(py, "link"), link.as_str())?;
        }
        if let Some(topic) = &self.topic {
            dict.set_item(intern!(py, "topic"), rows::to_python(py, &**topic)?)?;
            if let Some(inst_id) = &topic.inst_id {
                dict.set_item(intern!(py, "inst_id"), inst_id.as_str())?;
            }
        }
        if !self.code.is_success() {
            dict.set_item(intern!(py, "code"), self.code.0)?;
        }
        if !self.advice.is_empty() {
            dict.set_item(intern!(py, "advice"), &*self.advice)?;
        }
        Ok(dict)
    }
}
