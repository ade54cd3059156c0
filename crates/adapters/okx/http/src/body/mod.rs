//! Reading captured answers: which endpoint they are of, and whether the client's own types know all of their fields.

#[macro_use]
mod macros;

mod account;
mod asset;
mod builder;
mod convert;
mod kinds;
mod move_position;
mod position;
mod public;
mod report;

pub(crate) use report::{ReadReport, Report};

use kinds::Kind;

use crate::envelope::{BodyError, read_loose};

/// The folder of error answers, which are of no endpoint.
const ERRORS: &str = "_errors";

/// What became of a captured answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeReport {
    /// The endpoint (`market-tickers`); `error` for a refusal by OKX, `gateway-error` for one by what stands before OKX's API,
    /// `empty` for an answer without rows whose endpoint is not told, `unknown` if it cannot be read at all.
    pub kind: String,
    /// Whether all of it could be read.
    pub ok: bool,
    /// How many rows were read.
    pub items: usize,
    /// The first row that was read, as its type holds it: what is absent is `null`.
    pub first_row: Option<serde_json::Value>,
    /// The fields of rows that the types do not know, sorted: `details.newField`.
    pub unknown_fields: Vec<String>,
    /// What is wrong, and where.
    pub error: Option<String>,
}

impl DecodeReport {
    fn failed(kind: &str, error: impl ToString) -> Self {
        Self {
            kind: kind.to_owned(),
            ok: false,
            items: 0,
            first_row: None,
            unknown_fields: Vec::new(),
            error: Some(error.to_string()),
        }
    }

    fn of(kind: &str, result: Result<Report, BodyError>) -> Self {
        match result {
            Ok(report) => Self {
                kind: kind.to_owned(),
                ok: report.error.is_none(),
                items: report.items,
                first_row: report.first,
                unknown_fields: report.unknown.into_iter().collect(),
                error: report.error.map(|skipped| skipped.to_string()),
            },
            Err(error) => Self::failed(kind, error),
        }
    }

    fn without_rows(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ok: true,
            items: 0,
            first_row: None,
            unknown_fields: Vec::new(),
            error: None,
        }
    }
}

/// Reads a captured answer with the types of its endpoint: that of the hint, else that of the folder it lay in
/// (`market-tickers`), else the one whose row fits best.
///
/// Never fails as a whole; what is wrong is in the report.
#[must_use]
pub fn decode_body(endpoint_hint: Option<&str>, folder: Option<&str>, body: &[u8]) -> DecodeReport {
    let told = match endpoint_hint {
        Some(name) => match kinds::find(name) {
            Some(kind) => Some(kind),
            None => {
                return DecodeReport::failed(
                    "unknown",
                    format_args!("there is no endpoint {}", quoted(name)),
                );
            }
        },
        None => folder.and_then(kinds::find),
    };
    let wire = match read_loose(body) {
        Ok(wire) => wire,
        Err(error) => return DecodeReport::failed(told.as_ref().map_or("unknown", |k| k.name), error),
    };
    let code = match wire.code() {
        Ok(code) => code,
        Err(_) if is_gateway_error(body) => return DecodeReport::without_rows("gateway-error"),
        Err(error) => return DecodeReport::failed(told.as_ref().map_or("unknown", |k| k.name), error),
    };
    let has_rows = wire.data.is_some_and(|data| !matches!(data.get(), "null" | "\"\"" | "[]"));
    match told {
        Some(kind) => DecodeReport::of(kind.name, (kind.report)(body, usize::MAX)),
        None if has_rows => best_fit(body),
        None if code.is_success() && folder != Some(ERRORS) => DecodeReport::without_rows("empty"),
        None => DecodeReport::without_rows("error"),
    }
}

fn quoted(name: &str) -> String {
    okx_common::text::excerpt(name)
}

/// `{"message":"…"}`: how gateways and proxies in front of OKX's API answer.
fn is_gateway_error(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Gateway {
        #[serde(rename = "message", alias = "error")]
        _message: String,
    }
    serde_json::from_slice::<Gateway>(body).is_ok()
}

/// So many rows tell a kind from the others; with all of them a long list would be read once for each kind.
const TELLING_ROWS: usize = 4;

/// The kind whose rows know the most of the fields and miss the fewest, the first one of those.
fn best_fit(body: &[u8]) -> DecodeReport {
    let fit = |kind: Kind| {
        let report = (kind.report)(body, TELLING_ROWS).ok()?;
        let fits = report.error.is_none() && report.unknown.len() <= report.present;
        fits.then_some(((report.unknown.len(), report.absent), kind))
    };
    match kinds::all().filter_map(fit).min_by_key(|(rank, _)| *rank) {
        Some((_, kind)) => DecodeReport::of(kind.name, (kind.report)(body, usize::MAX)),
        None => DecodeReport::failed("unknown", "data: these rows are of no endpoint that is known; name it"),
    }
}
