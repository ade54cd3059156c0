"""Commands that arrive while the client is not connected: answered at once, nothing is kept for later."""

from typing import Any, Final

from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.identifiers import ClientOrderId

REASON: Final = "the client is not connected"


class OfflineCommands:
    """Denies and rejects."""

    def __init__(self, client: LiveExecutionClient, cache: Cache, clock: LiveClock) -> None:
        self._client = client
        self._cache = cache
        self._clock = clock

    def submit_order(self, command: Any) -> None:
        self._deny([command.order])

    def submit_order_list(self, command: Any) -> None:
        self._deny(command.order_list.orders)

    def modify_order(self, command: Any) -> None:
        order = self._cache.order(command.client_order_id)
        if order is not None:
            self._client.generate_order_modify_rejected(
                order.strategy_id,
                order.instrument_id,
                order.client_order_id,
                order.venue_order_id,
                REASON,
                self._clock.timestamp_ns(),
            )

    def cancel_order(self, command: Any) -> None:
        self._reject([command.client_order_id])

    def batch_cancel_orders(self, command: Any) -> None:
        self._reject([cancel.client_order_id for cancel in command.cancels])

    def cancel_all_orders(self, command: Any) -> None:
        orders = self._cache.orders_open(
            instrument_id=command.instrument_id, strategy_id=command.strategy_id, side=command.order_side
        )
        self._reject([order.client_order_id for order in orders])

    def _deny(self, orders: Any) -> None:
        for order in orders:
            self._client.generate_order_denied(
                order.strategy_id, order.instrument_id, order.client_order_id, REASON, self._clock.timestamp_ns()
            )

    def _reject(self, ids: list[ClientOrderId]) -> None:
        for cid in ids:
            order = self._cache.order(cid)
            if order is not None:
                self._client.generate_order_cancel_rejected(
                    order.strategy_id,
                    order.instrument_id,
                    cid,
                    order.venue_order_id,
                    REASON,
                    self._clock.timestamp_ns(),
                )
