//! Reusable memory for the structs, and the calls that turn them into objects.

use pyo3::prelude::*;

use super::{
    layout::{
        CVec, Data, Delta, Depth10, InstrumentKey, Payload, PriceUpdate, Quote, TAG_DEPTH10, TAG_INDEX,
        TAG_MARK, TAG_QUOTE, TAG_TRADE, Trade,
    },
    parcel::Parcel,
    wheel::{Mode, Wheel},
};

/// Changes whose memory is kept for the next message: a snapshot of 400 levels a side and its clear fit.
const KEPT_DELTAS: usize = 1024;

/// An instrument id of the wheel: the object, and the bytes that stand for it in structs. The bytes are valid as long as the object
/// is alive (the wheel interns the texts for good).
#[derive(Debug)]
pub struct InstrumentRef {
    pub(super) object: Py<PyAny>,
    pub(super) key: InstrumentKey,
}

impl InstrumentRef {
    /// The bytes for structs.
    #[must_use]
    pub const fn key(&self) -> InstrumentKey {
        self.key
    }

    /// The `InstrumentId`.
    #[must_use]
    pub const fn object(&self) -> &Py<PyAny> {
        &self.object
    }

    /// The same id again.
    #[must_use]
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
        Self { object: self.object.clone_ref(py), key: self.key }
    }
}

/// A `CVec` and the rows it shows.
#[repr(C)]
struct Batch {
    shown: CVec,
    rows: Vec<Delta>,
}

/// What `capsule_to_data` reads, and the depth that it may point to.
#[repr(C)]
struct Letter {
    data: Data,
    depth10: Depth10,
}

// SAFETY: the pointers in both lead into the same value and are read only during calls made through the owning courier.
#[expect(unsafe_code)]
unsafe impl Send for Batch {}
// SAFETY: as above.
#[expect(unsafe_code)]
unsafe impl Send for Letter {}

/// Makes objects, one at a time, in memory of its own.
pub struct Courier<'w> {
    wheel: &'w Wheel,
    mode: Mode,
    batch: Parcel<Batch>,
    letter: Parcel<Letter>,
}

impl Courier<'static> {
    /// A courier in the mode of this process.
    ///
    /// # Errors
    /// If the installed wheel cannot be served.
    pub fn new(py: Python<'_>) -> PyResult<Self> {
        let wheel = super::wheel(py)?;
        Self::with_mode(py, wheel, wheel.mode)
    }
}

impl<'w> Courier<'w> {
    /// A courier in this mode.
    pub(super) fn with_mode(py: Python<'_>, wheel: &'w Wheel, mode: Mode) -> PyResult<Self> {
        let shown = CVec { ptr: std::ptr::null_mut(), len: 0, cap: 0 };
        let data = Data { tag: TAG_QUOTE, payload: Payload { size: [0; 15] } };
        let batch = Parcel::new(py, Batch { shown, rows: Vec::new() })?;
        let letter = Parcel::new(py, Letter { data, depth10: Depth10::default() })?;
        Ok(Self { wheel, mode, batch, letter })
    }

    /// How objects are made.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The wheel.
    #[must_use]
    pub const fn wheel(&self) -> &'w Wheel {
        self.wheel
    }

    /// Empties the rows for the next [`Self::deltas`] and hands them out to be filled.
    #[inline]
    pub fn rows(&mut self) -> &mut Vec<Delta> {
        let rows = &mut self.batch.get().rows;
        rows.clear();
        if rows.capacity() > KEPT_DELTAS {
            rows.shrink_to(KEPT_DELTAS);
        }
        rows
    }

    /// An `OrderBookDeltas` of the rows.
    ///
    /// # Errors
    /// `ValueError` if there is no row.
    #[inline]
    pub fn deltas<'py>(
        &mut self,
        py: Python<'py>,
        instrument: &InstrumentRef,
    ) -> PyResult<Bound<'py, PyAny>> {
        let object = instrument.object.bind(py);
        match self.mode {
            Mode::Capsule => {
                let batch = self.batch.get();
                let rows = &mut batch.rows;
                batch.shown = CVec { ptr: rows.as_mut_ptr().cast(), len: rows.len(), cap: rows.capacity() };
                let list = self.wheel.deltas_from_capsule.bind(py).call1((self.batch.capsule(py),))?;
                self.wheel.deltas_class.bind(py).call1((object, list))
            }
            Mode::FromRaw => self.wheel.deltas_by_fields(object, &self.batch.get().rows),
        }
    }

    /// A `QuoteTick`.
    ///
    /// # Errors
    /// If the wheel refuses.
    #[inline]
    pub fn quote<'py>(
        &mut self,
        py: Python<'py>,
        instrument: &InstrumentRef,
        row: Quote,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.mode {
            Mode::Capsule => self.post(py, TAG_QUOTE, Payload { quote: row }),
            Mode::FromRaw => self.wheel.quote_by_fields(instrument.object.bind(py), &row),
        }
    }

    /// A `TradeTick`.
    ///
    /// # Errors
    /// If the wheel refuses.
    #[inline]
    pub fn trade<'py>(
        &mut self,
        py: Python<'py>,
        instrument: &InstrumentRef,
        row: Trade,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.mode {
            Mode::Capsule => self.post(py, TAG_TRADE, Payload { trade: row }),
            Mode::FromRaw => self.wheel.trade_by_fields(instrument.object.bind(py), &row),
        }
    }

    /// A `MarkPriceUpdate`, or an `IndexPriceUpdate`.
    ///
    /// # Errors
    /// If the wheel refuses.
    #[inline]
    pub fn price_update<'py>(
        &mut self,
        py: Python<'py>,
        instrument: &InstrumentRef,
        row: PriceUpdate,
        is_mark: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tag = if is_mark { TAG_MARK } else { TAG_INDEX };
        match self.mode {
            Mode::Capsule => self.post(py, tag, Payload { price: row }),
            Mode::FromRaw => self.wheel.price_update_by_fields(instrument.object.bind(py), &row, is_mark),
        }
    }

    /// An `OrderBookDepth10`.
    ///
    /// # Errors
    /// If the wheel refuses.
    #[inline]
    pub fn depth10<'py>(
        &mut self,
        py: Python<'py>,
        instrument: &InstrumentRef,
        row: &Depth10,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.mode {
            Mode::Capsule => {
                let letter = self.letter.get();
                letter.depth10 = *row;
                let depth10 = &raw const letter.depth10;
                self.post(py, TAG_DEPTH10, Payload { depth10 })
            }
            Mode::FromRaw => self.wheel.depth10_by_fields(instrument.object.bind(py), row),
        }
    }

    #[inline]
    fn post<'py>(&mut self, py: Python<'py>, tag: i32, payload: Payload) -> PyResult<Bound<'py, PyAny>> {
        self.letter.get().data = Data { tag, payload };
        self.wheel.data_from_capsule.bind(py).call1((self.letter.capsule(py),))
    }
}
