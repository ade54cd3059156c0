//! The URLs of the exchange and the names of the links between it and its clients.

use std::{fmt, net::IpAddr};

use serde::{Deserialize, Serialize};

/// Which WebSocket URL a connection came in by. OKX serves other channels and operations on each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UrlKind {
    /// `/ws/v5/public`: market data, login optional.
    Public,
    /// `/ws/v5/private`: the account and its orders, login needed.
    Private,
    /// `/ws/v5/business`: candles, all trades, algo orders, spreads.
    Business,
}

impl UrlKind {
    /// All three, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Business];

    /// The path of the URL.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Public => "/ws/v5/public",
            Self::Private => "/ws/v5/private",
            Self::Business => "/ws/v5/business",
        }
    }

    /// The kind a path stands for.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }
}

impl fmt::Display for UrlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Business => "business",
        })
    }
}

/// What a frame or request travelled on: one of the WebSocket URLs, or REST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// `/ws/v5/public`.
    Public,
    /// `/ws/v5/private`.
    Private,
    /// `/ws/v5/business`.
    Business,
    /// The REST API.
    Rest,
}

impl From<UrlKind> for Link {
    fn from(kind: UrlKind) -> Self {
        match kind {
            UrlKind::Public => Self::Public,
            UrlKind::Private => Self::Private,
            UrlKind::Business => Self::Business,
        }
    }
}

/// A WebSocket connection of the simulator: counts from 1 in the order of opening, so that a fault can name
/// "the second connection" before it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnNo(pub u64);

impl fmt::Display for ConnNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The address a client comes from, as far as limits per IP care.
pub type Peer = IpAddr;
