//! `decode_files`: captured REST bodies and WebSocket frames through the client's own types.

use std::{collections::BTreeSet, fs::File, io::Read, path::Path};

use okx_http::decode_body;
use okx_ws::decode_frame_report;
use pyo3::{prelude::*, types::PyDict};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

/// The longest file that is read: a day of a busy tape.
const MAX_FILE: u64 = 1 << 30;

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    kind: String,
    ok: bool,
    items: usize,
    unknown_fields: Vec<String>,
    error: Option<String>,
}

impl Report {
    fn failed(error: String) -> Self {
        Self {
            kind: "unknown".to_owned(),
            ok: false,
            items: 0,
            unknown_fields: Vec::new(),
            error: Some(error),
        }
    }
}

/// Decode captured REST bodies and WebSocket frames with the client's own types.
#[pyfunction]
#[pyo3(signature = (paths, as_endpoint=None))]
fn decode_files<'py>(
    py: Python<'py>,
    paths: Vec<String>,
    as_endpoint: Option<String>,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let decode = || paths.iter().map(|path| decode_file(Path::new(path), as_endpoint.as_deref())).collect();
    let reports: Vec<Report> = py.detach(decode);
    paths.iter().zip(reports).map(|(path, report)| to_dict(py, path, report)).collect()
}

fn to_dict<'py>(py: Python<'py>, path: &str, report: Report) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("file", path)?;
    dict.set_item("kind", report.kind)?;
    dict.set_item("ok", report.ok)?;
    dict.set_item("items", report.items)?;
    dict.set_item("unknown_fields", report.unknown_fields)?;
    dict.set_item("error", report.error)?;
    Ok(dict)
}

fn decode_file(path: &Path, endpoint: Option<&str>) -> Report {
    let content = match read(path) {
        Ok(content) => content,
        Err(error) => return Report::failed(error),
    };
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    if path.extension().is_some_and(|ending| ending == "jsonl") {
        return decode_lines(&content, endpoint, folder);
    }
    let whole = decode_one(&content, endpoint, folder);
    // A text of several frames, one a line, is no JSON as a whole.
    let is_lines = !whole.ok && serde_json::from_slice::<IgnoredAny>(&content).is_err();
    let first = lines(&content).next();
    if is_lines && first.is_some_and(|(_, line)| serde_json::from_slice::<IgnoredAny>(line).is_ok()) {
        return decode_lines(&content, endpoint, folder);
    }
    whole
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    let file = File::open(path).map_err(|e| format!("cannot be read: {e}"))?;
    file.take(MAX_FILE + 1).read_to_end(&mut content).map_err(|e| format!("cannot be read: {e}"))?;
    if content.len() as u64 > MAX_FILE {
        return Err(format!("longer than {MAX_FILE} bytes"));
    }
    Ok(content)
}

/// The lines that hold something, numbered from 1.
fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines =
        content.split(|byte| *byte == b'\n').enumerate().map(|(at, line)| (at + 1, line.trim_ascii()));
    lines.filter(|(_, line)| !line.is_empty())
}

/// One frame or body a line, bare or as a tape has it: `{"recv_us": …, "frame": …}`.
fn decode_lines(content: &[u8], endpoint: Option<&str>, folder: Option<&str>) -> Report {
    #[derive(Deserialize)]
    struct Taped<'a> {
        #[serde(borrow)]
        frame: &'a RawValue,
    }
    let mut kinds = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    let (mut items, mut failures, mut first) = (0, 0_usize, None);
    for (number, line) in lines(content) {
        let taped = serde_json::from_slice::<Taped<'_>>(line).ok();
        let bytes = taped.map_or(line, |taped| taped.frame.get().as_bytes());
        let report = decode_one(bytes, endpoint, folder);
        items += report.items;
        unknown.extend(report.unknown_fields);
        if let Some(error) = report.error {
            failures += 1;
            first.get_or_insert(format!("line {number}: {error}"));
        }
        kinds.insert(report.kind);
    }
    let error = first
        .map(|first| if failures > 1 { format!("{first} (and {} more lines)", failures - 1) } else { first });
    let error = error.or_else(|| kinds.is_empty().then(|| "empty".to_owned()));
    Report {
        kind: kinds.into_iter().collect::<Vec<_>>().join(", "),
        ok: error.is_none(),
        items,
        unknown_fields: unknown.into_iter().collect(),
        error,
    }
}

fn decode_one(bytes: &[u8], endpoint: Option<&str>, folder: Option<&str>) -> Report {
    if endpoint.is_none() && is_frame(bytes) {
        let report = decode_frame_report(bytes);
        return Report {
            kind: report.kind,
            ok: report.ok,
            items: report.items,
            unknown_fields: report.unknown_fields,
            error: report.error,
        };
    }
    let report = decode_body(endpoint, folder, bytes);
    Report {
        kind: report.kind,
        ok: report.ok,
        items: report.items,
        unknown_fields: report.unknown_fields,
        error: report.error,
    }
}

/// Whether it is a WebSocket frame: those name a subscription, an event or an operation, bodies do not.
fn is_frame(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Outer {
        arg: Option<IgnoredAny>,
        event: Option<IgnoredAny>,
        op: Option<IgnoredAny>,
    }
    let bytes = bytes.trim_ascii();
    bytes == b"pong"
        || serde_json::from_slice::<Outer>(bytes)
            .is_ok_and(|outer| outer.arg.is_some() || outer.event.is_some() || outer.op.is_some())
}

/// Adds the function.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(decode_files, module)?)
}
