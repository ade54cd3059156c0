//! The envelope of every answer: `{"code":"0","msg":"","data":[…]}` (reference: OKX API v5, "Overview").
//!
//! It is read in one pass. Only where that fails the rows are read one by one, so that a bad one costs only itself.

use std::{fmt, marker::PhantomData};

use okx_common::{error_code::ErrorCode, text::with_quoted_fractions};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope<T> {
    /// The result; 0 is success.
    pub code: ErrorCode,
    /// OKX's words, empty for success.
    pub msg: String,
    /// The rows.
    pub rows: Rows<T>,
    /// When the request reached OKX's gateway, Unix µs (order endpoints).
    pub in_time_us: Option<u64>,
    /// When the answer left it, Unix µs (order endpoints).
    pub out_time_us: Option<u64>,
}

/// What decides about an answer.
pub(crate) struct Head {
    pub(crate) code: ErrorCode,
    pub(crate) msg: String,
}

/// The rows of an answer, and those that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// The rows, as OKX ordered them.
    pub items: Vec<T>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { items: Vec::new(), skipped: Vec::new() }
    }
}

/// A row that was left out because it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where: `data[3].px`.
    pub path: String,
    /// What is wrong.
    pub error: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}

/// Why a body is no answer of OKX.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct BodyError {
    /// Where: `body`, `code`, `data`.
    pub path: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl BodyError {
    fn new(path: &'static str, reason: impl fmt::Display) -> Self {
        Self { path, reason: reason.to_string() }
    }
}

/// Reads an answer.
///
/// # Errors
/// If it is not JSON, no object, or has no `code`. Bad rows are in [`Rows::skipped`].
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<Envelope<T>, BodyError> {
    let json = &mut serde_json::Deserializer::from_slice(body);
    match from_dyn::<Wire<Many<T>>>(&mut <dyn erased_serde::Deserializer>::erase(&mut *json)) {
        Ok(wire) if json.end().is_ok() => {
            wire.finish(|data| Ok(Rows { items: data.map_or_else(Vec::new, |d| d.0), skipped: Vec::new() }))
        }
        _ => read_loose(body)?.finish(|data| data.map_or_else(|| Ok(Rows::default()), read_rows)),
    }
}

/// Reads everything but the rows, which are only checked to be JSON.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_loose(body: &[u8]) -> Result<Wire<&RawValue>, BodyError> {
    let text =
        std::str::from_utf8(body).map_err(|e| BodyError::new("body", format_args!("not UTF-8: {e}")))?;
    serde_json::from_str(text).map_err(|e| BodyError::new("body", describe(&e)))
}

/// The rows of `data`, read one by one.
pub(crate) fn read_rows<T: DeserializeOwned>(data: &RawValue) -> Result<Rows<T>, BodyError> {
    let mut rows = Rows::default();
    for (index, row) in raw_rows(data)?.into_iter().enumerate() {
        match read_row(index, row) {
            Ok(item) => rows.items.push(item),
            Err(skipped) => rows.skipped.push(skipped),
        }
    }
    Ok(rows)
}

/// Reads one row, with all digits of numbers that came without quotes.
///
/// # Errors
/// The path of the field and what is wrong with it.
pub(crate) fn read_row<T: DeserializeOwned>(index: usize, row: &RawValue) -> Result<T, Skipped> {
    let read = read_as_it_is(index, row);
    match read.is_err().then(|| quoted(row)).flatten() {
        Some(quoted) => read_as_it_is(index, &quoted),
        None => read,
    }
}

/// The row with the numbers in quotes that would lose digits otherwise, if there are any.
pub(crate) fn quoted(row: &RawValue) -> Option<Box<RawValue>> {
    with_quoted_fractions(row.get()).and_then(|text| RawValue::from_string(text).ok())
}

fn read_as_it_is<T: DeserializeOwned>(index: usize, row: &RawValue) -> Result<T, Skipped> {
    let mut track = serde_path_to_error::Track::new();
    let json = &mut serde_json::Deserializer::from_str(row.get());
    let deserializer = serde_path_to_error::Deserializer::new(json, &mut track);
    let result = from_dyn(&mut <dyn erased_serde::Deserializer>::erase(deserializer));
    result.map_err(|error| {
        let inner = track.path().to_string();
        let separator = if inner == "." || inner.starts_with('[') { "" } else { "." };
        let inner = if inner == "." { "" } else { &inner };
        Skipped { path: format!("data[{index}]{separator}{inner}"), error: error.to_string() }
    })
}

/// Reads a row and names the fields that its type does not know.
///
/// # Errors
/// Those of the row.
pub(crate) fn read_noting<T: DeserializeOwned>(
    row: &RawValue,
    mut unknown: impl FnMut(String),
) -> Result<T, erased_serde::Error> {
    let json = &mut serde_json::Deserializer::from_str(row.get());
    let mut note =
        |path: serde_ignored::Path<'_>| unknown(okx_common::fields::without_indices(&path.to_string()));
    let deserializer = serde_ignored::Deserializer::new(json, &mut note);
    from_dyn(&mut <dyn erased_serde::Deserializer>::erase(deserializer))
}

/// Reads by dynamic calls, so that each type of rows is compiled once: there are hundreds, and compiled for each of the readers that
/// are used here they take minutes. What it costs in speed is nothing beside a request.
fn from_dyn<T: DeserializeOwned>(
    deserializer: &mut dyn erased_serde::Deserializer<'_>,
) -> Result<T, erased_serde::Error> {
    erased_serde::deserialize(deserializer)
}

/// The text of each row of `data`: of a list its items, of an object itself, of nothing none.
///
/// # Errors
/// If `data` is a number or text.
pub(crate) fn raw_rows(data: &RawValue) -> Result<Vec<&RawValue>, BodyError> {
    match data.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(data.get()).map_err(|e| BodyError::new("data", describe(&e))),
        Some(b'{') => Ok(vec![data]),
        _ if matches!(data.get(), "null" | "\"\"") => Ok(Vec::new()),
        _ => Err(BodyError::new(
            "data",
            format_args!("expected a list, got {}", okx_common::text::excerpt(data.get())),
        )),
    }
}

/// The words of an error of the JSON reader, without its position where that is only of a part.
fn describe(error: &serde_json::Error) -> String {
    error.to_string()
}

/// The envelope as on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "D: Deserialize<'de>")]
pub(crate) struct Wire<D> {
    #[serde(default)]
    code: Option<ErrorCode>,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    msg: String,
    #[serde(default = "none")]
    pub(crate) data: Option<D>,
    #[serde(default, deserialize_with = "okx_common::de::opt_u64")]
    in_time: Option<u64>,
    #[serde(default, deserialize_with = "okx_common::de::opt_u64")]
    out_time: Option<u64>,
}

fn none<T>() -> Option<T> {
    None
}

impl<D> Wire<D> {
    /// The result.
    ///
    /// # Errors
    /// If there is none: gateways and proxies answer with JSON of their own.
    pub(crate) fn code(&self) -> Result<ErrorCode, BodyError> {
        self.code.ok_or_else(|| BodyError::new("code", "missing: this is not an answer of OKX's API"))
    }

    /// The result and the words for it.
    ///
    /// # Errors
    /// Those of [`Self::code`].
    pub(crate) fn head(self) -> Result<Head, BodyError> {
        Ok(Head { code: self.code()?, msg: self.msg })
    }

    fn finish<T>(
        self,
        rows: impl FnOnce(Option<D>) -> Result<Rows<T>, BodyError>,
    ) -> Result<Envelope<T>, BodyError> {
        let code = self.code()?;
        Ok(Envelope {
            code,
            msg: self.msg,
            rows: rows(self.data)?,
            in_time_us: self.in_time,
            out_time_us: self.out_time,
        })
    }
}

/// Rows as OKX sends them: a list, or nothing as `null` or `""`. A lone object, which is rare, is left to [`read_rows`].
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
                // The hint of a hostile sender is not to be trusted with memory; JSON gives none.
                let mut rows = Vec::new();
                while let Some(row) = seq.next_element()? {
                    rows.push(row);
                }
                Ok(Many(rows))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Many<T>, E> {
                Ok(Many(Vec::new()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Many<T>, E> {
                if text.is_empty() {
                    Ok(Many(Vec::new()))
                } else {
                    Err(E::invalid_type(de::Unexpected::Str(text), &self))
                }
            }
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}
