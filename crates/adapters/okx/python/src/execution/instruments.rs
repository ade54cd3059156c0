//! The instruments that can be traded: Nautilus' ids on one side, OKX's on the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use okx_common::{
    ids::InstId,
    instrument::{Instrument, InstrumentRow},
};
use okx_core::orders::request::SpreadSpec;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyMapping},
};
use rustc_hash::FxHashMap;

use super::json::wire_of;

/// A registered instrument.
pub struct Known {
    /// The `InstrumentId`.
    pub object: Py<PyAny>,
    /// OKX's id.
    pub inst_id: InstId,
    /// Digits of prices.
    pub price_precision: u8,
    /// Digits of sizes.
    pub size_precision: u8,
}

#[derive(Default)]
struct Inner {
    list: Vec<Arc<Known>>,
    by_inst: FxHashMap<InstId, Arc<Known>>,
}

/// See the module. The lock is never held while Python code may run.
pub struct Instruments {
    /// `InstrumentId` to the place in the list: its hash is the wheel's, which needs no text.
    places: Py<PyDict>,
    inner: Mutex<Inner>,
}

impl Instruments {
    /// None yet.
    pub fn new(py: Python<'_>) -> Self {
        Self { places: PyDict::new(py).unbind(), inner: Mutex::default() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an instrument or changes it.
    ///
    /// # Errors
    /// If the id cannot be hashed.
    pub fn register(&self, instrument_id: &Bound<'_, PyAny>, instrument: &Instrument) -> PyResult<()> {
        let known = Known {
            object: instrument_id.clone().unbind(),
            inst_id: instrument.inst_id.clone(),
            price_precision: instrument.price_precision(),
            size_precision: instrument.size_precision(),
        };
        self.put(instrument_id, known)
    }

    /// Adds a spread or changes it.
    ///
    /// # Errors
    /// If the id cannot be hashed.
    pub fn register_spread(&self, instrument_id: &Bound<'_, PyAny>, spread: &SpreadSpec) -> PyResult<()> {
        let known = Known {
            object: instrument_id.clone().unbind(),
            inst_id: InstId::new(&*spread.sprd_id),
            price_precision: spread.tick_sz.precision(),
            size_precision: spread.lot_sz.precision(),
        };
        self.put(instrument_id, known)
    }

    fn put(&self, instrument_id: &Bound<'_, PyAny>, known: Known) -> PyResult<()> {
        let known = Arc::new(known);
        let places = self.places.bind(instrument_id.py());
        let place: Option<usize> =
            places.get_item(instrument_id)?.map(|place| place.extract()).transpose()?;
        let mut inner = self.inner();
        let replaced = inner.by_inst.insert(known.inst_id.clone(), known.clone());
        let (place, gone) = match place {
            Some(place) => (place, Some(std::mem::replace(&mut inner.list[place], known))),
            None => {
                inner.list.push(known);
                (inner.list.len() - 1, None)
            }
        };
        drop(inner);
        // Dropped after the lock: that may run Python code.
        drop((replaced, gone));
        places.set_item(instrument_id, place)
    }

    /// The instrument of a Nautilus id.
    ///
    /// # Errors
    /// If the id cannot be hashed.
    pub fn of(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<Option<Arc<Known>>> {
        let Some(place) = self.places.bind(instrument_id.py()).get_item(instrument_id)? else {
            return Ok(None);
        };
        let place: usize = place.extract()?;
        Ok(self.inner().list.get(place).cloned())
    }

    /// The instrument of an id of OKX.
    pub fn of_okx(&self, inst_id: &str) -> Option<Arc<Known>> {
        self.inner().by_inst.get(inst_id).cloned()
    }
}

/// The row of `OkxHttpClient.instruments()` (or of OKX itself) as an instrument.
///
/// # Errors
/// `ValueError` if it lacks what trading needs.
pub fn instrument_of(row: &Bound<'_, PyMapping>) -> PyResult<Instrument> {
    let wire = wire_of(row)?;
    let row: InstrumentRow =
        serde_json::from_value(wire).map_err(|error| PyValueError::new_err(error.to_string()))?;
    match row {
        InstrumentRow::Ready(instrument) => Ok(*instrument),
        InstrumentRow::Incomplete(row) => {
            Err(PyValueError::new_err(format!("{row}: it cannot be traded yet, register it when it can")))
        }
    }
}
