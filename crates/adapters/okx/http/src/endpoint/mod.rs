//! Requests as values, and the rows that answer them (reference: OKX API v5, "Public Data", "Order Book Trading", "Trading Account",
//! "Spread Trading").
//!
//! A request knows its method, path, query or body, whether it is signed, and by what OKX limits it. It is built from typed fields,
//! or by name from texts ([`build`]): all reads, and the settings of the account. Orders are built from typed values only.

#[macro_use]
mod macros;

pub mod account;
pub mod algo;
pub mod market;
pub mod public;
pub mod spread;
pub mod system;
pub mod trade;

mod command;
mod paged;
mod params;
mod registry;
mod request;

pub use paged::Paged;
pub use params::{FromParams, ParamError, Params};
pub use registry::{AnyRow, Entry, build, endpoints, entry};
pub use request::{Query, Request};

use serde::{Serialize, de::DeserializeOwned};

/// The HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; may be sent again.
    Get,
    /// Acts; never sent again without knowing that it was not executed.
    Post,
}

impl Method {
    /// In upper case, as signed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Whether a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Auth {
    /// Anybody may ask.
    Public,
    /// Needs an API key.
    Signed,
}

/// A parameter of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Param {
    /// OKX's name.
    pub name: &'static str,
    /// Whether the request cannot do without.
    pub required: bool,
}

/// What is fixed of an endpoint.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    /// Its name: the path with dashes, `market-tickers`.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path after `/api/v5`.
    pub path: &'static str,
    /// Whether it is signed.
    pub auth: Auth,
    /// The parameters, those that are required first.
    pub params: &'static [Param],
}

/// A request and the type of the rows that answer it.
pub trait Endpoint: Send + Sync {
    /// A row of the answer.
    type Row: DeserializeOwned + Serialize + Send + 'static;

    /// What is fixed.
    const SPEC: &'static Spec;

    /// The parameters that are given, in OKX's words. Commands have a body instead.
    fn query(&self) -> Query {
        Query::default()
    }

    /// The request as it is sent.
    fn to_request(&self) -> Request {
        Request::new(Self::SPEC, self.query())
    }
}
