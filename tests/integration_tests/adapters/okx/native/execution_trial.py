"""An `ExecutionStream` on the simulated exchange, with orders of Nautilus and everything it has called back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from nautilus_trader.adapters.okx.native._okx import ExecutionStream, OkxHttpClient, SimulatedExchange
from nautilus_trader.common.component import TestClock
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import InstrumentId, StrategyId, TraderId
from nautilus_trader.model.objects import Price, Quantity

from .support import DEADLINE_SECS, Waiter

SWAP = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
SPOT = InstrumentId.from_str("BTC-USDT.OKX")
DRIVERS = ("inline", "threaded")


class Event(NamedTuple):
    """One call of `on_event`."""

    kind: str
    client_order_id: str
    instrument_id: InstrumentId | None
    venue_order_id: str | None
    ts_event_ns: int
    detail: tuple[Any, ...]


class ExecutionTrial:
    """A stream with what it has called back."""

    def __init__(self, exchange: SimulatedExchange, driver: Any, **fields: Any) -> None:
        self.exchange = exchange
        self.events: list[Event] = []
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.accounts: list[tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any], int]] = []
        self.notes: list[Any] = []
        self.waiter = Waiter()
        self.hook: Callable[[Event], None] | None = None
        keys = {
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
        } | {key: fields.pop(key) for key in list(fields) if key.startswith("api_")}
        ca_pem = exchange.ca_pem
        self.http = OkxHttpClient(base_url=exchange.rest_url, ca_pem=ca_pem, **keys)
        clock = TestClock()
        clock.set_time(exchange.now_ms() * 1_000_000)
        self.orders = OrderFactory(TraderId("TESTER-001"), StrategyId("S-001"), clock)
        self.stream = ExecutionStream(
            fields.pop("loop", None) or asyncio.get_running_loop(),
            http=self.http,
            ws_private_url=fields.pop("ws_private_url", exchange.ws_private_url),
            ws_business_url=exchange.ws_business_url,
            on_event=self._event,
            on_report=self._report,
            on_account=self._account,
            on_note=self._note,
            driver=driver,
            ca_pem=ca_pem,
            **keys,
            **fields,
        )

    def _event(self, *arguments: Any) -> None:
        event = Event(*arguments)
        self.events.append(event)
        self.waiter.wake()
        if self.hook is not None:
            self.hook(event)

    def _report(self, kind: str, row: dict[str, Any]) -> None:
        self.reports.append((kind, row))
        self.waiter.wake()

    def _account(self, *arguments: Any) -> None:
        self.accounts.append(arguments)
        self.waiter.wake()

    def _note(self, note: Any) -> None:
        self.notes.append(note)
        self.waiter.wake()

    async def register(self, *instrument_ids: InstrumentId) -> None:
        """Register these instruments, as the venue lists them."""
        for instrument_id in instrument_ids:
            inst_id = instrument_id.symbol.value
            inst_type = "SWAP" if inst_id.endswith("-SWAP") else "SPOT"
            (row,) = await self.http.instruments(inst_type, inst_id=inst_id)
            self.stream.register_instrument(instrument_id, row)

    def of(self, client_order_id: Any) -> list[Event]:
        """What happened to an order."""
        return [event for event in self.events if event.client_order_id == str(client_order_id)]

    def kinds(self, client_order_id: Any) -> list[str]:
        """What happened to an order, by name."""
        return [event.kind for event in self.of(client_order_id)]

    async def until(self, client_order_id: Any, kind: str, count: int = 1) -> Event:
        """Wait until something has happened to an order so often; answers the last one."""
        await self.waiter.until(
            lambda: self.kinds(client_order_id).count(kind) >= count,
            f"{count} {kind} of {client_order_id} (has {self.kinds(client_order_id)})",
        )
        return [event for event in self.of(client_order_id) if event.kind == kind][-1]

    async def note(self, kind: str) -> Any:
        """Wait for a note."""
        await self.waiter.until(lambda: any(note["type"] == kind for note in self.notes), f"note {kind}")
        return [note for note in self.notes if note["type"] == kind][-1]

    async def lines_are(self, **states: str) -> None:
        """Wait for states of the sockets; they change with notes."""
        lines = self.stream.stats()["lines"]
        await self.waiter.until(lambda: all(lines[line]["state"] == state for line, state in states.items()))

    def touch(self, side: str, instrument_id: InstrumentId = SWAP) -> Decimal:
        """The best price of a side."""
        return Decimal(self.exchange.book(instrument_id.symbol.value)[side][0][0])

    def limit(self, side: OrderSide = OrderSide.BUY, away: int = 500, size: str = "1.00", **fields: Any) -> Any:
        """A limit order so far behind the touch; before it, if below 0."""
        is_buy = side == OrderSide.BUY
        touch = self.touch("bids" if is_buy else "asks")
        price = touch - away if is_buy else touch + away
        return self.orders.limit(
            instrument_id=SWAP,
            order_side=side,
            quantity=Quantity.from_str(size),
            price=Price.from_str(str(price)),
            **fields,
        )

    def market(self, side: OrderSide = OrderSide.BUY, size: str = "1.00", **fields: Any) -> Any:
        """A market order."""
        return self.orders.market(instrument_id=SWAP, order_side=side, quantity=Quantity.from_str(size), **fields)


@asynccontextmanager
async def opened(exchange: SimulatedExchange, driver: str, **fields: Any) -> AsyncIterator[ExecutionTrial]:
    """A stream that is ready, until the end of the test."""
    trial = ExecutionTrial(exchange, driver, **fields)
    await trial.register(SWAP, SPOT)
    try:
        async with asyncio.timeout(DEADLINE_SECS):
            await trial.stream.open()
        yield trial
    finally:
        await trial.stream.close()
