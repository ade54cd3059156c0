//! Rows of instruments: every name of `InstrumentRow`, described or not.

use okx_common::instrument::InstrumentRow;
use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

use crate::rows::to_python;

/// What rows that are not described yet have as None.
const NAMES: &[&str] = &[
    "uly",
    "inst_family",
    "series_id",
    "group_id",
    "base_ccy",
    "quote_ccy",
    "settle_ccy",
    "ct_val",
    "ct_mult",
    "ct_val_ccy",
    "ct_type",
    "opt_type",
    "stk",
    "list_time_ms",
    "exp_time_ms",
    "lever",
    "tick_sz",
    "lot_sz",
    "min_sz",
    "rule_type",
    "max_lmt_sz",
    "max_mkt_sz",
    "max_lmt_amt",
    "max_mkt_amt",
    "inst_id_code",
    "inst_category",
];

/// The dict of a row. `missing` names the fields that a row lacks or has malformed; it is empty if the instrument can be traded.
pub(super) fn instrument_row<'py>(py: Python<'py>, row: &InstrumentRow) -> PyResult<Bound<'py, PyDict>> {
    let dict = to_python(py, row)?.cast_into::<PyDict>()?;
    match row {
        InstrumentRow::Ready(_) => dict.set_item("missing", PyList::empty(py))?,
        InstrumentRow::Incomplete(incomplete) => {
            let faults = incomplete.invalid.iter().map(|(name, _)| *name);
            dict.set_item("missing", incomplete.missing.iter().copied().chain(faults).collect::<Vec<_>>())?;
            for name in ["inst_type", "state"] {
                if dict.get_item(name)?.is_none_or(|value| value.is_none()) {
                    dict.set_item(name, "")?;
                }
            }
            for name in NAMES {
                if !dict.contains(name)? {
                    dict.set_item(name, py.None())?;
                }
            }
        }
    }
    Ok(dict)
}
