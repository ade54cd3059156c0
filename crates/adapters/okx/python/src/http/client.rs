//! The class, and the requests that answer with dicts.

use okx_common::{
    enums::InstType,
    hosts::{Environment, Hosts, Region},
};
use okx_http::{
    ClientConfig, OkxHttpClient, RetryPolicy,
    endpoint::{Endpoint, Params, account::GetAccountInstruments, endpoints, public::GetInstruments},
};
use pyo3::{
    prelude::*,
    types::{PyList, PyMapping},
};

use super::{
    history::{BarWish, range_of},
    instrument::instrument_row,
    known::Instruments,
    params::{given, params_of},
    told,
};
use crate::{
    arguments::{credentials, wait_of},
    bridge,
    errors::{Class, Failure},
    rows::to_python,
};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// `OkxHttpClient`; see the stub.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx", name = "OkxHttpClient")]
pub struct HttpClient {
    pub(crate) client: OkxHttpClient,
    pub(super) instruments: Instruments,
}

fn config_error(words: impl ToString) -> Failure {
    Failure::new(Class::Other, "config", words.to_string())
}

impl HttpClient {
    /// Asks by name and answers with dicts.
    fn ask<'py>(&self, py: Python<'py>, name: String, params: Params) -> Answer<'py> {
        let (client, what) = (self.client.clone(), name.clone());
        let work = async move { client.request(&name, &params).await };
        bridge::spawn_with(py, work, move |py, rows| {
            let list = PyList::empty(py);
            for row in told(py, &what, rows)? {
                list.append(to_python(py, &*row)?)?;
            }
            Ok(list.into_any().unbind())
        })
    }

    /// Asks for instruments.
    fn ask_instruments<'py, E>(&self, py: Python<'py>, request: E) -> Answer<'py>
    where
        E: Endpoint<Row = okx_common::instrument::InstrumentRow> + 'static,
    {
        let client = self.client.clone();
        let work = async move { client.get(&request).await };
        bridge::spawn_with(py, work, |py, rows| {
            let list = PyList::empty(py);
            for row in told(py, E::SPEC.name, rows)? {
                list.append(instrument_row(py, &row)?)?;
            }
            Ok(list.into_any().unbind())
        })
    }
}

#[pymethods]
impl HttpClient {
    #[new]
    #[pyo3(signature = (*, base_url=None, region="global", environment="live", api_key=None, api_secret=None,
        api_passphrase=None, timeout_secs=10.0, max_retries=3, retry_delay_initial_ms=200, retry_delay_max_ms=5_000,
        proxy_url=None, ca_pem=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn new(
        base_url: Option<&str>,
        region: &str,
        environment: &str,
        api_key: Option<String>,
        api_secret: Option<String>,
        api_passphrase: Option<String>,
        timeout_secs: f64,
        max_retries: u32,
        retry_delay_initial_ms: u64,
        retry_delay_max_ms: u64,
        proxy_url: Option<String>,
        ca_pem: Option<Vec<u8>>,
    ) -> PyResult<Self> {
        let region: Region = region.parse().map_err(config_error)?;
        let environment: Environment = environment.parse().map_err(config_error)?;
        let mut hosts = Hosts::new(region, environment);
        if let Some(url) = base_url {
            hosts = hosts.with_rest(url);
        }
        let timeout = wait_of("timeout_secs", timeout_secs)?;
        let retry = RetryPolicy {
            max_retries,
            delay_initial_ms: retry_delay_initial_ms,
            delay_max_ms: retry_delay_max_ms,
            ..RetryPolicy::default()
        };
        let credentials = credentials([api_key, api_secret, api_passphrase])?;
        let config =
            ClientConfig { hosts, credentials, timeout, retry, proxy_url, ca_pem, ..ClientConfig::default() };
        let client = OkxHttpClient::new(config).map_err(Failure::from)?;
        Ok(Self { client, instruments: Instruments::default() })
    }

    #[getter]
    fn base_url(&self) -> &str {
        self.client.hosts().rest()
    }

    #[getter]
    fn has_credentials(&self) -> bool {
        self.client.has_credentials()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.client)
    }

    fn close(&self) {
        self.client.close();
    }

    #[pyo3(signature = (endpoint, params=None))]
    fn request<'py>(
        &self,
        py: Python<'py>,
        endpoint: String,
        params: Option<&Bound<'py, PyMapping>>,
    ) -> Answer<'py> {
        self.ask(py, endpoint, params_of(params)?)
    }

    #[staticmethod]
    #[pyo3(name = "endpoints")]
    fn endpoint_names() -> Vec<&'static str> {
        endpoints().map(|entry| entry.spec().name).collect()
    }

    fn server_time<'py>(&self, py: Python<'py>) -> Answer<'py> {
        let client = self.client.clone();
        bridge::spawn(py, async move { client.server_time().await })
    }

    #[pyo3(signature = (inst_type, *, inst_family=None, series_id=None, inst_id=None, account=false))]
    fn instruments<'py>(
        &self,
        py: Python<'py>,
        inst_type: &str,
        inst_family: Option<String>,
        series_id: Option<String>,
        inst_id: Option<String>,
        account: bool,
    ) -> Answer<'py> {
        let inst_type = InstType::from(inst_type);
        let (inst_family, series_id, inst_id) =
            (inst_family.map(Into::into), series_id.map(Into::into), inst_id.map(Into::into));
        if account {
            self.ask_instruments(py, GetAccountInstruments { inst_type, inst_family, series_id, inst_id })
        } else {
            self.ask_instruments(py, GetInstruments { inst_type, inst_family, series_id, inst_id })
        }
    }

    fn account_config<'py>(&self, py: Python<'py>) -> Answer<'py> {
        let client = self.client.clone();
        let work = async move { client.account_config().await };
        bridge::spawn_with(py, work, |py, config| Ok(to_python(py, &config)?.unbind()))
    }

    #[pyo3(signature = (inst_type, *, inst_id=None, inst_family=None))]
    fn trade_fee<'py>(
        &self,
        py: Python<'py>,
        inst_type: &str,
        inst_id: Option<&str>,
        inst_family: Option<&str>,
    ) -> Answer<'py> {
        let params = given([("instType", Some(inst_type)), ("instId", inst_id), ("instFamily", inst_family)]);
        self.ask(py, "account-trade-fee".to_owned(), params)
    }

    #[pyo3(signature = (state=None))]
    fn system_status<'py>(&self, py: Python<'py>, state: Option<&str>) -> Answer<'py> {
        self.ask(py, "system-status".to_owned(), given([("state", state)]))
    }

    #[pyo3(signature = (inst_family, exp_time=None))]
    fn opt_summary<'py>(&self, py: Python<'py>, inst_family: &str, exp_time: Option<&str>) -> Answer<'py> {
        let params = given([("instFamily", Some(inst_family)), ("expTime", exp_time)]);
        self.ask(py, "public-opt-summary".to_owned(), params)
    }

    #[pyo3(signature = (instrument_id, inst_id, *, inst_type, price_precision, size_precision, index_inst_id=None))]
    fn register_instrument(
        &self,
        instrument_id: &Bound<'_, PyAny>,
        inst_id: String,
        inst_type: &str,
        price_precision: u8,
        size_precision: u8,
        index_inst_id: Option<String>,
    ) -> PyResult<()> {
        let precisions = [price_precision, size_precision];
        self.instruments.register(instrument_id, inst_id, inst_type, precisions, index_inst_id)
    }

    #[pyo3(signature = (bar_type, start_ns=None, end_ns=None, limit=None, *, timestamp_on_close=true,
        include_forming=false, candle="last", adjust="none"))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn request_bars<'py>(
        &self,
        bar_type: Bound<'py, PyAny>,
        start_ns: Option<u64>,
        end_ns: Option<u64>,
        limit: Option<usize>,
        timestamp_on_close: bool,
        include_forming: bool,
        candle: &str,
        adjust: &str,
    ) -> Answer<'py> {
        let wish = BarWish { start_ns, end_ns, limit, timestamp_on_close, include_forming, candle, adjust };
        self.ask_bars(bar_type, wish)
    }

    #[pyo3(signature = (instrument_id, start_ns=None, end_ns=None, limit=None))]
    fn request_trades<'py>(
        &self,
        instrument_id: &Bound<'py, PyAny>,
        start_ns: Option<u64>,
        end_ns: Option<u64>,
        limit: Option<usize>,
    ) -> Answer<'py> {
        self.ask_trades(instrument_id, range_of(start_ns, end_ns, limit))
    }

    #[pyo3(signature = (instrument_id, start_ns=None, end_ns=None, limit=None))]
    fn request_funding_rates<'py>(
        &self,
        instrument_id: &Bound<'py, PyAny>,
        start_ns: Option<u64>,
        end_ns: Option<u64>,
        limit: Option<usize>,
    ) -> Answer<'py> {
        self.ask_funding_rates(instrument_id, range_of(start_ns, end_ns, limit))
    }

    #[pyo3(signature = (instrument_id, depth=400))]
    fn request_book_snapshot<'py>(&self, instrument_id: &Bound<'py, PyAny>, depth: u32) -> Answer<'py> {
        self.ask_book_snapshot(instrument_id, depth)
    }
}
