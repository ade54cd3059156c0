"""Rows of orders, conditional orders, fills and positions as reports."""

from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native.fees import Fees
from nautilus_trader.adapters.okx.native.instruments import build, instrument_id_of
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder, UnknownInstrument
from nautilus_trader.adapters.okx.native.trading.position_reports import position_report, signed_quantity, wallet_report
from nautilus_trader.adapters.okx.native.trading.values import RowError
from nautilus_trader.common.component import TestClock
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model.enums import (
    LiquiditySide,
    OrderSide,
    OrderStatus,
    OrderType,
    PositionSide,
    TimeInForce,
    TrailingOffsetType,
    TriggerType,
)
from nautilus_trader.model.events import OrderAccepted, OrderSubmitted
from nautilus_trader.model.identifiers import AccountId, ClientOrderId, StrategyId, TraderId, VenueOrderId

D = Decimal
ACCOUNT = AccountId("OKX-master")
SWAP_ROW = {
    "inst_type": "SWAP",
    "inst_id": "BTC-USDT-SWAP",
    "missing": [],
    "uly": "BTC-USDT",
    "inst_family": "BTC-USDT",
    "settle_ccy": "USDT",
    "ct_val": D("0.01"),
    "ct_mult": D(1),
    "ct_type": "linear",
    "tick_sz": D("0.1"),
    "lot_sz": D("0.01"),
    "min_sz": D("0.01"),
    "state": "live",
}
SPOT_ROW = {
    "inst_type": "SPOT",
    "inst_id": "BTC-USDT",
    "missing": [],
    "base_ccy": "BTC",
    "quote_ccy": "USDT",
    "tick_sz": D("0.1"),
    "lot_sz": D("0.00000001"),
    "min_sz": D("0.00001"),
    "state": "live",
}
INSTRUMENTS = {row["inst_id"]: build(row, Fees(), 0) for row in (SWAP_ROW, SPOT_ROW)}
ORDER = {
    "inst_type": "SWAP",
    "inst_id": "BTC-USDT-SWAP",
    "ord_id": "700",
    "cl_ord_id": "abc",
    "side": "buy",
    "pos_side": "net",
    "ord_type": "post_only",
    "sz": D(2),
    "px": D("100.5"),
    "state": "partially_filled",
    "acc_fill_sz": D("0.5"),
    "avg_px": D("100.5"),
    "reduce_only": False,
    "c_time_ms": 1_000,
    "u_time_ms": 2_000,
}


class Cached:
    """Stands where the cache stands."""

    def __init__(self) -> None:
        self.orders: dict[ClientOrderId, Any] = {}
        self.factory = OrderFactory(TraderId("T-1"), StrategyId("S-1"), TestClock())
        self.builder = ReportBuilder(ACCOUNT, INSTRUMENTS.get, self.orders.get, str, lambda: 5)

    def accepted(self, order, venue_order_id: str):
        """An order that the engine has under this id."""
        ids = (order.trader_id, order.strategy_id, order.instrument_id, order.client_order_id)
        order.apply(OrderSubmitted(*ids, ACCOUNT, UUID4(), 0, 0))
        order.apply(OrderAccepted(*ids, VenueOrderId(venue_order_id), ACCOUNT, UUID4(), 0, 0))
        self.orders[order.client_order_id] = order
        return order


@pytest.fixture
def cached():
    return Cached()


def test_an_order(cached):
    report = cached.builder.order(ORDER)
    assert report.client_order_id == ClientOrderId("abc")
    assert report.venue_order_id == VenueOrderId("700")
    assert report.order_side == OrderSide.BUY
    assert report.order_type == OrderType.LIMIT
    assert report.order_status == OrderStatus.PARTIALLY_FILLED
    assert (str(report.quantity), str(report.filled_qty), str(report.price)) == ("2.00", "0.50", "100.5")
    assert report.avg_px == D("100.5")
    assert report.post_only
    assert not report.reduce_only
    assert (report.ts_accepted, report.ts_last, report.ts_init) == (1_000_000_000, 2_000_000_000, 5)
    assert report.venue_position_id is None


@pytest.mark.parametrize(
    ("ord_type", "kind", "tif"),
    [
        ("market", OrderType.MARKET, TimeInForce.GTC),
        ("limit", OrderType.LIMIT, TimeInForce.GTC),
        ("ioc", OrderType.LIMIT, TimeInForce.IOC),
        ("fok", OrderType.LIMIT, TimeInForce.FOK),
        ("op_fok", OrderType.LIMIT, TimeInForce.FOK),
        ("optimal_limit_ioc", OrderType.MARKET, TimeInForce.IOC),
        ("something_new", OrderType.LIMIT, TimeInForce.GTC),
    ],
)
def test_order_types(cached, ord_type, kind, tif):
    report = cached.builder.order({**ORDER, "ord_type": ord_type})
    assert (report.order_type, report.time_in_force) == (kind, tif)


def test_states_and_sides_are_not_guessed(cached):
    with pytest.raises(RowError, match="order 700: state is 'odd'"):
        cached.builder.order({**ORDER, "state": "odd"})
    with pytest.raises(RowError, match="side is 'up'"):
        cached.builder.order({**ORDER, "side": "up"})
    with pytest.raises(UnknownInstrument):
        cached.builder.order({**ORDER, "inst_id": "XYZ-USDT"})


def test_a_sided_position(cached):
    report = cached.builder.order({**ORDER, "pos_side": "short"})
    assert report.venue_position_id.value == "BTC-USDT-SWAP.OKX-SHORT"


def test_a_market_buy_in_quote_currency_counts_in_base(cached):
    row = {
        **ORDER,
        "inst_type": "SPOT",
        "inst_id": "BTC-USDT",
        "ord_type": "market",
        "tgt_ccy": "quote_ccy",
        "sz": D(100),
        "px": None,
        "state": "filled",
        "acc_fill_sz": D("0.00192834"),
        "avg_px": D(51858),
    }
    report = cached.builder.order(row)
    assert str(report.quantity) == str(report.filled_qty) == "0.00192834"
    assert report.price is None


def test_ids_of_nobody(cached):
    assert cached.builder.order({**ORDER, "cl_ord_id": None}).client_order_id is None
    assert cached.builder.order({**ORDER, "cl_ord_id": "0"}).client_order_id is None


def test_the_order_of_a_triggered_stop_is_reported_as_the_stop(cached):
    swap = INSTRUMENTS["BTC-USDT-SWAP"]
    stop = cached.accepted(
        cached.factory.stop_market(swap.id, OrderSide.SELL, swap.make_qty(2), swap.make_price(90)), "900"
    )
    cid = stop.client_order_id.value
    row = {
        **ORDER,
        "ord_id": "901",
        "cl_ord_id": "",
        "algo_id": "900",
        "algo_cl_ord_id": cid,
        "side": "sell",
        "ord_type": "market",
        "px": None,
        "state": "filled",
        "acc_fill_sz": D(2),
    }
    report = cached.builder.order(row)
    assert report.client_order_id == stop.client_order_id
    assert report.venue_order_id == VenueOrderId("900")  # the engine has no other
    assert report.order_type == OrderType.STOP_MARKET
    assert str(report.trigger_price) == "90.0"
    fill = cached.builder.fill({**FILL, "ord_id": "901", "cl_ord_id": ""})
    assert (fill.client_order_id, fill.venue_order_id) == (stop.client_order_id, VenueOrderId("900"))


FILL = {
    "inst_id": "BTC-USDT-SWAP",
    "ord_id": "700",
    "cl_ord_id": "abc",
    "trade_id": "77",
    "side": "buy",
    "fill_px": D("100.4"),
    "fill_sz": D("0.5"),
    "exec_type": "M",
    "fee": D("-0.0251"),
    "fee_ccy": "USDT",
    "fill_time_ms": 3_000,
    "ts_ms": 3_001,
}


def test_a_fill(cached):
    report = cached.builder.fill(FILL)
    assert report.trade_id.value == "77"
    assert (str(report.last_qty), str(report.last_px)) == ("0.50", "100.4")
    assert str(report.commission) == "0.02510000 USDT"  # paid: OKX's sign turns
    assert report.liquidity_side == LiquiditySide.MAKER
    assert report.ts_event == 3_000_000_000


def test_a_rebate_and_an_untold_fee(cached):
    assert cached.builder.fill({**FILL, "fee": D("0.01")}).commission.as_decimal() == D("-0.01")
    untold = cached.builder.fill({**FILL, "fee": None, "exec_type": ""})
    assert untold.commission.as_decimal() == 0
    assert untold.liquidity_side == LiquiditySide.NO_LIQUIDITY_SIDE


ALGO = {
    "inst_id": "BTC-USDT-SWAP",
    "algo_id": "900",
    "algo_cl_ord_id": "stop1",
    "side": "sell",
    "ord_type": "trigger",
    "sz": D(2),
    "state": "live",
    "trigger_px": D(90),
    "ord_px": D(-1),
    "trigger_px_type": "mark",
    "last": D(100),
    "c_time_ms": 1_000,
}


@pytest.mark.parametrize(
    ("fields", "kind", "trigger", "price"),
    [
        ({}, OrderType.STOP_MARKET, "90.0", None),
        ({"ord_px": D("89.9")}, OrderType.STOP_LIMIT, "90.0", "89.9"),
        ({"trigger_px": D(110)}, OrderType.MARKET_IF_TOUCHED, "110.0", None),
        ({"trigger_px": D(110), "side": "buy"}, OrderType.STOP_MARKET, "110.0", None),
        ({"side": "buy", "ord_px": D(91)}, OrderType.LIMIT_IF_TOUCHED, "90.0", "91.0"),
        (
            {"ord_type": "conditional", "trigger_px": None, "tp_trigger_px": D(120), "tp_ord_px": D(119)},
            OrderType.LIMIT_IF_TOUCHED,
            "120.0",
            "119.0",
        ),
        (
            {
                "ord_type": "oco",
                "trigger_px": None,
                "sl_trigger_px": D(80),
                "sl_ord_px": D(-1),
                "tp_trigger_px": D(120),
            },
            OrderType.STOP_MARKET,
            "80.0",
            None,
        ),
    ],
)
def test_conditional_orders_of_others(cached, fields, kind, trigger, price):
    report = cached.builder.algo({**ALGO, **fields})
    assert report.order_type == kind
    assert str(report.trigger_price) == trigger
    assert (None if report.price is None else str(report.price)) == price
    assert report.venue_order_id == VenueOrderId("900")
    assert report.order_status == OrderStatus.ACCEPTED


def test_a_trailing_stop(cached):
    row = {**ALGO, "ord_type": "move_order_stop", "callback_ratio": D("0.01"), "trigger_px": None}
    report = cached.builder.algo(row)
    assert report.order_type == OrderType.TRAILING_STOP_MARKET
    assert report.trailing_offset == 100
    assert report.trailing_offset_type == TrailingOffsetType.BASIS_POINTS
    report = cached.builder.algo({**row, "callback_ratio": None, "callback_spread": D(5), "move_trigger_px": D(95)})
    assert (report.trailing_offset, report.trailing_offset_type) == (5, TrailingOffsetType.PRICE)
    assert str(report.trigger_price) == "95.0"


def test_the_trigger_type(cached):
    assert cached.builder.algo(ALGO).trigger_type == TriggerType.MARK_PRICE


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"pos": D(3), "pos_side": "net", "inst_type": "SWAP"}, D(3)),
        ({"pos": D(-3), "pos_side": "net", "inst_type": "SWAP"}, D(-3)),
        ({"pos": D(3), "pos_side": "short", "inst_type": "SWAP"}, D(-3)),
        ({"pos": D(3), "pos_side": "long", "inst_type": "SWAP"}, D(3)),
        ({"pos": D(0), "pos_side": "long", "inst_type": "SWAP"}, D(0)),
        ({"pos": None}, D(0)),
        ({"pos": D(1), "pos_side": "net", "inst_type": "MARGIN", "inst_id": "BTC-USDT", "pos_ccy": "BTC"}, D(1)),
        (
            {
                "pos": D(50_000),
                "inst_type": "MARGIN",
                "inst_id": "BTC-USDT",
                "pos_ccy": "USDT",
                "liab": D("-0.5"),
                "liab_ccy": "BTC",
            },
            D("-0.5"),
        ),
        (
            {"pos": D(50_000), "inst_type": "MARGIN", "inst_id": "BTC-USDT", "pos_ccy": "USDT", "avg_px": D(100_000)},
            D("-0.5"),
        ),
    ],
)
def test_signs_of_positions(row, expected):
    assert signed_quantity(row) == expected


def test_a_position():
    row = {
        "inst_id": "BTC-USDT-SWAP",
        "inst_type": "SWAP",
        "pos": D("-1.5"),
        "pos_side": "net",
        "avg_px": D(99),
        "u_time_ms": 7,
    }
    report = position_report(row, INSTRUMENTS["BTC-USDT-SWAP"], ACCOUNT, 5)
    assert report.position_side == PositionSide.SHORT
    assert str(report.quantity) == "1.50"
    assert report.avg_px_open == 99
    assert report.ts_last == 7_000_000


def test_a_wallet_as_a_position():
    pair = INSTRUMENTS["BTC-USDT"]
    held = wallet_report(pair, {"cash_bal": D("0.5"), "liab": D("0.1")}, ACCOUNT, 5)
    assert (held.position_side, str(held.quantity)) == (PositionSide.LONG, "0.40000000")
    assert wallet_report(pair, None, ACCOUNT, 5).position_side == PositionSide.FLAT
    assert instrument_id_of("BTC-USDT") == pair.id
