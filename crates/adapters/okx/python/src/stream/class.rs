//! The class that Python sees.

mod build;
mod methods;
mod topic;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed};

use okx_common::clock::{Clock, SystemClock};
use okx_ws::{connect::Endpoint, session::LinkId};
use pyo3::{PyTraverseError, PyVisit, intern, prelude::*};
use tokio::sync::mpsc;

use super::{
    deliver::Deliver,
    engine::Engine,
    front::{Front, Order},
    inline::Inline,
    item::{Sink, Ticket},
    note::{Level, Note},
    threaded::{self, Batch, Item, Mailbox},
};
use crate::{
    bridge::{Hub, Source},
    errors::{Class, Failure},
};

/// Items handed over in one turn of the loop; the rest waits for the next.
const HANDOVERS_PER_TURN: usize = 4_096;

/// The native market-data path: OKX's public and business sockets to finished Nautilus objects.
#[pyclass(frozen, weakref, module = "nautilus_trader.adapters.okx.native._okx")]
pub struct MarketDataStream {
    event_loop: Py<PyAny>,
    front: Arc<Front>,
    driver: Driver,
    /// The future of `close`, once that was called.
    closing: Mutex<Option<Py<PyAny>>>,
}

enum Driver {
    /// Taken out while it works, so that calls from within a callback find it busy; gone when closed.
    Inline(Mutex<Option<Box<Inline>>>),
    Threaded {
        orders: mpsc::Sender<Order>,
        mailbox: Arc<Mailbox>,
        /// A weak reference to the stream, for the handler; made with the first call.
        this: Arc<Mutex<Option<Py<PyAny>>>>,
        /// As with `Inline`.
        desk: Mutex<Option<Box<Desk>>>,
    },
}

/// The loop's side of the threaded driver.
struct Desk {
    deliver: Deliver,
    hub: Py<Hub>,
    source: Source,
    clock: Arc<dyn Clock>,
    /// What was taken from the mailbox.
    batch: Batch,
    /// How much of it was handed over.
    at: usize,
}

/// The loop calls it when a socket is ready.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_Ready")]
pub struct Ready {
    pub(super) stream: Py<MarketDataStream>,
    pub(super) line: usize,
    pub(super) link: LinkId,
}

#[pymethods]
impl Ready {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let stream = self.stream.bind(py);
        stream.get().enter(stream, |driver| driver.ready(py, self.line, self.link))
    }
}

/// The loop calls it when a deadline has come.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "_Tick")]
pub struct Tick {
    pub(super) stream: Py<MarketDataStream>,
}

#[pymethods]
impl Tick {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let stream = self.stream.bind(py);
        stream.get().enter(stream, |driver| driver.tick(py))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MarketDataStream {
    fn inline(
        event_loop: &Bound<'_, PyAny>,
        front: Arc<Front>,
        engine: Engine,
        deliver: Deliver,
        endpoints: [Endpoint; 2],
    ) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let driver = Inline::new(engine, deliver, endpoints, clock, event_loop.clone().unbind());
        let driver = Driver::Inline(Mutex::new(Some(Box::new(driver))));
        Self { event_loop: event_loop.clone().unbind(), front, driver, closing: Mutex::default() }
    }

    fn threaded(
        event_loop: &Bound<'_, PyAny>,
        front: Arc<Front>,
        engine: Engine,
        deliver: Deliver,
        endpoints: [Endpoint; 2],
    ) -> PyResult<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let hub = Hub::of(event_loop)?;
        // The handler must not keep the stream alive: dropping that one ends the thread.
        let this: Arc<Mutex<Option<Py<PyAny>>>> = Arc::default();
        let weak = this.clone();
        let source = hub.get().source(move |py| {
            let weak = lock(&weak).as_ref().map(|weak| weak.clone_ref(py));
            let stream = weak.and_then(|weak| weak.bind(py).call0().ok());
            if let Some(stream) = stream.as_ref().and_then(|s| s.cast::<Self>().ok())
                && let Err(error) = stream.get().hand_over(stream)
            {
                error.write_unraisable(py, None);
            }
        });
        let mailbox = Arc::new(Mailbox::new(source.clone()));
        let shared = front.shared.clone();
        let orders = threaded::start(engine, endpoints, clock.clone(), mailbox.clone(), shared)?;
        let desk = Desk { deliver, hub: hub.unbind(), source, clock, batch: Batch::default(), at: 0 };
        let driver = Driver::Threaded { orders, mailbox, this, desk: Mutex::new(Some(Box::new(desk))) };
        let event_loop = event_loop.clone().unbind();
        Ok(Self { event_loop, front, driver, closing: Mutex::default() })
    }

    /// Lets the inline driver do something, then what was ordered meanwhile. While it is busy (a call from within a callback), it
    /// will find the orders when it is done.
    fn enter(&self, this: &Bound<'_, Self>, work: impl FnOnce(&mut Inline)) -> PyResult<()> {
        let Driver::Inline(slot) = &self.driver else { return Ok(()) };
        let py = this.py();
        let Some(mut driver) = lock(slot).take() else { return Ok(()) };
        work(&mut driver);
        let mut fatal = driver.settle(py, this);
        loop {
            while let Some(order) = self.front.next_order() {
                match order {
                    Order::Engine(command) => driver.command(py, command),
                    Order::Close(ticket) => {
                        driver.close(py, this, ticket);
                        self.give_up_waiting(py);
                        return fatal.map_or(Ok(()), Err);
                    }
                }
                fatal = fatal.or(driver.settle(py, this));
            }
            let mut place = lock(slot);
            // Another order may have come since the last look, from another thread.
            match self.front.next_order() {
                None => {
                    *place = Some(driver);
                    break;
                }
                Some(order) => self.front.order_back(order),
            }
        }
        fatal.map_or(Ok(()), Err)
    }

    /// Connection attempts of the inline driver have ended.
    pub(super) fn woken(&self, py: Python<'_>, this: &Bound<'_, Self>) {
        if let Err(error) = self.enter(this, |driver| driver.dialled(py, this)) {
            error.write_unraisable(py, None);
        }
    }

    /// Has the driver look at the orders.
    fn pump(&self, this: &Bound<'_, Self>) -> PyResult<()> {
        match &self.driver {
            Driver::Inline(_) => self.enter(this, |_| {}),
            Driver::Threaded { orders, this: weak, .. } => {
                let py = this.py();
                if lock(weak).is_none() {
                    let made = py.import("weakref")?.getattr(intern!(py, "ref"))?.call1((this,))?;
                    *lock(weak) = Some(made.unbind());
                }
                while let Some(order) = self.front.next_order() {
                    match orders.try_send(order) {
                        Ok(()) => {}
                        Err(mpsc::error::TrySendError::Full(order)) => {
                            self.front.order_back(order);
                            break;
                        }
                        // The thread has ended: closed.
                        Err(mpsc::error::TrySendError::Closed(_)) => self.give_up_waiting(py),
                    }
                }
                Ok(())
            }
        }
    }

    /// Hands over what the thread has left.
    fn hand_over(&self, this: &Bound<'_, Self>) -> PyResult<()> {
        let Driver::Threaded { mailbox, desk: slot, .. } = &self.driver else { return Ok(()) };
        let py = this.py();
        let Some(mut desk) = lock(slot).take() else { return Ok(()) };
        let ended = desk.hand_over(py, mailbox, &self.front);
        let fatal = desk.deliver.take_fatal();
        if let Some(ticket) = ended {
            let mut sink = desk.deliver.at(py);
            sink.note(Note::new("closed", Level::Info, "closed the sockets, the thread has ended"));
            sink.answer(ticket, Ok(None));
            self.give_up_waiting(py);
        } else {
            *lock(slot) = Some(desk);
        }
        self.pump(this)?;
        fatal.map_or(Ok(()), Err)
    }

    /// Nobody answers any more.
    fn give_up_waiting(&self, py: Python<'_>) {
        for ticket in self.front.open_tickets() {
            if let Err(error) = self.front.answer(py, ticket, Err(closed())) {
                error.write_unraisable(py, None);
            }
        }
    }

    /// Shows the callbacks to the garbage collector: they usually lead back to the owner of the stream. While the driver works, the
    /// stream is in use and no garbage.
    fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.driver {
            Driver::Inline(slot) => match slot.try_lock().as_deref() {
                Ok(Some(driver)) => driver.traverse(visit),
                _ => Ok(()),
            },
            Driver::Threaded { desk, .. } => match desk.try_lock().as_deref() {
                Ok(Some(desk)) => desk.deliver.traverse(visit),
                _ => Ok(()),
            },
        }
    }

    /// The stream is garbage: nobody waits for anything any more.
    fn clear(&self) {
        self.front.shared.is_closed.store(true, Relaxed);
        match &self.driver {
            Driver::Inline(slot) => {
                let gone = lock(slot).take();
                drop(gone);
            }
            Driver::Threaded { desk, .. } => {
                let gone = lock(desk).take();
                drop(gone);
            }
        }
    }

    fn is_closed(&self) -> bool {
        self.front.shared.is_closed.load(Relaxed)
    }

    /// Asks the driver for something; the answer completes the future.
    fn ask<'py>(this: &Bound<'py, Self>, order: impl FnOnce(Ticket) -> Order) -> PyResult<Bound<'py, PyAny>> {
        let py = this.py();
        let stream = this.get();
        let (ticket, future) = stream.front.ticket(stream.event_loop.bind(py))?;
        if stream.is_closed() {
            stream.front.answer(py, ticket, Err(closed()))?;
        } else if stream.front.order(order(ticket)) {
            stream.pump(this)?;
        } else {
            let text = "too many calls wait for the stream; the loop is blocked";
            stream.front.answer(py, ticket, Err(Failure::new(Class::Other, "internal", text)))?;
        }
        Ok(future)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.hub.get().remove(&self.source);
    }
}

impl Desk {
    /// Hands over a turn's worth; the ticket of the end, if that was reached.
    fn hand_over(&mut self, py: Python<'_>, mailbox: &Mailbox, front: &Front) -> Option<Ticket> {
        let mut left = HANDOVERS_PER_TURN;
        loop {
            if self.at >= self.batch.items.len() {
                mailbox.done(self.batch.weight);
                self.batch = mailbox.take();
                self.at = 0;
                if self.batch.items.is_empty() {
                    return None;
                }
            }
            if left == 0 {
                mailbox.wake();
                return None;
            }
            left -= 1;
            let placeholder = Item::Complete(0);
            let item = std::mem::replace(&mut self.batch.items[self.at], placeholder);
            self.at += 1;
            let mut sink = self.deliver.at(py);
            match item {
                Item::Deltas { slot, from, to } => {
                    sink.rows().extend_from_slice(&self.batch.rows[from..to]);
                    sink.deltas(slot, true);
                }
                Item::Depth10(slot, row) => {
                    sink.depth10(slot, &row);
                }
                Item::Object(slot, object) => {
                    sink.object(slot, object);
                }
                Item::Raw(channel, frame) => sink.raw_rows(&channel, &frame),
                Item::Note(note) => sink.note(*note),
                Item::Answer(ticket, answer) => sink.answer(ticket, answer),
                Item::Complete(read_ns) => {
                    front.shared.latency.note(self.clock.now().mono_ns.saturating_sub(read_ns));
                }
                Item::Ended(ticket) => return Some(ticket),
            }
        }
    }
}

fn closed() -> Failure {
    Failure::new(Class::Connection, "closed", "the stream is closed").advice("make a new one")
}
