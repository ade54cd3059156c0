//! Channels that show one value, on change or every so often (reference 5.2).

use crate::{
    topic::Topic,
    venue::{Venue, rows},
};

/// Which value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) enum Gauge {
    MarkPrice,
    IndexTickers,
    FundingRate,
    OpenInterest,
    PriceLimit,
    OptSummary,
    EstimatedPrice,
    BlockTickers,
    SpreadTicker,
}

impl Gauge {
    /// The value of this channel.
    pub fn of(channel: &str) -> Option<Self> {
        Some(match channel {
            "mark-price" => Self::MarkPrice,
            "index-tickers" => Self::IndexTickers,
            "funding-rate" => Self::FundingRate,
            "open-interest" => Self::OpenInterest,
            "price-limit" => Self::PriceLimit,
            "opt-summary" => Self::OptSummary,
            "estimated-price" => Self::EstimatedPrice,
            "block-tickers" => Self::BlockTickers,
            "sprd-tickers" => Self::SpreadTicker,
            _ => return None,
        })
    }

    /// How often it is looked at, microseconds.
    pub const fn look_us(self) -> u64 {
        match self {
            Self::IndexTickers => 100_000,
            Self::MarkPrice | Self::PriceLimit | Self::EstimatedPrice => 200_000,
            Self::OptSummary | Self::SpreadTicker => 1_000_000,
            Self::OpenInterest => 3_000_000,
            Self::FundingRate | Self::BlockTickers => 60_000_000,
        }
    }

    /// After so long it is said again without a change, microseconds.
    pub const fn repeat_us(self) -> u64 {
        match self {
            Self::MarkPrice => 10_000_000,
            Self::IndexTickers | Self::FundingRate => 60_000_000,
            _ => u64::MAX,
        }
    }

    /// The rows at this time, joined by commas; `None` if there is nothing to say.
    pub fn row(self, venue: &Venue, topic: &Topic, us: u64) -> Option<String> {
        let ms = rows::ms(us);
        let series = venue.series.get(&topic.inst_id).filter(|_| venue.is_open(&topic.inst_id));
        match self {
            Self::MarkPrice => series.map(|s| rows::mark_row(s, venue.kind_name(&s.id), ms)),
            Self::IndexTickers => rows::index_row(venue, &topic.inst_id, ms),
            Self::FundingRate => rows::funding_row(venue, &topic.inst_id, ms),
            Self::OpenInterest => series.map(|s| rows::interest_row(s, venue.kind_name(&s.id), ms)),
            Self::PriceLimit => series.map(|s| rows::limit_row(s, venue.kind_name(&s.id), ms)),
            Self::OptSummary => Some(rows::option_rows(venue, &topic.inst_family, "", ms).join(",")),
            Self::EstimatedPrice => {
                Some(rows::estimate_rows(venue, topic, ms).join(",")).filter(|text| !text.is_empty())
            }
            Self::BlockTickers => series.map(|s| rows::block_row(s, venue.kind_name(&s.id), us)),
            Self::SpreadTicker => rows::spread_ticker(venue, &topic.sprd_id, us),
        }
    }
}
