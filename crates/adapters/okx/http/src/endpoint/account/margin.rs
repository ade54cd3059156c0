//! Margin of isolated positions.

use okx_common::{
    decimal::Decimal,
    enums::PosSide,
    ids::{Ccy, InstId},
};

setting! {
    /// `POST /account/position/margin-balance`: adds to or takes from the margin of an isolated position. Signed.
    ChangeMargin = "account-position-margin-balance": "/account/position/margin-balance" -> MarginBalance {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
            /// Side of the position.
            pos_side: PosSide = "posSide",
            /// `add` or `reduce`.
            change: String = "type",
            /// How much.
            amt: Decimal = "amt",
        }
        optional {
            /// Currency.
            ccy: Ccy = "ccy",
        }
    }
}

row! {
    /// The margin that was added or taken.
    ///
    /// `{"amt":"0.3","ccy":"BTC","instId":"BTC-USDT","leverage":"","posSide":"net","type":"add"}`
    pub struct MarginBalance {
        text {
            /// Currency.
            ccy,
            /// Instrument.
            inst_id,
            /// `add` or `reduce`.
            change = "type",
        }
        dec {
            /// How much.
            amt,
            /// Leverage now.
            leverage,
        }
        opt {
            /// Side of the position.
            pos_side: PosSide,
        }
    }
}
