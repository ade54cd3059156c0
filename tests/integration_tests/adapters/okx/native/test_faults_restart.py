"""F93 to F103: restarts, reports that fail, a stop with commands under way, limits."""

from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxError, SimulatedExchange
from nautilus_trader.adapters.okx.native.trading.events import OrderEvents
from nautilus_trader.model.enums import OrderSide, OrderStatus

from .exec_bench import SMALL, ExecBench, native_client
from .exec_faults import agrees, rested, works
from .support import SWAP


@pytest.fixture
def exchange():
    with SimulatedExchange(seed=42, config=SMALL) as running:
        yield running


def app_orders(bench: ExecBench, count: int, **more: Any) -> None:
    """So many orders by the user of the app."""
    px = str(bench.limit().price)
    plain = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "0.1", "px": px}
    for _ in range(count):
        bench.script("order", **plain | more)


async def test_f93_what_was_open_is_open_after_a_restart(exchange):
    async with native_client(exchange) as bench:
        orders = [bench.limit(size="0.1") for _ in range(20)]
        stops = [
            bench.orders.stop_market(SWAP, OrderSide.BUY, orders[0].quantity, bench.limit("sell", away="0.05").price)
            for _ in range(5)
        ]
        await bench.rests(*orders, *stops)
    async with native_client(exchange, restored=[*orders, *stops]) as bench:
        await agrees(bench)
        reports = await bench.order_reports(SWAP, open_only=True)
        assert {r.venue_order_id for r in reports} == {order.venue_order_id for order in (*orders, *stops)}
        bench.cancel(orders[0])
        bench.cancel(stops[0])
        await bench.told(orders[0], "Canceled")
        await bench.told(stops[0], "Canceled")
        await agrees(bench)


@pytest.mark.parametrize("at", ["before", "after"])
async def test_f94_an_order_without_an_answer_is_settled_after_a_restart(exchange, at):
    async with native_client(exchange, disconnect_timeout_secs=0.2) as bench:
        closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
        bench.fault({"kind": "reply", "status": 503, "code": "50001", "msg": "down"}, {"link": "rest"}, {})
        bench.fault({"kind": "cut", "at": at, "how": "rst"}, {"class": "request", "op": "order"})
        order = bench.limit()
        bench.submit(order)
        await bench.until_venue(lambda: bench.fired(closed))
        assert order.status == OrderStatus.SUBMITTED
    exchange.clear_faults()
    async with native_client(exchange, restored=[order]) as bench:
        wanted = OrderStatus.ACCEPTED if at == "after" else OrderStatus.REJECTED
        await bench.until(lambda: order.status == wanted, f"{order} becomes {wanted}")
        await agrees(bench)


async def test_f95_fills_of_the_time_between_two_runs_are_told_once(exchange):
    async with native_client(exchange) as bench:
        order = await rested(bench, "0.4", size="100")
    for _ in range(120):
        bench.script("fill", clOrdId=order.client_order_id.value, sz="0.1")
    for _ in range(2):
        async with native_client(exchange, restored=[order]) as bench:
            await agrees(bench)
            assert order.filled_qty == Decimal("12.4")
            await works(bench)


@pytest.mark.parametrize("hours", [3, 4 * 24, 8 * 24], ids=["3 hours", "4 days", "8 days"])
async def test_f97_a_long_time_down_is_made_up_for(exchange, hours, monkeypatch):
    """OKX shows less and less: unfilled cancels for 2 h, `fills` of 3 d, `orders-history` of 7 d."""
    told: list[tuple[str, str, Any]] = []
    on_event = OrderEvents.on_event

    def note(self: Any, kind: str, cid: str, *rest: Any) -> None:
        told.append((kind, cid, rest[-1]))
        on_event(self, kind, cid, *rest)

    monkeypatch.setattr(OrderEvents, "on_event", note)
    async with native_client(exchange) as bench:
        whole, partly, dropped, kept = [await rested(bench, filled) for filled in ("0.4", "0.4", "", "")]
        stops = [
            bench.orders.stop_market(SWAP, OrderSide.BUY, whole.quantity, bench.limit("sell", away="0.5").price)
            for _ in range(2)
        ]
        await bench.rests(*stops)
    bench.script("fill", clOrdId=whole.client_order_id.value)
    bench.script("fill", clOrdId=partly.client_order_id.value, sz="0.2")
    for order in (partly, dropped):
        bench.script("cancel", clOrdId=order.client_order_id.value)
    exchange.control("/control/time", {"jump_ms": hours * 3_600_000})
    seen = len(exchange.journal())
    restored = [whole, partly, dropped, kept, *stops]
    async with native_client(exchange, restored=restored) as bench:
        states = [OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.CANCELED, *[OrderStatus.ACCEPTED] * 3]
        await bench.until(lambda: [order.status for order in restored] == states, "what became of each")
        assert [str(order.filled_qty) for order in restored] == ["1.00", "0.60", "0.00", "0.00", "0.00", "0.00"]
        await agrees(bench)
        (reason,) = [
            detail[0] for kind, cid, detail in told if (kind, cid) == ("canceled", dropped.client_order_id.value)
        ]
        assert "51603" in reason, "OKX shows it no more, and the client says so"
        asked = [e["text"] for e in exchange.journal()[seen:] if e["link"] == "rest" and e["direction"] == "in"]
        by_order = [text for text in asked if f"ordId={whole.venue_order_id}" in text and "/fills" in text]
        assert any("/trade/fills-history" in text for text in by_order) == (hours > 3 * 24)
        status = await bench.client.generate_mass_status()
        known = {order.venue_order_id for order in (whole, partly, kept, *stops)}
        assert known <= set(status.order_reports)
        fills = {vid: sum(f.last_qty.as_decimal() for f in found) for vid, found in status.fill_reports.items()}
        assert fills == {whole.venue_order_id: 1, partly.venue_order_id: Decimal("0.6")}
        asked = bench.requests("/trade/", "GET")
        for path in ("/trade/orders-history-archive", "/trade/fills-history"):
            assert any(path in text for text in asked), path
        await works(bench)


async def test_s26_s27_a_restored_order_is_neither_filled_nor_charged_twice(exchange):
    async with native_client(exchange) as bench:
        order = await rested(bench, "0.4")
    async with native_client(exchange, restored=[order]) as bench:
        bench.modify(order, quantity=bench.limit(size="2").quantity)
        await bench.told(order, "Updated")
        bench.script("fill", clOrdId=order.client_order_id.value, sz="0.1")
        filled = await bench.told(order, "Filled")
        assert bench.names(order).count("Filled") == 1
        assert filled.commission.as_decimal() == -Decimal(bench.account()["fills"][-1]["fee"])
        await agrees(bench)


async def test_f99_a_list_with_a_page_missing_fails_whole(exchange):
    async with native_client(exchange) as bench:
        app_orders(bench, 250)
        assert len(await bench.order_reports(open_only=True)) == 250
        down = {"kind": "reply", "status": 503, "code": "50001", "msg": "down"}
        on = {"class": "request", "path": "/trade/orders-pending"}
        bench.fault(down, on, {"skip": 1})
        with pytest.raises(OkxError, match="50001"):
            await bench.order_reports(open_only=True)
        assert await bench.client.generate_mass_status() is None
        exchange.clear_faults()
        await works(bench)


async def test_f101_throttled_reads_are_asked_again(exchange):
    async with native_client(exchange, max_retries=4) as bench:
        await rested(bench)
        throttled = bench.fault({"kind": "lim", "status": 429}, {"class": "request", "method": "GET"}, {"count": 2})
        assert len(await bench.order_reports(SWAP, open_only=True)) == 1
        assert bench.fired(throttled) == 2


async def test_f102_orders_are_paced_and_cancels_not_held_back(exchange):
    async with native_client(exchange) as bench:
        orders = [bench.limit(size="0.1") for _ in range(100)]
        bench.submit(*orders)
        bench.cancel(orders[0])
        await bench.told(orders[0], "Canceled")
        assert any(order.status == OrderStatus.INITIALIZED for order in orders), "the cancel did not wait for the rest"
        for order in orders[1:]:
            await bench.told(order, "Accepted")
        answers = [e["text"] for e in exchange.journal() if e["direction"] == "out" and '"op":"' in e["text"]]
        assert not any("50011" in text or "50061" in text for text in answers)
        await agrees(bench)
