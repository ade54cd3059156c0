//! Candles.

use std::fmt;

use okx_common::decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, SeqAccess, Visitor},
};

use super::book::element;

/// A candle. The newest of an answer may still be forming.
///
/// Last prices: `["1757076000000","112691.9","112762","112628","112628","2.98698034","336525.112664131","336525.112664131","1"]`;
/// mark and index prices have no volume: `["1597026383085","3.721","3.743","3.677","3.708","1"]`; spreads have one:
/// `["1777132800000","-79","-79","-79","-79","0","1"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Candle {
    /// When the candle opened, Unix ms.
    pub open_ms: u64,
    /// First price.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Last price.
    pub close: Decimal,
    /// `vol`: contracts (derivatives) or base currency (spot).
    pub volume: Option<Decimal>,
    /// `volCcy`: base currency (derivatives) or quote currency (spot).
    pub volume_ccy: Option<Decimal>,
    /// `volCcyQuote`: quote currency.
    pub volume_quote: Option<Decimal>,
    /// `confirm`: the candle is closed.
    pub confirm: bool,
}

/// A number or nothing: an element that may be `""`.
struct Cell(Option<Decimal>);

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        okx_common::de::opt_decimal(deserializer).map(Self)
    }
}

/// A time in milliseconds.
struct Millis(u64);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        okx_common::de::ts_ms(deserializer).map(Self)
    }
}

/// The most elements a row of candles has today.
const MAX_CELLS: usize = 9;

impl<'de> Deserialize<'de> for Candle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Candle;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a candle of 6, 7 or 9 elements")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Candle, A::Error> {
                let Millis(open_ms) = element(&mut seq, 0, &self)?;
                let open = element(&mut seq, 1, &self)?;
                let high = element(&mut seq, 2, &self)?;
                let low = element(&mut seq, 3, &self)?;
                let close = element(&mut seq, 4, &self)?;
                // What follows are the volumes, none to three, and `confirm` last.
                let mut cells = [None; MAX_CELLS - 5];
                let mut count = 0;
                while let Some(Cell(cell)) = seq.next_element()? {
                    let Some(slot) = cells.get_mut(count) else {
                        return Err(de::Error::invalid_length(MAX_CELLS + 1, &self));
                    };
                    *slot = cell;
                    count += 1;
                }
                let confirm = match (count, count.checked_sub(1).and_then(|last| cells[last].take())) {
                    (1 | 2 | 4, Some(confirm)) => confirm,
                    _ => return Err(de::Error::invalid_length(5 + count, &self)),
                };
                let [volume, volume_ccy, volume_quote, _] = cells;
                let confirm = confirm == Decimal::from(1u64);
                Ok(Candle { open_ms, open, high, low, close, volume, volume_ccy, volume_quote, confirm })
            }
        }
        deserializer.deserialize_seq(V)
    }
}
