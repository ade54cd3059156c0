//! Take profits and stop losses attached to an order.

use super::algo_kind::AlgoPx;
use crate::{decimal::Decimal, enums::TriggerPxType, ids::AlgoClOrdId};

closed_enum! {
    /// `tpOrdKind`.
    TpOrdKind {
        /// A trigger order.
        Condition = "condition",
        /// A limit order on the book.
        Limit = "limit",
    }
}

order_value! {
    /// An element of `attachAlgoOrds`: comes alive when its order is filled, vanishes with an order that dies unfilled.
    Attached {
        may {
            /// Client's id; the strategy order that comes of it has it as `algoClOrdId`.
            attach_algo_cl_ord_id: AlgoClOrdId,
            /// Take-profit trigger price.
            tp_trigger_px: Decimal,
            /// Take-profit trigger as a ratio.
            tp_trigger_ratio: Decimal,
            /// Take-profit order price.
            tp_ord_px: AlgoPx,
            /// Kind of the take profit.
            tp_ord_kind: TpOrdKind,
            /// Stop-loss trigger price.
            sl_trigger_px: Decimal,
            /// Stop-loss trigger as a ratio.
            sl_trigger_ratio: Decimal,
            /// Stop-loss order price.
            sl_ord_px: AlgoPx,
            /// What triggers the take profit.
            tp_trigger_px_type: TriggerPxType,
            /// What triggers the stop loss.
            sl_trigger_px_type: TriggerPxType,
            /// Size, if the take profit is split.
            sz: Decimal,
            /// Whether the stop loss moves to the cost price: `0` or `1`.
            amend_px_on_trigger_type: String,
            /// Trailing distance as a ratio.
            callback_ratio: Decimal,
            /// Trailing distance.
            callback_spread: Decimal,
            /// Price that starts trailing.
            active_px: Decimal,
        }
    }
}

order_value! {
    /// An element of `attachAlgoOrds` of an amendment. A price of 0 deletes the leg.
    AmendAttached {
        may {
            /// OKX's id.
            attach_algo_id: String,
            /// Client's id.
            attach_algo_cl_ord_id: AlgoClOrdId,
            /// Take-profit trigger price.
            new_tp_trigger_px: Decimal,
            /// Take-profit trigger as a ratio.
            new_tp_trigger_ratio: Decimal,
            /// Take-profit order price.
            new_tp_ord_px: AlgoPx,
            /// Kind of the take profit.
            new_tp_ord_kind: TpOrdKind,
            /// Stop-loss trigger price.
            new_sl_trigger_px: Decimal,
            /// Stop-loss trigger as a ratio.
            new_sl_trigger_ratio: Decimal,
            /// Stop-loss order price.
            new_sl_ord_px: AlgoPx,
            /// What triggers the take profit.
            new_tp_trigger_px_type: TriggerPxType,
            /// What triggers the stop loss.
            new_sl_trigger_px_type: TriggerPxType,
            /// Size.
            sz: Decimal,
            /// Whether the stop loss moves to the cost price: `0` or `1`.
            amend_px_on_trigger_type: String,
            /// Trailing distance as a ratio.
            new_callback_ratio: Decimal,
            /// Trailing distance.
            new_callback_spread: Decimal,
            /// Price that starts trailing.
            new_active_px: Decimal,
        }
    }
}
