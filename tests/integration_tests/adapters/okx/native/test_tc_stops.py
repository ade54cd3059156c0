"""TC-E20 to TC-E36: conditional orders and amendments, through a TradingNode."""

from decimal import Decimal

import pytest
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, TrailingOffsetType, TriggerType

from .trading_support import trading

BUY, SELL = OrderSide.BUY, OrderSide.SELL
STOPS = ("P1", "P2", "P4")


def stop_of(t, kind: OrderType, side: OrderSide, percent: str = "0.5", **fields):
    """A conditional order of a kind, waiting so many percent away from the market."""
    wait = Decimal(percent)
    is_stop = kind in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    # `price` turns the sign with the side: a stop waits where the market would have to go against it.
    trigger = t.price(side, str(wait if is_stop else -wait))
    factory = t.trader.order_factory
    common = {"instrument_id": t.instrument.id, "order_side": side, "quantity": t.size, "trigger_price": trigger}
    if kind == OrderType.STOP_MARKET:
        return factory.stop_market(**common, **fields)
    if kind == OrderType.MARKET_IF_TOUCHED:
        return factory.market_if_touched(**common, **fields)
    limit = t.price(side, str((wait if is_stop else -wait) + Decimal("0.1")))
    if kind == OrderType.STOP_LIMIT:
        return factory.stop_limit(**common, price=limit, **fields)
    return factory.limit_if_touched(**common, price=limit, **fields)


CASES = [
    ("TC-E20", OrderType.STOP_MARKET, BUY),
    ("TC-E21", OrderType.STOP_MARKET, SELL),
    ("TC-E22", OrderType.STOP_LIMIT, BUY),
    ("TC-E23", OrderType.STOP_LIMIT, SELL),
    ("TC-E24", OrderType.MARKET_IF_TOUCHED, BUY),
    ("TC-E25", OrderType.MARKET_IF_TOUCHED, SELL),
    ("TC-E26", OrderType.LIMIT_IF_TOUCHED, BUY),
    ("TC-E27", OrderType.LIMIT_IF_TOUCHED, SELL),
]


@pytest.mark.parametrize("profile", STOPS)
@pytest.mark.parametrize(("case", "kind", "side"), CASES, ids=[case[0] for case in CASES])
async def test_tc_e20_conditional_orders_wait(profile, case, kind, side):
    async with trading(profile) as t:
        order = await t.submit(stop_of(t, kind, side), "Submitted", "Accepted")
        (row,) = t.venue.algos()
        assert row["algoId"] == order.venue_order_id.value
        assert row["ordType"] == "trigger"
        assert Decimal(row["triggerPx"]) == order.trigger_price.as_decimal()
        expected = order.price.as_decimal() if order.has_price else Decimal(-1)
        assert Decimal(row["ordPx"]) == expected
        assert row["side"] == ("buy" if side == BUY else "sell")
        await t.agrees()


@pytest.mark.parametrize(("case", "kind", "side"), CASES, ids=[case[0] for case in CASES])
async def test_tc_e20_a_triggered_order_fills_once(case, kind, side):
    async with trading("P2") as t:
        order = await t.submit(stop_of(t, kind, side), "Submitted", "Accepted")
        algo_id = order.venue_order_id.value
        is_stop = kind in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
        up = (side == BUY) == is_stop
        t.venue.script("jump", instId="BTC-USDT-SWAP", factor=1.0055 if up else 0.9945)
        await t.trader.until(lambda: order.is_closed or order.status == OrderStatus.TRIGGERED, "the trigger")
        await t.trader.until(lambda: t.venue.algos() == [], "no conditional order left")
        if not order.is_closed:
            # What rests now is a limit order; the rest is up to the market.
            for row in t.venue.orders():
                t.venue.script("account.fill", ordId=row["ordId"])
        await t.trader.has(order, OrderStatus.FILLED)
        names = t.trader.names(order)
        assert names.count("Accepted") == 1
        assert ("Triggered" in names) == order.has_price
        (child,) = t.venue.account["closedOrders"]
        assert child["algoId"] == algo_id
        rows = [r for r in t.venue.account["fills"] if r["ordId"] == child["ordId"]]
        assert len(t.trader.events("Filled", order)) == len(rows)
        assert len(t.cache.orders()) == 1
        await t.agrees()


async def test_trailing_stop():
    async with trading("P2") as t:
        order = t.trader.order_factory.trailing_stop_market(
            t.instrument.id,
            SELL,
            t.size,
            trailing_offset=Decimal(50),
            trailing_offset_type=TrailingOffsetType.BASIS_POINTS,
        )
        await t.submit(order, "Submitted", "Accepted")
        (row,) = t.venue.algos()
        assert row["ordType"] == "move_order_stop"
        assert Decimal(row["callbackRatio"]) == Decimal("0.005")
        t.venue.script("jump", instId="BTC-USDT-SWAP", factor=0.98)
        await t.trader.has(order, OrderStatus.FILLED)
        await t.agrees()


@pytest.mark.parametrize(("by", "word"), [(TriggerType.MARK_PRICE, "mark"), (TriggerType.INDEX_PRICE, "index")])
async def test_tc_e25_the_price_that_triggers_can_be_chosen(by, word):
    async with trading("P2") as t:
        await t.submit(stop_of(t, OrderType.STOP_MARKET, BUY, trigger_type=by), "Submitted", "Accepted")
        assert t.venue.algos()[0]["triggerPxType"] == word


async def test_tc_e25_spot_is_triggered_by_the_last_price_only():
    async with trading("P1") as t:
        order = stop_of(t, OrderType.STOP_MARKET, BUY, trigger_type=TriggerType.MARK_PRICE)
        await t.submit(order, "Denied")
        assert "last price only" in t.trader.events("Denied", order)[0].reason


async def test_tc_e26_margin_takes_no_triggers():
    async with trading("P5") as t:
        order = await t.submit(stop_of(t, OrderType.STOP_MARKET, BUY), "Denied")
        assert "MARGIN" in t.trader.events("Denied", order)[0].reason


# -- amendments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "side"), [("TC-E30", BUY), ("TC-E31", SELL)])
async def test_tc_e30_amend_the_price(case, side):
    async with trading("P2") as t:
        order = await t.submit(t.limit(side), "Submitted", "Accepted")
        new = t.price(side, "-0.8")
        t.trader.modify_order(order, price=new)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "Updated")
        assert order.price == new
        assert order.status == OrderStatus.ACCEPTED
        assert Decimal(t.venue.orders()[0]["px"]) == new.as_decimal()
        await t.agrees()


async def test_tc_e30_amend_a_partly_filled_order():
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        okx_id = t.client._native.okx_id(order.client_order_id.value)
        t.venue.script("account.fill", clOrdId=okx_id, sz="0.2")
        await t.trader.has(order, OrderStatus.PARTIALLY_FILLED)
        t.trader.modify_order(order, quantity=t.instrument.make_qty(Decimal("0.80")), price=t.price(BUY, "-0.7"))
        await t.trader.until(lambda: t.trader.names(order)[-1:] == ["Updated"], "the amendment")
        assert (str(order.quantity), str(order.filled_qty)) == ("0.80", "0.20")
        assert order.status == OrderStatus.PARTIALLY_FILLED
        await t.agrees()


@pytest.mark.parametrize(("case", "side"), [("TC-E32", BUY), ("TC-E33", SELL)])
async def test_tc_e32_cancel_and_replace_in_this_order(case, side):
    async with trading("P2") as t:
        old = await t.submit(t.limit(side), "Submitted", "Accepted")
        new = t.limit(side, "-0.7")
        t.trader.cancel_order(old)
        t.trader.submit_order(new)
        await t.trader.told_of(old, "Submitted", "Accepted", "PendingCancel", "Canceled")
        await t.trader.told_of(new, "Submitted", "Accepted")
        assert [frame["op"] for frame in t.venue.sent("order", "cancel-order")] == ["order", "cancel-order", "order"]
        assert len(t.cache.orders()) == 2
        await t.agrees()


@pytest.mark.parametrize("kind", [OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.MARKET_IF_TOUCHED])
async def test_tc_e34_amend_a_trigger(kind):
    async with trading("P2") as t:
        order = await t.submit(stop_of(t, kind, BUY), "Submitted", "Accepted")
        away = "0.9" if kind != OrderType.MARKET_IF_TOUCHED else "-0.9"
        trigger = t.price(BUY, away)
        price = t.price(BUY, str(Decimal(away) + Decimal("0.1"))) if order.has_price else None
        t.trader.modify_order(order, trigger_price=trigger, price=price)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "Updated")
        assert order.trigger_price == trigger
        assert Decimal(t.venue.algos()[0]["triggerPx"]) == trigger.as_decimal()
        await t.agrees()


async def test_tc_e34_a_trailing_stop_cannot_be_amended():
    async with trading("P2") as t:
        order = t.trader.order_factory.trailing_stop_market(
            t.instrument.id, SELL, t.size, trailing_offset=Decimal(50), trailing_offset_type=TrailingOffsetType.PRICE
        )
        await t.submit(order, "Submitted", "Accepted")
        t.trader.modify_order(order, quantity=t.instrument.make_qty(Decimal("0.80")))
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "ModifyRejected")
        assert "cancel it" in t.trader.events("ModifyRejected", order)[0].reason


async def test_tc_e35_cancel_and_replace_a_stop():
    async with trading("P2") as t:
        old = await t.submit(stop_of(t, OrderType.STOP_MARKET, BUY), "Submitted", "Accepted")
        t.trader.cancel_order(old)
        new = stop_of(t, OrderType.STOP_MARKET, BUY, "0.7")
        t.trader.submit_order(new)
        await t.trader.told_of(old, "Submitted", "Accepted", "PendingCancel", "Canceled")
        await t.trader.told_of(new, "Submitted", "Accepted")
        assert [row["algoId"] for row in t.venue.algos()] == [new.venue_order_id.value]
        await t.agrees()


async def test_tc_e36_a_refused_amendment_leaves_the_order_as_it_was():
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        before = order.price
        t.venue.exchange.inject(
            {
                "on": {"class": "request", "op": "amend-order"},
                "what": {"kind": "reply", "code": "1", "msg": "", "data": [{"sCode": "51511", "sMsg": "Would take"}]},
            }
        )
        t.trader.modify_order(order, price=t.price(BUY, "-0.9"))
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "ModifyRejected")
        assert "51511" in t.trader.events("ModifyRejected", order)[0].reason
        assert order.price == before
        assert order.status == OrderStatus.ACCEPTED
        t.venue.exchange.clear_faults()
        await t.agrees()
