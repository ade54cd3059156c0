"""How long a start-up reconciliation takes, the execution clients of both back ends on one simulated exchange."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from benches.node import Values

ROOT = Path(__file__).parent.parent
CONTESTANTS = ("native", "native-threaded", "stock")
DEADLINE_SECS = 240
ORDERS = 1_000
FILLS = 5_000


@contextmanager
def venue() -> Iterator[int]:
    """The port of an exchange whose account has these orders and fills, ended with the block."""
    command = [sys.executable, "-m", "benches.reconcile_venue", "--orders", str(ORDERS), "--fills", str(FILLS)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the exchange did not start")
        yield json.loads(line)["port"]
    finally:
        process.kill()
        process.wait()


def _trial(contestant: str, port: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benches.reconcile_trial", "--contestant", contestant, "--port", str(port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_SECS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"reconcile, {contestant}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def reconcile_results(console: Console, rounds: int) -> list[Values]:
    """
    Rows `(name, ours, peer, peer_name, unit, better)`: the whole, and what one report costs.

    Raises if the native client does not report all of it. What the stock client reports is counted, and told if it is
    less: the time of one report is the fairer figure then.
    """
    console.print("reconciliation")
    trials: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    with venue() as port:
        for _ in range(rounds):
            for contestant, results in trials.items():
                result = _trial(contestant, port)
                is_whole = (result["open"], result["fills"]) == (ORDERS, FILLS)
                if not is_whole and contestant == "stock":
                    console.print(f"the stock client reports {result['open']:,} orders, {result['fills']:,} fills")
                elif not is_whole:
                    raise RuntimeError(f"{contestant} does not report {ORDERS:,} orders and {FILLS:,} fills: {result}")
                results.append(result)

    def total(contestant: str) -> float:
        return statistics.median(result["ms"] for result in trials[contestant])

    def each(contestant: str) -> float:
        return statistics.median(
            result["ms"] * 1e3 / max(1, result["orders"] + result["fills"]) for result in trials[contestant]
        )

    what = f"reconciliation of {ORDERS:,} open orders and {FILLS:,} fills"
    rows: list[Values] = []
    for ours in CONTESTANTS[:2]:
        rows.append((f"{what}: {ours}", total(ours), total("stock"), "stock", "ms", "lower"))
        rows.append((f"{what}, each report: {ours}", each(ours), each("stock"), "stock", "us", "lower"))
    return rows
