"""How long the instrument lists take until the provider has them, both back ends on one simulated exchange."""

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
DEADLINE_SECS = 120


@contextmanager
def simulator() -> Iterator[str]:
    """The REST address of a simulated exchange with its real instrument lists, ended with the block."""
    command = [sys.executable, "-m", "nautilus_trader.adapters.okx.native", "sim", "--port", "0", "--print-json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["rest"]
    finally:
        process.terminate()
        process.wait()


def _trial(backend: str, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benches.load_trial", "--backend", backend, "--url", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_SECS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"loading, {backend}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def loading_results(console: Console, rounds: int) -> list[Values]:
    """Rows `(name, ours, peer, peer_name, unit, better)`. Raises if the two load quite different numbers."""
    console.print("loading instruments")
    trials: dict[str, list[dict[str, float]]] = {"native": [], "python": []}
    with simulator() as url:
        for _ in range(rounds):
            for backend, results in trials.items():
                results.append(_trial(backend, url))
    native, stock = (trials[backend] for backend in ("native", "python"))
    counts = native[0]["count"], stock[0]["count"]
    if min(counts) < 0.9 * max(counts):
        raise RuntimeError(f"the back ends loaded {counts[0]:.0f} and {counts[1]:.0f} instruments: not comparable")

    def median(results: list[dict[str, float]]) -> float:
        return statistics.median(result["ms"] for result in results)

    return [(f"loading {counts[0]:.0f} instruments", median(native), median(stock), "stock", "ms", "lower")]
