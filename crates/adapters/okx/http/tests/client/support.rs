//! A simulated exchange and clients for it.

use std::{future::Future, sync::OnceLock, time::Duration};

use okx_common::{
    credentials::Credentials,
    hosts::{Environment, Hosts, Region},
};
use okx_http::{ClientConfig, HttpError, OkxHttpClient, RetryPolicy};
use okx_sim::{
    ExchangeConfig, Fault, Limits, ServerConfig, SimServer,
    venue::{Venue, VenueConfig},
};
use serde_json::Value;

/// Far more than anything here takes; only reached when a test fails.
const DEADLINE: Duration = Duration::from_secs(60);

/// What has to happen before the deadline.
pub(crate) async fn soon<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(DEADLINE, what).await.expect("it happens before the deadline")
}

pub(crate) fn start(config: ServerConfig) -> SimServer {
    let venue = Venue::new(VenueConfig::default()).expect("the default is sound");
    SimServer::start(config, Box::new(venue)).expect("loopback can be listened on")
}

/// Without the limits on frequency, so that tests need not pace themselves.
pub(crate) fn unlimited() -> ServerConfig {
    let exchange = ExchangeConfig { limits: Limits::off(), ..ExchangeConfig::default() };
    ServerConfig { exchange, ..ServerConfig::default() }
}

/// One server for the tests that leave no trace in it.
pub(crate) fn shared() -> &'static SimServer {
    static SERVER: OnceLock<SimServer> = OnceLock::new();
    SERVER.get_or_init(|| start(unlimited()))
}

pub(crate) fn credentials(server: &SimServer) -> Credentials {
    let key = server.key();
    Credentials::new(&key.key, &key.secret, &key.passphrase).expect("the server's key is sound")
}

/// Settings for a server, with its key and quick repetitions.
pub(crate) fn config(server: &SimServer) -> ClientConfig {
    ClientConfig {
        hosts: Hosts::new(Region::Global, Environment::Live).with_rest(server.rest_url()),
        credentials: Some(credentials(server)),
        timeout: DEADLINE,
        retry: RetryPolicy { delay_initial_ms: 1, delay_max_ms: 2, ..RetryPolicy::default() },
        ca_pem: server.ca_pem().map(|pem| pem.as_bytes().to_vec()),
        ..ClientConfig::default()
    }
}

pub(crate) fn client(server: &SimServer) -> OkxHttpClient {
    OkxHttpClient::new(config(server)).expect("the configuration is sound")
}

/// A client that asks once.
pub(crate) fn impatient(server: &SimServer) -> OkxHttpClient {
    let config = config(server);
    let retry = RetryPolicy { max_retries: 0, ..config.retry };
    OkxHttpClient::new(ClientConfig { retry, ..config }).expect("the configuration is sound")
}

/// Adds a fault and returns its number.
pub(crate) fn fault(server: &SimServer, fault: Value) -> u64 {
    let fault: Fault = serde_json::from_value(fault).expect("the fault is sound");
    server.with(|exchange, now| exchange.add_fault(fault, now)).expect("there is room for it").0
}

/// How many requests for the path have arrived.
pub(crate) fn arrived(server: &SimServer, path: &str) -> usize {
    journalled(server, &format!("GET /api/v5{path}"))
}

/// How many commands to the path have arrived.
pub(crate) fn posted(server: &SimServer, path: &str) -> usize {
    journalled(server, &format!("POST /api/v5{path} "))
}

fn journalled(server: &SimServer, start: &str) -> usize {
    server.with(|exchange, _| exchange.journal(0, usize::MAX).filter(|e| e.text().starts_with(start)).count())
}

/// Waits until so many requests for the path have arrived.
pub(crate) async fn until_arrived(server: &SimServer, path: &str, count: usize) {
    soon(async {
        while arrived(server, path) < count {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Nothing that is shown of an error may give a secret away.
pub(crate) fn assert_no_secrets(server: &SimServer, error: &HttpError) {
    let key = server.key();
    for shown in [error.to_string(), format!("{error:?}"), error.advice().to_owned()] {
        for secret in [&key.key, &key.secret, &key.passphrase] {
            assert!(!shown.contains(secret.as_str()), "{shown}");
        }
    }
}
