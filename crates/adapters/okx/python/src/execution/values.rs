//! Nautilus' numbers and enumerations, and ours. Numbers pass as raw integers, never as floats.

use okx_common::{decimal::Decimal, enums::Side};
use okx_core::orders::kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType};
use pyo3::{intern, prelude::*};

use crate::{
    errors::{Class, Failure},
    handover::wheel,
    stream::spec::{Numbers, Unfit},
};

/// `OrderSide.BUY` and `OrderSide.SELL`.
const SIDES: [(&str, u8); 2] = [("BUY", 1), ("SELL", 2)];
/// Members of the enumerations that count from 0, and of those that count from 1.
const FROM_ZERO: usize = 0;
const FROM_ONE: usize = 1;

/// How the installed wheel writes values.
pub struct Values {
    fixed_precision: u8,
    numbers: Numbers,
    price: Py<PyAny>,
    quantity: Py<PyAny>,
}

impl Values {
    /// Of the installed wheel.
    ///
    /// # Errors
    /// If its enumerations are not those that were tested.
    pub fn new(py: Python<'_>) -> PyResult<Self> {
        let enums = py.import("nautilus_trader.model.enums")?;
        let check = |name: &str, words: Vec<&str>, first: usize| -> PyResult<()> {
            let class = enums.getattr(name)?;
            for (at, word) in words.into_iter().enumerate() {
                let found: usize = class.getattr(word)?.getattr(intern!(py, "value"))?.extract()?;
                if found != at + first {
                    return Err(unusable(&format!("{name}.{word} is {found}")));
                }
            }
            Ok(())
        };
        check("OrderType", OrderType::ALL.iter().map(|v| v.as_str()).collect(), FROM_ONE)?;
        check("TimeInForce", TimeInForce::ALL.iter().map(|v| v.as_str()).collect(), FROM_ONE)?;
        check("TriggerType", TriggerType::ALL.iter().map(|v| v.as_str()).collect(), FROM_ZERO)?;
        check("TrailingOffsetType", TrailingOffsetType::ALL.iter().map(|v| v.as_str()).collect(), FROM_ZERO)?;
        check("OrderSide", SIDES.iter().map(|(word, _)| *word).collect(), FROM_ONE)?;
        let objects = py.import("nautilus_trader.model.objects")?;
        let fixed_precision = wheel(py)?.fixed_precision;
        Ok(Self {
            fixed_precision,
            numbers: Numbers::new(fixed_precision),
            price: objects.getattr("Price")?.getattr("from_raw")?.unbind(),
            quantity: objects.getattr("Quantity")?.getattr("from_raw")?.unbind(),
        })
    }

    /// A `Price` of at least so many digits.
    ///
    /// # Errors
    /// If the wheel cannot hold it.
    pub fn price<'py>(&self, py: Python<'py>, px: Decimal, precision: u8) -> PyResult<Bound<'py, PyAny>> {
        let price = self.numbers.price(px, precision).map_err(unfit)?;
        self.price.bind(py).call1((price.raw, price.precision))
    }

    /// A `Quantity` of at least so many digits.
    ///
    /// # Errors
    /// If the wheel cannot hold it.
    pub fn quantity<'py>(&self, py: Python<'py>, sz: Decimal, precision: u8) -> PyResult<Bound<'py, PyAny>> {
        let quantity = self.numbers.quantity(sz, precision).map_err(unfit)?;
        // Below 2^64 the interpreter takes it in one step.
        match u64::try_from(quantity.raw) {
            Ok(raw) => self.quantity.bind(py).call1((raw, quantity.precision)),
            Err(_) => self.quantity.bind(py).call1((quantity.raw, quantity.precision)),
        }
    }

    /// The value of a `Price` or `Quantity`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn number(&self, object: &Bound<'_, PyAny>) -> PyResult<Decimal> {
        let py = object.py();
        let raw = object.getattr(intern!(py, "raw"))?;
        let raw: i128 = match raw.extract::<i64>() {
            Ok(raw) => raw.into(),
            Err(_) => raw.extract()?,
        };
        let precision: u8 = object.getattr(intern!(py, "precision"))?.extract()?;
        let number = Decimal::from_raw(raw, self.fixed_precision, precision);
        // Digits beyond the precision: the wheel does not make such, but the value counts.
        let number = number.or_else(|_| Decimal::new(raw, self.fixed_precision).map(Decimal::normalized));
        number.map_err(crate::arguments::refused)
    }

    /// The same of something that may be None.
    ///
    /// # Errors
    /// As [`Self::number`].
    pub fn some_number(&self, object: &Bound<'_, PyAny>) -> PyResult<Option<Decimal>> {
        if object.is_none() { Ok(None) } else { self.number(object).map(Some) }
    }
}

fn unusable(what: &str) -> PyErr {
    let text = format!("the installed nautilus_trader cannot be served: {what}");
    Failure::new(Class::Other, "config", text).advice("install a version that is supported").into()
}

fn unfit(error: Unfit) -> PyErr {
    crate::arguments::refused(error)
}

/// Member of an enumeration by its number.
fn member<T: Copy>(all: &'static [T], first: usize, object: &Bound<'_, PyAny>) -> PyResult<T> {
    let number: usize = object.extract()?;
    let found = number.checked_sub(first).and_then(|at| all.get(at)).copied();
    found.ok_or_else(|| crate::arguments::refused(format!("{number} is no member of the enumeration")))
}

/// `OrderType`.
///
/// # Errors
/// If it is none.
pub fn order_type(object: &Bound<'_, PyAny>) -> PyResult<OrderType> {
    member(OrderType::ALL, FROM_ONE, object)
}

/// `TimeInForce`.
///
/// # Errors
/// If it is none.
pub fn time_in_force(object: &Bound<'_, PyAny>) -> PyResult<TimeInForce> {
    member(TimeInForce::ALL, FROM_ONE, object)
}

/// `TriggerType`.
///
/// # Errors
/// If it is none.
pub fn trigger_type(object: &Bound<'_, PyAny>) -> PyResult<TriggerType> {
    member(TriggerType::ALL, FROM_ZERO, object)
}

/// `TrailingOffsetType`.
///
/// # Errors
/// If it is none.
pub fn trailing_offset_type(object: &Bound<'_, PyAny>) -> PyResult<TrailingOffsetType> {
    member(TrailingOffsetType::ALL, FROM_ZERO, object)
}

/// `OrderSide`.
///
/// # Errors
/// If it is neither.
pub fn side(object: &Bound<'_, PyAny>) -> PyResult<Side> {
    member(&[Side::Buy, Side::Sell], FROM_ONE, object)
}

/// The number of an `OrderSide`.
pub const fn side_number(side: Side) -> u8 {
    match side {
        Side::Buy => SIDES[0].1,
        Side::Sell => SIDES[1].1,
    }
}
