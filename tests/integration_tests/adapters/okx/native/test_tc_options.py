"""TC-E90 to TC-E101: options; and event contracts and spreads (profiles P6 and P7), through a TradingNode."""

from dataclasses import replace
from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.model.enums import OrderSide, OrderStatus, TimeInForce
from nautilus_trader.model.identifiers import InstrumentId

from .trading_support import SEED, Kept, Profile, Trader, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL
OPTIONS = Profile(
    "BTC-USD.OKX",
    "1",
    {"acct_lv": 3},
    {
        "instrument_types": (OKXInstrumentType.OPTION,),
        "instrument_families": ("BTC-USD",),
        "margin_mode": OKXMarginMode.CROSS,
    },
)
EVENTS = Profile("X.OKX", "10", {"acct_lv": 2}, {"instrument_types": (OKXInstrumentType.EVENTS,)})
SPREADS = Profile(
    "BTC-USDT_BTC-USDT-SWAP.OKX",
    "0.010",
    {"acct_lv": 3},
    {"instrument_types": (OKXInstrumentType.SWAP,), "load_spreads": True, "margin_mode": OKXMarginMode.CROSS},
)


def exchange_of(profile):
    return SimulatedExchange(seed=SEED, config={"accounts": [profile.account]})


def pick(exchange, node, needed="asks"):
    """An instrument of the node with a market."""
    for instrument in node.cache.instruments():
        try:
            book = exchange.book(instrument.id.symbol.value)
        except Exception:
            continue
        if book[needed] and book["bids"] and Decimal(book["bids"][0][0]) > 4 * instrument.price_increment.as_decimal():
            return instrument
    raise AssertionError("no instrument has a market")


def chosen(t, instrument, size=None):
    t.profile = replace(t.profile, instrument=instrument.id.value, size=size or str(instrument.min_quantity))
    return t


def low(t):
    """A price that rests."""
    bid = t.venue.best(t.instrument.id, "bids")
    step = t.instrument.price_increment.as_decimal()
    return t.instrument.make_price((bid * Decimal("0.9")) // step * step)


def high(t):
    ask = t.venue.best(t.instrument.id, "asks")
    step = t.instrument.price_increment.as_decimal()
    return t.instrument.make_price((ask * Decimal("1.1")) // step * step + step)


@pytest.mark.parametrize(("case", "side"), [("TC-E90", BUY), ("TC-E91", SELL)])
async def test_tc_e90_option_limit_orders(case, side):
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            chosen(t, pick(exchange, t.node))
            order = t.limit(side, price=low(t) if side == BUY else high(t))
            await t.submit(order, "Submitted", "Accepted")
            (row,) = t.venue.orders()
            assert row["ordId"] == order.venue_order_id.value
            assert (row["side"], Decimal(row["sz"])) == ("buy" if side == BUY else "sell", order.quantity.as_decimal())
            assert Decimal(row["px"]) == order.price.as_decimal()
            # TC-E100: cancel
            t.trader.cancel_order(order)
            await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")
            assert t.venue.orders() == []


@pytest.mark.parametrize(("key", "field", "value"), [("px_usd", "pxUsd", "5"), ("px_vol", "pxVol", "0.2")])
async def test_tc_e92_other_prices_of_options(key, field, value):
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            chosen(t, pick(exchange, t.node))
            order = t.limit(price=low(t))
            t.trader.submit_order(order, params={key: value})
            await t.trader.until(lambda: t.venue.sent("order") and t.trader.names(order)[1:], "an answer")
            (frame,) = t.venue.sent("order")
            (arg,) = frame["args"]
            assert Decimal(arg[field]) == Decimal(value)
            assert [name for name in ("px", "pxUsd", "pxVol") if arg.get(name)] == [field]


async def test_tc_e94_market_orders_on_options_are_denied():
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            chosen(t, pick(exchange, t.node))
            order = await t.submit(t.market(), "Denied")
            assert "51066" in t.trader.events("Denied", order)[0].reason


async def test_tc_e96_conditional_orders_on_options_are_denied():
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            chosen(t, pick(exchange, t.node))
            factory = t.trader.order_factory
            trigger = high(t)
            orders = [
                factory.stop_market(t.instrument.id, BUY, t.size, trigger_price=trigger),
                factory.stop_limit(t.instrument.id, BUY, t.size, price=trigger, trigger_price=trigger),
                factory.market_if_touched(t.instrument.id, SELL, t.size, trigger_price=trigger),
                factory.limit_if_touched(t.instrument.id, SELL, t.size, price=trigger, trigger_price=trigger),
            ]
            for order in orders:
                await t.submit(order, "Denied")
                assert order.type_string() in t.trader.events("Denied", order)[0].reason
            assert t.venue.sent() == []


async def test_tc_e99_fok_on_options_is_all_or_nothing():
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            chosen(t, pick(exchange, t.node))
            order = t.limit(price=low(t), time_in_force=TimeInForce.FOK)
            await t.submit(order, "Submitted", "Accepted", "Canceled")
            taken = t.limit(price=high(t), time_in_force=TimeInForce.FOK)
            t.trader.submit_order(taken)
            await t.trader.until(lambda: taken.is_closed, "the end")
            assert taken.status in (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED)
            assert taken.filled_qty in (taken.quantity, t.instrument.make_qty(0))


async def test_tc_e101_option_positions_are_taken_over():
    with exchange_of(OPTIONS) as exchange:
        async with trading_node(exchange, OPTIONS) as t:
            instrument = pick(exchange, t.node)
            name, ask = instrument.id.symbol.value, exchange.book(instrument.id.symbol.value)["asks"][0][0]
        exchange.control(
            "/control/script",
            {
                "op": "account.order",
                "instId": name,
                "tdMode": "cross",
                "side": "buy",
                "ordType": "limit",
                "px": ask,
                "sz": "1",
            },
        )
        held = exchange.control("/control/account")["positions"]
        assert held, "nothing was bought"
        async with trading_node(exchange, OPTIONS) as t:
            (position,) = t.cache.positions_open()
            assert position.instrument_id == InstrumentId.from_str(f"{name}.OKX")
            assert Decimal(str(position.quantity)) == Decimal(held[0]["pos"])
            assert position.avg_px_open == pytest.approx(float(held[0]["avgPx"]))


# -- event contracts and spreads ------------------------------------------------------------------


async def test_event_contracts_need_an_outcome():
    with exchange_of(EVENTS) as exchange:
        async with trading_node(exchange, EVENTS) as t:
            chosen(t, pick(exchange, t.node), "10")
            denied = await t.submit(t.limit(price=low(t)), "Denied")
            assert "outcome" in t.trader.events("Denied", denied)[0].reason
            order = t.limit(price=low(t))
            await t.submit(order, "Submitted", "Accepted", params={"outcome": "yes", "speed_bump": "1"})
            (row,) = t.venue.orders()
            assert row["outcome"] == "yes"
            t.trader.cancel_order(order)
            await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")


async def test_spreads_rest_and_are_cancelled():
    with exchange_of(SPREADS) as exchange:
        async with trading_node(exchange, SPREADS) as t:
            chosen(t, t.instrument)
            order = t.limit(price=low_spread(t))
            await t.submit(order, "Submitted", "Accepted")
            t.trader.cancel_order(order)
            await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")


async def test_spreads_are_amended_and_filled():
    with exchange_of(SPREADS) as exchange:
        async with trading_node(exchange, SPREADS) as t:
            chosen(t, t.instrument)
            name = t.instrument.id.symbol.value
            order = t.limit(price=low_spread(t))
            await t.submit(order, "Submitted", "Accepted")
            step, size = t.instrument.price_increment.as_decimal(), t.instrument.size_increment.as_decimal()
            lower, more = order.price.as_decimal() - step, order.quantity.as_decimal() + size
            t.trader.modify_order(order, t.instrument.make_qty(more), t.instrument.make_price(lower))
            await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "Updated")
            (row,) = t.venue.account["spreadOrders"]
            assert (Decimal(row["px"]), Decimal(row["sz"])) == (lower, more)
            # To where the other side is: it trades at once, both legs of it.
            t.trader.modify_order(order, price=t.instrument.make_price(1000 * step))
            await t.trader.has(order, OrderStatus.FILLED)
            fills = t.trader.events("Filled", order)
            assert sum(fill.last_qty.as_decimal() for fill in fills) == more
            assert {fill.trade_id.value for fill in fills} == {
                row["tradeId"] for row in t.venue.account["spreadTrades"]
            }
            legs = {row["instId"] for row in t.venue.account["fills"]}
            assert legs == set(name.split("_"))
            sold = t.limit(SELL, price=t.instrument.make_price(-1000 * step))
            t.trader.submit_order(sold)
            await t.trader.has(sold, OrderStatus.FILLED)
            assert [frame["op"] for frame in t.venue.sent("sprd-order", "sprd-amend-order")] == [
                "sprd-order",
                "sprd-amend-order",
                "sprd-amend-order",
                "sprd-order",
            ]


async def test_a_spread_order_goes_on_after_a_restart():
    with exchange_of(SPREADS) as exchange:
        async with trading_node(exchange, SPREADS) as t:
            chosen(t, t.instrument)
            order = await t.submit(t.limit(price=low_spread(t)), "Submitted", "Accepted")
            earlier = Kept(t.cache)
        second = Trader()
        async with trading_node(exchange, SPREADS, [second], earlier=earlier) as t:
            assert [o.client_order_id for o in t.cache.orders_open()] == [order.client_order_id]
            second.cancel_order(order)
            await second.has(order, OrderStatus.CANCELED)
            assert t.venue.account["spreadOrders"] == []


def low_spread(t):
    """A spread's prices are around 0, and may be below."""
    step = t.instrument.price_increment.as_decimal()
    return t.instrument.make_price(-1000 * step)
