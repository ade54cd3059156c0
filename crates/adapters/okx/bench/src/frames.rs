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
