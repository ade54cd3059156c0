"""F29 to F34, F98, F105 and S50 to S58 for the native execution client: log-in, ended channels, a blocked loop."""

import asyncio
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from nautilus_trader.adapters.okx.native import OkxError, OKXNativeLiveExecClientFactory, SimulatedExchange

from .exec_bench import SMALL, ExecBench, native_client, native_config
from .exec_faults import agrees, rested, works
from .support import SPOT, SWAP


@pytest.fixture
def exchange():
    with SimulatedExchange(seed=43, config=SMALL) as running:
        yield running


async def refused_connect(exchange: SimulatedExchange, **fields) -> OkxError:
    """The error of a connect that has to fail; nothing is left behind."""
    bench = ExecBench(exchange, OKXNativeLiveExecClientFactory, native_config(exchange, **fields))
    with pytest.raises(OkxError) as raised:
        await bench.connect()
    await bench.disconnect()
    await bench.until_venue(lambda: exchange.control("/control/state")["connections"] == [], "all sockets closed")
    return raised.value


@pytest.mark.parametrize("code", ["60009", "60005", "60007", "60024", "60032"])
async def test_f31_s50_a_refused_login_fails_the_connect_with_its_code(exchange, code):
    exchange.inject({"on": {"class": "request", "op": "login"}, "what": {"kind": "reply", "code": code, "msg": "no"}})
    error = await refused_connect(exchange, connect_timeout_secs=5.0)
    assert code in str(error)
    assert exchange.api_secret not in str(error)
    logins = [e for e in exchange.journal() if e["direction"] == "in" and '"op":"login"' in e["text"]]
    assert len(logins) <= 4, "no storm of log-ins"


async def test_f32_a_login_refused_later_shows_and_denies(exchange):
    async with native_client(exchange) as bench:
        held = await rested(bench)
        refused = bench.fault({"kind": "reply", "code": "60009", "msg": "no"}, {"class": "request", "op": "login"}, {})
        bench.cut()
        await bench.until_venue(lambda: bench.fired(refused), "a log-in that is refused")
        assert not bench.client.stats()["is_ready"]
        order = bench.limit()
        bench.submit(order)
        await bench.told(order, "Denied")
        assert held.is_open


async def test_f33_a_login_that_fails_for_now_is_tried_again(exchange):
    exchange.inject(
        {
            "on": {"class": "request", "op": "login"},
            "when": {"count": 1},
            "what": {"kind": "reply", "code": "63999", "msg": "Login failed due to internal error"},
        }
    )
    async with native_client(exchange) as bench:
        await works(bench)


async def test_f29_a_channel_that_okx_ends_is_no_connect(exchange):
    exchange.inject(
        {"on": {"class": "ack", "channel": "orders"}, "what": {"kind": "conn_count_error", "count": 30}},
    )
    error = await refused_connect(exchange, connect_timeout_secs=5.0)
    assert "orders" in str(error)


def test_s57_leaving_with_live_sockets_ends_cleanly():
    here = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", LEAVES, str(here)], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("left\n", 0), done.stderr


LEAVES = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from native.exec_bench import ExecBench, SMALL, native_config
from nautilus_trader.adapters.okx.native import OKXNativeLiveExecClientFactory, SimulatedExchange

exchange = SimulatedExchange(seed=34, config=SMALL).start()

async def main():
    bench = ExecBench(exchange, OKXNativeLiveExecClientFactory, native_config(exchange))
    await bench.connect()
    await bench.rests(*[bench.limit(size="0.1") for _ in range(20)])
    exchange.control("/control/script", {"op": "account.cancel"})

asyncio.run(main())
print("left", flush=True)
"""


async def test_s58_limit_orders_have_their_own_limit(exchange):
    async with native_client(exchange) as bench:
        rows = {r["instId"]: r for t in ("SWAP", "SPOT") for r in bench.rest(f"/public/instruments?instType={t}")}
        for instrument_id in (SWAP, SPOT):
            row = rows[instrument_id.symbol.value]
            assert bench.cache.instrument(instrument_id).max_quantity == Decimal(row["maxLmtSz"])


@pytest.mark.parametrize("driver", ["inline", "threaded"])
async def test_f105_a_blocked_loop_loses_no_order_event(exchange, driver):
    async with native_client(exchange, driver=driver) as bench:
        orders = [await rested(bench, size="0.1") for _ in range(5)]
        for order in orders:
            for _ in range(10):
                bench.script("fill", clOrdId=order.client_order_id.value, sz="0.01")
        time.sleep(1.0)  # noqa: ASYNC251 - a strategy that blocks the loop is what is tested
        for order in orders:
            await bench.told(order, "Filled", 10)
        await agrees(bench)
        await works(bench)


async def test_f98_a_connect_outlasts_a_short_maintenance(exchange):
    down = {"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"}
    exchange.inject({"on": {"link": "rest"}, "when": {"count": 3}, "what": down})
    async with native_client(exchange, max_retries=5) as bench:
        await works(bench)


async def test_f30_a_disconnect_while_reconnecting_is_short(exchange):
    async with native_client(exchange) as bench:
        closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
        bench.cut()
        await bench.until_venue(lambda: bench.fired(closed), "an attempt to connect")
        async with asyncio.timeout(5):
            await bench.disconnect()
        exchange.clear_faults()
        await bench.until_venue(lambda: exchange.control("/control/state")["connections"] == [], "all sockets closed")
        await bench.connect()
        await works(bench)
