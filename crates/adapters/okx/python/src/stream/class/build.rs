//! A stream from its arguments.

use std::sync::Arc;

use okx_common::{
    clock::NANOS_PER_SECOND,
    hosts::{Environment, Hosts, Region, UrlKind},
};
use okx_ws::{
    connect::Endpoint,
    pipe::{WsUrl, tls_config},
};
use pyo3::prelude::*;

use super::MarketDataStream;
use crate::{
    arguments::{credentials, refused, wait_of},
    bridge::{has_readers, running_loop},
    handover::wheel,
    stream::{
        deliver::{Callbacks, Deliver},
        engine::{Engine, Options},
        front::Front,
        shared::LINES,
        spec::Numbers,
    },
    ws::connect_budget,
};

/// The arguments of the constructor.
pub(super) struct Arguments<'py> {
    pub callbacks: Callbacks,
    pub url_public: Option<String>,
    pub url_business: Option<String>,
    pub region: String,
    pub environment: String,
    pub driver: String,
    pub keys: [Option<String>; 3],
    pub vip_level: u8,
    pub ca_pem: Option<Vec<u8>>,
    pub proxy_url: Option<String>,
    pub bars_on_close: bool,
    pub connect_timeout_secs: f64,
    pub ack_timeout_secs: f64,
    pub event_loop: Option<Bound<'py, PyAny>>,
}

impl Arguments<'_> {
    fn hosts(&self) -> PyResult<Hosts> {
        let region: Region = self.region.parse().map_err(refused)?;
        let environment: Environment = self.environment.parse().map_err(refused)?;
        let mut hosts = Hosts::new(region, environment);
        if let Some(url) = &self.url_public {
            // The other address stands beside it, unless it is given.
            let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
            hosts = hosts.with_ws_base(base).with_ws(UrlKind::Public, url);
        }
        if let Some(url) = &self.url_business {
            hosts = hosts.with_ws(UrlKind::Business, url);
        }
        Ok(hosts)
    }

    fn endpoints(&self) -> PyResult<[Endpoint; 2]> {
        let hosts = self.hosts()?;
        let [public, business] = LINES.map(|kind| hosts.ws(kind).parse::<WsUrl>());
        let (public, business) = (public.map_err(refused)?, business.map_err(refused)?);
        let tls = if public.is_tls() || business.is_tls() {
            Some(tls_config(self.ca_pem.as_deref()).map_err(refused)?)
        } else {
            None
        };
        let proxy = self.proxy_url.as_deref().map(str::parse).transpose().map_err(refused)?;
        let wait = wait_of("connect_timeout_secs", self.connect_timeout_secs)?;
        Ok([public, business].map(|url| {
            let tls = tls.clone().filter(|_| url.is_tls());
            Endpoint::new(url, tls).with_proxy(proxy.clone()).with_wait(wait)
        }))
    }

    /// The stream.
    pub fn build(self, py: Python<'_>) -> PyResult<MarketDataStream> {
        let event_loop = match &self.event_loop {
            Some(event_loop) => event_loop.clone(),
            None => running_loop(py)?,
        };
        let is_inline = match self.driver.as_str() {
            "inline" => true,
            "threaded" => false,
            "auto" => has_readers(&event_loop)?,
            other => return Err(refused(format!("driver is {other:?}: use auto, inline or threaded"))),
        };
        let endpoints = self.endpoints()?;
        let ack_wait = wait_of("ack_timeout_secs", self.ack_timeout_secs)?;
        let options = Options {
            credentials: credentials(self.keys)?,
            vip_level: self.vip_level,
            bars_on_close: self.bars_on_close,
            ack_wait_ns: u64::try_from(ack_wait.as_nanos()).unwrap_or(u64::MAX / NANOS_PER_SECOND),
            connects: connect_budget(&endpoints[0].url),
            numbers: Numbers::new(wheel(py)?.fixed_precision),
        };
        let front = Arc::new(Front::default());
        let deliver = Deliver::new(py, front.clone(), self.callbacks)?;
        let engine = Engine::new(options, front.shared.clone());
        if is_inline {
            Ok(MarketDataStream::inline(&event_loop, front, engine, deliver, endpoints))
        } else {
            MarketDataStream::threaded(&event_loop, front, engine, deliver, endpoints)
        }
    }
}
