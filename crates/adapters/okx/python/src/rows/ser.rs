//! serde to Python objects.

use pyo3::{
    IntoPyObjectExt,
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString},
};
use serde::ser::{self, Serialize};

/// The name that `okx_common`'s decimals give themselves (see its `Serialize`).
const DECIMAL: &str = "Decimal";

/// Makes Python objects: structs and maps are dicts, sequences and tuples lists, `None` and `()` None, unit variants their
/// names, decimals `decimal.Decimal`.
///
/// # Errors
/// If the interpreter cannot make them, or the type's `Serialize` fails.
pub fn to_python<'py, T: Serialize + ?Sized>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyAny>> {
    value.serialize(Ser { py, as_decimal: false }).map_err(|Error(error)| error)
}

#[derive(Debug)]
struct Error(PyErr);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(PyTypeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for Error {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

#[derive(Clone, Copy)]
struct Ser<'py> {
    py: Python<'py>,
    as_decimal: bool,
}

type Object<'py> = Bound<'py, PyAny>;

impl<'py> Ser<'py> {
    fn plain(py: Python<'py>) -> Self {
        Self { py, as_decimal: false }
    }

    fn object(self, value: impl IntoPyObjectExt<'py>) -> Result<Object<'py>, Error> {
        Ok(value.into_bound_py_any(self.py)?)
    }
}

macro_rules! as_is {
    ($($name:ident: $type:ty,)+) => {
        $(fn $name(self, value: $type) -> Result<Object<'py>, Error> {
            self.object(value)
        })+
    };
}

impl<'py> ser::Serializer for Ser<'py> {
    type Ok = Object<'py>;
    type Error = Error;
    type SerializeSeq = Seq<'py>;
    type SerializeTuple = Seq<'py>;
    type SerializeTupleStruct = Seq<'py>;
    type SerializeTupleVariant = Seq<'py>;
    type SerializeMap = Map<'py>;
    type SerializeStruct = Map<'py>;
    type SerializeStructVariant = Map<'py>;

    as_is! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
    }

    fn serialize_str(self, text: &str) -> Result<Object<'py>, Error> {
        if self.as_decimal {
            return Ok(super::decimal(self.py, text)?);
        }
        Ok(PyString::new(self.py, text).into_any())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Object<'py>, Error> {
        Ok(PyBytes::new(self.py, bytes).into_any())
    }

    fn serialize_none(self) -> Result<Object<'py>, Error> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Object<'py>, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Object<'py>, Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Object<'py>, Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Object<'py>, Error> {
        Ok(PyString::intern(self.py, variant).into_any())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Object<'py>, Error> {
        value.serialize(Self { as_decimal: name == DECIMAL, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Object<'py>, Error> {
        Map::new(self.py, Some(variant)).wrap(value.serialize(Self::plain(self.py))?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Seq<'py>, Error> {
        Ok(Seq { list: PyList::empty(self.py), variant: None })
    }

    fn serialize_tuple(self, size: usize) -> Result<Seq<'py>, Error> {
        self.serialize_seq(Some(size))
    }

    fn serialize_tuple_struct(self, _: &'static str, size: usize) -> Result<Seq<'py>, Error> {
        self.serialize_seq(Some(size))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Seq<'py>, Error> {
        Ok(Seq { list: PyList::empty(self.py), variant: Some(variant) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map<'py>, Error> {
        Ok(Map::new(self.py, None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Map<'py>, Error> {
        Ok(Map::new(self.py, None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Map<'py>, Error> {
        Ok(Map::new(self.py, Some(variant)))
    }
}

struct Seq<'py> {
    list: Bound<'py, PyList>,
    variant: Option<&'static str>,
}

impl<'py> Seq<'py> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        Ok(self.list.append(value.serialize(Ser::plain(self.list.py()))?)?)
    }

    fn finish(self) -> Result<Object<'py>, Error> {
        match self.variant {
            None => Ok(self.list.into_any()),
            variant => Map::new(self.list.py(), variant).wrap(self.list.into_any()),
        }
    }
}

macro_rules! sequences {
    ($($type:ident::$method:ident,)+) => {
        $(impl<'py> ser::$type for Seq<'py> {
            type Ok = Object<'py>;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.push(value)
            }

            fn end(self) -> Result<Object<'py>, Error> {
                self.finish()
            }
        })+
    };
}

sequences! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

struct Map<'py> {
    dict: Bound<'py, PyDict>,
    key: Option<Object<'py>>,
    variant: Option<&'static str>,
}

impl<'py> Map<'py> {
    fn new(py: Python<'py>, variant: Option<&'static str>) -> Self {
        Self { dict: PyDict::new(py), key: None, variant }
    }

    /// `{variant: value}`, or the value if this is no variant.
    fn wrap(self, value: Object<'py>) -> Result<Object<'py>, Error> {
        let Some(variant) = self.variant else { return Ok(value) };
        let outer = PyDict::new(self.dict.py());
        outer.set_item(PyString::intern(self.dict.py(), variant), value)?;
        Ok(outer.into_any())
    }

    fn finish(self) -> Result<Object<'py>, Error> {
        let dict = self.dict.clone().into_any();
        self.wrap(dict)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let py = self.dict.py();
        Ok(self.dict.set_item(PyString::intern(py, name), value.serialize(Ser::plain(py))?)?)
    }
}

impl<'py> ser::SerializeMap for Map<'py> {
    type Ok = Object<'py>;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(key.serialize(Ser::plain(self.dict.py()))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or_else(|| <Error as ser::Error>::custom("a value without a key"))?;
        let value = value.serialize(Ser::plain(self.dict.py()))?;
        Ok(self.dict.set_item(key, value)?)
    }

    fn end(self) -> Result<Object<'py>, Error> {
        self.finish()
    }
}

impl<'py> ser::SerializeStruct for Map<'py> {
    type Ok = Object<'py>;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<Object<'py>, Error> {
        self.finish()
    }
}

impl<'py> ser::SerializeStructVariant for Map<'py> {
    type Ok = Object<'py>;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<Object<'py>, Error> {
        self.finish()
    }
}
