//! What is written down for good: fills, bills and closed positions (reference 4.4, 4.5.2, 4.5.5).

use std::sync::Arc;

use super::{
    instrument::Instrument,
    num::Num,
    words::{Kind, PosSide, Side, TdMode},
};

/// Most records of one kind an account keeps: three months of a busy strategy.
pub const MAX_RECORDS: usize = 200_000;

/// One fill of an order.
#[derive(Debug, Clone)]
pub struct Fill {
    /// `billId`.
    pub bill_id: u64,
    /// `tradeId`; negative for liquidations and ADL.
    pub trade_id: i64,
    /// The order.
    pub ord_id: u64,
    /// Its `clOrdId`.
    pub cl_id: String,
    /// Its `tag`.
    pub tag: String,
    /// The instrument.
    pub inst: Arc<Instrument>,
    /// Its side.
    pub side: Side,
    /// Its position side.
    pub pos_side: PosSide,
    /// At this price.
    pub px: Num,
    /// So much.
    pub sz: Num,
    /// Fee; negative is paid.
    pub fee: Num,
    /// Its currency.
    pub fee_ccy: String,
    /// Its rate.
    pub rate: Num,
    /// `T`, `M`, or empty for those of the system.
    pub exec: &'static str,
    /// Gained by closing.
    pub pnl: Num,
    /// Index price then.
    pub index: Option<Num>,
    /// Mark price then.
    pub mark: Option<Num>,
    /// `subType`.
    pub sub_type: u32,
    /// `tradeQuoteCcy`.
    pub trade_quote: String,
    /// When.
    pub ms: u64,
}

/// One change of a balance.
#[derive(Debug, Clone)]
pub struct Bill {
    /// `billId`.
    pub id: u64,
    /// `type`.
    pub kind: u32,
    /// `subType`.
    pub sub_type: u32,
    /// The currency.
    pub ccy: String,
    /// What was added.
    pub change: Num,
    /// What was there afterwards.
    pub bal: Num,
    /// Part of the change: gained by closing, funding.
    pub pnl: Num,
    /// Part of the change: fee.
    pub fee: Num,
    /// Size of the trade.
    pub sz: Num,
    /// Its price.
    pub px: Option<Num>,
    /// Type of instrument, if there is one.
    pub inst_kind: Option<Kind>,
    /// The instrument.
    pub inst_id: String,
    /// Margin mode.
    pub mode: Option<TdMode>,
    /// The order.
    pub ord_id: u64,
    /// Its `clOrdId`.
    pub cl_id: String,
    /// Its `tag`.
    pub tag: String,
    /// The trade.
    pub trade_id: i64,
    /// `T`, `M` or empty.
    pub exec: &'static str,
    /// When.
    pub ms: u64,
}

impl Bill {
    /// A change that has nothing to do with an instrument.
    #[must_use]
    pub fn plain(kind: u32, sub_type: u32, ccy: &str, change: Num, ms: u64) -> Self {
        Self {
            id: 0,
            kind,
            sub_type,
            ccy: ccy.to_owned(),
            change,
            bal: Num::ZERO,
            pnl: Num::ZERO,
            fee: Num::ZERO,
            sz: Num::ZERO,
            px: None,
            inst_kind: None,
            inst_id: String::new(),
            mode: None,
            ord_id: 0,
            cl_id: String::new(),
            tag: String::new(),
            trade_id: 0,
            exec: "",
            ms,
        }
    }
}
