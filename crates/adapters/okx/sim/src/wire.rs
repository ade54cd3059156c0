//! The control frames the exchange sends, in OKX's shapes and words (reference 2.4, 3.4, 5.1, 8.6).

use serde_json::{Value, json};

use crate::topic::Topic;

/// How much of a bad request an error message repeats; OKX repeats it whole, yet a reply must not be as large as an attack.
const MAX_ECHO_CHARS: usize = 1_024;

/// Words that go with an error code where they do not depend on the request.
#[must_use]
pub const fn words(code: u32) -> &'static str {
    match code {
        60004 => "Invalid timestamp",
        60005 => "Invalid apiKey",
        60006 => "Timestamp request expired",
        60007 => "Invalid sign",
        60009 => "Login failed.",
        60011 => "Please log in",
        60013 => "Invalid args",
        60014 => "Requests too frequent",
        60024 => "Wrong passphrase",
        60028 => {
            "The current operation is not supported by this URL. Please use the correct WebSocket URL for the operation."
        }
        60031 => "The WebSocket endpoint does not allow multiple or repeated logins.",
        60032 => "API key doesn't exist",
        63999 => "Login failed due to internal error. Please try again later.",
        64000 => "Subscription parameter uly is unavailable anymore, please replace uly with instFamily.",
        64003 => "Your trading fee tier doesn't meet the requirement to access this channel",
        64004 => {
            "Subscribe to both books-l2-tbt and books50-l2-tbt or books for one instrument is not allowed. Unsubscribe the other channel first."
        }
        64008 => "The connection will soon be closed for a service upgrade. Please reconnect.",
        _ => "Operation failed.",
    }
}

fn with_id(id: &str, mut body: String) -> String {
    if !id.is_empty() {
        body.insert_str(1, &format!("\"id\":{},", Value::from(id)));
    }
    body
}

/// `{"id":"1512","event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a4d3ae55"}`
#[must_use]
pub fn ack(id: &str, event: &str, topic: &Topic, conn_id: &str) -> String {
    with_id(id, format!(r#"{{"event":"{event}","arg":{},"connId":"{conn_id}"}}"#, topic.json()))
}

/// `{"event":"error","msg":"Please log in","code":"60011","connId":"a4d3ae55"}`
#[must_use]
pub fn error(id: &str, code: &str, msg: &str, conn_id: &str) -> String {
    with_id(
        id,
        format!(
            r#"{{"event":"error","msg":{},"code":{},"connId":"{conn_id}"}}"#,
            Value::from(msg),
            Value::from(code)
        ),
    )
}

/// `{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}`
#[must_use]
pub fn login(conn_id: &str) -> String {
    format!(r#"{{"event":"login","code":"0","msg":"","connId":"{conn_id}"}}"#)
}

/// `{"event":"notice","msg":"The connection will soon be closed …","code":"64008","connId":"a4d3ae55"}`
#[must_use]
pub fn notice(conn_id: &str) -> String {
    format!(r#"{{"event":"notice","msg":"{}","code":"64008","connId":"{conn_id}"}}"#, words(64008))
}

/// `{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a4d3ae55"}`, with `-error` if refused.
#[must_use]
pub fn conn_count(refused: bool, channel: &str, count: usize, conn_id: &str) -> String {
    let suffix = if refused { "-error" } else { "" };
    format!(
        r#"{{"event":"channel-conn-count{suffix}","channel":"{channel}","connCount":"{count}","connId":"{conn_id}"}}"#
    )
}

/// The answer to an order operation: `{"id","op","code","msg","data":[…],"inTime","outTime"}`. Times in microseconds.
#[must_use]
pub fn op_reply(id: &str, op: &str, code: &str, msg: &str, data: &Value, time_us: u64) -> String {
    let body = json!({"op": op, "code": code, "msg": msg, "data": data,
        "inTime": time_us.to_string(), "outTime": time_us.to_string()});
    with_id(id, body.to_string())
}

/// The same without times, as OKX answers operations on spreads and mass cancellations.
#[must_use]
pub fn untimed_reply(id: &str, op: &str, code: &str, msg: &str, data: &Value) -> String {
    with_id(id, json!({"op": op, "code": code, "msg": msg, "data": data}).to_string())
}

/// The message of 60012, which repeats the request.
#[must_use]
pub fn invalid_request(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    format!("Invalid request: {}", text.chars().take(MAX_ECHO_CHARS).collect::<String>())
}

/// The message of 60018, which names the argument.
#[must_use]
pub fn wrong_channel(topic: &Topic) -> String {
    format!(
        "Wrong URL or channel:{} doesn't exist. Please use the correct URL, channel and parameters referring to API document.",
        topic.words()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_json_in_the_captured_shape() {
        let topic = Topic::of("index-tickers", "NEAR-USDT-SWAP");
        assert_eq!(
            ack("1512", "subscribe", &topic, "a4d3ae55"),
            r#"{"id":"1512","event":"subscribe","arg":{"channel":"index-tickers","instId":"NEAR-USDT-SWAP"},"connId":"a4d3ae55"}"#
        );
        for text in [
            error("", "60012", &invalid_request(b"{\"op\": \xff"), "x"),
            login("x"),
            notice("x"),
            conn_count(true, "orders", 30, "x"),
            op_reply("7", "order", "60013", words(60013), &json!([]), 1),
        ] {
            serde_json::from_str::<Value>(&text).expect(&text);
        }
        assert!(
            wrong_channel(&topic)
                .starts_with("Wrong URL or channel:index-tickers,instId:NEAR-USDT-SWAP doesn't exist.")
        );
    }
}
