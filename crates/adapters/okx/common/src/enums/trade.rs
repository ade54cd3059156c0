//! Trades and fills.

closed_enum! {
    /// `side`. On public trades it is the taker's.
    Side {
        /// Buy.
        Buy = "buy",
        /// Sell.
        Sell = "sell",
    }
}

closed_enum! {
    /// `execType` of a fill; empty (hence `None`) for fills that the system made.
    ExecType {
        /// Taker.
        Taker = "T",
        /// Maker.
        Maker = "M",
    }
}

open_enum! {
    /// `source` of a public trade.
    TradeSource {
        /// An ordinary trade.
        Normal = "0",
        /// Against an RPI order (formerly ELP).
        Rpi = "1",
    }
}
