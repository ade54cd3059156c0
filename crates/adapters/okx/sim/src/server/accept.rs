//! Accepting connections and serving HTTP on them.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    http::Request,
    response::Response,
    routing::{any, get},
};
use hyper::{body::Incoming, server::conn::http1, service::Service as _};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{
    control,
    core::Core,
    rest,
    socket::{Line, Socket, Wire},
    ws,
};
use crate::link::UrlKind;

/// Pause after a failed `accept`, e.g. for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Who sent a request, and over what.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub peer: SocketAddr,
    pub line: Arc<Line>,
}

/// Everything that can be asked for.
pub(super) fn router(core: Arc<Core>) -> Router {
    let mut router = Router::new().route("/control/{*path}", any(control::serve));
    for kind in UrlKind::ALL {
        router = router.route(kind.path(), get(ws::upgrade));
    }
    router.fallback(rest::answer).with_state(core)
}

/// Accepts clients until dropped.
pub(super) async fn run(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    loop {
        match listener.accept().await {
            Ok((tcp, peer)) => {
                tokio::spawn(serve(tcp, peer, tls.clone(), router.clone()));
            }
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(tcp: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>, router: Router) {
    // Without it small frames wait for acknowledgements; a failure only costs time.
    drop(tcp.set_nodelay(true));
    let socket = match tls {
        None => Socket::Plain(tcp),
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await {
            Ok(Ok(stream)) => Socket::Tls(Box::new(stream)),
            Ok(Err(error)) => return tracing::debug!("TLS handshake with {peer}: {error}"),
            Err(_) => return,
        },
    };
    let line = Arc::new(Line::default());
    let client = Client { peer, line: line.clone() };
    let routes = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(client.clone());
        let answer = routes.call(request);
        async move { Ok::<Response, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let io = TokioIo::new(Wire::new(socket, line.clone()));
    let mut http = http1::Builder::new().serve_connection(io, service).with_upgrades();
    tokio::select! {
        served = &mut http => if let Err(error) = served {
            tracing::debug!("connection of {peer}: {error}");
        },
        how = line.ended() => if let Some(parts) = http.into_parts() {
            parts.io.into_inner().finish(&how).await;
        },
    }
}
