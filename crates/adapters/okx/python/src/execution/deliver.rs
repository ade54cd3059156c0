//! News of the desk to callbacks, on the loop's thread.

use std::sync::Arc;

use okx_common::enums::ExecType;
use okx_core::{
    desk::{AccountNews, DeskEvent, Note as DeskNote},
    orders::tracker::{EventKind, External, Fill, Level as DeskLevel, OrderEvent},
};
use pyo3::{
    PyTraverseError, PyVisit, intern,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

use super::{
    instruments::{Instruments, Known},
    machine::{LINES, Told},
    rows,
    values::{Values, side_number},
    waiting::Waiting,
};
use crate::{
    complaints::Complaints,
    errors::{Class, Failure},
    stream::spec::nanos,
    stream::{Level, Note},
};

/// The callbacks.
#[derive(Debug)]
pub struct Callbacks {
    /// Takes what happens to orders.
    pub on_event: Py<PyAny>,
    /// Takes orders and fills that are not ours.
    pub on_report: Py<PyAny>,
    /// Takes balances and positions.
    pub on_account: Py<PyAny>,
    /// Takes everything else.
    pub on_note: Py<PyAny>,
}

/// See the module.
pub struct Deliver {
    callbacks: Callbacks,
    values: Arc<Values>,
    instruments: Arc<Instruments>,
    waiting: Arc<Waiting>,
    complaints: Complaints,
}

type Kind<'py> = &'py Bound<'py, PyString>;

impl Deliver {
    /// For these callbacks.
    pub fn new(
        callbacks: Callbacks,
        values: Arc<Values>,
        instruments: Arc<Instruments>,
        waiting: Arc<Waiting>,
    ) -> Self {
        Self { callbacks, values, instruments, waiting, complaints: Complaints::default() }
    }

    /// Shows the callbacks to the garbage collector.
    ///
    /// # Errors
    /// What the visitor answers.
    pub fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.callbacks.on_event)?;
        visit.call(&self.callbacks.on_report)?;
        visit.call(&self.callbacks.on_account)?;
        visit.call(&self.callbacks.on_note)
    }

    /// What must leave the loop's callback.
    pub const fn take_fatal(&mut self) -> Option<PyErr> {
        self.complaints.take_fatal()
    }

    /// Passes something on.
    pub fn tell(&mut self, py: Python<'_>, told: Told) {
        match told {
            Told::Desk(event) => self.desk(py, event),
            Told::Denied { client_order_id, instrument_id, reason } => {
                self.denied(py, &client_order_id, instrument_id.bind(py), &reason);
            }
            Told::Note(note) => self.note(py, &note),
            Told::OpenTimedOut => self.waiting.time_out(py),
        }
    }

    fn desk(&mut self, py: Python<'_>, event: DeskEvent) {
        match event {
            DeskEvent::Order { client_order_id, event } => self.order(py, &client_order_id, event),
            DeskEvent::Denied { client_order_id, inst_id, reason } => {
                let known = self.instruments.of_okx(&inst_id);
                let none = py.None();
                let instrument_id = known.as_ref().map_or(&none, |known| &known.object);
                self.denied(py, &client_order_id, instrument_id.bind(py), &reason);
            }
            DeskEvent::Unknown { client_order_id, kind } => {
                let (EventKind::CancelRejected { reason } | EventKind::ModifyRejected { reason }) = &kind
                else {
                    return;
                };
                let name = PyString::intern(py, kind.name());
                let detail = PyTuple::new(py, [reason]);
                let none = py.None();
                self.event(py, &name, &client_order_id, none.bind(py), None, 0, detail);
            }
            DeskEvent::External(external) => self.external(py, external),
            DeskEvent::Account(news) => self.account(py, &news),
            DeskEvent::Greeks(greeks) => {
                let row = crate::rows::to_python(py, &greeks);
                self.report(py, intern!(py, "greeks"), row);
            }
            DeskEvent::NearLiquidation(near) => {
                let row = crate::rows::to_python(py, &*near);
                self.report(py, intern!(py, "liquidation_warning"), row);
            }
            DeskEvent::Note(note) => self.desk_note(py, note),
            DeskEvent::Ready => {
                let text = "logged in and subscribed, and what happened meanwhile is known";
                self.note(py, &Note::new("ready", Level::Info, text));
                self.waiting.ready(py);
            }
            DeskEvent::Lost => {
                self.waiting.lost();
                let text = "the private connection is down: commands are refused until it is back";
                self.note(py, &Note::new("lost", Level::Warning, text));
            }
            DeskEvent::LoginFailed { line, code, msg, is_final } => {
                let kind = LINES[line];
                let text = format!("OKX refused the login ({kind}): {code} {msg}");
                let level = if is_final { Level::Error } else { Level::Warning };
                self.note(py, &Note::new("login_failed", level, text).link(kind).code(code));
                let text = format!("OKX refused the login ({kind}): {msg}");
                self.waiting.trouble(py, Failure::new(Class::Connection, "login", text).code(code), is_final);
            }
            DeskEvent::Refused { channel, code, msg } => {
                let text = format!("OKX refused the channel {channel}: {code} {msg}");
                self.note(py, &Note::new("subscription_failed", Level::Error, text).code(code));
                let text = format!("OKX refused the channel {channel}: {msg}");
                self.waiting.trouble(py, Failure::new(Class::Subscription, "channel", text).code(code), true);
            }
        }
    }

    fn order(&mut self, py: Python<'_>, client_order_id: &str, event: OrderEvent) {
        let OrderEvent { inst_id, venue_id, ts_ms, kind, .. } = event;
        let Some(known) = self.instruments.of_okx(&inst_id) else {
            // Orders go out on registered instruments only.
            let text = format!("{} of {client_order_id}: {inst_id} is not registered", kind.name());
            return self.note(py, &Note::new("decode_error", Level::Error, text));
        };
        let name = match kind.name() {
            // The strategy makes these two itself.
            "pending_update" | "pending_cancel" => return,
            name => PyString::intern(py, name),
        };
        let venue_id = venue_id.as_ref().map(|id| id.as_str());
        let ts_ns = ts_ms.and_then(|ms| nanos(ms).ok()).unwrap_or(0);
        let detail = self.detail(py, &known, &kind);
        self.event(py, &name, client_order_id, known.object.bind(py), venue_id, ts_ns, detail);
    }

    fn detail<'py>(&self, py: Python<'py>, known: &Known, kind: &EventKind) -> PyResult<Bound<'py, PyTuple>> {
        let price = |px| self.values.price(py, px, known.price_precision);
        match kind {
            EventKind::Updated { quantity, price: px, trigger_price, now_in_base } => {
                let quantity = self.values.quantity(py, *quantity, known.size_precision)?;
                let px = px.map(price).transpose()?;
                let trigger = trigger_price.map(price).transpose()?;
                (quantity, px, trigger, *now_in_base).into_pyobject(py)
            }
            EventKind::Filled(fill) => self.fill(py, known, fill),
            EventKind::Rejected { reason, due_post_only } => (reason, *due_post_only).into_pyobject(py),
            EventKind::ModifyRejected { reason }
            | EventKind::CancelRejected { reason }
            | EventKind::Canceled { reason }
            | EventKind::Expired { reason } => (reason,).into_pyobject(py),
            _ => Ok(PyTuple::empty(py)),
        }
    }

    fn fill<'py>(&self, py: Python<'py>, known: &Known, fill: &Fill) -> PyResult<Bound<'py, PyTuple>> {
        let quantity = self.values.quantity(py, fill.qty, known.size_precision)?;
        let price = self.values.price(py, fill.px, known.price_precision)?;
        let commission =
            fill.commission.as_ref().map(|paid| (paid.amount.to_string(), paid.ccy.as_str().to_owned()));
        let liquidity = fill.exec_type.as_ref().and_then(|kind| match kind {
            ExecType::Maker => Some(intern!(py, "maker")),
            ExecType::Taker => Some(intern!(py, "taker")),
            #[allow(unreachable_patterns, reason = "the enumeration may grow")]
            _ => None,
        });
        let side = side_number(fill.side);
        (&*fill.trade_id, side, quantity, price, commission, liquidity, &*fill.ord_id).into_pyobject(py)
    }

    #[expect(clippy::too_many_arguments, reason = "those of the callback")]
    fn event<'py>(
        &mut self,
        py: Python<'py>,
        kind: Kind<'py>,
        client_order_id: &str,
        instrument_id: &Bound<'py, PyAny>,
        venue_id: Option<&str>,
        ts_ns: u64,
        detail: PyResult<Bound<'py, PyTuple>>,
    ) {
        let detail = match detail {
            Ok(detail) => detail,
            Err(error) => {
                let text = format!("{kind} of {client_order_id}: {}", error.value(py));
                return self.note(py, &Note::new("decode_error", Level::Error, text));
            }
        };
        let arguments = (kind, client_order_id, instrument_id, venue_id, ts_ns, detail);
        if let Err(error) = self.callbacks.on_event.bind(py).call1(arguments) {
            self.complain(py, "on_event", error);
        }
    }

    fn denied(&mut self, py: Python<'_>, id: &str, instrument_id: &Bound<'_, PyAny>, reason: &str) {
        let detail = (reason,).into_pyobject(py);
        self.event(py, intern!(py, "denied"), id, instrument_id, None, 0, detail);
    }

    fn external(&mut self, py: Python<'_>, external: External) {
        match external {
            External::Order(row) => {
                self.report(py, intern!(py, "order"), crate::rows::to_python(py, &*row));
            }
            External::Fill(row) => self.report(py, intern!(py, "fill"), crate::rows::to_python(py, &*row)),
            External::Algo(row) => self.report(py, intern!(py, "algo"), rows::algo(py, &row)),
        }
    }

    fn report(&mut self, py: Python<'_>, kind: &Bound<'_, PyString>, row: PyResult<Bound<'_, PyAny>>) {
        let outcome = row.and_then(|row| self.callbacks.on_report.bind(py).call1((kind, row)));
        if let Err(error) = outcome {
            self.complain(py, "on_report", error);
        }
    }

    fn account(&mut self, py: Python<'_>, news: &AccountNews) {
        let arguments = || -> PyResult<_> {
            let balances = rows::balances(py, &news.changes.balances)?;
            let positions = rows::positions(py, &news.changes.positions)?;
            let totals = match &news.totals {
                Some(totals) => crate::rows::to_python(py, totals)?,
                None => PyDict::new(py).into_any(),
            };
            Ok((balances, positions, totals, news.ts_ms.unwrap_or(0)))
        };
        let outcome = arguments().and_then(|a| self.callbacks.on_account.bind(py).call1(a));
        if let Err(error) = outcome {
            self.complain(py, "on_account", error);
        }
    }

    fn desk_note(&mut self, py: Python<'_>, note: DeskNote) {
        let level = match note.level {
            DeskLevel::Info => Level::Info,
            DeskLevel::Warning => Level::Warning,
            DeskLevel::Error => Level::Error,
        };
        if level != Level::Info {
            self.waiting.heard(&note.text);
        }
        self.note(py, &Note::new(note.code, level, note.text));
    }

    /// Tells what happened.
    pub fn note(&mut self, py: Python<'_>, note: &Note) {
        let outcome = note.to_dict(py).and_then(|dict| self.callbacks.on_note.bind(py).call1((dict,)));
        if let Err(error) = outcome {
            self.complain(py, "on_note", error);
        }
    }

    #[cold]
    fn complain(&mut self, py: Python<'_>, callback: &str, error: PyErr) {
        if let Some(note) = self.complaints.note(py, callback, error, callback != "on_note") {
            self.note(py, &note);
        }
    }
}
