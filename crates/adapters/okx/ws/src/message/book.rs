//! Order books.

use okx_common::decimal::Decimal;

/// One level: `["8476.98","415","0","13"]` — price, size, a deprecated constant `"0"`, number of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Price.
    pub px: Decimal,
    /// The size now resting at this price, in contracts (derivatives) or base currency; 0 deletes the level.
    pub sz: Decimal,
    /// Number of orders; 0 if not sent.
    pub orders: u32,
}

/// What a push of an incremental book is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BookAction {
    /// The whole book. Pushes of `books5` and `bbo-tbt` always are, and carry no `action`.
    Snapshot,
    /// Changes to the book before.
    Update,
}

/// Position of one row in the buffers of a decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BookRow {
    pub asks: (u32, u32),
    pub bids: (u32, u32),
    pub ts_ms: u64,
    pub seq_id: Option<i64>,
    pub prev_seq_id: Option<i64>,
    pub checksum: Option<i32>,
}

/// The rows of a book push; nearly always one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books<'a> {
    pub(crate) action: BookAction,
    pub(crate) rows: &'a [BookRow],
    pub(crate) levels: &'a [Level],
    pub(crate) non_rpi: &'a [Decimal],
}

impl<'a> Books<'a> {
    /// Snapshot or update.
    #[must_use]
    pub const fn action(&self) -> BookAction {
        self.action
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = BookMsg<'a>> + use<'a> {
        let Self { action, levels, non_rpi, rows } = *self;
        rows.iter().map(move |row| {
            let side = |(from, to): (u32, u32)| &levels[from as usize..to as usize];
            let extra = |(from, to): (u32, u32)| non_rpi.get(from as usize..to as usize).unwrap_or_default();
            BookMsg {
                action,
                asks: side(row.asks),
                bids: side(row.bids),
                asks_non_rpi: extra(row.asks),
                bids_non_rpi: extra(row.bids),
                ts_ms: row.ts_ms,
                seq_id: row.seq_id,
                prev_seq_id: row.prev_seq_id,
                checksum: row.checksum,
            }
        })
    }
}

/// One row of a book channel (`books`, `books5`, `bbo-tbt`, `books-l2-tbt`, `books50-l2-tbt`, `books-rpi`, `sprd-books…`).
///
/// `{"arg":{"channel":"books","instId":"NEAR-USDT"},"action":"snapshot","data":[{"asks":[["1.783","411.15719291","0","3"]],`
/// `"bids":[["1.782","2173.46443964","0","8"]],"ts":"1765201257005","checksum":-1197821412,"seqId":9690930615,"prevSeqId":-1}]}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookMsg<'a> {
    /// Snapshot or update.
    pub action: BookAction,
    /// Asks as sent, best first.
    pub asks: &'a [Level],
    /// Bids as sent, best first.
    pub bids: &'a [Level],
    /// `books-rpi` only: of each ask, the size without retail price improvement orders. Else empty.
    pub asks_non_rpi: &'a [Decimal],
    /// `books-rpi` only: of each bid, the size without retail price improvement orders. Else empty.
    pub bids_non_rpi: &'a [Decimal],
    /// When the book was generated, Unix ms.
    pub ts_ms: u64,
    /// `seqId`; absent on some spread channels and in recordings older than 2023.
    pub seq_id: Option<i64>,
    /// `prevSeqId`: -1 for a snapshot; incremental channels only.
    pub prev_seq_id: Option<i64>,
    /// `checksum`, constant 0 since 2026-06-23 except on spreads.
    pub checksum: Option<i32>,
}
