//! The control endpoint over HTTP.

use okx_sim::ServerConfig;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Ws, get, http, server, soon, start, unlimited};

async fn call(server: &okx_sim::SimServer, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = http().request(method, server.rest_url() + path);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = soon(request.send()).await.expect("an answer");
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&soon(answer.text()).await.expect("a body")).expect("JSON"))
}

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let server = server();
    let fault = json!({"name": "gap", "on": {"class": "update"}, "when": {"count": 1}, "what": {"kind": "seq", "how": "drop"}});
    for (path, id) in [("/control/faults", 1), ("/control/fault", 2)] {
        assert_eq!(call(&server, Method::POST, path, Some(fault.clone())).await, (200, json!({"id": id})));
    }
    let (_, listed) = call(&server, Method::GET, "/control/faults", None).await;
    assert_eq!(
        (&listed[0]["fault"]["name"], &listed[1]["id"], &listed[0]["fired"]),
        (&json!("gap"), &json!(2), &json!(0))
    );
    assert_eq!(call(&server, Method::DELETE, "/control/faults/1", None).await.0, 200);
    assert_eq!(call(&server, Method::DELETE, "/control/faults/1", None).await.0, 404);
    assert_eq!(call(&server, Method::DELETE, "/control/faults", None).await.0, 200);
    assert_eq!(call(&server, Method::GET, "/control/faults", None).await.1, json!([]));
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let server = server();
    let bad = json!({"what": {"kind": "seq", "how": "drop"}, "filter": {}});
    let (status, said) = call(&server, Method::POST, "/control/faults", Some(bad)).await;
    assert_eq!(status, 400);
    assert!(said["error"].as_str().is_some_and(|e| e.contains("unknown field `filter`")), "{said}");
    let (status, said) = call(&server, Method::POST, "/control/script", Some(json!({"no": 1}))).await;
    assert_eq!((status, &said["error"]), (400, &json!("give updates, padding or at_ms")));
    assert_eq!(call(&server, Method::GET, "/control/book?instId=NO", None).await.0, 404);
    assert_eq!(call(&server, Method::GET, "/control/book", None).await.0, 400);
    assert_eq!(call(&server, Method::GET, "/control/nothing", None).await.0, 404);
    assert_eq!(call(&server, Method::GET, "/control/journal?from=x", None).await.0, 400);
    let form = soon(http().post(server.rest_url() + "/control/advance").body(r#"{"ms":1}"#).send()).await;
    assert_eq!(form.expect("an answer").status(), 415, "a web page could send this");
}

#[tokio::test]
async fn the_exchange_can_be_looked_into() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    call(&server, Method::POST, "/control/script", Some(json!({"updates": 2}))).await;
    ws.sequence(2).await;
    let (_, book) = call(&server, Method::GET, "/control/book?instId=BTC-USDT", None).await;
    assert_eq!(book, json!({"asks": [["2", "1"]], "bids": [["1", "1"]], "seqId": 12}));
    let (_, state) = call(&server, Method::GET, "/control/state", None).await;
    assert_eq!(state["connections"][0]["topics"], json!([r#"{"channel":"books","instId":"BTC-USDT"}"#]));
    let (_, all) = call(&server, Method::GET, "/control/journal", None).await;
    let ways: Vec<_> =
        all.as_array().expect("a list").iter().map(|e| e["direction"].as_str().expect("a word")).collect();
    assert_eq!(ways, ["note", "in", "out", "out", "out", "out"]);
    let (_, some) = call(&server, Method::GET, "/control/journal?from=2&limit=1", None).await;
    assert_eq!((some.as_array().map(Vec::len), &some[0]["no"]), (Some(1), &json!(2)));
}

#[tokio::test]
async fn time_is_moved() {
    let server = start(ServerConfig { paused: true, start_ms: Some(1_700_000_000_000), ..unlimited() });
    let (_, time) = call(&server, Method::POST, "/control/advance", Some(json!({"ms": 1_500}))).await;
    assert_eq!((&time["unix_ms"], &time["paused"]), (&json!(1_700_000_001_500_u64), &json!(true)));
    let (_, time) = call(&server, Method::POST, "/control/time", Some(json!({"jump_ms": -500}))).await;
    assert_eq!(time["unix_ms"], json!(1_700_000_001_000_u64));
    assert_eq!(get(&server, "/api/v5/public/time").await.1["data"][0]["ts"], "1700000001000");
    let (_, time) = call(&server, Method::GET, "/control/time", None).await;
    assert_eq!(time["unix_ms"], json!(1_700_000_001_000_u64));
}

#[tokio::test]
async fn a_running_clock_jumps_and_planned_events_come() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    let (_, time) = call(&server, Method::GET, "/control/time", None).await;
    let soon_ms = time["unix_ms"].as_u64().expect("a time") + 3_600_000;
    call(&server, Method::POST, "/control/script", Some(json!({"at_ms": soon_ms}))).await;
    call(&server, Method::POST, "/control/advance", Some(json!({"ms": 3_600_000}))).await;
    ws.sequence(1).await;
    // And by itself, without anybody asking.
    let (_, time) = call(&server, Method::GET, "/control/time", None).await;
    let soon_ms = time["unix_ms"].as_u64().expect("a time") + 20;
    call(&server, Method::POST, "/control/script", Some(json!({"at_ms": soon_ms}))).await;
    ws.sequence(1).await;
}

#[tokio::test]
async fn limits_are_changed_while_it_runs() {
    let server = server();
    let limits = json!({"connects_per_s": 1});
    call(&server, Method::POST, "/control/time", Some(json!({"offset_ms": 0}))).await;
    assert_eq!(call(&server, Method::POST, "/control/limits", Some(limits)).await.0, 200);
    let (status, said) = call(&server, Method::POST, "/control/limits", Some(json!({"conects": 1}))).await;
    assert_eq!(status, 400);
    assert!(said["error"].as_str().is_some_and(|e| e.contains("unknown field `conects`")), "{said}");
}
