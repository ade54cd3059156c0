//! A row of `data`: names and, almost always, strings.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::num::Num;

/// A row being written.
#[derive(Debug, Clone, Default)]
pub struct Row(Map<String, Value>);

impl Row {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a string.
    #[must_use]
    pub fn put(mut self, name: &str, value: impl Display) -> Self {
        self.0.insert(name.to_owned(), Value::String(value.to_string()));
        self
    }

    /// Adds a number as a string, or an empty one.
    #[must_use]
    pub fn opt(self, name: &str, value: Option<Num>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self.put(name, ""),
        }
    }

    /// Adds a time in milliseconds, or an empty string.
    #[must_use]
    pub fn time(self, name: &str, ms: u64) -> Self {
        if ms == 0 { self.put(name, "") } else { self.put(name, ms) }
    }

    /// Adds any value.
    #[must_use]
    pub fn raw(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Adds empty strings.
    #[must_use]
    pub fn blank(mut self, names: &[&str]) -> Self {
        for name in names {
            self.0.insert((*name).to_owned(), Value::String(String::new()));
        }
        self
    }

    /// The row.
    #[must_use]
    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}
