//! Event contracts.

use okx_common::enums::{EventOutcome, EventState, HitDirection};

row! {
    /// A row of `event-contract-markets`.
    ///
    /// `{"arg":{"channel":"event-contract-markets"},"data":[{"seriesId":"BTC-ABOVE-DAILY","eventId":"BTC-ABOVE-DAILY-260224-1600",`
    /// `"instId":"BTC-ABOVE-DAILY-260224-1600-65000","listTime":"1769697132335","fixTime":"","expTime":"1769697132335",`
    /// `"state":"live","outcome":"0","floorStrike":"120000","capStrike":"","settleValue":"","disputed":false,"hitDir":""}]}`
    pub struct EventMarket<'a> {
        text {
            /// Series.
            series_id,
            /// Event.
            event_id,
            /// Instrument.
            inst_id,
        }
        dec {
            /// Lower bound.
            floor_strike,
            /// Upper bound.
            cap_strike,
            /// The value that decided.
            settle_value,
        }
        ms {
            /// When it was listed, Unix ms.
            #[serde(rename(deserialize = "listTime"))]
            list_time_ms,
            /// When the value is fixed, Unix ms.
            #[serde(rename(deserialize = "fixTime"))]
            fix_time_ms,
            /// When it expires, Unix ms.
            #[serde(rename(deserialize = "expTime"))]
            exp_time_ms,
        }
        flag {
            /// Whether the outcome is disputed.
            disputed,
        }
        opt {
            /// State.
            state: EventState,
            /// Outcome.
            outcome: EventOutcome,
            /// Direction, for `hit` contracts.
            hit_dir: HitDirection,
        }
    }
}
