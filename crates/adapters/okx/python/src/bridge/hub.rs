//! The loop's side of a mailbox: futures and handlers, touched on the loop's thread only.

use std::{
    os::{fd::AsRawFd, unix::net::UnixStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use pyo3::{
    exceptions::{PyAttributeError, PyNotImplementedError},
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::PyList,
};
use rustc_hash::FxHashMap;
use tokio::task::AbortHandle;

use super::{
    mailbox::{Cell, Mailbox, Promise, clear, take_outcome},
    runtime::runtime,
};
use crate::errors::Failure;

/// Bytes to take from a wake-up socket where the loop reads it itself.
const WAKE_BYTES: usize = 64;

/// Called on the loop's thread, once for each batch of wake-ups.
type Handler = dyn Fn(Python<'_>) + Send + Sync;

type Finish = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

enum Slot {
    Future { future: Py<PyAny>, finish: Finish },
    Source(Arc<Handler>),
}

/// One for each event loop. Found by [`Hub::of`].
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_Hub")]
pub struct Hub {
    mailbox: Arc<Mailbox>,
    watched: UnixStream,
    slots: Mutex<FxHashMap<u64, Slot>>,
    next_id: AtomicU64,
    /// The process that made it; a forked child must not read from the parent's socket.
    owner: u32,
    /// For loops without `add_reader`: a read is under way.
    is_reading: AtomicBool,
    /// For loops without `add_reader`: the watched socket as a Python object.
    socket: Option<Py<PyAny>>,
}

impl Hub {
    /// The hub of a loop; call it on the loop's thread.
    ///
    /// # Errors
    /// If the loop is closed, or the system refuses a socket.
    pub fn of<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        static HUBS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = event_loop.py();
        let hubs = HUBS
            .get_or_try_init(py, || {
                py.import("weakref")?.getattr("WeakKeyDictionary")?.call0().map(Bound::unbind)
            })?
            .bind(py);
        let found = hubs.call_method1(intern!(py, "get"), (event_loop,))?;
        if !found.is_none() {
            let hub = found.cast_into::<Self>()?;
            if hub.get().owner == std::process::id() {
                Self::ensure_read(&hub, event_loop)?;
                return Ok(hub);
            }
        }
        forget_closed(hubs)?;
        let hub = Self::attach(event_loop)?;
        hubs.set_item(event_loop, &hub)?;
        Ok(hub)
    }

    /// Makes a hub and lets the loop watch it.
    fn attach<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        let py = event_loop.py();
        let (mailbox, watched) = Mailbox::new()?;
        let fd = watched.as_raw_fd();
        let mut hub = Self {
            mailbox,
            watched,
            slots: Mutex::default(),
            next_id: AtomicU64::new(1),
            owner: std::process::id(),
            is_reading: AtomicBool::new(false),
            socket: None,
        };
        if !has_readers(event_loop)? {
            // The Python socket gets a descriptor of its own, which it closes itself.
            let copy = std::os::fd::IntoRawFd::into_raw_fd(hub.watched.try_clone()?);
            let class = py.import("socket")?.getattr("socket")?;
            let options = pyo3::types::PyDict::new(py);
            options.set_item("fileno", copy)?;
            let socket = class.call((), Some(&options))?;
            socket.call_method1("setblocking", (false,))?;
            hub.socket = Some(socket.unbind());
        }
        let hub = Bound::new(py, hub)?;
        if hub.get().socket.is_none() {
            event_loop.call_method1("add_reader", (fd, &hub))?;
        }
        Self::ensure_read(&hub, event_loop)?;
        Ok(hub)
    }

    /// Starts a read on a loop without `add_reader`, unless one is under way.
    fn ensure_read(hub: &Bound<'_, Self>, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = hub.py();
        let this = hub.get();
        let Some(socket) = &this.socket else { return Ok(()) };
        if this.is_reading.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let read = event_loop.call_method1("sock_recv", (socket.bind(py), WAKE_BYTES))?;
        let task = event_loop.call_method1("create_task", (read,))?;
        task.call_method1("add_done_callback", (hub.getattr("_on_read")?,))?;
        Ok(())
    }

    fn slots(&self) -> MutexGuard<'_, FxHashMap<u64, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, slot: Slot) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        self.slots().insert(id, slot);
        id
    }

    /// An `asyncio.Future` of this loop, and what completes it from any thread. `convert` runs on the loop's thread.
    ///
    /// # Errors
    /// If the loop refuses.
    pub fn promise<'py, T, C>(
        &self,
        event_loop: &Bound<'py, PyAny>,
        convert: C,
    ) -> PyResult<(Promise<T>, Bound<'py, PyAny>)>
    where
        T: Send + 'static,
        C: FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        let py = event_loop.py();
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        let cell: Cell<T> = Arc::default();
        let outcome = cell.clone();
        let finish: Finish = Box::new(move |py| convert(py, take_outcome(&outcome)?));
        let id = self.add(Slot::Future { future: future.clone().unbind(), finish });
        Ok((Promise { cell, mailbox: self.mailbox.clone(), id }, future))
    }

    /// Runs a future on the shared runtime; see [`super::spawn_with`].
    ///
    /// # Errors
    /// If the loop refuses.
    pub fn spawn<'py, F, T, E, C>(
        hub: &Bound<'py, Self>,
        event_loop: &Bound<'py, PyAny>,
        future: F,
        convert: C,
    ) -> PyResult<Bound<'py, PyAny>>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
        C: FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        let (promise, awaited) = hub.get().promise(event_loop, convert)?;
        let id = promise.id;
        let task = runtime().spawn(async move {
            let outcome = future.await.map_err(Into::into);
            promise.resolve(outcome);
        });
        let on_done = OnDone { hub: hub.clone().unbind(), id, task: task.abort_handle() };
        awaited.call_method1(intern!(hub.py(), "add_done_callback"), (on_done,))?;
        Ok(awaited)
    }

    /// A handler on the loop's thread that any thread can have called: [`Source::wake`]. It stays until [`Self::remove`].
    pub fn source(&self, handler: impl Fn(Python<'_>) + Send + Sync + 'static) -> Source {
        Source { id: self.add(Slot::Source(Arc::new(handler))), mailbox: self.mailbox.clone() }
    }

    /// Forgets a handler; later wake-ups do nothing.
    pub fn remove(&self, source: &Source) {
        let gone = self.slots().remove(&source.id);
        drop(gone);
    }

    fn run(&self, py: Python<'_>) {
        clear(&self.watched);
        let ids = self.mailbox.take();
        for id in ids {
            let slot = {
                let mut slots = self.slots();
                match slots.get(&id) {
                    Some(Slot::Source(handler)) => Ok(handler.clone()),
                    Some(Slot::Future { .. }) => Err(slots.remove(&id)),
                    None => continue,
                }
            };
            match slot {
                Ok(handler) => handler(py),
                Err(Some(Slot::Future { future, finish })) => {
                    if let Err(error) = complete(future.bind(py), finish) {
                        error.write_unraisable(py, Some(future.bind(py)));
                    }
                }
                Err(_) => {}
            }
        }
    }
}

#[pymethods]
impl Hub {
    /// The loop found the socket readable.
    fn __call__(&self, py: Python<'_>) {
        self.run(py);
    }

    /// A read of a loop without `add_reader` has ended.
    fn _on_read(slf: &Bound<'_, Self>, task: &Bound<'_, PyAny>) -> PyResult<()> {
        slf.get().is_reading.store(false, Ordering::Relaxed);
        if task.call_method0("cancelled")?.is_truthy()? || !task.call_method0("exception")?.is_none() {
            // The loop is ending. The next future starts a new read.
            return Ok(());
        }
        slf.get().run(slf.py());
        Self::ensure_read(slf, &task.call_method0("get_loop")?)
    }
}

/// Ends the work for a future that was cancelled.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_OnDone")]
struct OnDone {
    hub: Py<Hub>,
    id: u64,
    task: AbortHandle,
}

#[pymethods]
impl OnDone {
    fn __call__(&self, future: &Bound<'_, PyAny>) -> PyResult<()> {
        if future.call_method0(intern!(future.py(), "cancelled"))?.is_truthy()? {
            self.task.abort();
            let gone = self.hub.get().slots().remove(&self.id);
            drop(gone);
        }
        Ok(())
    }
}

/// Wakes a handler of a loop; cheap to clone, usable on any thread.
#[derive(Debug, Clone)]
pub struct Source {
    id: u64,
    mailbox: Arc<Mailbox>,
}

impl Source {
    /// Has the handler called on its loop. Wake-ups before the loop gets to it may be several calls; the handler must find out
    /// what there is to do.
    pub fn wake(&self) {
        self.mailbox.post(self.id);
    }
}

fn complete(future: &Bound<'_, PyAny>, finish: Finish) -> PyResult<()> {
    let py = future.py();
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(());
    }
    match finish(py) {
        Ok(value) => future.call_method1(intern!(py, "set_result"), (value,))?,
        Err(error) => future.call_method1(intern!(py, "set_exception"), (error.into_value(py),))?,
    };
    Ok(())
}

/// Whether the loop can watch descriptors.
pub(crate) fn has_readers(event_loop: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = event_loop.py();
    // Removing what was never added answers False where it is implemented.
    match event_loop.call_method1("remove_reader", (UnixStream::pair()?.0.as_raw_fd(),)) {
        Ok(_) => Ok(true),
        Err(e)
            if e.is_instance_of::<PyNotImplementedError>(py) || e.is_instance_of::<PyAttributeError>(py) =>
        {
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

/// Lets go of the hubs of closed loops: futures they still hold would keep the loops alive.
fn forget_closed(hubs: &Bound<'_, PyAny>) -> PyResult<()> {
    for event_loop in PyList::new(hubs.py(), hubs.try_iter()?.collect::<PyResult<Vec<_>>>()?)? {
        if event_loop.call_method0("is_closed")?.is_truthy()? {
            hubs.del_item(event_loop)?;
        }
    }
    Ok(())
}
