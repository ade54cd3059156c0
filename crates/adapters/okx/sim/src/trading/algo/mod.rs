//! Conditional orders: triggers, take-profit and stop-loss, trailing stops, and those attached to an order (reference 4.6).

mod attached;
mod change;
mod fire;
mod place;
mod query;

pub use attached::{Attached, leg, legs, new_leg};

use std::sync::Arc;

use super::{
    instrument::Instrument,
    num::Num,
    words::{PosSide, PxType, Side, TdMode, Tgt},
};

/// Type of a conditional order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlgoType {
    /// Take-profit or stop-loss.
    Conditional,
    /// Both; one cancels the other.
    Oco,
    /// An order at a trigger price.
    Trigger,
    /// A trailing stop.
    MoveOrderStop,
}

impl AlgoType {
    /// OKX's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Conditional => "conditional",
            Self::Oco => "oco",
            Self::Trigger => "trigger",
            Self::MoveOrderStop => "move_order_stop",
        }
    }

    /// Reads OKX's word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Conditional, Self::Oco, Self::Trigger, Self::MoveOrderStop]
            .into_iter()
            .find(|t| t.word() == word)
    }

    /// The channel that tells of it.
    #[must_use]
    pub const fn channel(self) -> &'static str {
        if matches!(self, Self::MoveOrderStop) { "algo-advance" } else { "orders-algo" }
    }
}

/// One trigger of a conditional order and the order it sets off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The price that sets it off.
    pub trigger: Num,
    /// Which price is watched.
    pub kind: PxType,
    /// Price of the order; none for a market order.
    pub px: Option<Num>,
    /// The take-profit order rests from the start instead of waiting for a trigger (`tpOrdKind`).
    pub resting: bool,
    /// It is set off by a price at the trigger or above; below otherwise. Of take-profits and stop-losses the side says it.
    pub rising: bool,
}

/// A trailing stop's distance and what it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trail {
    /// As a share of the price.
    pub ratio: Option<Num>,
    /// In price units.
    pub spread: Option<Num>,
    /// The price it wakes up at.
    pub active: Option<Num>,
    /// It is awake.
    pub awake: bool,
    /// Best price seen since.
    pub extreme: Option<Num>,
}

impl Trail {
    /// The price that sets it off.
    #[must_use]
    pub fn trigger(&self, side: Side) -> Option<Num> {
        let extreme = self.extreme?;
        let by = self.spread.unwrap_or_else(|| extreme * self.ratio.unwrap_or(Num::ZERO));
        Some(extreme - by * -side.sign())
    }
}

/// A conditional order.
#[derive(Debug, Clone)]
pub struct Algo {
    /// `algoId`.
    pub id: u64,
    /// `algoClOrdId`.
    pub cl_id: String,
    /// `tag`.
    pub tag: String,
    /// What it trades.
    pub inst: Arc<Instrument>,
    /// Type.
    pub kind: AlgoType,
    /// Trade mode.
    pub td: TdMode,
    /// Margin currency.
    pub ccy: String,
    /// Side.
    pub side: Side,
    /// Position side.
    pub pos_side: PosSide,
    /// Size; none with `closeFraction`.
    pub sz: Option<Num>,
    /// It closes the whole position.
    pub close_all: bool,
    /// `tgtCcy`.
    pub tgt: Option<Tgt>,
    /// `tradeQuoteCcy`.
    pub trade_quote: String,
    /// It may only reduce a position.
    pub reduce_only: bool,
    /// It ends with the position (`cxlOnClosePos`).
    pub ends_with_position: bool,
    /// The trigger of a `trigger` order.
    pub trigger: Option<Leg>,
    /// `advanceOrdType`.
    pub advance: String,
    /// Take-profit.
    pub tp: Option<Leg>,
    /// Stop-loss.
    pub sl: Option<Leg>,
    /// Trailing stop.
    pub trail: Trail,
    /// `state`.
    pub state: &'static str,
    /// `failCode`.
    pub fail_code: u32,
    /// The order it placed.
    pub ord_id: u64,
    /// The order it was attached to.
    pub parent: u64,
    /// `actualSz`.
    pub actual_sz: Num,
    /// `actualPx`.
    pub actual_px: Option<Num>,
    /// `actualSide`: `tp` or `sl`.
    pub actual_side: &'static str,
    /// `amendPxOnTriggerType`.
    pub cost_px: bool,
    /// Attached to the order it will place.
    pub attached: Vec<Attached>,
    /// Leverage.
    pub lever: Option<Num>,
    /// Price of the last trade when it was made.
    pub last: Option<Num>,
    /// When it was made.
    pub c_ms: u64,
    /// When it changed.
    pub u_ms: u64,
    /// When it was set off.
    pub trigger_ms: u64,
}
