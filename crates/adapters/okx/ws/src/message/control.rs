//! Messages that are not pushes.

use okx_common::error_code::ErrorCode;

use crate::{text::Text, topic::Arg};

/// What was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AckKind {
    /// `subscribe`.
    Subscribe,
    /// `unsubscribe`.
    Unsubscribe,
}

/// `{"id":"1512","event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"d604ccd0"}`; one for each
/// element of `args`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack<'a> {
    /// What was acknowledged.
    pub kind: AckKind,
    /// The request id, empty if none was given.
    pub id: Text<'a>,
    /// The subscription.
    pub arg: Arg<'a>,
    /// Connection.
    pub conn_id: Text<'a>,
}

/// `{"id":"1512","event":"error","code":"60012","msg":"Invalid request: …","connId":"a4d3ae55"}`; does not say which element
/// of `args` it means, though `msg` often does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorEvent<'a> {
    /// The request id, empty if none was given (or OKX could not read it).
    pub id: Text<'a>,
    /// The code, 0 if it was not a number.
    pub code: ErrorCode,
    /// OKX's words.
    pub msg: Text<'a>,
    /// Connection.
    pub conn_id: Text<'a>,
}

/// `{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login<'a> {
    /// 0 for success.
    pub code: ErrorCode,
    /// OKX's words.
    pub msg: Text<'a>,
    /// Connection.
    pub conn_id: Text<'a>,
}

/// `{"event":"notice","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","code":"64008",`
/// `"connId":"8517149b"}`, about 60 s ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice<'a> {
    /// 64008.
    pub code: ErrorCode,
    /// OKX's words.
    pub msg: Text<'a>,
    /// Connection.
    pub conn_id: Text<'a>,
}

/// `{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"abcd1234"}`, or with
/// `channel-conn-count-error` when that was one too many and the subscription has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnCount<'a> {
    /// Channel.
    pub channel: Text<'a>,
    /// Connections of this sub-account that hold it.
    pub count: Option<u32>,
    /// Whether the subscription was ended.
    pub exceeded: bool,
    /// Connection.
    pub conn_id: Text<'a>,
}

/// `{"id":"1512","op":"order","data":[{"clOrdId":"","ordId":"12345689","tag":"","ts":"1695190491421","sCode":"0","sMsg":"",`
/// `"subCode":""}],"code":"0","msg":"","inTime":"1695190491421339","outTime":"1695190491423240"}`
#[derive(Debug, Clone, PartialEq)]
pub struct OpResponse<'a> {
    /// The request id.
    pub id: Text<'a>,
    /// The operation.
    pub op: Text<'a>,
    /// 0 success, 1 all failed, 2 some failed, or a code for the whole request.
    pub code: ErrorCode,
    /// OKX's words.
    pub msg: Text<'a>,
    /// One for each order, possibly none.
    pub items: Vec<OpItem<'a>>,
    /// When the gateway received it, Unix us.
    pub in_time_us: Option<u64>,
    /// When the gateway answered, Unix us.
    pub out_time_us: Option<u64>,
}

row! {
    /// One item of an [`OpResponse`].
    pub struct OpItem<'a> {
        text {
            /// Order id.
            ord_id,
            /// Client's order id.
            cl_ord_id,
            /// Tag.
            tag,
            /// Request id of an amendment.
            req_id,
            /// 0 for success.
            s_code,
            /// OKX's words.
            s_msg,
            /// Finer code.
            sub_code,
        }
        ms {
            /// When it was handled, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        flag {
            /// Of `mass-cancel`.
            result,
        }
    }
}
