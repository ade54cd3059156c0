"""`make run`: a TradingNode on the simulated OKX for some seconds; exits 0 when every check holds.

It watches market data, trades through every order form with one disconnect in the middle, and ends flat. The numbers
shown at the end go to `build/run.json`. `latency_us` is from the adapter's receipt of a message (`ts_init`) to the
strategy's callback, `submit_to_wire_us` from `submit_order` to the exchange's receipt of the order.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nautilus_trader.model.identifiers import InstrumentId
from rich.console import Console
from rich.live import Live

from examples.run.checks import BookChecks, check_books
from examples.run.display import backend_table, live_view, percentile, percentile_us, summary
from examples.run.node import build_node
from examples.run.simulator import Simulator, simulator
from examples.run.state import Comparison, compare, submit_to_wire_us
from examples.run.strategy import Watcher, WatcherConfig
from examples.run.trader import Trader, TraderConfig

INSTRUMENTS = ("BTC-USDT.OKX", "BTC-USDT-SWAP.OKX", "ETH-USDT-SWAP.OKX", "UNI-USD-SWAP.OKX")
SWAPS = tuple(text for text in INSTRUMENTS if "SWAP" in text)
GAP_INSTRUMENT = "BTC-USDT-SWAP"
TRADED = "ETH-USDT-SWAP.OKX"
SETTLE_SECS = 10
"""How long the last pushes may take until the engine must agree with the exchange."""
REFRESHES_PER_SECOND = 4
START_TIMEOUT_SECS = 60
SEED = "7"


async def watch(
    node: Any,
    clients: tuple[Any, Any],
    watcher: Watcher,
    trader: Trader,
    venue: Simulator,
    args: argparse.Namespace,
    console: Console,
) -> tuple[BookChecks, dict[str, Any] | None, Comparison]:
    """Run the node for the asked seconds or until all is traded, redraw the table, inject one gap half-way.

    Returns the book checks, the statistics of the native stream, which end with it, and the comparison of states.
    """
    checks = BookChecks()
    running = asyncio.create_task(node.run_async())
    async with asyncio.timeout(START_TIMEOUT_SECS):
        await watcher.first_quote.wait()
    checking = asyncio.create_task(check_books(watcher, venue, checks))
    trading = asyncio.create_task(trader.trade())
    started = time.monotonic()
    injected = False
    with Live(console=console, refresh_per_second=REFRESHES_PER_SECOND) as live:
        while (elapsed := time.monotonic() - started) < args.seconds or not trading.done():
            left = max(0.0, args.seconds - elapsed)
            live.update(live_view(watcher, checks, args.backend, left, trader.done, trader.failed))
            if not injected and elapsed > args.seconds / 2:
                await asyncio.to_thread(venue.inject_gap, GAP_INSTRUMENT)
                injected = True
            await asyncio.sleep(1 / REFRESHES_PER_SECOND)
    checking.cancel()
    await trading
    data_client, exec_client = clients
    stats = data_client.stats() if args.backend == "native" else None
    comparison = await settled(trader, venue, ids_of(exec_client, args.backend))
    await node.stop_async()
    await running
    return checks, stats, comparison


async def settled(trader: Trader, venue: Simulator, okx_id: Callable[[str], str]) -> Comparison:
    """The comparison once the last pushes are in, or as it is when the time is up."""
    deadline = time.monotonic() + SETTLE_SECS
    while True:
        comparison = compare(trader, await asyncio.to_thread(venue.account), okx_id)
        if not comparison.differences or time.monotonic() > deadline:
            return comparison
        await asyncio.sleep(1 / REFRESHES_PER_SECOND)


def ids_of(exec_client: Any, backend: str) -> Callable[[str], str]:
    """How a client order id looks at OKX: the stock client sends it as it is."""
    return exec_client.okx_id if backend == "native" else str


def result_of(
    watcher: Watcher,
    trader: Trader,
    checks: BookChecks,
    comparison: Comparison,
    to_wire_us: list[int],
    backend: str,
    stats: dict[str, Any] | None,
) -> dict[str, Any]:
    """The numbers of `build/run.json`."""
    counts: Counter[str] = watcher.counts
    return {
        "quotes": counts["quotes"],
        "trades": counts["trades"],
        "book_updates": counts["book_updates"],
        "depth10": counts["depth10"],
        "bars": counts["bars"],
        "mark_prices": counts["mark_prices"],
        "index_prices": counts["index_prices"],
        "funding_rates": counts["funding_rates"],
        "instrument_status": counts["instrument_status"],
        "requested": dict(watcher.responses),
        "books_compared": checks.compared,
        "book_mismatches": checks.mismatches,
        "crossed_books": watcher.crossed,
        "gaps_injected": 1,
        "gaps_recovered": stats["gaps_recovered"] if stats else None,
        "latency_us": {
            "p50": round(percentile_us(watcher.latencies_ns, 0.5), 1),
            "p99": round(percentile_us(watcher.latencies_ns, 0.99), 1),
        },
        "orders": comparison.orders,
        "fills": comparison.fills,
        "order_steps": trader.done,
        "order_steps_failed": trader.failed,
        "state_differences": len(comparison.differences),
        "submit_to_wire_us": {
            "count": len(to_wire_us),
            "p50": percentile(to_wire_us, 0.5),
            "p99": percentile(to_wire_us, 0.99),
        },
        "backend": backend,
    }


def failures_of(result: dict[str, Any]) -> list[str]:
    """What does not hold; the stock back end is shown, not judged."""
    if result["backend"] != "native":
        return []
    streams = (
        "quotes",
        "trades",
        "book_updates",
        "depth10",
        "bars",
        "mark_prices",
        "index_prices",
        "funding_rates",
    )
    failures = [f"no {name} arrived" for name in streams if not result[name]]
    failures += [
        f"no {name} was answered" for name in ("Instrument", "Bar", "TradeTick") if not result["requested"].get(name)
    ]
    if result["book_mismatches"] or result["crossed_books"]:
        failures.append("books differ from the exchange's")
    if not result["books_compared"]:
        failures.append("no book could be compared")
    failures += [f"{step}: {why}" for step, why in result["order_steps_failed"].items()]
    if result["state_differences"]:
        failures.append(f"engine and exchange differ in {result['state_differences']} places")
    if not result["orders"] or not result["fills"]:
        failures.append("no order or no fill could be compared")
    if result["gaps_recovered"] != result["gaps_injected"]:
        failures.append(f"{result['gaps_injected']} gap injected, {result['gaps_recovered']} recovered")
    return failures


def main() -> int:
    """Run, print, write `build/run.json`; 1 if a check failed."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--backend", choices=("native", "python"), default="native")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--out", type=Path, default=Path("build/run.json"))
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    console = Console()
    console.print(f"starting the simulated OKX and a TradingNode ({args.backend} back end) ...")
    with simulator("--tape", "builtin", "--seed", SEED) as venue:
        node, *clients = build_node(args.backend, venue, args.out.parent)
        watcher = Watcher(WatcherConfig(instrument_ids=INSTRUMENTS, swaps=SWAPS, depth10=args.backend == "native"))
        # OKX takes letters and digits only, which the stock client leaves to the user.
        trader = Trader(
            TraderConfig(instrument_id=InstrumentId.from_str(TRADED), use_hyphens_in_client_order_ids=False), venue
        )
        node.trader.add_strategy(watcher)
        node.trader.add_strategy(trader)
        loop = node.get_event_loop()
        checks, stats, comparison = loop.run_until_complete(
            watch(node, tuple(clients), watcher, trader, venue, args, console)
        )
        to_wire_us = submit_to_wire_us(trader, venue.journal(), str)
        result = result_of(watcher, trader, checks, comparison, to_wire_us, args.backend, stats)
        backends = [row for client in clients for row in client.backends.rows()] if args.backend == "native" else []
        node.dispose()
    console.print()
    if backends:
        console.print(backend_table(backends))
    console.print(summary(result))
    for difference in comparison.differences:
        console.print(f"[yellow]differs:[/] {difference}")
    args.out.write_text(json.dumps(result, indent=2) + "\n")
    failures = failures_of(result)
    for failure in failures:
        console.print(f"[red]failed:[/] {failure}")
    console.print(f"written: {args.out}; the node's log: {args.out.parent}/run-{args.backend}.log")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
