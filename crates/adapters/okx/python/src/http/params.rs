//! Parameters from Python: texts, numbers, booleans.

use okx_http::endpoint::Params;
use pyo3::{prelude::*, types::PyBool, types::PyMapping};

/// The parameters of a mapping by OKX's names. `None` counts as not given.
///
/// # Errors
/// If a name is no text, or a value has none.
pub(super) fn params_of(mapping: Option<&Bound<'_, PyMapping>>) -> PyResult<Params> {
    let Some(mapping) = mapping else { return Ok(Params::default()) };
    let mut pairs = Vec::new();
    for item in mapping.items()?.iter() {
        let (name, value): (String, Bound<'_, PyAny>) = item.extract()?;
        if value.is_none() {
            continue;
        }
        let text = match value.cast::<PyBool>() {
            Ok(flag) => flag.is_true().to_string(),
            Err(_) => value.str()?.to_string(),
        };
        pairs.push((name, text));
    }
    Ok(pairs.into_iter().collect())
}

/// Parameters that are given.
pub(super) fn given<const N: usize>(pairs: [(&str, Option<&str>); N]) -> Params {
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
