//! Past data, page by page, against the simulated market.

use std::collections::HashSet;

use okx_common::enums::{Bar, InstType};
use okx_http::{
    ErrorKind,
    history::{CandleKind, CandleQuery, Direction, FundingQuery, PastFills, PastOrders, Range, TradeQuery},
};
use okx_sim::SimServer;
use serde_json::{Value, json};

use crate::support::{arrived, client, shared, soon, start, unlimited};

const SWAP: &str = "BTC-USDT-SWAP";
const MINUTE: u64 = 60_000;

fn now_ms() -> u64 {
    shared().with(|_, now| now.unix_ms())
}

#[tokio::test]
async fn candles_of_both_endpoints_join_without_a_seam() {
    let client = client(shared());
    let now = now_ms();
    // Beyond the 1,440 bars of the recent endpoint.
    let range = Range { start_ms: Some(now - 2_000 * MINUTE), end_ms: Some(now), ..Range::default() };
    for (kind, inst_id) in
        [(CandleKind::Last, SWAP), (CandleKind::Mark, SWAP), (CandleKind::Index, "BTC-USDT")]
    {
        let query = CandleQuery { kind, ..CandleQuery::new(inst_id, Bar::Minute1, range) };
        let mut pages = 0;
        let candles =
            soon(client.candles(&query, &mut |progress| pages = progress.pages)).await.expect("an answer");
        assert_eq!(candles.skipped, []);
        let opens: Vec<_> = candles.items.iter().map(|c| c.open_ms).collect();
        assert!(opens.windows(2).all(|pair| pair[1] - pair[0] == MINUTE), "{kind:?}: a gap or a double");
        assert!((1_998..=2_001).contains(&opens.len()), "{kind:?}: {}", opens.len());
        assert!(candles.items.iter().all(|c| c.confirm));
        assert!(pages >= 2_000 / kind.page_limit(), "{kind:?}");
    }
}

#[tokio::test]
async fn forward_and_backward_meet() {
    let client = client(shared());
    let start_ms = now_ms() - 700 * MINUTE;
    let mut found = Vec::new();
    for (direction, limit) in [(Direction::Forward, Some(50)), (Direction::Backward, None)] {
        let range = Range { start_ms: Some(start_ms), end_ms: None, limit, direction };
        let query = CandleQuery::new(SWAP, Bar::Minute1, range);
        found.push(soon(client.candles(&query, &mut |_| {})).await.expect("an answer").items);
    }
    assert_eq!(found[0].len(), 50);
    assert_eq!(found[0], found[1][..50]);
}

#[tokio::test]
async fn the_forming_bar_comes_on_request_only() {
    let client = client(shared());
    let query = CandleQuery::new(SWAP, Bar::Day1Utc, Range { limit: Some(3), ..Range::default() });
    let closed = soon(client.candles(&query, &mut |_| {})).await.expect("an answer").items;
    let query = CandleQuery { include_forming: true, ..query };
    let all = soon(client.candles(&query, &mut |_| {})).await.expect("an answer").items;
    assert_eq!((closed.len(), all.len()), (3, 3));
    assert!(closed.iter().all(|c| c.confirm) && !all[2].confirm);
    assert_eq!(closed[1..], all[..2]);
}

#[tokio::test]
async fn bars_of_the_websocket_are_refused() {
    let server = start(unlimited());
    let query = CandleQuery::new(SWAP, Bar::Day5, Range::default());
    let error = soon(client(&server).candles(&query, &mut |_| {})).await.expect_err("REST has none");
    assert_eq!((error.kind(), error.is_definitive()), (ErrorKind::Params, true));
    assert_eq!(arrived(&server, "/market"), 0);
}

#[tokio::test]
async fn trades_are_paged_by_id() {
    let client = client(shared());
    let recent = TradeQuery { inst_id: SWAP.into(), range: Range { limit: Some(700), ..Range::default() } };
    let trades = soon(client.trades(&recent, &mut |_| {})).await.expect("an answer").items;
    assert_eq!(trades.len(), 700);
    let ids: Vec<u64> = trades.iter().map(|t| t.trade_id.parse().expect("a number")).collect();
    assert!(ids.windows(2).all(|pair| pair[1] == pair[0] + 1), "a gap or a double");

    let (start, end) = (trades[10].ts_ms.expect("a time"), trades[600].ts_ms.expect("a time"));
    let range = Range { start_ms: Some(start), end_ms: Some(end), ..Range::default() };
    let within = TradeQuery { inst_id: SWAP.into(), range };
    let found = soon(client.trades(&within, &mut |_| {})).await.expect("an answer").items;
    let expected: Vec<_> =
        trades.iter().filter(|t| t.ts_ms.is_some_and(|ts| range.holds(ts))).cloned().collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn funding_rates_are_paged() {
    let client = client(shared());
    let now = now_ms();
    let range = Range { start_ms: Some(now - 80 * 24 * 60 * MINUTE), end_ms: Some(now), ..Range::default() };
    let query = FundingQuery { inst_id: SWAP.into(), range };
    let rates = soon(client.funding_rates(&query, &mut |_| {})).await.expect("an answer").items;
    assert!(rates.len() > 200, "{}", rates.len());
    let times: Vec<_> = rates.iter().filter_map(|r| r.funding_time_ms).collect();
    assert!(times.is_sorted_by(|a, b| a < b) && times.iter().all(|ts| range.holds(*ts)));
    assert!(rates.iter().all(|r| r.realized_rate.is_some()));
}

/// An order that is filled; its price is far from the market, so that nothing else fills it.
fn fill_one(server: &SimServer) {
    let control = |method, path, body| server.control(method, path, &body).expect("it is served");
    let book = control("GET", "/control/book?instId=BTC-USDT-SWAP", Value::Null);
    let best: f64 = book["bids"][0][0].as_str().and_then(|px| px.parse().ok()).expect("a best bid");
    let order = json!({"op": "account.order", "instId": SWAP, "tdMode": "cross", "side": "buy", "ordType": "limit",
        "px": format!("{:.1}", best * 0.98), "sz": "1"});
    let placed = control("POST", "/control/script", order);
    control("POST", "/control/script", json!({"op": "account.fill", "ordId": placed["ordId"]}));
}

/// The endpoints of the months have tight limits: they are asked only for what those of the last days do not show.
#[tokio::test]
async fn what_was_shown_is_not_asked_for_again() {
    const DAY_MS: u64 = 24 * 60 * MINUTE;
    let server = start(unlimited());
    for days in [0, 5, 10] {
        server
            .control("POST", "/control/time", &json!({"offset_ms": days * DAY_MS}))
            .expect("time can be moved");
        fill_one(&server);
    }
    let client = client(&server);
    let fills = soon(client.past_fills(&PastFills::default())).await.expect("a list");
    let mut wanted = PastOrders {
        inst_type: InstType::Swap,
        inst_family: None,
        inst_id: None,
        begin_ms: None,
        end_ms: None,
    };
    let orders = soon(client.past_orders(&wanted)).await.expect("a list");
    let ids: HashSet<_> = orders.iter().map(|order| order.ord_id.clone()).collect();
    assert_eq!((fills.len(), orders.len(), ids.len()), (3, 3, 3));
    assert!(fills.iter().all(|fill| ids.contains(&fill.ord_id)));

    let now_ms = server.with(|exchange, now| exchange.time(now).unix_ms());
    let ends = |path: &str| -> Vec<u64> {
        let start = format!("GET /api/v5{path}?");
        let asked = server.with(|exchange, _| {
            let texts = exchange.journal(0, usize::MAX).map(|entry| entry.text().into_owned());
            texts.filter(|text| text.starts_with(&start)).collect::<Vec<_>>()
        });
        let end = |text: &String| text.split_once("&end=")?.1.split(['&', ' ']).next()?.parse().ok();
        asked.iter().map(|text| end(text).unwrap_or(u64::MAX)).collect()
    };
    let reaches = |path: &str, days: u64| {
        let ends = ends(path);
        !ends.is_empty() && ends.iter().all(|end| *end <= now_ms - (days * DAY_MS - 60 * MINUTE))
    };
    assert!(reaches("/trade/fills-history", 3), "{:?}", ends("/trade/fills-history"));
    assert!(reaches("/trade/orders-history-archive", 7), "{:?}", ends("/trade/orders-history-archive"));
    // An end of one's own that is earlier stays.
    wanted.end_ms = Some(now_ms - 8 * DAY_MS);
    let old = soon(client.past_orders(&wanted)).await.expect("a list");
    assert_eq!(old.len(), 1);
    assert_eq!(ends("/trade/orders-history-archive").last(), wanted.end_ms.as_ref());
}
