//! The self-test: the layout as the wheel writes it, and every struct as the wheel reads it.

use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

use super::{
    courier::{Courier, InstrumentRef},
    layout::{
        BookOrder, DEPTH, Delta, Depth10, InstrumentKey, PRICE_RAW_MAX, Price, PriceUpdate, QUANTITY_RAW_MAX,
        Quantity, Quote, Trade, TradeId,
    },
    parcel::peek,
    wheel::{Mode, Wheel},
};
use crate::errors::{Class, Failure};

/// An id that no other code uses, with the longest kind of symbol.
const PROBE: &str = "BTC-USD-991231-100000-C.OKX";

/// Deltas made to look at the layout: as many as keep a copy of two inside the wheel's memory, were its struct only half as large.
const PROBES: usize = 4;

/// Units of raws that are not multiples of anything.
const UNIT: u64 = 1_234_567_890_123_456_789;

/// A failed check.
pub(super) fn failure(text: String) -> Failure {
    Failure::new(Class::Other, "config", text).advice(format!(
        "market data works, only slower; install nautilus_trader {} for the fast way",
        super::SUPPORTED_NAUTILUS_VERSIONS.join(" or ")
    ))
}

/// Looks at deltas the wheel made, before it is given any of ours: a wrong layout would not only differ, it could crash.
pub(super) fn layout(py: Python<'_>, wheel: &Wheel) -> PyResult<()> {
    let id = probe_id(py)?;
    let rows: Vec<Delta> = (0..PROBES as u64).map(|i| delta(InstrumentKey::default(), i)).collect();
    let made = wheel.deltas_by_fields(&id, &rows)?.getattr("deltas")?;
    let capsule = wheel.deltas_to_capsule.bind(py).call1((made,))?;
    let mut seen = [Delta::default(); 2];
    let len = peek(&capsule, &mut seen, PROBES)?;
    if len != PROBES {
        return Err(
            failure(format!("a list of {PROBES} deltas has length {len} in the wheel's memory")).into()
        );
    }
    let key = seen[0].instrument;
    for (i, (seen, want)) in seen.iter().zip(&rows).enumerate() {
        let want = Delta { instrument: key, ..*want };
        if *seen != want {
            return Err(failure(format!(
                "OrderBookDelta {i} is {seen:?} in the wheel's memory, not {want:?}"
            ))
            .into());
        }
    }
    if key.0.contains(&0) {
        return Err(failure("an instrument id has no text in the wheel's memory".to_owned()).into());
    }
    Ok(())
}

/// The bytes of an instrument id, out of a delta of the wheel. Only after [`layout`].
pub(super) fn borrow_key(wheel: &Wheel, template: &Bound<'_, PyAny>) -> PyResult<InstrumentKey> {
    let py = template.py();
    let capsule = wheel.deltas_to_capsule.bind(py).call1((PyList::new(py, [template])?,))?;
    let mut seen = [Delta::default()];
    match peek(&capsule, &mut seen, 1)? {
        1 => Ok(seen[0].instrument),
        len => Err(failure(format!("one delta has length {len} in the wheel's memory")).into()),
    }
}

/// Sends every struct through the wheel and compares what comes out with what its constructors make.
pub(super) fn round_trip(py: Python<'_>, wheel: &Wheel) -> PyResult<()> {
    let id = probe_id(py)?;
    let instrument = wheel.instrument_in(Mode::Capsule, &id)?;
    let mut fast = Courier::with_mode(py, wheel, Mode::Capsule)?;
    let mut slow = Courier::with_mode(py, wheel, Mode::FromRaw)?;
    type Make = fn(&mut Courier<'_>, Python<'_>, &InstrumentRef) -> PyResult<Py<PyAny>>;
    let kinds: [(&str, Make); 7] = [
        ("OrderBookDeltas", |c, py, i| {
            c.rows().extend((0..PROBES as u64).map(|n| delta(i.key(), n)));
            c.deltas(py, i).map(Bound::unbind)
        }),
        ("OrderBookDepth10", |c, py, i| c.depth10(py, i, &depth10(i.key())).map(Bound::unbind)),
        ("QuoteTick", |c, py, i| c.quote(py, i, quote(i.key())).map(Bound::unbind)),
        ("TradeTick", |c, py, i| c.trade(py, i, trade(i.key(), "9")).map(Bound::unbind)),
        ("TradeTick", |c, py, i| {
            c.trade(py, i, trade(i.key(), "123456789012345678901234567890123456")).map(Bound::unbind)
        }),
        ("MarkPriceUpdate", |c, py, i| c.price_update(py, i, update(i.key()), true).map(Bound::unbind)),
        ("IndexPriceUpdate", |c, py, i| c.price_update(py, i, update(i.key()), false).map(Bound::unbind)),
    ];
    for (class, make) in kinds {
        let got = make(&mut fast, py, &instrument)?;
        let want = make(&mut slow, py, &instrument)?;
        compare(class, got.bind(py), want.bind(py))?;
    }
    Ok(())
}

/// Compares by `to_dict`: `==` of some of these classes looks at a part only, or ends the process.
fn compare(class: &str, got: &Bound<'_, PyAny>, want: &Bound<'_, PyAny>) -> PyResult<()> {
    let name = want.get_type().name()?.to_string();
    if name != class || !got.get_type().is(want.get_type()) {
        return Err(failure(format!("{class} came out as {}", got.get_type().name()?)).into());
    }
    let dict = |object: &Bound<'_, PyAny>| -> PyResult<Py<PyDict>> {
        Ok(object.getattr("to_dict")?.call1((object,))?.cast_into::<PyDict>()?.unbind())
    };
    let py = got.py();
    let (got, want) = (dict(got)?, dict(want)?);
    let got = got.bind(py);
    for (key, want) in want.bind(py).iter() {
        let field = got.get_item(&key)?;
        let is_same = match &field {
            Some(field) => field.eq(&want)?,
            None => false,
        };
        if !is_same {
            let field = field.map_or_else(|| Ok("absent".to_owned()), |f| f.repr().map(|r| r.to_string()))?;
            return Err(failure(format!("{class}.{key} is {field}, not {}", want.repr()?)).into());
        }
    }
    Ok(())
}

fn probe_id(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import("nautilus_trader.model.identifiers")?
        .getattr("InstrumentId")?
        .call_method1("from_str", (PROBE,))
}

fn price(n: u64) -> Price {
    // The wheel compares raws, so those need not be multiples of the precision; the last one is the largest there is.
    let raw = i128::from(UNIT * (n + 1));
    Price { raw: if n == 3 { PRICE_RAW_MAX } else { raw - raw % 10 }, precision: 15 }
}

fn quantity(n: u64) -> Quantity {
    let raw = u128::from(UNIT * (n + 2));
    Quantity { raw: if n == 3 { QUANTITY_RAW_MAX } else { raw - raw % 100 }, precision: 14 }
}

fn order(side: i32, n: u64) -> BookOrder {
    BookOrder { side, price: price(n), size: quantity(n), order_id: u64::MAX - n }
}

fn delta(instrument: InstrumentKey, n: u64) -> Delta {
    Delta {
        instrument,
        action: 1 + (n % 3) as i32,
        order: order(1 + (n % 2) as i32, n),
        flags: 160 - n as u8,
        sequence: u64::MAX - 10 - n,
        ts_event: UNIT + n,
        ts_init: UNIT + 100 + n,
    }
}

fn depth10(instrument: InstrumentKey) -> Depth10 {
    let side =
        |side| std::array::from_fn::<_, DEPTH, _>(|n| BookOrder { order_id: 0, ..order(side, n as u64) });
    Depth10 {
        instrument,
        bids: side(1),
        asks: side(2),
        bid_counts: std::array::from_fn(|n| 7 + n as u32),
        ask_counts: std::array::from_fn(|n| u32::MAX - n as u32),
        flags: 32,
        sequence: UNIT + 5,
        ts_event: UNIT + 6,
        ts_init: UNIT + 7,
    }
}

fn quote(instrument: InstrumentKey) -> Quote {
    Quote {
        instrument,
        bid_price: price(0),
        ask_price: price(1),
        bid_size: quantity(2),
        ask_size: quantity(3),
        ts_event: UNIT + 1,
        ts_init: UNIT + 2,
    }
}

fn trade(instrument: InstrumentKey, id: &str) -> Trade {
    Trade {
        instrument,
        price: price(1),
        size: quantity(0),
        aggressor: 2,
        trade_id: TradeId::new(id).unwrap_or_default(),
        ts_event: UNIT + 3,
        ts_init: UNIT + 4,
    }
}

fn update(instrument: InstrumentKey) -> PriceUpdate {
    PriceUpdate { instrument, value: price(2), ts_event: UNIT + 8, ts_init: UNIT + 9 }
}
