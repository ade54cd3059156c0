//! Closing positions, cancelling many orders, the dead-man switch.

use okx_common::{
    enums::PosSide,
    order::{CancelAllAfter, ClosePosition, MassCancel, OnInstrument, rest},
};

use super::super::command::{json, scope_of};

command! {
    /// `POST /trade/close-position`: closes a position at the market.
    Close(ClosePosition) = "trade-close-position": "/trade/close-position" -> ClosedBy {
        |what| json(&rest(what)), scope_of(what.inst_id())
    }
}

row! {
    /// What closes a position. It has no order id: the order is told by its client id, or by the stream.
    ///
    /// `{"clOrdId":"","instId":"BTC-USDT-SWAP","posSide":"long","tag":""}`
    pub struct ClosedBy {
        text {
            /// Client's order id.
            cl_ord_id,
            /// Instrument.
            inst_id,
            /// Tag.
            tag,
        }
        opt {
            /// Side of the position.
            pos_side: PosSide,
        }
    }
}

command! {
    /// `POST /trade/mass-cancel`: cancels the market-maker-protected orders of an option family.
    CancelMass(MassCancel) = "trade-mass-cancel": "/trade/mass-cancel" -> CommandResult { |what| json(what), "" }
}

command! {
    /// `POST /trade/cancel-all-after`: the dead-man switch; spreads are not covered.
    CancelAfter(CancelAllAfter) = "trade-cancel-all-after": "/trade/cancel-all-after" -> CommandResult {
        |what| json(what), what.tag.as_deref().unwrap_or_default()
    }
}

row! {
    /// What became of a command on many orders.
    ///
    /// `{"triggerTime":"1587971460","tag":"","ts":"1587971400"}`
    pub struct CommandResult {
        text {
            /// Tag.
            tag,
        }
        ms {
            /// When the orders will be cancelled, Unix ms; 0 if the switch is off.
            trigger_time_ms = "triggerTime",
            /// When the answer was made, Unix ms.
            ts_ms = "ts",
        }
        flag {
            /// Whether it was done.
            result,
        }
    }
}
