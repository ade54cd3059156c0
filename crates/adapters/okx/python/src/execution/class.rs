//! The class that Python sees: locks, wake-ups, deliveries.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use okx_core::orders::context::AccountContext;
use pyo3::{PyTraverseError, PyVisit, intern, prelude::*};

use super::{
    deliver::Deliver,
    inline::Inline,
    lock,
    machine::{After, Machine, Told},
    post::Post,
    read::Reader,
    tasks::Tasks,
    waiting::{Waiting, answer},
};
use crate::{
    bridge::{Hub, Source},
    errors::{Class, Failure},
    stream::{Level, Note},
};

/// The native trading path: Nautilus' orders to OKX, and what becomes of them.
#[pyclass(frozen, weakref, module = "nautilus_trader.adapters.okx.native._okx")]
pub struct ExecutionStream {
    event_loop: Py<PyAny>,
    pub(super) machine: Arc<Mutex<Machine>>,
    post: Arc<Post>,
    pub(super) watch: Watch,
    /// The hub and what wakes the loop; made by the first `open`.
    source: OnceLock<(Py<Hub>, Source)>,
    /// Taken out while it works, so that calls from within a callback find it busy; gone when closed.
    delivery: Mutex<Option<Box<Deliver>>>,
    pub(super) reader: Reader,
    /// The modes of the account as last told.
    pub(super) account: Mutex<AccountContext>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) open_wait_ns: u64,
    /// The future of `close`, once that was called.
    closing: Mutex<Option<Py<PyAny>>>,
    is_closed: AtomicBool,
}

/// Who watches sockets and time.
pub enum Watch {
    /// The event loop.
    Inline(Inline),
    /// Tasks of the runtime, from the first `open` on.
    Threaded(OnceLock<Arc<Tasks>>),
}

/// What a stream is made of.
pub struct Parts {
    pub event_loop: Py<PyAny>,
    pub machine: Machine,
    pub post: Arc<Post>,
    pub is_inline: bool,
    pub deliver: Deliver,
    pub reader: Reader,
    pub account: Mutex<AccountContext>,
    pub waiting: Arc<Waiting>,
    pub open_wait_ns: u64,
}

impl ExecutionStream {
    /// Of these parts.
    pub fn of(parts: Parts) -> Self {
        let watch =
            if parts.is_inline { Watch::Inline(Inline::default()) } else { Watch::Threaded(OnceLock::new()) };
        Self {
            event_loop: parts.event_loop,
            machine: Arc::new(Mutex::new(parts.machine)),
            post: parts.post,
            watch,
            source: OnceLock::new(),
            delivery: Mutex::new(Some(Box::new(parts.deliver))),
            reader: parts.reader,
            account: parts.account,
            waiting: parts.waiting,
            open_wait_ns: parts.open_wait_ns,
            closing: Mutex::default(),
            is_closed: AtomicBool::new(false),
        }
    }

    /// The loop that it lives on.
    pub const fn event_loop(&self) -> &Py<PyAny> {
        &self.event_loop
    }

    /// The timer has fired.
    pub fn tick(&self) {
        if let Watch::Inline(inline) = &self.watch {
            inline.tick();
        }
    }

    /// Lets the machine do something; what it wants to send leaves before this returns. Then calls back.
    ///
    /// # Errors
    /// What a callback raised that must leave the loop's callback.
    pub fn work<R>(this: &Bound<'_, Self>, work: impl FnOnce(&mut Machine) -> R) -> PyResult<R> {
        let stream = this.get();
        let (result, after, now_ns) = {
            let mut machine = lock(&stream.machine);
            let result = work(&mut machine);
            (result, machine.carry_out(), machine.now_ns())
        };
        let has_news = stream.follow(this, after, now_ns);
        if has_news {
            stream.deliver(this.py())?;
        }
        Ok(result)
    }

    /// Does what is left to do outside of the lock. Whether there is news.
    fn follow(&self, this: &Bound<'_, Self>, mut after: After, mut now_ns: u64) -> bool {
        match &self.watch {
            Watch::Inline(inline) => loop {
                let has_news = after.has_news;
                let refused = inline.follow(this, after, now_ns);
                if refused.is_empty() {
                    return has_news;
                }
                let mut machine = lock(&self.machine);
                for (line, link, reason) in refused {
                    machine.fail(line, link, &reason);
                }
                after = machine.carry_out();
                now_ns = machine.now_ns();
            },
            Watch::Threaded(tasks) => {
                let has_news = after.has_news;
                if let Some(tasks) = tasks.get() {
                    tasks.follow(after);
                }
                has_news
            }
        }
    }

    /// Calls back. While it is busy (a call from within a callback), it will find the news when it is done.
    pub(super) fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let Some(mut deliver) = lock(&self.delivery).take() else { return Ok(()) };
        loop {
            let news: VecDeque<Told> = lock(&self.machine).take_told();
            if news.is_empty() {
                break;
            }
            for told in news {
                deliver.tell(py, told);
            }
        }
        let fatal = deliver.take_fatal();
        if self.is_closed.load(Relaxed) {
            deliver.note(py, &Note::new("closed", Level::Info, "closed the private sockets"));
        } else {
            *lock(&self.delivery) = Some(deliver);
        }
        fatal.map_or(Ok(()), Err)
    }

    /// Has the loop woken by the runtime, and the tasks of the threaded driver started.
    fn wake_up(this: &Bound<'_, Self>) -> PyResult<()> {
        let stream = this.get();
        if stream.source.get().is_some() {
            return Ok(());
        }
        let py = this.py();
        let hub = Hub::of(stream.event_loop.bind(py))?;
        // The handler must not keep the stream alive.
        let weak = py.import("weakref")?.getattr(intern!(py, "ref"))?.call1((this,))?.unbind();
        let source = hub.get().source(move |py| {
            let stream = weak.bind(py).call0();
            if let Some(stream) = stream.as_ref().ok().and_then(|s| s.cast::<Self>().ok())
                && let Err(error) = Self::woken(stream)
            {
                error.write_unraisable(py, None);
            }
        });
        match &stream.watch {
            Watch::Inline(_) => {
                let source = source.clone();
                stream.post.set_wake(move || source.wake());
            }
            Watch::Threaded(tasks) => {
                let tasks = tasks.get_or_init(|| Tasks::start(stream.machine.clone(), source.clone()));
                let tasks = Arc::downgrade(tasks);
                stream.post.set_wake(move || {
                    if let Some(tasks) = tasks.upgrade() {
                        tasks.look();
                    }
                });
            }
        }
        // Only this thread gets here.
        let _set = stream.source.set((hub.unbind(), source));
        Ok(())
    }

    /// The runtime has finished something.
    fn woken(this: &Bound<'_, Self>) -> PyResult<()> {
        match &this.get().watch {
            Watch::Inline(_) => Self::work(this, Machine::arrivals),
            Watch::Threaded(_) => this.get().deliver(this.py()),
        }
    }

    /// Opens the lines; the future is done when the desk is ready.
    pub(super) fn start<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, stream) = (this.py(), this.get());
        let future = stream.event_loop.bind(py).call_method0(intern!(py, "create_future"))?;
        if stream.is_closed() {
            answer(&future, Some(&closed()));
        } else if stream.waiting.wait(&future) {
            Self::wake_up(this)?;
            let wait_ns = stream.open_wait_ns;
            Self::work(this, |machine| machine.open(wait_ns))?;
        } else {
            answer(&future, None);
        }
        Ok(future)
    }

    /// Ends everything.
    pub(super) fn end<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, stream) = (this.py(), this.get());
        if let Some(future) = lock(&stream.closing).as_ref() {
            return Ok(future.bind(py).clone());
        }
        let future = stream.event_loop.bind(py).call_method0(intern!(py, "create_future"))?;
        *lock(&stream.closing) = Some(future.clone().unbind());
        stream.is_closed.store(true, Relaxed);
        let ended = Self::work(this, Machine::close).and_then(|()| stream.deliver(py));
        if let Watch::Inline(inline) = &stream.watch {
            inline.cancel_timer(py)?;
        }
        stream.stop();
        stream.waiting.give_up(py, &closed());
        answer(&future, None);
        ended.map(|()| future)
    }

    /// Lets go of the hub and the tasks.
    fn stop(&self) {
        if let Watch::Threaded(tasks) = &self.watch
            && let Some(tasks) = tasks.get()
        {
            tasks.stop();
        }
        if let Some((hub, source)) = self.source.get() {
            hub.get().remove(source);
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Relaxed)
    }

    /// Refuses calls on a closed stream.
    pub(super) fn ensure_open(&self) -> PyResult<()> {
        if self.is_closed() { Err(closed().into()) } else { Ok(()) }
    }

    /// Shows the callbacks to the garbage collector: they usually lead back to the owner of the stream.
    pub(super) fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.delivery.try_lock().as_deref() {
            Ok(Some(deliver)) => deliver.traverse(visit),
            _ => Ok(()),
        }
    }

    /// The stream is garbage: nobody waits for anything any more.
    pub(super) fn clear(&self) {
        self.is_closed.store(true, Relaxed);
        let gone = lock(&self.delivery).take();
        drop(gone);
    }
}

impl Drop for ExecutionStream {
    fn drop(&mut self) {
        let after = {
            let mut machine = lock(&self.machine);
            machine.close();
            machine.carry_out()
        };
        // Sockets are watched by the loop only while that holds the stream: there is nothing to unwatch.
        drop(after);
        self.stop();
    }
}

fn closed() -> Failure {
    Failure::new(Class::Connection, "closed", "the stream is closed").advice("make a new one")
}
