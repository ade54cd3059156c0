"""Orders of an earlier process, from the cache, for the order stream to go on with."""

from collections.abc import Iterable
from typing import Any

from nautilus_trader.cache.cache import Cache
from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.identifiers import AccountId, Venue
from nautilus_trader.model.orders import Order

BEFORE_SUBMISSION = (OrderStatus.INITIALIZED, OrderStatus.EMULATED, OrderStatus.RELEASED, OrderStatus.DENIED)


def orders_to_restore(cache: Cache, venue: Venue, account_id: AccountId) -> list[Order]:
    """Orders that OKX has, or may have, by what the cache says; in the order of their submission."""
    found = {
        order.client_order_id: order
        for order in (*cache.orders_open(venue=venue), *cache.orders_inflight(venue=venue))
        if order.account_id == account_id and order.status not in BEFORE_SUBMISSION
    }
    return sorted(found.values(), key=lambda order: order.ts_init)


def restored(order: Order) -> dict[str, Any]:
    """An order as the stream takes it."""
    return {
        "order": order,
        "venue_order_id": order.venue_order_id.value if order.venue_order_id is not None else None,
        "accepted": order.status != OrderStatus.SUBMITTED,
        "triggered": order.status == OrderStatus.TRIGGERED or bool(getattr(order, "is_triggered", False)),
        "pending_cancel": order.status == OrderStatus.PENDING_CANCEL,
        "pending_update": order.status == OrderStatus.PENDING_UPDATE,
        "filled": order.filled_qty,
        "trade_ids": [trade_id.value for trade_id in order.trade_ids],
    }


def ids_to_remember(orders: Iterable[Order]) -> list[str]:
    """Client order ids whose short forms must be known before anything is reported."""
    return [order.client_order_id.value for order in orders]
