"""Objects handed over by memory layout are exactly those the wheel's own constructors make, in both modes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nautilus_trader.adapters.okx.native._okx import OkxError, handover_build, handover_report, handover_self_test
from nautilus_trader.model.data import (
    Bar,
    BarType,
    BookOrder,
    IndexPriceUpdate,
    MarkPriceUpdate,
    OrderBookDelta,
    OrderBookDeltas,
    OrderBookDepth10,
    QuoteTick,
    TradeTick,
)
from nautilus_trader.model.enums import AggressorSide, BookAction, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, TradeId
from nautilus_trader.model.objects import FIXED_PRECISION, Price, Quantity

SWAP = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
BAR_TYPE = BarType.from_str("BTC-USDT-SWAP.OKX-1-MINUTE-LAST-EXTERNAL")
MODES = ("capsule", "from_raw")

mode = st.sampled_from(MODES)
ids = st.sampled_from([SWAP, InstrumentId.from_str("1INCH-USDT.OKX"), InstrumentId.from_str("币安人生-USDT.OKX")])
precision = st.integers(0, FIXED_PRECISION)
time = st.integers(0, 2**63 - 1)


def scaled(units: int, digits: int) -> int:
    """A raw value that the precision allows: whole units of its last digit."""
    return units * 10 ** (FIXED_PRECISION - digits)


def price(units: int, digits: int) -> Price:
    return Price.from_raw(scaled(units, digits), digits)


def quantity(units: int, digits: int) -> Quantity:
    return Quantity.from_raw(scaled(units, digits), digits)


units = st.integers(1, 9_999_999)
signed = st.integers(-9_999_999, 9_999_999)


def same(ours: Any, theirs: Any) -> None:
    """Equal in class and in every field; `==` of some classes looks at less."""
    assert type(ours) is type(theirs)
    assert type(theirs).to_dict(ours) == type(theirs).to_dict(theirs)


def test_the_layouts_of_this_wheel_were_checked():
    report = handover_report()
    assert report["mode"] == "capsule", report["reason"]
    assert report["reason"] is None
    assert report["fixed_precision"] == FIXED_PRECISION
    handover_self_test()


@settings(max_examples=150, deadline=None)
@given(mode, ids, precision, precision, units, units, units, units, time, time)
def test_quotes(mode, instrument_id, px, sz, bid, ask, bid_size, ask_size, ts_event, ts_init):
    fields = {
        "price_precision": px,
        "size_precision": sz,
        "bid_price": scaled(bid, px),
        "ask_price": scaled(ask, px),
        "bid_size": scaled(bid_size, sz),
        "ask_size": scaled(ask_size, sz),
        "ts_event": ts_event,
        "ts_init": ts_init,
    }
    theirs = QuoteTick(
        instrument_id,
        price(bid, px),
        price(ask, px),
        quantity(bid_size, sz),
        quantity(ask_size, sz),
        ts_event,
        ts_init,
    )
    same(handover_build("quote", instrument_id, fields, mode), theirs)


@settings(max_examples=150, deadline=None)
@given(
    mode,
    ids,
    precision,
    precision,
    signed,
    units,
    st.sampled_from(list(AggressorSide)),
    st.text("0123456789abcdefABCDEF-", min_size=1, max_size=36),
    time,
    time,
)
def test_trades(mode, instrument_id, px, sz, at, size, side, trade_id, ts_event, ts_init):
    fields = {
        "price_precision": px,
        "size_precision": sz,
        "price": scaled(at, px),
        "size": scaled(size, sz),
        "aggressor_side": side.value,
        "trade_id": trade_id,
        "ts_event": ts_event,
        "ts_init": ts_init,
    }
    theirs = TradeTick(instrument_id, price(at, px), quantity(size, sz), side, TradeId(trade_id), ts_event, ts_init)
    same(handover_build("trade", instrument_id, fields, mode), theirs)


levels = st.lists(
    st.tuples(
        st.sampled_from([BookAction.ADD, BookAction.UPDATE, BookAction.DELETE]),
        st.sampled_from([OrderSide.BUY, OrderSide.SELL]),
        signed,
        units,
        st.integers(0, 2**64 - 1),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(mode, ids, precision, precision, levels, st.integers(0, 2**64 - 1), time, time)
def test_deltas(mode, instrument_id, px, sz, rows, sequence, ts_event, ts_init):
    fields = {
        "price_precision": px,
        "size_precision": sz,
        "ts_event": ts_event,
        "ts_init": ts_init,
        "deltas": [
            {
                "action": action.value,
                "side": side.value,
                "price": scaled(at, px),
                "size": scaled(size, sz),
                "order_id": order_id,
                "flags": flags,
                "sequence": sequence,
            }
            for action, side, at, size, order_id, flags in rows
        ],
    }
    theirs = OrderBookDeltas(
        instrument_id,
        [
            OrderBookDelta(
                instrument_id,
                action,
                BookOrder(side, price(at, px), quantity(size, sz), order_id),
                flags,
                sequence,
                ts_event,
                ts_init,
            )
            for action, side, at, size, order_id, flags in rows
        ],
    )
    same(handover_build("deltas", instrument_id, fields, mode), theirs)


@settings(max_examples=100, deadline=None)
@given(mode, ids, precision, precision, st.lists(st.tuples(units, units), min_size=10, max_size=10), time, time)
def test_depths(mode, instrument_id, px, sz, rows, ts_event, ts_init):
    sides = [[(scaled(at, px), scaled(size, sz)) for at, size in rows]] * 2
    fields = {
        "price_precision": px,
        "size_precision": sz,
        "bids": sides[0],
        "asks": sides[1],
        "bid_counts": [1] * 10,
        "ask_counts": list(range(1, 11)),
        "flags": 32,
        "sequence": 7,
        "ts_event": ts_event,
        "ts_init": ts_init,
    }
    bids, asks = (
        [BookOrder(side, price(at, px), quantity(size, sz), 0) for at, size in rows]
        for side in (OrderSide.BUY, OrderSide.SELL)
    )
    theirs = OrderBookDepth10(instrument_id, bids, asks, [1] * 10, list(range(1, 11)), 32, 7, ts_event, ts_init)
    same(handover_build("depth10", instrument_id, fields, mode), theirs)


@settings(max_examples=100, deadline=None)
@given(mode, precision, precision, st.lists(signed, min_size=4, max_size=4), st.integers(0, 9_999_999), time, time)
def test_bars(mode, px, sz, prices, volume, ts_event, ts_init):
    low, open_, close, high = sorted(prices)
    fields = {
        "bar_type": BAR_TYPE,
        "price_precision": px,
        "size_precision": sz,
        "open": scaled(open_, px),
        "high": scaled(high, px),
        "low": scaled(low, px),
        "close": scaled(close, px),
        "volume": scaled(volume, sz),
        "ts_event": ts_event,
        "ts_init": ts_init,
    }
    parts = (price(value, px) for value in (open_, high, low, close))
    theirs = Bar(BAR_TYPE, *parts, quantity(volume, sz), ts_event, ts_init)
    same(handover_build("bar", SWAP, fields, mode), theirs)


@settings(max_examples=100, deadline=None)
@given(mode, ids, precision, signed, st.sampled_from(["mark", "index"]), time, time)
def test_values(mode, instrument_id, px, value, kind, ts_event, ts_init):
    fields = {"price_precision": px, "value": scaled(value, px), "ts_event": ts_event, "ts_init": ts_init}
    cls = MarkPriceUpdate if kind == "mark" else IndexPriceUpdate
    same(handover_build(kind, instrument_id, fields, mode), cls(instrument_id, price(value, px), ts_event, ts_init))


QUOTE = {
    "price_precision": 1,
    "size_precision": 0,
    "bid_price": scaled(1, 1),
    "ask_price": scaled(2, 1),
    "bid_size": scaled(1, 0),
    "ask_size": scaled(1, 0),
    "ts_event": 1,
    "ts_init": 2,
}


@pytest.mark.parametrize("mode", MODES)
def test_an_object_outlives_what_it_was_made_of(mode):
    """The instrument id is borrowed while building: the object must hold its own afterwards."""
    built = [
        handover_build("quote", InstrumentId.from_str(f"X{n}-USDT-SWAP.OKX"), QUOTE, mode)  # the id dies here
        for n in range(2_000)
    ]
    assert [quote.instrument_id.symbol.value for quote in built] == [f"X{n}-USDT-SWAP" for n in range(2_000)]


@pytest.mark.parametrize(
    ("kind", "fields", "error"),
    [
        ("nothing", QUOTE, ValueError),
        ("quote", QUOTE | {"price_precision": FIXED_PRECISION + 1}, ValueError),
        ("quote", QUOTE | {"bid_price": 2**126}, ValueError),
        ("quote", {k: v for k, v in QUOTE.items() if k != "bid_price"}, KeyError),
    ],
)
def test_what_the_wheel_would_die_of_is_refused(kind, fields, error):
    with pytest.raises((error, OkxError)):
        handover_build(kind, SWAP, fields)
