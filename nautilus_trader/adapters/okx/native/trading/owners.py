"""Whose order a row is, where the row alone does not say: legs of brackets share one conditional order at OKX."""

from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxHttpClient
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder
from nautilus_trader.adapters.okx.native.trading.values import Row, text
from nautilus_trader.cache.cache import Cache
from nautilus_trader.model.enums import OrderType
from nautilus_trader.model.identifiers import ClientOrderId
from nautilus_trader.model.orders import Order

TAKE_PROFITS: Final = (OrderType.LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.MARKET_IF_TOUCHED)
STOP_LOSSES: Final = (OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
SL_FIELDS: Final = ("sl_trigger_px", "sl_ord_px", "sl_trigger_px_type")
TP_FIELDS: Final = ("tp_trigger_px", "tp_ord_px", "tp_trigger_px_type")


class Owners:
    """Finds the cached orders behind rows."""

    def __init__(self, http: OkxHttpClient, cache: Cache, builder: ReportBuilder) -> None:
        self._http = http
        self._cache = cache
        self._builder = builder

    async def of_order(self, row: Row) -> ClientOrderId | None:
        """The order that an order's row is about. Of a triggered bracket, OKX tells which leg made it."""
        cid = self._builder.client_order_id(row)
        order = self._cache.order(cid) if cid is not None else None
        if order is None or not text(row, "algo_id") or len(legs := self._legs(order)) < 2:
            return cid
        algo = await self._http.algo_order(algo_id=text(row, "algo_id"))
        wanted = {"tp": TAKE_PROFITS, "sl": STOP_LOSSES}.get(text(algo or {}, "actual_side"))
        found = [leg for leg in legs if wanted and leg.order_type in wanted]
        return found[0].client_order_id if found else cid

    def of_algo(self, row: Row) -> list[tuple[Row, ClientOrderId | None]]:
        """The orders that a conditional order stands for, each with its part of the row."""
        cid = self._builder.client_order_id({"cl_ord_id": text(row, "algo_cl_ord_id")})
        order = self._cache.order(cid) if cid is not None else None
        legs = self._legs(order) if order is not None else []
        if len(legs) < 2:
            return [(row, cid)]
        return [(_part(row, leg), leg.client_order_id) for leg in legs]

    def _legs(self, order: Order) -> list[Order]:
        """The order and its sibling, if it is a leg of a bracket."""
        if order.parent_order_id is None:
            return [order]
        linked = [self._cache.order(cid) for cid in order.linked_order_ids or []]
        siblings = [leg for leg in linked if leg is not None and leg.parent_order_id == order.parent_order_id]
        return [order, *(leg for leg in siblings if leg.client_order_id != order.client_order_id)]


def _part(row: Row, leg: Order) -> dict[str, Any]:
    drop = SL_FIELDS if leg.order_type in TAKE_PROFITS else TP_FIELDS
    return {**row, **dict.fromkeys(drop)}
