//! Rows for Python: what serde can write becomes dicts, lists, texts, integers and `decimal.Decimal`; JSON text becomes what
//! `json.loads` would make of it.

mod json;
mod ser;

pub use json::{json_to_python, rows_of_frame};
pub use ser::to_python;

use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};
use serde::Serialize;

/// Turns a serializable value into Python objects on its way to the loop:
/// `bridge::spawn(py, async move { Ok::<_, Failure>(Row(client.instruments().await?)) })`.
#[derive(Debug, Clone, Copy)]
pub struct Row<T>(pub T);

impl<'py, T: Serialize> IntoPyObject<'py> for Row<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0)
    }
}

/// `decimal.Decimal` of a number's text.
///
/// # Errors
/// If the text is not a number.
pub fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")?.call1((text,))
}
