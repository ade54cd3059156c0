//! Orders on spreads. They name the spread by `sprdId` on both ways.

use super::target::OrderTarget;
use crate::{
    decimal::Decimal,
    enums::{OrdType, Side},
    ids::{ClOrdId, SprdId},
};

order_value! {
    /// `POST /sprd/order`, operation `sprd-order`.
    PlaceSpreadOrder {
        must {
            /// Spread.
            sprd_id: SprdId,
            /// Side.
            side: Side,
            /// `market`, `limit`, `post_only` or `ioc`.
            ord_type: OrdType,
            /// Size, in the spread's size currency.
            sz: Decimal,
        }
        may {
            /// Price; may be negative or zero.
            px: Decimal,
            /// Client order id.
            cl_ord_id: ClOrdId,
            /// Tag.
            tag: String,
        }
    }
}

order_value! {
    /// `POST /sprd/amend-order`, operation `sprd-amend-order`.
    AmendSpreadOrder {
        must {
            /// Order.
            #[serde(flatten)]
            target: OrderTarget,
        }
        may {
            /// Id of this amendment.
            req_id: String,
            /// New total size.
            new_sz: Decimal,
            /// New price.
            new_px: Decimal,
        }
    }
}

order_value! {
    /// `POST /sprd/cancel-order`, operation `sprd-cancel-order`.
    CancelSpreadOrder {
        must {
            /// Order.
            #[serde(flatten)]
            target: OrderTarget,
        }
    }
}

order_value! {
    /// `POST /sprd/mass-cancel`, operation `sprd-mass-cancel`: all orders of a spread, or of all.
    MassCancelSpread {
        may {
            /// Spread.
            sprd_id: SprdId,
        }
    }
}
