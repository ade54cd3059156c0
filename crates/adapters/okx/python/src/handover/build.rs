//! One object from a mapping: for tests, tools, and whoever wants to see what the hand-over makes.

use pyo3::{
    exceptions::{PyKeyError, PyValueError},
    prelude::*,
    types::PyMapping,
};

use super::{
    courier::Courier,
    layout::{
        BookOrder, DEPTH, Delta, Depth10, PRICE_RAW_MAX, Price, PriceUpdate, QUANTITY_RAW_MAX, Quantity,
        Quote, Trade, TradeId,
    },
    wheel::{BarRow, Mode, Wheel},
};

/// Fields of a mapping, read with their checks.
struct Fields<'a, 'py> {
    map: &'a Bound<'py, PyMapping>,
    fixed_precision: u8,
}

impl<'py> Fields<'_, 'py> {
    fn raw(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.map.get_item(name).map_err(|_| PyKeyError::new_err(format!("the field {name:?} is missing")))
    }

    fn get<T>(&self, name: &str) -> PyResult<T>
    where
        T: for<'a> FromPyObject<'a, 'py, Error: Into<PyErr>>,
    {
        self.raw(name)?.extract::<T>().map_err(Into::into)
    }

    fn or_default<T>(&self, name: &str) -> PyResult<T>
    where
        T: for<'a> FromPyObject<'a, 'py, Error: Into<PyErr>> + Default,
    {
        if self.map.contains(name)? { self.get(name) } else { Ok(T::default()) }
    }

    /// Digits; more than the wheel's end the process there.
    fn precision(&self, name: &str) -> PyResult<u8> {
        let precision = self.get(name)?;
        if precision > self.fixed_precision {
            return Err(refused(name, &format!("over {}", self.fixed_precision)));
        }
        Ok(precision)
    }

    fn price(&self, name: &str, precision: u8) -> PyResult<Price> {
        let raw: i128 = self.get(name)?;
        if raw.abs() > PRICE_RAW_MAX {
            return Err(refused(name, "outside the prices of the wheel"));
        }
        Ok(Price { raw, precision })
    }

    fn quantity(&self, name: &str, precision: u8) -> PyResult<Quantity> {
        let raw: u128 = self.get(name)?;
        if raw > QUANTITY_RAW_MAX {
            return Err(refused(name, "outside the quantities of the wheel"));
        }
        Ok(Quantity { raw, precision })
    }

    fn times(&self) -> PyResult<(u64, u64)> {
        Ok((self.get("ts_event")?, self.get("ts_init")?))
    }
}

fn refused(name: &str, why: &str) -> PyErr {
    PyValueError::new_err(format!("{name} is {why}"))
}

/// Build one object of `kind` through the hand-over (for tests and tools).
#[pyfunction]
#[pyo3(signature = (kind, instrument_id, fields, mode = "auto"))]
pub(super) fn handover_build<'py>(
    py: Python<'py>,
    kind: &str,
    instrument_id: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyMapping>,
    mode: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let wheel = super::wheel(py)?;
    let mode = match mode {
        "auto" => wheel.mode,
        "capsule" if wheel.mode == Mode::Capsule => Mode::Capsule,
        "capsule" => {
            let reason = wheel.reason.clone().unwrap_or_default();
            return Err(super::check::failure(reason).into());
        }
        "from_raw" => Mode::FromRaw,
        other => return Err(refused("mode", &format!("{other:?}: use auto, capsule or from_raw"))),
    };
    let mut courier = Courier::with_mode(py, wheel, mode)?;
    let instrument = wheel.instrument(instrument_id)?;
    let key = instrument.key();
    let fields = Fields { map: fields, fixed_precision: wheel.fixed_precision };
    let (ts_event, ts_init) = fields.times()?;
    match kind {
        "deltas" => {
            let rows = deltas(&fields)?;
            courier.rows().extend(rows.iter().map(|row| Delta { instrument: key, ..*row }));
            courier.deltas(py, &instrument)
        }
        "depth10" => courier.depth10(py, &instrument, &Depth10 { instrument: key, ..depth10(&fields)? }),
        "quote" => {
            let (px, sz) = (fields.precision("price_precision")?, fields.precision("size_precision")?);
            let row = Quote {
                instrument: key,
                bid_price: fields.price("bid_price", px)?,
                ask_price: fields.price("ask_price", px)?,
                bid_size: fields.quantity("bid_size", sz)?,
                ask_size: fields.quantity("ask_size", sz)?,
                ts_event,
                ts_init,
            };
            courier.quote(py, &instrument, row)
        }
        "trade" => {
            let text: String = fields.get("trade_id")?;
            let trade_id = TradeId::new(&text)
                .ok_or_else(|| refused("trade_id", "not 1 to 36 visible ASCII characters"))?;
            let row = Trade {
                instrument: key,
                price: fields.price("price", fields.precision("price_precision")?)?,
                size: fields.quantity("size", fields.precision("size_precision")?)?,
                aggressor: choice(&fields, "aggressor_side", 0..=2)?,
                trade_id,
                ts_event,
                ts_init,
            };
            if row.size.raw == 0 {
                return Err(refused("size", "0"));
            }
            courier.trade(py, &instrument, row)
        }
        "mark" | "index" => {
            let value = fields.price("value", fields.precision("price_precision")?)?;
            let row = PriceUpdate { instrument: key, value, ts_event, ts_init };
            courier.price_update(py, &instrument, row, kind == "mark")
        }
        "bar" => bar(wheel, &fields, ts_event, ts_init),
        other => {
            let kinds = "deltas, depth10, quote, trade, bar, mark or index";
            Err(refused("kind", &format!("{other:?}: use {kinds}")))
        }
    }
}

fn choice(fields: &Fields<'_, '_>, name: &str, range: std::ops::RangeInclusive<i32>) -> PyResult<i32> {
    let value = fields.get(name)?;
    if range.contains(&value) { Ok(value) } else { Err(refused(name, "not a value of the enumeration")) }
}

fn deltas(fields: &Fields<'_, '_>) -> PyResult<Vec<Delta>> {
    let (px, sz) = (fields.precision("price_precision")?, fields.precision("size_precision")?);
    let (ts_event, ts_init) = fields.times()?;
    let mut rows = Vec::new();
    for row in fields.raw("deltas")?.try_iter()? {
        let row = row?;
        let row = Fields { map: row.cast::<PyMapping>()?, fixed_precision: fields.fixed_precision };
        let delta = Delta {
            action: choice(&row, "action", 1..=4)?,
            order: BookOrder {
                side: choice(&row, "side", 0..=2)?,
                price: row.price("price", px)?,
                size: row.quantity("size", sz)?,
                order_id: row.or_default("order_id")?,
            },
            flags: row.or_default("flags")?,
            sequence: row.or_default("sequence")?,
            ts_event,
            ts_init,
            ..Delta::default()
        };
        if matches!(delta.action, 1 | 2) && delta.order.size.raw == 0 {
            return Err(refused("size", "0 in a delta that adds or updates"));
        }
        rows.push(delta);
    }
    Ok(rows)
}

fn depth10(fields: &Fields<'_, '_>) -> PyResult<Depth10> {
    let (px, sz) = (fields.precision("price_precision")?, fields.precision("size_precision")?);
    let (ts_event, ts_init) = fields.times()?;
    let side = |name: &str, side: i32| -> PyResult<[BookOrder; DEPTH]> {
        let mut orders = [BookOrder {
            side: 0,
            price: Price { raw: 0, precision: px },
            size: Quantity { raw: 0, precision: sz },
            order_id: 0,
        }; DEPTH];
        let levels: Vec<(i128, u128)> = fields.get(name)?;
        if levels.len() > DEPTH {
            return Err(refused(name, "longer than 10 levels"));
        }
        for (order, (price, size)) in orders.iter_mut().zip(levels) {
            if price.abs() > PRICE_RAW_MAX || size > QUANTITY_RAW_MAX {
                return Err(refused(name, "outside the numbers of the wheel"));
            }
            order.side = side;
            order.price.raw = price;
            order.size.raw = size;
        }
        Ok(orders)
    };
    let counts = |name: &str| -> PyResult<[u32; DEPTH]> {
        let mut counts = [0; DEPTH];
        let given: Vec<u32> = fields.or_default(name)?;
        for (count, given) in counts.iter_mut().zip(given) {
            *count = given;
        }
        Ok(counts)
    };
    Ok(Depth10 {
        bids: side("bids", 1)?,
        asks: side("asks", 2)?,
        bid_counts: counts("bid_counts")?,
        ask_counts: counts("ask_counts")?,
        flags: fields.or_default("flags")?,
        sequence: fields.or_default("sequence")?,
        ts_event,
        ts_init,
        ..Depth10::default()
    })
}

fn bar<'py>(
    wheel: &Wheel,
    fields: &Fields<'_, 'py>,
    ts_event: u64,
    ts_init: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let price_precision = fields.precision("price_precision")?;
    let size_precision = fields.precision("size_precision")?;
    let price = |name| fields.price(name, price_precision).map(|p| p.raw);
    let row = BarRow {
        open: price("open")?,
        high: price("high")?,
        low: price("low")?,
        close: price("close")?,
        price_precision,
        volume: fields.quantity("volume", size_precision)?.raw,
        size_precision,
        ts_event,
        ts_init,
    };
    if row.low > row.open.min(row.close) || row.high < row.open.max(row.close) {
        return Err(refused("low or high", "on the wrong side of open or close"));
    }
    wheel.bar(&fields.raw("bar_type")?, &row)
}
