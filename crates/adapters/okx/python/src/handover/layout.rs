//! The C structs of the wheel's model, by size and offset (`core/includes/model.h` of the supported versions, 128-bit raws).
//!
//! Values of these types are what the converters make in either mode: the capsule route hands their memory to the wheel, the
//! slower route reads their fields.

use std::mem::offset_of;

/// The fixed precision whose layout this is: raws are `value * 10^16` in 128 bits.
pub const FIXED_PRECISION: u8 = 16;
/// The largest price: 17_014_118_346_046 (the wheel's `PRICE_MAX`).
pub const PRICE_RAW_MAX: i128 = 17_014_118_346_046 * 10_i128.pow(FIXED_PRECISION as u32);
/// The largest quantity: 34_028_236_692_093 (the wheel's `QUANTITY_MAX`).
pub const QUANTITY_RAW_MAX: u128 = 34_028_236_692_093 * 10_u128.pow(FIXED_PRECISION as u32);
/// Longest trade id, without the terminating zero.
pub const TRADE_ID_MAX: usize = 36;
/// Levels a side of an [`Depth10`].
pub const DEPTH: usize = 10;

/// `InstrumentId_t`: two pointers to texts that the wheel interned for the life of the process. Opaque here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct InstrumentKey(pub(super) [u64; 2]);

/// `Price_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Price {
    /// `value * 10^16`.
    pub raw: i128,
    /// Digits to show.
    pub precision: u8,
}

/// `Quantity_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Quantity {
    /// `value * 10^16`.
    pub raw: u128,
    /// Digits to show.
    pub precision: u8,
}

/// `BookOrder_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct BookOrder {
    /// 0 none, 1 buy, 2 sell.
    pub side: i32,
    /// Price.
    pub price: Price,
    /// Size.
    pub size: Quantity,
    /// 0 for books of price levels.
    pub order_id: u64,
}

/// `OrderBookDelta_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Delta {
    /// Instrument.
    pub instrument: InstrumentKey,
    /// 1 add, 2 update, 3 delete, 4 clear.
    pub action: i32,
    /// The level.
    pub order: BookOrder,
    /// `RecordFlag`s.
    pub flags: u8,
    /// `seqId`.
    pub sequence: u64,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// `OrderBookDepth10_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Depth10 {
    /// Instrument.
    pub instrument: InstrumentKey,
    /// Best first; unused ones have side 0.
    pub bids: [BookOrder; DEPTH],
    /// Best first; unused ones have side 0.
    pub asks: [BookOrder; DEPTH],
    /// Orders at each bid.
    pub bid_counts: [u32; DEPTH],
    /// Orders at each ask.
    pub ask_counts: [u32; DEPTH],
    /// `RecordFlag`s.
    pub flags: u8,
    /// `seqId`.
    pub sequence: u64,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// `QuoteTick_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Quote {
    /// Instrument.
    pub instrument: InstrumentKey,
    /// Best bid.
    pub bid_price: Price,
    /// Best ask.
    pub ask_price: Price,
    /// Its size.
    pub bid_size: Quantity,
    /// Its size.
    pub ask_size: Quantity,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// `TradeId_t`: ASCII, then zeros; the last byte is the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct TradeId {
    text: [u8; TRADE_ID_MAX + 1],
    len: u8,
}

impl TradeId {
    /// Of this text; `None` if it is empty, longer than [`TRADE_ID_MAX`], or has other than visible ASCII characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > TRADE_ID_MAX || !bytes.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        let mut id = Self::default();
        id.text[..bytes.len()].copy_from_slice(bytes);
        id.len = bytes.len() as u8;
        Some(id)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl Default for TradeId {
    fn default() -> Self {
        Self { text: [0; TRADE_ID_MAX + 1], len: 0 }
    }
}

/// `TradeTick_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Trade {
    /// Instrument.
    pub instrument: InstrumentKey,
    /// Price.
    pub price: Price,
    /// Size.
    pub size: Quantity,
    /// 0 none, 1 buyer, 2 seller.
    pub aggressor: i32,
    /// Id.
    pub trade_id: TradeId,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// `MarkPriceUpdate_t` and `IndexPriceUpdate_t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct PriceUpdate {
    /// Instrument.
    pub instrument: InstrumentKey,
    /// The mark or index price.
    pub value: Price,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// `CVec`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct CVec {
    pub ptr: *mut u8,
    pub len: usize,
    pub cap: usize,
}

/// `Data_t`: the tag and the payload, as large as the largest variant (`Bar_t`, 240 bytes).
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Data {
    pub tag: i32,
    pub payload: Payload,
}

/// Payload of [`Data`].
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) union Payload {
    pub depth10: *const Depth10,
    pub quote: Quote,
    pub trade: Trade,
    pub price: PriceUpdate,
    pub size: [u128; 15],
}

/// Tag of `OrderBookDepth10`, whose payload is a pointer.
pub(super) const TAG_DEPTH10: i32 = 2;
/// Tag of `QuoteTick`.
pub(super) const TAG_QUOTE: i32 = 3;
/// Tag of `TradeTick`.
pub(super) const TAG_TRADE: i32 = 4;
/// Tag of `MarkPriceUpdate`.
pub(super) const TAG_MARK: i32 = 6;
/// Tag of `IndexPriceUpdate`.
pub(super) const TAG_INDEX: i32 = 7;

const _: () = {
    assert!(size_of::<Price>() == 32 && offset_of!(Price, precision) == 16 && align_of::<Price>() == 16);
    assert!(size_of::<Quantity>() == 32 && size_of::<BookOrder>() == 96);
    assert!(offset_of!(BookOrder, size) == 48 && offset_of!(BookOrder, order_id) == 80);
    assert!(size_of::<Delta>() == 160 && offset_of!(Delta, order) == 32 && offset_of!(Delta, flags) == 128);
    assert!(offset_of!(Delta, sequence) == 136 && offset_of!(Delta, ts_init) == 152);
    assert!(size_of::<Depth10>() == 2048 && offset_of!(Depth10, asks) == 976);
    assert!(offset_of!(Depth10, bid_counts) == 1936 && offset_of!(Depth10, ask_counts) == 1976);
    assert!(offset_of!(Depth10, flags) == 2016 && offset_of!(Depth10, ts_event) == 2032);
    assert!(
        size_of::<Quote>() == 160 && offset_of!(Quote, bid_size) == 80 && offset_of!(Quote, ts_event) == 144
    );
    assert!(size_of::<TradeId>() == 38 && align_of::<TradeId>() == 1);
    assert!(size_of::<Trade>() == 144 && offset_of!(Trade, aggressor) == 80);
    assert!(offset_of!(Trade, trade_id) == 84 && offset_of!(Trade, ts_event) == 128);
    assert!(size_of::<PriceUpdate>() == 64 && offset_of!(PriceUpdate, ts_event) == 48);
    assert!(size_of::<Data>() == 256 && offset_of!(Data, payload) == 16 && size_of::<CVec>() == 24);
};
