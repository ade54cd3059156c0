//! How long decoding takes: `cargo run --release -p okx_ws --example decode_speed [NAME]`, with a name for a profiler.

use std::{fs, hint::black_box, io::Write};

use okx_common::clock::{Clock, SystemClock};
use okx_ws::Decoder;

/// Short enough that some trials are not interrupted: the best one counts.
const ROUNDS: u32 = 2_000;
const TRIALS: u32 = 200;

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../test_data/corpus/ws");
    let ten_levels = {
        let level =
            |px: u32| format!(r#"["{px}.{}","0.{:08}","0","{}"]"#, px % 10, px * 37 % 100_000_000, px % 30);
        let side = |from: u32| (0..5).map(|i| level(from + i)).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"arg":{{"channel":"books","instId":"BTC-USDT"}},"action":"update","data":[{{"asks":[{}],"bids":[{}],"ts":"1765201257005","checksum":0,"seqId":9690930615,"prevSeqId":9690930614}}]}}"#,
            side(91_000),
            side(90_900)
        )
    };
    let read = |path: &str| fs::read(format!("{folder}/{path}"));
    let frames = [
        ("trade", read("trades/roq-okx__1.json")?),
        ("book update, 10 levels", ten_levels.into_bytes()),
        ("book update, real", read("books/cryptofeed-BTC-USDT__003.json")?),
        ("book snapshot, 400 levels", read("books/cryptofeed-BTC-USDT__000.json")?),
        ("ticker", read("tickers/ccxt__1.json")?),
        ("mark price", read("mark-price/fastmm__1.json")?),
        ("candle", read("candle/crypto-msg-parser__1.json")?),
    ];
    let only = std::env::args().nth(1).unwrap_or_default();
    let clock = SystemClock::new();
    let mut out = std::io::stdout();
    for (name, frame) in frames.into_iter().filter(|(name, _)| name.contains(&only)) {
        let mut decoder = Decoder::new();
        let mut best = f64::MAX;
        for _ in 0..TRIALS {
            let start = clock.now().mono_ns;
            for _ in 0..ROUNDS {
                drop(black_box(decoder.decode(black_box(&frame))));
            }
            best = best.min((clock.now().mono_ns - start) as f64 / f64::from(ROUNDS));
        }
        writeln!(out, "{name:28} {:6} bytes {best:9.1} ns", frame.len())?;
    }
    Ok(())
}
