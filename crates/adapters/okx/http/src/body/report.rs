//! Reading rows while noting what is unknown, missing or wrong in them.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};

use crate::envelope::{BodyError, Skipped, quoted, raw_rows, read_loose, read_noting, read_row};

/// Reads so many rows of an answer.
pub(crate) type ReadReport = fn(&[u8], usize) -> Result<Report, BodyError>;

/// What was found in an answer.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Rows that could be read.
    pub(crate) items: usize,
    /// The first one that could not.
    pub(crate) error: Option<Skipped>,
    /// Fields that the type does not know.
    pub(crate) unknown: BTreeSet<String>,
    /// The first row as its type holds it: what is absent is `null`.
    pub(crate) first: Option<serde_json::Value>,
    /// Fields of the first row's type that the row gives a value.
    pub(crate) present: usize,
    /// Fields of the first row's type that the row gives none.
    pub(crate) absent: usize,
}

impl Report {
    /// Reads the first `max_rows` rows as `T`.
    ///
    /// # Errors
    /// If the envelope is bad.
    pub(crate) fn of<T: DeserializeOwned + Serialize>(
        body: &[u8],
        max_rows: usize,
    ) -> Result<Self, BodyError> {
        let wire = read_loose(body)?;
        wire.code()?;
        let mut report = Self::default();
        let Some(data) = wire.data else { return Ok(report) };
        for (index, row) in raw_rows(data)?.into_iter().take(max_rows).enumerate() {
            let mut unknown = Vec::new();
            let read = read_noting::<T>(row, |field| unknown.push(field));
            let read = match read.is_err().then(|| quoted(row)).flatten() {
                Some(quoted) => {
                    unknown.clear();
                    read_noting::<T>(&quoted, |field| unknown.push(field))
                }
                None => read,
            };
            match read {
                Ok(item) => {
                    if report.items == 0 {
                        report.count(&item);
                    }
                    report.items += 1;
                    report.unknown.extend(unknown);
                }
                // Once more, for the path of the field.
                Err(_) if report.error.is_none() => report.error = read_row::<T>(index, row).err(),
                Err(_) => {}
            }
        }
        Ok(report)
    }

    /// Counts the fields of a row with and without a value.
    fn count(&mut self, row: &dyn erased_serde::Serialize) {
        self.first = serde_json::to_value(row).ok();
        let Some(serde_json::Value::Object(fields)) = &self.first else { return };
        let is_empty =
            |value: &serde_json::Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        self.absent = fields.values().filter(|value| is_empty(value)).count();
        self.present = fields.len() - self.absent;
    }
}
