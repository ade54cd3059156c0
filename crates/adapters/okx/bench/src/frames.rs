//! Frames of the size and shape that OKX sends.

use std::fmt::Write as _;

/// Levels of one update, both sides together.
pub const LEVELS_OF_UPDATE: usize = 10;
const SNAPSHOT_LEVELS: usize = 400;
const INST_ID: &str = "BTC-USDT-SWAP";

/// A pseudo-random series that is the same on every machine.
struct Series(u64);

impl Series {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn side(series: &mut Series, count: usize, from: i64, step: i64) -> String {
    let mut text = String::new();
    for n in 0..count {
        let tenths = from + step * n as i64;
        let (sz, orders) = (1 + series.next(90_000), 1 + series.next(40));
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}["{}.{}","{}.{:02}","0","{orders}"]"#,
            tenths / 10,
            tenths % 10,
            sz / 100,
            sz % 100
        );
    }
    text
}

fn book(action: &str, series: &mut Series, levels: usize, prev: i64, seq: i64) -> String {
    let (asks, bids) = (side(series, levels, 912_501, 1), side(series, levels, 912_500, -1));
    format!(
        r#"{{"arg":{{"channel":"books","instId":"{INST_ID}"}},"action":"{action}","data":[{{"asks":[{asks}],"bids":[{bids}],"ts":"1790439596521","checksum":0,"seqId":{seq},"prevSeqId":{prev}}}]}}"#
    )
}

/// A snapshot of 400 levels a side.
#[must_use]
pub fn snapshot() -> String {
    book("snapshot", &mut Series(7), SNAPSHOT_LEVELS, -1, 1_000_000)
}

/// Updates that continue the [`snapshot`].
#[must_use]
pub fn book_updates(count: usize) -> Vec<String> {
    let mut series = Series(8);
    let seq = |n: usize| 1_000_000 + n as i64;
    (0..count).map(|n| book("update", &mut series, LEVELS_OF_UPDATE / 2, seq(n), seq(n + 1))).collect()
}

/// Trades, one a frame.
#[must_use]
pub fn trades(count: usize) -> Vec<String> {
    let mut series = Series(9);
    (0..count)
        .map(|n| {
            let (px, sz) = (912_000 + series.next(1_000), 1 + series.next(4_000));
            let side = if series.next(2) == 0 { "buy" } else { "sell" };
            format!(
                r#"{{"arg":{{"channel":"trades","instId":"{INST_ID}"}},"data":[{{"instId":"{INST_ID}","tradeId":"{}","px":"{}.{}","sz":"{}.{:02}","side":"{side}","ts":"1790439596521","count":"1","source":"0","seqId":{}}}]}}"#,
                2_100_000_000 + n,
                px / 10,
                px % 10,
                sz / 100,
                sz % 100,
                1_000_000 + n,
            )
        })
        .collect()
}

/// Pushes of `orders` for so many orders of ours: `live`, then `filled` by one trade.
#[must_use]
pub fn orders(count: usize) -> Vec<String> {
    let fill = [
        (r#""fillPx":"91250.1","fillSz":"0.5","fillTime":"1790439596525","tradeId":"#, r#""fillFee":"-0.0228","fillFeeCcy":"USDT""#),
        (r#""fillPx":"","fillSz":"0","fillTime":"","tradeId":"#, r#""fillFee":"0","fillFeeCcy":"""#),
    ];
    let push = |n: usize, is_filled: bool| {
        let (fill, fee) = if is_filled { fill[0] } else { fill[1] };
        let (state, acc, avg) = if is_filled { ("filled", "0.5", "91250.1") } else { ("live", "0", "0") };
        let (trade, exec) = if is_filled { ((2_100_000_000 + n).to_string(), "M") } else { (String::new(), "") };
        format!(
            r#"{{"arg":{{"channel":"orders","instType":"ANY","uid":"530315546680502420"}},"data":[{{"accFillSz":"{acc}","algoClOrdId":"","algoId":"","amendResult":"","amendSource":"","attachAlgoClOrdId":"","attachAlgoOrds":[],"avgPx":"{avg}","cTime":"1790439596521","cancelSource":"","category":"normal","ccy":"","clOrdId":"{}","code":"0","execType":"{exec}","fee":"0","feeCcy":"USDT",{fee},"fillFwdPx":"","fillMarkPx":"","fillMarkVol":"","fillNotionalUsd":"","fillPnl":"0",{fill}"{trade}","fillPxUsd":"","fillPxVol":"","instId":"{INST_ID}","instType":"SWAP","lastPx":"91250.1","lever":"10","linkedAlgoOrd":{{"algoId":""}},"msg":"","notionalUsd":"456.25","ordId":"{}","ordType":"limit","pnl":"0","posSide":"net","px":"91250.1","pxType":"","pxUsd":"","pxVol":"","quickMgnType":"","rebate":"0","rebateCcy":"USDT","reduceOnly":"false","reqId":"","side":"buy","slOrdPx":"","slTriggerPx":"","slTriggerPxType":"","source":"","state":"{state}","stpId":"","stpMode":"cancel_maker","sz":"0.5","tag":"","tdMode":"cross","tgtCcy":"","tpOrdPx":"","tpTriggerPx":"","tpTriggerPxType":"","uTime":"1790439596525"}}]}}"#,
            cl_ord_id(n),
            667_364_871_905_857_536_u64 + n as u64,
        )
    };
    (0..count).flat_map(|n| [push(n, false), push(n, true)]).collect()
}

/// Client's id of an order of [`orders`].
#[must_use]
pub fn cl_ord_id(n: usize) -> String {
    format!("O20261125145318001000{n}")
}

/// The instrument of all frames, as `/public/instruments` has it.
pub const INSTRUMENT: &str = r#"{"alias":"","auctionEndTime":"","baseCcy":"","category":"1","contTdSwTime":"","ctMult":"1","ctType":"linear","ctVal":"0.01","ctValCcy":"BTC","expTime":"","futureSettlement":false,"groupId":"4","instFamily":"BTC-USDT","instId":"BTC-USDT-SWAP","instIdCode":10459,"instType":"SWAP","lever":"100","listTime":"1573557408000","lotSz":"0.01","maxIcebergSz":"100000000","maxLmtAmt":"20000000","maxLmtSz":"100000000","maxMktAmt":"","maxMktSz":"35000","maxStopSz":"35000","maxTriggerSz":"100000000","maxTwapSz":"100000000","minSz":"0.01","openType":"","optType":"","preMktSwTime":"","quoteCcy":"","ruleType":"normal","settleCcy":"USDT","state":"live","stk":"","tickSz":"0.1","uly":"BTC-USDT"}"#;
