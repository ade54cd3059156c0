"""F68: the number by which orders name their instrument is missing, or another one than it was."""

from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderStatus

from .exec_bench import SMALL, ExecBench, native_client
from .exec_faults import agrees, works

LIST = "/public/instruments"


@pytest.fixture
def exchange():
    with SimulatedExchange(seed=43, config=SMALL) as running:
        yield running


def renumber(exchange: SimulatedExchange, code: str) -> None:
    """The lists that OKX sends from now on name every instrument so."""
    changes = [{"set": {"path": f"data/{row}/instIdCode", "raw": code}} for row in range(2)]
    fault = {"on": {"class": "body", "path": LIST}, "when": {}, "what": {"kind": "edit", "changes": changes}}
    exchange.inject(fault)


def lists(bench: ExecBench) -> list[str]:
    return [line for line in bench.requests(LIST, "GET") if "instId=" in line]


async def ended(bench: ExecBench, **params: Any) -> Any:
    """An order, once it is known what became of it."""
    order = bench.limit()
    bench.submit(order, params=params or None)
    await bench.until(lambda: order.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED))
    return order


async def test_f68_without_a_number_an_order_goes_over_rest_or_is_denied(exchange):
    renumber(exchange, "null")
    async with native_client(exchange) as bench:
        denied = await ended(bench)
        assert bench.names(denied) == ["Denied"]
        assert "instIdCode" in bench.events(denied)[0].reason
        assert (bench.sent(), bench.requests("/trade/order", "POST")) == ([], [])
        order = await ended(bench, route="http")
        assert bench.names(order) == ["Submitted", "Accepted"]
        bench.modify(order, price=bench.limit(away="0.006").price)
        await bench.told(order, "Updated")
        bench.cancel(order)
        await bench.told(order, "Canceled")
        assert bench.sent() == [], "its changes go the way it went"
        # OKX gives it a number: the next order is still denied, the one after it is not.
        bench.client._native.stale._log = bench.log
        exchange.clear_faults()
        assert bench.names(await ended(bench)) == ["Denied"]
        await bench.log.waiter.until(lambda: bench.log.at("info"), "a line about the number")
        assert bench.names(await ended(bench)) == ["Submitted", "Accepted"]
        assert len(bench.sent("order")) == 1
        await agrees(bench)


async def test_f68_a_number_that_is_not_valid_any_more_is_asked_for_anew(exchange):
    renumber(exchange, "987654321")
    async with native_client(exchange) as bench:
        bench.client._native.stale._log = bench.log
        exchange.clear_faults()
        refused = await ended(bench)
        assert bench.names(refused) == ["Submitted", "Rejected"]
        assert "51001" in bench.events(refused)[-1].reason
        await bench.log.waiter.until(lambda: bench.log.at("info"), "a line about the new number")
        assert len(bench.sent("order")) == 1, "not sent again"
        await works(bench)
        await agrees(bench)


async def test_f68_an_instrument_that_is_gone_is_asked_for_once_a_refusal(exchange):
    async with native_client(exchange) as bench:
        bench.client._native.stale._log = bench.log
        gone = {"code": "51001", "msg": "Instrument ID or Spread ID doesn't exist."}
        bench.fault({"kind": "reply", **gone}, {"class": "request", "op": "order"}, {"count": 3})
        bench.fault({"kind": "reply", "status": 200, **gone}, {"class": "request", "path": LIST})
        orders = [bench.limit() for _ in range(3)]
        bench.submit(*orders)
        for order in orders:
            await bench.told(order, "Rejected")
        await bench.log.waiter.until(lambda: bench.log.at("warning"), "a line about the instrument")
        assert "51001" in bench.log.at("warning")[0]
        assert 1 <= len(lists(bench)) <= 3
        await works(bench)


async def test_f68_a_number_that_okx_misses_is_asked_for_anew(exchange):
    async with native_client(exchange) as bench:
        bench.client._native.stale._log = bench.log
        bench.answer({"code": "50014", "msg": "Parameter instIdCode can not be empty"}, op="order")
        refused = await ended(bench)
        assert "50014" in bench.events(refused)[-1].reason
        await bench.log.waiter.until(lambda: bench.log.at("info"), "a line about the new number")
        assert len(lists(bench)) == 1
        await works(bench)
