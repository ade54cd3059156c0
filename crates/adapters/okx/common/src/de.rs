//! Serde helpers for OKX's JSON habits (reference: OKX API v5, "Conventions").
//!
//! Nearly all values are strings, `""`, `null` and a missing key mean the same, and the same field may be a string in one
//! payload and a native number or boolean in the next. Use with `#[serde(default, deserialize_with = "okx_common::de::opt")]`.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{self, IntoDeserializer, Visitor},
};

use crate::{decimal::Decimal, text::excerpt};

/// Any value, where `""` and `null` (and, with `#[serde(default)]`, a missing key) are `None`.
///
/// ```
/// # use okx_common::{de, decimal::Decimal};
/// #[derive(serde::Deserialize)]
/// struct Row {
///     #[serde(default, deserialize_with = "de::opt")]
///     px: Option<Decimal>,
/// }
/// let row: Row = serde_json::from_str(r#"{"px":""}"#)?;
/// assert_eq!(row.px, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// Those of `T`.
pub fn opt<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(OptVisitor(PhantomData))
}

struct OptVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OptVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, an empty string or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Self::Value, E> {
        if v.is_empty() { Ok(None) } else { T::deserialize(v.into_deserializer()).map(Some) }
    }

    fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Self::Value, E> {
        if v.is_empty() {
            Ok(None)
        } else {
            T::deserialize(de::value::BorrowedStrDeserializer::new(v)).map(Some)
        }
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Self::Value, E> {
        T::deserialize(v.into_deserializer()).map(Some)
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Self::Value, E> {
        let as_text = |_: E| T::deserialize(v.to_string().into_deserializer());
        T::deserialize(v.into_deserializer()).or_else(as_text).map(Some)
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Self::Value, E> {
        let as_text = |_: E| T::deserialize(v.to_string().into_deserializer());
        T::deserialize(v.into_deserializer()).or_else(as_text).map(Some)
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Self::Value, E> {
        T::deserialize(v.into_deserializer()).map(Some)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Some)
    }
}

/// A decimal, `""`/`null` as `None`.
///
/// # Errors
/// Malformed numbers.
pub fn opt_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    opt(deserializer)
}

/// Text, `""`/`null` as `None`.
///
/// # Errors
/// Values that are not scalars.
pub fn opt_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    opt::<D, Text>(deserializer).map(|t| t.map(|t| t.0))
}

/// Text; a native number or boolean is taken as its text, `null` as `""`.
///
/// # Errors
/// Values that are not scalars.
pub fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    opt_string(deserializer).map(Option::unwrap_or_default)
}

/// A Unix time in milliseconds, as a string or an integer.
///
/// # Errors
/// Anything that is not a non-negative integer.
pub fn ts_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    flex_u64(deserializer)
}

/// A Unix time in milliseconds, `""`/`null` as `None`.
///
/// # Errors
/// Anything else that is not a non-negative integer.
pub fn opt_ts_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    opt_u64(deserializer)
}

macro_rules! flexible_int {
    ($int:ty, $flex:ident, $opt:ident) => {
        /// An integer, as a string or natively.
        ///
        /// # Errors
        /// Anything that is not an integer of this range.
        pub fn $flex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$int, D::Error> {
            Scalar::<$int>::deserialize(deserializer).map(|s| s.0)
        }

        /// An integer, as a string or natively, `""`/`null` as `None`.
        ///
        /// # Errors
        /// Anything else that is not an integer of this range.
        pub fn $opt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$int>, D::Error> {
            opt::<D, Scalar<$int>>(deserializer).map(|s| s.map(|s| s.0))
        }
    };
}

flexible_int!(u64, flex_u64, opt_u64);
flexible_int!(i64, flex_i64, opt_i64);
flexible_int!(u32, flex_u32, opt_u32);

/// A boolean, as `true`, `"true"`, `"1"`, `1` or the opposites; `""`/`null` as false.
///
/// # Errors
/// Anything else.
pub fn flex_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    opt_bool(deserializer).map(Option::unwrap_or_default)
}

/// A boolean in any of the forms of [`flex_bool`], `""`/`null` as `None`.
///
/// # Errors
/// Anything else.
pub fn opt_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    opt::<D, Flag>(deserializer).map(|f| f.map(|f| f.0))
}

/// A list, where `null` and `""` are the empty list, and no items of one.
///
/// # Errors
/// Those of the items.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let items: Option<Vec<Item<T>>> = opt(deserializer)?;
    Ok(items.unwrap_or_default().into_iter().filter_map(|item| item.0).collect())
}

/// An item of a list, if it is one.
struct Item<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        opt(deserializer).map(Self)
    }
}

/// One field that may be absent (`""`, `null`), good, or bad without failing the object that it stands in.
///
/// Use with `#[serde(default)]`. Holds scalars only: a list or object of the wrong kind still fails the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// `""`, `null` or no such key.
    #[default]
    Absent,
    /// The value.
    Value(T),
    /// The text of the error.
    Bad(String),
}

/// Types that [`Field`] can hold, read as helpful OKX senders and less helpful ones write them.
pub trait Lenient: Sized {
    /// Reads the value from any of its forms.
    ///
    /// # Errors
    /// Those of the value.
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

macro_rules! lenient {
    ($($type:ty => |$d:ident| $read:expr),+ $(,)?) => {
        $(impl Lenient for $type {
            fn lenient<'de, D: Deserializer<'de>>($d: D) -> Result<Self, D::Error> {
                $read
            }
        })+
    };
}

lenient! {
    u64 => |d| flex_u64(d),
    i64 => |d| flex_i64(d),
    u32 => |d| flex_u32(d),
    bool => |d| Flag::deserialize(d).map(|f| f.0),
    String => |d| Text::deserialize(d).map(|t| t.0),
    Decimal => |d| Decimal::deserialize(d),
}

impl<'de, T: Lenient> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<T: Lenient> FieldVisitor<T> {
    fn read<'de, D: Deserializer<'de, Error = de::value::Error>>(deserializer: D) -> Field<T> {
        match T::lenient(deserializer) {
            Ok(value) => Field::Value(value),
            Err(error) => Field::Bad(error.to_string()),
        }
    }
}

impl<T: Lenient> Visitor<'_> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Field::Absent)
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Self::Value, E> {
        Ok(if v.is_empty() { Field::Absent } else { Self::read(v.into_deserializer()) })
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Self::Value, E> {
        Ok(Self::read(v.into_deserializer()))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Self::read(v.into_deserializer()))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Self::read(v.into_deserializer()))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Self::Value, E> {
        // No fault of the field: whoever has the text can read it again with such numbers in quotes.
        Err(E::custom(format_args!("{v} arrived as a JSON float, not as a string: exactness is lost")))
    }
}

/// An integer that may be text.
struct Scalar<T>(T);

impl<'de, T> Deserialize<'de> for Scalar<T>
where
    T: FromStr + TryFrom<u64> + TryFrom<i64>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<T: FromStr + TryFrom<u64> + TryFrom<i64>> Visitor<'_> for V<T> {
            type Value = Scalar<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an integer ({}), possibly as a string", std::any::type_name::<T>())
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<Self::Value, E> {
                // `+1` is a number to Rust and none to OKX.
                let plain = !v.starts_with('+');
                v.parse().ok().filter(|_| plain).map(Scalar).ok_or_else(|| {
                    E::custom(format_args!(
                        "expected an integer ({}), got {}",
                        std::any::type_name::<T>(),
                        excerpt(v)
                    ))
                })
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Self::Value, E> {
                T::try_from(v).map(Scalar).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(v), &self))
            }

            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Self::Value, E> {
                T::try_from(v).map(Scalar).map_err(|_| E::invalid_value(de::Unexpected::Signed(v), &self))
            }
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// A boolean that may be text or a number.
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, possibly as a string")
            }

            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Flag, E> {
                Ok(Flag(v))
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Flag, E> {
                match v {
                    0 => Ok(Flag(false)),
                    1 => Ok(Flag(true)),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(v), &self)),
                }
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<Flag, E> {
                match v {
                    "true" | "1" => Ok(Flag(true)),
                    "false" | "0" => Ok(Flag(false)),
                    _ => Err(E::custom(format_args!("expected a boolean, got {}", excerpt(v)))),
                }
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// Text that may have been sent as a number or boolean.
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<Text, E> {
                Ok(Text(v.to_owned()))
            }

            fn visit_string<E: de::Error>(self, v: String) -> Result<Text, E> {
                Ok(Text(v))
            }

            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Text, E> {
                Ok(Text(v.to_string()))
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Text, E> {
                Ok(Text(v.to_string()))
            }

            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Text, E> {
                Ok(Text(v.to_string()))
            }
        }
        deserializer.deserialize_any(V)
    }
}
