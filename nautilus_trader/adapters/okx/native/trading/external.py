"""Orders of others, and whatever is learnt by asking: told to the engine as reports, in an order it can follow."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder, UnknownInstrument
from nautilus_trader.adapters.okx.native.trading.values import Row, RowError, text
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import Logger
from nautilus_trader.execution.reports import FillReport, OrderStatusReport
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.objects import Quantity
from nautilus_trader.model.orders import Order

KINDS: Final = ("order", "fill", "algo")


class ExternalOrders:
    """Sends reports so that fills are the venue's own, not inferred by the engine from a total."""

    def __init__(
        self,
        client: LiveExecutionClient,
        builder: ReportBuilder,
        cache: Cache,
        log: Logger,
        fills_of: Callable[[OrderStatusReport], Awaitable[list[FillReport]]],
        algos_of: Callable[[str], Awaitable[list[OrderStatusReport]]],
    ) -> None:
        self._client = client
        self._builder = builder
        self._cache = cache
        self._log = log
        self._fills_of = fills_of
        self._algos_of = algos_of

    def on_report(self, kind: str, row: Row) -> None:
        """Callback of the order stream."""
        try:
            if kind == "order":
                fill = row.get("fill")
                fills = [self._builder.fill({**row, **_filled(fill)})] if fill else []
                self._tell(self._builder.order(row), fills)
            elif kind == "algo":
                # What is pushed is not all that a report tells.
                self._client.create_task(self._ask_for(text(row, "algo_id")), log_msg=f"order {text(row, 'algo_id')}")
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
        known = self._known(report)
        if fills and (known is None or known.venue_order_id is None):
            self._client._send_order_status_report(_opened(report))
        for fill in fills:
            self._client._send_fill_report(fill)
        self._client._send_order_status_report(report)

    def _tell(self, report: OrderStatusReport, fills: Sequence[FillReport]) -> None:
        """Deliver an order with the fill that came with it, or with all of them if there must be more."""
        known = self._known(report)
        have = known.filled_qty.as_decimal() if known is not None else Decimal(0)
        have += sum((fill.last_qty.as_decimal() for fill in self._news(fills)), Decimal(0))
        if report.filled_qty.as_decimal() <= have:
            self.deliver(report, fills)
        else:
            task = self._with_fills(report)
            self._client.create_task(task, log_msg=f"fills of {report.venue_order_id}")

    async def _with_fills(self, report: OrderStatusReport) -> None:
        try:
            fills = await self._fills_of(report)
        except OkxError as e:
            self._log.warning(f"Fills of {report.venue_order_id} could not be asked for, it is told later: {e}")
            return
        known = self._known(report)
        if known is None or known.filled_qty <= report.filled_qty:
            self.deliver(report, fills)

    async def _ask_for(self, algo_id: str) -> None:
        try:
            reports = await self._algos_of(algo_id)
        except OkxError as e:
            self._log.warning(f"Conditional order {algo_id} could not be asked for, it is told later: {e}")
            return
        for report in reports:
            self.deliver(report, ())

    def _known(self, report: OrderStatusReport) -> Order | None:
        cid = report.client_order_id
        order = self._cache.order(cid) if cid is not None else None
        if order is None:
            cid = self._cache.client_order_id(report.venue_order_id)
            order = self._cache.order(cid) if cid is not None else None
        return order

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
