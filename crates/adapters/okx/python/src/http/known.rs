//! The instruments that history can be asked for.

use std::sync::{Arc, Mutex, PoisonError};

use okx_common::{enums::InstType, ids::InstId};
use pyo3::{exceptions::PyValueError, prelude::*};
use rustc_hash::FxHashMap;

use super::refused;
use crate::handover::{InstrumentRef, wheel};

/// A registered instrument.
pub(super) struct Known {
    /// The wheel's id.
    pub(super) reference: InstrumentRef,
    /// OKX's id.
    pub(super) inst_id: InstId,
    /// OKX's kind.
    pub(super) inst_type: InstType,
    /// Digits of prices.
    pub(super) price_precision: u8,
    /// Digits of sizes.
    pub(super) size_precision: u8,
    /// The index it follows.
    pub(super) index_inst_id: Option<InstId>,
}

/// All of them by Nautilus' id.
#[derive(Default)]
pub(super) struct Instruments(Mutex<FxHashMap<String, Arc<Known>>>);

impl Instruments {
    /// Adds an instrument or changes it.
    ///
    /// # Errors
    /// If the wheel cannot hold the digits.
    pub(super) fn register(
        &self,
        instrument_id: &Bound<'_, PyAny>,
        inst_id: String,
        inst_type: &str,
        [price_precision, size_precision]: [u8; 2],
        index_inst_id: Option<String>,
    ) -> PyResult<()> {
        let wheel = wheel(instrument_id.py())?;
        for (name, precision) in [("price_precision", price_precision), ("size_precision", size_precision)] {
            if precision > wheel.fixed_precision {
                let most = wheel.fixed_precision;
                let text = format!("{name} is {precision}: Nautilus has {most} digits at most");
                return Err(PyValueError::new_err(text));
            }
        }
        let known = Known {
            reference: wheel.instrument(instrument_id)?,
            inst_id: inst_id.into(),
            inst_type: InstType::from(inst_type),
            price_precision,
            size_precision,
            index_inst_id: index_inst_id.map(Into::into),
        };
        let name = instrument_id.str()?.to_string();
        // What it replaces is dropped after the lock: that may run Python code.
        let replaced = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(known));
        drop(replaced);
        Ok(())
    }

    /// The instrument.
    ///
    /// # Errors
    /// If it was not registered.
    pub(super) fn get(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<Arc<Known>> {
        let name = instrument_id.str()?.to_string();
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        found.ok_or_else(|| refused(format!("{name} is not registered"), "call register_instrument first"))
    }
}
