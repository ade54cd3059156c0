//! The loop's end of an inbox: callbacks and whoever iterates.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use pyo3::{exceptions::PyStopAsyncIteration, intern, prelude::*};

use super::inbox::Inbox;
use crate::{
    bridge::Source,
    rows,
    stream::{Level, Note},
};

/// Messages of one wake-up; then the loop has its turn.
const MESSAGES_PER_TURN: usize = 1_024;

/// What Python gave us to call.
pub(super) struct Callbacks {
    pub message: Option<Py<PyAny>>,
    pub event: Option<Py<PyAny>>,
}

/// Touched on the loop's thread only.
pub(super) struct Consumer {
    inbox: Arc<Inbox>,
    callbacks: Arc<Callbacks>,
    /// Futures of `__anext__` that wait.
    waiting: Mutex<VecDeque<Py<PyAny>>>,
    source: OnceLock<Source>,
}

impl Consumer {
    pub fn new(inbox: Arc<Inbox>, callbacks: Arc<Callbacks>) -> Arc<Self> {
        Arc::new(Self { inbox, callbacks, waiting: Mutex::default(), source: OnceLock::new() })
    }

    pub fn inbox(&self) -> &Arc<Inbox> {
        &self.inbox
    }

    /// What wakes it.
    pub fn set_source(&self, source: Source) {
        // Set once, right after it was made.
        let _ = self.source.set(source);
    }

    /// Called on the loop after something was left in the inbox.
    pub fn turn(&self, py: Python<'_>) {
        let frames_max = if self.callbacks.message.is_some() { MESSAGES_PER_TURN } else { 0 };
        let taken = self.inbox.take(frames_max);
        for event in &taken.events {
            self.tell(py, event);
        }
        if let Some(callback) = &self.callbacks.message {
            for frame in &taken.frames {
                let called = rows::json_to_python(py, frame).and_then(|dict| callback.call1(py, (dict,)));
                if let Err(error) = called {
                    self.callback_failed(py, error);
                }
            }
            if taken.has_more
                && let Some(source) = self.source.get()
            {
                source.wake();
            }
            return;
        }
        self.serve(py, taken.is_closed);
    }

    /// The future of the next message.
    pub fn next<'py>(&self, py: Python<'py>, event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        self.waiting().push_back(future.clone().unbind());
        self.serve(py, self.inbox.is_closed());
        Ok(future)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Py<PyAny>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives messages to those who wait; ends their iteration once nothing more can come.
    fn serve(&self, py: Python<'_>, is_closed: bool) {
        loop {
            let Some(future) = self.waiting().pop_front() else { return };
            let bound = future.bind(py);
            match self.answer(py, bound, is_closed) {
                Ok(true) => {}
                Ok(false) => return self.waiting().push_front(future),
                Err(error) => error.write_unraisable(py, Some(bound)),
            }
        }
    }

    /// Whether the future is settled; if not, there is nothing for it yet.
    fn answer(&self, py: Python<'_>, future: &Bound<'_, PyAny>, is_closed: bool) -> PyResult<bool> {
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            // Cancelled meanwhile: the message is for the next.
            return Ok(true);
        }
        let message = match self.inbox.pop() {
            Some(frame) => rows::json_to_python(py, &frame),
            None if is_closed => Err(PyStopAsyncIteration::new_err(())),
            None => return Ok(false),
        };
        match message {
            Ok(dict) => future.call_method1(intern!(py, "set_result"), (dict,))?,
            Err(error) => future.call_method1(intern!(py, "set_exception"), (error.into_value(py),))?,
        };
        Ok(true)
    }

    fn tell(&self, py: Python<'_>, note: &Note) {
        let Some(callback) = &self.callbacks.event else { return };
        let told = note.to_dict(py).and_then(|dict| callback.call1(py, (dict,)));
        if let Err(error) = told {
            error.write_unraisable(py, Some(callback.bind(py)));
        }
    }

    fn callback_failed(&self, py: Python<'_>, error: PyErr) {
        if self.callbacks.event.is_none() {
            error.write_unraisable(py, self.callbacks.message.as_ref().map(|c| c.bind(py)));
            return;
        }
        self.tell(py, &Note::new("callback_error", Level::Error, format!("the callback raised {error}")));
    }
}
