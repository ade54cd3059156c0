//! The operations.

use std::fmt;

use okx_common::order::BATCH_MAX;
use serde::{Serialize, Serializer};

/// `op` of an order request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpKind {
    /// `order`.
    Order,
    /// `batch-orders`.
    BatchOrders,
    /// `cancel-order`.
    CancelOrder,
    /// `batch-cancel-orders`.
    BatchCancelOrders,
    /// `amend-order`.
    AmendOrder,
    /// `batch-amend-orders`.
    BatchAmendOrders,
    /// `mass-cancel`.
    MassCancel,
    /// `sprd-order`.
    SprdOrder,
    /// `sprd-amend-order`.
    SprdAmendOrder,
    /// `sprd-cancel-order`.
    SprdCancelOrder,
    /// `sprd-mass-cancel`.
    SprdMassCancel,
}

impl OpKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Order,
        Self::BatchOrders,
        Self::CancelOrder,
        Self::BatchCancelOrders,
        Self::AmendOrder,
        Self::BatchAmendOrders,
        Self::MassCancel,
        Self::SprdOrder,
        Self::SprdAmendOrder,
        Self::SprdCancelOrder,
        Self::SprdMassCancel,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::BatchOrders => "batch-orders",
            Self::CancelOrder => "cancel-order",
            Self::BatchCancelOrders => "batch-cancel-orders",
            Self::AmendOrder => "amend-order",
            Self::BatchAmendOrders => "batch-amend-orders",
            Self::MassCancel => "mass-cancel",
            Self::SprdOrder => "sprd-order",
            Self::SprdAmendOrder => "sprd-amend-order",
            Self::SprdCancelOrder => "sprd-cancel-order",
            Self::SprdMassCancel => "sprd-mass-cancel",
        }
    }

    /// The operation of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str() == name)
    }

    /// How many items it takes.
    #[must_use]
    pub const fn max_args(self) -> usize {
        match self {
            Self::BatchOrders | Self::BatchCancelOrders | Self::BatchAmendOrders => BATCH_MAX,
            _ => 1,
        }
    }

    /// Whether `expTime` is documented for it.
    #[must_use]
    pub const fn takes_exp_time(self) -> bool {
        matches!(self, Self::Order | Self::BatchOrders | Self::AmendOrder | Self::BatchAmendOrders)
    }

    /// Whether it belongs on the business URL; the others on the private one.
    #[must_use]
    pub const fn is_business(self) -> bool {
        matches!(self, Self::SprdOrder | Self::SprdAmendOrder | Self::SprdCancelOrder | Self::SprdMassCancel)
    }
}

impl fmt::Display for OpKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for OpKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
