//! The class.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use okx_common::{
    credentials::Credentials,
    hosts::{Environment, Hosts, Region, UrlKind},
};
use okx_ws::{
    OkxWebSocketClient, client::CommandError, connect::Endpoint, pipe::tls_config, session::SessionConfig,
};
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyMapping};
use tokio::sync::oneshot;

use super::{
    budget::connect_budget,
    consumer::{Callbacks, Consumer},
    inbox::{Inbox, Sink},
};
use crate::{
    arguments::{credentials, refused, topic_of, wait_of},
    bridge::{self, Hub, Source, runtime},
    errors::{Class, Failure},
};

/// `OkxWebSocketClient`; see the stub.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "OkxWebSocketClient")]
pub(super) struct WebSocketClient {
    kind: UrlKind,
    endpoint: Endpoint,
    credentials: Option<Credentials>,
    callbacks: Arc<Callbacks>,
    max_queue: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    running: Option<Running>,
    /// Stays after the end, for what is not taken yet.
    consumer: Option<Arc<Consumer>>,
}

struct Running {
    client: OkxWebSocketClient,
    hub: Py<Hub>,
    source: Source,
}

#[pymethods]
impl WebSocketClient {
    #[new]
    #[pyo3(signature = (url=None, *, kind="public", region="global", environment="live", callback=None, on_event=None,
        api_key=None, api_secret=None, api_passphrase=None, ca_pem=None, proxy_url=None, max_queue=100_000))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn new(
        url: Option<&str>,
        kind: &str,
        region: &str,
        environment: &str,
        callback: Option<Py<PyAny>>,
        on_event: Option<Py<PyAny>>,
        api_key: Option<String>,
        api_secret: Option<String>,
        api_passphrase: Option<String>,
        ca_pem: Option<&[u8]>,
        proxy_url: Option<&str>,
        max_queue: usize,
    ) -> PyResult<Self> {
        let kind: UrlKind = kind.parse().map_err(refused)?;
        let region: Region = region.parse().map_err(refused)?;
        let environment: Environment = environment.parse().map_err(refused)?;
        let hosts = Hosts::new(region, environment);
        let url = url.unwrap_or_else(|| hosts.ws(kind)).parse().map_err(refused)?;
        let tls = tls_config(ca_pem).map_err(refused)?;
        let proxy = proxy_url.map(str::parse).transpose().map_err(refused)?;
        Ok(Self {
            kind,
            endpoint: Endpoint::new(url, Some(tls)).with_proxy(proxy),
            credentials: credentials([api_key, api_secret, api_passphrase])?,
            callbacks: Arc::new(Callbacks { message: callback, event: on_event }),
            max_queue: max_queue.max(1),
            inner: Mutex::default(),
        })
    }

    #[getter]
    fn url(&self) -> String {
        self.endpoint.url.to_string()
    }

    #[getter]
    fn is_connected(&self) -> bool {
        self.inner().consumer.as_ref().is_some_and(|c| c.inbox().is_connected())
    }

    #[pyo3(signature = (timeout_secs=30.0))]
    fn connect<'py>(&self, py: Python<'py>, timeout_secs: f64) -> PyResult<Bound<'py, PyAny>> {
        let wait = wait_of("timeout_secs", timeout_secs)?;
        let inbox = self.start(py)?;
        let ready = inbox.when_ready();
        self.command(OkxWebSocketClient::open)?;
        let url = self.url();
        spawn_none(py, async move {
            match tokio::time::timeout(wait, ready).await {
                Ok(outcome) => told(outcome),
                Err(_) => Err(inbox.last_failure().unwrap_or_else(|| {
                    let words = format!("no connection to {url} within {} s", wait.as_secs_f64());
                    Failure::new(Class::Connection, "timeout", words)
                        .advice("check network, proxy and address")
                })),
            }
        })
    }

    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let running = self.inner().running.take();
        let (client, watched) = match running {
            Some(Running { client, hub, source }) => (Some(client), Some((hub, source))),
            None => (None, None),
        };
        let stop = async move {
            if let Some(client) = client {
                client.stop().await;
            }
            Ok::<_, Failure>(())
        };
        bridge::spawn_with(py, stop, move |py, ()| {
            if let Some((hub, source)) = watched {
                hub.get().remove(&source);
            }
            Ok(py.None())
        })
    }

    fn subscribe<'py>(&self, py: Python<'py>, topic: &Bound<'py, PyMapping>) -> PyResult<Bound<'py, PyAny>> {
        let topic = topic_of(topic)?;
        let inbox = self.start(py)?;
        let (outcome, is_new) = inbox.when_subscribed(&topic);
        if is_new {
            self.command(|client| client.subscribe(vec![topic]))?;
        }
        spawn_none(py, async move { told(outcome.await) })
    }

    fn unsubscribe<'py>(
        &self,
        py: Python<'py>,
        topic: &Bound<'py, PyMapping>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let topic = topic_of(topic)?;
        let consumer = self.inner().consumer.clone();
        let outcome = consumer.and_then(|consumer| consumer.inbox().when_unsubscribed(&topic));
        if outcome.is_some() {
            self.command(|client| client.unsubscribe(vec![topic]))?;
        }
        spawn_none(py, async move {
            match outcome {
                Some(outcome) => told(outcome.await),
                None => Ok(()),
            }
        })
    }

    fn __aiter__(slf: Py<Self>) -> PyResult<Py<Self>> {
        if slf.get().callbacks.message.is_some() {
            return Err(PyRuntimeError::new_err("messages go to the callback; leave it away to iterate"));
        }
        Ok(slf)
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let event_loop = bridge::running_loop(py)?;
        let consumer = self.inner().consumer.clone();
        let Some(consumer) = consumer else {
            return Err(Failure::new(Class::Connection, "closed", "the client is not connected")
                .advice("await connect() or subscribe() first")
                .into());
        };
        consumer.next(py, &event_loop)
    }

    fn __repr__(&self) -> String {
        let connected = if self.is_connected() { "True" } else { "False" };
        format!("OkxWebSocketClient({}, connected={connected})", self.endpoint.url)
    }
}

impl WebSocketClient {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the task for the running loop, unless it runs; answers where it leaves what it gets.
    fn start(&self, py: Python<'_>) -> PyResult<Arc<Inbox>> {
        let event_loop = bridge::running_loop(py)?;
        let hub = Hub::of(&event_loop)?;
        let mut inner = self.inner();
        if let (Some(_), Some(consumer)) = (&inner.running, &inner.consumer) {
            return Ok(consumer.inbox().clone());
        }
        let budget = connect_budget(&self.endpoint.url);
        let mut session = SessionConfig::new(self.kind).with_connects(budget);
        session.credentials.clone_from(&self.credentials);
        let needs_login = self.kind == UrlKind::Private && self.credentials.is_some();
        let inbox = Inbox::new(self.kind, self.max_queue, needs_login);
        let consumer = Consumer::new(inbox.clone(), self.callbacks.clone());
        let source = {
            let consumer = consumer.clone();
            hub.get().source(move |py| consumer.turn(py))
        };
        consumer.set_source(source.clone());
        let sink = Sink::new(inbox.clone(), source.clone());
        let client = OkxWebSocketClient::start(&runtime(), session, self.endpoint.clone(), sink);
        inner.running = Some(Running { client, hub: hub.unbind(), source });
        inner.consumer = Some(consumer);
        Ok(inbox)
    }

    fn command(&self, give: impl FnOnce(&OkxWebSocketClient) -> Result<(), CommandError>) -> PyResult<()> {
        let inner = self.inner();
        let running = inner.running.as_ref().ok_or(CommandError::Stopped);
        let given = running.and_then(|running| give(&running.client));
        Ok(given.map_err(|e| Failure::new(Class::Connection, "closed", e.to_string()))?)
    }
}

impl Drop for WebSocketClient {
    fn drop(&mut self) {
        // Ends the task, and what the loop holds for it.
        if let Some(running) = self.inner().running.take() {
            running.hub.get().remove(&running.source);
        }
    }
}

/// A future whose result is None.
fn spawn_none<'py>(
    py: Python<'py>,
    future: impl Future<Output = Result<(), Failure>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    bridge::spawn_with(py, future, |py, ()| Ok(py.None()))
}

fn told(outcome: Result<Result<(), Failure>, oneshot::error::RecvError>) -> Result<(), Failure> {
    outcome.unwrap_or_else(|_| Err(Failure::new(Class::Connection, "closed", "the client was closed")))
}
