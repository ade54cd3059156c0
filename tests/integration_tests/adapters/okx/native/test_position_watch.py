"""Pushed positions that differ from those of the cache: when they are asked for, and how."""

import asyncio
from collections.abc import Coroutine
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from nautilus_trader.adapters.okx.native._okx import OkxHttpError
from nautilus_trader.adapters.okx.native.trading.position_watch import PositionWatch
from nautilus_trader.cache.cache import Cache
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.reports import PositionStatusReport
from nautilus_trader.model.enums import PositionSide
from nautilus_trader.model.identifiers import AccountId, InstrumentId
from nautilus_trader.model.objects import Quantity

NEVER_SECS = 3_600.0


def report(inst_id: str, quantity: str) -> PositionStatusReport:
    return PositionStatusReport(
        account_id=AccountId("OKX-master"),
        instrument_id=InstrumentId.from_str(f"{inst_id}.OKX"),
        position_side=PositionSide.LONG,
        quantity=Quantity.from_str(quantity),
        report_id=UUID4(),
        ts_last=0,
        ts_init=0,
    )


def pushed(inst_id: str, pos: str) -> dict[str, Any]:
    return {"inst_id": inst_id, "inst_type": "SWAP", "pos_side": "net", "pos": Decimal(pos)}


class Bench:
    """A watch whose time does not pass by itself."""

    def __init__(self, answers: list[PositionStatusReport] | OkxHttpError) -> None:
        self.answers = answers
        self.asked: list[Any] = []
        self.sent: list[PositionStatusReport] = []
        self.warnings: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.client = SimpleNamespace(reconciliation_active=False, _send_position_status_report=self.sent.append)
        self.watch = PositionWatch(
            self.client,
            SimpleNamespace(position_status_reports=self._reports, flat=lambda _: []),
            SimpleNamespace(close=self._no_delivery),
            Cache(),
            SimpleNamespace(warning=self.warnings.append, info=lambda _: None),
            asyncio.get_running_loop(),
            self._create_task,
            NEVER_SECS,
        )

    def _create_task(self, work: Coroutine[Any, Any, None], log_msg: str) -> None:
        assert log_msg
        self.tasks.append(asyncio.ensure_future(work))

    async def _reports(self, command: Any) -> list[PositionStatusReport]:
        self.asked.append(command.instrument_id)
        if isinstance(self.answers, OkxHttpError):
            raise self.answers
        return self.answers

    async def _no_delivery(self, *_: Any) -> None:
        return None

    async def look(self) -> None:
        self.watch._look()
        await asyncio.gather(*self.tasks)


async def test_positions_that_differ_are_asked_for_in_one_request():
    bench = Bench([report("BTC-USDT-SWAP", "2"), report("ETH-USDT-SWAP", "3"), report("SOL-USDT-SWAP", "9")])
    bench.watch.on_positions([pushed("BTC-USDT-SWAP", "2"), pushed("ETH-USDT-SWAP", "3"), pushed("XRP-USDT-SWAP", "0")])
    await bench.look()
    assert bench.asked == [None], "all of them at once"
    assert [(r.instrument_id.symbol.value, str(r.quantity)) for r in bench.sent] == [
        ("BTC-USDT-SWAP", "2"),
        ("ETH-USDT-SWAP", "3"),
    ], "what nobody asked about is not reported"
    bench.watch.stop()


async def test_one_position_is_asked_for_by_its_instrument():
    bench = Bench([report("BTC-USDT-SWAP", "2")])
    bench.watch.on_positions([pushed("BTC-USDT-SWAP", "2")])
    await bench.look()
    assert [i.symbol.value for i in bench.asked] == ["BTC-USDT-SWAP"]
    assert len(bench.sent) == 1
    bench.watch.stop()


async def test_nothing_is_asked_while_the_engine_reconciles():
    bench = Bench([report("BTC-USDT-SWAP", "2")])
    bench.watch.on_positions([pushed("BTC-USDT-SWAP", "2")])
    bench.client.reconciliation_active = True
    await bench.look()
    assert bench.asked == []
    bench.client.reconciliation_active = False
    await bench.look()
    assert len(bench.asked) == 1, "what was pushed is kept until then"
    bench.watch.stop()


async def test_a_failed_request_reports_nothing():
    bench = Bench(OkxHttpError("down"))
    bench.watch.on_positions([pushed("BTC-USDT-SWAP", "2"), pushed("ETH-USDT-SWAP", "3")])
    await bench.look()
    assert bench.sent == []
    (warning,) = bench.warnings
    assert "BTC-USDT-SWAP, ETH-USDT-SWAP" in warning
    bench.watch.stop()
