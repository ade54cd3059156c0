"""S20 to S45, placing orders: what the stock execution client of 1.231.0 does, shown on the simulator."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.core.datetime import unix_nanos_to_dt
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, TimeInForce
from nautilus_trader.model.identifiers import ClientOrderId, OrderListId
from nautilus_trader.model.objects import Quantity
from nautilus_trader.model.orders import OrderList

from .exec_bench import SMALL, ExecBench, stock_client
from .support import SPOT, SWAP

BURSTS = 10


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=31, config=SMALL) as running:
        yield running


async def sent_by(bench: ExecBench, order: Any) -> dict[str, Any]:
    """The order as it went over the wire."""
    bench.submit(order)
    await bench.until_venue(lambda: bench.sent("order"))
    (frame,) = bench.sent("order")
    (arg,) = frame["args"]
    return arg


async def test_s20_stock_leaves_reduce_only_out(exchange):
    async with stock_client(exchange) as bench:
        assert "reduceOnly" not in await sent_by(bench, bench.limit(reduce_only=True))


async def test_s21_stock_sends_in_another_order_than_told(exchange):
    told: list[str] = []
    async with stock_client(exchange) as bench:

        def sent() -> list[str]:
            return [frame["args"][0]["clOrdId"] for frame in bench.sent("order")]

        # Its tasks run at once; which of them comes first is up to the scheduler, which may keep their order by chance.
        for _ in range(BURSTS):
            orders = [bench.limit(size="0.1") for _ in range(40)]
            told.extend(order.client_order_id.value for order in orders)
            bench.submit(*orders)
            await bench.until_venue(lambda: len(sent()) == len(told))
            if sent() != told:
                break
        assert sorted(sent()) == sorted(told)
        assert sent() != told


async def test_s22_stock_sends_what_waited_before_the_login(exchange):
    async with stock_client(exchange) as bench:
        await bench.caught_up()
        closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
        bench.cut()
        await bench.until_venue(lambda: bench.fired(closed), "an attempt to connect")
        seen = len(bench.frames())
        bench.submit(bench.limit())
        exchange.clear_faults()
        await bench.until_venue(lambda: any('"op":"login"' in text for text in bench.frames()[seen:]), "a log-in")
        ops = [json.loads(text)["op"] for text in bench.frames()[seen:] if text != "ping"]
        assert ops.index("order") < ops.index("login")


async def test_s23_stock_says_nothing_of_a_refusal_without_items(exchange):
    async with stock_client(exchange) as bench:
        bench.answer({"code": "50011", "msg": "Rate limit reached."}, op="order")
        order = bench.limit()
        bench.submit(order)
        await bench.until_venue(lambda: bench.sent("order"))
        await bench.caught_up()
        assert bench.names(order) == ["Submitted"]
        assert order.status == OrderStatus.SUBMITTED


async def test_s23_stock_leaves_a_refused_cancel_unanswered(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit()
        await bench.rests(order)
        bench.answer({"code": "50011", "msg": "Rate limit reached."}, op="cancel-order")
        bench.cancel(order)
        await bench.until_venue(lambda: bench.sent("cancel-order"))
        await bench.caught_up()
        assert bench.names(order)[-1] == "Accepted"


async def test_s29_stock_rejects_independent_orders_of_a_list(exchange):
    async with stock_client(exchange) as bench:
        orders = [bench.limit(), bench.limit("sell")]
        bench.submit_list(OrderList(OrderListId("OL-1"), orders))
        for order in orders:
            await bench.told(order, "Rejected")
        assert bench.sent("order") == bench.sent("batch-orders") == []


async def test_s29_stock_rejects_a_bracket_with_a_limit_take_profit(exchange):
    async with stock_client(exchange) as bench:
        entry = bench.limit()
        instrument = bench.cache.instrument(SWAP)
        bracket = bench.orders.bracket(
            SWAP,
            OrderSide.BUY,
            entry.quantity,
            entry_order_type=OrderType.LIMIT,
            entry_price=entry.price,
            tp_price=instrument.make_price(entry.price * Decimal("1.05")),
            sl_trigger_price=instrument.make_price(entry.price * Decimal("0.95")),
        )
        bench.submit_list(bracket)
        for order in bracket.orders:
            await bench.told(order, "Rejected")
        assert bench.requests("/trade/order", "POST") == []


async def test_s30_stock_loses_the_second_fill_of_a_quote_quantity(exchange):
    async with stock_client(exchange) as bench:
        order = bench.market(size="90000", on=SPOT, quote_quantity=True)
        bench.submit(order)
        await bench.until(lambda: bench.names(order).count("Filled") >= 2)
        (row,) = bench.account()["closedOrders"]
        first = Decimal(bench.account()["fills"][0]["fillSz"])
        assert order.status == OrderStatus.FILLED
        assert order.filled_qty == order.quantity == first < Decimal(row["accFillSz"])
        assert all("FILLED -> FILLED" in str(error) for _, error in bench.engine.refused)
        assert bench.engine.refused


async def test_s31_stock_sends_a_quote_quantity_as_contracts(exchange):
    async with stock_client(exchange) as bench:
        arg = await sent_by(bench, bench.market(size="1000", quote_quantity=True))
        assert (Decimal(arg["sz"]), "tgtCcy" in arg) == (1000, False)


async def test_s31_stock_sends_a_quote_quantity_as_base(exchange):
    async with stock_client(exchange) as bench:
        price = bench.limit(on=SPOT, size="0.01").price
        order = bench.orders.limit(SPOT, OrderSide.BUY, Quantity.from_str("500.00000000"), price, quote_quantity=True)
        arg = await sent_by(bench, order)
        assert Decimal(arg["sz"]) == 500
        assert "tgtCcy" not in arg


@pytest.mark.parametrize("text", ["O-1-2", "O_1", "O" * 33])
async def test_s41_stock_sends_ids_okx_does_not_take(exchange, text):
    async with stock_client(exchange) as bench:
        order = bench.orders.limit(
            SWAP, OrderSide.BUY, Quantity.from_str("1.00"), bench.limit().price, client_order_id=ClientOrderId(text)
        )
        arg = await sent_by(bench, order)
        assert arg["clOrdId"] == text
        await bench.told(order, "Rejected")


@pytest.mark.parametrize("tif", [TimeInForce.GTD, TimeInForce.DAY])
async def test_s42_stock_rejects_after_submitting_what_it_cannot_send(exchange, tif):
    async with stock_client(exchange) as bench:
        until = unix_nanos_to_dt(bench.clock.timestamp_ns() + 3_600_000_000_000) if tif == TimeInForce.GTD else None
        order = bench.limit(time_in_force=tif, expire_time=until)
        bench.submit(order)
        await bench.told(order, "Rejected")
        assert bench.names(order) == ["Submitted", "Rejected"]
        assert bench.sent("order") == []


async def test_s42_stock_ignores_a_display_quantity(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit(size="10", display_qty=Quantity.from_str("1.00"))
        arg = await sent_by(bench, order)
        assert Decimal(arg["sz"]) == 10
        await bench.told(order, "Accepted")


async def test_s43_stock_rejects_without_the_code(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit(size="1.5", on=SPOT)
        reply = bench.fault({"kind": "hold", "how": {"delay": 0}}, {"class": "op_reply", "contains": "51008"})
        bench.submit(order)
        rejected = await bench.told(order, "Rejected")
        assert bench.fired(reply) == 1
        assert "51008" not in rejected.reason


async def test_s44_stock_cancels_a_post_only_order_that_crosses(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit(away="-0.003", post_only=True)
        bench.submit(order)
        await bench.told(order, "Canceled")
        assert "Rejected" not in bench.names(order)


async def test_s45_stock_sends_net_orders_to_a_long_short_account():
    config = SMALL | {"accounts": [{"pos_mode": "long_short_mode"}]}
    with SimulatedExchange(seed=31, config=config) as exchange:
        async with stock_client(exchange) as bench:
            order = bench.limit()
            arg = await sent_by(bench, order)
            assert arg["posSide"] == "net"
            assert "posSide" in (await bench.told(order, "Rejected")).reason
