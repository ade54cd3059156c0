//! Signed requests.

use okx_common::{
    credentials::Credentials,
    enums::InstType,
    error_code::CodeKind,
    hosts::{Environment, Hosts, Region},
};
use okx_http::{
    ClientConfig, ErrorKind, OkxHttpClient,
    endpoint::account::{GetAccountInstruments, GetTradeFee},
};
use serde_json::json;

use crate::support::{arrived, assert_no_secrets, client, config, fault, shared, soon, start, unlimited};

#[tokio::test]
async fn the_account_is_known_by_its_key() {
    let client = client(shared());
    let account = soon(client.account_config()).await.expect("an answer");
    assert!(account.uid.is_some() && account.acct_lv.is_some());
    // With a query, which is signed too.
    let request = GetAccountInstruments {
        inst_id: Some("BTC-USDT".into()),
        ..GetAccountInstruments::new(InstType::Spot)
    };
    let rows = soon(client.get(&request)).await.expect("an answer").items;
    assert_eq!(rows.len(), 1);
    let fees = soon(client.get(&GetTradeFee::new(InstType::Spot))).await.expect("an answer").items;
    assert!(!fees[0].fee_group.is_empty());
}

#[tokio::test]
async fn without_a_key_nothing_is_sent() {
    let server = start(unlimited());
    let client = OkxHttpClient::new(ClientConfig { credentials: None, ..config(&server) }).expect("sound");
    assert!(!client.has_credentials());
    let error = soon(client.account_config()).await.expect_err("there is no key");
    assert_eq!((error.kind(), error.is_definitive()), (ErrorKind::NoCredentials, true));
    assert!(error.advice().contains("OKX_API_KEY"));
    assert_eq!(arrived(&server, "/account/config"), 0);
    assert!(soon(client.server_time()).await.is_ok(), "public data needs none");
}

#[tokio::test]
async fn a_wrong_key_is_refused_once_and_not_shown() {
    let server = start(unlimited());
    let key = server.key();
    let wrong =
        Credentials::new(&key.key, "not the secret".replace(' ', ""), &key.passphrase).expect("sound");
    let client =
        OkxHttpClient::new(ClientConfig { credentials: Some(wrong), ..config(&server) }).expect("sound");
    let error = soon(client.account_config()).await.expect_err("the signature is wrong");
    assert_eq!((error.code().0, error.http_status(), error.kind()), (50113, Some(401), ErrorKind::Venue));
    assert_eq!(error.code().kind(), CodeKind::Authentication);
    assert!(!error.advice().is_empty());
    assert_eq!(arrived(&server, "/account/config"), 1);
    assert_no_secrets(&server, &error);
    assert!(!format!("{client:?}").contains(&key.key));
}

#[tokio::test]
async fn the_environment_is_told_by_a_header() {
    let server = start(unlimited());
    let hosts = Hosts::new(Region::Global, Environment::Demo).with_rest(server.rest_url());
    let client = OkxHttpClient::new(ClientConfig { hosts, ..config(&server) }).expect("sound");
    let error = soon(client.account_config()).await.expect_err("the key is one for live trading");
    assert_eq!(error.code().0, 50101);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_for_all() {
    let server = start(unlimited());
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "time", "jump_ms": 90_000}}));
    let client = client(&server);
    assert!(soon(client.account_config()).await.is_ok());
    assert!((80_000..=100_000).contains(&client.clock_offset_ms()), "{}", client.clock_offset_ms());
    assert_eq!((arrived(&server, "/account/config"), arrived(&server, "/public/time")), (2, 1));
    assert!(soon(client.account_config()).await.is_ok());
    assert_eq!((arrived(&server, "/account/config"), arrived(&server, "/public/time")), (3, 1));
}

#[tokio::test]
async fn a_clock_that_stays_wrong_is_an_error() {
    let server = start(unlimited());
    fault(
        &server,
        json!({"on": {"path": "/account/*"}, "what": {"kind": "reply", "status": 401, "code": "50102", "msg": "Timestamp request expired"}}),
    );
    let error = soon(client(&server).account_config()).await.expect_err("OKX does not like any time");
    assert_eq!((error.code().0, error.message()), (50102, "Timestamp request expired"));
    assert_eq!((arrived(&server, "/account/config"), arrived(&server, "/public/time")), (2, 1));
}
