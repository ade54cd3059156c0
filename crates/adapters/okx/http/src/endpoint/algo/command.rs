//! Placing, changing and cancelling strategy orders.

use okx_common::order::{AmendAlgoOrder, CancelAlgoOrder, OnInstrument, PlaceAlgoOrder, rest};

use super::super::command::{json, scope_of};

command! {
    /// `POST /trade/order-algo`: places a strategy order.
    PlaceAlgo(PlaceAlgoOrder) = "trade-order-algo-post": "/trade/order-algo" -> AlgoAck {
        |order| json(&rest(order)), scope_of(order.inst_id())
    }
}

command! {
    /// `POST /trade/amend-algos`: changes a `conditional`, `oco` or `trigger` order; the others are cancelled and placed anew.
    AmendAlgo(AmendAlgoOrder) = "trade-amend-algos": "/trade/amend-algos" -> AlgoAck {
        |order| json(&rest(order)), scope_of(order.inst_id())
    }
}

batch! {
    /// `POST /trade/cancel-algos`: cancels up to 10 strategy orders of any kind.
    CancelAlgos(CancelAlgoOrder) = "trade-cancel-algos": "/trade/cancel-algos" -> AlgoAck, None
}

row! {
    /// What OKX says of one strategy order that was placed, changed or cancelled. The code of the whole may be 0 while this one is not.
    ///
    /// `{"algoClOrdId":"6b9ad766b55dBCDEd524d810f42296b8","algoId":"2896574163517353984",`
    /// `"clOrdId":"6b9ad766b55dBCDEd524d810f42296b8","sCode":"0","sMsg":"","tag":"6b9ad766b55dBCDE"}`
    pub struct AlgoAck {
        text {
            /// Strategy order id.
            algo_id,
            /// Client's id of the strategy order.
            algo_cl_ord_id,
            /// Deprecated by OKX for `algo_cl_ord_id`.
            cl_ord_id,
            /// Id of the amendment.
            req_id,
            /// OKX's code for this order; 0 is success.
            s_code,
            /// OKX's words.
            s_msg,
            /// Tag.
            tag,
        }
    }
}
