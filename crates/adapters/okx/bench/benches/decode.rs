//! Decode and book synchronisation, ours and the peer's, on the same frames in one run.
//!
//! With `OKX_BENCH_OUT` set, the medians go to that file as rows of `build/bench.json`.

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::Duration,
};

use criterion::{BatchSize, Criterion};
use okx_bench::{frames, ours, peer};

const FRAMES: usize = 1_000;

fn main() {
    let out = env::var_os("OKX_BENCH_OUT").map(PathBuf::from);
    let results = env::temp_dir().join(format!("okx-bench-{}", std::process::id()));
    let mut criterion = Criterion::default()
        .without_plots()
        .output_directory(&results)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    books(&mut criterion);
    trades(&mut criterion);
    orders(&mut criterion);
    criterion.final_summary();
    if let Some(out) = out {
        let rows = [
            row(&results, "decode + sync of a 10-level book update", "books"),
            row(&results, "decode of a trade", "trades"),
            row(&results, "decode of an order push to its event", "orders"),
        ];
        fs::write(out, serde_json::to_string_pretty(&rows).expect("plain data")).expect("a writable file");
    }
    // Nothing depends on it.
    let _ = fs::remove_dir_all(&results);
}

fn books(criterion: &mut Criterion) {
    let (snapshot, updates) = (frames::snapshot(), frames::book_updates(FRAMES));
    let mut group = criterion.benchmark_group("books");
    group.bench_function("ours", |b| {
        b.iter_batched_ref(
            || {
                let mut books = ours::Books::new();
                books.take(snapshot.as_bytes());
                books
            },
            |books| {
                updates.iter().for_each(|u| {
                    books.take(black_box(u.as_bytes()));
                    black_box(books.rows());
                })
            },
            BatchSize::LargeInput,
        );
    });
    let books = peer::Books::new();
    group.bench_function("peer", |b| {
        b.iter(|| updates.iter().for_each(|u| drop(black_box(books.take(black_box(u))))))
    });
    group.finish();
}

fn trades(criterion: &mut Criterion) {
    let frames = frames::trades(FRAMES);
    let mut group = criterion.benchmark_group("trades");
    let mut trades = ours::Trades::new();
    group.bench_function("ours", |b| {
        b.iter(|| {
            frames.iter().for_each(|f| {
                black_box(trades.take(black_box(f.as_bytes())));
            })
        });
    });
    let trades = peer::Trades::new();
    group.bench_function("peer", |b| {
        b.iter(|| frames.iter().for_each(|f| drop(black_box(trades.take(black_box(f))))))
    });
    group.finish();
}

fn orders(criterion: &mut Criterion) {
    let frames = frames::orders(FRAMES / 2);
    let mut group = criterion.benchmark_group("orders");
    group.bench_function("ours", |b| {
        b.iter_batched_ref(
            || ours::Orders::new(FRAMES / 2),
            |orders| {
                frames.iter().for_each(|f| {
                    black_box(orders.take(black_box(f.as_bytes())));
                })
            },
            BatchSize::LargeInput,
        );
    });
    let orders = peer::Orders::new();
    group.bench_function("peer", |b| {
        b.iter(|| frames.iter().for_each(|f| drop(black_box(orders.take(black_box(f))))))
    });
    group.finish();
}

/// Median nanoseconds a frame of both, as a row of the report: frames a second, so that higher is better.
fn row(results: &Path, name: &str, group: &str) -> serde_json::Value {
    let rate = |who: &str| {
        let path = results.join(group).join(who).join("new/estimates.json");
        let text = fs::read_to_string(&path).expect("criterion's estimates");
        let estimates: serde_json::Value = serde_json::from_str(&text).expect("criterion's estimates");
        let nanos = estimates["median"]["point_estimate"].as_f64().expect("a median");
        FRAMES as f64 / (nanos / 1e9)
    };
    serde_json::json!({
        "name": name, "ours": rate("ours"), "peer": rate("peer"), "peer_name": "nautilus-okx 0.57.0",
        "unit": "frames/s", "better": "higher",
    })
}
