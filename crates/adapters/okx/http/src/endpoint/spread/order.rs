//! Orders on spreads.

use okx_common::{
    enums::{ExecType, InstType, OrdType, OrderState, Side},
    ids::{ClOrdId, InstFamily, OrdId, SprdId},
    order::{AmendSpreadOrder, CancelAllAfter, CancelSpreadOrder, MassCancelSpread, PlaceSpreadOrder},
};

use super::super::{
    command::json,
    trade::{Ack, CommandResult},
};

command! {
    /// `POST /sprd/order`: places an order on a spread.
    PlaceSpread(PlaceSpreadOrder) = "sprd-order": "/sprd/order" -> Ack { |order| json(order), "" }
}

command! {
    /// `POST /sprd/amend-order`: changes an order on a spread.
    AmendSpread(AmendSpreadOrder) = "sprd-amend-order": "/sprd/amend-order" -> Ack { |order| json(order), "" }
}

command! {
    /// `POST /sprd/cancel-order`: cancels an order on a spread.
    CancelSpread(CancelSpreadOrder) = "sprd-cancel-order": "/sprd/cancel-order" -> Ack { |order| json(order), "" }
}

command! {
    /// `POST /sprd/mass-cancel`: cancels all orders on a spread, or on all.
    CancelMassSpread(MassCancelSpread) = "sprd-mass-cancel": "/sprd/mass-cancel" -> CommandResult { |what| json(what), "" }
}

command! {
    /// `POST /sprd/cancel-all-after`: the dead-man switch of spreads; without a tag.
    CancelAfterSpread(CancelAllAfter) = "sprd-cancel-all-after": "/sprd/cancel-all-after" -> CommandResult { |what| json(what), "" }
}

endpoint! {
    /// `GET /sprd/order`: an order on a spread, by one of its ids. Signed.
    GetSpreadOrder = "sprd-order-get": Signed "/sprd/order" -> SpreadOrder {
        optional {
            /// Order id; wins over the other.
            ord_id: OrdId = "ordId",
            /// Client's order id.
            cl_ord_id: ClOrdId = "clOrdId",
        }
    }
}

endpoint! {
    /// `GET /sprd/orders-pending`: the open orders on spreads, newest first. Signed.
    GetSpreadOrdersPending = "sprd-orders-pending": Signed "/sprd/orders-pending" -> SpreadOrder {
        optional {
            /// Spread.
            sprd_id: SprdId = "sprdId",
            /// Type.
            ord_type: OrdType = "ordType",
            /// State.
            state: OrderState = "state",
            /// Only newer ones than this id.
            begin_id: String = "beginId",
            /// Only older ones than this id.
            end_id: String = "endId",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /sprd/orders-history`: past orders on spreads, of 21 days, newest first. Signed.
    GetSpreadOrdersHistory = "sprd-orders-history": Signed "/sprd/orders-history" -> SpreadOrder {
        optional {
            /// Spread.
            sprd_id: SprdId = "sprdId",
            /// Type.
            ord_type: OrdType = "ordType",
            /// State.
            state: OrderState = "state",
            /// Only newer ones than this id.
            begin_id: String = "beginId",
            /// Only older ones than this id.
            end_id: String = "endId",
            /// Made from then on, Unix ms.
            begin: u64 = "begin",
            /// Made until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /sprd/orders-history-archive`: past orders on spreads, of 3 months, newest first. Signed.
    GetSpreadOrdersHistoryArchive = "sprd-orders-history-archive": Signed "/sprd/orders-history-archive" -> SpreadOrder {
        optional {
            /// Spread.
            sprd_id: SprdId = "sprdId",
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Type.
            ord_type: OrdType = "ordType",
            /// State.
            state: OrderState = "state",
            /// Only newer ones than this id.
            begin_id: String = "beginId",
            /// Only older ones than this id.
            end_id: String = "endId",
            /// Made from then on, Unix ms.
            begin: u64 = "begin",
            /// Made until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /sprd/trades`: own trades of spreads, of 7 days, newest first. Signed.
    GetSpreadFills = "sprd-trades": Signed "/sprd/trades" -> SpreadFill {
        optional {
            /// Spread.
            sprd_id: SprdId = "sprdId",
            /// Trade.
            trade_id: String = "tradeId",
            /// Order.
            ord_id: OrdId = "ordId",
            /// Only newer ones than this id.
            begin_id: String = "beginId",
            /// Only older ones than this id.
            end_id: String = "endId",
            /// Traded from then on, Unix ms.
            begin: u64 = "begin",
            /// Traded until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// An order on a spread. What was matched is settled later: then it is filled, or cancelled.
    ///
    /// `{"sprdId":"BTC-USDT_BTC-UST-SWAP","ordId":"312269865356374016","clOrdId":"b1","tag":"","px":"999","sz":"3",`
    /// `"ordType":"limit","side":"buy","fillSz":"0","fillPx":"","tradeId":"","accFillSz":"0","pendingFillSz":"2",`
    /// `"pendingSettleSz":"1","canceledSz":"1","state":"live","avgPx":"0","cancelSource":"","uTime":"1597026383085",`
    /// `"cTime":"1597026383085"}`
    pub struct SpreadOrder {
        text {
            /// Why it was cancelled.
            cancel_source,
            /// Client's order id.
            cl_ord_id,
            /// Order id.
            ord_id,
            /// Spread.
            sprd_id,
            /// Tag.
            tag,
            /// Trade of the last fill.
            trade_id,
            /// Spread, under an old name.
            inst_id,
        }
        dec {
            /// Size filled so far.
            acc_fill_sz,
            /// Average price.
            avg_px,
            /// Size cancelled.
            canceled_sz,
            /// Price of the last fill.
            fill_px,
            /// Size of the last fill.
            fill_sz,
            /// Size that is live.
            pending_fill_sz,
            /// Size matched and being settled.
            pending_settle_sz,
            /// Price.
            px,
            /// Size.
            sz,
        }
        ms {
            /// When it was made, Unix ms.
            c_time_ms = "cTime",
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
        }
        opt {
            /// Type of the order.
            ord_type: OrdType,
            /// Side.
            side: Side,
            /// State; an unknown one spoils the row.
            state: OrderState,
        }
    }
}

row! {
    /// An own trade of a spread.
    ///
    /// `{"sprdId":"BTC-USDT-SWAP_BTC-USDT-200329","tradeId":"123","ordId":"123445","clOrdId":"b16","tag":"","fillPx":"999",`
    /// `"fillSz":"3","state":"filled","side":"buy","execType":"M","ts":"1597026383085","legs":[{"instId":"BTC-USDT-SWAP",`
    /// `"px":"20000","sz":"3","szCont":"0.03","side":"buy","fillPnl":"","fee":"","feeCcy":"","tradeId":"1232342342"}],"code":"",`
    /// `"msg":""}`
    pub struct SpreadFill {
        text {
            /// Client's order id.
            cl_ord_id,
            /// Error code.
            code,
            /// Words for `code`.
            msg,
            /// Order.
            ord_id,
            /// Spread.
            sprd_id,
            /// `filled` or `rejected`.
            state,
            /// Tag.
            tag,
            /// Trade id of the leg.
            trade_id,
        }
        dec {
            /// Price.
            fill_px,
            /// Size.
            fill_sz,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Maker or taker.
            exec_type: ExecType,
            /// Side.
            side: Side,
        }
        list {
            /// The legs; fees are per leg.
            legs: SpreadFillLeg,
        }
    }
}

row! {
    /// A leg of a [`SpreadFill`].
    pub struct SpreadFillLeg {
        text {
            /// Currency of the fee.
            fee_ccy,
            /// Instrument.
            inst_id,
            /// Trade id of the leg.
            trade_id,
        }
        dec {
            /// Fee: negative is paid.
            fee,
            /// Profit.
            fill_pnl,
            /// Price.
            px,
            /// Size.
            sz,
            /// Size in contracts.
            sz_cont,
        }
        opt {
            /// Side.
            side: Side,
        }
    }
}
