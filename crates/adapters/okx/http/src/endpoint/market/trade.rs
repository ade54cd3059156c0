//! Public trades.

use std::{fmt, str::FromStr};

use okx_common::{
    decimal::Decimal,
    enums::{OptType, Side, TradeSource},
    ids::{InstFamily, InstId, TradeId},
};

/// What `after` and `before` of [`GetHistoryTrades`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageBy {
    /// Trade ids. On the wire `1`.
    TradeId,
    /// Times in Unix ms; `after` only. On the wire `2`.
    Time,
}

impl fmt::Display for PageBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TradeId => "1",
            Self::Time => "2",
        })
    }
}

impl FromStr for PageBy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1" => Ok(Self::TradeId),
            "2" => Ok(Self::Time),
            _ => Err("it is 1 for trade ids or 2 for times"),
        }
    }
}

endpoint! {
    /// `GET /market/trades`: the most recent trades, 500 at most.
    GetTrades = "market-trades": Public "/market/trades" -> Trade {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// At most so many, up to 500; 100 if not given.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /market/history-trades`: the trades of three months, page by page.
    GetHistoryTrades = "market-history-trades": Public "/market/history-trades" -> Trade {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// What `after` and `before` mean; trade ids if not given.
            page_by: PageBy = "type",
            /// Only older ones than this trade id or time.
            after: String = "after",
            /// Only newer ones than this trade id.
            before: String = "before",
            /// At most so many, up to 100; 100 if not given.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A trade.
    ///
    /// `{"instId":"BTC-USDT","side":"sell","sz":"0.00001","source":"0","px":"29963.2","tradeId":"242720720","ts":"1654161646974"}`
    pub struct Trade {
        req {
            /// Instrument.
            inst_id: InstId,
            /// Trade id, rising with time within an instrument.
            trade_id: TradeId,
            /// Price.
            px: Decimal,
            /// Size: contracts (derivatives) or base currency (spot).
            sz: Decimal,
            /// Side of the taker.
            side: Side,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Ordinary, or retail price improvement.
            source: TradeSource,
        }
    }
}

endpoint! {
    /// `GET /market/option/instrument-family-trades`: the last trades of the options of a family.
    GetFamilyTrades = "market-option-instrument-family-trades":
        Public "/market/option/instrument-family-trades" -> FamilyTrades {
        required {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
        }
    }
}

row! {
    /// The last trades of the calls or puts of a family.
    ///
    /// `{"vol24h":"103381","tradeInfo":[{"instId":"BTC-USD-221111-17750-C","side":"sell","sz":"1","px":"0.0075","tradeId":"20",`
    /// `"ts":"1668090885050"}],"optType":"C"}`
    pub struct FamilyTrades {
        dec {
            /// Volume of 24 hours, contracts.
            vol24h,
        }
        opt {
            /// Calls or puts.
            opt_type: OptType,
        }
        list {
            /// The trades.
            trade_info: FamilyTrade,
        }
    }
}

row! {
    /// A trade in [`FamilyTrades`].
    pub struct FamilyTrade {
        req {
            /// Instrument.
            inst_id: InstId,
            /// Trade id.
            trade_id: TradeId,
        }
        dec {
            /// Price.
            px,
            /// Size, contracts.
            sz,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Side of the taker.
            side: Side,
        }
    }
}
