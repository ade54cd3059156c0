"""Orders of an earlier process, from the cache, for the order stream to go on with."""

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
