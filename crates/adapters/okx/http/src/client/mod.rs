//! The client: requests to OKX with signatures, limits, repetitions (reference: OKX API v5, "Overview").

mod config;
mod run;
mod tls;
mod transport;

pub use config::ClientConfig;

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use okx_common::{
    clock::{Clock, SystemClock},
    enums::InstType,
    hosts::Hosts,
    instrument::InstrumentRow,
    limits::RateLimiter,
    rng::{Rng, SystemRng},
};
use tokio::sync::watch;

use crate::{
    answer::decode_rows,
    endpoint::{
        AnyRow, Endpoint, Params, Request,
        account::{AccountConfig, GetAccountConfig},
        build,
        public::{GetInstruments, GetTime},
    },
    envelope::{Envelope, Head, Rows, read, read_loose},
    error::{ErrorKind, HttpError},
};
use transport::Transport;

/// A client of OKX's REST API. Clones share connections, limits and clock.
///
/// Reads are repeated when that may help, commands never; the limits that OKX publishes are kept by waiting. Needs a tokio runtime
/// with time and I/O.
///
/// ```no_run
/// # async fn example() -> Result<(), okx_http::HttpError> {
/// use okx_common::enums::InstType;
/// use okx_http::{ClientConfig, OkxHttpClient, endpoint::market::GetTickers};
/// let client = OkxHttpClient::new(ClientConfig::default())?;
/// for ticker in client.get(&GetTickers::new(InstType::Swap)).await?.items {
///     println!("{} {:?}", ticker.inst_id, ticker.last);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OkxHttpClient {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    transport: Transport,
    config: ClientConfig,
    gate: Mutex<Gate>,
    pub(crate) clock: Arc<dyn Clock>,
    /// OKX's clock minus ours, milliseconds.
    pub(crate) offset_ms: AtomicI64,
    /// How often the clock was synchronised.
    syncs: AtomicU64,
    /// One synchronisation at a time.
    sync: tokio::sync::Mutex<()>,
    /// Counts the calls of [`OkxHttpClient::close`].
    closed: watch::Sender<u64>,
}

/// What all requests share.
struct Gate {
    limiter: RateLimiter,
    rng: Box<dyn Rng>,
}

impl OkxHttpClient {
    /// Sets up a client; connects nowhere.
    ///
    /// # Errors
    /// Malformed URLs and certificates.
    pub fn new(config: ClientConfig) -> Result<Self, HttpError> {
        Self::with_parts(config, Arc::new(SystemClock::new()), Box::new(SystemRng))
    }

    /// The same with another clock and random source.
    ///
    /// # Errors
    /// Malformed URLs and certificates.
    pub fn with_parts(
        config: ClientConfig,
        clock: Arc<dyn Clock>,
        rng: Box<dyn Rng>,
    ) -> Result<Self, HttpError> {
        let transport = Transport::new(&config)?;
        let gate = Mutex::new(Gate { limiter: RateLimiter::new(), rng });
        let inner = Inner {
            transport,
            config,
            gate,
            clock,
            offset_ms: AtomicI64::new(0),
            syncs: AtomicU64::new(0),
            sync: tokio::sync::Mutex::new(()),
            closed: watch::Sender::new(0),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where requests go.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        self.inner.transport.hosts()
    }

    /// Whether signed endpoints can be asked.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.inner.transport.has_credentials()
    }

    /// OKX's clock minus ours in milliseconds, as far as known: 0 until OKX complained or [`Self::sync_clock`].
    #[must_use]
    pub fn clock_offset_ms(&self) -> i64 {
        self.inner.offset_ms.load(Ordering::Relaxed)
    }

    /// Ends what is under way with an error of the kind [`ErrorKind::Closed`]. The client can be used again afterwards.
    pub fn close(&self) {
        self.inner.closed.send_modify(|count| *count += 1);
    }

    /// Asks an endpoint.
    ///
    /// # Errors
    /// What went wrong; bad rows are in [`Rows::skipped`].
    pub async fn get<E: Endpoint>(&self, endpoint: &E) -> Result<Rows<E::Row>, HttpError> {
        let mut rows = Rows::default();
        let mut take = |body: &[u8]| {
            let answer: Envelope<E::Row> = read(body)?;
            rows = answer.rows;
            Ok(Head { code: answer.code, msg: answer.msg })
        };
        self.inner.run(&endpoint.to_request(), &mut take).await?;
        Ok(rows)
    }

    /// Sends a request and returns the answer as it came: for those who decode elsewhere, by [`decode_rows`](crate::decode_rows).
    ///
    /// Reads are repeated as by [`Self::get`], commands never. A command that OKX refused is returned too, since the answer says
    /// for each of its items what became of it; only what is no answer of OKX is an error.
    ///
    /// # Errors
    /// What went wrong. [`HttpError::outcome`] tells whether a command may have been executed.
    pub async fn send(&self, request: &Request) -> Result<Bytes, HttpError> {
        let mut whole = None;
        let mut take = |body: &[u8]| {
            whole = None;
            let head = read_loose(body)?.head()?;
            whole = Some(Bytes::copy_from_slice(body));
            Ok(head)
        };
        let result = self.inner.run(request, &mut take).await;
        match (result, whole) {
            (Ok(()), Some(body)) => Ok(body),
            (Err(error), Some(body)) if error.kind() == ErrorKind::Venue && !request.is_idempotent() => {
                Ok(body)
            }
            (Err(error), _) => Err(error),
            (Ok(()), None) => Err(HttpError::sent(ErrorKind::Decode, "body: missing").at(request.spec())),
        }
    }

    /// Sends a request that one row answers.
    ///
    /// # Errors
    /// What went wrong; an answer without a row included.
    pub async fn one<E: Endpoint>(&self, request: &Request) -> Result<E::Row, HttpError> {
        let body = self.send(request).await?;
        only(decode_rows::<E>(&body)?.rows, E::SPEC.path)
    }

    /// Asks any endpoint by name (`market-tickers`), with parameters by OKX's names.
    ///
    /// # Errors
    /// An unknown name, wrong parameters, and what went wrong.
    pub async fn request(&self, name: &str, params: &Params) -> Result<Rows<AnyRow>, HttpError> {
        let (entry, request) = build(name, params)?;
        let mut rows = Rows::default();
        let mut take = |body: &[u8]| {
            let answer = entry.read(body)?;
            rows = answer.rows;
            Ok(Head { code: answer.code, msg: answer.msg })
        };
        self.inner.run(&request, &mut take).await?;
        Ok(rows)
    }

    /// OKX's clock, Unix ms.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn server_time(&self) -> Result<u64, HttpError> {
        self.inner.server_time().await
    }

    /// Measures OKX's clock against ours and signs by it from now on. Done by itself when OKX complains (50102).
    ///
    /// # Errors
    /// What went wrong.
    pub async fn sync_clock(&self) -> Result<i64, HttpError> {
        let seen = self.inner.syncs.load(Ordering::Acquire);
        self.inner.sync_clock(seen).await?;
        Ok(self.clock_offset_ms())
    }

    /// The instruments of a kind. OPTION needs a family and EVENTS a series: use [`GetInstruments`].
    ///
    /// # Errors
    /// What went wrong.
    pub async fn instruments(&self, inst_type: InstType) -> Result<Rows<InstrumentRow>, HttpError> {
        self.get(&GetInstruments::new(inst_type)).await
    }

    /// The settings of the account.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn account_config(&self) -> Result<AccountConfig, HttpError> {
        only(self.get(&GetAccountConfig::new()).await?, GetAccountConfig::SPEC.path)
    }
}

impl fmt::Debug for OkxHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = if self.has_credentials() { "with a key" } else { "without a key" };
        write!(f, "OkxHttpClient({}, {signed})", self.hosts().rest())
    }
}

impl Inner {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        // Nothing in there can be left half done by a panic.
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn server_time(&self) -> Result<u64, HttpError> {
        let mut rows = Rows::default();
        let mut take = |body: &[u8]| {
            let answer: Envelope<<GetTime as Endpoint>::Row> = read(body)?;
            rows = answer.rows;
            Ok(Head { code: answer.code, msg: answer.msg })
        };
        self.run_unsigned(&GetTime::new().to_request(), &mut take).await?;
        let time = only(rows, GetTime::SPEC.path)?;
        time.ts_ms.ok_or_else(|| HttpError::sent(ErrorKind::Decode, "data[0].ts: missing").at(GetTime::SPEC))
    }
}

/// The row of an answer that has one.
fn only<T>(rows: Rows<T>, path: &str) -> Result<T, HttpError> {
    let skipped = rows.skipped.first().map(ToString::to_string);
    rows.items.into_iter().next().ok_or_else(|| {
        let reason = skipped.unwrap_or_else(|| "data: empty".to_owned());
        HttpError::sent(ErrorKind::Decode, format_args!("{path}: {reason}"))
    })
}
