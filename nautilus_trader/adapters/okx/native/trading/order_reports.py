"""Rows of orders, conditional orders and fills as Nautilus' reports.

An order that is known here keeps what the engine knows of it: its type, its trigger, and the venue order id under
which the engine has it. The order that a triggered stop made is reported as that stop.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI
from nautilus_trader.adapters.okx.native.trading.values import (
    LIQUIDITY,
    SIDES,
    ZERO,
    Row,
    RowError,
    commission_of,
    price_of,
    quantity_of,
    side_of,
    text,
    time_ns,
    venue_position_id,
)
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.reports import FillReport, OrderStatusReport
from nautilus_trader.model.enums import (
    LiquiditySide,
    OrderSide,
    OrderStatus,
    OrderType,
    TimeInForce,
    TrailingOffsetType,
    TriggerType,
)
from nautilus_trader.model.identifiers import AccountId, ClientOrderId, TradeId, VenueOrderId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.model.orders import Order

STATES: Final = {
    "live": OrderStatus.ACCEPTED,
    "partially_filled": OrderStatus.PARTIALLY_FILLED,
    "filled": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELED,
    "mmp_canceled": OrderStatus.CANCELED,
}
ALGO_STATES: Final = {
    "live": OrderStatus.ACCEPTED,
    "pause": OrderStatus.ACCEPTED,
    "partially_effective": OrderStatus.ACCEPTED,
    "effective": OrderStatus.TRIGGERED,
    "canceled": OrderStatus.CANCELED,
    "order_failed": OrderStatus.CANCELED,
    "partially_failed": OrderStatus.CANCELED,
}
MARKET_TYPES: Final = ("market", "optimal_limit_ioc")
TIMES_IN_FORCE: Final = {
    "ioc": TimeInForce.IOC,
    "optimal_limit_ioc": TimeInForce.IOC,
    "fok": TimeInForce.FOK,
    "op_fok": TimeInForce.FOK,
}
MAKER_TYPES: Final = ("post_only", "mmp_and_post_only", "rpi")
TRIGGER_TYPES: Final = {
    "last": TriggerType.LAST_PRICE,
    "mark": TriggerType.MARK_PRICE,
    "index": TriggerType.INDEX_PRICE,
}
MARKET_PRICE: Final = Decimal(-1)
"""`ordPx` of a conditional order that trades at the market."""
BASIS_POINTS: Final = 10_000


class ReportBuilder:
    """Makes reports of rows."""

    def __init__(
        self,
        account_id: AccountId,
        find_instrument: Callable[[str], Instrument | None],
        find_order: Callable[[ClientOrderId], Order | None],
        to_nautilus: Callable[[str], str | None],
        now_ns: Callable[[], int],
    ) -> None:
        self._account_id = account_id
        self._find_instrument = find_instrument
        self._find_order = find_order
        self._to_nautilus = to_nautilus
        self._now_ns = now_ns
        self.aliases: dict[str, tuple[VenueOrderId, ClientOrderId]] = {}
        """Order id at OKX of the order that a triggered one made: the ids under which the engine has it."""

    # -- ORDINARY ORDERS --------------------------------------------------------------------------

    def order(self, row: Row, client_order_id: ClientOrderId | None = None) -> OrderStatusReport:
        """The report of an order. `client_order_id` says whose it is where the row cannot. Raises `RowError`."""
        ord_id = text(row, "ord_id")
        what = f"order {ord_id}"
        instrument = self._instrument(row, what)
        state = STATES.get(text(row, "state"))
        if state is None:
            raise RowError(f"{what}: state is {row.get('state')!r}, which is not known")
        cid = client_order_id or self.client_order_id(row)
        known = self._find_order(cid) if cid is not None else None
        ord_type = text(row, "ord_type")
        filled = row.get("acc_fill_sz") or ZERO
        fields: dict[str, Any] = {
            "order_type": OrderType.MARKET if ord_type in MARKET_TYPES else OrderType.LIMIT,
            "time_in_force": TIMES_IN_FORCE.get(ord_type, TimeInForce.GTC),
            "price": _order_price(row, instrument),
            "quantity": quantity_of(self._quantity(row, known, filled, what), instrument),
            "reduce_only": bool(row.get("reduce_only")),
        }
        venue_id = self._venue_id(row, known)
        if known is not None:
            fields |= _of_known(known, fields)
            if venue_id.value != ord_id or text(row, "algo_id"):
                self.aliases[ord_id] = (venue_id, known.client_order_id)
        now = self._now_ns()
        accepted = time_ns(row, "c_time", now)
        return OrderStatusReport(
            account_id=self._account_id,
            instrument_id=instrument.id,
            client_order_id=cid,
            venue_order_id=venue_id,
            order_side=side_of(row, what),
            order_status=state,
            filled_qty=quantity_of(filled, instrument),
            avg_px=row.get("avg_px") if filled else None,
            post_only=ord_type in MAKER_TYPES,
            cancel_reason=_cancel_reason(row),
            venue_position_id=venue_position_id(instrument.id, text(row, "pos_side")),
            report_id=UUID4(),
            ts_accepted=accepted,
            ts_last=time_ns(row, "u_time", accepted),
            ts_init=now,
            **fields,
        )

    def client_order_id(self, row: Row) -> ClientOrderId | None:
        """The client order id of an order or fill, or that of the stop it was made by; None if it has none."""
        for name in ("cl_ord_id", "algo_cl_ord_id"):
            cl_ord_id = text(row, name)
            if cl_ord_id and cl_ord_id != "0":
                found = self._to_nautilus(cl_ord_id)
                if found:
                    return ClientOrderId(found)
        return None

    def _quantity(self, row: Row, known: Order | None, filled: Decimal, what: str) -> Decimal:
        """In base currency or contracts: the size of a market order on a pair may be in quote currency."""
        size: Decimal | None = row.get("sz")
        if size is None:
            raise RowError(f"{what}: sz is empty")
        is_market_buy = text(row, "ord_type") == "market" and text(row, "side") == "buy"
        in_quote = text(row, "tgt_ccy") == "quote_ccy" or (is_market_buy and text(row, "inst_type") == "MARGIN")
        if not in_quote:
            return size
        if text(row, "state") in ("filled", "canceled") and filled:
            return filled
        if known is not None and not known.is_quote_quantity:
            return Decimal(str(known.quantity))
        price: Decimal | None = row.get("avg_px") or row.get("px")
        return max(filled, size / price) if price else max(filled, size)

    def _venue_id(self, row: Row, known: Order | None) -> VenueOrderId:
        ord_id = text(row, "ord_id")
        has = known.venue_order_id if known is not None else None
        if has is not None and has.value == text(row, "algo_id"):
            # The engine refuses another id than the one it has; of a triggered stop that may still be the stop's.
            return has
        return VenueOrderId(ord_id)

    # -- CONDITIONAL ORDERS -----------------------------------------------------------------------

    def algo(self, row: Row, client_order_id: ClientOrderId | None = None) -> OrderStatusReport:
        """The report of a conditional order. Raises `RowError`."""
        algo_id = text(row, "algo_id")
        what = f"conditional order {algo_id}"
        instrument = self._instrument(row, what)
        state = ALGO_STATES.get(text(row, "state"))
        if state is None:
            raise RowError(f"{what}: state is {row.get('state')!r}, which is not known")
        cid = client_order_id or self.client_order_id({"cl_ord_id": text(row, "algo_cl_ord_id")})
        known = self._find_order(cid) if cid is not None else None
        fields = {
            "time_in_force": TIMES_IN_FORCE.get(text(row, "advance_ord_type"), TimeInForce.GTC),
            "reduce_only": bool(row.get("reduce_only")),
        } | _algo_fields(row, instrument)
        size = row.get("sz")
        if known is not None:
            fields |= _of_known(known, fields)
        elif size is None:
            raise RowError(f"{what}: sz is empty (it closes the whole position)")
        quantity = quantity_of(size, instrument) if size is not None else known.quantity  # type: ignore[union-attr]
        now = self._now_ns()
        accepted = time_ns(row, "c_time", now)
        venue_id = VenueOrderId(algo_id)
        if known is not None and known.venue_order_id is not None:
            venue_id = known.venue_order_id
        return OrderStatusReport(
            account_id=self._account_id,
            instrument_id=instrument.id,
            client_order_id=cid,
            venue_order_id=venue_id,
            order_side=side_of(row, what),
            order_status=state,
            quantity=quantity,
            filled_qty=quantity_of(ZERO, instrument),
            cancel_reason=f"failCode {row['fail_code']}" if row.get("fail_code") else None,
            venue_position_id=venue_position_id(instrument.id, text(row, "pos_side")),
            report_id=UUID4(),
            ts_accepted=accepted,
            ts_triggered=time_ns(row, "trigger_time", 0),
            ts_last=time_ns(row, "u_time", accepted),
            ts_init=now,
            **fields,
        )

    # -- FILLS ------------------------------------------------------------------------------------

    def fill(self, row: Row) -> FillReport:
        """The report of a fill. Raises `RowError`."""
        # There may be thousands of them: texts for errors are made when there is one.
        instrument = self._find_instrument(row.get("inst_id") or "")
        size, price = row.get("fill_sz", row.get("sz")), row.get("fill_px", row.get("px"))
        side = SIDES.get(row.get("side") or "")
        if instrument is None or not size or price is None or side is None:
            what = f"fill {text(row, 'trade_id')} of order {text(row, 'ord_id')}"
            self._instrument(row, what)
            side_of(row, what)
            raise RowError(f"{what}: size or price is empty")
        ord_id = text(row, "ord_id")
        alias = self.aliases.get(ord_id)
        venue_id, cid = alias if alias is not None else (VenueOrderId(ord_id), self.client_order_id(row))
        fee = row.get("fee")
        now = self._now_ns()
        ms = row.get("fill_time_ms")
        return FillReport(
            account_id=self._account_id,
            instrument_id=instrument.id,
            client_order_id=cid,
            venue_order_id=venue_id,
            venue_position_id=venue_position_id(instrument.id, row.get("pos_side")),
            trade_id=TradeId(text(row, "trade_id")),
            order_side=side,
            last_qty=quantity_of(size, instrument),
            last_px=price_of(price, instrument),
            # OKX: below 0 is paid; Nautilus: above 0 is.
            commission=commission_of(None if fee is None else -fee, text(row, "fee_ccy"), instrument),
            liquidity_side=LIQUIDITY.get(row.get("exec_type") or "", LiquiditySide.NO_LIQUIDITY_SIDE),
            report_id=UUID4(),
            ts_event=ms * NANOS_PER_MILLI if ms else time_ns(row, "fill_time", time_ns(row, "ts", now)),
            ts_init=now,
        )

    def _instrument(self, row: Row, what: str) -> Instrument:
        inst_id = text(row, "inst_id")
        instrument = self._find_instrument(inst_id)
        if instrument is None:
            raise UnknownInstrument(f"{what}: {inst_id or 'no instrument'} is not loaded")
        return instrument


class UnknownInstrument(RowError):
    """A row of an instrument that nobody loaded: no mistake, and nothing that could be reported."""


def _of_known(known: Order, found: dict[str, Any]) -> dict[str, Any]:
    """What the engine knows better than the row."""
    fields: dict[str, Any] = {
        "order_type": known.order_type,
        "time_in_force": known.time_in_force,
        "reduce_only": known.is_reduce_only,
        "contingency_type": known.contingency_type,
        "order_list_id": known.order_list_id,
        "linked_order_ids": known.linked_order_ids or None,
        "parent_order_id": known.parent_order_id,
    }
    if known.order_type == OrderType.MARKET:
        fields["price"] = None
    elif known.has_price and found.get("price") is None:
        fields["price"] = known.price
    if known.has_trigger_price:
        # An order that was triggered shows its trigger no longer.
        fields["trigger_price"] = found.get("trigger_price") or known.trigger_price
        fields["trigger_type"] = known.trigger_type
    if known.order_type in (OrderType.TRAILING_STOP_MARKET, OrderType.TRAILING_STOP_LIMIT):
        fields["trigger_price"] = known.trigger_price
        fields["trailing_offset"] = known.trailing_offset
        fields["trailing_offset_type"] = known.trailing_offset_type
    if known.order_type in (OrderType.MARKET_IF_TOUCHED, OrderType.STOP_MARKET, OrderType.TRAILING_STOP_MARKET):
        fields["price"] = None
    return fields


def _order_price(row: Row, instrument: Instrument) -> Any:
    # An option has one of three prices; OKX leaves the others empty. Only a spread may cost nothing.
    value = next((row[name] for name in ("px", "px_usd", "px_vol") if row.get(name)), None)
    if value is None and text(row, "sprd_id"):
        value = row.get("px")
    return None if value is None else price_of(value, instrument)


def _algo_fields(row: Row, instrument: Instrument) -> dict[str, Any]:
    """Type, prices and trigger of a conditional order that somebody else placed, or of one of ours."""

    def price(value: Decimal | None) -> Any:
        return None if value is None or value == MARKET_PRICE else price_of(value, instrument)

    if text(row, "ord_type") == "move_order_stop":
        return _trailing_fields(row, price)
    is_touch = False
    trigger, ord_px, by = row.get("trigger_px"), row.get("ord_px"), text(row, "trigger_px_type")
    if row.get("sl_trigger_px"):
        trigger, ord_px, by = row["sl_trigger_px"], row.get("sl_ord_px"), text(row, "sl_trigger_px_type")
    elif row.get("tp_trigger_px"):
        trigger, ord_px, by = row["tp_trigger_px"], row.get("tp_ord_px"), text(row, "tp_trigger_px_type")
        is_touch = True
    elif trigger and row.get("last"):
        # A trigger order does not say which way it waits: the price at its placement tells.
        is_buy = side_of(row, "conditional order") == OrderSide.BUY
        is_touch = trigger < row["last"] if is_buy else trigger > row["last"]
    if not trigger:
        raise RowError(f"conditional order {text(row, 'algo_id')}: it has no trigger price")
    limit = price(ord_px)
    kinds = {
        (False, False): OrderType.STOP_LIMIT,
        (False, True): OrderType.STOP_MARKET,
        (True, False): OrderType.LIMIT_IF_TOUCHED,
        (True, True): OrderType.MARKET_IF_TOUCHED,
    }
    return {
        "order_type": kinds[is_touch, limit is None],
        "price": limit,
        "trigger_price": price(trigger),
        "trigger_type": TRIGGER_TYPES.get(by, TriggerType.LAST_PRICE),
    }


def _trailing_fields(row: Row, price: Callable[[Decimal | None], Any]) -> dict[str, Any]:
    ratio, spread = row.get("callback_ratio"), row.get("callback_spread")
    if not ratio and not spread:
        raise RowError(f"trailing stop {text(row, 'algo_id')}: neither callbackRatio nor callbackSpread")
    return {
        "order_type": OrderType.TRAILING_STOP_MARKET,
        "price": None,
        "trigger_price": price(row.get("move_trigger_px") or row.get("active_px") or None),
        "trigger_type": TriggerType.LAST_PRICE,
        "trailing_offset": ratio * BASIS_POINTS if ratio else spread,
        "trailing_offset_type": TrailingOffsetType.BASIS_POINTS if ratio else TrailingOffsetType.PRICE,
    }


def _cancel_reason(row: Row) -> str | None:
    source, words = text(row, "cancel_source"), text(row, "cancel_source_reason") or text(row, "cancel_reason")
    found = ": ".join(part for part in (f"cancelSource {source}" if source else "", words) if part)
    return found or None
