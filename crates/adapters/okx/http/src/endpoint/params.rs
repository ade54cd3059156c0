//! Requests built from texts.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use super::Spec;

/// Parameters by OKX's names, as texts.
#[derive(Debug, Clone, Default)]
pub struct Params(BTreeMap<String, String>);

/// Why a request cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// There is no endpoint of this name.
    #[error("there is no endpoint {0:?}; endpoints() lists them")]
    UnknownEndpoint(String),
    /// The endpoint has no such parameter.
    #[error("{endpoint} has no parameter {name:?}; it has {known}")]
    UnknownParam {
        /// The endpoint.
        endpoint: &'static str,
        /// The name that was given.
        name: String,
        /// Those it has.
        known: String,
    },
    /// A parameter that the request cannot do without.
    #[error("the parameter {0:?} is missing")]
    Missing(&'static str),
    /// A value that the parameter cannot have.
    #[error("the parameter {name:?} cannot be {value}: {reason}")]
    Invalid {
        /// The parameter.
        name: &'static str,
        /// The beginning of the value, quoted.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Requests that can be built from texts.
pub trait FromParams: Sized {
    /// Builds the request.
    ///
    /// # Errors
    /// Parameters that are missing or malformed.
    fn from_params(params: &Params) -> Result<Self, ParamError>;
}

impl Params {
    /// The value of a parameter that the request cannot do without.
    ///
    /// # Errors
    /// If it is missing, empty or malformed.
    pub fn required<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<T, ParamError> {
        self.optional(name)?.ok_or(ParamError::Missing(name))
    }

    /// The value of a parameter; an empty one counts as not given.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn optional<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<Option<T>, ParamError> {
        let Some(text) = self.0.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| ParamError::Invalid {
            name,
            value: okx_common::text::excerpt(text),
            reason: error.to_string(),
        })
    }

    /// Whether the endpoint has all these parameters.
    ///
    /// # Errors
    /// The first one that it does not have.
    pub(super) fn check(&self, spec: &'static Spec) -> Result<(), ParamError> {
        let unknown = self.0.keys().find(|name| !spec.params.iter().any(|p| p.name == name.as_str()));
        let Some(name) = unknown else { return Ok(()) };
        let known: Vec<_> = spec.params.iter().map(|p| p.name).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Err(ParamError::UnknownParam { endpoint: spec.name, name: name.clone(), known })
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
