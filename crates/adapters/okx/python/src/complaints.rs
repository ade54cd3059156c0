//! Exceptions of callbacks: each kind is reported once, and nothing is lost by them.

use pyo3::{exceptions::PyException, prelude::*};
use rustc_hash::FxHashSet;

use crate::stream::{Level, Note};

/// Kinds of exceptions of callbacks that are told apart in reports.
const COMPLAINTS_MAX: usize = 64;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Complaints {
    seen: FxHashSet<String>,
    /// What a callback raised that is no error of the callback: `KeyboardInterrupt`, `SystemExit`.
    fatal: Option<PyErr>,
}

impl Complaints {
    /// What must leave the loop's callback.
    pub const fn take_fatal(&mut self) -> Option<PyErr> {
        self.fatal.take()
    }

    /// What to say of an exception of this callback; `None` if it was said, or is fatal. `say` is false for the callback that
    /// would be told: the interpreter's hook for exceptions nobody catches is told instead.
    #[cold]
    pub fn note(&mut self, py: Python<'_>, callback: &str, error: PyErr, say: bool) -> Option<Note> {
        if !error.is_instance_of::<PyException>(py) {
            self.fatal.get_or_insert(error);
            return None;
        }
        let class = error.get_type(py).name().map_or_else(|_| "an exception".to_owned(), |n| n.to_string());
        let place = place_of(py, &error);
        let key = format!("{callback} {class} {place}");
        if self.seen.len() >= COMPLAINTS_MAX || !self.seen.insert(key) {
            return None;
        }
        if !say {
            error.write_unraisable(py, None);
            return None;
        }
        let text = format!("{callback} raised {class}: {}{place}", error.value(py));
        let note = Note::new("callback_error", Level::Error, text);
        Some(note.advice("correct the callback; this is reported once, and the stream goes on"))
    }
}

/// ` (file.py:12)` of the innermost frame.
fn place_of(py: Python<'_>, error: &PyErr) -> String {
    fn innermost(traceback: Bound<'_, PyAny>) -> PyResult<String> {
        let mut here = traceback;
        loop {
            let next = here.getattr("tb_next")?;
            if next.is_none() {
                break;
            }
            here = next;
        }
        let line: u32 = here.getattr("tb_lineno")?.extract()?;
        let file: String = here.getattr("tb_frame")?.getattr("f_code")?.getattr("co_filename")?.extract()?;
        Ok(format!(" ({file}:{line})"))
    }
    error.traceback(py).and_then(|t| innermost(t.into_any()).ok()).unwrap_or_default()
}
