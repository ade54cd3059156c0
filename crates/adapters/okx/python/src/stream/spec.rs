//! What the converters must know of an instrument, and OKX's numbers as the wheel's raws.

use okx_common::{
    clock::NANOS_PER_MILLI,
    decimal::{Decimal, Rounding},
    enums::InstType,
    ids::{InstFamily, InstId},
};

use crate::handover::{self, InstrumentKey, Price, Quantity};

/// The largest price and quantity of wheels with 64-bit raws.
const SMALL_MAX: i128 = 9_223_372_036;

/// Place of an instrument in the tables of a stream.
pub type Slot = u32;

/// A registered instrument.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its place.
    pub slot: Slot,
    /// Its id, as structs hold it.
    pub key: InstrumentKey,
    /// OKX's id.
    pub inst_id: InstId,
    /// OKX's kind.
    pub inst_type: InstType,
    /// Digits of prices.
    pub price_precision: u8,
    /// Digits of sizes.
    pub size_precision: u8,
    /// The index it follows.
    pub index_inst_id: Option<InstId>,
    /// Its family.
    pub family: Option<InstFamily>,
}

/// A value that the wheel cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} {1} is outside what Nautilus can hold")]
pub struct Unfit(pub &'static str, pub Decimal);

/// A time that no clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time {0} is no Unix time in milliseconds")]
pub struct StrangeTime(pub u64);

/// The number format of the installed wheel.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    fixed_precision: u8,
    price_max: i128,
    quantity_max: u128,
}

impl Numbers {
    /// Of a wheel with raws of `value * 10^fixed_precision`.
    #[must_use]
    pub fn new(fixed_precision: u8) -> Self {
        if fixed_precision == handover::FIXED_PRECISION {
            let (price_max, quantity_max) = (handover::PRICE_RAW_MAX, handover::QUANTITY_RAW_MAX);
            return Self { fixed_precision, price_max, quantity_max };
        }
        let max = SMALL_MAX * 10_i128.pow(u32::from(fixed_precision.min(18)));
        Self { fixed_precision, price_max: max, quantity_max: max.unsigned_abs() }
    }

    /// A price. It shows the instrument's digits, or its own if it has more of them: a tick size can change before the instrument is
    /// registered anew, and no digit may be lost meanwhile.
    ///
    /// # Errors
    /// If it has more digits than the wheel, or is too large.
    #[inline]
    pub fn price(&self, px: Decimal, precision: u8) -> Result<Price, Unfit> {
        let raw = px.to_raw(self.fixed_precision).map_err(|_| Unfit("price", px))?;
        if raw > self.price_max || raw < -self.price_max {
            return Err(Unfit("price", px));
        }
        Ok(Price { raw, precision: shown(px, precision) })
    }

    /// A size; as [`Self::price`].
    ///
    /// # Errors
    /// Also if it is negative.
    #[inline]
    pub fn quantity(&self, sz: Decimal, precision: u8) -> Result<Quantity, Unfit> {
        let raw = sz.to_raw(self.fixed_precision).ok().and_then(|raw| u128::try_from(raw).ok());
        match raw {
            Some(raw) if raw <= self.quantity_max => Ok(Quantity { raw, precision: shown(sz, precision) }),
            _ => Err(Unfit("size", sz)),
        }
    }

    /// A mark or index price with all its digits, as far as the wheel has room for them; the rest is rounded.
    ///
    /// # Errors
    /// If it is too large.
    #[inline]
    pub fn reference_price(&self, px: Decimal, precision: u8) -> Result<Price, Unfit> {
        let raw =
            px.to_raw_rounded(self.fixed_precision, Rounding::HalfEven).map_err(|_| Unfit("price", px))?;
        if raw > self.price_max || raw < -self.price_max {
            return Err(Unfit("price", px));
        }
        Ok(Price { raw, precision: px.scale().max(precision).min(self.fixed_precision) })
    }
}

#[inline]
fn shown(value: Decimal, precision: u8) -> u8 {
    if value.scale() <= precision { precision } else { precision.max(value.precision()) }
}

/// Unix nanoseconds of OKX's milliseconds. Nautilus takes 63 bits.
///
/// # Errors
/// If they do not fit.
#[inline]
pub fn nanos(ts_ms: u64) -> Result<u64, StrangeTime> {
    match ts_ms.checked_mul(NANOS_PER_MILLI) {
        Some(ns) if ns <= i64::MAX.unsigned_abs() => Ok(ns),
        _ => Err(StrangeTime(ts_ms)),
    }
}
