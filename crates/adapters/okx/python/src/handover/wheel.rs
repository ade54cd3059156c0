//! What is needed of the installed wheel, looked up once.

use pyo3::{intern, prelude::*, sync::PyOnceLock, types::PyList};

use super::{
    SUPPORTED_NAUTILUS_VERSIONS, check,
    courier::InstrumentRef,
    layout::{BookOrder, DEPTH, Delta, Depth10, FIXED_PRECISION, PriceUpdate, Quote, Trade},
};
use crate::errors::{Class, Failure};

/// How objects are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// From the memory of structs.
    Capsule,
    /// By the `from_raw` constructors, field by field.
    FromRaw,
}

impl Mode {
    /// As Python sees it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Capsule => "capsule",
            Self::FromRaw => "from_raw",
        }
    }
}

/// Classes and functions of the installed wheel.
pub struct Wheel {
    pub(super) version: String,
    /// Raws are `value * 10^fixed_precision`.
    pub fixed_precision: u8,
    pub(super) raw_bytes: u8,
    /// How objects are made by default.
    pub mode: Mode,
    pub(super) reason: Option<String>,
    pub(super) deltas_class: Py<PyAny>,
    pub(super) deltas_from_capsule: Py<PyAny>,
    pub(super) deltas_to_capsule: Py<PyAny>,
    pub(super) data_from_capsule: Py<PyAny>,
    pub(super) delta_from_raw: Py<PyAny>,
    order_from_raw: Py<PyAny>,
    depth10_class: Py<PyAny>,
    quote_from_raw: Py<PyAny>,
    trade_from_raw: Py<PyAny>,
    bar_from_raw: Py<PyAny>,
    trade_id_class: Py<PyAny>,
    price_from_raw: Py<PyAny>,
    mark_class: Py<PyAny>,
    index_class: Py<PyAny>,
}

/// A bar by its raws. Bars are made by `Bar.from_raw` in either mode: the wheel gives away the bytes of an instrument id, but not
/// those of a bar type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BarRow {
    /// First price.
    pub open: i128,
    /// Highest price.
    pub high: i128,
    /// Lowest price.
    pub low: i128,
    /// Last price.
    pub close: i128,
    /// Digits of the prices.
    pub price_precision: u8,
    /// Volume.
    pub volume: u128,
    /// Digits of the volume.
    pub size_precision: u8,
    /// Open or close time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// The installed wheel, checked at first use.
///
/// # Errors
/// `OkxError` if it lacks what both ways need.
pub fn wheel(py: Python<'_>) -> PyResult<&'static Wheel> {
    static WHEEL: PyOnceLock<Wheel> = PyOnceLock::new();
    WHEEL.get_or_try_init(py, || Wheel::find(py).map_err(|error| unusable(py, &error)))?;
    WHEEL.get(py).ok_or_else(|| Failure::new(Class::Other, "internal", "the wheel vanished").into())
}

fn unusable(py: Python<'_>, error: &PyErr) -> PyErr {
    Failure::new(
        Class::Other,
        "config",
        format!("the installed nautilus_trader cannot be served: {}", error.value(py)),
    )
    .advice(format!("install nautilus_trader {}", SUPPORTED_NAUTILUS_VERSIONS.join(" or ")))
    .into()
}

impl Wheel {
    fn find(py: Python<'_>) -> PyResult<Self> {
        let data = py.import("nautilus_trader.model.data")?;
        let objects = py.import("nautilus_trader.model.objects")?;
        let native = py.import("nautilus_trader.core.nautilus_pyo3")?;
        let of = |class: &str, name: &str| Ok::<_, PyErr>(data.getattr(class)?.getattr(name)?.unbind());
        let class = |name: &str| Ok::<_, PyErr>(data.getattr(name)?.unbind());
        let trade_id = py.import("nautilus_trader.model.identifiers")?.getattr("TradeId")?;
        let version: String =
            py.import("importlib.metadata")?.getattr("version")?.call1(("nautilus_trader",))?.extract()?;
        let mut wheel = Self {
            version,
            fixed_precision: native.getattr("FIXED_PRECISION")?.extract()?,
            raw_bytes: if native.getattr("HIGH_PRECISION")?.is_truthy()? { 16 } else { 8 },
            mode: Mode::FromRaw,
            reason: None,
            deltas_class: class("OrderBookDeltas")?,
            deltas_from_capsule: of("OrderBookDelta", "list_from_capsule")?,
            deltas_to_capsule: of("OrderBookDelta", "capsule_from_list")?,
            data_from_capsule: class("capsule_to_data")?,
            delta_from_raw: of("OrderBookDelta", "from_raw")?,
            order_from_raw: of("BookOrder", "from_raw")?,
            depth10_class: class("OrderBookDepth10")?,
            quote_from_raw: of("QuoteTick", "from_raw")?,
            trade_from_raw: of("TradeTick", "from_raw")?,
            bar_from_raw: of("Bar", "from_raw")?,
            trade_id_class: trade_id.unbind(),
            price_from_raw: objects.getattr("Price")?.getattr("from_raw")?.unbind(),
            mark_class: class("MarkPriceUpdate")?,
            index_class: class("IndexPriceUpdate")?,
        };
        match wheel.check(py) {
            Ok(()) => wheel.mode = Mode::Capsule,
            Err(error) => wheel.reason = Some(error.value(py).to_string()),
        }
        Ok(wheel)
    }

    /// Whether the capsule route can be used: the version is known, the layouts are as expected, all structs survive.
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        if !SUPPORTED_NAUTILUS_VERSIONS.contains(&self.version.as_str()) {
            let text = format!("the layouts of nautilus_trader {} were not tested", self.version);
            return Err(check::failure(text).into());
        }
        if (self.fixed_precision, self.raw_bytes) != (FIXED_PRECISION, 16) {
            let text = format!(
                "the wheel has {} digits in {} bytes, the tested layouts {FIXED_PRECISION} in 16",
                self.fixed_precision, self.raw_bytes
            );
            return Err(check::failure(text).into());
        }
        check::layout(py, self)?;
        check::round_trip(py, self)
    }

    // -- objects by `from_raw` --------------------------------------------------------------------

    pub(super) fn deltas_by_fields<'py>(
        &self,
        instrument: &Bound<'py, PyAny>,
        rows: &[Delta],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = instrument.py();
        let make = self.delta_from_raw.bind(py);
        let list = PyList::empty(py);
        for row in rows {
            list.append(make.call1((
                instrument,
                row.action,
                row.order.side,
                row.order.price.raw,
                row.order.price.precision,
                row.order.size.raw,
                row.order.size.precision,
                row.order.order_id,
                row.flags,
                row.sequence,
                row.ts_event,
                row.ts_init,
            ))?)?;
        }
        self.deltas_class.bind(py).call1((instrument, list))
    }

    pub(super) fn depth10_by_fields<'py>(
        &self,
        instrument: &Bound<'py, PyAny>,
        row: &Depth10,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = instrument.py();
        let make = self.order_from_raw.bind(py);
        let order = |order: &BookOrder| {
            make.call1((
                order.side,
                order.price.raw,
                order.price.precision,
                order.size.raw,
                order.size.precision,
                order.order_id,
            ))
        };
        let side = |orders: &[BookOrder; DEPTH]| {
            PyList::new(py, orders.iter().map(order).collect::<PyResult<Vec<_>>>()?)
        };
        self.depth10_class.bind(py).call1((
            instrument,
            side(&row.bids)?,
            side(&row.asks)?,
            PyList::new(py, row.bid_counts)?,
            PyList::new(py, row.ask_counts)?,
            row.flags,
            row.sequence,
            row.ts_event,
            row.ts_init,
        ))
    }

    pub(super) fn quote_by_fields<'py>(
        &self,
        instrument: &Bound<'py, PyAny>,
        row: &Quote,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.quote_from_raw.bind(instrument.py()).call1((
            instrument,
            row.bid_price.raw,
            row.ask_price.raw,
            row.bid_price.precision,
            row.ask_price.precision,
            row.bid_size.raw,
            row.ask_size.raw,
            row.bid_size.precision,
            row.ask_size.precision,
            row.ts_event,
            row.ts_init,
        ))
    }

    pub(super) fn trade_by_fields<'py>(
        &self,
        instrument: &Bound<'py, PyAny>,
        row: &Trade,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = instrument.py();
        let trade_id = self.trade_id_class.bind(py).call1((row.trade_id.as_str(),))?;
        self.trade_from_raw.bind(py).call1((
            instrument,
            row.price.raw,
            row.price.precision,
            row.size.raw,
            row.size.precision,
            row.aggressor,
            trade_id,
            row.ts_event,
            row.ts_init,
        ))
    }

    pub(super) fn price_update_by_fields<'py>(
        &self,
        instrument: &Bound<'py, PyAny>,
        row: &PriceUpdate,
        is_mark: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = instrument.py();
        let value = self.price_from_raw.bind(py).call1((row.value.raw, row.value.precision))?;
        let class = if is_mark { &self.mark_class } else { &self.index_class };
        class.bind(py).call1((instrument, value, row.ts_event, row.ts_init))
    }

    /// A `Bar`.
    ///
    /// # Errors
    /// If the constructor refuses.
    pub fn bar<'py>(&self, bar_type: &Bound<'py, PyAny>, row: &BarRow) -> PyResult<Bound<'py, PyAny>> {
        self.bar_from_raw.bind(bar_type.py()).call1((
            bar_type,
            row.open,
            row.high,
            row.low,
            row.close,
            row.price_precision,
            row.volume,
            row.size_precision,
            row.ts_event,
            row.ts_init,
        ))
    }

    /// An instrument id of the wheel, for the structs.
    ///
    /// # Errors
    /// If it is no `InstrumentId`.
    pub fn instrument(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<InstrumentRef> {
        self.instrument_in(self.mode, instrument_id)
    }

    pub(super) fn instrument_in(
        &self,
        mode: Mode,
        instrument_id: &Bound<'_, PyAny>,
    ) -> PyResult<InstrumentRef> {
        let py = instrument_id.py();
        let zeros = (instrument_id, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        // Also refuses what is no instrument id.
        let template = self.delta_from_raw.bind(py).call1(zeros)?;
        let key = match mode {
            Mode::Capsule => check::borrow_key(self, &template)?,
            Mode::FromRaw => super::layout::InstrumentKey::default(),
        };
        Ok(InstrumentRef { object: template.getattr(intern!(py, "instrument_id"))?.unbind(), key })
    }
}
