//! Placing an ordinary order.

use serde::Serialize;

use super::{address::OnInstrument, attach::Attached};
use crate::{
    decimal::Decimal,
    enums::{OrdType, PosSide, Side, StpMode, TdMode, TgtCcy},
    ids::{Ccy, ClOrdId, InstId},
};

/// The price of an order. Options may be priced by volatility or in USD; exactly one of the three is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Px {
    /// In the unit of the book.
    #[serde(rename = "px")]
    Px(Decimal),
    /// In USD (OPTION).
    #[serde(rename = "pxUsd")]
    Usd(Decimal),
    /// As implied volatility, 1 is 100 % (OPTION).
    #[serde(rename = "pxVol")]
    Vol(Decimal),
}

impl Px {
    /// The number, whatever its unit.
    #[must_use]
    pub const fn number(self) -> Decimal {
        match self {
            Self::Px(px) | Self::Usd(px) | Self::Vol(px) => px,
        }
    }
}

closed_enum! {
    /// `pxAmendType`: what OKX does with a price beyond the limit.
    PxAmendType {
        /// It refuses (51006).
        Refuse = "0",
        /// It moves the price to the limit.
        Clamp = "1",
    }
}

closed_enum! {
    /// `outcome` of an order on an event contract.
    EventSide {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}

order_value! {
    /// `POST /trade/order`, operation `order`: an ordinary order.
    ///
    /// `{"instIdCode":123456,"tdMode":"cross","side":"buy","ordType":"limit","px":"100","sz":"1","clOrdId":"abc123",`
    /// `"tag":"5328c82e5542BCDE"}`
    PlaceOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Trade mode.
            td_mode: TdMode,
            /// Side.
            side: Side,
            /// Type.
            ord_type: OrdType,
            /// Size: contracts; base currency for SPOT and MARGIN. SPOT market orders: see `tgt_ccy`. MARGIN market buys: quote
            /// currency.
            sz: Decimal,
        }
        may {
            /// Price; not for market orders.
            #[serde(flatten)]
            px: Px,
            /// Client order id: 1 to 32 letters and digits, unique among the open orders.
            cl_ord_id: ClOrdId,
            /// Side of the position; needed in long/short mode for FUTURES and SWAP.
            pos_side: PosSide,
            /// Only reduce a position (MARGIN; FUTURES and SWAP in net mode).
            reduce_only: bool,
            /// Unit of `sz` of SPOT market orders; without it buys count in quote, sells in base.
            tgt_ccy: TgtCcy,
            /// Margin currency: isolated MARGIN, and cross MARGIN in futures mode.
            ccy: Ccy,
            /// Tag: up to 16 letters and digits.
            tag: String,
            /// Refuse rather than shrink a SPOT market order when funds are short.
            ban_amend: bool,
            /// What to do with a price beyond the limit.
            px_amend_type: PxAmendType,
            /// What a SPOT order is paid in, one of the instrument's `tradeQuoteCcyList`.
            trade_quote_ccy: Ccy,
            /// Slippage limit of SPOT and MARGIN market orders, as a fraction: 0 to 0.05.
            slippage_pct: Decimal,
            /// Self-trade prevention.
            stp_mode: StpMode,
            /// Outcome (EVENTS).
            outcome: EventSide,
            /// May take RPI liquidity.
            rpi_taker_access: bool,
            /// Round an RPI order's price rather than refuse it.
            rpi_px_round: bool,
        }
        list {
            /// Take profits and stop losses that come alive with the fill. REST only.
            attach_algo_ords: Attached,
        }
    }
}

impl OnInstrument for PlaceOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }

    fn rest_only(&self) -> Option<&'static str> {
        (!self.attach_algo_ords.is_empty()).then_some("attachAlgoOrds")
    }
}
