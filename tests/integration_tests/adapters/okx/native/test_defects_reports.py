"""S35 to S47, reports and lookups: what the stock execution client does, shown on the simulator."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType

from .exec_bench import SMALL, stock_client
from .support import SWAP


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=33, config=SMALL) as running:
        yield running


async def test_s35_stock_takes_a_failed_request_for_no_orders(exchange):
    async with stock_client(exchange) as bench:
        await bench.rests(bench.limit())
        down = {"kind": "reply", "status": 503, "code": "50001", "msg": "down"}
        bench.fault(down, {"class": "request", "path": "/trade/orders-pending"}, {})
        assert await bench.order_reports(open_only=True) == []
        status = await bench.client.generate_mass_status()
        assert status.order_reports == {}
        assert len(bench.account()["orders"]) == 1


async def test_s36_stock_ignores_what_fills_are_asked_for(exchange):
    async with stock_client(exchange) as bench:
        first, second = bench.market(), bench.market()
        bench.submit(first, second)
        for order in (first, second):
            await bench.told(order, "Filled")
        reports = await bench.fill_reports(SWAP, venue_id=first.venue_order_id)
        assert {report.venue_order_id for report in reports} == {first.venue_order_id, second.venue_order_id}
        assert await bench.fill_reports(SWAP, start=bench.clock.utc_now()) == []
        # Neither the order nor the time was told to the venue, nor was the longer history asked for.
        assert bench.requests("/trade/fills") == ["GET /api/v5/trade/fills?instType=SWAP&instId=BTC-USDT-SWAP"] * 2


async def test_s37_stock_loses_one_of_two_orders_with_the_same_id(exchange):
    async with stock_client(exchange) as bench:
        first = bench.limit(client_order_id=None)
        await bench.rests(first)
        bench.cancel(first)
        await bench.told(first, "Canceled")
        order = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1"}
        second = bench.script("order", **order, px=str(first.price), clOrdId=first.client_order_id.value)
        reports = await bench.order_reports(SWAP)
        (open_,) = bench.account()["orders"]
        assert open_["ordId"] == second["ordId"]
        assert len(reports) == 1, "the venue has two"


async def test_s38_stock_rejects_a_bracket_that_stands(exchange):
    async with stock_client(exchange) as bench:
        entry = bench.limit()
        instrument = bench.cache.instrument(SWAP)
        bracket = bench.orders.bracket(
            SWAP,
            OrderSide.BUY,
            entry.quantity,
            entry_order_type=OrderType.LIMIT,
            entry_price=entry.price,
            tp_order_type=OrderType.MARKET_IF_TOUCHED,
            tp_trigger_price=instrument.make_price(entry.price * Decimal("1.05")),
            sl_trigger_price=instrument.make_price(entry.price * Decimal("0.95")),
        )
        bench.answer({"status": 502, "body": {"text": "<html>"}}, apply=True, path="/trade/order")
        bench.submit_list(bracket)
        for order in bracket.orders:
            assert "already exists" in (await bench.told(order, "Rejected")).reason
        assert len(bench.requests("/trade/order", "POST")) > 1
        assert len(bench.account()["orders"]) == 1


async def test_s38_stock_rejects_a_conditional_order_that_stands(exchange):
    async with stock_client(exchange) as bench:
        far = bench.limit("sell")
        order = bench.orders.stop_market(SWAP, OrderSide.BUY, far.quantity, far.price)
        bench.fault(
            {"kind": "reply", "apply": True, "status": 502, "body": {"text": "<html>"}},
            {"class": "request", "path": "/trade/order-algo"},
            {},
        )
        bench.submit(order)
        assert "502" in (await bench.told(order, "Rejected")).reason
        assert len(bench.account()["algos"]) == 1


async def test_s39_stock_misses_what_happens_while_the_socket_is_down(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit()
        await bench.rests(order)
        closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
        bench.cut()
        await bench.until_venue(lambda: bench.fired(closed), "an attempt to connect")
        bench.script("fill", clOrdId=order.client_order_id.value)
        asked = len(bench.requests())
        exchange.clear_faults()
        await bench.until_venue(lambda: sum('"channel":"orders"' in text for text in bench.frames()) >= 4)
        await bench.caught_up()
        assert order.status == OrderStatus.ACCEPTED
        assert bench.requests()[asked:] == []


async def test_s40_stock_drops_an_order_in_a_state_it_does_not_know(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit()
        await bench.rests(order)
        edit = {"kind": "edit", "changes": [{"set": {"path": "data/0/state", "raw": '"resting"'}}]}
        bench.fault(edit, {"class": "push", "channel": "orders"})
        bench.script("cancel", clOrdId=order.client_order_id.value)
        await bench.caught_up()
        assert bench.names(order) == ["Submitted", "Accepted"]


async def test_s40_stock_drops_an_account_push_it_cannot_read(exchange):
    async with stock_client(exchange) as bench:
        await bench.caught_up()
        told = len(bench.engine.accounts)
        edit = {"kind": "edit", "changes": [{"set": {"path": "data/0/uTime", "raw": "null"}}]}
        pushed = bench.fault(edit, {"class": "push", "channel": "account"})
        bench.script("transfer", ccy="USDT", amt="1000")
        await bench.until_venue(lambda: bench.fired(pushed))
        # The client has read all of it when the next order on the same socket is confirmed.
        bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "account"}, {})
        await bench.caught_up()
        assert len(bench.engine.accounts) == told


async def test_s47_stock_reads_every_order_to_find_one(exchange):
    async with stock_client(exchange) as bench:
        order, other = bench.limit(), bench.limit("sell")
        await bench.rests(order, other)
        asked = len(bench.requests())
        report = await bench.order_report(SWAP, client_id=order.client_order_id)
        assert report.venue_order_id == order.venue_order_id
        lines = [line.split("?")[0].split(" ")[1] for line in bench.requests()[asked:]]
        assert "/api/v5/trade/order" not in lines
        assert {"/api/v5/trade/orders-pending", "/api/v5/trade/orders-history"} <= set(lines)
