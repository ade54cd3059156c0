"""S50 to S60 where they concern orders: connection and configuration of the stock execution client."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx import OKXLiveExecClientFactory
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.core.nautilus_pyo3 import OKXContractType, OKXEnvironment, OKXInstrumentType, OKXRegion

from .exec_bench import SMALL, ExecBench, stock_client, stock_config
from .support import SPOT, SWAP


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=34, config=SMALL) as running:
        yield running


def logins(bench: ExecBench) -> int:
    return sum('"op":"login"' in text for text in bench.frames())


def subscribes(bench: ExecBench) -> list[dict[str, Any]]:
    return [json.loads(text) for text in bench.frames() if '"op":"subscribe"' in text]


async def test_s50_stock_waits_out_a_refused_login_and_hides_its_code(exchange):
    refused = {"kind": "reply", "code": "60009", "msg": "Login failed."}
    exchange.inject({"on": {"class": "request", "op": "login"}, "what": refused})
    with pytest.raises(Exception, match="timed out") as raised:
        async with stock_client(exchange, ws_auth_timeout_secs=1):
            pass
    assert "60009" not in str(raised.value)


async def test_s50_stock_does_not_log_in_again_after_a_refusal(exchange):
    async with stock_client(exchange) as bench:
        refused = bench.answer({"code": "60009", "msg": "Login failed."}, op="login")
        bench.cut()
        await bench.until_venue(lambda: bench.fired(refused), "a login that is refused")
        assert bench.client._ws_client.is_active()
        assert bench.client.is_connected
        connections = exchange.control("/control/state")["connections"]
        assert [c["topics"] for c in connections if c["url"] == "private"] == [[]]


async def test_s51_stock_waits_for_the_end_it_was_told_of(exchange):
    async with stock_client(exchange) as bench:
        await bench.caught_up()
        bench.fault({"kind": "notice", "close_after_ms": 300}, {"link": "private"}, {"now": True, "count": 1})
        await bench.until_venue(lambda: logins(bench) == 2, "a second login")
        notes = [e["text"] for e in exchange.journal() if e["link"] == "private" and e["direction"] == "note"]
        assert [n for n in notes if not n.startswith("fault")] == [
            "opened",
            "ended: close 1001 Service upgrade",
            "opened",
        ]


async def test_s54_stock_subscribes_again_one_topic_at_a_time(exchange):
    async with stock_client(exchange) as bench:
        await bench.caught_up()
        bench.cut()
        await bench.until_venue(lambda: len(subscribes(bench)) == 6, "the topics again")
        assert all(len(frame["args"]) == 1 for frame in subscribes(bench))


async def test_s55_stock_cannot_connect_again(exchange):
    async with stock_client(exchange) as bench:
        await bench.disconnect()
        with pytest.raises(Exception, match="canceled"):
            await bench.client._connect()
    # Nor can the next client of the factory, which gets the same HTTP client.
    bench = ExecBench(exchange, OKXLiveExecClientFactory, stock_config(exchange))
    with pytest.raises(Exception, match="canceled"):
        await bench.connect()
    await bench.disconnect()


async def test_s58_stock_takes_the_limit_of_market_orders_for_all(exchange):
    async with stock_client(exchange) as bench:
        row = {r["instId"]: r for t in ("SWAP", "SPOT") for r in bench.rest(f"/public/instruments?instType={t}")}
        swap, spot = bench.cache.instrument(SWAP), bench.cache.instrument(SPOT)
        assert swap.max_quantity == Decimal(row["BTC-USDT-SWAP"]["maxMktSz"])
        assert swap.max_quantity < Decimal(row["BTC-USDT-SWAP"]["maxLmtSz"])
        # For spot, maxMktSz is an amount in USDT.
        assert spot.max_quantity == Decimal(row["BTC-USDT"]["maxMktSz"])


def test_s59_stock_uses_the_port_okx_closes():
    url = nautilus_pyo3.get_okx_ws_url_private(OKXEnvironment.LIVE, OKXRegion.GLOBAL)
    assert ":8443" in url


async def test_s60_stock_ignores_contract_types(exchange):
    fields = {"contract_types": (OKXContractType.INVERSE,), "instrument_types": (OKXInstrumentType.SWAP,)}
    async with stock_client(exchange, **fields) as bench:
        assert not bench.cache.instrument(SWAP).is_inverse
