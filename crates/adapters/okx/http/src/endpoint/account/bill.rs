//! Records of what changed the balances.

use okx_common::{
    enums::{CtType, ExecType, InstType, MgnMode},
    ids::{Ccy, InstId},
};

endpoint! {
    /// `GET /account/bills`: what changed the balances in the last 7 days, newest first. Signed.
    GetBills = "account-bills": Signed "/account/bills" -> Bill {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Currency.
            ccy: Ccy = "ccy",
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
            /// Linear or inverse.
            ct_type: CtType = "ctType",
            /// Kind.
            bill_type: String = "type",
            /// Kind, closer.
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
    /// `GET /account/bills-archive`: what changed the balances in the last 3 months, newest first. Signed.
    GetBillsArchive = "account-bills-archive": Signed "/account/bills-archive" -> Bill {
        optional {
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Currency.
            ccy: Ccy = "ccy",
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
            /// Linear or inverse.
            ct_type: CtType = "ctType",
            /// Kind.
            bill_type: String = "type",
            /// Kind, closer.
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
    /// A change of a balance.
    ///
    /// `{"bal":"67681.1011493287929133","balChg":"1.0000000000000000","billId":"673260238845333504","ccy":"USDT","clOrdId":"",`
    /// `"execType":"","fee":"","fillFwdPx":"","fillIdxPx":"","fillMarkPx":"","fillMarkVol":"","fillPxUsd":"","fillPxVol":"",`
    /// `"fillTime":"1706789749673","from":"6","instId":"","instType":"","interest":"0","mgnMode":"","notes":"","ordId":"",`
    /// `"pnl":"","posBal":"","posBalChg":"","px":"","subType":"11","sz":"1","tag":"","to":"18","tradeId":"0",`
    /// `"ts":"1706789749511","type":"1"}`
    pub struct Bill {
        text {
            /// Id of the record.
            bill_id,
            /// Currency.
            ccy,
            /// Client's order id.
            cl_ord_id,
            /// Account it came from.
            from,
            /// Account it went to.
            to,
            /// Instrument.
            inst_id,
            /// Notes.
            notes,
            /// Order, of trades, liquidations and deleveraging.
            ord_id,
            /// Kind of the record, closer.
            sub_type,
            /// Tag.
            tag,
            /// Trade id.
            trade_id,
            /// Kind of the record.
            bill_type = "type",
        }
        dec {
            /// Balance after it.
            bal,
            /// Change of the balance.
            bal_chg,
            /// Amount of earning.
            earn_amt,
            /// Rate of earning.
            earn_apr,
            /// Fee: negative is paid.
            fee,
            /// Forward price.
            fill_fwd_px,
            /// Index price at the fill.
            fill_idx_px,
            /// Mark price at the fill.
            fill_mark_px,
            /// Mark volatility.
            fill_mark_vol,
            /// Price in USD.
            fill_px_usd,
            /// Volatility.
            fill_px_vol,
            /// Interest.
            interest,
            /// Profit.
            pnl,
            /// Size of the position after it.
            pos_bal,
            /// Change of that size.
            pos_bal_chg,
            /// Price; of funding fees the mark price.
            px,
            /// Size.
            sz,
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
            /// Cross or isolated.
            mgn_mode: MgnMode,
            /// Linear or inverse.
            ct_type: CtType,
        }
    }
}

endpoint! {
    /// `GET /account/subtypes`: the kinds of records. Signed.
    GetBillTypes = "account-subtypes": Signed "/account/subtypes" -> BillType {}
}

row! {
    /// A kind of records.
    ///
    /// `{"type":"1","typeDesc":"Transfer","subTypeDetails":[{"subType":"11","subTypeDesc":"Transfer in"}]}`
    pub struct BillType {
        text {
            /// Kind of the record.
            bill_type = "type",
            /// In words.
            type_desc,
        }
        list {
            /// The closer kinds.
            sub_type_details: BillSubType,
        }
    }
}

row! {
    /// A closer kind.
    pub struct BillSubType {
        text {
            /// Kind of the record, closer.
            sub_type,
            /// In words.
            sub_type_desc,
        }
    }
}
