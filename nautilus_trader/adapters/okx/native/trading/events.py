"""What became of orders, told to the engine as order events."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native.trading.positions import PositionSides
from nautilus_trader.adapters.okx.native.trading.values import LIQUIDITY, commission_of, venue_position_id
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import LiquiditySide, OrderSide
from nautilus_trader.model.identifiers import ClientOrderId, InstrumentId, StrategyId, TradeId, VenueOrderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.model.orders import Order

REMEMBERED: Final = 50_000
"""Venue order ids kept of closed orders, for fill reports that come late."""


class OrderEvents:
    """Turns what the order stream says into the `generate_order_*` calls of the client.

    The engine applies events from a queue, so that the cache may lag behind what was told: the venue order id told
    last is remembered here.
    """

    def __init__(
        self,
        client: LiveExecutionClient,
        cache: Cache,
        clock: LiveClock,
        log: Logger,
        sides: PositionSides,
        on_refusal: Callable[[InstrumentId, str], None],
    ) -> None:
        self._client = client
        self._cache = cache
        self._clock = clock
        self._log = log
        self._sides = sides
        self._on_refusal = on_refusal
        self._venue_ids: dict[str, VenueOrderId] = {}
        self._handlers: dict[str, Callable[..., None]] = {
            "denied": self._denied,
            "submitted": self._submitted,
            "accepted": self._accepted,
            "updated": self._updated,
            "triggered": self._triggered,
            "filled": self._filled,
            "modify_rejected": self._modify_rejected,
            "cancel_rejected": self._cancel_rejected,
            "rejected": self._rejected,
            "canceled": self._canceled,
            "expired": self._expired,
        }

    def on_event(
        self,
        kind: str,
        client_order_id: str,
        instrument_id: InstrumentId,
        venue_order_id: str | None,
        ts_event: int,
        detail: tuple[Any, ...],
    ) -> None:
        """Callback of the order stream."""
        handler = self._handlers.get(kind)
        cid = ClientOrderId(client_order_id)
        order = self._cache.order(cid)
        if order is None or handler is None:
            self._log.error(f"Event {kind!r} {detail} of {client_order_id} cannot be told: no such order is cached")
            return
        venue_id = VenueOrderId(venue_order_id) if venue_order_id else self.venue_id_of(order)
        ts = ts_event or self._clock.timestamp_ns()
        if kind not in ("accepted", "updated", "rejected", "denied", "submitted"):
            self._follow(order, venue_id, ts)
        handler(order, venue_id, ts, *detail)

    def venue_id_of(self, order: Order) -> VenueOrderId | None:
        """The venue order id that the engine has, or will have once its queue is empty."""
        return self._venue_ids.get(order.client_order_id.value, order.venue_order_id)

    def _follow(self, order: Order, venue_id: VenueOrderId | None, ts: int) -> None:
        # A triggered order goes on under the id of the order it made: the engine takes a new id by an update only.
        known = self.venue_id_of(order)
        if known is None or venue_id is None or known == venue_id:
            return
        self._remember(order, venue_id)
        self._client.generate_order_updated(
            order.strategy_id,
            order.instrument_id,
            order.client_order_id,
            venue_id,
            order.quantity,
            order.price if order.has_price else None,
            order.trigger_price if order.has_trigger_price else None,
            ts,
            True,
        )

    def _remember(self, order: Order, venue_id: VenueOrderId) -> None:
        self._venue_ids[order.client_order_id.value] = venue_id
        while len(self._venue_ids) > REMEMBERED:
            self._venue_ids.pop(next(iter(self._venue_ids)))

    # -- EVENTS -----------------------------------------------------------------------------------

    def _denied(self, order: Order, _: VenueOrderId | None, ts: int, reason: str) -> None:
        self._log.warning(f"Denied {order.client_order_id}: {reason}")
        self._client.generate_order_denied(*_ids(order), reason, ts)
        self._on_refusal(order.instrument_id, reason)

    def _submitted(self, order: Order, _: VenueOrderId | None, ts: int) -> None:
        self._client.generate_order_submitted(*_ids(order), ts)

    def _accepted(self, order: Order, venue_id: VenueOrderId, ts: int) -> None:
        if order.is_open:
            # A report has told so already (a leg of a bracket that waited for its entry): only the id is news.
            self._follow(order, venue_id, ts)
            return
        self._remember(order, venue_id)
        self._client.generate_order_accepted(*_ids(order), venue_id, ts)

    def _updated(
        self,
        order: Order,
        venue_id: VenueOrderId,
        ts: int,
        quantity: Quantity,
        price: Price | None,
        trigger_price: Price | None,
        now_in_base: bool,
    ) -> None:
        changed = self.venue_id_of(order) != venue_id
        self._remember(order, venue_id)
        self._client.generate_order_updated(
            *_ids(order), venue_id, quantity, price, trigger_price, ts, changed, False if now_in_base else None
        )

    def _triggered(self, order: Order, venue_id: VenueOrderId, ts: int) -> None:
        self._client.generate_order_triggered(*_ids(order), venue_id, ts)

    def _filled(
        self,
        order: Order,
        venue_id: VenueOrderId,
        ts: int,
        trade_id: str,
        side: int,
        last_qty: Quantity,
        last_px: Price,
        commission: tuple[str, str] | None,
        liquidity: str | None,
        ord_id: str,
    ) -> None:
        instrument = self._cache.instrument(order.instrument_id)
        if instrument is None:
            self._log.error(f"Fill {trade_id} of {order.client_order_id} cannot be told: no instrument in the cache")
            return
        amount, ccy = (Decimal(commission[0]), commission[1]) if commission is not None else (None, "")
        self._client.generate_order_filled(
            *_ids(order),
            venue_id,
            venue_position_id(order.instrument_id, self._sides.of(order)),
            TradeId(trade_id),
            OrderSide(side),
            order.order_type,
            last_qty,
            last_px,
            instrument.quote_currency,
            commission_of(amount, ccy, instrument),
            LIQUIDITY.get(liquidity or "", LiquiditySide.NO_LIQUIDITY_SIDE),
            ts,
            {"ord_id": ord_id} if ord_id != venue_id.value else None,
        )

    def _modify_rejected(self, order: Order, venue_id: VenueOrderId | None, ts: int, reason: str) -> None:
        self._client.generate_order_modify_rejected(*_ids(order), venue_id, reason, ts)
        self._on_refusal(order.instrument_id, reason)

    def _cancel_rejected(self, order: Order, venue_id: VenueOrderId | None, ts: int, reason: str) -> None:
        self._client.generate_order_cancel_rejected(*_ids(order), venue_id, reason, ts)
        self._on_refusal(order.instrument_id, reason)

    def _rejected(self, order: Order, _: VenueOrderId | None, ts: int, reason: str, due_post_only: bool) -> None:
        self._log.warning(f"Rejected {order.client_order_id}: {reason}")
        self._client.generate_order_rejected(*_ids(order), reason, ts, due_post_only)
        self._on_refusal(order.instrument_id, reason)

    def _canceled(self, order: Order, venue_id: VenueOrderId | None, ts: int, reason: str) -> None:
        # The event has no room for a reason, which a trader wants to know all the same.
        self._log.info(f"Canceled {order.client_order_id}: {reason}")
        self._client.generate_order_canceled(*_ids(order), venue_id, ts)

    def _expired(self, order: Order, venue_id: VenueOrderId | None, ts: int, reason: str) -> None:
        self._log.info(f"Expired {order.client_order_id}: {reason}")
        self._client.generate_order_expired(*_ids(order), venue_id, ts)


def _ids(order: Order) -> tuple[StrategyId, InstrumentId, ClientOrderId]:
    return order.strategy_id, order.instrument_id, order.client_order_id
