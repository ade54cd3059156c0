//! Rows of accounts and strategy orders as dicts, by OKX's names.

use okx_core::orders::{
    account::{CcyState, Direction, PositionState},
    row::AlgoRow,
};
use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyList},
};

use crate::rows::to_python;

fn dict_of<'py>(row: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    Ok(row.cast_into::<PyDict>()?)
}

/// Balances with what Nautilus calls total, free and locked.
///
/// # Errors
/// If the interpreter cannot make them.
pub fn balances<'py>(py: Python<'py>, balances: &[CcyState]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for state in balances {
        let dict = dict_of(to_python(py, &state.row)?)?;
        dict.set_item(intern!(py, "total"), to_python(py, &state.total())?)?;
        dict.set_item(intern!(py, "free"), to_python(py, &state.free())?)?;
        dict.set_item(intern!(py, "locked"), to_python(py, &state.locked())?)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// Positions with their direction (`long`, `short`, `flat`) and unsigned quantity.
///
/// # Errors
/// If the interpreter cannot make them.
pub fn positions<'py>(py: Python<'py>, positions: &[PositionState]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for state in positions {
        let dict = dict_of(to_python(py, &state.row)?)?;
        let direction = match state.direction {
            Direction::Long => intern!(py, "long"),
            Direction::Short => intern!(py, "short"),
            Direction::Flat => intern!(py, "flat"),
        };
        dict.set_item(intern!(py, "direction"), direction)?;
        dict.set_item(intern!(py, "quantity"), to_python(py, &state.quantity)?)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// A strategy order.
///
/// # Errors
/// If the interpreter cannot make it.
pub fn algo<'py>(py: Python<'py>, row: &AlgoRow) -> PyResult<Bound<'py, PyAny>> {
    let dict = dict_of(to_python(py, row)?)?;
    for (pair, [trigger_px, ord_px]) in
        [(row.tp, ["tp_trigger_px", "tp_ord_px"]), (row.sl, ["sl_trigger_px", "sl_ord_px"])]
    {
        dict.set_item(trigger_px, to_python(py, &pair.0)?)?;
        dict.set_item(ord_px, to_python(py, &pair.1)?)?;
    }
    for name in ["tp", "sl"] {
        dict.del_item(name)?;
    }
    Ok(dict.into_any())
}
