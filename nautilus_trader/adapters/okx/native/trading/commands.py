"""Commands of strategies, given to the order stream in the order in which they were issued, within the call."""

from collections.abc import Callable, Iterable
from typing import Any

from nautilus_trader.adapters.okx.native._okx import ExecutionStream
from nautilus_trader.adapters.okx.native.trading.order_params import ParamsError, order_params, refuse_new_prices
from nautilus_trader.adapters.okx.native.trading.positions import PositionSides
from nautilus_trader.adapters.okx.native.trading.values import POSITION_SIDES
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.execution.messages import (
    BatchCancelOrders,
    CancelAllOrders,
    CancelOrder,
    ModifyOrder,
    SubmitOrder,
    SubmitOrderList,
)
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.identifiers import ClientOrderId, PositionId
from nautilus_trader.model.orders import Order

NOT_AT_VENUE = (OrderStatus.INITIALIZED, OrderStatus.EMULATED, OrderStatus.RELEASED)


class NativeCommands:
    """Submits, changes and cancels. What cannot be done is denied or rejected in words, never dropped."""

    def __init__(
        self,
        stream: ExecutionStream,
        client: LiveExecutionClient,
        cache: Cache,
        clock: LiveClock,
        log: Logger,
        sides: PositionSides,
    ) -> None:
        self._stream = stream
        self._client = client
        self._cache = cache
        self._clock = clock
        self._log = log
        self._sides = sides

    def submit_order(self, command: SubmitOrder) -> None:
        order = command.order
        if order.is_closed:
            self._log.warning(f"Not submitted, it is closed already: {order}")
            return

        def submit() -> None:
            params = self._params(order, command.params, command.position_id)
            self._stream.submit(order, params)

        self._attempt(submit, lambda reason: self._deny([order], reason))

    def submit_order_list(self, command: SubmitOrderList) -> None:
        orders = [order for order in command.order_list.orders if not order.is_closed]
        if not orders:
            self._log.warning(f"Not submitted, nothing in it is open: {command.order_list}")
            return

        def submit() -> None:
            params = [self._params(order, command.params, command.position_id) for order in orders]
            self._stream.submit_list(orders, params[0])

        self._attempt(submit, lambda reason: self._deny(orders, reason))

    def modify_order(self, command: ModifyOrder) -> None:
        refused = refuse_new_prices(command.params)
        if refused is not None:
            self._reject_change(command, refused)
            return

        def modify() -> None:
            self._follow([command.client_order_id])
            self._stream.modify(command.client_order_id.value, command.quantity, command.price, command.trigger_price)

        self._attempt(modify, lambda reason: self._reject_change(command, reason))

    def cancel_order(self, command: CancelOrder) -> None:
        def cancel() -> None:
            self._follow([command.client_order_id])
            self._stream.cancel(command.client_order_id.value)

        self._attempt(cancel, lambda reason: self._reject_cancels([command.client_order_id], reason))

    def batch_cancel_orders(self, command: BatchCancelOrders) -> None:
        self._cancel([cancel.client_order_id for cancel in command.cancels])

    def cancel_all_orders(self, command: CancelAllOrders) -> None:
        """Orders of the strategy that asks, on the instrument and of the side it names: nobody else's."""
        orders = [
            *self._cache.orders_open(
                instrument_id=command.instrument_id, strategy_id=command.strategy_id, side=command.order_side
            ),
            *self._cache.orders_inflight(
                instrument_id=command.instrument_id, strategy_id=command.strategy_id, side=command.order_side
            ),
        ]
        found = [order.client_order_id for order in orders if order.status not in NOT_AT_VENUE]
        self._cancel(list(dict.fromkeys(found)))

    def _cancel(self, ids: list[ClientOrderId]) -> None:
        def cancel() -> None:
            self._follow(ids)
            self._stream.cancel_batch([cid.value for cid in ids])

        if ids:
            self._attempt(cancel, lambda reason: self._reject_cancels(ids, reason))

    # -- INTERNAL ---------------------------------------------------------------------------------

    def _follow(self, ids: Iterable[ClientOrderId]) -> None:
        """Hand over orders that the engine has found at OKX (claimed by a strategy, or placed in the app)."""
        for cid in ids:
            if not self._stream.knows(cid.value):
                order = self._cache.order(cid)
                # An order that the engine made of a report names no account.
                if order is not None and order.is_open and order.account_id in (None, self._client.account_id):
                    self._stream.restore(order)

    def _params(self, order: Order, params: Any, position_id: PositionId | None) -> dict[str, Any]:
        found = order_params(params)
        if "pos_side" not in found and position_id is not None and self._sides.is_hedging:
            # A command for a position is for its side, whatever the order's own flags say.
            side = position_id.value.rpartition("-")[2].lower()
            if side in POSITION_SIDES:
                found["pos_side"] = side
        self._sides.note(order, found)
        return found

    def _attempt(self, action: Callable[[], None], refuse: Callable[[str], None]) -> None:
        try:
            action()
        except ParamsError as e:
            refuse(str(e))
        except Exception as e:
            # The stream says what becomes of a command by events; what it raises was never sent.
            self._log.exception("Command was not sent", e)
            refuse(f"not sent: {e}")

    def _deny(self, orders: Iterable[Order], reason: str) -> None:
        for order in orders:
            cached = self._cache.order(order.client_order_id)
            status = (cached if cached is not None else order).status
            if status not in NOT_AT_VENUE:
                continue  # the stream had told of it before it failed
            self._log.warning(f"Denied {order.client_order_id}: {reason}")
            self._client.generate_order_denied(
                order.strategy_id, order.instrument_id, order.client_order_id, reason, self._clock.timestamp_ns()
            )

    def _reject_change(self, command: ModifyOrder, reason: str) -> None:
        order = self._cache.order(command.client_order_id)
        self._client.generate_order_modify_rejected(
            command.strategy_id,
            command.instrument_id,
            command.client_order_id,
            order.venue_order_id if order is not None else command.venue_order_id,
            reason,
            self._clock.timestamp_ns(),
        )

    def _reject_cancels(self, ids: Iterable[ClientOrderId], reason: str) -> None:
        for cid in ids:
            order = self._cache.order(cid)
            if order is None:
                self._log.warning(f"Cancel of {cid} refused: {reason}")
                continue
            self._client.generate_order_cancel_rejected(
                order.strategy_id, order.instrument_id, cid, order.venue_order_id, reason, self._clock.timestamp_ns()
            )
