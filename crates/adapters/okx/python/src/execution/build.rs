//! A stream from its arguments.

use std::sync::{Arc, Mutex};

use okx_common::{
    clock::{Clock, SystemClock},
    rng::{Rng, SystemRng},
};
use okx_core::desk::{Desk, DeskConfig};
use okx_http::OkxHttpClient;
use okx_ws::{
    connect::{CONNECT_WAIT, Endpoint},
    pipe::{WsUrl, tls_config},
};
use pyo3::{prelude::*, types::PyDict};

use super::{
    class::{ExecutionStream, Parts},
    deliver::{Callbacks, Deliver},
    instruments::Instruments,
    machine::Machine,
    post::Post,
    read::Reader,
    settings,
    values::Values,
    waiting::Waiting,
};
use crate::{
    arguments::{credentials, refused, wait_of},
    bridge::has_readers,
    ws::connect_budget,
};

/// The arguments of the constructor.
pub struct Arguments<'py> {
    pub event_loop: Bound<'py, PyAny>,
    pub http: OkxHttpClient,
    pub urls: [String; 2],
    pub keys: [String; 3],
    pub callbacks: Callbacks,
    pub driver: String,
    pub settings: Option<Bound<'py, PyDict>>,
    pub ca_pem: Option<Vec<u8>>,
    pub proxy_url: Option<String>,
    pub connect_timeout_secs: f64,
}

impl Arguments<'_> {
    fn endpoints(&self) -> PyResult<[Endpoint; 2]> {
        let [private, business] = &self.urls;
        let private: WsUrl = private.parse().map_err(refused)?;
        let business: WsUrl = business.parse().map_err(refused)?;
        let tls = if private.is_tls() || business.is_tls() {
            Some(tls_config(self.ca_pem.as_deref()).map_err(refused)?)
        } else {
            None
        };
        let proxy = self.proxy_url.as_deref().map(str::parse).transpose().map_err(refused)?;
        let wait = wait_of("connect_timeout_secs", self.connect_timeout_secs)?.min(CONNECT_WAIT);
        Ok([private, business].map(|url| {
            let tls = tls.clone().filter(|_| url.is_tls());
            Endpoint::new(url, tls).with_proxy(proxy.clone()).with_wait(wait)
        }))
    }

    /// The stream.
    pub fn build(self, py: Python<'_>) -> PyResult<ExecutionStream> {
        let is_inline = match self.driver.as_str() {
            "inline" => true,
            "threaded" => false,
            "auto" => has_readers(&self.event_loop)?,
            other => return Err(refused(format!("driver is {other:?}: use auto, inline or threaded"))),
        };
        let endpoints = self.endpoints()?;
        let keys = credentials(self.keys.map(Some))?;
        let Some(keys) = keys else {
            return Err(refused("api_key, api_secret and api_passphrase are needed to trade"));
        };
        let mut config = DeskConfig::new(keys);
        config.connects = connect_budget(&endpoints[0].url);
        if let Some(given) = &self.settings {
            settings::set_all(&mut config, given)?;
        }
        let account = config.account.clone();
        let rngs: [Box<dyn Rng>; 2] = [Box::new(SystemRng), Box::new(SystemRng)];
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let post = Arc::new(Post::default());
        let machine = Machine::new(Desk::new(config, rngs), clock, endpoints, self.http, post.clone());
        let values = Arc::new(Values::new(py)?);
        let instruments = Arc::new(Instruments::new(py));
        let waiting = Arc::new(Waiting::default());
        let deliver = Deliver::new(self.callbacks, values.clone(), instruments.clone(), waiting.clone());
        let wait = wait_of("connect_timeout_secs", self.connect_timeout_secs)?;
        Ok(ExecutionStream::of(Parts {
            event_loop: self.event_loop.unbind(),
            machine,
            post,
            is_inline,
            deliver,
            reader: Reader::new(values, instruments),
            account: Mutex::new(account),
            waiting,
            open_wait_ns: u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX),
        }))
    }
}
