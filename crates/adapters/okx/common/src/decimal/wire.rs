//! JSON form: OKX writes decimals as strings; integers are accepted natively, floats are refused.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Decimal, parse::MAX_TEXT_LEN};

/// A newtype struct named `Decimal` around its text: JSON writes a plain string, while other serializers can tell a number
/// from other text by the name.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct("Decimal", &Digits(*self))
    }
}

struct Digits(Decimal);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0u8; MAX_TEXT_LEN];
        serializer.serialize_str(self.0.write_to(&mut buffer))
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl de::Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        Decimal::parse(text.as_bytes())
            .map_err(|e| E::custom(format_args!("{e}: {}", crate::text::excerpt(text))))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        // By now the text has been through a binary float, and whether that lost digits cannot be told any more.
        Err(E::custom(format_args!(
            "decimal {value} arrived as a JSON float, not as a string: exactness is lost"
        )))
    }
}
