//! Instruments and what is said of them.

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId, SeriesId, Underlying},
    instrument::InstrumentRow,
};

endpoint! {
    /// `GET /public/instruments`: the instruments of a kind. Rows that are not described yet are
    /// [`InstrumentRow::Incomplete`].
    GetInstruments = "public-instruments": Public "/public/instruments" -> InstrumentRow {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family; OPTION cannot do without.
            inst_family: InstFamily = "instFamily",
            /// Series; EVENTS cannot do without.
            series_id: SeriesId = "seriesId",
            /// One instrument.
            inst_id: InstId = "instId",
        }
    }
}

endpoint! {
    /// `GET /public/underlying`: the indexes that a kind of contract is made on.
    GetUnderlyings = "public-underlying": Public "/public/underlying" -> Vec<Underlying> {
        required {
            /// SWAP, FUTURES or OPTION.
            inst_type: InstType = "instType",
        }
    }
}

endpoint! {
    /// `GET /public/instrument-tick-bands`: price steps that depend on the price.
    GetTickBands = "public-instrument-tick-bands": Public "/public/instrument-tick-bands" -> TickBands {
        required {
            /// OPTION or EVENTS.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
        }
    }
}

row! {
    /// The price steps of a family.
    ///
    /// `{"instType":"OPTION","instFamily":"BTC-USD","tickBand":[{"minPx":"0","maxPx":"0.005","tickSz":"0.0001"}]}`
    pub struct TickBands {
        text {
            /// Instrument family.
            inst_family,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// The bands, from the lowest price up.
            tick_band: TickBand,
        }
    }
}

row! {
    /// The step of a range of prices.
    pub struct TickBand {
        dec {
            /// From this price on.
            min_px,
            /// Up to this price.
            max_px,
            /// Step.
            tick_sz,
        }
    }
}

endpoint! {
    /// `GET /public/mm-instrument-types`: how the market maker programme classes instruments.
    GetMarketMakerTypes = "public-mm-instrument-types": Public "/public/mm-instrument-types" -> MarketMakerType {
        optional {
            /// SPOT or SWAP.
            inst_type: InstType = "instType",
            /// One instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// The class of an instrument: `{"instId":"BTC-USDT-SWAP","instType":"SWAP","pairType":"A"}`.
    pub struct MarketMakerType {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        text {
            /// Class: `A`, `B-TradFi`, …
            pair_type,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}
