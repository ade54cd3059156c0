"""Positions that end with their contract: futures are delivered, options exercised, events decided.

There is no order and no trade; only the bills know at which price (`GET /account/bills`, type 3). They are told to the
engine as an order of the venue with one fill, so that the position is closed at that price and not at one worked out.
"""

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native import _okx
from nautilus_trader.adapters.okx.native.trading.external import ExternalOrders
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder
from nautilus_trader.adapters.okx.native.trading.values import ZERO, Row, text

DELIVERY: Final = "3"
"""Bill type of deliveries and exercises."""
SIDE_OF_SUB_TYPE: Final = {"112": "long", "113": "short"}
"""Sub-types that say which side was delivered; those of options do not."""
ENDING: Final = ("FUTURES", "OPTION", "EVENTS")
KEPT: Final = 1_000


class Deliveries:
    """Finds the bills a change of a position is made of."""

    def __init__(self, http: "_okx.OkxHttpClient", builder: ReportBuilder, external: ExternalOrders) -> None:
        self._http = http
        self._builder = builder
        self._external = external
        self._told: deque[str] = deque(maxlen=KEPT)

    async def close(self, inst_id: str, inst_type: str, pos_side: str, change: Decimal) -> Decimal | None:
        """Tell the delivery that changed a position by so much (below 0: a long one ended); its price.

        None, with nothing told, where the bills do not account for exactly that. Raises `OkxError`, `RowError`.
        """
        if inst_type not in ENDING or not change:
            return None
        rows = await self._http.bills(inst_type, inst_id=inst_id, bill_type=DELIVERY)
        bills = self._matching(rows, "long" if change < 0 else "short", abs(change))
        for bill in bills:
            row = order_of(bill, "sell" if change < 0 else "buy", pos_side)
            self._external.deliver(self._builder.order(row), [self._builder.fill(row)])
            self._told.append(text(bill, "bill_id"))
        return bills[-1]["px"] if bills else None

    def _matching(self, rows: Sequence[Row], held: str, size: Decimal) -> list[Row]:
        found: list[Row] = []
        total = ZERO
        for row in rows:
            is_other_side = SIDE_OF_SUB_TYPE.get(text(row, "sub_type"), held) != held
            if is_other_side or text(row, "bill_id") in self._told or row.get("px") is None or not row.get("sz"):
                continue
            found.append(row)
            total += row["sz"]
            if total >= size:
                break
        return found if total == size else []


def order_of(bill: Row, side: str, pos_side: str) -> dict[str, Any]:
    """A bill as the row of a market order that was filled, and of its fill."""
    bill_id = text(bill, "bill_id")
    return {
        "inst_id": bill["inst_id"],
        "inst_type": bill.get("inst_type"),
        "ord_id": bill_id,
        "trade_id": bill_id,
        "cl_ord_id": "",
        "ord_type": "market",
        "category": "delivery",
        "state": "filled",
        "side": side,
        "pos_side": pos_side,
        "sz": bill["sz"],
        "acc_fill_sz": bill["sz"],
        "avg_px": bill["px"],
        "fill_sz": bill["sz"],
        "fill_px": bill["px"],
        "fee": bill.get("fee"),
        "fee_ccy": text(bill, "ccy"),
        "c_time_ms": bill.get("ts_ms"),
        "u_time_ms": bill.get("ts_ms"),
        "fill_time_ms": bill.get("ts_ms"),
    }
