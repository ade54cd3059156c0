"""TC-E50 to TC-E53: brackets, through a TradingNode."""

import asyncio
from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType

from .trading_support import PROFILES, SEED, Kept, Trader, Venue, trading, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL


def bracket(t, side=BUY, percent="-0.5", post_only=False):
    """A limit entry with a take profit and a stop loss 2 % away."""
    sign = Decimal(1 if side == BUY else -1)
    entry = t.price(side, percent)
    step = Decimal(str(t.instrument.price_increment))

    def away(pct: str):
        return t.instrument.make_price(entry.as_decimal() * (1 + sign * Decimal(pct) / 100) // step * step)

    return t.trader.order_factory.bracket(
        instrument_id=t.instrument.id,
        order_side=side,
        quantity=t.size,
        entry_order_type=OrderType.LIMIT,
        entry_price=entry,
        entry_post_only=post_only,
        tp_price=away("2"),
        tp_post_only=False,
        sl_trigger_price=away("-2"),
    )


def legs(order_list):
    entry, *rest = order_list.orders
    stop = next(order for order in rest if order.order_type == OrderType.STOP_MARKET)
    profit = next(order for order in rest if order is not stop)
    return entry, profit, stop


@pytest.mark.parametrize("profile", ["P1", "P2", "P4"])
@pytest.mark.parametrize(("case", "side"), [("TC-E50", BUY), ("TC-E51", SELL)])
async def test_tc_e50_the_entry_carries_its_legs(profile, case, side):
    async with trading(profile) as t:
        orders = bracket(t, side)
        entry, profit, stop = legs(orders)
        t.trader.submit_order_list(orders)
        await t.trader.told_of(entry, "Submitted", "Accepted")
        (row,) = t.venue.orders()
        (attached,) = row["attachAlgoOrds"]
        assert Decimal(attached["tpTriggerPx"]) == profit.price.as_decimal()
        assert Decimal(attached["slTriggerPx"]) == stop.trigger_price.as_decimal()
        assert t.trader.names(stop) == ["Submitted"]


async def test_tc_e50_the_legs_die_with_an_unfilled_entry():
    async with trading("P2") as t:
        orders = bracket(t)
        entry, profit, stop = legs(orders)
        t.trader.submit_order_list(orders)
        await t.trader.told_of(entry, "Submitted", "Accepted")
        t.trader.cancel_order(entry)
        for order in (entry, profit, stop):
            await t.trader.has(order, OrderStatus.CANCELED)
        assert t.venue.orders() == []
        assert t.venue.algos() == []


@pytest.mark.parametrize(("case", "factor"), [("take profit", 1.03), ("stop loss", 0.96)])
async def test_tc_e52_one_leg_is_done_and_the_other_ends(case, factor):
    async with trading("P2") as t:
        orders = bracket(t)
        entry, profit, stop = legs(orders)
        t.trader.submit_order_list(orders)
        await t.trader.told_of(entry, "Submitted", "Accepted")
        okx_id = t.client._native.okx_id(entry.client_order_id.value)
        t.venue.script("account.fill", clOrdId=okx_id)
        await t.trader.has(entry, OrderStatus.FILLED)
        await t.trader.has(stop, OrderStatus.ACCEPTED)
        await t.trader.has(profit, OrderStatus.ACCEPTED)
        t.venue.script("jump", instId="BTC-USDT-SWAP", factor=factor)
        done, other = (profit, stop) if case == "take profit" else (stop, profit)
        await t.trader.has(done, OrderStatus.FILLED)
        await t.trader.has(other, OrderStatus.CANCELED)
        await t.trader.until(lambda: not t.cache.positions_open(), "no position")
        assert t.venue.account["positions"] == []
        assert len(t.cache.orders()) == 3


async def test_tc_e53_a_post_only_entry_rests_as_maker():
    async with trading("P2") as t:
        orders = bracket(t, post_only=True)
        entry = orders.orders[0]
        t.trader.submit_order_list(orders)
        await t.trader.told_of(entry, "Submitted", "Accepted")
        assert t.venue.orders()[0]["ordType"] == "post_only"


async def test_independent_orders_of_a_list_go_as_a_batch():
    async with trading("P2") as t:
        orders = [t.limit(BUY, f"-0.{n}") for n in range(3, 6)]
        t.trader.submit_order_list(t.trader.order_factory.create_list(orders))
        for order in orders:
            await t.trader.told_of(order, "Submitted", "Accepted")
        (batch,) = t.venue.sent("batch-orders")
        assert len(batch["args"]) == 3
        await t.agrees()


async def test_tc_e50_the_engine_does_not_give_up_on_waiting_legs():
    # The engine asks for orders in flight and ends those that nobody knows: legs wait as long as their entry does.
    checks = {"inflight_check_interval_ms": 200, "inflight_check_threshold_ms": 300, "inflight_check_retries": 2}
    async with trading("P2", engine=checks) as t:
        orders = bracket(t)
        entry, profit, stop = legs(orders)
        t.trader.submit_order_list(orders)
        await t.trader.told_of(entry, "Submitted", "Accepted")
        await t.trader.has(stop, OrderStatus.ACCEPTED)
        await t.trader.has(profit, OrderStatus.ACCEPTED)
        okx_id = t.client._native.okx_id(entry.client_order_id.value)
        t.venue.script("account.fill", clOrdId=okx_id)
        await t.trader.until(lambda: t.venue.algos(), "the legs at the exchange")
        t.venue.script("jump", instId="BTC-USDT-SWAP", factor=0.96)
        await t.trader.has(stop, OrderStatus.FILLED)
        await t.trader.has(profit, OrderStatus.CANCELED)


@pytest.mark.parametrize("when", ["the entry waits", "the legs wait", "a leg was triggered meanwhile"])
async def test_tc_e52_a_bracket_goes_on_after_a_restart(when):
    profile = PROFILES["P2"]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        async with trading_node(exchange, profile) as t:
            orders = bracket(t)
            entry, profit, stop = legs(orders)
            t.trader.submit_order_list(orders)
            await t.trader.told_of(entry, "Submitted", "Accepted")
            okx_id = t.client._native.okx_id(entry.client_order_id.value)
            if when != "the entry waits":
                venue.script("account.fill", clOrdId=okx_id)
                for order, status in ((entry, OrderStatus.FILLED), (stop, OrderStatus.ACCEPTED)):
                    await t.trader.has(order, status)
                await t.trader.has(profit, OrderStatus.ACCEPTED)
            earlier = Kept(t.cache)
        if when == "a leg was triggered meanwhile":
            venue.script("jump", instId="BTC-USDT-SWAP", factor=0.96)
            while venue.account["positions"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # the exchange tells only when asked
        second = Trader()
        async with trading_node(exchange, profile, [second], earlier=earlier) as t:
            if when == "the entry waits":
                venue.script("account.fill", clOrdId=okx_id)
                await second.has(entry, OrderStatus.FILLED)
                await second.until(lambda: stop.venue_order_id and profit.venue_order_id, "the legs are live")
            if when != "a leg was triggered meanwhile":
                await t.agrees()
                venue.script("jump", instId="BTC-USDT-SWAP", factor=0.96)
            await second.has(stop, OrderStatus.FILLED)
            await second.has(profit, OrderStatus.CANCELED)
            await second.until(lambda: not t.cache.positions_open(), "no position")
            assert venue.account["positions"] == []
            assert len(t.cache.orders()) == 3, "each order of the exchange is one of the bracket"
            ours = [e.trade_id.value for e in stop.events if type(e).__name__ == "OrderFilled"]
            theirs = [row["tradeId"] for row in venue.account["fills"] if row["side"] == "sell"]
            assert sorted(ours) == sorted(theirs), "each once"
        assert len(venue.sent("/trade/order")) == 1, "nothing was sent again"
