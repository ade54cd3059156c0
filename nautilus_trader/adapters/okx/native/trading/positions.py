"""The side of the position an order belongs to, in long/short mode."""

from collections.abc import Mapping
from typing import Any, Final

from nautilus_trader.adapters.okx.native.trading.values import POSITION_SIDES
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.orders import Order

SIDED: Final = ("SWAP", "FUTURES")
"""Types whose positions have a side in long/short mode; others are always net."""


class PositionSides:
    """Remembers what an order's `params` said, and knows what OKX is told where they say nothing."""

    def __init__(self, is_hedging: bool) -> None:
        self.is_hedging = is_hedging
        self._said: dict[str, str] = {}

    def note(self, order: Order, params: Mapping[str, Any]) -> None:
        """An order is submitted."""
        side = params.get("pos_side")
        if self.is_hedging and side in POSITION_SIDES:
            self._said[order.client_order_id.value] = str(side)

    def of(self, order: Order) -> str | None:
        """`long` or `short`; None where positions have no side."""
        if not self.is_hedging or not is_sided(order.instrument_id.symbol.value):
            return None
        said = self._said.get(order.client_order_id.value)
        if said is not None:
            return said
        if order.position_id is not None:
            # After a restart: the position the order was for.
            side = str(order.position_id.value).rpartition("-")[2].lower()
            if side in POSITION_SIDES:
                return side
        # A buy opens a long position or closes a short one.
        opens_or_closes_long = (order.side == OrderSide.BUY) != order.is_reduce_only
        return "long" if opens_or_closes_long else "short"


def is_sided(inst_id: str) -> bool:
    """Whether an instrument is a swap or a future, by its id: `…-SWAP`, `…-250808`."""
    parts = inst_id.split("-")
    return len(parts) == 3 and "_" not in parts[0]
