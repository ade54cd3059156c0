//! The server: the [`Exchange`](crate::Exchange) behind HTTP and WebSocket, with its own threads and clock.

mod accept;
mod clock;
mod control;
mod core;
mod frame;
mod outbox;
mod rest;
mod settings;
mod socket;
mod tls;
mod ws;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use axum::http::Method;
use serde_json::Value;
use tokio::{runtime, sync::oneshot};

pub use control::ControlError;
pub use settings::Settings;

use self::{clock::ServerClock, core::Core};
use crate::{account::ApiKey, config::ExchangeConfig, exchange::Exchange, link::UrlKind, market::Market};

/// How long tasks get to notice that the server stops.
const STOP: Duration = Duration::from_secs(1);

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Address or name to listen on. Anything but loopback lets others in, though not to the control endpoint.
    pub host: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Serve `https` and `wss` by a certificate authority made for this server.
    pub tls: bool,
    /// Threads that serve.
    pub threads: usize,
    /// The clock stands still until it is [advanced](SimServer::advance).
    pub paused: bool,
    /// Where a paused clock stands, milliseconds since 1970; the machine's time if absent.
    pub start_ms: Option<u64>,
    /// The exchange.
    pub exchange: ExchangeConfig,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            tls: false,
            threads: 2,
            paused: false,
            start_ms: None,
            exchange: ExchangeConfig::default(),
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {host}:{port}: {source}")]
    Listen {
        /// As configured.
        host: String,
        /// As configured.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// No certificate could be made.
    #[error("TLS: {0}")]
    Tls(String),
    /// The system gives no threads.
    #[error("cannot start the server's threads: {0}")]
    Threads(#[from] io::Error),
}

/// A running simulated exchange. Dropping it stops it.
///
/// ```no_run
/// # fn market() -> Box<dyn okx_sim::Market> { unreachable!() }
/// use okx_sim::server::{ServerConfig, SimServer};
/// let server = SimServer::start(ServerConfig::default(), market()).expect("loopback can be listened on");
/// println!("{}", server.rest_url());
/// ```
pub struct SimServer {
    core: Arc<Core>,
    address: SocketAddr,
    key: ApiKey,
    ca_pem: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl SimServer {
    /// Starts a server; it accepts clients when this returns.
    ///
    /// # Errors
    ///
    /// If it cannot listen, make a certificate or start its threads.
    pub fn start(config: ServerConfig, market: Box<dyn Market>) -> Result<Self, ServerError> {
        let ServerConfig { host, port, .. } = config;
        let listen = |source| ServerError::Listen { host: host.clone(), port, source };
        let listener = TcpListener::bind((host.trim_matches(['[', ']']), port)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let (acceptor, ca_pem) = if config.tls {
            let (acceptor, pem) = tls::acceptor(&address.ip().to_string())?;
            (Some(acceptor), Some(pem))
        } else {
            (None, None)
        };
        let key = config.exchange.accounts.first().and_then(|a| a.keys.first()).cloned().unwrap_or_default();
        let clock = ServerClock::new(config.paused, config.start_ms);
        let core = Arc::new(Core::new(clock, config.exchange, market));
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(config.threads.max(1))
            .thread_name("okx-sim")
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(listen)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = core.clone();
        let thread = std::thread::Builder::new().name("okx-sim-main".to_owned()).spawn(move || {
            runtime.block_on(async {
                let router = accept::router(served.clone());
                tokio::spawn(accept::run(listener, acceptor, router));
                tokio::spawn(async move { served.run_timer().await });
                // An error means that the server was dropped, which is a stop as well.
                drop(stopped.await);
            });
            runtime.shutdown_timeout(STOP);
        })?;
        Ok(Self { core, address, key, ca_pem, stop: Some(stop), thread: Some(thread) })
    }

    /// Ends all connections and waits for the threads.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of the REST API, without a slash at the end.
    #[must_use]
    pub fn rest_url(&self) -> String {
        format!("{}://{}", if self.ca_pem.is_some() { "https" } else { "http" }, self.reachable())
    }

    /// One of the WebSocket URLs.
    #[must_use]
    pub fn ws_url(&self, kind: UrlKind) -> String {
        format!("{}://{}{}", if self.ca_pem.is_some() { "wss" } else { "ws" }, self.reachable(), kind.path())
    }

    /// An address a client on this machine can use.
    fn reachable(&self) -> SocketAddr {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                [127, 0, 0, 1].into()
            } else {
                std::net::Ipv6Addr::LOCALHOST.into()
            });
        }
        address
    }

    /// The first key of the first account.
    #[must_use]
    pub const fn key(&self) -> &ApiKey {
        &self.key
    }

    /// With TLS: the certificate of the authority that signed the server's.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Does something with the exchange at the server's present time.
    pub fn with<R>(&self, act: impl FnOnce(&mut Exchange, okx_common::clock::Now) -> R) -> R {
        self.core.with(act)
    }

    /// Moves time on. A paused server goes from event to event, all its clocks with it; a running one jumps: the time of the
    /// exchange and its market move, time-outs of connections do not.
    pub fn advance(&self, ms: u64) {
        self.core.advance(ms);
    }

    /// A control request as the HTTP endpoint takes it, e.g. `GET`, `/control/state`.
    ///
    /// # Errors
    ///
    /// What is wrong with the request.
    pub fn control(&self, method: &str, target: &str, body: &Value) -> Result<Value, ControlError> {
        let method = Method::try_from(method)
            .map_err(|_| ControlError { status: 405, message: format!("no method: {method}") })?;
        control::handle(&self.core, &method, target, body)
    }
}

impl Drop for SimServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for SimServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimServer").field("address", &self.address).finish_non_exhaustive()
    }
}
