//! How much can be traded.

use okx_common::{decimal::Decimal, enums::TdMode, ids::Ccy};

endpoint! {
    /// `GET /account/max-size`: the largest order that the account can send. Signed.
    GetMaxSize = "account-max-size": Signed "/account/max-size" -> MaxSize {
        required {
            /// Instruments, up to 5, separated by commas.
            inst_id: String = "instId",
            /// Trade mode.
            td_mode: TdMode = "tdMode",
        }
        optional {
            /// Margin currency.
            ccy: Ccy = "ccy",
            /// Price.
            px: Decimal = "px",
            /// Leverage.
            leverage: Decimal = "leverage",
            /// What a SPOT order is paid in.
            trade_quote_ccy: Ccy = "tradeQuoteCcy",
            /// Outcome (EVENTS).
            outcome: String = "outcome",
        }
    }
}

endpoint! {
    /// `GET /account/max-avail-size`: what the account can use for an order. Signed.
    GetMaxAvailSize = "account-max-avail-size": Signed "/account/max-avail-size" -> MaxSize {
        required {
            /// Instruments, up to 5, separated by commas.
            inst_id: String = "instId",
            /// Trade mode.
            td_mode: TdMode = "tdMode",
        }
        optional {
            /// Margin currency.
            ccy: Ccy = "ccy",
            /// Whether the order only reduces a position.
            reduce_only: bool = "reduceOnly",
            /// Price.
            px: Decimal = "px",
            /// What a SPOT order is paid in.
            trade_quote_ccy: Ccy = "tradeQuoteCcy",
        }
    }
}

row! {
    /// How much can be bought and sold.
    ///
    /// `{"ccy":"BTC","instId":"BTC-USDT","maxBuy":"0.0500695098559788","maxSell":"64.4798671570072269"}`
    pub struct MaxSize {
        text {
            /// Instrument.
            inst_id,
            /// Margin currency.
            ccy,
        }
        dec {
            /// Most that can be bought, in the unit of orders.
            max_buy,
            /// Most that can be sold, in the unit of orders.
            max_sell,
            /// What can be used to buy.
            avail_buy,
            /// What can be used to sell.
            avail_sell,
        }
    }
}
