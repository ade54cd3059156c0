//! From an address to an open WebSocket: DNS, TCP, proxy, TLS, upgrade.
//!
//! The result is a socket and its [`Pipe`], ready for any driver: [`Session`](crate::session::Session) on tokio, or an event loop that
//! takes the socket by [`TcpStream::into_std`].

mod error;
mod io;
mod proxy;

pub use error::{ConnectError, Stage};
pub use io::{fill, flush};
pub use proxy::{Proxy, ProxyError};

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use okx_common::rng::Rng;
use rustls::ClientConfig;
use tokio::{
    io::Interest,
    net::{TcpStream, lookup_host},
};

use crate::pipe::{Frame, Pipe, WsUrl};

/// How long everything together may take, unless told otherwise; far beyond what it takes when it works.
pub const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// How long one of several addresses of a host may take to answer before the next one is tried: a network without a working IPv6
/// must not cost the whole wait.
const ADDRESS_WAIT: Duration = Duration::from_secs(3);

/// Where to connect to.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The address.
    pub url: WsUrl,
    /// What to trust, for `wss`: see [`tls_config`](crate::pipe::tls_config).
    pub tls: Option<Arc<ClientConfig>>,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// How long everything together may take.
    pub wait: Duration,
}

impl Endpoint {
    /// Directly, with the usual wait.
    #[must_use]
    pub const fn new(url: WsUrl, tls: Option<Arc<ClientConfig>>) -> Self {
        Self { url, tls, proxy: None, wait: CONNECT_WAIT }
    }

    /// The same through a proxy.
    #[must_use]
    pub fn with_proxy(self, proxy: Option<Proxy>) -> Self {
        Self { proxy, ..self }
    }

    /// The same with another wait.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }
}

/// Connects. The pipe is open, and [`Frame::Open`] is taken from it; it may hold frames already that came behind the answer to the
/// upgrade, so take [`Pipe::next_frame`] before waiting for the socket. Dropping the future gives the attempt up.
///
/// # Errors
/// What failed, and at which stage.
pub async fn connect(endpoint: &Endpoint, rng: Box<dyn Rng>) -> Result<(TcpStream, Pipe), ConnectError> {
    let stage = AtomicU8::new(Stage::Dns as u8);
    let attempt = attempt(endpoint, rng, &stage);
    match tokio::time::timeout(endpoint.wait, attempt).await {
        Ok(result) => result,
        Err(_) => {
            let stage = Stage::of(stage.load(Ordering::Relaxed));
            Err(ConnectError::TimedOut { stage, wait: endpoint.wait })
        }
    }
}

async fn attempt(
    endpoint: &Endpoint,
    rng: Box<dyn Rng>,
    stage: &AtomicU8,
) -> Result<(TcpStream, Pipe), ConnectError> {
    let at = |s: Stage| stage.store(s as u8, Ordering::Relaxed);
    let url = &endpoint.url;
    // Before any socket: an address that cannot work needs none.
    let mut pipe = Pipe::new(url, endpoint.tls.as_ref(), rng)?;
    let (host, port) = endpoint.proxy.as_ref().map_or((url.host(), url.port()), |p| (p.host(), p.port()));
    let addresses = resolve(host, port).await?;
    at(Stage::Tcp);
    let stream = dial(host, &addresses).await?;
    // Small frames must leave at once.
    stream.set_nodelay(true).map_err(|e| ConnectError::tcp(host, &e))?;
    if let Some(proxy) = &endpoint.proxy {
        at(Stage::Proxy);
        proxy.tunnel(&stream, url).await?;
    }
    at(Stage::Upgrade);
    upgrade(&stream, &mut pipe).await?;
    Ok((stream, pipe))
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    let dns = |reason: String| ConnectError::Dns { host: host.to_owned(), reason };
    let found: Vec<_> = lookup_host((host, port)).await.map_err(|e| dns(e.to_string()))?.collect();
    if found.is_empty() {
        return Err(dns("it has no address".to_owned()));
    }
    Ok(found)
}

async fn dial(host: &str, addresses: &[SocketAddr]) -> Result<TcpStream, ConnectError> {
    let mut last = None;
    for address in addresses {
        let dialled = TcpStream::connect(address);
        let outcome = if addresses.len() == 1 {
            dialled.await
        } else {
            let in_time = tokio::time::timeout(ADDRESS_WAIT, dialled).await;
            in_time.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
        };
        match outcome {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(ConnectError::tcp(&format!("{host} ({address})"), &error)),
        }
    }
    Err(last.unwrap_or_else(|| ConnectError::Dns {
        host: host.to_owned(),
        reason: "it has no address".to_owned(),
    }))
}

async fn upgrade(stream: &TcpStream, pipe: &mut Pipe) -> Result<(), ConnectError> {
    let io = |e: std::io::Error| ConnectError::Io { reason: e.to_string() };
    loop {
        let answered = pipe.next_frame().map(|frame| frame.is_some_and(|f| f == Frame::Open));
        // Also what tells the peer why we leave.
        let is_flushed = flush(stream, pipe).map_err(io)?;
        if answered? {
            return Ok(());
        }
        let interest = if is_flushed { Interest::READABLE } else { Interest::READABLE | Interest::WRITABLE };
        let ready = stream.ready(interest).await.map_err(io)?;
        if ready.is_readable() {
            fill(stream, pipe).map_err(io)?;
        }
    }
}
