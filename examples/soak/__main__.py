"""`make soak MINUTES=N`: the native stream against the simulated exchange with a fault every few seconds.

Every second it samples resident memory, messages, gaps, bad frames and latency. The result goes to `build/soak.json`
and to `build/soak.html`, a page with plots. It exits 1 if a gap was not recovered, a book differs from the exchange's
or was ever crossed, a stream is silent at the end, or memory grows.
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from examples.run.simulator import Simulator, simulator
from examples.soak.faults import plan
from examples.soak.feed import Feed
from examples.soak.memory import resident_bytes
from examples.soak.report import as_json, page, summary_table
from examples.soak.samples import Mark, Sample, Soak, failures_of

INSTRUMENTS: Final = ("BTC-USDT", "ETH-USDT", "BTC-USDT-SWAP", "ETH-USDT-SWAP")
SAMPLE_SECS: Final = 1.0
SETTLE_SECS: Final = 5.0
"""Quiet time at the end, in which every stream must deliver something."""

MEGABYTE: Final = 1_000_000


def sample_of(feed: Feed, at_secs: float) -> Sample:
    """The state of this second; latencies start over."""
    stats = feed.stream.stats()
    feed.stream.reset_latency()
    return Sample(
        at_secs=round(at_secs, 2),
        rss_mb=resident_bytes() / MEGABYTE,
        messages=sum(stats["counts"].values()),
        gaps_detected=stats["gaps_detected"],
        gaps_recovered=stats["gaps_recovered"],
        decode_errors=stats["decode_errors"],
        dropped=stats["dropped"],
        connects=sum(link["connects"] for link in stats["links"].values()),
        p50_us=stats["latency"]["p50_us"],
        p99_us=stats["latency"]["p99_us"],
    )


async def soak(venue: Simulator, args: argparse.Namespace, progress: Progress) -> Soak:
    """Run for the asked time."""
    seconds = args.minutes * 60
    feed = Feed(venue, INSTRUMENTS, args.driver)
    await feed.start()
    result = Soak(seed=args.seed, driver=feed.stream.driver)
    faults = plan(args.seed, seconds, args.every, INSTRUMENTS)
    due = next(faults, None)
    task = progress.add_task("", total=seconds)
    started = time.monotonic()
    while (elapsed := time.monotonic() - started) < seconds:
        if due is not None and elapsed >= due.at_secs:
            await asyncio.to_thread(venue.inject, due.body)
            result.marks.append(Mark(round(elapsed, 2), due.name))
            due = next(faults, None)
        result.samples.append(newest := sample_of(feed, elapsed))
        progress.update(
            task,
            completed=elapsed,
            description=f"{newest.messages:,} messages, {newest.rss_mb:.0f} MB, {len(result.marks)} faults, "
            f"gaps {newest.gaps_recovered}/{newest.gaps_detected}, p99 {newest.p99_us:.0f} us",
        )
        await asyncio.sleep(SAMPLE_SECS)
    await feed.compare_books()
    before = feed.counts.copy()
    await asyncio.sleep(SETTLE_SECS)
    result.silent = feed.silent_since(before)
    result.samples.append(sample_of(feed, time.monotonic() - started))
    result.books = feed.books
    result.last_events = list(feed.events)
    await feed.stop()
    return result


def main() -> int:
    """Run, print, write; 1 if a check failed."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1, help="of the faults and of the market")
    parser.add_argument("--every", type=float, default=8.0, help="seconds between faults, about")
    parser.add_argument("--rate", type=float, default=1.0, help="how much busier than usual the market is")
    parser.add_argument("--driver", choices=("auto", "inline", "threaded"), default="auto")
    parser.add_argument("--out", type=Path, default=Path("build"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    console = Console()
    columns = (BarColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    market = ("--seed", str(args.seed), "--config", json.dumps({"rate": args.rate}))
    with simulator(*market) as venue, Progress(*columns, console=console) as progress:
        result = asyncio.run(soak(venue, args, progress))
    console.print(summary_table(result))
    (args.out / "soak.json").write_text(as_json(result))
    (args.out / "soak.html").write_text(page(result))
    failures = failures_of(result)
    for failure in failures:
        console.print(f"[red]failed:[/] {failure}")
    if failures:
        console.print("The last events of the stream:", *result.last_events, sep="\n", markup=False)
    console.print(f"written: {args.out / 'soak.json'}, {args.out / 'soak.html'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
