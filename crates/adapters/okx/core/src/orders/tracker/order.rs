//! One order, as far as it is known.

use okx_common::{
    decimal::Decimal,
    enums::{OrdType, Side},
    ids::{AlgoId, ClOrdId, InstId, OrdId, TradeId},
};
use rustc_hash::FxHashSet;

use super::{
    event::{AskId, Fill, VenueId},
    legs::AttachedLeg,
};
use crate::orders::{
    description::{ChangeDescription, OrderDescription},
    kinds::{OrderType, TimeInForce},
};
use okx_ws::op::RequestId;

/// What the tracker must know of an order that is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// The id that goes to OKX.
    pub cl_ord_id: ClOrdId,
    /// Instrument.
    pub inst_id: InstId,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Quantity.
    pub quantity: Decimal,
    /// The quantity is in quote currency.
    pub quote_quantity: bool,
    /// Limit price; `None` also if the order is priced in USD or by volatility.
    pub price: Option<Decimal>,
    /// Trigger price.
    pub trigger_price: Option<Decimal>,
    /// Only as a maker: OKX accepts it before it knows whether it rests.
    pub post_only: bool,
    /// It trades at once or not at all: what OKX accepts is over in a moment.
    pub immediate: bool,
    /// It is a leg of a bracket.
    pub attached: Option<AttachedLeg>,
}

impl NewOrder {
    /// From its description.
    #[must_use]
    pub fn of(order: &OrderDescription, inst_id: &InstId) -> Self {
        let params = &order.params;
        let is_makers = matches!(params.ord_type, Some(OrdType::Rpi | OrdType::MmpAndPostOnly));
        let in_coin = params.px_usd.is_none() && params.px_vol.is_none();
        let immediate = matches!(order.time_in_force, TimeInForce::Ioc | TimeInForce::Fok)
            || order.order_type == OrderType::Market;
        Self {
            cl_ord_id: order.cl_ord_id.clone(),
            inst_id: inst_id.clone(),
            side: order.side,
            order_type: order.order_type,
            quantity: order.quantity,
            quote_quantity: order.quote_quantity,
            price: order.price.filter(|_| in_coin),
            trigger_price: order.trigger_price,
            post_only: order.post_only || is_makers,
            immediate: immediate && !order.order_type.is_conditional(),
            attached: None,
        }
    }
}

impl NewOrder {
    /// The same order as a leg of a bracket.
    #[must_use]
    pub fn attached_to(self, leg: AttachedLeg) -> Self {
        // Whether it would take is known only when it comes alive; OKX's legs have no such flag.
        Self { attached: Some(leg), post_only: false, immediate: false, ..self }
    }

    /// The id that the strategy order has.
    #[must_use]
    pub fn algo_cl_ord_id(&self) -> &ClOrdId {
        self.attached.as_ref().map_or(&self.cl_ord_id, |attached| &attached.algo_cl_ord_id)
    }
}

/// An order that an earlier process submitted, as the engine's cache knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrder {
    /// The order with its present quantity and prices.
    pub order: NewOrder,
    /// OKX's id, if it is known.
    pub venue_id: Option<VenueId>,
    /// The engine has seen it accepted.
    pub accepted: bool,
    /// The engine has seen it triggered.
    pub triggered: bool,
    /// The engine waits for a cancellation.
    pub pending_cancel: bool,
    /// The engine waits for a change.
    pub pending_update: bool,
    /// What the engine has seen filled.
    pub filled: Decimal,
    /// The trades that it has seen.
    pub trade_ids: Vec<TradeId>,
}

/// A command whose effect is not known yet.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub sent_ns: u64,
    /// When to look up, unless it settles before.
    pub due_ns: u64,
    pub over_ws: bool,
    /// OKX has said that it will do it.
    pub acked: bool,
    /// An order with this id exists: ours, or not.
    pub duplicate: bool,
    /// Why the outcome is not known.
    pub cause: Option<String>,
}

impl Pending {
    pub fn new(over_ws: bool, now_ns: u64, wait_ns: u64) -> Self {
        Self {
            sent_ns: now_ns,
            due_ns: now_ns.saturating_add(wait_ns),
            over_ws,
            acked: false,
            duplicate: false,
            cause: None,
        }
    }

    /// Its outcome is open: look it up now.
    pub fn doubt(&mut self, cause: String, now_ns: u64) {
        self.due_ns = self.due_ns.min(now_ns);
        self.cause = Some(cause);
    }

    /// OKX will do it: its effect must show soon.
    pub fn ack(&mut self, now_ns: u64, wait_ns: u64) {
        self.acked = true;
        self.cause = None;
        self.due_ns = now_ns.saturating_add(wait_ns);
    }
}

/// An amendment whose effect is not known yet.
#[derive(Debug, Clone)]
pub(super) struct Amend {
    pub req_id: String,
    pub change: ChangeDescription,
    pub pending: Pending,
}

/// How an order ended at OKX, while fills of it are missing.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub how: End,
    pub ts_ms: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Filled,
    Canceled(String),
    Expired(String),
    /// The strategy order's order failed; refused if it was never accepted.
    Failed(String),
}

/// A question that is asked again and again until it is answered to satisfaction.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking {
    pub attempts: u32,
    /// Not before this time.
    pub next_ns: u64,
    /// The question that is open, and since when.
    pub open: Option<(AskId, u64)>,
}

impl Asking {
    /// The next question comes at once.
    pub const fn restart(&mut self) {
        self.attempts = 0;
        self.next_ns = 0;
    }
}

/// Where in its life an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not over.
    Live,
    /// Over, and the engine knows.
    Closed { at_ns: u64, refused: bool },
}

#[derive(Debug)]
pub(super) struct Order {
    pub new: NewOrder,
    pub stage: Stage,
    pub ord_id: Option<OrdId>,
    pub algo_id: Option<AlgoId>,
    pub accepted: bool,
    pub triggered: bool,
    /// The strategy order has made its order.
    pub effective: bool,
    /// What the engine knows to be filled, with `held`.
    pub filled: Decimal,
    /// What OKX shows as filled, by order (a strategy order can make several).
    pub acc: Vec<(OrdId, Decimal)>,
    pub trades: FxHashSet<TradeId>,
    /// The newest time that OKX has shown.
    pub last_u_ms: u64,
    pub submit: Option<Pending>,
    pub cancel: Option<Pending>,
    pub amends: Vec<Amend>,
    pub ending: Option<Ending>,
    /// Why a part of the strategy order came to nothing.
    pub part_failed: Option<String>,
    /// The last fill of an order that counts in quote currency, until it is known whether it is the last.
    pub held: Option<(Fill, Option<u64>)>,
    /// It should be over: look it up then.
    pub final_due_ns: Option<u64>,
    /// Something was shown that is not understood: look it up then.
    pub doubt_due_ns: Option<u64>,
    pub lookup: Asking,
    /// How often in a row OKX said that it does not exist.
    pub absent: u32,
    /// OKX does not know it any more; the fills decide.
    pub vanished: bool,
    /// Fills are missing: fetch them then.
    pub fills_due_ns: Option<u64>,
    pub fetch: Asking,
    /// A trade that the `fills` channel has told of.
    pub hinted: Option<TradeId>,
    /// What its timer is set to.
    pub deadline_ns: Option<u64>,
}

impl Order {
    pub fn new(new: NewOrder) -> Self {
        Self {
            new,
            stage: Stage::Live,
            ord_id: None,
            algo_id: None,
            accepted: false,
            triggered: false,
            effective: false,
            filled: Decimal::ZERO,
            acc: Vec::new(),
            trades: FxHashSet::default(),
            last_u_ms: 0,
            submit: None,
            cancel: None,
            amends: Vec::new(),
            ending: None,
            part_failed: None,
            held: None,
            final_due_ns: None,
            doubt_due_ns: None,
            lookup: Asking::default(),
            absent: 0,
            vanished: false,
            fills_due_ns: None,
            fetch: Asking::default(),
            hinted: None,
            deadline_ns: None,
        }
    }

    pub fn is_algo(&self) -> bool {
        self.new.order_type.is_conditional() || self.new.attached.is_some()
    }

    pub const fn is_closed(&self) -> bool {
        matches!(self.stage, Stage::Closed { .. })
    }

    /// Whether the engine has seen all of it filled, and so takes it as over, though OKX has not said so yet.
    pub fn is_filled(&self) -> bool {
        !self.new.quote_quantity && self.filled >= self.new.quantity
    }

    /// Whether commands go to the strategy order, not to an order that it made.
    pub fn waits_for_trigger(&self) -> bool {
        self.is_algo() && !self.effective
    }

    pub fn venue_id(&self) -> Option<VenueId> {
        match (&self.ord_id, &self.algo_id) {
            (Some(id), _) => Some(VenueId::Order(id.clone())),
            (None, Some(id)) => Some(VenueId::Algo(id.clone())),
            (None, None) => None,
        }
    }

    /// What OKX shows as filled.
    pub fn acc_total(&self) -> Decimal {
        let sum = |sum: Decimal, (_, acc): &(OrdId, Decimal)| sum.checked_add(*acc).unwrap_or(sum);
        self.acc.iter().fold(Decimal::ZERO, sum)
    }

    /// What OKX shows of one order as filled.
    pub fn acc_of(&self, ord_id: &str) -> Decimal {
        self.acc.iter().find(|(id, _)| *id == *ord_id).map_or(Decimal::ZERO, |(_, acc)| *acc)
    }

    /// Notes what OKX shows as filled; it never goes back.
    pub fn note_acc(&mut self, ord_id: &str, acc: Decimal) {
        match self.acc.iter_mut().find(|(id, _)| *id == *ord_id) {
            Some((_, known)) => *known = acc.max(*known),
            None => self.acc.push((OrdId::new(ord_id), acc)),
        }
    }

    /// Whether OKX shows more than the engine knows.
    pub fn misses_fills(&self) -> bool {
        self.acc_total() > self.filled
    }

    /// When somebody must be asked about the order, if nothing comes before.
    pub fn lookup_due(&self) -> Option<u64> {
        if self.is_closed() || self.ending.is_some() || self.vanished {
            return None;
        }
        let amends = self.amends.iter().map(|a| a.pending.due_ns);
        let commands = [&self.submit, &self.cancel].into_iter().flatten().map(|p| p.due_ns);
        commands.chain(amends).chain(self.final_due_ns).chain(self.doubt_due_ns).min()
    }

    /// When fills must be fetched.
    pub fn fetch_due(&self) -> Option<u64> {
        self.fills_due_ns
    }
}

/// Which command an answer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Submit,
    Cancel,
    Amend { req_id: String },
}

/// Commands that went out together.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub commands: Vec<(u64, Command)>,
    pub at_ns: u64,
}

/// Kept for the answers to requests.
pub(super) type Requests = rustc_hash::FxHashMap<RequestId, Sent>;
