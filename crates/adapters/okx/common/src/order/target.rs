//! Which order an operation means.

use serde::Serialize;

use crate::ids::{AlgoClOrdId, AlgoId, ClOrdId, OrdId};

/// An ordinary order. OKX prefers `ordId` where both are given, so only one is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum OrderTarget {
    /// By OKX's id.
    #[serde(rename = "ordId")]
    OrdId(OrdId),
    /// By the client's id.
    #[serde(rename = "clOrdId")]
    ClOrdId(ClOrdId),
}

/// A strategy order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum AlgoTarget {
    /// By OKX's id.
    #[serde(rename = "algoId")]
    AlgoId(AlgoId),
    /// By the client's id.
    #[serde(rename = "algoClOrdId")]
    AlgoClOrdId(AlgoClOrdId),
}

impl From<OrdId> for OrderTarget {
    fn from(id: OrdId) -> Self {
        Self::OrdId(id)
    }
}

impl From<ClOrdId> for OrderTarget {
    fn from(id: ClOrdId) -> Self {
        Self::ClOrdId(id)
    }
}

impl From<AlgoId> for AlgoTarget {
    fn from(id: AlgoId) -> Self {
        Self::AlgoId(id)
    }
}

impl From<AlgoClOrdId> for AlgoTarget {
    fn from(id: AlgoClOrdId) -> Self {
        Self::AlgoClOrdId(id)
    }
}
