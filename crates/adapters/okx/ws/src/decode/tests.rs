//! Forms that the captured frames do not have.

use super::{
    DecodeErrorKind, Decoder,
    json::{Cursor, MAX_DEPTH},
};
use crate::message::{Data, Message, Payload};

fn data<'a>(decoder: &'a mut Decoder, frame: &'a str) -> Data<'a> {
    match decoder.decode(frame.as_bytes()) {
        Ok(Message::Data(data)) => data,
        other => panic!("{frame} is no push: {other:?}"),
    }
}

fn trade_px(frame: &str) -> String {
    let mut decoder = Decoder::new();
    let data = data(&mut decoder, frame);
    let Payload::Trades(trades) = data.payload else { panic!("no trades") };
    trades[0].px.to_string()
}

const TRADE: &str = r#"{"instId":"BTC-USDT","tradeId":"1","px":"42.10","sz":"3","side":"buy","ts":"16300"}"#;

#[test]
fn any_order_of_keys() {
    let orders = [
        format!(r#"{{"arg":{{"channel":"trades","instId":"BTC-USDT"}},"data":[{TRADE}]}}"#),
        format!(r#"{{"data":[{TRADE}],"arg":{{"instId":"BTC-USDT","channel":"trades"}}}}"#),
        format!(
            " {{ \"new\" : {{\"a\":[1,{{}},[]]}} ,\n\"data\" : [ {TRADE} ] ,\t\"arg\":{{\"channel\":\"trades\",\"x\":null}} }} "
        ),
    ];
    for frame in orders {
        assert_eq!(trade_px(&frame), "42.10", "{frame}");
    }
}

#[test]
fn rows_before_arg_and_action_after_them() {
    let frame = r#"{"data":[{"ts":"1","bids":[["1","2","0","3"]],"asks":[],"seqId":5,"prevSeqId":4}],"action":"update",
        "arg":{"channel":"books","instId":"A-B"}}"#;
    let mut decoder = Decoder::new();
    let Payload::Books(books) = data(&mut decoder, frame).payload else { panic!("no book") };
    assert_eq!(books.action(), crate::message::BookAction::Update);
    let book = books.iter().next().unwrap();
    assert_eq!(
        (book.bids.len(), book.bids[0].orders, book.seq_id, book.prev_seq_id),
        (1, 3, Some(5), Some(4))
    );
}

#[test]
fn numbers_for_strings_and_back() {
    let frame = r#"{"arg":{"channel":"trades"},"data":[{"tradeId":7,"px":42.5,"sz":1e-3,"side":"sell","ts":16300,"count":2,"seqId":"-9"}]}"#;
    let mut decoder = Decoder::new();
    let Payload::Trades(rows) = data(&mut decoder, frame).payload else { panic!("no trades") };
    let row = &rows[0];
    assert_eq!((row.px.to_string(), row.sz.to_string()), ("42.5".to_owned(), "0.001".to_owned()));
    assert_eq!((row.trade_id.as_str(), row.ts_ms, row.count, row.seq_id), ("7", 16300, Some(2), Some(-9)));
}

#[test]
fn exact_or_refused() {
    let of = |px: &str| {
        let row = TRADE.replace("42.10", px);
        let frame = format!(r#"{{"arg":{{"channel":"trades"}},"data":[{row}]}}"#);
        let mut decoder = Decoder::new();
        let data = data(&mut decoder, &frame);
        let Payload::Trades(rows) = data.payload else { panic!("no trades") };
        rows.first().map(|row| row.px.to_string()).ok_or_else(|| data.skipped[0].reason.clone())
    };
    assert_eq!(of("0.000000000000000001").as_deref(), Ok("0.000000000000000001"));
    assert_eq!(of("12345678901234567890.5").as_deref(), Ok("12345678901234567890.5"));
    assert_eq!(of("9999999999999999999").as_deref(), Ok("9999999999999999999"));
    assert_eq!(of("-12.50").as_deref(), Ok("-12.50"));
    for bad in ["", "NaN", "+1", "1,0", ".5", "5.", "1.2.3", " 1", "0x1", "1e999"] {
        let reason = of(bad).unwrap_err();
        assert!(reason.starts_with("px: "), "{bad}: {reason}");
    }
}

#[test]
fn one_bad_row_costs_one_row() {
    let good: Vec<String> = (0..20).map(|i| TRADE.replace("\"1\"", &format!("\"{i}\""))).collect();
    for bad in
        [r#"{"px":"x"}"#, "{}", "null", "[]", "5", r#"{"px":{"deep":[1]}}"#, &TRADE.replace("buy", "hold")]
    {
        let mut rows = good.clone();
        rows[7] = bad.to_owned();
        let frame = format!(r#"{{"arg":{{"channel":"trades"}},"data":[{}]}}"#, rows.join(","));
        let mut decoder = Decoder::new();
        let data = data(&mut decoder, &frame);
        assert_eq!((data.payload.len(), data.skipped.len()), (19, 1), "{bad}");
        assert_eq!(data.skipped[0].index, 7);
    }
}

#[test]
fn a_bad_level_costs_its_book_and_no_other() {
    let frame = r#"{"arg":{"channel":"books5","instId":"A"},"data":[
        {"asks":[["1","1","0","1"],["x","1","0","1"]],"bids":[],"ts":"1"},
        {"asks":[["2","1","0","1"]],"bids":[["1.5","2"]],"ts":"2","instId":"A"}]}"#;
    let mut decoder = Decoder::new();
    let data = data(&mut decoder, frame);
    let Payload::Books(books) = data.payload else { panic!("no book") };
    assert_eq!((books.len(), data.skipped.len()), (1, 1));
    let book = books.iter().next().unwrap();
    assert_eq!((book.asks.len(), book.asks[0].px.to_string(), book.bids[0].orders), (1, "2".to_owned(), 0));
    assert!(data.skipped[0].reason.starts_with("asks: "), "{}", data.skipped[0].reason);
}

#[test]
fn retail_price_improvement_and_spread_columns() {
    let mut decoder = Decoder::new();
    let frame = r#"{"arg":{"channel":"books-rpi","instId":"A"},"action":"snapshot","data":[{"asks":[["2","10","7","3"]],"bids":[["1","4","4","1"]],"ts":"1","seqId":1,"prevSeqId":-1}]}"#;
    let Payload::Books(books) = data(&mut decoder, frame).payload else { panic!("no book") };
    let book = books.iter().next().unwrap();
    assert_eq!(
        (book.asks_non_rpi[0].to_string(), book.bids_non_rpi[0].to_string()),
        ("7".to_owned(), "4".to_owned())
    );
    assert_eq!(book.asks[0].orders, 3);
    let frame = r#"{"arg":{"channel":"sprd-books5","sprdId":"A"},"data":[{"asks":[["2","10","7"]],"bids":[],"ts":"1"}]}"#;
    let Payload::Books(books) = data(&mut decoder, frame).payload else { panic!("no book") };
    let book = books.iter().next().unwrap();
    assert_eq!((book.asks[0].orders, book.asks_non_rpi.len()), (7, 0));
}

#[test]
fn escapes_and_other_scripts() {
    let frame = r#"{"arg":{"channel":"index-tickers","instId":"BTC-USD\u24c8"},"data":[{"instId":"BTC-USDⓈ","idxPx":"1","ts":"2"}]}"#;
    let mut decoder = Decoder::new();
    let data = data(&mut decoder, frame);
    assert_eq!(data.arg.inst_id, "BTC-USDⓈ");
    let Payload::IndexTickers(rows) = data.payload else { panic!("no index") };
    assert_eq!(rows[0].inst_id, data.arg.inst_id.as_str());
}

#[test]
fn absent_in_all_forms() {
    for absent in [r#","bidPx":"""#, r#","bidPx":null"#, ""] {
        let frame =
            format!(r#"{{"arg":{{"channel":"tickers"}},"data":[{{"instId":"A","ts":"1"{absent}}}]}}"#);
        let mut decoder = Decoder::new();
        let Payload::Tickers(rows) = data(&mut decoder, &frame).payload else { panic!("no ticker") };
        assert_eq!(rows[0].bid_px, None);
    }
    for absent in ["[]", "null", r#""""#] {
        let frame = format!(r#"{{"arg":{{"channel":"tickers"}},"data":{absent}}}"#);
        assert_eq!(data(&mut Decoder::new(), &frame).payload.len(), 0);
    }
}

#[test]
fn unreadable_frames_are_errors_that_say_where() {
    let kind = |frame: &[u8]| Decoder::new().decode(frame).expect_err("should not decode").kind();
    assert_eq!(kind(b""), DecodeErrorKind::Empty);
    assert_eq!(kind(b"  \n"), DecodeErrorKind::Empty);
    assert_eq!(kind(b"{\"arg\":\"\xff\"}"), DecodeErrorKind::NotUtf8);
    assert_eq!(kind(b"\xef\xbb\xbf{}"), DecodeErrorKind::NotJson);
    for bad in [
        "<html>",
        "{",
        "[]",
        "{}{}",
        r#"{"arg":{"channel":"trades"},"data":[{]}"#,
        r#"{"event":"\ud800"}"#,
        "{\"a\":\"\0\"}",
    ] {
        assert_eq!(kind(bad.as_bytes()), DecodeErrorKind::NotJson, "{bad}");
    }
    for bad in [
        r#"{"arg":{"channel":"trades"}}"#,
        r#"{"arg":{"channel":"trades"},"data":7}"#,
        r#"{"event":"subscribe"}"#,
    ] {
        assert_eq!(kind(bad.as_bytes()), DecodeErrorKind::Shape, "{bad}");
    }
    let error = Decoder::new()
        .decode(br#"{"arg":{"channel":"books","instId":"BTC-USDT"},"data":[{"asks":[["1",}]"#)
        .unwrap_err();
    assert_eq!(error.channel(), Some("books:BTC-USDT"));
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn hostile_nesting_and_keys_end_in_an_error() {
    for open in ["[", "{\"a\":"] {
        let frame = format!(r#"{{"arg":{{"channel":"trades"}},"data":[{}"#, open.repeat(100_000));
        assert_eq!(Decoder::new().decode(frame.as_bytes()).unwrap_err().kind(), DecodeErrorKind::NotJson);
    }
    let key = "k".repeat(1 << 20);
    let frame = format!(r#"{{"{key}":1,"event":"{key}"}}"#);
    assert!(matches!(Decoder::new().decode(frame.as_bytes()), Ok(Message::Unknown { .. })));
}

#[test]
fn unknown_kinds_are_told_apart() {
    let mut decoder = Decoder::new();
    assert!(
        matches!(decoder.decode(br#"{"event":"brand-new"}"#), Ok(Message::Unknown { kind }) if kind == "brand-new")
    );
    assert!(matches!(decoder.decode(b"{}"), Ok(Message::Unknown { .. })));
    assert_eq!(decoder.decode(b"pong"), Ok(Message::Pong));
    let data = data(&mut decoder, r#"{"arg":{"channel":"brand-new","instId":"A"},"data":[{"x":1},2]}"#);
    assert_eq!(data.arg.channel, None);
    assert_eq!(data.payload, Payload::Raw(vec![r#"{"x":1}"#, "2"]));
}

#[test]
fn the_skipper_agrees_with_serde_json() {
    let texts = [
        "1",
        "-0.5e+7",
        "01",
        "1.",
        "-",
        ".5",
        "1e",
        "\"a\\n\\u00e9\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "true",
        "tru",
        "null",
        "nul",
        "[1,2]",
        "[1,]",
        "[,]",
        "{\"a\":1}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[}",
        "{]",
        "[[[]],{}]",
        "\"\t\"",
        "\"é\"",
        "",
        "[1 2]",
        "{\"a\":[{\"b\":{}}],\"c\":\"\"}",
        "  [ 1 , { } ]  ",
    ];
    for text in texts {
        let mut cursor = Cursor::new(text);
        let ours = cursor.skip_value().is_ok() && cursor.is_at_end();
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        assert_eq!(ours, theirs, "{text}");
    }
    let deep = |n: u32| format!("{}{}", "[".repeat(n as usize), "]".repeat(n as usize));
    assert!(Cursor::new(&deep(MAX_DEPTH)).skip_value().is_ok());
    assert!(Cursor::new(&deep(MAX_DEPTH + 1)).skip_value().is_err());
}

proptest::proptest! {
    /// The short way for rows in OKX's usual order reads what the long way reads, odd values included. A blank behind the brace makes a
    /// row take the long way.
    #[test]
    fn the_usual_order_is_read_like_any_other(
        px in "(0|[1-9][0-9]{0,18})(\\.[0-9]{1,9})?|-1|1e3||x|007",
        sz in "[0-9]{1,4}(\\.[0-9]{0,3})?",
        side in "buy|sell|BUY||bu\\\\u0079",
        ts in "[0-9]{1,20}|1\\.5|",
        tail in r#"|,"count":"(1|-1|99999999999|x)","source":"[01]?","seqId":(0|7|-3|01|1\.5|1e2|"5"|123456789012345678901)|,"source":"0""#,
    ) {
        let row = |blank: &str| format!(
            r#"{{"arg":{{"channel":"trades","instId":"A-B"}},"data":[{{{blank}"instId":"A-B","tradeId":"9","px":"{px}","sz":"{sz}","side":"{side}","ts":"{ts}"{tail}}}]}}"#
        );
        let (short, long) = (row(""), row(" "));
        let (mut one, mut other) = (Decoder::new(), Decoder::new());
        let shape = |m: Result<Message<'_>, crate::DecodeError>| match m {
            Ok(Message::Data(data)) => {
                let skipped: Vec<_> = data.skipped.into_iter().map(|s| (s.index, s.reason)).collect();
                format!("{:?} {skipped:?}", data.payload)
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => format!("{:?}", error.kind),
        };
        proptest::prop_assert_eq!(shape(one.decode(short.as_bytes())), shape(other.decode(long.as_bytes())));
    }
}
