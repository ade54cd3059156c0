//! What strategy orders do.

use serde::{Serialize, Serializer};

use super::attach::Attached;
use crate::{decimal::Decimal, enums::TriggerPxType};

/// The price of the order that a strategy order makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlgoPx {
    /// At the market; on the wire `-1`.
    Market,
    /// At this limit.
    Limit(Decimal),
}

impl Serialize for AlgoPx {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Market => serializer.serialize_str("-1"),
            Self::Limit(px) => px.serialize(serializer),
        }
    }
}

closed_enum! {
    /// `advanceOrdType`: how a triggered limit order is placed, if not as an ordinary one.
    AdvanceOrdType {
        /// All at once or not at all.
        Fok = "fok",
        /// What can be had at once.
        Ioc = "ioc",
        /// Follows the best price.
        Chase = "chase",
    }
}

/// `ordType` of a strategy order with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "ordType", rename_all = "snake_case")]
pub enum AlgoKind {
    /// One take profit or one stop loss.
    Conditional(TpSl),
    /// A take profit and a stop loss, one cancels the other.
    Oco(TpSl),
    /// An order at a price or at the market when a price is reached.
    Trigger(Trigger),
    /// A trailing stop, at the market.
    MoveOrderStop(TrailingStop),
    /// Slices over time.
    Twap(Twap),
    /// A limit order that follows the best price (FUTURES, SWAP).
    Chase(Chase),
    /// Slices that hide the size.
    SmartIceberg(SmartIceberg),
}

order_value! {
    /// Parameters of `conditional` and `oco`. A `conditional` with both legs would use its stop loss only.
    TpSl {
        may {
            /// Take-profit trigger price.
            tp_trigger_px: Decimal,
            /// What triggers the take profit.
            tp_trigger_px_type: TriggerPxType,
            /// Take-profit order price.
            tp_ord_px: AlgoPx,
            /// Kind of the take profit.
            tp_ord_kind: super::attach::TpOrdKind,
            /// Stop-loss trigger price.
            sl_trigger_px: Decimal,
            /// What triggers the stop loss.
            sl_trigger_px_type: TriggerPxType,
            /// Stop-loss order price.
            sl_ord_px: AlgoPx,
            /// Cancel it when the position is closed; needs `reduceOnly`.
            cxl_on_close_pos: bool,
        }
    }
}

order_value! {
    /// Parameters of `trigger`. Not for MARGIN (51317); SPOT triggers by the last price only.
    Trigger {
        must {
            /// The price that triggers.
            trigger_px: Decimal,
            /// The price of the order then.
            order_px: AlgoPx,
        }
        may {
            /// Which price triggers; the last one if not given.
            trigger_px_type: TriggerPxType,
            /// How the limit order is placed.
            advance_ord_type: AdvanceOrdType,
        }
        list {
            /// Parameters of the chase, with `advance_ord_type` chase.
            adv_chase_params: Chase,
            /// Take profits and stop losses of the order.
            attach_algo_ords: Attached,
        }
    }
}

/// How far a trailing stop stays behind, or how far slices may be from the best price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// As a fraction of the price: 0.01 is 1 %.
    Ratio(Decimal),
    /// As a difference of prices.
    Spread(Decimal),
}

/// Parameters of `move_order_stop`: `callbackRatio` or `callbackSpread`, and `activePx`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailingStop {
    /// How far the stop stays behind the best price since it is active.
    pub callback: Distance,
    /// The price at which it becomes active; at once if not given.
    pub active_px: Option<Decimal>,
}

impl Serialize for TrailingStop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            #[serde(skip_serializing_if = "Option::is_none")]
            callback_ratio: Option<Decimal>,
            #[serde(skip_serializing_if = "Option::is_none")]
            callback_spread: Option<Decimal>,
            #[serde(skip_serializing_if = "Option::is_none")]
            active_px: Option<Decimal>,
        }
        let (callback_ratio, callback_spread) = self.callback.split();
        Wire { callback_ratio, callback_spread, active_px: self.active_px }.serialize(serializer)
    }
}

impl Distance {
    const fn split(self) -> (Option<Decimal>, Option<Decimal>) {
        match self {
            Self::Ratio(ratio) => (Some(ratio), None),
            Self::Spread(spread) => (None, Some(spread)),
        }
    }
}

/// Parameters of `twap`: `pxVar` or `pxSpread`, `szLimit`, `pxLimit`, `timeInterval`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twap {
    /// How far from the best price slices are placed.
    pub distance: Distance,
    /// Size of a slice.
    pub sz_limit: Decimal,
    /// The worst price.
    pub px_limit: Decimal,
    /// Seconds between slices.
    pub time_interval_secs: u32,
}

impl Serialize for Twap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            #[serde(skip_serializing_if = "Option::is_none")]
            px_var: Option<Decimal>,
            #[serde(skip_serializing_if = "Option::is_none")]
            px_spread: Option<Decimal>,
            sz_limit: Decimal,
            px_limit: Decimal,
            time_interval: String,
        }
        let (px_var, px_spread) = self.distance.split();
        Wire {
            px_var,
            px_spread,
            sz_limit: self.sz_limit,
            px_limit: self.px_limit,
            time_interval: self.time_interval_secs.to_string(),
        }
        .serialize(serializer)
    }
}

closed_enum! {
    /// `chaseType` and `maxChaseType`.
    ChaseBy {
        /// A difference of prices.
        Distance = "distance",
        /// A fraction of the price.
        Ratio = "ratio",
    }
}

order_value! {
    /// Parameters of `chase`. Cannot be amended; one a pair (55116).
    Chase {
        may {
            /// How `chase_val` is meant.
            chase_type: ChaseBy,
            /// How far from the best price.
            chase_val: Decimal,
            /// How `max_chase_val` is meant.
            max_chase_type: ChaseBy,
            /// How far it follows.
            max_chase_val: Decimal,
        }
    }
}

order_value! {
    /// Parameters of `smart_iceberg`.
    SmartIceberg {
        must {
            /// Size of a slice.
            sz_limit: Decimal,
            /// How many slices rest at a time.
            lmt_order_number: String,
            /// `radical`, `mid` or `conservative`.
            aggressiveness: String,
            /// The worst price.
            px_limit: Decimal,
        }
    }
}
