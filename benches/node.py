"""All the way into a strategy's callback in a real TradingNode, both back ends."""

import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parent.parent
THROUGHPUT_COUNT = 60_000
LATENCY_COUNT = 5_000
LATENCY_RATE = 1_000
DEADLINE_SECS = 180

Values = tuple[str, float, float, str, str, str]


def _trial(backend: str, feed: str, count: int, rate: int | None) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "benches.node_trial",
        "--backend",
        backend,
        "--feed",
        feed,
        "--count",
        str(count),
    ]
    if rate:
        command += ["--rate", str(rate)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_SECS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"node, {backend}, {feed}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def node_results(console: Console) -> list[Values]:
    """Rows `(name, ours, peer, peer_name, unit, better)`: throughput and latency into the strategy."""
    rows: list[Values] = []
    for feed in ("books", "trades"):
        console.print(f"node: {feed}")
        fast = {backend: _trial(backend, feed, THROUGHPUT_COUNT, None) for backend in ("native", "python")}
        paced = {backend: _trial(backend, feed, LATENCY_COUNT, LATENCY_RATE) for backend in ("native", "python")}
        name = f"strategy callback, {feed}"
        rows.append((name, fast["native"]["per_second"], fast["python"]["per_second"], "stock", "msg/s", "higher"))
        rows += [
            (
                f"{name} at 1,000 msg/s {key[:3]}",
                paced["native"][key],
                paced["python"][key],
                "stock",
                "us",
                "lower",
            )
            for key in ("p50_us", "p99_us")
        ]
    return rows
