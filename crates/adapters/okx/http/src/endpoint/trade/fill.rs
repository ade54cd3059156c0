//! Fills.

use okx_common::{
    enums::{ExecType, InstType, PosSide, Side},
    ids::{InstFamily, InstId, OrdId},
};

endpoint! {
    /// `GET /trade/fills`: fills of the last 3 days, newest first. Signed.
    GetFills = "trade-fills": Signed "/trade/fills" -> Fill {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Order.
            ord_id: OrdId = "ordId",
            /// Kind of the record.
            sub_type: String = "subType",
            /// Only older ones than this record (`billId`).
            after: String = "after",
            /// Only newer ones than this record (`billId`).
            before: String = "before",
            /// Recorded from then on, Unix ms.
            begin: u64 = "begin",
            /// Recorded until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /trade/fills-history`: fills of the last 3 months, newest first. Signed.
    GetFillsHistory = "trade-fills-history": Signed "/trade/fills-history" -> Fill {
        required {
            /// Kind of instrument.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Order.
            ord_id: OrdId = "ordId",
            /// Kind of the record.
            sub_type: String = "subType",
            /// Only older ones than this record (`billId`).
            after: String = "after",
            /// Only newer ones than this record (`billId`).
            before: String = "before",
            /// Recorded from then on, Unix ms.
            begin: u64 = "begin",
            /// Recorded until then, Unix ms.
            end: u64 = "end",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A fill: what one order traded with another one.
    ///
    /// `{"side":"buy","fillSz":"0.001","fillPx":"73397.8","fillPxVol":"","fillFwdPx":"","fee":"-0.000001","fillPnl":"0",`
    /// `"ordId":"688362711456706560","feeRate":"-0.001","instType":"SPOT","fillPxUsd":"","instId":"BTC-USDT",`
    /// `"clOrdId":"1229606897","posSide":"net","billId":"688362711465447466","fillMarkVol":"","tag":"",`
    /// `"fillTime":"1710390459571","execType":"T","fillIdxPx":"","tradeId":"749554213","fillMarkPx":"","feeCcy":"BTC",`
    /// `"ts":"1710390459574"}`
    pub struct Fill {
        text {
            /// Id of the record.
            bill_id,
            /// Client's order id.
            cl_ord_id,
            /// Currency of the fee.
            fee_ccy,
            /// Instrument.
            inst_id,
            /// Order; none for block trades.
            ord_id,
            /// Kind of the record, closer.
            sub_type,
            /// Tag.
            tag,
            /// Trade, unique within the instrument; negative for liquidations and deleveraging.
            trade_id,
            /// Quote currency that was traded.
            trade_quote_ccy,
        }
        dec {
            /// Fee: negative is paid.
            fee,
            /// Rate of the fee (SPOT, MARGIN).
            fee_rate,
            /// Forward price.
            fill_fwd_px,
            /// Index price then.
            fill_idx_px,
            /// Mark price then.
            fill_mark_px,
            /// Mark volatility.
            fill_mark_vol,
            /// Profit of the fill.
            fill_pnl,
            /// Price.
            fill_px,
            /// Price in USD.
            fill_px_usd,
            /// Volatility.
            fill_px_vol,
            /// Size.
            fill_sz,
        }
        ms {
            /// When it was traded, Unix ms.
            fill_time_ms = "fillTime",
            /// When it was recorded, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Maker or taker; none for fills that the system made.
            exec_type: ExecType,
            /// Kind of instrument.
            inst_type: InstType,
            /// Side of the position.
            pos_side: PosSide,
            /// Side of the order.
            side: Side,
        }
    }
}
