//! Watches the sockets and the time on the event loop.

use std::{
    os::fd::AsRawFd,
    sync::{Mutex, PoisonError},
};

use okx_common::clock::NANOS_PER_SECOND;
use okx_ws::session::LinkId;
use pyo3::{intern, prelude::*};

use super::{
    class::ExecutionStream,
    machine::{After, Change},
};

/// A socket that the loop does not take, and why.
pub type Refused = (usize, LinkId, String);

/// The loop calls it when a socket is ready.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_OrderSocketReady")]
pub struct Ready {
    stream: Py<ExecutionStream>,
    line: usize,
    link: LinkId,
}

#[pymethods]
impl Ready {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let stream = self.stream.bind(py);
        ExecutionStream::work(stream, |machine| machine.ready(self.line, self.link)).map(drop)
    }
}

/// The loop calls it when a deadline has come.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_OrderDeadline")]
pub struct Tick {
    stream: Py<ExecutionStream>,
}

#[pymethods]
impl Tick {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let stream = self.stream.bind(py);
        stream.get().tick();
        ExecutionStream::work(stream, super::machine::Machine::timeout)
    }
}

/// See the module.
#[derive(Default)]
pub struct Inline {
    /// When the timer fires, and its handle.
    timer: Mutex<Option<(u64, Py<PyAny>)>>,
}

impl Inline {
    fn take_timer(&self) -> Option<(u64, Py<PyAny>)> {
        self.timer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The timer has fired.
    pub fn tick(&self) {
        drop(self.take_timer());
    }

    /// Does what is left to do. Sockets that the loop does not take are answered.
    pub fn follow(&self, stream: &Bound<'_, ExecutionStream>, after: After, now_ns: u64) -> Vec<Refused> {
        let py = stream.py();
        let event_loop = stream.get().event_loop().bind(py);
        let mut refused = Vec::new();
        for change in after.changes {
            match change {
                Change::Opened(line, link, socket) => {
                    let asked = Py::new(py, Ready { stream: stream.clone().unbind(), line, link }).and_then(
                        |ready| {
                            event_loop.call_method1(intern!(py, "add_reader"), (socket.as_raw_fd(), ready))
                        },
                    );
                    if let Err(error) = asked {
                        let words = format!("the event loop does not take the socket: {}", error.value(py));
                        refused.push((line, link, words));
                    }
                }
                Change::Writing(line, link, socket, wanted) => {
                    let fd = socket.as_raw_fd();
                    let asked = if wanted {
                        Py::new(py, Ready { stream: stream.clone().unbind(), line, link })
                            .and_then(|ready| event_loop.call_method1(intern!(py, "add_writer"), (fd, ready)))
                    } else {
                        event_loop.call_method1(intern!(py, "remove_writer"), (fd,))
                    };
                    if let Err(error) = asked {
                        refused.push((line, link, error.value(py).to_string()));
                    }
                }
                Change::Gone(_, _, socket, was_writing) => {
                    let fd = socket.as_raw_fd();
                    let mut gone = event_loop.call_method1(intern!(py, "remove_reader"), (fd,));
                    if was_writing {
                        gone = gone.and(event_loop.call_method1(intern!(py, "remove_writer"), (fd,)));
                    }
                    if let Err(error) = gone {
                        // A closed loop watches nothing.
                        tracing::debug!(%error, "the loop did not let go of a socket");
                    }
                }
            }
        }
        if let Some(due_ns) = after.due_ns
            && let Err(error) = self.set_timer(stream, due_ns, now_ns)
        {
            error.write_unraisable(py, None);
        }
        refused
    }

    fn set_timer(&self, stream: &Bound<'_, ExecutionStream>, due_ns: u64, now_ns: u64) -> PyResult<()> {
        let py = stream.py();
        let is_set = {
            let timer = self.timer.lock().unwrap_or_else(PoisonError::into_inner);
            // One that fires early looks again.
            timer.as_ref().is_some_and(|(at_ns, _)| *at_ns <= due_ns)
        };
        if is_set {
            return Ok(());
        }
        self.cancel_timer(py)?;
        let secs = due_ns.saturating_sub(now_ns) as f64 / NANOS_PER_SECOND as f64;
        let tick = Tick { stream: stream.clone().unbind() };
        let handle =
            stream.get().event_loop().bind(py).call_method1(intern!(py, "call_later"), (secs, tick))?;
        *self.timer.lock().unwrap_or_else(PoisonError::into_inner) = Some((due_ns, handle.unbind()));
        Ok(())
    }

    /// No timer any more.
    ///
    /// # Errors
    /// If the loop refuses.
    pub fn cancel_timer(&self, py: Python<'_>) -> PyResult<()> {
        if let Some((_, handle)) = self.take_timer() {
            handle.bind(py).call_method0(intern!(py, "cancel"))?;
        }
        Ok(())
    }
}
