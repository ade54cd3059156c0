//! What comes out of the tracker.

use okx_common::{
    decimal::Decimal,
    enums::{ExecType, Side},
    ids::{AlgoId, ClOrdId, InstId, OrdId, TradeId},
};

use crate::orders::row::{AlgoRow, Commission, FillRow, OrderRow};

/// Something that happened to an order of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent {
    /// Our id.
    pub cl_ord_id: ClOrdId,
    /// Instrument.
    pub inst_id: InstId,
    /// OKX's id: the strategy order's until it is triggered, then that of the order it made. `None` while OKX has not told one.
    pub venue_id: Option<VenueId>,
    /// OKX's time, Unix ms; `None` for what happened here.
    pub ts_ms: Option<u64>,
    /// What happened.
    pub kind: EventKind,
}

/// An id of OKX.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VenueId {
    /// An ordinary order.
    Order(OrdId),
    /// A strategy order.
    Algo(AlgoId),
}

impl VenueId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Order(id) => id,
            Self::Algo(id) => id,
        }
    }
}

/// What happened to an order. In the life of an order each of `Submitted`, `Accepted`, `Triggered` comes at most once, and exactly
/// one of the last group ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// It is about to be sent.
    Submitted,
    /// OKX has it.
    Accepted,
    /// A change is about to be sent.
    PendingUpdate,
    /// A cancellation is about to be sent.
    PendingCancel,
    /// It is changed.
    Updated {
        /// Total quantity.
        quantity: Decimal,
        /// Limit price.
        price: Option<Decimal>,
        /// Trigger price.
        trigger_price: Option<Decimal>,
        /// The order counted in quote currency and counts in base currency from now on.
        now_in_base: bool,
    },
    /// Its trigger price was reached.
    Triggered,
    /// It traded. The fill that reaches its quantity ends it.
    Filled(Fill),
    /// A change was refused, or did not happen.
    ModifyRejected {
        /// OKX's code and words.
        reason: String,
    },
    /// A cancellation was refused, or did not happen.
    CancelRejected {
        /// OKX's code and words.
        reason: String,
    },
    /// It was refused, or never reached OKX.
    Rejected {
        /// OKX's code and words.
        reason: String,
        /// It was post-only and would have taken.
        due_post_only: bool,
    },
    /// It was cancelled, by whomever.
    Canceled {
        /// Who and why.
        reason: String,
    },
    /// Its instrument expired or was delivered.
    Expired {
        /// OKX's words.
        reason: String,
    },
}

impl EventKind {
    /// The name, for logs and counts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::PendingUpdate => "pending_update",
            Self::PendingCancel => "pending_cancel",
            Self::Updated { .. } => "updated",
            Self::Triggered => "triggered",
            Self::Filled(_) => "filled",
            Self::ModifyRejected { .. } => "modify_rejected",
            Self::CancelRejected { .. } => "cancel_rejected",
            Self::Rejected { .. } => "rejected",
            Self::Canceled { .. } => "canceled",
            Self::Expired { .. } => "expired",
        }
    }
}

/// A trade of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// The order that traded (of a strategy order, the one it made).
    pub ord_id: OrdId,
    /// Trade, unique within the instrument.
    pub trade_id: TradeId,
    /// Side of the order.
    pub side: Side,
    /// Price.
    pub px: Decimal,
    /// Quantity: contracts, or base currency.
    pub qty: Decimal,
    /// What was paid; `None` if OKX did not say.
    pub commission: Option<Commission>,
    /// Maker or taker; `None` for fills that the system made.
    pub exec_type: Option<ExecType>,
}

/// What the driver must do or pass on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Pass it to the engine.
    Event(OrderEvent),
    /// An order that is not ours: report it.
    External(External),
    /// Find out, and answer with the same id; also if it failed.
    Ask(AskId, Ask),
    /// Say it.
    Log(Level, String),
}

/// News of an order that was not submitted here: by the app, another process, or OKX itself (liquidation, deleveraging).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum External {
    /// The order, with this update's fill if it has one.
    Order(Box<OrderRow>),
    /// A fill of a list.
    Fill(Box<FillRow>),
    /// A strategy order.
    Algo(Box<AlgoRow>),
}

/// How loud a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something is being resolved.
    Info,
    /// Something unusual.
    Warning,
    /// Something that needs somebody.
    Error,
}

/// A question's id; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u64);

/// A question to OKX, over REST. Only reads: asking twice is harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `GET /trade/order`; answer by [`super::OrderTracker::looked_up`].
    Order {
        /// Instrument.
        inst_id: InstId,
        /// By OKX's id if it is known, else by ours.
        by: okx_common::order::OrderTarget,
    },
    /// `GET /trade/order-algo`; answer by [`super::OrderTracker::looked_up`].
    Algo {
        /// Instrument.
        inst_id: InstId,
        /// By OKX's id if it is known, else by ours.
        by: okx_common::order::AlgoTarget,
    },
    /// `GET /trade/fills` of an order, and `/trade/fills-history` if that is too short; answer by
    /// [`super::OrderTracker::fills_fetched`].
    Fills {
        /// Instrument.
        inst_id: InstId,
        /// Order.
        ord_id: OrdId,
        /// What OKX has shown as filled: less than this is too short.
        at_least: Decimal,
    },
    /// All open orders, strategy orders, and the fills since this time; answer by [`super::OrderTracker::reconciled`]. A list of
    /// which a page is missing is a failure.
    Reconcile {
        /// Unix ms of the last fill that was seen.
        fills_since_ms: Option<u64>,
    },
}

/// The answer to [`Ask::Order`] or [`Ask::Algo`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is so.
    Order(Box<OrderRow>),
    /// The strategy order is so.
    Algo(Box<AlgoRow>),
    /// OKX says that it does not exist (51603, or no row).
    Absent,
    /// The question failed: transport, time-out, throttling, an unreadable answer.
    Failed(String),
}

/// The answer to [`Ask::Reconcile`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// Open orders.
    pub orders: Vec<OrderRow>,
    /// Open strategy orders, of all kinds.
    pub algos: Vec<AlgoRow>,
    /// Fills, in any order.
    pub fills: Vec<FillRow>,
}
