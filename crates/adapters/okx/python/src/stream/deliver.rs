//! Structs to objects to callbacks, on the loop's thread.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use okx_core::latency::add;
use pyo3::{PyTraverseError, PyVisit, prelude::*};

use super::{
    front::Front,
    item::{Answer, Object, Sink, Ticket},
    note::{Level, Note},
    shared::Kind,
    spec::Slot,
};
use crate::{
    complaints::Complaints,
    handover::{self, Courier, Delta, Depth10, InstrumentRef},
    rows,
};

/// The three callbacks.
#[derive(Debug)]
pub struct Callbacks {
    /// Takes objects.
    pub on_data: Py<PyAny>,
    /// Takes events.
    pub on_event: Option<Py<PyAny>>,
    /// Takes dicts.
    pub on_row: Option<Py<PyAny>>,
}

/// See the module.
pub struct Deliver {
    front: Arc<Front>,
    courier: Courier<'static>,
    callbacks: Callbacks,
    instruments: Vec<InstrumentRef>,
    bar_types: Vec<Py<PyAny>>,
    complaints: Complaints,
}

impl Deliver {
    /// For these callbacks.
    ///
    /// # Errors
    /// If the installed wheel cannot be served.
    pub fn new(py: Python<'_>, front: Arc<Front>, callbacks: Callbacks) -> PyResult<Self> {
        Ok(Self {
            front,
            courier: Courier::new(py)?,
            callbacks,
            instruments: Vec::new(),
            bar_types: Vec::new(),
            complaints: Complaints::default(),
        })
    }

    /// Shows the callbacks to the garbage collector.
    ///
    /// # Errors
    /// What the visitor answers.
    pub fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.callbacks.on_data)?;
        visit.call(&self.callbacks.on_event)?;
        visit.call(&self.callbacks.on_row)
    }

    /// This on a thread that is attached, as the engine's sink.
    pub const fn at<'a, 'py>(&'a mut self, py: Python<'py>) -> Live<'a, 'py> {
        Live { py, deliver: self }
    }

    /// What must leave the loop's callback.
    pub const fn take_fatal(&mut self) -> Option<PyErr> {
        self.complaints.take_fatal()
    }

    /// Whether the user has closed the stream meanwhile.
    #[inline]
    fn is_closed(&self) -> bool {
        self.front.shared.is_closed.load(Relaxed)
    }

    #[inline]
    fn ensure(&mut self, py: Python<'_>, slot: Slot) {
        if slot as usize >= self.instruments.len() {
            self.front.copy_instruments(py, &mut self.instruments);
        }
    }

    #[inline]
    fn finish(&mut self, py: Python<'_>, kind: Kind, made: PyResult<Bound<'_, PyAny>>) {
        match made {
            Ok(object) => {
                add(&self.front.shared.counts[kind as usize], 1);
                if let Err(error) = self.callbacks.on_data.bind(py).call1((object,)) {
                    self.complain(py, "on_data", error);
                }
            }
            Err(error) => self.refused(py, &error),
        }
    }

    #[cold]
    fn refused(&mut self, py: Python<'_>, error: &PyErr) {
        add(&self.front.shared.rows_skipped, 1);
        let text = format!("Nautilus refused an object: {}", error.value(py));
        self.note(py, &Note::new("decode_error", Level::Warning, text));
    }

    #[cold]
    fn complain(&mut self, py: Python<'_>, callback: &str, error: PyErr) {
        let say = callback != "on_event" && self.callbacks.on_event.is_some();
        if let Some(note) = self.complaints.note(py, callback, error, say) {
            self.note(py, &note);
        }
    }

    fn note(&mut self, py: Python<'_>, note: &Note) {
        let Some(on_event) = &self.callbacks.on_event else { return };
        let outcome = note.to_dict(py).and_then(|dict| on_event.bind(py).call1((dict,)));
        if let Err(error) = outcome {
            self.complain(py, "on_event", error);
        }
    }
}

/// A [`Deliver`] on an attached thread.
pub struct Live<'a, 'py> {
    py: Python<'py>,
    deliver: &'a mut Deliver,
}

impl Sink for Live<'_, '_> {
    #[inline]
    fn rows(&mut self) -> &mut Vec<Delta> {
        self.deliver.courier.rows()
    }

    #[inline]
    fn deltas(&mut self, slot: Slot, _must: bool) -> bool {
        let (py, this) = (self.py, &mut *self.deliver);
        if this.is_closed() {
            return true;
        }
        this.ensure(py, slot);
        if let Some(instrument) = this.instruments.get(slot as usize) {
            let made = this.courier.deltas(py, instrument);
            this.finish(py, Kind::Deltas, made);
        }
        true
    }

    fn depth10(&mut self, slot: Slot, row: &Depth10) -> bool {
        let (py, this) = (self.py, &mut *self.deliver);
        if this.is_closed() {
            return true;
        }
        this.ensure(py, slot);
        if let Some(instrument) = this.instruments.get(slot as usize) {
            let made = this.courier.depth10(py, instrument, row);
            this.finish(py, Kind::Depth10, made);
        }
        true
    }

    #[inline]
    fn object(&mut self, slot: Slot, object: Object) -> bool {
        let (py, this) = (self.py, &mut *self.deliver);
        if this.is_closed() {
            return true;
        }
        this.ensure(py, slot);
        let Some(instrument) = this.instruments.get(slot as usize) else { return true };
        let courier = &mut this.courier;
        let id = || instrument.object().bind(py);
        let (kind, made) = match object {
            Object::Quote(row) => (Kind::Quote, courier.quote(py, instrument, row)),
            Object::Trade(row) => (Kind::Trade, courier.trade(py, instrument, row)),
            Object::Mark(row) => (Kind::Mark, courier.price_update(py, instrument, row, true)),
            Object::Index(row) => (Kind::Index, courier.price_update(py, instrument, row, false)),
            Object::Bar(bar, row) => {
                if bar as usize >= this.bar_types.len() {
                    this.front.copy_bar_types(py, &mut this.bar_types);
                }
                let Some(bar_type) = this.bar_types.get(bar as usize) else { return true };
                (Kind::Bar, courier.wheel().bar(bar_type.bind(py), &row))
            }
            Object::Funding(f) => {
                let made =
                    handover::funding_rate(id(), f.rate, f.interval_mins, f.next_ns, f.ts_event, f.ts_init);
                (Kind::Funding, made)
            }
            Object::Status { state, ts_ns } => {
                (Kind::Status, handover::instrument_status(id(), &state, ts_ns, ts_ns))
            }
            Object::Greeks { greeks, ts_event, ts_init } => {
                (Kind::Greeks, handover::option_greeks(id(), &greeks, ts_event, ts_init))
            }
        };
        this.finish(py, kind, made);
        true
    }

    fn raw_rows(&mut self, channel: &str, frame: &[u8]) {
        let (py, this) = (self.py, &mut *self.deliver);
        let Some(on_row) = this.callbacks.on_row.as_ref().map(|c| c.clone_ref(py)) else { return };
        let rows = match rows::rows_of_frame(py, frame) {
            Ok(rows) => rows,
            Err(error) => return this.refused(py, &error),
        };
        for row in rows {
            if this.is_closed() {
                return;
            }
            add(&this.front.shared.counts[Kind::Row as usize], 1);
            if let Err(error) = on_row.bind(py).call1((channel, row)) {
                this.complain(py, "on_row", error);
            }
        }
    }

    fn note(&mut self, note: Note) {
        self.deliver.note(self.py, &note);
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if let Err(error) = self.deliver.front.answer(self.py, ticket, answer) {
            error.write_unraisable(self.py, None);
        }
    }
}
