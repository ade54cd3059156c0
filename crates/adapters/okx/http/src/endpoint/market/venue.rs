//! The venue as a whole, auctions, block trades.

use okx_common::{
    enums::{AuctionState, InstType},
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /market/platform-24-volume`: the volume of the whole venue.
    GetPlatformVolume = "market-platform-24-volume": Public "/market/platform-24-volume" -> PlatformVolume {}
}

row! {
    /// The volume of the whole venue: `{"volCny":"230900886396766","volUsd":"34462818865189","ts":"1657856040389"}`.
    pub struct PlatformVolume {
        dec {
            /// Of 24 hours, USD.
            vol_usd,
            /// Of 24 hours, CNY.
            vol_cny,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /market/call-auction-details`: the call auction that opens trading of a pair.
    GetCallAuction = "market-call-auction-details": Public "/market/call-auction-details" -> CallAuction {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// A call auction.
    ///
    /// `{"instId":"ONDO-USDC","unmatchedSz":"9988764","eqPx":"0.6","matchedSz":"44978","state":"continuous_trading",`
    /// `"auctionEndTime":"1726542000000","ts":"1726542000007"}`
    pub struct CallAuction {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Price at which most can be matched.
            eq_px,
            /// Size matched, base currency.
            matched_sz,
            /// Size not matched, base currency.
            unmatched_sz,
        }
        ms {
            /// When the auction ends, Unix ms.
            auction_end_time_ms = "auctionEndTime",
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Whether the auction is on.
            state: AuctionState,
        }
    }
}

endpoint! {
    /// `GET /market/block-tickers`: volumes of block trading of a kind of instrument.
    GetBlockTickers = "market-block-tickers": Public "/market/block-tickers" -> BlockTicker {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family (SWAP, FUTURES, OPTION).
            inst_family: InstFamily = "instFamily",
        }
    }
}

endpoint! {
    /// `GET /market/block-ticker`: volumes of block trading of one instrument.
    GetBlockTicker = "market-block-ticker": Public "/market/block-ticker" -> BlockTicker {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// Volumes of block trading.
    ///
    /// `{"instType":"SWAP","instId":"LTC-USD-SWAP","volCcy24h":"2222","vol24h":"2222","ts":"1597026383085"}`
    pub struct BlockTicker {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Of 24 hours in quote currency (spot) or base currency (derivatives).
            vol_ccy24h,
            /// Of 24 hours in base currency (spot) or contracts (derivatives).
            vol24h,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}
