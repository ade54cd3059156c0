//! Leverage.

use okx_common::{
    decimal::Decimal,
    enums::{MgnMode, PosSide},
    ids::{Ccy, InstId},
};

endpoint! {
    /// `GET /account/leverage-info`: the leverage of instruments or of a currency. Signed.
    GetLeverage = "account-leverage-info": Signed "/account/leverage-info" -> Leverage {
        required {
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
        }
        optional {
            /// Instruments, up to 20, separated by commas.
            inst_id: String = "instId",
            /// Currency (cross MARGIN).
            ccy: Ccy = "ccy",
        }
    }
}

setting! {
    /// `POST /account/set-leverage`: sets the leverage. In cross mode it is that of the whole underlying. Signed.
    SetLeverage = "account-set-leverage": "/account/set-leverage" -> Leverage {
        required {
            /// Leverage.
            lever: Decimal = "lever",
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
        }
        optional {
            /// Instrument; cannot be missing with isolated margin.
            inst_id: InstId = "instId",
            /// Currency (cross MARGIN).
            ccy: Ccy = "ccy",
            /// Side of the position: isolated FUTURES and SWAP in long/short mode only.
            pos_side: PosSide = "posSide",
        }
    }
}

row! {
    /// The leverage of an instrument, of a side of it, or of a currency.
    ///
    /// `{"instId":"BTC-USDT-200626","mgnMode":"cross","posSide":"long","lever":"10"}`
    pub struct Leverage {
        text {
            /// Instrument.
            inst_id,
            /// Currency.
            ccy,
        }
        dec {
            /// Leverage.
            lever,
        }
        opt {
            /// Cross or isolated.
            mgn_mode: MgnMode,
            /// Net, long or short.
            pos_side: PosSide,
        }
    }
}
