"""TC-E01 to TC-E19: market and limit orders, through a TradingNode; per profile where the account's modes matter."""

from decimal import Decimal

import pytest
from nautilus_trader.model.enums import OrderSide, OrderStatus, PositionSide, TimeInForce
from nautilus_trader.model.events import AccountState, OrderFilled
from nautilus_trader.model.objects import Quantity

from .trading_support import trading

DERIVATIVES = ("P2", "P2-multi", "P3-inverse", "P3-um", "P3-futures", "P4")
BUY, SELL = OrderSide.BUY, OrderSide.SELL


def commissions(trading_, order):
    """What was paid for an order, in the engine and at the exchange."""
    here = sum(event.commission.as_decimal() for event in trading_.trader.events("Filled", order))
    rows = [row for row in trading_.venue.account["fills"] if row["ordId"] == order.venue_order_id.value]
    return here, -sum(Decimal(row["fee"]) for row in rows)


# -- market orders --------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["P1", *DERIVATIVES])
async def test_tc_e01_market_buy_opens_a_long_position(profile):
    async with trading(profile) as t:
        order = t.market()
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        names = t.trader.names(order)
        assert names[:2] == ["Submitted", "Accepted"]
        assert set(names[2:]) == {"Filled"}
        assert order.filled_qty == order.quantity
        await t.trader.until(lambda: any(isinstance(e, AccountState) for e in t.account_states()), "account state")
        if profile != "P1":
            (position,) = t.cache.positions_open(instrument_id=t.instrument.id)
            assert position.side == PositionSide.LONG
            assert position.quantity == order.quantity
        here, there = commissions(t, order)
        assert abs(here - there) < Decimal("0.00000002") * len(names)
        await t.agrees()


async def test_tc_e01_a_thin_book_gives_several_fills_each_once():
    async with trading("P2") as t:
        t.venue.script("thin", instId="BTC-USDT-SWAP", sizes=0.002)
        order = t.market(quantity=Quantity.from_str("20.00"))
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        fills = t.trader.events("Filled", order)
        rows = [r for r in t.venue.account["fills"] if r["ordId"] == order.venue_order_id.value]
        assert len(rows) > 1
        assert [str(f.trade_id) for f in fills] == [r["tradeId"] for r in rows]
        assert [Decimal(str(f.last_qty)) for f in fills] == [Decimal(r["fillSz"]) for r in rows]
        await t.agrees()


@pytest.mark.parametrize("profile", ["P1", *DERIVATIVES])
async def test_tc_e02_market_sell(profile):
    async with trading(profile) as t:
        order = t.market(SELL)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        if profile != "P1":
            (position,) = t.cache.positions_open(instrument_id=t.instrument.id)
            assert position.side == PositionSide.SHORT
            assert position.quantity == order.quantity
        await t.agrees()


async def test_tc_e02_market_sell_of_borrowed_money():
    async with trading("P5-futures") as t:
        order = t.market(SELL)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        (position,) = t.cache.positions_open()
        assert (position.side, position.quantity) == (PositionSide.SHORT, order.quantity)
        assert t.venue.account["positions"][0]["posCcy"] == "USDT"


async def test_tc_e02_cash_cannot_be_sold_short():
    async with trading("P1-poor") as t:
        order = t.market(SELL)
        t.trader.submit_order(order)
        await t.trader.until(lambda: order.is_closed, "the end of the order")
        assert t.trader.names(order) == ["Submitted", "Rejected"]
        assert "51008" in t.trader.events("Rejected")[0].reason


async def test_tc_e03_market_ioc():
    async with trading("P2") as t:
        order = t.market(time_in_force=TimeInForce.IOC)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        assert order.time_in_force == TimeInForce.IOC
        await t.agrees()


async def test_tc_e04_market_fok_is_denied():
    async with trading("P2") as t:
        order = await t.submit(t.market(time_in_force=TimeInForce.FOK), "Denied")
        assert "FOK" in t.trader.events("Denied", order)[0].reason
        assert t.venue.sent("order") == []


async def test_tc_e05_quote_quantity_of_a_spot_market_buy():
    async with trading("P1") as t:
        order = t.market(quantity=Quantity.from_str("500.00000000"), quote_quantity=True)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        (row,) = [r for r in t.venue.account["closedOrders"] if r["ordId"] == order.venue_order_id.value]
        assert row["tgtCcy"] == "quote_ccy"
        assert row["sz"] == "500"
        assert Decimal(str(order.filled_qty)) == Decimal(row["accFillSz"])
        assert not order.is_quote_quantity
        await t.agrees()


async def test_tc_e05_quote_quantity_over_several_levels():
    async with trading("P1") as t:
        t.venue.script("thin", instId="BTC-USDT", sizes=0.02)
        order = t.market(quantity=Quantity.from_str("60000.00000000"), quote_quantity=True)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        rows = [r for r in t.venue.account["fills"] if r["ordId"] == order.venue_order_id.value]
        assert len(rows) > 1
        assert Decimal(str(order.filled_qty)) == sum(Decimal(r["fillSz"]) for r in rows)


async def test_tc_e05_quote_quantity_on_derivatives_is_denied():
    async with trading("P2") as t:
        order = await t.submit(t.market(quantity=Quantity.from_str("1000"), quote_quantity=True), "Denied")
        assert "contracts" in t.trader.events("Denied", order)[0].reason
        assert t.venue.sent("order") == []


async def test_tc_e05_margin_buys_count_in_quote_currency():
    async with trading("P5-futures") as t:
        refused = await t.submit(t.market(), "Denied")
        assert "quote_quantity=True" in t.trader.events("Denied", refused)[0].reason
        order = t.market(quantity=Quantity.from_str("500.00000000"), quote_quantity=True)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        (row,) = t.venue.account["closedOrders"]
        assert (row["instType"], row["tdMode"], row["sz"]) == ("MARGIN", "cross", "500")
        await t.agrees()


@pytest.mark.parametrize("profile", DERIVATIVES)
async def test_tc_e06_closing_a_position(profile):
    async with trading(profile) as t:
        opening = t.market()
        t.trader.submit_order(opening)
        await t.trader.has(opening, OrderStatus.FILLED)
        (position,) = t.cache.positions_open(instrument_id=t.instrument.id)
        t.trader.close_position(position)
        await t.trader.until(lambda: not t.cache.positions_open(), "no position")
        assert t.venue.account["positions"] == []
        assert t.venue.orders() == []


# -- limit orders ---------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["P1", *DERIVATIVES, "P5"])
@pytest.mark.parametrize(("case", "side"), [("TC-E10", BUY), ("TC-E11", SELL)])
async def test_tc_e10_limit_order_rests(profile, case, side):
    if (profile, side) == ("P4", SELL):
        side = SELL  # opens a short position
    async with trading(profile) as t:
        order = await t.submit(t.limit(side), "Submitted", "Accepted")
        (row,) = t.venue.orders()
        assert row["ordId"] == order.venue_order_id.value
        assert Decimal(row["px"]) == order.price.as_decimal()
        assert Decimal(row["sz"]) == order.quantity.as_decimal()
        assert row["side"] == ("buy" if side == BUY else "sell")
        assert order.is_open
        if profile == "P4":
            assert row["posSide"] == ("long" if side == BUY else "short")
        await t.agrees()


async def test_tc_e11_limit_sell_rests():
    async with trading("P2") as t:
        await t.submit(t.limit(SELL), "Submitted", "Accepted")
        assert [row["side"] for row in t.venue.orders()] == ["sell"]


async def test_tc_e12_both_at_once_arrive_as_submitted():
    async with trading("P2") as t:
        orders = [t.limit(side) for side in (BUY, SELL) * 10]
        for order in orders:
            t.trader.submit_order(order)
        for order in orders:
            await t.trader.told_of(order, "Submitted", "Accepted")
        sent = [arg["clOrdId"] for frame in t.venue.sent("order") for arg in frame["args"]]
        assert sent == [t.client._native.okx_id(order.client_order_id.value) for order in orders]
        await t.agrees()


async def test_tc_e13_limit_ioc_at_the_ask():
    async with trading("P2") as t:
        order = t.limit(percent="0.2", time_in_force=TimeInForce.IOC)
        t.trader.submit_order(order)
        await t.trader.until(lambda: order.is_closed, "the end of the order")
        names = t.trader.names(order)
        assert names[:2] == ["Submitted", "Accepted"]
        assert "Filled" in names
        await t.agrees()


@pytest.mark.parametrize(("case", "tif"), [("TC-E14", TimeInForce.IOC), ("TC-E16", TimeInForce.FOK)])
async def test_tc_e14_what_cannot_be_had_at_once_is_canceled(case, tif):
    async with trading("P2") as t:
        await t.submit(t.limit(time_in_force=tif), "Submitted", "Accepted", "Canceled")
        assert t.venue.orders() == []


async def test_tc_e15_limit_fok_at_the_ask():
    async with trading("P2") as t:
        order = t.limit(percent="0.2", time_in_force=TimeInForce.FOK)
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        rows = [r for r in t.venue.account["fills"] if r["ordId"] == order.venue_order_id.value]
        assert len(t.trader.events("Filled", order)) == len(rows)


async def test_tc_e17_gtd_is_denied():
    async with trading("P2") as t:
        order = t.limit(time_in_force=TimeInForce.GTD, expire_time=t.node.kernel.clock.utc_now().replace(year=2099))
        await t.submit(order, "Denied")
        reason = t.trader.events("Denied", order)[0].reason
        assert "manage_gtd_expiry" in reason
        assert t.venue.sent("order") == []


async def test_tc_e18_gtd_rests_as_gtc_if_the_strategy_expires_it():
    async with trading("P2", gtd_as_gtc=True) as t:
        expire = t.node.kernel.clock.utc_now().replace(year=2099)
        order = t.limit(time_in_force=TimeInForce.GTD, expire_time=expire)
        await t.submit(order, "Submitted", "Accepted")
        t.trader.cancel_order(order)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")


async def test_tc_e19_day_is_denied():
    async with trading("P2") as t:
        order = await t.submit(t.limit(time_in_force=TimeInForce.DAY), "Denied")
        assert "around the clock" in t.trader.events("Denied", order)[0].reason
        assert t.venue.sent("order") == []


async def test_fills_of_makers_are_told_with_their_liquidity():
    async with trading("P2") as t:
        order = await t.submit(t.limit(post_only=True), "Submitted", "Accepted")
        okx_id = t.client._native.okx_id(order.client_order_id.value)
        t.venue.script("account.fill", clOrdId=okx_id, sz="0.2")
        await t.trader.has(order, OrderStatus.PARTIALLY_FILLED)
        t.venue.script("account.fill", clOrdId=okx_id)
        await t.trader.has(order, OrderStatus.FILLED)
        fills = [e for e in t.trader.told if isinstance(e, OrderFilled)]
        assert [f.liquidity_side.name for f in fills] == ["MAKER", "MAKER"]
        assert [str(f.last_qty) for f in fills] == ["0.20", "0.30"]
        await t.agrees()
