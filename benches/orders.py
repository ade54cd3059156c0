"""Orders out and fills in, the execution clients of both back ends on the same venue process."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benches.node import Values

ROOT = Path(__file__).parent.parent
OURS = ("native", "native-threaded")
BARE = "bare socket"
CONTESTANTS = (*OURS, "stock", BARE)
DEADLINE_SECS = 240
BURST = 1_000
MEASURES = (
    ("submit_p50_us", "submit_order to the bytes in another process: {} p50", "us"),
    ("submit_p99_us", "submit_order to the bytes in another process: {} p99", "us"),
    ("fill_p50_us", "a fill's bytes to OrderFilled at the engine: {} p50", "us"),
    ("fill_p99_us", "a fill's bytes to OrderFilled at the engine: {} p99", "us"),
    ("burst_20_ms", "20 orders at once to the last one in another process: {}", "ms"),
    (f"burst_{BURST}_ms", f"{BURST:,} orders at once to the last one in another process: {{}}", "ms"),
)


def _trial(contestant: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benches.order_trial", "--contestant", contestant, "--burst", str(BURST)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_SECS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"orders, {contestant}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def order_results(console: Console, rounds: int, trial: Callable[[str], dict[str, float]] = _trial) -> list[Values]:
    """Rows `(name, ours, peer, peer_name, unit, better)`. Contestants take turns; the median of the rounds counts."""
    console.print("orders")
    trials: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for contestant, results in trials.items():
            results.append(trial(contestant))

    def median(contestant: str, key: str) -> float:
        return statistics.median(result[key] for result in trials[contestant])

    return [
        (name.format(ours), median(ours, key), median(peer, key), peer, unit, "lower")
        for ours in OURS
        for key, name, unit in MEASURES
        for peer in ("stock", BARE)
        if key in trials[peer][0]
    ]
