//! Results of Rust tasks on Python's event loops, without any thread of ours entering the interpreter.
//!
//! Each loop has one [`Mailbox`]: a queue and a socket pair. A task puts an id into the queue and, if it is the first, a byte
//! into the socket; the loop, which watches the socket with `add_reader`, takes the whole queue in one wake-up and completes the
//! futures on its own thread. Loops without `add_reader` wait with `sock_recv` instead, so that they need no foreign thread
//! either. All Python objects (futures, handlers) stay with the loop's side, the [`Hub`]; tasks know numbers only.
//!
//! * Interpreter exit: threads of the runtime never hold nor wait for the interpreter, so nothing can dead-lock or crash.
//! * Loop close: what arrives afterwards is dropped with the mailbox.
//! * Fork: a child gets mailboxes and a runtime of its own; the parent's are left alone.
//!
//! ```ignore
//! fn server_time<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
//!     let client = self.client.clone();
//!     bridge::spawn(py, async move { client.server_time().await.map_err(Failure::from) })
//! }
//! ```

mod hub;
mod mailbox;
mod runtime;

pub(crate) use hub::has_readers;
pub use hub::{Hub, Source};
pub use mailbox::Promise;
pub use runtime::runtime;

use pyo3::{IntoPyObjectExt, prelude::*, sync::PyOnceLock};

use crate::errors::Failure;

/// Runs a future on the shared runtime; the answer is an `asyncio.Future` of the running loop. Cancelling that one aborts it.
///
/// # Errors
/// `RuntimeError` if no loop is running.
pub fn spawn<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<Failure> + Send + 'static,
{
    spawn_with(py, future, |py, value: T| value.into_py_any(py))
}

/// Like [`spawn`], with a function that turns the result into a Python object on the loop's thread. The function may hold Python
/// objects: it never leaves that thread.
///
/// # Errors
/// `RuntimeError` if no loop is running.
pub fn spawn_with<F, T, E, C>(py: Python<'_>, future: F, convert: C) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: Into<Failure> + Send + 'static,
    C: FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
{
    let event_loop = running_loop(py)?;
    Hub::spawn(&Hub::of(&event_loop)?, &event_loop, future, convert)
}

/// The loop that runs on this thread.
///
/// # Errors
/// `RuntimeError` if there is none.
pub fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static GET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    GET.import(py, "asyncio", "get_running_loop")?.call0()
}
