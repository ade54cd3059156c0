//! Dicts of Python as JSON: parameters of orders, and rows as OKX writes them.

use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyInt, PyList, PyMapping, PyString},
};
use serde_json::{Map, Value};

/// A dict of plain values. Numbers keep their digits: what is no integer goes as its text.
///
/// # Errors
/// If a key is no text.
pub fn object_of(dict: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    dict.iter().map(|(key, value)| Ok((key.extract()?, plain(&value)?))).collect()
}

fn plain(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Value::Bool(flag.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Value::String(text.to_string()));
    }
    if value.cast::<PyInt>().is_ok()
        && let Ok(number) = value.extract::<i64>()
    {
        return Ok(Value::from(number));
    }
    Ok(Value::String(value.str()?.to_string()))
}

/// A row with Python's names (`tick_sz`, `list_time_ms`) as OKX writes it: `tickSz`, `listTime`, texts. A row that is so already
/// stays as it is.
///
/// # Errors
/// If a key is no text.
pub fn wire_of(row: &Bound<'_, PyMapping>) -> PyResult<Value> {
    let mut object = Map::new();
    for item in row.items()?.iter() {
        let (key, value): (String, Bound<'_, PyAny>) = item.extract()?;
        object.insert(wire_name(&key), wire_value(&value)?);
    }
    Ok(Value::Object(object))
}

fn wire_value(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(list) = value.cast::<PyList>() {
        return list.iter().map(|item| wire_value(&item)).collect::<PyResult<_>>().map(Value::Array);
    }
    if let Ok(row) = value.cast::<PyMapping>() {
        return wire_of(row);
    }
    Ok(match plain(value)? {
        Value::Null => Value::String(String::new()),
        other => other,
    })
}

/// `list_time_ms` is `listTime`.
fn wire_name(name: &str) -> String {
    if name == "max_plat_oi_lmt" {
        return "maxPlatOILmt".to_owned();
    }
    if name == "max_plat_oi_coin_lmt" {
        return "maxPlatOICoinLmt".to_owned();
    }
    let name = name.strip_suffix("_ms").unwrap_or(name);
    let mut wire = String::with_capacity(name.len());
    let mut is_first = false;
    for letter in name.chars() {
        if letter == '_' {
            is_first = true;
        } else if std::mem::take(&mut is_first) {
            wire.extend(letter.to_uppercase());
        } else {
            wire.push(letter);
        }
    }
    wire
}
