//! JSON text to Python objects, without a tree in between.

use std::fmt;

use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyDict, PyList, PyString},
};
use serde::de::{self, DeserializeSeed, Deserializer};
use serde_json::value::RawValue;

use crate::errors::{Class, Failure};

/// What `json.loads` would make of it: names and texts exactly as sent.
///
/// # Errors
/// `OkxDecodeError` if it is not JSON.
pub fn json_to_python<'py>(py: Python<'py>, json: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = Any(py).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|e| not_json(&e).into())
}

/// The rows of a push (`data`), each as Python objects.
///
/// # Errors
/// `OkxDecodeError` if it is not a push.
pub fn rows_of_frame<'py>(py: Python<'py>, frame: &[u8]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    #[derive(serde::Deserialize)]
    struct Push<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    let push: Push<'_> = serde_json::from_slice(frame).map_err(|e| not_json(&e))?;
    push.data.into_iter().map(|row| json_to_python(py, row.get().as_bytes())).collect()
}

fn not_json(error: &serde_json::Error) -> Failure {
    Failure::new(Class::Decode, "decode", format!("not the JSON that OKX documents: {error}"))
}

#[derive(Clone, Copy)]
struct Any<'py>(Python<'py>);

impl<'py, 'de> DeserializeSeed<'de> for Any<'py> {
    type Value = Bound<'py, PyAny>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

fn custom<E: de::Error>(error: PyErr) -> E {
    E::custom(error)
}

impl<'py, 'de> de::Visitor<'de> for Any<'py> {
    type Value = Bound<'py, PyAny>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.0).map_err(custom)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.0).map_err(custom)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.0).map_err(custom)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.0).map_err(custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(PyString::new(self.0, text).into_any())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(self.0.None().into_bound(self.0))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let list = PyList::empty(self.0);
        while let Some(item) = seq.next_element_seed(self)? {
            list.append(item).map_err(custom)?;
        }
        Ok(list.into_any())
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let dict = PyDict::new(self.0);
        while let Some(key) = map.next_key_seed(self)? {
            dict.set_item(key, map.next_value_seed(self)?).map_err(custom)?;
        }
        Ok(dict.into_any())
    }
}
