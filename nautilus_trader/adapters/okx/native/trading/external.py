"""Orders of others, and whatever is learnt by asking: told to the engine as reports, in an order it can follow."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder, UnknownInstrument
from nautilus_trader.adapters.okx.native.trading.values import Row, RowError, text
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import Logger
from nautilus_trader.execution.reports import FillReport, OrderStatusReport
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.objects import Quantity

KINDS: Final = ("order", "fill", "algo")


class ExternalOrders:
    """Sends reports so that fills are the venue's own, not inferred by the engine from a total."""

    def __init__(self, client: LiveExecutionClient, builder: ReportBuilder, cache: Cache, log: Logger) -> None:
        self._client = client
        self._builder = builder
        self._cache = cache
        self._log = log

    def on_report(self, kind: str, row: Row) -> None:
        """Callback of the order stream."""
        try:
            if kind == "order":
                fill = row.get("fill")
                fills = [self._builder.fill({**row, **_filled(fill)})] if fill else []
                self.deliver(self._builder.order(row), fills)
            elif kind == "algo":
                self.deliver(self._builder.algo(row), ())
            elif kind == "fill":
                self._client._send_fill_report(self._builder.fill(row))
            else:
                self._log.warning(f"Report of kind {kind!r} is not known: {row}")
        except UnknownInstrument as e:
            self._log.debug(f"Not reported: {e}")
        except RowError as e:
            self._log.error(f"Not reported: {e}")

    def deliver(self, report: OrderStatusReport, fills: Sequence[FillReport]) -> None:
        """One order with its fills: the order first, if the engine does not have it, then the fills, then its state."""
        fills = list(self._news(fills))
        known = self._cache.order(report.client_order_id) if report.client_order_id is not None else None
        if known is None:
            cid = self._cache.client_order_id(report.venue_order_id)
            known = self._cache.order(cid) if cid is not None else None
        if fills and (known is None or known.venue_order_id is None):
            self._client._send_order_status_report(_opened(report))
        for fill in fills:
            self._client._send_fill_report(fill)
        self._client._send_order_status_report(report)

    def _news(self, fills: Iterable[FillReport]) -> Iterable[FillReport]:
        for fill in sorted(fills, key=lambda each: each.ts_event):
            cid = fill.client_order_id or self._cache.client_order_id(fill.venue_order_id)
            order = self._cache.order(cid) if cid is not None else None
            if order is None or fill.trade_id not in order.trade_ids:
                yield fill


def _opened(report: OrderStatusReport) -> OrderStatusReport:
    """The same order before it traded."""
    opened = OrderStatusReport.from_dict(report.to_dict())
    opened.order_status = OrderStatus.ACCEPTED
    opened.filled_qty = Quantity.zero(report.quantity.precision)
    opened.avg_px = None
    return opened


def _filled(fill: Any) -> dict[str, Any]:
    found = {name: value for name, value in dict(fill).items() if value is not None}
    if "commission" in found:
        commission = found.pop("commission")
        found["fee"], found["fee_ccy"] = -commission["amount"], text(commission, "ccy")
    else:
        found["fee"], found["fee_ccy"] = None, ""
    return found
