"""S24 to S46, fills, amendments and cancellations: what the stock execution client does, shown on the simulator."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide, OrderStatus
from nautilus_trader.model.identifiers import StrategyId
from nautilus_trader.model.objects import Quantity

from .exec_bench import SMALL, ExecBench, stock_client


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=32, config=SMALL) as running:
        yield running


async def partly_filled(bench: ExecBench, size: str = "0.4") -> Any:
    """A resting order of 1 of which so much is filled."""
    order = bench.limit()
    await bench.rests(order)
    bench.script("fill", clOrdId=order.client_order_id.value, sz=size)
    await bench.told(order, "Filled")
    return order


async def test_s24_stock_is_silent_on_a_refusal_in_a_batch_of_cancels(exchange):
    async with stock_client(exchange) as bench:
        gone, open_ = bench.limit(), bench.limit("sell")
        await bench.rests(gone, open_)
        bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
        bench.script("cancel", clOrdId=gone.client_order_id.value)
        bench.cancel_batch(gone, open_)
        await bench.told(open_, "Canceled")
        await bench.caught_up()
        assert bench.names(gone) == ["Submitted", "Accepted"]


async def test_s25_stock_does_not_confirm_an_amendment_of_a_partly_filled_order(exchange):
    async with stock_client(exchange) as bench:
        order = await partly_filled(bench)
        bench.modify(order, quantity=Quantity.from_str("2.00"))
        await bench.until_venue(lambda: bench.account()["orders"][0]["sz"] == "2")
        await bench.caught_up()
        assert "Updated" not in bench.names(order)


async def test_s26_stock_invents_a_fill_after_a_restart(exchange):
    async with stock_client(exchange) as bench:
        order = await partly_filled(bench)
    async with stock_client(exchange, restored=[order]) as bench:
        ord_id = order.venue_order_id.value
        bench.modify(order, quantity=Quantity.from_str("2.00"))
        filled = await bench.told(order, "Filled")
        assert len(bench.account()["fills"]) == 1, ord_id
        assert filled.trade_id.value.startswith("synth-")
        assert filled.last_qty == Decimal("0.4")


async def test_s27_stock_charges_the_first_fill_after_a_restart_cumulatively(exchange):
    async with stock_client(exchange) as bench:
        order = await partly_filled(bench)
    async with stock_client(exchange, restored=[order]) as bench:
        bench.script("fill", clOrdId=order.client_order_id.value, sz="0.1")
        filled = await bench.told(order, "Filled")
        fees = [-Decimal(row["fee"]) for row in bench.account()["fills"]]
        assert filled.last_qty == Decimal("0.1")
        assert filled.commission.as_decimal() == sum(fees) > fees[-1]


async def test_s28_stock_emits_a_fill_twice(exchange):
    async with stock_client(exchange) as bench:
        order = bench.limit()
        await bench.rests(order)
        bench.fault({"kind": "hold", "how": {"repeat": 1}}, {"class": "push", "channel": "orders"})
        bench.script("fill", clOrdId=order.client_order_id.value, sz="0.4")
        await bench.told(order, "Filled", 2)
        first, second = (event for event in bench.events(order) if event.__class__.__name__ == "OrderFilled")
        assert first.trade_id == second.trade_id
        assert second.commission.as_decimal() == 0


async def test_s32_stock_cancels_the_orders_of_others(exchange):
    async with stock_client(exchange) as bench:
        mine = bench.limit()
        await bench.rests(mine, bench.limit("sell"))
        other = StrategyId("OTHER-002")
        bench.cancel_all(side=OrderSide.BUY, strategy=other)
        await bench.until_venue(lambda: bench.account()["orders"] == [])


async def test_s33_stock_forgets_a_conditional_order_whose_cancel_is_refused(exchange):
    async with stock_client(exchange) as bench:
        instrument, far = bench.cache.instrument(bench.limit().instrument_id), bench.limit("sell").price
        order = bench.orders.stop_market(instrument.id, OrderSide.BUY, Quantity.from_str("1.00"), far)
        await bench.rests(order)
        bench.answer(
            {"code": "1", "data": [{"algoId": order.venue_order_id.value, "sCode": "51400", "sMsg": "no"}]},
            path="/trade/cancel-algos",
        )
        bench.cancel_all()
        await bench.until_venue(lambda: bench.requests("/trade/cancel-algos"))
        await bench.caught_up()
        assert bench.names(order) == ["Submitted", "Accepted"]
        bench.cancel(order)
        assert "no algo_id" in (await bench.told(order, "CancelRejected")).reason
        assert len(bench.account()["algos"]) == 1


async def test_s34_stock_asks_for_a_mass_cancel_of_swaps(exchange):
    async with stock_client(exchange, use_mm_mass_cancel=True) as bench:
        order = bench.limit()
        await bench.rests(order)
        bench.cancel_all()
        await bench.until_venue(lambda: bench.sent("mass-cancel"))
        (frame,) = bench.sent("mass-cancel")
        assert frame["args"][0]["instType"] == "SWAP"
        await bench.caught_up()
        assert order.status == OrderStatus.ACCEPTED
        assert len(bench.account()["orders"]) == 2


async def test_s46_stock_drops_the_fills_channel():
    with SimulatedExchange(seed=32, config=SMALL | {"accounts": [{"vip": 6}]}) as exchange:
        async with stock_client(exchange, use_fills_channel=True) as bench:
            order = bench.limit()
            await bench.rests(order)
            bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
            pushed = bench.fault({"kind": "hold", "how": {"delay": 0}}, {"class": "push", "channel": "fills"})
            bench.script("fill", clOrdId=order.client_order_id.value, sz="0.4")
            await bench.until_venue(lambda: bench.fired(pushed))
            await bench.caught_up()
            assert bench.names(order) == ["Submitted", "Accepted"]
