"""All reports of an account, for reconciliation."""

from datetime import timedelta
from typing import Any

from nautilus_trader.adapters.okx.native.trading.reports import NativeReports
from nautilus_trader.common.component import LiveClock
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import (
    GenerateFillReports,
    GenerateOrderStatusReports,
    GeneratePositionStatusReports,
)
from nautilus_trader.execution.reports import ExecutionMassStatus
from nautilus_trader.live.execution_client import LiveExecutionClient


async def mass_status(
    client: LiveExecutionClient, lookback_mins: int | None, clock: LiveClock, native: NativeReports | None
) -> ExecutionMassStatus:
    """
    Orders, then fills, then positions: what trades in between is in the later lists. Raises what a report raises.

    `native` makes the reports of orders and of fills, if both are native.
    """
    since = None if lookback_mins is None else clock.utc_now() - timedelta(minutes=lookback_mins)
    found = ExecutionMassStatus(
        client_id=client.id,
        account_id=client.account_id,
        venue=client.venue,
        report_id=UUID4(),
        ts_init=clock.timestamp_ns(),
    )

    def command(kind: Any, **fields: Any) -> Any:
        return kind(
            instrument_id=None,
            start=since,
            end=None,
            command_id=UUID4(),
            ts_init=clock.timestamp_ns(),
            **fields,
        )

    of_orders = command(GenerateOrderStatusReports, open_only=False)
    of_fills = command(GenerateFillReports, venue_order_id=None)
    if native is not None:
        orders, fills = await native.orders_and_fills(of_orders, of_fills)
    else:
        # Whose a triggered stop's fills are is known once its order was seen: one after the other.
        orders = await client.generate_order_status_reports(of_orders)
        fills = await client.generate_fill_reports(of_fills)
    positions = await client.generate_position_status_reports(command(GeneratePositionStatusReports))
    found.add_order_reports(orders)
    found.add_fill_reports(fills)
    found.add_position_reports(positions)
    return found
