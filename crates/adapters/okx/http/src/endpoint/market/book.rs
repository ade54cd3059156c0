//! Order books.

use std::fmt;

use okx_common::{decimal::Decimal, ids::InstId};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, IgnoredAny, SeqAccess, Visitor},
};

endpoint! {
    /// `GET /market/books`: the book, refreshed every 50 ms.
    GetBooks = "market-books": Public "/market/books" -> Book {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Levels a side, 1 to 400; 1 if not given.
            sz: u32 = "sz",
        }
    }
}

endpoint! {
    /// `GET /market/books-full`: up to 5,000 levels a side, refreshed once a second, without a sequence.
    GetBooksFull = "market-books-full": Public "/market/books-full" -> FullBook {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Levels a side, 1 to 5,000; 1 if not given.
            sz: u32 = "sz",
        }
    }
}

endpoint! {
    /// `GET /market/books-rpi`: the book with retail price improvement orders, refreshed every 200 ms.
    GetBooksRpi = "market-books-rpi": Public "/market/books-rpi" -> RpiBook {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Levels a side, 1 to 400; 1 if not given.
            sz: u32 = "sz",
        }
    }
}

row! {
    /// A book, the best levels first.
    ///
    /// `{"asks":[["41006.8","0.60038921","0","1"]],"bids":[["41006.3","0.30178218","0","2"]],"ts":"1629966436396",`
    /// `"seqId":3235851742}`
    pub struct Book {
        ms {
            /// When it was made, Unix ms.
            ts_ms = "ts",
        }
        int {
            /// Sequence, that of the WebSocket channel `books`.
            seq_id,
        }
        list {
            /// Asks.
            asks: BookLevel,
            /// Bids.
            bids: BookLevel,
        }
    }
}

row! {
    /// A book of many levels: `{"asks":[["41006.8","0.60038921","1"]],"bids":[["41006.3","0.30178218","2"]],"ts":"1629966436396"}`.
    pub struct FullBook {
        ms {
            /// When it was made, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// Asks.
            asks: BookLevel,
            /// Bids.
            bids: BookLevel,
        }
    }
}

row! {
    /// A book with retail price improvement orders: `{"asks":[["67855.2","0.5","0.5","1"]],"bids":[],"ts":"1785310731002","seqId":1}`.
    pub struct RpiBook {
        ms {
            /// When it was made, Unix ms.
            ts_ms = "ts",
        }
        int {
            /// Sequence.
            seq_id,
        }
        list {
            /// Asks.
            asks: RpiLevel,
            /// Bids.
            bids: RpiLevel,
        }
    }
}

/// A level: `["41006.8","0.60038921","0","1"]` (the third is deprecated by OKX), or `["41006.8","0.60038921","1"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BookLevel {
    /// Price.
    pub px: Decimal,
    /// Size: contracts (derivatives) or base currency (spot).
    pub sz: Decimal,
    /// How many orders; `None` if not told.
    pub orders: Option<u64>,
}

/// A level with retail price improvement orders: price, total size, size without those orders, number of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RpiLevel {
    /// Price.
    pub px: Decimal,
    /// Size, all orders.
    pub sz: Decimal,
    /// Size without retail price improvement orders.
    pub non_rpi_sz: Decimal,
    /// How many orders; `None` if not told.
    pub orders: Option<u64>,
}

/// An integer that may be text or nothing.
struct Count(Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        okx_common::de::opt_u64(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for BookLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = BookLevel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level of price, size and number of orders")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<BookLevel, A::Error> {
                let px = element(&mut seq, 0, &self)?;
                let sz = element(&mut seq, 1, &self)?;
                let third: Option<Count> = seq.next_element()?;
                let fourth: Option<Count> = seq.next_element()?;
                ignore_rest(seq)?;
                Ok(BookLevel { px, sz, orders: fourth.or(third).and_then(|count| count.0) })
            }
        }
        deserializer.deserialize_seq(V)
    }
}

impl<'de> Deserialize<'de> for RpiLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = RpiLevel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level of price, two sizes and number of orders")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RpiLevel, A::Error> {
                let px = element(&mut seq, 0, &self)?;
                let sz = element(&mut seq, 1, &self)?;
                let non_rpi_sz = element(&mut seq, 2, &self)?;
                let orders: Option<Count> = seq.next_element()?;
                ignore_rest(seq)?;
                Ok(RpiLevel { px, sz, non_rpi_sz, orders: orders.and_then(|count| count.0) })
            }
        }
        deserializer.deserialize_seq(V)
    }
}

/// The next element, which must be there.
pub(super) fn element<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(
    seq: &mut A,
    index: usize,
    expected: &dyn de::Expected,
) -> Result<T, A::Error> {
    seq.next_element()?.ok_or_else(|| de::Error::invalid_length(index, expected))
}

/// Lets elements pass that OKX may append one day.
pub(super) fn ignore_rest<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}
