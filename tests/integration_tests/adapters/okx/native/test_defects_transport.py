"""S53 and S61 where they concern orders: pacing, and what the transport says; stock 1.231.0 beside native."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange

from .exec_bench import SMALL, ExecBench, native_client, stock_client
from .support import SPOT, SWAP

ETH_SWAP = SPOT.from_str("ETH-USDT-SWAP.OKX")
NATIVE = Path(__file__).parents[1]


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=35, config=SMALL) as running:
        yield running


# -- S53: one bucket of orders for all instruments of a connection ---------------------------------


def on_two_instruments(bench: ExecBench) -> list[Any]:
    """90 orders, 45 on each of two instruments: within OKX's 60 in 2 s."""
    return [bench.limit(size="0.1", on=on) for _ in range(45) for on in (SWAP, ETH_SWAP)]


async def seconds_on_the_way(bench: ExecBench, count: int) -> float:
    """From the first order at the exchange to the last."""
    await bench.until_venue(lambda: len(bench.sent("order")) == count, f"{count} orders")
    entries = [e for e in bench.exchange.journal() if e["direction"] == "in" and '"op":"order"' in e["text"]]
    return (entries[-1]["unix_ns"] - entries[0]["unix_ns"]) / 1e9


async def test_s53_stock_makes_each_instrument_wait_for_the_other(exchange):
    async with stock_client(exchange) as bench:
        bench.submit(*on_two_instruments(bench))
        assert await seconds_on_the_way(bench, 90) > 1.5


async def test_s53_native_paces_each_instrument_alone(exchange):
    async with native_client(exchange) as bench:
        orders = on_two_instruments(bench)
        bench.submit(*orders)
        assert bench.client.stats()["waiting"] == 0, "all left within the call"
        for order in orders:
            await bench.told(order, "Accepted")
        bench.submit(*[bench.limit(size="0.1") for _ in range(30)])
        waiting = bench.client.stats()["waiting"]
        assert waiting > 0, "the limit of the one instrument is reached"
        other = bench.limit(size="0.1", on=ETH_SWAP)
        bench.submit(other)
        assert bench.client.stats()["waiting"] == waiting, "the other one does not wait"
        await bench.told(other, "Accepted")


# -- S61: what the transport says ------------------------------------------------------------------

LOSES = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from native.exec_bench import SMALL, native_client, stock_client
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.common.component import init_logging
from nautilus_trader.common.enums import LogLevel

guard = init_logging(level_stdout=LogLevel.DEBUG, colors=False)

async def main():
    with SimulatedExchange(seed=34, config=SMALL) as exchange:
        async with (stock_client if sys.argv[2] == "stock" else native_client)(exchange) as bench:
            await bench.caught_up()
            print("CUT", flush=True)
            refused = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {"count": 2})
            bench.cut()
            await bench.until_venue(lambda: bench.fired(refused) == 2)
            logins = lambda: sum('"op":"login"' in text for text in bench.frames())
            before = logins()
            await bench.until_venue(lambda: logins() > before)
            await bench.is_ready()
            print("BACK", flush=True)

asyncio.run(main())
"""


def said_of_the_loss(which: str) -> list[str]:
    """The log's lines between the loss of the connection and the moment it is back."""
    arguments = [sys.executable, "-c", LOSES, str(NATIVE), which]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
    assert "BACK" in done.stdout, done.stderr
    text = done.stdout.split("CUT\n", 1)[1]
    return text.splitlines() + done.stderr.splitlines()


WARNINGS = ("[WARN]", "[ERROR]")


def test_s61_stock_is_silent_about_a_lost_connection():
    lines = said_of_the_loss("stock")
    assert [line for line in lines if any(level in line for level in WARNINGS)] == []


def test_s61_native_warns_of_a_lost_connection():
    lines = said_of_the_loss("native")
    warnings = [line for line in lines if any(level in line for level in WARNINGS)]
    assert any("private" in line and "ended" in line for line in warnings), lines
