//! The methods.

use std::sync::atomic::Ordering::Relaxed;

use okx_common::{enums::InstType, hosts::UrlKind};
use okx_ws::{Channel, Topic};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyList, PyMapping},
};

use super::{
    Driver, MarketDataStream,
    build::Arguments,
    lock,
    topic::{bar_of, refused},
};
use crate::{
    arguments::{topic_of, wait_of},
    handover::wheel,
    rows,
    stream::{
        deliver::Callbacks,
        engine::Command,
        front::{Known, Order},
        route::{Conventions, User, instruments_topic},
        shared::{KINDS, LINES, LineState},
        spec::Spec,
    },
};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// The book channels that can be chosen.
const BOOKS: [Channel; 4] = [Channel::Books, Channel::Books50L2Tbt, Channel::BooksL2Tbt, Channel::BooksRpi];

impl MarketDataStream {
    fn known(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<Known> {
        let name = instrument_id.str()?.to_string();
        self.front
            .known(&name)
            .ok_or_else(|| refused(format!("{name} is not registered"), "call register_instrument first"))
    }

    fn subscribe<'py>(
        this: &Bound<'py, Self>,
        user: User,
        topic: Topic,
        conventions: Conventions,
    ) -> Answer<'py> {
        Self::ask(this, |ticket| Order::Engine(Command::Subscribe { ticket, user, topic, conventions }))
    }

    fn unsubscribe<'py>(this: &Bound<'py, Self>, user: User, topic: Option<Topic>) -> Answer<'py> {
        Self::ask(this, |ticket| Order::Engine(Command::Unsubscribe { ticket, user, topic }))
    }

    /// Subscribes a channel whose only argument is the instrument.
    fn subscribe_one<'py>(
        this: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
        channel: Channel,
        user: fn(u32) -> User,
    ) -> Answer<'py> {
        let known = this.get().known(instrument_id)?;
        Self::subscribe(this, user(known.slot), Topic::inst(channel, known.inst_id), Conventions::BOTH)
    }

    fn unsubscribe_one<'py>(
        this: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
        user: fn(u32) -> User,
    ) -> Answer<'py> {
        let known = this.get().known(instrument_id)?;
        Self::unsubscribe(this, user(known.slot), None)
    }
}

#[pymethods]
impl MarketDataStream {
    #[new]
    #[pyo3(signature = (
        *,
        on_data,
        on_event = None,
        on_row = None,
        url_public = None,
        url_business = None,
        region = "global".to_owned(),
        environment = "live".to_owned(),
        driver = "auto".to_owned(),
        api_key = None,
        api_secret = None,
        api_passphrase = None,
        vip_level = 0,
        ca_pem = None,
        proxy_url = None,
        bars_timestamp_on_close = true,
        connect_timeout_secs = 10.0,
        ack_timeout_secs = 10.0,
        r#loop = None,
    ), text_signature = "(*, on_data, on_event=None, on_row=None, url_public=None, url_business=None, region='global', environment='live', driver='auto', api_key=None, api_secret=None, api_passphrase=None, vip_level=0, ca_pem=None, proxy_url=None, bars_timestamp_on_close=True, connect_timeout_secs=10.0, ack_timeout_secs=10.0, loop=None)")]
    #[expect(clippy::too_many_arguments, reason = "keywords of the constructor")]
    fn new(
        py: Python<'_>,
        on_data: Py<PyAny>,
        on_event: Option<Py<PyAny>>,
        on_row: Option<Py<PyAny>>,
        url_public: Option<String>,
        url_business: Option<String>,
        region: String,
        environment: String,
        driver: String,
        api_key: Option<String>,
        api_secret: Option<String>,
        api_passphrase: Option<String>,
        vip_level: u8,
        ca_pem: Option<Vec<u8>>,
        proxy_url: Option<String>,
        bars_timestamp_on_close: bool,
        connect_timeout_secs: f64,
        ack_timeout_secs: f64,
        r#loop: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let arguments = Arguments {
            callbacks: Callbacks { on_data, on_event, on_row },
            url_public,
            url_business,
            region,
            environment,
            driver,
            keys: [api_key, api_secret, api_passphrase],
            vip_level,
            ca_pem,
            proxy_url,
            bars_on_close: bars_timestamp_on_close,
            connect_timeout_secs,
            ack_timeout_secs,
            event_loop: r#loop,
        };
        arguments.build(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(visit)
    }

    fn __clear__(&self) {
        self.clear();
    }

    #[getter]
    fn driver(&self) -> &'static str {
        match self.driver {
            Driver::Inline(_) => "inline",
            Driver::Threaded { .. } => "threaded",
        }
    }

    #[getter]
    fn is_connected(&self) -> bool {
        !self.is_closed() && self.front.shared.lines[0].state() == LineState::Open
    }

    /// Open the public socket. Raises `OkxConnectionError` on time-out; later drops are repaired silently.
    #[pyo3(signature = (timeout_secs = 30.0))]
    fn connect<'py>(slf: &Bound<'py, Self>, timeout_secs: f64) -> Answer<'py> {
        let wait = wait_of("timeout_secs", timeout_secs)?;
        let wait_ns = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        Self::ask(slf, |ticket| Order::Engine(Command::Connect { ticket, wait_ns }))
    }

    /// Close both sockets and stop every timer and thread. Nothing is called back afterwards. Idempotent.
    fn close<'py>(slf: &Bound<'py, Self>) -> Answer<'py> {
        let stream = slf.get();
        if let Some(future) = lock(&stream.closing).as_ref() {
            return Ok(future.bind(slf.py()).clone());
        }
        let (ticket, future) = stream.front.ticket(stream.event_loop.bind(slf.py()))?;
        *lock(&stream.closing) = Some(future.clone().unbind());
        stream.front.shared.is_closed.store(true, Relaxed);
        if stream.front.order(Order::Close(ticket)) {
            stream.pump(slf)?;
        }
        Ok(future)
    }

    /// Make an instrument usable at once, also while connected; again with other precisions replaces them.
    #[pyo3(signature = (
        instrument_id, inst_id, *, inst_type, price_precision, size_precision, index_inst_id = None, inst_family = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of the method")]
    fn register_instrument(
        slf: &Bound<'_, Self>,
        instrument_id: &Bound<'_, PyAny>,
        inst_id: String,
        inst_type: String,
        price_precision: u8,
        size_precision: u8,
        index_inst_id: Option<String>,
        inst_family: Option<String>,
    ) -> PyResult<()> {
        let wheel = wheel(slf.py())?;
        for (name, precision) in [("price_precision", price_precision), ("size_precision", size_precision)] {
            if precision > wheel.fixed_precision {
                let most = wheel.fixed_precision;
                return Err(PyValueError::new_err(format!(
                    "{name} is {precision}: Nautilus has {most} digits at most"
                )));
            }
        }
        let instrument = wheel.instrument(instrument_id)?;
        let stream = slf.get();
        let done = stream.front.register(instrument_id.str()?.to_string(), |slot| {
            let key = instrument.key();
            let spec = Spec {
                slot,
                key,
                inst_id: inst_id.into(),
                inst_type: InstType::from(inst_type.as_str()),
                price_precision,
                size_precision,
                index_inst_id: index_inst_id.map(Into::into),
                family: inst_family.map(Into::into),
            };
            (instrument, spec)
        });
        if done.is_none() {
            return Err(refused(
                "too many instruments are registered",
                "make a stream for each part of them",
            ));
        }
        if stream.is_closed() { Ok(()) } else { stream.pump(slf) }
    }

    fn is_registered(&self, instrument_id: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.front.known(&instrument_id.str()?.to_string()).is_some())
    }

    /// Returns the channel taken (`books`, `books50-l2-tbt`, `books-l2-tbt`, `books-rpi`), by VIP level, depth.
    #[pyo3(signature = (instrument_id, depth = 0, channel = None))]
    fn subscribe_book_deltas<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
        depth: u32,
        channel: Option<&str>,
    ) -> Answer<'py> {
        let slot = slf.get().known(instrument_id)?.slot;
        let channel = match channel {
            None => None,
            Some(name) => match Channel::parse(name).filter(|channel| BOOKS.contains(channel)) {
                Some(channel) => Some(channel),
                None => {
                    let names = BOOKS.map(|c| c.base_name()).join(", ");
                    return Err(refused(
                        format!("{name:?} is no channel of books: {names}"),
                        "use one of these",
                    ));
                }
            },
        };
        if depth > okx_core::choice::DEEPEST {
            let text = format!("depth {depth}: OKX has {} levels at most", okx_core::choice::DEEPEST);
            return Err(refused(text, "use 0, 50 or 400"));
        }
        Self::ask(slf, |ticket| {
            Order::Engine(Command::SubscribeBook { ticket, slot, is_depth10: false, depth, channel })
        })
    }

    fn unsubscribe_book_deltas<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Deltas)
    }

    /// Ten levels a side, kept from `books`; shares its wire topic with `subscribe_book_deltas`.
    fn subscribe_depth10<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        let slot = slf.get().known(instrument_id)?.slot;
        Self::ask(slf, |ticket| {
            Order::Engine(Command::SubscribeBook { ticket, slot, is_depth10: true, depth: 0, channel: None })
        })
    }

    fn unsubscribe_depth10<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Depth10)
    }

    fn subscribe_quotes<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        Self::subscribe_one(slf, instrument_id, Channel::BboTbt, User::Quotes)
    }

    fn unsubscribe_quotes<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Quotes)
    }

    /// `trades` (aggregated per taker order and price), or `trades-all` on the business socket.
    #[pyo3(signature = (instrument_id, aggregated = true))]
    fn subscribe_trades<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
        aggregated: bool,
    ) -> Answer<'py> {
        let channel = if aggregated { Channel::Trades } else { Channel::TradesAll };
        Self::subscribe_one(slf, instrument_id, channel, User::Trades)
    }

    fn unsubscribe_trades<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Trades)
    }

    /// Closed bars of last prices, each exactly once, external; those of six hours and more are UTC-aligned.
    fn subscribe_bars<'py>(slf: &Bound<'py, Self>, bar_type: &Bound<'py, PyAny>) -> Answer<'py> {
        let stream = slf.get();
        let known = stream.known(&bar_type.getattr("instrument_id")?)?;
        let bar = bar_of(bar_type)?;
        let place = stream.front.bar_slot(bar_type.str()?.to_string(), bar_type);
        let place =
            place.ok_or_else(|| refused("too many bar types", "make a stream for each part of them"))?;
        let user = User::Bars { bar: place, slot: known.slot };
        Self::subscribe(slf, user, Topic::inst(Channel::Candle(bar), known.inst_id), Conventions::BOTH)
    }

    fn unsubscribe_bars<'py>(slf: &Bound<'py, Self>, bar_type: &Bound<'py, PyAny>) -> Answer<'py> {
        let stream = slf.get();
        let known = stream.known(&bar_type.getattr("instrument_id")?)?;
        let place = stream.front.bar_slot(bar_type.str()?.to_string(), bar_type);
        let place =
            place.ok_or_else(|| refused("too many bar types", "make a stream for each part of them"))?;
        Self::unsubscribe(slf, User::Bars { bar: place, slot: known.slot }, None)
    }

    fn subscribe_mark_prices<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        Self::subscribe_one(slf, instrument_id, Channel::MarkPrice, User::Mark)
    }

    fn unsubscribe_mark_prices<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Mark)
    }

    /// Instruments that share an index share its wire topic; only those that asked get updates.
    fn subscribe_index_prices<'py>(slf: &Bound<'py, Self>, instrument_id: &Bound<'py, PyAny>) -> Answer<'py> {
        let known = slf.get().known(instrument_id)?;
        let Some(index) = known.index_inst_id else {
            return Err(refused(format!("{instrument_id} has no index"), "register it with index_inst_id"));
        };
        let topic = Topic::inst(Channel::IndexTickers, index);
        Self::subscribe(slf, User::Index(known.slot), topic, Conventions::BOTH)
    }

    fn unsubscribe_index_prices<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Index)
    }

    fn subscribe_funding_rates<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::subscribe_one(slf, instrument_id, Channel::FundingRate, User::Funding)
    }

    fn unsubscribe_funding_rates<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Funding)
    }

    fn subscribe_instrument_status<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        let known = slf.get().known(instrument_id)?;
        let topic = instruments_topic(&known.inst_type);
        Self::subscribe(slf, User::Status(known.slot), topic, Conventions::BOTH)
    }

    fn unsubscribe_instrument_status<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Status)
    }

    #[pyo3(signature = (instrument_id, convention = "BOTH"))]
    fn subscribe_option_greeks<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
        convention: &str,
    ) -> Answer<'py> {
        let known = slf.get().known(instrument_id)?;
        let conventions = match convention {
            "BOTH" => Conventions::BOTH,
            "BLACK_SCHOLES" => Conventions { price_adjusted: false, ..Conventions::BOTH },
            "PRICE_ADJUSTED" => Conventions { black_scholes: false, ..Conventions::BOTH },
            other => {
                let text = format!("convention is {other:?}: use BLACK_SCHOLES, PRICE_ADJUSTED or BOTH");
                return Err(PyValueError::new_err(text));
            }
        };
        let Some(family) = known.family else {
            return Err(refused(format!("{instrument_id} has no family"), "register it with inst_family"));
        };
        let topic = Topic::inst_family(Channel::OptSummary, family);
        Self::subscribe(slf, User::Greeks(known.slot), topic, conventions)
    }

    fn unsubscribe_option_greeks<'py>(
        slf: &Bound<'py, Self>,
        instrument_id: &Bound<'py, PyAny>,
    ) -> Answer<'py> {
        Self::unsubscribe_one(slf, instrument_id, User::Greeks)
    }

    /// Dicts to `on_row` for any public or business topic. Rows carry OKX's own field names and texts. Reference-counted per
    /// topic like everything else.
    fn subscribe_rows<'py>(slf: &Bound<'py, Self>, topic: &Bound<'py, PyMapping>) -> Answer<'py> {
        Self::subscribe(slf, User::Rows, topic_of(topic)?, Conventions::BOTH)
    }

    fn unsubscribe_rows<'py>(slf: &Bound<'py, Self>, topic: &Bound<'py, PyMapping>) -> Answer<'py> {
        let topic = topic_of(topic)?;
        Self::unsubscribe(slf, User::Rows, Some(topic))
    }

    /// Wire topics currently wanted.
    fn subscriptions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let topics = self.front.shared.topics().clone();
        let list = PyList::empty(py);
        for topic in &topics {
            list.append(rows::to_python(py, topic)?)?;
        }
        Ok(list)
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let shared = &self.front.shared;
        let stats = PyDict::new(py);
        stats.set_item("driver", self.driver())?;
        stats.set_item("handover", wheel(py)?.mode.name())?;
        let counts = PyDict::new(py);
        for (name, count) in KINDS.iter().zip(&shared.counts) {
            counts.set_item(name, count.load(Relaxed))?;
        }
        stats.set_item("counts", counts)?;
        for (name, figure) in [
            ("gaps_detected", &shared.gaps_detected),
            ("gaps_recovered", &shared.gaps_recovered),
            ("checksum_failures", &shared.checksum_failures),
            ("decode_errors", &shared.decode_errors),
            ("rows_skipped", &shared.rows_skipped),
            ("dropped", &shared.dropped),
            ("unregistered", &shared.unregistered),
        ] {
            stats.set_item(name, figure.load(Relaxed))?;
        }
        let summary = shared.latency.summary();
        let latency = PyDict::new(py);
        latency.set_item("count", summary.count)?;
        for (name, ns) in [
            ("p50_us", summary.p50_ns),
            ("p90_us", summary.p90_ns),
            ("p99_us", summary.p99_ns),
            ("max_us", summary.max_ns),
        ] {
            latency.set_item(name, ns as f64 / 1_000.0)?;
        }
        stats.set_item("latency", latency)?;
        let links = PyDict::new(py);
        for (kind, line) in LINES.iter().zip(&shared.lines) {
            let link = PyDict::new(py);
            link.set_item("state", line.state().name())?;
            link.set_item("connects", line.connects.load(Relaxed))?;
            link.set_item("frames", line.frames.load(Relaxed))?;
            link.set_item("bytes_received", line.bytes.load(Relaxed))?;
            link.set_item("conn_id", line.conn_id().as_deref())?;
            links.set_item(kind.as_str(), link)?;
        }
        stats.set_item("links", links)?;
        Ok(stats)
    }

    fn reset_latency(&self) {
        self.front.shared.latency.reset();
    }

    /// Drop and rebuild a socket (for tests and operators).
    #[pyo3(signature = (link = "public"))]
    fn force_reconnect(slf: &Bound<'_, Self>, link: &str) -> PyResult<()> {
        let kind = match link {
            "public" => UrlKind::Public,
            "business" => UrlKind::Business,
            other => {
                let text = format!("link is {other:?}: use public or business");
                return Err(PyValueError::new_err(text));
            }
        };
        let stream = slf.get();
        if !stream.is_closed() && stream.front.order(Order::Engine(Command::Reconnect(kind))) {
            stream.pump(slf)?;
        }
        Ok(())
    }
}
