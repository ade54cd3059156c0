"""Positions that change without an order of anybody: delivery, exercise, settlement, auto-deleveraging unseen.

A push of `positions` may come before the fill that caused it. So what differs is looked at again after a while, then
asked for over REST, and only what still differs is told to the engine: a delivery with its price, anything else as the
position it is.
"""

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.instruments import instrument_id_of
from nautilus_trader.adapters.okx.native.trading.deliveries import Deliveries
from nautilus_trader.adapters.okx.native.trading.position_reports import signed_quantity
from nautilus_trader.adapters.okx.native.trading.reports import NativeReports
from nautilus_trader.adapters.okx.native.trading.values import (
    POSITION_SIDES,
    Row,
    RowError,
    text,
    venue_position_id,
)
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import Logger
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import GeneratePositionStatusReports
from nautilus_trader.execution.reports import PositionStatusReport
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import PositionSide
from nautilus_trader.model.identifiers import InstrumentId

DELAY_SECS: Final = 5.0
"""Fills of an order and the position they make come over different channels, seconds apart at the worst."""
WATCHED: Final = ("SWAP", "FUTURES", "OPTION", "EVENTS")


class PositionWatch:
    """Compares pushed positions with those of the cache."""

    def __init__(
        self,
        client: LiveExecutionClient,
        reports: NativeReports,
        deliveries: Deliveries,
        cache: Cache,
        log: Logger,
        loop: asyncio.AbstractEventLoop,
        create_task: Callable[..., Any],
        delay_secs: float = DELAY_SECS,
    ) -> None:
        self._client = client
        self._reports = reports
        self._deliveries = deliveries
        self._cache = cache
        self._log = log
        self._loop = loop
        self._create_task = create_task
        self._delay_secs = delay_secs
        self._pushed: dict[tuple[str, str], Row] = {}
        self._timer: asyncio.TimerHandle | None = None

    def on_positions(self, rows: Sequence[Row]) -> None:
        """Positions were pushed."""
        for row in rows:
            if text(row, "inst_type") in WATCHED:
                self._pushed[text(row, "inst_id"), text(row, "pos_side")] = row
        if self._pushed and self._timer is None:
            self._timer = self._loop.call_later(self._delay_secs, self._look)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pushed.clear()

    def _look(self) -> None:
        self._timer = None
        if self._client.reconciliation_active:
            # The engine is about to learn of all positions.
            self._timer = self._loop.call_later(self._delay_secs, self._look)
            return
        pushed, self._pushed = self._pushed, {}
        differing: dict[tuple[str, str], list[str]] = {}
        for (inst_id, pos_side), row in pushed.items():
            if self._differs(row):
                differing.setdefault((inst_id, text(row, "inst_type")), []).append(pos_side)
        if differing:
            self._create_task(self._ask(differing), log_msg=f"compare {len(differing)} position(s)")

    def _differs(self, row: Row) -> bool:
        try:
            there = signed_quantity(row)
        except RowError:
            return False
        return self._held(instrument_id_of(row["inst_id"]), text(row, "pos_side")) != there

    def _held(self, instrument_id: InstrumentId, pos_side: str) -> Decimal:
        open_ones = self._cache.positions_open(instrument_id=instrument_id)
        if pos_side in POSITION_SIDES:
            open_ones = [p for p in open_ones if str(p.id.value).lower().endswith(f"-{pos_side}")]
        return sum((Decimal(str(p.signed_decimal_qty())) for p in open_ones), Decimal(0))

    async def _ask(self, differing: dict[tuple[str, str], list[str]]) -> None:
        # OKX answers ten requests in 2 s: several positions are asked for together.
        ids = [instrument_id_of(inst_id) for inst_id, _ in differing]
        command = GeneratePositionStatusReports(
            instrument_id=ids[0] if len(ids) == 1 else None, start=None, end=None, command_id=UUID4(), ts_init=0
        )
        try:
            found = await self._reports.position_status_reports(command)
        except (OkxError, RowError) as e:
            names = ", ".join(inst_id for inst_id, _ in differing)
            self._log.warning(f"Position of {names} could not be compared: {e}")
            return
        for (inst_id, inst_type), sides in differing.items():
            instrument_id = instrument_id_of(inst_id)
            reports = [report for report in found if report.instrument_id == instrument_id]
            await self._compare(inst_id, inst_type, sides, reports or self._reports.flat(instrument_id))

    async def _compare(self, inst_id: str, inst_type: str, sides: list[str], found: list[PositionStatusReport]) -> None:
        instrument_id = instrument_id_of(inst_id)
        by_side = {_side(report): report for report in found}
        for side in sides:
            report = by_side.get(side) or _flat(by_side.get("net"), instrument_id, side)
            if report is None:
                continue
            held, there = self._held(instrument_id, side), report.signed_decimal_qty
            if held == there or await self._is_delivered(inst_id, inst_type, side, there - held):
                continue
            self._log.warning(f"Position of {instrument_id} is {there} at OKX and {held} here: reported")
            self._client._send_position_status_report(report)

    async def _is_delivered(self, inst_id: str, inst_type: str, side: str, change: Decimal) -> bool:
        try:
            price = await self._deliveries.close(inst_id, inst_type, side, change)
        except (OkxError, RowError) as e:
            self._log.warning(f"The delivery price of {inst_id} could not be found: {e}")
            return False
        if price is None:
            return False
        self._log.info(f"{inst_id} was delivered, exercised or decided at {price}: {-change} closed")
        return True


def _side(report: PositionStatusReport) -> str:
    if report.venue_position_id is None:
        return "net"
    return str(report.venue_position_id.value).rpartition("-")[2].lower()


def _flat(report: PositionStatusReport | None, instrument_id: InstrumentId, side: str) -> PositionStatusReport | None:
    """One side of a hedged instrument that OKX lists no longer."""
    if report is None or report.position_side != PositionSide.FLAT:
        return None
    report.venue_position_id = venue_position_id(instrument_id, side)
    return report
