//! The class, and the requests that answer with dicts.

use okx_common::{
    enums::{InstType, MgnMode},
    hosts::{Environment, Hosts, Region},
    ids::InstId,
};
use okx_core::orders::lookup::is_spread;
use okx_http::{
    ClientConfig, OkxHttpClient, RetryPolicy,
    endpoint::{
        Endpoint, Params,
        account::{GetAccountInstruments, GetBalance, GetBills, GetLeverage, GetPositions},
        algo::GetAlgoOrder,
        endpoints,
        public::GetInstruments,
        spread::{GetSpreadFills, GetSpreadOrder, GetSpreadOrdersHistory, GetSpreadOrdersPending},
        trade::{GetAccountRateLimit, GetOrder, GetOrdersPending},
    },
    history::{AlgoFilter, PastFills, PastOrders},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyList, PyMapping},
};

use super::{
    account::{Number, PastPositions, max_avail_size, max_size, word},
    history::{BarWish, range_of},
    instrument::instrument_row,
    known::Instruments,
    pages::FillPages,
    params::{given, params_of},
    told,
};
use crate::{
    arguments::{credentials, wait_of},
    bridge,
    errors::{Class, Failure},
    rows::{Row, to_python},
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

    #[pyo3(signature = (ccy=None))]
    fn balance<'py>(&self, py: Python<'py>, ccy: Option<String>) -> Answer<'py> {
        self.one(py, GetBalance { ccy })
    }

    #[pyo3(signature = (inst_type=None, inst_id=None))]
    fn positions<'py>(
        &self,
        py: Python<'py>,
        inst_type: Option<&str>,
        inst_id: Option<String>,
    ) -> Answer<'py> {
        self.all(
            py,
            GetPositions { inst_type: inst_type.map(InstType::from), inst_id, ..GetPositions::new() },
        )
    }

    #[pyo3(signature = (inst_type=None, inst_id=None, *, mgn_mode=None, begin_ms=None, limit=None))]
    fn positions_history<'py>(
        &self,
        py: Python<'py>,
        inst_type: Option<String>,
        inst_id: Option<String>,
        mgn_mode: Option<String>,
        begin_ms: Option<u64>,
        limit: Option<usize>,
    ) -> Answer<'py> {
        self.past_positions(py, PastPositions { inst_type, inst_id, mgn_mode, begin_ms, limit })
    }

    #[pyo3(signature = (inst_type=None, inst_id=None))]
    fn open_orders<'py>(
        &self,
        py: Python<'py>,
        inst_type: Option<&str>,
        inst_id: Option<String>,
    ) -> Answer<'py> {
        let (inst_type, inst_id) = (inst_type.map(InstType::from), inst_id.map(Into::into));
        self.list(py, GetOrdersPending { inst_type, inst_id, ..GetOrdersPending::new() })
    }

    #[pyo3(signature = (inst_id, ord_id=None, cl_ord_id=None))]
    fn order<'py>(
        &self,
        py: Python<'py>,
        inst_id: String,
        ord_id: Option<String>,
        cl_ord_id: Option<String>,
    ) -> Answer<'py> {
        let inst_id = InstId::from(inst_id);
        let (ord_id, cl_ord_id) = (ord_id.map(Into::into), cl_ord_id.map(Into::into));
        if is_spread(&inst_id) {
            return self.find(py, GetSpreadOrder { ord_id, cl_ord_id });
        }
        self.find(py, GetOrder { inst_id, ord_id, cl_ord_id })
    }

    #[pyo3(signature = (inst_type, begin_ms=None, end_ms=None, inst_id=None))]
    fn order_history<'py>(
        &self,
        py: Python<'py>,
        inst_type: &str,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
        inst_id: Option<String>,
    ) -> Answer<'py> {
        let (inst_type, inst_id) = (InstType::from(inst_type), inst_id.map(Into::into));
        let wanted = PastOrders { inst_type, inst_family: None, inst_id, begin_ms, end_ms };
        let client = self.client.clone();
        bridge::spawn(py, async move { client.past_orders(&wanted).await.map(Row) })
    }

    #[pyo3(signature = (inst_id=None, *, inst_type=None, ord_type=None))]
    fn open_algo_orders<'py>(
        &self,
        py: Python<'py>,
        inst_id: Option<String>,
        inst_type: Option<&str>,
        ord_type: Option<String>,
    ) -> Answer<'py> {
        let (inst_type, inst_id) = (inst_type.map(InstType::from), inst_id.map(Into::into));
        let wanted = AlgoFilter { inst_type, inst_id, ord_type, state: None };
        let client = self.client.clone();
        bridge::spawn(py, async move { client.open_algos(&wanted).await.map(Row) })
    }

    #[pyo3(signature = (algo_id=None, algo_cl_ord_id=None))]
    fn algo_order<'py>(
        &self,
        py: Python<'py>,
        algo_id: Option<String>,
        algo_cl_ord_id: Option<String>,
    ) -> Answer<'py> {
        let (algo_id, algo_cl_ord_id) = (algo_id.map(Into::into), algo_cl_ord_id.map(Into::into));
        self.find(py, GetAlgoOrder { algo_id, algo_cl_ord_id })
    }

    #[pyo3(signature = (inst_id=None, *, inst_type=None, ord_type=None, state=None))]
    fn algo_history<'py>(
        &self,
        py: Python<'py>,
        inst_id: Option<String>,
        inst_type: Option<&str>,
        ord_type: Option<String>,
        state: Option<String>,
    ) -> Answer<'py> {
        let (inst_type, inst_id) = (inst_type.map(InstType::from), inst_id.map(Into::into));
        let wanted = AlgoFilter { inst_type, inst_id, ord_type, state: word("state", state)? };
        let client = self.client.clone();
        bridge::spawn(py, async move { client.past_algos(&wanted).await.map(Row) })
    }

    #[pyo3(signature = (inst_type=None, inst_id=None, ord_id=None, begin_ms=None, end_ms=None, *, at_least=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn fills<'py>(
        &self,
        py: Python<'py>,
        inst_type: Option<&str>,
        inst_id: Option<String>,
        ord_id: Option<String>,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
        at_least: Option<Number>,
    ) -> Answer<'py> {
        let wanted = PastFills {
            inst_type: inst_type.map(InstType::from),
            inst_id: inst_id.map(Into::into),
            ord_id: ord_id.map(Into::into),
            begin_ms,
            end_ms,
            at_least: at_least.map(|number| number.0),
        };
        let client = self.client.clone();
        bridge::spawn(py, async move { client.past_fills(&wanted).await.map(Row) })
    }

    #[pyo3(signature = (inst_type=None, inst_id=None, ord_id=None, begin_ms=None, end_ms=None))]
    fn fill_pages(
        &self,
        inst_type: Option<&str>,
        inst_id: Option<String>,
        ord_id: Option<String>,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
    ) -> FillPages {
        self.page_fills(PastFills {
            inst_type: inst_type.map(InstType::from),
            inst_id: inst_id.map(Into::into),
            ord_id: ord_id.map(Into::into),
            begin_ms,
            end_ms,
            at_least: None,
        })
    }

    #[pyo3(signature = (inst_type=None, *, inst_id=None, ccy=None, bill_type=None, sub_type=None, begin_ms=None,
        end_ms=None, limit=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn bills<'py>(
        &self,
        py: Python<'py>,
        inst_type: Option<&str>,
        inst_id: Option<String>,
        ccy: Option<String>,
        bill_type: Option<String>,
        sub_type: Option<String>,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
        limit: Option<usize>,
    ) -> Answer<'py> {
        let wanted = GetBills {
            inst_type: inst_type.map(InstType::from),
            inst_id: inst_id.map(Into::into),
            ccy: ccy.map(Into::into),
            bill_type,
            sub_type,
            begin: begin_ms,
            end: end_ms,
            ..GetBills::new()
        };
        let (client, most) = (self.client.clone(), limit.unwrap_or(usize::MAX));
        bridge::spawn(py, async move { client.bills(&wanted, most).await.map(Row) })
    }

    #[pyo3(signature = (inst_id, mgn_mode))]
    fn leverage<'py>(&self, py: Python<'py>, inst_id: String, mgn_mode: &str) -> Answer<'py> {
        self.all(py, GetLeverage { inst_id: Some(inst_id), ..GetLeverage::new(MgnMode::from(mgn_mode)) })
    }

    #[pyo3(signature = (lever, mgn_mode, *, inst_id=None, ccy=None, pos_side=None))]
    fn set_leverage<'py>(
        &self,
        py: Python<'py>,
        lever: Number,
        mgn_mode: &str,
        inst_id: Option<String>,
        ccy: Option<String>,
        pos_side: Option<String>,
    ) -> Answer<'py> {
        self.change_leverage(py, mgn_mode, [inst_id, ccy, pos_side], lever.0)
    }

    fn set_position_mode<'py>(&self, py: Python<'py>, pos_mode: &str) -> Answer<'py> {
        self.change_position_mode(py, pos_mode)
    }

    #[pyo3(signature = (inst_id, td_mode, *, ccy=None, px=None, leverage=None, trade_quote_ccy=None, outcome=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn max_size<'py>(
        &self,
        py: Python<'py>,
        inst_id: String,
        td_mode: &str,
        ccy: Option<String>,
        px: Option<Number>,
        leverage: Option<Number>,
        trade_quote_ccy: Option<String>,
        outcome: Option<String>,
    ) -> Answer<'py> {
        self.all(py, max_size(inst_id, td_mode, [ccy, trade_quote_ccy, outcome], [px, leverage]))
    }

    #[pyo3(signature = (inst_id, td_mode, *, ccy=None, reduce_only=None, px=None, trade_quote_ccy=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn max_avail_size<'py>(
        &self,
        py: Python<'py>,
        inst_id: String,
        td_mode: &str,
        ccy: Option<String>,
        reduce_only: Option<bool>,
        px: Option<Number>,
        trade_quote_ccy: Option<String>,
    ) -> Answer<'py> {
        self.all(py, max_avail_size(inst_id, td_mode, [ccy, trade_quote_ccy], reduce_only, px))
    }

    fn account_rate_limit<'py>(&self, py: Python<'py>) -> Answer<'py> {
        self.one(py, GetAccountRateLimit::new())
    }

    #[pyo3(signature = (secs, tag=None))]
    fn cancel_all_after<'py>(&self, py: Python<'py>, secs: u32, tag: Option<String>) -> Answer<'py> {
        self.arm(py, secs, tag)
    }

    #[pyo3(signature = (inst_id, mgn_mode, *, pos_side=None, ccy=None, auto_cxl=None, cl_ord_id=None, tag=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn close_position<'py>(
        &self,
        py: Python<'py>,
        inst_id: String,
        mgn_mode: &str,
        pos_side: Option<String>,
        ccy: Option<String>,
        auto_cxl: Option<bool>,
        cl_ord_id: Option<String>,
        tag: Option<String>,
    ) -> Answer<'py> {
        self.close_one(py, inst_id, mgn_mode, [pos_side, ccy, cl_ord_id, tag], auto_cxl)
    }

    fn order_precheck<'py>(&self, py: Python<'py>, params: &Bound<'py, PyDict>) -> Answer<'py> {
        self.precheck(py, params)
    }

    #[pyo3(signature = (inst_family, lock_interval_ms=None))]
    fn mass_cancel<'py>(
        &self,
        py: Python<'py>,
        inst_family: String,
        lock_interval_ms: Option<u32>,
    ) -> Answer<'py> {
        self.cancel_mmp(py, inst_family, lock_interval_ms)
    }

    #[pyo3(signature = (sprd_id=None))]
    fn open_spread_orders<'py>(&self, py: Python<'py>, sprd_id: Option<String>) -> Answer<'py> {
        self.list(
            py,
            GetSpreadOrdersPending { sprd_id: sprd_id.map(Into::into), ..GetSpreadOrdersPending::new() },
        )
    }

    #[pyo3(signature = (sprd_id=None, ord_id=None, begin_ms=None, end_ms=None))]
    fn spread_fills<'py>(
        &self,
        py: Python<'py>,
        sprd_id: Option<String>,
        ord_id: Option<String>,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
    ) -> Answer<'py> {
        let (sprd_id, ord_id) = (sprd_id.map(Into::into), ord_id.map(Into::into));
        self.list(
            py,
            GetSpreadFills { sprd_id, ord_id, begin: begin_ms, end: end_ms, ..GetSpreadFills::new() },
        )
    }

    #[pyo3(signature = (sprd_id=None, begin_ms=None, end_ms=None))]
    fn spread_order_history<'py>(
        &self,
        py: Python<'py>,
        sprd_id: Option<String>,
        begin_ms: Option<u64>,
        end_ms: Option<u64>,
    ) -> Answer<'py> {
        self.list(
            py,
            GetSpreadOrdersHistory {
                sprd_id: sprd_id.map(Into::into),
                begin: begin_ms,
                end: end_ms,
                ..GetSpreadOrdersHistory::new()
            },
        )
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
