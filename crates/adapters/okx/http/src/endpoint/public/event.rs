//! Event contracts.

use okx_common::{
    enums::{EventFreq, EventMethod, EventOutcome, EventState, HitDirection},
    ids::{EventId, InstId, SeriesId},
};

endpoint! {
    /// `GET /public/event-contract/series`: the series of event contracts.
    GetEventSeries = "public-event-contract-series": Public "/public/event-contract/series" -> EventSeries {
        optional {
            /// One series.
            series_id: SeriesId = "seriesId",
        }
    }
}

/// A series of event contracts.
///
/// `{"category":"Crypto","freq":"daily","seriesId":"BTC-ABOVE-DAILY","settlement":{"closeEarly":false,"method":"price_above",`
/// `"srcName":"okx_index","underlying":"BTC-USDT"},"title":"BTC Price above Daily"}`
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct EventSeries {
    /// Series.
    pub series_id: SeriesId,
    /// How often an event ends.
    #[serde(default, deserialize_with = "okx_common::de::opt")]
    pub freq: Option<EventFreq>,
    /// Name.
    #[serde(default, deserialize_with = "okx_common::de::opt_string")]
    pub title: Option<String>,
    /// Subject: `Crypto`.
    #[serde(default, deserialize_with = "okx_common::de::opt_string")]
    pub category: Option<String>,
    /// How it is settled.
    #[serde(default, deserialize_with = "okx_common::de::opt")]
    pub settlement: Option<EventSettlement>,
}

row! {
    /// How a series is settled.
    pub struct EventSettlement {
        text {
            /// Who tells the value: `okx_index`.
            src_name,
            /// Index: `BTC-USDT`.
            underlying,
        }
        flag {
            /// Whether it may end early.
            close_early,
        }
        opt {
            /// What decides.
            method: EventMethod,
        }
    }
}

endpoint! {
    /// `GET /public/event-contract/events`: the events of a series.
    GetEvents = "public-event-contract-events": Public "/public/event-contract/events" -> Event {
        required {
            /// Series.
            series_id: SeriesId = "seriesId",
        }
        optional {
            /// One event.
            event_id: EventId = "eventId",
            /// State.
            state: EventState = "state",
            /// At most so many, up to 100.
            limit: u32 = "limit",
            /// Only those that expire after this time, Unix ms.
            before: u64 = "before",
            /// Only those that expire before this time, Unix ms.
            after: u64 = "after",
        }
    }
}

row! {
    /// An event.
    ///
    /// `{"eventId":"BTC-ABOVE-DAILY-260430-1600","expTime":"1777536000000","fixTime":"","seriesId":"BTC-ABOVE-DAILY","state":`
    /// `"preopen"}`
    pub struct Event {
        req {
            /// Event.
            event_id: EventId,
        }
        text {
            /// Series.
            series_id,
        }
        ms {
            /// When the value is fixed, Unix ms.
            fix_time_ms = "fixTime",
            /// When it expires, Unix ms.
            exp_time_ms = "expTime",
        }
        opt {
            /// State.
            state: EventState,
        }
    }
}

endpoint! {
    /// `GET /public/event-contract/markets`: the contracts of a series or event.
    GetEventMarkets = "public-event-contract-markets": Public "/public/event-contract/markets" -> EventMarket {
        required {
            /// Series.
            series_id: SeriesId = "seriesId",
        }
        optional {
            /// One event.
            event_id: EventId = "eventId",
            /// One instrument.
            inst_id: InstId = "instId",
            /// State.
            state: EventState = "state",
            /// At most so many, up to 100.
            limit: u32 = "limit",
            /// Only those that expire after this time, Unix ms.
            before: u64 = "before",
            /// Only those that expire before this time, Unix ms.
            after: u64 = "after",
        }
    }
}

row! {
    /// An event contract.
    ///
    /// `{"disputed":false,"eventId":"BTC-ABOVE-DAILY-260505-1600","expTime":"1777968000000","fixTime":"","floorStrike":"68000",`
    /// `"instId":"BTC-ABOVE-DAILY-260505-1600-68000","listTime":"1777276742619","outcome":"0","seriesId":"BTC-ABOVE-DAILY",`
    /// `"settleValue":"","state":"preopen"}`
    pub struct EventMarket {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        text {
            /// Series.
            series_id,
            /// Event.
            event_id,
            /// Upper bound; may be `INF`.
            cap_strike,
        }
        dec {
            /// Lower bound.
            floor_strike,
            /// The value that decided.
            settle_value,
        }
        ms {
            /// When it was listed, Unix ms.
            list_time_ms = "listTime",
            /// When the value is fixed, Unix ms.
            fix_time_ms = "fixTime",
            /// When it expires, Unix ms.
            exp_time_ms = "expTime",
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
