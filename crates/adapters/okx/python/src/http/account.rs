//! Orders, fills and the account: what is answered with dicts, and commands.

use std::str::FromStr;

use okx_common::{
    decimal::Decimal,
    enums::{InstType, MgnMode, PosMode, PosSide, TdMode},
    order::{CancelAllAfter, ClosePosition, MassCancel},
};
use okx_http::{
    Endpoint,
    endpoint::{
        Paged, Request,
        account::{GetMaxAvailSize, GetMaxSize, GetPositionsHistory, SetLeverage, SetPositionMode},
        trade::{CancelAfter, CancelMass, Close, PrecheckOrder},
    },
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyList},
};
use serde_json::{Map, Value};

use super::{HttpClient, refused};
use crate::{bridge, rows::Row};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// A number of Python: `Decimal`, `int` or text. `float` is none: it is not exact.
pub(super) struct Number(pub(super) Decimal);

impl<'py> FromPyObject<'_, 'py> for Number {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text = value.str()?.to_string();
        let is_float = value.is_instance_of::<pyo3::types::PyFloat>();
        match Decimal::from_str(&text) {
            Ok(number) if !is_float => Ok(Self(number)),
            _ => Err(refused(
                format!("{text} is no exact number"),
                "give a Decimal, an int, or the number as text",
            )),
        }
    }
}

/// Which past positions are wanted.
pub(super) struct PastPositions {
    pub(super) inst_type: Option<String>,
    pub(super) inst_id: Option<String>,
    pub(super) mgn_mode: Option<String>,
    pub(super) begin_ms: Option<u64>,
    pub(super) limit: Option<usize>,
}

impl HttpClient {
    /// The rows of an answer without pages.
    pub(super) fn all<'py, E: Endpoint + 'static>(&self, py: Python<'py>, endpoint: E) -> Answer<'py> {
        let client = self.client.clone();
        bridge::spawn(py, async move { client.all(&endpoint).await.map(Row) })
    }

    /// The whole list, page by page.
    pub(super) fn list<'py, E: Paged + 'static>(&self, py: Python<'py>, endpoint: E) -> Answer<'py> {
        let client = self.client.clone();
        bridge::spawn(py, async move { client.list(&endpoint).await.map(Row) })
    }

    /// The one row, or `None` if it does not exist.
    pub(super) fn find<'py, E: Endpoint + 'static>(&self, py: Python<'py>, endpoint: E) -> Answer<'py> {
        let client = self.client.clone();
        bridge::spawn(py, async move { client.find(&endpoint).await.map(Row) })
    }

    /// The one row.
    pub(super) fn one<'py, E: Endpoint + 'static>(&self, py: Python<'py>, endpoint: E) -> Answer<'py> {
        let client = self.client.clone();
        let request = endpoint.to_request();
        bridge::spawn(py, async move { client.one::<E>(&request).await.map(Row) })
    }

    /// What past positions there are.
    pub(super) fn past_positions<'py>(&self, py: Python<'py>, wanted: PastPositions) -> Answer<'py> {
        let request = GetPositionsHistory {
            inst_type: wanted.inst_type.as_deref().map(InstType::from),
            inst_id: wanted.inst_id.map(Into::into),
            mgn_mode: wanted.mgn_mode.as_deref().map(MgnMode::from),
            before: wanted.begin_ms.map(|begin| begin.saturating_sub(1)),
            ..GetPositionsHistory::new()
        };
        let (client, most) = (self.client.clone(), wanted.limit.unwrap_or(usize::MAX));
        bridge::spawn(py, async move { client.list_newest(&request, most).await.map(Row) })
    }

    /// Sets the leverage; OKX answers with what it is now.
    pub(super) fn change_leverage<'py>(
        &self,
        py: Python<'py>,
        mgn_mode: &str,
        [inst_id, ccy, pos_side]: [Option<String>; 3],
        lever: Decimal,
    ) -> Answer<'py> {
        let request = SetLeverage {
            inst_id: inst_id.map(Into::into),
            ccy: ccy.map(Into::into),
            pos_side: word::<PosSide>("pos_side", pos_side)?,
            ..SetLeverage::new(lever, MgnMode::from(mgn_mode))
        };
        self.all(py, request)
    }

    /// Sets the position mode.
    pub(super) fn change_position_mode<'py>(&self, py: Python<'py>, pos_mode: &str) -> Answer<'py> {
        self.one(py, SetPositionMode::new(PosMode::from(pos_mode)))
    }

    /// The dead-man switch.
    pub(super) fn arm<'py>(&self, py: Python<'py>, secs: u32, tag: Option<String>) -> Answer<'py> {
        let what = match secs {
            0 => CancelAllAfter::disarm(),
            secs => {
                CancelAllAfter::arm(secs).map_err(|words| refused(words, "give 10 to 120 seconds, or 0"))?
            }
        };
        let what = CancelAllAfter { tag, ..what };
        let request = CancelAfter(&what).to_request();
        self.command::<CancelAfter<'_>>(py, request)
    }

    /// Closes a position at the market.
    pub(super) fn close_one<'py>(
        &self,
        py: Python<'py>,
        inst_id: String,
        mgn_mode: &str,
        [pos_side, ccy, cl_ord_id, tag]: [Option<String>; 4],
        auto_cxl: Option<bool>,
    ) -> Answer<'py> {
        let what = ClosePosition {
            pos_side: word::<PosSide>("pos_side", pos_side)?,
            ccy: ccy.map(Into::into),
            auto_cxl,
            cl_ord_id: cl_ord_id.map(Into::into),
            tag,
            ..ClosePosition::new(inst_id, MgnMode::from(mgn_mode))
        };
        let request = Close(&what).to_request();
        self.command::<Close<'_>>(py, request)
    }

    /// Cancels the market-maker-protected orders of an option family.
    pub(super) fn cancel_mmp<'py>(
        &self,
        py: Python<'py>,
        inst_family: String,
        lock_interval_ms: Option<u32>,
    ) -> Answer<'py> {
        let what = MassCancel { lock_interval: lock_interval_ms, ..MassCancel::family(inst_family) };
        let request = CancelMass(&what).to_request();
        self.command::<CancelMass<'_>>(py, request)
    }

    /// What an order by OKX's names would change.
    pub(super) fn precheck<'py>(&self, py: Python<'py>, params: &Bound<'py, PyDict>) -> Answer<'py> {
        let body = json_of(params)?.to_string();
        let request = Request::command(PrecheckOrder::SPEC, body, "");
        self.command::<PrecheckOrder<'_>>(py, request)
    }

    /// Sends a command and answers with its row.
    fn command<'py, E: Endpoint>(&self, py: Python<'py>, request: Request) -> Answer<'py> {
        let client = self.client.clone();
        bridge::spawn(py, async move { client.one::<E>(&request).await.map(Row) })
    }
}

/// The request for the largest orders.
pub(super) fn max_size(
    inst_id: String,
    td_mode: &str,
    [ccy, trade_quote_ccy, outcome]: [Option<String>; 3],
    [px, leverage]: [Option<Number>; 2],
) -> GetMaxSize {
    GetMaxSize {
        ccy: ccy.map(Into::into),
        px: px.map(|number| number.0),
        leverage: leverage.map(|number| number.0),
        trade_quote_ccy: trade_quote_ccy.map(Into::into),
        outcome,
        ..GetMaxSize::new(inst_id, TdMode::from(td_mode))
    }
}

/// The request for what can be used.
pub(super) fn max_avail_size(
    inst_id: String,
    td_mode: &str,
    [ccy, trade_quote_ccy]: [Option<String>; 2],
    reduce_only: Option<bool>,
    px: Option<Number>,
) -> GetMaxAvailSize {
    GetMaxAvailSize {
        ccy: ccy.map(Into::into),
        reduce_only,
        px: px.map(|number| number.0),
        trade_quote_ccy: trade_quote_ccy.map(Into::into),
        ..GetMaxAvailSize::new(inst_id, TdMode::from(td_mode))
    }
}

/// A word of OKX.
///
/// # Errors
/// If OKX has no such word there.
pub(super) fn word<T: FromStr<Err: std::fmt::Display>>(
    name: &str,
    value: Option<String>,
) -> PyResult<Option<T>> {
    let read = |text: String| {
        text.parse().map_err(|error: T::Err| refused(format!("{name}: {error}"), "use one of OKX's words"))
    };
    value.map(read).transpose()
}

/// A mapping as the JSON of a request: OKX writes numbers as text.
fn json_of(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Value::Bool(flag.is_true()));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut object = Map::new();
        for (name, value) in dict {
            if !value.is_none() {
                object.insert(name.extract()?, json_of(&value)?);
            }
        }
        return Ok(Value::Object(object));
    }
    if let Ok(list) = value.cast::<PyList>() {
        return list.iter().map(|value| json_of(&value)).collect::<PyResult<_>>().map(Value::Array);
    }
    Ok(Value::String(value.str()?.to_string()))
}
