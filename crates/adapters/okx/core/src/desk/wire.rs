//! Order commands over REST, and their answers (OKX API v5, "Order Book Trading", "Algo Trading").

use bytes::Bytes;
use okx_common::{
    error_code::ErrorCode,
    order::{AmendAlgoOrder, AmendOrder, CancelAlgoOrder, CancelOrder, OnInstrument, RestArg, rest},
};
use okx_http::{
    HttpError,
    endpoint::{
        Auth, Endpoint, Method, Request, Spec,
        trade::{Amend, Cancel, CancelBatch, Place, PlaceBatch},
    },
};
use serde::{Deserialize, Serialize};

use super::intent::{Placing, What};
use crate::orders::tracker::{NotAnswered, Reply, ReplyItem};

const fn post(name: &'static str, path: &'static str) -> Spec {
    Spec { name, method: Method::Post, path, auth: Auth::Signed, params: &[] }
}

static PLACE_ALGO: Spec = post("trade-order-algo", "/trade/order-algo");
static AMEND_ALGO: Spec = post("trade-amend-algos", "/trade/amend-algos");
static CANCEL_ALGOS: Spec = post("trade-cancel-algos", "/trade/cancel-algos");

fn body(value: &impl Serialize) -> Result<Bytes, String> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| error.to_string())
}

fn with_deadline(request: Request, exp_time_ms: Option<u64>) -> Request {
    match exp_time_ms {
        Some(unix_ms) => request.with_exp_time(unix_ms),
        None => request,
    }
}

/// New orders: one of any kind, or several ordinary ones.
pub(super) fn place(orders: &[Placing], exp_time_ms: Option<u64>) -> Result<Request, String> {
    if let [Placing { what: What::Algo(value), .. }] = orders {
        return Ok(Request::command(&PLACE_ALGO, body(&rest(&**value))?, value.inst_id()));
    }
    let mut values = Vec::with_capacity(orders.len());
    for order in orders {
        let What::Ordinary(value) = &order.what else {
            return Err("not sent: such an order does not go over REST together with others".to_owned());
        };
        values.push((**value).clone());
    }
    let request = match values.as_slice() {
        [value] => Place(value).to_request(),
        several => PlaceBatch(several).to_request(),
    };
    Ok(with_deadline(request, exp_time_ms))
}

pub(super) fn amend(value: &AmendOrder, exp_time_ms: Option<u64>) -> Request {
    with_deadline(Amend(value).to_request(), exp_time_ms)
}

pub(super) fn amend_algo(value: &AmendAlgoOrder) -> Result<Request, String> {
    Ok(Request::command(&AMEND_ALGO, body(&rest(value))?, value.inst_id()))
}

pub(super) fn cancel(values: &[CancelOrder]) -> Request {
    match values {
        [value] => Cancel(value).to_request(),
        several => CancelBatch(several).to_request(),
    }
}

pub(super) fn cancel_algos(values: &[&CancelAlgoOrder]) -> Result<Request, String> {
    let items: Vec<RestArg<'_, CancelAlgoOrder>> = values.iter().map(|value| rest(*value)).collect();
    let scopes = values.iter().map(|value| value.inst_id().as_str());
    Ok(Request::batch(&CANCEL_ALGOS, body(&items)?, None, scopes))
}

/// An item of an answer. Strategy orders have ids of their own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default, deserialize_with = "okx_common::de::string")]
    ord_id: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    cl_ord_id: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    algo_id: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    algo_cl_ord_id: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    req_id: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    s_code: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    s_msg: String,
    #[serde(default, deserialize_with = "okx_common::de::string")]
    sub_code: String,
}

impl From<Item> for ReplyItem {
    fn from(item: Item) -> Self {
        let either = |first: String, second: String| if first.is_empty() { second } else { first };
        Self {
            ord_id: either(item.algo_id, item.ord_id),
            cl_ord_id: either(item.algo_cl_ord_id, item.cl_ord_id),
            req_id: item.req_id,
            code: ErrorCode::parse(&item.s_code),
            msg: item.s_msg,
            sub_code: item.sub_code,
        }
    }
}

/// Reads what became of a command.
pub(super) fn reply(answer: Result<&[u8], HttpError>) -> Result<Reply, NotAnswered> {
    let body = match answer {
        Ok(body) => body,
        Err(error) if error.code() != ErrorCode(0) => {
            let msg = error.message().to_owned();
            return Ok(Reply { code: error.code(), msg, ..Reply::default() });
        }
        Err(error) if error.is_definitive() => return Err(NotAnswered::NotSent(error.to_string())),
        Err(error) => return Err(NotAnswered::Unknown(error.to_string())),
    };
    match okx_http::envelope::read::<Item>(body) {
        Ok(answer) => Ok(Reply {
            code: answer.code,
            msg: answer.msg,
            items: answer.rows.items.into_iter().map(ReplyItem::from).collect(),
            ts_ms: answer.out_time_us.map(|us| us / 1_000),
        }),
        Err(error) => Err(NotAnswered::Unknown(format!("the answer cannot be read: {error}"))),
    }
}
