"""Reports of the stock client, while orders are placed natively: its client order ids are OKX's, ours may be longer."""

from typing import Any

from nautilus_trader.adapters.okx.execution import OKXExecutionClient
from nautilus_trader.adapters.okx.native.trading.backend import NativeTrading
from nautilus_trader.execution.messages import (
    GenerateFillReports,
    GenerateOrderStatusReport,
    GenerateOrderStatusReports,
    GeneratePositionStatusReports,
)
from nautilus_trader.execution.reports import FillReport, OrderStatusReport, PositionStatusReport
from nautilus_trader.model.identifiers import ClientOrderId


class DelegatedReports:
    """The stock client's reports with the ids that Nautilus knows."""

    def __init__(self, delegate: OKXExecutionClient, native: NativeTrading | None) -> None:
        self._delegate = delegate
        self._native = native

    async def order_status_report(self, command: GenerateOrderStatusReport) -> OrderStatusReport | None:
        if self._native is not None and command.client_order_id is not None:
            okx_id = self._native.okx_id(command.client_order_id.value)
            command = GenerateOrderStatusReport(
                instrument_id=command.instrument_id,
                client_order_id=ClientOrderId(okx_id),
                venue_order_id=command.venue_order_id,
                command_id=command.id,
                ts_init=command.ts_init,
            )
        report = await self._delegate.generate_order_status_report(command)
        return None if report is None else self._named(report)

    async def order_status_reports(self, command: GenerateOrderStatusReports) -> list[OrderStatusReport]:
        return [self._named(report) for report in await self._delegate.generate_order_status_reports(command)]

    async def fill_reports(self, command: GenerateFillReports) -> list[FillReport]:
        return [self._named(report) for report in await self._delegate.generate_fill_reports(command)]

    async def position_status_reports(self, command: GeneratePositionStatusReports) -> list[PositionStatusReport]:
        return list(await self._delegate.generate_position_status_reports(command))

    def _named(self, report: Any) -> Any:
        if self._native is None or report.client_order_id is None:
            return report
        found = self._native.to_nautilus(report.client_order_id.value)
        report.client_order_id = None if found is None else ClientOrderId(found)
        return report
