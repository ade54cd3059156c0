//! Placing a strategy order. REST only: the WebSocket has no operation for it.

use serde::Serialize;

use super::{address::OnInstrument, algo_kind::AlgoKind};
use crate::{
    decimal::Decimal,
    enums::{PosSide, Side, TdMode, TgtCcy},
    ids::{AlgoClOrdId, Ccy, InstId},
};

/// How much a strategy order trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AlgoSize {
    /// So much.
    #[serde(rename = "sz")]
    Sz(Decimal),
    /// The whole position (`closeFraction` 1): `conditional` and `oco` at the market, FUTURES and SWAP.
    #[serde(rename = "closeFraction", serialize_with = "whole")]
    WholePosition,
}

fn whole<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("1")
}

order_value! {
    /// `POST /trade/order-algo`.
    ///
    /// `{"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy","ordType":"trigger","sz":"10","triggerPx":"100","orderPx":"-1"}`
    PlaceAlgoOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Trade mode.
            td_mode: TdMode,
            /// Side.
            side: Side,
            /// Size.
            #[serde(flatten)]
            size: AlgoSize,
            /// What it does.
            #[serde(flatten)]
            kind: AlgoKind,
        }
        may {
            /// Client's id: 1 to 32 letters and digits.
            algo_cl_ord_id: AlgoClOrdId,
            /// Side of the position; needed in long/short mode for FUTURES and SWAP.
            pos_side: PosSide,
            /// Only reduce a position.
            reduce_only: bool,
            /// Margin currency.
            ccy: Ccy,
            /// Tag.
            tag: String,
            /// Unit of `sz` of SPOT market orders.
            tgt_ccy: TgtCcy,
            /// What a SPOT order is paid in.
            trade_quote_ccy: Ccy,
        }
    }
}

impl OnInstrument for PlaceAlgoOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }

    fn rest_only(&self) -> Option<&'static str> {
        Some("strategy orders")
    }
}
