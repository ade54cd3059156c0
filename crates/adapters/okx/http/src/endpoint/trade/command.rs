//! Orders: placing, amending, cancelling, one or up to twenty at a time.

use okx_common::{
    limits::order,
    order::{AmendOrder, CancelOrder, OnInstrument, PlaceOrder, rest},
};

use super::super::command::{json, scope_of};

row! {
    /// What OKX says of one order that was placed, amended or cancelled. `s_code` 0 means accepted, not done: the order itself tells.
    ///
    /// `{"clOrdId":"oktswap6","ordId":"312269865356374016","tag":"","ts":"1695190491421","sCode":"0","sMsg":"","subCode":""}`
    pub struct Ack {
        text {
            /// Order id; none for an order that was refused.
            ord_id,
            /// Client's order id.
            cl_ord_id,
            /// Id of the amendment.
            req_id,
            /// Tag.
            tag,
            /// OKX's code for this order; 0 is success.
            s_code,
            /// OKX's words.
            s_msg,
            /// A closer code.
            sub_code,
        }
        ms {
            /// When the order was made, Unix ms: also of amendments and cancellations.
            ts_ms = "ts",
        }
    }
}

command! {
    /// `POST /trade/order`: places an order.
    Place(PlaceOrder) = "trade-order-post": "/trade/order" -> Ack {
        |order| json(&rest(order)), scope_of(order.inst_id())
    }
}

command! {
    /// `POST /trade/amend-order`: changes an order.
    Amend(AmendOrder) = "trade-amend-order": "/trade/amend-order" -> Ack {
        |order| json(&rest(order)), scope_of(order.inst_id())
    }
}

command! {
    /// `POST /trade/cancel-order`: cancels an order.
    Cancel(CancelOrder) = "trade-cancel-order": "/trade/cancel-order" -> Ack {
        |order| json(&rest(order)), scope_of(order.inst_id())
    }
}

batch! {
    /// `POST /trade/batch-orders`: places up to 20 orders, in sequence; in portfolio margin mode all or none.
    PlaceBatch(PlaceOrder) = "trade-batch-orders": "/trade/batch-orders" -> Ack, Some(&order::PLACE)
}

batch! {
    /// `POST /trade/amend-batch-orders`: changes up to 20 orders, each once.
    AmendBatch(AmendOrder) = "trade-amend-batch-orders": "/trade/amend-batch-orders" -> Ack, Some(&order::AMEND)
}

batch! {
    /// `POST /trade/cancel-batch-orders`: cancels up to 20 orders.
    CancelBatch(CancelOrder) = "trade-cancel-batch-orders": "/trade/cancel-batch-orders" -> Ack, Some(&order::CANCEL)
}
