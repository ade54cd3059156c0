//! What the methods of the class and the driver share on the loop's thread: who is registered, who waits, what was asked for.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId},
};
use pyo3::{intern, prelude::*};
use rustc_hash::FxHashMap;

use super::{
    engine::Command,
    item::{Answer, Ticket},
    shared::Shared,
    spec::{Slot, Spec},
};
use crate::handover::InstrumentRef;

/// Instruments and bar types that a stream can hold; OKX lists some thousands.
const SLOTS_MAX: usize = 100_000;

/// Orders that wait for a driver; it takes them at once unless it is in the middle of something.
const ORDERS_MAX: usize = 100_000;

/// What was asked for, on its way to the driver.
#[derive(Debug)]
pub enum Order {
    /// For the engine.
    Engine(Command),
    /// The end; answered when nothing is left.
    Close(Ticket),
}

/// What the methods need to know of an instrument.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its place.
    pub slot: Slot,
    /// OKX's id.
    pub inst_id: InstId,
    /// OKX's kind.
    pub inst_type: InstType,
    /// The index it follows.
    pub index_inst_id: Option<InstId>,
    /// Its family.
    pub family: Option<InstFamily>,
}

#[derive(Debug, Default)]
struct Inner {
    known: FxHashMap<String, Known>,
    instruments: Vec<InstrumentRef>,
    bar_slots: FxHashMap<String, u32>,
    bar_types: Vec<Py<PyAny>>,
    futures: FxHashMap<Ticket, Py<PyAny>>,
    orders: VecDeque<Order>,
    next_ticket: Ticket,
}

/// See the module. The lock is never held while Python code may run.
#[derive(Debug, Default)]
pub struct Front {
    inner: Mutex<Inner>,
    /// Figures and flags.
    pub shared: Arc<Shared>,
}

impl Front {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A future of the loop, and the number to answer it by.
    ///
    /// # Errors
    /// If the loop refuses.
    pub fn ticket<'py>(&self, event_loop: &Bound<'py, PyAny>) -> PyResult<(Ticket, Bound<'py, PyAny>)> {
        let future = event_loop.call_method0(intern!(event_loop.py(), "create_future"))?;
        let mut inner = self.inner();
        inner.next_ticket += 1;
        let ticket = inner.next_ticket;
        inner.futures.insert(ticket, future.clone().unbind());
        Ok((ticket, future))
    }

    /// Completes a future.
    ///
    /// # Errors
    /// If the loop refuses.
    pub fn answer(&self, py: Python<'_>, ticket: Ticket, answer: Answer) -> PyResult<()> {
        let Some(future) = self.inner().futures.remove(&ticket) else { return Ok(()) };
        let future = future.bind(py);
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            return Ok(());
        }
        match answer {
            Ok(value) => future.call_method1(intern!(py, "set_result"), (value,))?,
            Err(failure) => {
                let error = failure.to_err(py)?;
                future.call_method1(intern!(py, "set_exception"), (error.into_value(py),))?
            }
        };
        Ok(())
    }

    /// Whoever still waits.
    pub fn open_tickets(&self) -> Vec<Ticket> {
        self.inner().futures.keys().copied().collect()
    }

    /// Puts an order into the queue of the driver; false if there is no room.
    #[must_use]
    pub fn order(&self, order: Order) -> bool {
        let mut inner = self.inner();
        let has_room = inner.orders.len() < ORDERS_MAX;
        if has_room {
            inner.orders.push_back(order);
        }
        has_room
    }

    /// Gives an order back that could not be carried out yet.
    pub fn order_back(&self, order: Order) {
        self.inner().orders.push_front(order);
    }

    /// The next order.
    pub fn next_order(&self) -> Option<Order> {
        self.inner().orders.pop_front()
    }

    /// Registers an instrument, or changes it; `None` if there are too many.
    pub fn register(&self, name: String, make: impl FnOnce(Slot) -> (InstrumentRef, Spec)) -> Option<()> {
        let mut inner = self.inner();
        let slot = match inner.known.get(&name) {
            Some(known) => known.slot,
            None if inner.instruments.len() >= SLOTS_MAX => return None,
            None => Slot::try_from(inner.instruments.len()).ok()?,
        };
        let (instrument, spec) = make(slot);
        if slot as usize == inner.instruments.len() {
            inner.instruments.push(instrument);
        }
        let known = Known {
            slot,
            inst_id: spec.inst_id.clone(),
            inst_type: spec.inst_type.clone(),
            index_inst_id: spec.index_inst_id.clone(),
            family: spec.family.clone(),
        };
        inner.known.insert(name, known);
        inner.orders.push_back(Order::Engine(Command::Register(Box::new(spec))));
        Some(())
    }

    /// The instrument of this name.
    pub fn known(&self, name: &str) -> Option<Known> {
        self.inner().known.get(name).cloned()
    }

    /// The place of a bar type; `None` if there are too many.
    pub fn bar_slot(&self, name: String, bar_type: &Bound<'_, PyAny>) -> Option<u32> {
        let bar_type = bar_type.clone().unbind();
        let mut inner = self.inner();
        if let Some(slot) = inner.bar_slots.get(&name) {
            return Some(*slot);
        }
        let slot = u32::try_from(inner.bar_types.len()).ok().filter(|slot| (*slot as usize) < SLOTS_MAX)?;
        inner.bar_slots.insert(name, slot);
        inner.bar_types.push(bar_type);
        Some(slot)
    }

    /// Adds the instruments from `to.len()` on.
    pub fn copy_instruments(&self, py: Python<'_>, to: &mut Vec<InstrumentRef>) {
        let inner = self.inner();
        let from = to.len();
        to.extend(inner.instruments.iter().skip(from).map(|instrument| instrument.clone_ref(py)));
    }

    /// Adds the bar types from `to.len()` on.
    pub fn copy_bar_types(&self, py: Python<'_>, to: &mut Vec<Py<PyAny>>) {
        let inner = self.inner();
        let from = to.len();
        to.extend(inner.bar_types.iter().skip(from).map(|bar_type| bar_type.clone_ref(py)));
    }
}
