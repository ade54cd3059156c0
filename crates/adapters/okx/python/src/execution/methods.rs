//! The methods.

use okx_common::instrument::InstrumentRow;
use okx_core::{
    desk::LINES,
    orders::{description::ChangeDescription, request::SpreadSpec},
};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyList, PyMapping},
};

use super::{
    build::Arguments,
    class::{ExecutionStream, Watch},
    deliver::Callbacks,
    instruments::instrument_of,
    lock,
    machine::Told,
    read::{Header, decimal},
    restore::restored,
    settings,
};
use crate::{
    arguments::refused,
    http::HttpClient,
    stream::{Level, Note},
};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

impl ExecutionStream {
    /// Has an order denied.
    fn deny(header: Header<'_>, reason: String) -> Told {
        let Header { client_order_id, instrument_id } = header;
        Told::Denied { client_order_id, instrument_id: instrument_id.unbind(), reason }
    }

    /// Reads orders; those that cannot be read are denied.
    fn read(
        &self,
        orders: &[Bound<'_, PyAny>],
        params: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<(Vec<okx_core::desk::SubmitSpec>, Vec<Told>)> {
        let mut specs = Vec::with_capacity(orders.len());
        let mut told = Vec::new();
        let given = self.reader.params(params);
        for order in orders {
            let header = self.reader.header(order)?;
            let Some(known) = self.reader.instruments.of(&header.instrument_id)? else {
                let reason = format!(
                    "{} is not registered: load it with the instrument provider before trading it",
                    header.instrument_id.str()?
                );
                told.push(Self::deny(header, reason));
                continue;
            };
            let params = match &given {
                Ok(given) => given.params.clone(),
                Err(reason) => {
                    told.push(Self::deny(header, reason.clone()));
                    continue;
                }
            };
            specs.push(self.reader.spec(order, header.client_order_id, &known, params)?);
        }
        if let Ok(given) = &given
            && !given.unknown.is_empty()
        {
            let text = format!("unknown order parameters are ignored: {}", given.unknown.join(", "));
            told.push(Told::Note(Note::new("unknown_params", Level::Warning, text)));
        }
        Ok((specs, told))
    }
}

#[pymethods]
impl ExecutionStream {
    #[new]
    #[pyo3(signature = (
        r#loop,
        *,
        http,
        ws_private_url,
        ws_business_url,
        api_key,
        api_secret,
        api_passphrase,
        on_event,
        on_report,
        on_account,
        on_note,
        driver = "auto".to_owned(),
        settings = None,
        ca_pem = None,
        proxy_url = None,
        connect_timeout_secs = 30.0,
    ), text_signature = "(loop, *, http, ws_private_url, ws_business_url, api_key, api_secret, api_passphrase, on_event, on_report, on_account, on_note, driver='auto', settings=None, ca_pem=None, proxy_url=None, connect_timeout_secs=30.0)")]
    #[expect(clippy::too_many_arguments, reason = "keywords of the constructor")]
    fn new(
        py: Python<'_>,
        r#loop: Bound<'_, PyAny>,
        http: &Bound<'_, HttpClient>,
        ws_private_url: String,
        ws_business_url: String,
        api_key: String,
        api_secret: String,
        api_passphrase: String,
        on_event: Py<PyAny>,
        on_report: Py<PyAny>,
        on_account: Py<PyAny>,
        on_note: Py<PyAny>,
        driver: String,
        settings: Option<Bound<'_, PyDict>>,
        ca_pem: Option<Vec<u8>>,
        proxy_url: Option<String>,
        connect_timeout_secs: f64,
    ) -> PyResult<Self> {
        let arguments = Arguments {
            event_loop: r#loop,
            http: http.get().client.clone(),
            urls: [ws_private_url, ws_business_url],
            keys: [api_key, api_secret, api_passphrase],
            callbacks: Callbacks { on_event, on_report, on_account, on_note },
            driver,
            settings,
            ca_pem,
            proxy_url,
            connect_timeout_secs,
        };
        arguments.build(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(visit)
    }

    fn __clear__(&self) {
        self.clear();
    }

    fn __repr__(&self) -> String {
        let state = if self.is_closed() {
            "closed"
        } else if self.waiting.is_ready() {
            "ready"
        } else {
            "not ready"
        };
        format!("ExecutionStream({}, {state})", self.driver())
    }

    #[getter]
    fn driver(&self) -> &'static str {
        match self.watch {
            Watch::Inline(_) => "inline",
            Watch::Threaded(_) => "threaded",
        }
    }

    #[getter]
    fn is_ready(&self) -> bool {
        !self.is_closed() && self.waiting.is_ready()
    }

    /// Make an instrument tradable at once; again with a newer row replaces it. The row as `instruments()` gives it.
    fn register_instrument(
        slf: &Bound<'_, Self>,
        instrument_id: &Bound<'_, PyAny>,
        row: &Bound<'_, PyMapping>,
    ) -> PyResult<()> {
        let instrument = instrument_of(row)?;
        slf.get().reader.instruments.register(instrument_id, &instrument)?;
        let row = InstrumentRow::Ready(Box::new(instrument));
        Self::work(slf, |machine| machine.with(|desk, _| desk.instrument(row)))
    }

    /// Make a spread tradable, as `/sprd/spreads` tells it.
    fn register_spread(
        slf: &Bound<'_, Self>,
        instrument_id: &Bound<'_, PyAny>,
        sprd_id: String,
        tick_sz: &Bound<'_, PyAny>,
        lot_sz: &Bound<'_, PyAny>,
        min_sz: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let spec = SpreadSpec {
            sprd_id: sprd_id.into(),
            tick_sz: decimal(tick_sz)?,
            lot_sz: decimal(lot_sz)?,
            min_sz: decimal(min_sz)?,
        };
        slf.get().reader.instruments.register_spread(instrument_id, &spec)?;
        Self::work(slf, |machine| machine.with(|desk, _| desk.spread(spec)))
    }

    fn is_registered(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.reader.instruments.of(instrument_id)?.is_some())
    }

    /// The account's modes or limit are known now, or have changed.
    fn configure(slf: &Bound<'_, Self>, settings: &Bound<'_, PyDict>) -> PyResult<()> {
        let stream = slf.get();
        let mut account = lock(&stream.account).clone();
        let limits = settings::change(&mut account, settings)?;
        lock(&stream.account).clone_from(&account);
        Self::work(slf, |machine| {
            machine.with(|desk, _| {
                desk.account(account);
                if let Some(limit) = limits.account {
                    desk.set_account_limit(limit);
                }
            });
        })
    }

    /// An order of an earlier process, from the cache: before `open`, or when it is to be changed and was found by asking OKX. Raises
    /// `ValueError` if its instrument is not registered.
    fn restore(slf: &Bound<'_, Self>, order: &Bound<'_, PyAny>) -> PyResult<()> {
        let stream = slf.get();
        stream.ensure_open()?;
        let header = stream.reader.header(order)?;
        let Some(known) = stream.reader.instruments.of(&header.instrument_id)? else {
            let text = format!("{} is not registered", header.instrument_id.str()?);
            return Err(PyValueError::new_err(text));
        };
        let read = restored(&stream.reader, order, header.client_order_id, &known)?;
        Self::work(slf, |machine| machine.with(|desk, now| read.restore(desk, now)))?.map_err(refused)
    }

    /// Open both lines; done when logged in, subscribed and reconciled.
    fn open<'py>(slf: &Bound<'py, Self>) -> Answer<'py> {
        Self::start(slf)
    }

    /// Close both lines. Orders stay open at OKX. Nothing is called back afterwards. Idempotent.
    fn close<'py>(slf: &Bound<'py, Self>) -> Answer<'py> {
        Self::end(slf)
    }

    #[pyo3(signature = (order, params = None))]
    fn submit(
        slf: &Bound<'_, Self>,
        order: &Bound<'_, PyAny>,
        params: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let stream = slf.get();
        stream.ensure_open()?;
        let (specs, told) = stream.read(std::slice::from_ref(order), params)?;
        Self::work(slf, |machine| {
            machine.with(|desk, now| {
                for spec in specs {
                    desk.submit(spec, now);
                }
            });
            machine.tell_all(told);
        })
    }

    #[pyo3(signature = (orders, params = None))]
    fn submit_list(
        slf: &Bound<'_, Self>,
        orders: &Bound<'_, PyList>,
        params: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let stream = slf.get();
        stream.ensure_open()?;
        let orders: Vec<_> = orders.iter().collect();
        let (specs, told) = stream.read(&orders, params)?;
        Self::work(slf, |machine| {
            machine.with(|desk, now| desk.submit_list(specs, now));
            machine.tell_all(told);
        })
    }

    #[pyo3(signature = (client_order_id, quantity = None, price = None, trigger_price = None))]
    fn modify(
        slf: &Bound<'_, Self>,
        client_order_id: &str,
        quantity: Option<&Bound<'_, PyAny>>,
        price: Option<&Bound<'_, PyAny>>,
        trigger_price: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let stream = slf.get();
        stream.ensure_open()?;
        let number =
            |object: Option<&Bound<'_, PyAny>>| object.map(|o| stream.reader.values.number(o)).transpose();
        let change = ChangeDescription {
            quantity: number(quantity)?,
            price: number(price)?,
            trigger_price: number(trigger_price)?,
        };
        Self::work(slf, |machine| machine.with(|desk, now| desk.modify(client_order_id, change, now)))
    }

    fn cancel(slf: &Bound<'_, Self>, client_order_id: &str) -> PyResult<()> {
        slf.get().ensure_open()?;
        Self::work(slf, |machine| machine.with(|desk, now| desk.cancel(client_order_id, now)))
    }

    fn cancel_batch(slf: &Bound<'_, Self>, client_order_ids: Vec<String>) -> PyResult<()> {
        slf.get().ensure_open()?;
        Self::work(slf, |machine| machine.with(|desk, now| desk.cancel_batch(&client_order_ids, now)))
    }

    /// The `clOrdId` that an order goes to OKX with. Raises `ValueError` for an id that cannot be used.
    fn okx_id(slf: &Bound<'_, Self>, client_order_id: &str) -> PyResult<String> {
        let id = Self::work(slf, |machine| machine.with(|desk, _| desk.okx_id(client_order_id)))?;
        id.map(|id| id.to_string()).map_err(refused)
    }

    /// Whether an order is followed, or waits to be sent.
    fn knows(&self, client_order_id: &str) -> bool {
        lock(&self.machine).with(|desk, _| desk.knows(client_order_id))
    }

    fn nautilus_id(&self, cl_ord_id: &str) -> Option<String> {
        lock(&self.machine).desk().nautilus_id(cl_ord_id)
    }

    fn unresolved(&self) -> Vec<String> {
        lock(&self.machine).desk().unresolved()
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (stats, lines, requests) = {
            let machine = lock(&self.machine);
            let desk = machine.desk();
            let lines = [0, 1].map(|line| {
                let conn_id = desk.conn_id(line).map(str::to_owned);
                (machine.counts[line], machine.unsent(line), machine.is_open(line), desk.is_up(line), conn_id)
            });
            (desk.stats(), lines, machine.requests)
        };
        let dict = PyDict::new(py);
        dict.set_item("driver", self.driver())?;
        dict.set_item("is_ready", self.is_ready())?;
        dict.set_item("open_orders", stats.open)?;
        dict.set_item("known_orders", stats.known)?;
        dict.set_item("unresolved", stats.unresolved)?;
        dict.set_item("waiting", stats.waiting)?;
        dict.set_item("unanswered", stats.unanswered)?;
        dict.set_item("commands_sent", stats.commands_sent)?;
        dict.set_item("losses", stats.losses)?;
        dict.set_item("reconciliations", stats.reconciliations)?;
        dict.set_item("requests", requests)?;
        dict.set_item("requests_open", stats.calls)?;
        let all = PyDict::new(py);
        for (name, (counts, unsent, is_open, is_up, conn_id)) in LINES.iter().zip(lines) {
            let line = PyDict::new(py);
            let state = match (is_up, is_open) {
                (true, _) => "ready",
                (false, true) => "open",
                (false, false) => "closed",
            };
            line.set_item("state", state)?;
            line.set_item("connects", counts.connects)?;
            line.set_item("frames", counts.frames)?;
            line.set_item("bytes_received", counts.bytes_in)?;
            line.set_item("sent", counts.sent)?;
            line.set_item("unsent_bytes", unsent)?;
            line.set_item("conn_id", conn_id)?;
            all.set_item(name, line)?;
        }
        dict.set_item("lines", all)?;
        Ok(dict)
    }
}
