//! Amending an ordinary order.

use serde::Serialize;

use super::{address::OnInstrument, attach::AmendAttached, place::PxAmendType, target::OrderTarget};
use crate::{decimal::Decimal, ids::InstId};

/// The new price, of the kind that the order was placed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum NewPx {
    /// In the unit of the book.
    #[serde(rename = "newPx")]
    Px(Decimal),
    /// In USD (OPTION).
    #[serde(rename = "newPxUsd")]
    Usd(Decimal),
    /// As implied volatility (OPTION).
    #[serde(rename = "newPxVol")]
    Vol(Decimal),
}

order_value! {
    /// `POST /trade/amend-order`, operation `amend-order`.
    ///
    /// `{"instIdCode":123456,"ordId":"590909145319051111","newSz":"2"}`
    AmendOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Order.
            #[serde(flatten)]
            target: OrderTarget,
        }
        may {
            /// Id of this amendment, 1 to 32 letters and digits; comes back with its result.
            req_id: String,
            /// New total size, what is filled included. At or below that the order is complete.
            new_sz: Decimal,
            /// New price.
            #[serde(flatten)]
            new_px: NewPx,
            /// Cancel the order if the amendment fails.
            cxl_on_fail: bool,
            /// What to do with a price beyond the limit.
            px_amend_type: PxAmendType,
            /// May take RPI liquidity.
            rpi_taker_access: bool,
            /// Round an RPI order's price rather than refuse it.
            rpi_px_round: bool,
        }
        list {
            /// Changes of attached orders. REST only.
            attach_algo_ords: AmendAttached,
        }
    }
}

impl OnInstrument for AmendOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }

    fn rest_only(&self) -> Option<&'static str> {
        (!self.attach_algo_ords.is_empty()).then_some("attachAlgoOrds")
    }
}
