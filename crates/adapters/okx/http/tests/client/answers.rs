//! Answers that come as they should.

use okx_common::{enums::InstType, instrument::InstrumentRow};
use okx_http::{
    ErrorKind, OkxHttpClient,
    endpoint::{
        Params,
        market::{GetBooks, GetTicker, GetTickers},
        public::GetFundingRate,
    },
};
use okx_sim::ServerConfig;
use serde_json::json;

use crate::support::{arrived, client, config, fault, impatient, shared, soon, start, unlimited};

#[tokio::test]
async fn rows_come_typed() {
    let client = client(shared());
    let instruments = soon(client.instruments(InstType::Swap)).await.expect("an answer");
    assert_eq!(instruments.skipped, []);
    assert!(instruments.items.len() > 5);
    assert!(
        instruments
            .items
            .iter()
            .any(|row| matches!(row, InstrumentRow::Ready(i) if i.inst_id == "BTC-USDT-SWAP"))
    );
    let tickers = soon(client.get(&GetTickers::new(InstType::Swap))).await.expect("an answer").items;
    assert!(tickers.iter().all(|t| t.inst_type == Some(InstType::Swap) && t.ts_ms.is_some()));
    let request = GetBooks { sz: Some(20), ..GetBooks::new("BTC-USDT-SWAP") };
    let book = soon(client.get(&request)).await.expect("an answer").items.remove(0);
    assert_eq!((book.asks.len(), book.bids.len()), (20, 20));
    assert!(book.seq_id.is_some() && book.asks[0].px > book.bids[0].px);
    let funding = soon(client.get(&GetFundingRate::new("BTC-USDT-SWAP"))).await.expect("an answer").items;
    assert!(funding[0].funding_rate.is_some());
    let now = soon(client.server_time()).await.expect("an answer");
    let server_now = shared().with(|_, now| now.unix_ms());
    assert!(now.abs_diff(server_now) < 60_000);
}

#[tokio::test]
async fn any_endpoint_can_be_asked_by_name() {
    let client = client(shared());
    let params: Params = [("instId", "BTC-USDT-SWAP")].into_iter().collect();
    let rows = soon(client.request("market-ticker", &params)).await.expect("an answer").items;
    let row = serde_json::to_value(&rows[0]).expect("it can be written");
    assert_eq!(
        (&row["inst_id"], row["last"].is_string(), row["ts_ms"].is_u64()),
        (&json!("BTC-USDT-SWAP"), true, true)
    );
    let before = arrived(shared(), "/market/nothing");
    let error =
        soon(client.request("market-nothing", &params)).await.map(|_| ()).expect_err("no such endpoint");
    assert_eq!((error.kind(), error.is_definitive()), (ErrorKind::Params, true));
    assert_eq!(arrived(shared(), "/market/nothing"), before);
}

#[tokio::test]
async fn one_bad_row_never_loses_the_others() {
    let server = start(unlimited());
    let rows = json!([
        {"instId": "A", "last": "1"}, {"instId": "B", "last": "one"}, {"last": "3"}, {"instId": "D", "last": ""}
    ]);
    fault(&server, json!({"what": {"kind": "reply", "code": "0", "data": rows}}));
    let rows = soon(client(&server).get(&GetTickers::new(InstType::Spot))).await.expect("an answer");
    let ids: Vec<_> = rows.items.iter().map(|t| &*t.inst_id).collect();
    assert_eq!(ids, ["A", "D"]);
    let paths: Vec<_> = rows.skipped.iter().map(|s| s.path.as_str()).collect();
    assert_eq!(paths, ["data[1].last", "data[2]"]);
    assert!(rows.skipped[1].error.contains("instId"));
}

#[tokio::test]
async fn compressed_and_encrypted_answers_are_read() {
    let server = start(ServerConfig { tls: true, ..unlimited() });
    fault(&server, json!({"on": {"class": "body"}, "what": {"kind": "edit", "changes": ["gzip"]}}));
    let ticker = soon(client(&server).get(&GetTicker::new("BTC-USDT"))).await.expect("an answer").items;
    assert_eq!(ticker[0].inst_id, "BTC-USDT");
    let untrusting = okx_http::ClientConfig {
        ca_pem: None,
        retry: okx_http::RetryPolicy { max_retries: 0, ..config(&server).retry },
        ..config(&server)
    };
    let stranger = OkxHttpClient::new(untrusting).expect("the configuration is sound");
    let error = soon(stranger.server_time()).await.expect_err("nobody vouches for the server");
    assert_eq!((error.kind(), error.http_status(), error.is_definitive()), (ErrorKind::Network, None, true));
    assert!(error.message().contains("certificate"), "{error}");
}

#[tokio::test]
async fn the_limits_of_okx_are_kept_by_waiting() {
    let server = start(ServerConfig::default());
    let client = impatient(&server);
    // Ten of these are allowed in two seconds.
    let asks = (0..13).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.server_time().await })
    });
    for ask in asks.collect::<Vec<_>>() {
        soon(ask).await.expect("no panic").expect("no refusal");
    }
    assert_eq!(arrived(&server, "/public/time"), 13);
}
