"""What the run shows: a live table, then a summary."""

from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.table import Table

from examples.run.checks import BookChecks
from examples.run.strategy import Watcher

STREAMS = (
    "quotes",
    "trades",
    "book_updates",
    "depth10",
    "bars",
    "mark_prices",
    "index_prices",
    "funding_rates",
    "instrument_status",
)


def percentile_us(latencies_ns: list[int], fraction: float) -> float:
    """Of the latencies seen so far, in microseconds; 0 before the first."""
    if not latencies_ns:
        return 0.0
    ordered = sorted(latencies_ns)
    return ordered[min(int(len(ordered) * fraction), len(ordered) - 1)] / 1_000


def percentile(numbers: list[int], fraction: float) -> int | None:
    """Of some numbers; None if there are none."""
    ordered = sorted(numbers)
    return ordered[min(int(len(ordered) * fraction), len(ordered) - 1)] if ordered else None


def live_view(
    watcher: Watcher,
    checks: BookChecks,
    backend: str,
    left_secs: float,
    steps: list[str],
    failed: dict[str, str],
) -> Panel:
    """The table that is redrawn while the node runs."""
    streams = Table("stream", "messages", box=None)
    for name in STREAMS:
        streams.add_row(name, f"{watcher.counts[name]:,}")
    prices = Table("instrument", "last", "best bid", "best ask", box=None)
    for text, remembered in watcher.books.items():
        bids, asks = next(reversed(remembered.values())) if remembered else ((), ())
        prices.add_row(
            text,
            watcher.last_price.get(text, "-"),
            bids[0][0] if bids else "-",
            asks[0][0] if asks else "-",
        )
    recent = watcher.latencies_ns[-5_000:]
    footer = (
        f"books compared with the exchange: {checks.compared}, different: {checks.mismatches}   "
        f"receipt to callback p50 {percentile_us(recent, 0.5):.0f} us, p99 {percentile_us(recent, 0.99):.0f} us"
    )
    trading = f"traded: {', '.join(steps) or 'not yet'}" + (f"   failed: {', '.join(failed)}" if failed else "")
    return Panel(
        Group(streams, prices, footer, trading), title=f"OKX ({backend}) on the simulator, {left_secs:.0f} s left"
    )


def summary(result: dict[str, Any]) -> Table:
    """The numbers of `build/run.json` as a table."""
    table = Table(title="Summary", show_header=False)
    for key, value in result.items():
        if isinstance(value, dict):
            value = ", ".join(f"{name} {number}" for name, number in value.items())
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        table.add_row(key, f"{value:,}" if isinstance(value, int) else str(value))
    return table


def backend_table(rows: list[tuple[str, str, str]]) -> Table:
    """Which back end answers each method, and where that was decided."""
    table = Table("method", "back end", "decided by", title="Back ends")
    for row in rows:
        table.add_row(*row)
    return table
