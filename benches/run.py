"""All contestants in one run: `make bench`. Prints ratios and writes `build/bench.json`.

Every trial is a process of its own with a feeder process of its own; contestants take turns within each round, so that
a busy moment of the machine hits all of them, and the median of the rounds counts.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benches.loading import loading_results
from benches.node import node_results
from benches.orders import order_results
from benches.reconcile import reconcile_results
from benches.rust import rust_results

ROOT = Path(__file__).parent.parent
TRIAL_DEADLINE_SECS = 180
LATENCY_RATE = 1_000
MANY = 500


@dataclass(frozen=True)
class Race:
    """Contestants on one feed, measured the same way."""

    name: str
    feed: str
    contestants: tuple[str, ...]
    count: int
    rate: int | None = None
    tls: bool = False
    loop: str = "uvloop"
    instruments: int = 1


@dataclass(frozen=True)
class Row:
    """One line of the result: ours against one peer."""

    name: str
    ours: float
    peer: float
    peer_name: str
    unit: str
    better: str
    ratio: float

    @classmethod
    def of(cls, name: str, ours: float, peer: float, peer_name: str, unit: str, better: str) -> "Row":
        return cls(name, round(ours, 3), round(peer, 3), peer_name, unit, better, round(ours / peer, 3))


PLAIN = ("native", "native-threaded", "stock", "picows+msgspec", "websockets+orjson")
TLS = ("native", "native-threaded", "picows+msgspec")  # the stock adapter takes no private CA

RACES = (
    Race("books 10-level, uvloop", "books", PLAIN, 150_000),
    Race("trades, uvloop", "trades", PLAIN, 300_000),
    Race("books 10-level, asyncio", "books", PLAIN, 100_000, loop="asyncio"),
    Race("trades, asyncio", "trades", PLAIN, 150_000, loop="asyncio"),
    Race("books 10-level over TLS, uvloop", "books", TLS, 150_000, tls=True),
    Race("trades over TLS, uvloop", "trades", TLS, 300_000, tls=True),
    Race("books 10-level at 1,000 msg/s", "books", PLAIN, 6_000, rate=LATENCY_RATE),
    Race("trades at 1,000 msg/s", "trades", PLAIN, 6_000, rate=LATENCY_RATE),
    Race("books 10-level at 1,000 msg/s over TLS", "books", TLS, 6_000, rate=LATENCY_RATE, tls=True),
    Race("trades at 1,000 msg/s over TLS", "trades", TLS, 6_000, rate=LATENCY_RATE, tls=True),
)


def run_trial(race: Race, contestant: str, certificates: Path) -> dict[str, float]:
    command = [
        sys.executable, "-m", "benches.trial", "--contestant", contestant,
        "--feed", race.feed, "--count", str(race.count), "--loop", race.loop,
        "--instruments", str(race.instruments),
    ]  # fmt: skip
    if race.rate:
        command += ["--rate", str(race.rate)]
    if race.tls:
        command += ["--cert", str(certificates / "server.pem"), "--ca", str(certificates / "ca.pem")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TRIAL_DEADLINE_SECS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{race.name}, {contestant}: {done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def race_results(race: Race, rounds: int, certificates: Path, tick: object) -> dict[str, dict[str, float]]:
    trials: dict[str, list[dict[str, float]]] = {name: [] for name in race.contestants}
    for _ in range(rounds):
        for contestant in race.contestants:
            trials[contestant].append(run_trial(race, contestant, certificates))
            tick()  # type: ignore[operator]
    return {
        name: {key: statistics.median(result[key] for result in results) for key in results[0]}
        for name, results in trials.items()
    }


def rows_of(race: Race, results: dict[str, dict[str, float]]) -> list[Row]:
    measures = (
        [("p50_us", "us", "lower"), ("p99_us", "us", "lower")] if race.rate else [("per_second", "msg/s", "higher")]
    )
    rows = []
    for ours in ("native", "native-threaded"):
        for key, unit, better in measures:
            name = f"{race.name}: {ours}{' ' + key[:3] if race.rate else ''}"
            rows += [
                Row.of(name, results[ours][key], results[peer][key], peer, unit, better)
                for peer in race.contestants
                if not peer.startswith("native")
            ]
    return rows


def many_results(rounds: int, certificates: Path) -> list[Row]:
    """What a message costs with many instruments subscribed, against the same with one."""
    rows = []
    for feed, count in (("books", 150_000), ("trades", 300_000)):
        costs: dict[int, list[float]] = {1: [], MANY: []}
        for _ in range(rounds):
            for instruments, results in costs.items():
                race = Race(f"{feed} of {instruments}", feed, ("native",), count, instruments=instruments)
                results.append(1e6 / run_trial(race, "native", certificates)["per_second"])
        ours, one = (statistics.median(costs[instruments]) for instruments in (MANY, 1))
        name = f"{feed}: cost of a message with {MANY} instruments"
        rows.append(Row.of(name, ours, one, "native, 1 instrument", "us", "lower"))
    return rows


def write_certificates(room: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(room / "ca.pem")
    authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(room / "server.pem")


def machine() -> dict[str, object]:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        )
        if Path("/proc/cpuinfo").exists()
        else iter(()),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "date": datetime.now(UTC).date().isoformat(),
        "command": "make bench",
    }


def show(console: Console, rows: list[Row]) -> None:
    table = Table(title="Native against its peers (ratio = ours / peer)")
    for column in ("measure", "ours", "peer", "", "unit", "ratio"):
        table.add_column(column, justify="left" if column in ("measure", "", "unit") else "right")
    for row in rows:
        good = row.ratio >= 1 if row.better == "higher" else row.ratio <= 1
        ratio = f"[{'green' if good else 'red'}]{row.ratio:.2f}x[/]"
        table.add_row(row.name, f"{row.ours:,.1f}", f"{row.peer:,.1f}", row.peer_name, row.unit, ratio)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="run the races whose name contains this; also: many, loading, orders, reconcile")
    parser.add_argument("--no-rust", action="store_true", help="leave out the Rust comparison (a long build)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    args = parser.parse_args()

    console = Console()
    races = [race for race in RACES if not args.only or args.only in race.name]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, Progress(console=console) as progress:
        write_certificates(Path(name))
        task = progress.add_task("races", total=args.rounds * sum(len(race.contestants) for race in races))
        for race in races:
            progress.update(task, description=race.name)
            results = race_results(race, args.rounds, Path(name), lambda: progress.advance(task))
            rows += rows_of(race, results)
        if not args.only or "many" in args.only:
            rows += many_results(args.rounds, Path(name))
    if not args.only or "loading" in args.only:
        rows += [Row.of(*values) for values in loading_results(console, args.rounds)]
    if not args.only or "orders" in args.only:
        rows += [Row.of(*values) for values in order_results(console, args.rounds)]
    if not args.only or "reconcile" in args.only:
        rows += [Row.of(*values) for values in reconcile_results(console, args.rounds)]
    if not args.only:
        rows += [Row.of(*values) for values in node_results(console)]
        if not args.no_rust:
            rows += [Row.of(*values) for values in rust_results(console)]
    show(console, rows)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    args.out.with_name("bench-machine.json").write_text(json.dumps(machine(), indent=2) + "\n")
    console.print(f"written: {args.out}")


if __name__ == "__main__":
    main()
