"""An execution client without a node: commands as from the engine, its events kept, what it sent from the journal."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from nautilus_trader.accounting.factory import AccountFactory
from nautilus_trader.adapters.okx import OKXExecClientConfig, OKXLiveExecClientFactory
from nautilus_trader.adapters.okx import factories as stock_factories
from nautilus_trader.adapters.okx.native import (
    OKXNativeExecClientConfig,
    OKXNativeLiveExecClientFactory,
    SimulatedExchange,
)
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution import messages
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.events import OrderFilled, OrderPendingCancel, OrderPendingUpdate
from nautilus_trader.model.identifiers import ClientId, ClientOrderId, InstrumentId, StrategyId, TraderId, VenueOrderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.model.orders import Order, OrderList

from .support import DEADLINE_SECS, SWAP, Log, Waiter

TRADER = TraderId("TESTER-001")
STRATEGY = StrategyId("S-001")
#: Few instruments: a client is connected in a blink.
SMALL = {"instruments": ["BTC-USDT", "BTC-USDT-SWAP", "ETH-USDT", "ETH-USDT-SWAP"], "limits": {"connects_per_s": 0}}

SESSION_OPS = (None, "login", "subscribe", "unsubscribe")


class Engine:
    """Stands where engine and portfolio stand: applies what a client tells to the orders in the cache, and keeps it."""

    def __init__(self, msgbus: MessageBus, cache: Cache) -> None:
        self.cache = cache
        self.events: list[Any] = []
        self.reports: list[Any] = []
        self.accounts: list[Any] = []
        self.refused: list[tuple[Any, Exception]] = []
        self.waiter = Waiter()
        msgbus.register(endpoint="ExecEngine.process", handler=self.process)
        msgbus.register(endpoint="ExecEngine.reconcile_execution_report", handler=self.report)
        msgbus.register(endpoint="Portfolio.update_account", handler=self.account)

    def process(self, event: Any) -> None:
        self.events.append(event)
        order = self.cache.order(event.client_order_id)
        known = isinstance(event, OrderFilled) and order is not None and event.trade_id in order.trade_ids
        if order is not None and not known:  # the engine drops a fill it has
            try:
                order.apply(event)
                self.cache.update_order(order)
                if event.__class__.__name__ == "OrderAccepted":
                    self.cache.add_venue_order_id(order.client_order_id, event.venue_order_id, overwrite=True)
            except Exception as error:
                self.refused.append((event, error))
        self.waiter.wake()

    def report(self, report: Any) -> None:
        self.reports.append(report)
        self.waiter.wake()

    def account(self, event: Any) -> None:
        self.accounts.append(event)
        held = self.cache.account(event.account_id)
        if held is None:
            self.cache.add_account(AccountFactory.create(event))
        else:
            held.apply(event)
            self.cache.update_account(held)
        self.waiter.wake()


class ExecBench:
    """One execution client, its engine and its exchange."""

    def __init__(self, exchange: SimulatedExchange, factory: Any, config: Any, restored: Iterable[Order] = ()) -> None:
        self.exchange = exchange
        self.clock, self.cache = LiveClock(), Cache()
        self.msgbus = MessageBus(trader_id=TRADER, clock=self.clock)
        self.engine = Engine(self.msgbus, self.cache)
        self.orders = OrderFactory(TRADER, STRATEGY, self.clock, use_hyphens_in_client_order_ids=False)
        self.log = Log()
        #: Names of commands a test gave more than once, and client ids the client goes to OKX with under another name.
        self.given_again: set[str] = set()
        self.renamed: dict[str, str] = {}
        #: OKX was made to hide what a fill cost.
        self.fees_unknown = False
        for order in restored:
            self.cache.add_order(order)
            self.cache.update_order(order)
        loop = asyncio.get_running_loop()
        self.client = factory.create(loop, "OKX", config, self.msgbus, self.cache, self.clock)

    async def connect(self) -> None:
        """What the engine does at its start: instruments into the cache, then the client's own connect."""
        await self.client._instrument_provider.initialize()
        for instrument in self.client._instrument_provider.list_all():
            self.cache.add_instrument(instrument)
        await self.client._connect()
        self.client._set_connected(True)

    async def disconnect(self) -> None:
        await self.client._disconnect()
        self.client._set_connected(False)
        await self.client.cancel_pending_tasks()

    # -- orders ------------------------------------------------------------------------------------

    def limit(
        self, side: str = "buy", size: str = "1", away: str = "0.005", on: InstrumentId = SWAP, **more: Any
    ) -> Order:
        """A limit order so far from the market (a share of the price; below zero: through it)."""
        instrument = self.cache.instrument(on)
        book = self.exchange.book(on.symbol.value)
        best = Decimal(book["bids" if side == "buy" else "asks"][0][0])
        factor = 1 - Decimal(away) if side == "buy" else 1 + Decimal(away)
        return self.orders.limit(
            on, side_of(side), instrument.make_qty(Decimal(size)), instrument.make_price(best * factor), **more
        )

    def market(self, side: str = "buy", size: str = "1", on: InstrumentId = SWAP, **more: Any) -> Order:
        instrument = self.cache.instrument(on)
        qty = Quantity.from_str(size) if more.get("quote_quantity") else instrument.make_qty(Decimal(size))
        return self.orders.market(on, side_of(side), qty, **more)

    # -- commands ----------------------------------------------------------------------------------

    def submit(self, *orders: Order, params: dict[str, Any] | None = None) -> None:
        """Each as a command of its own, back to back."""
        for order in orders:
            self.cache.add_order(order)
            self.client.submit_order(
                messages.SubmitOrder(
                    TRADER, order.strategy_id, order, UUID4(), 0, client_id=ClientId("OKX"), params=params
                )
            )

    def submit_list(self, order_list: OrderList) -> None:
        for order in order_list.orders:
            self.cache.add_order(order)
        self.cache.add_order_list(order_list)
        self.client.submit_order_list(
            messages.SubmitOrderList(TRADER, STRATEGY, order_list, UUID4(), 0, client_id=ClientId("OKX"))
        )

    def modify(
        self, order: Order, quantity: Quantity | None = None, price: Price | None = None, trigger: Price | None = None
    ) -> None:
        self._expect(order, OrderPendingUpdate)
        ids = (order.instrument_id, order.client_order_id, order.venue_order_id)
        self.client.modify_order(
            messages.ModifyOrder(
                TRADER, order.strategy_id, *ids, quantity, price, trigger, UUID4(), 0, client_id=ClientId("OKX")
            )
        )

    def cancel(self, order: Order) -> None:
        self._expect(order, OrderPendingCancel)
        self.client.cancel_order(self._cancel(order))

    def cancel_batch(self, *orders: Order) -> None:
        for order in orders:
            self._expect(order, OrderPendingCancel)
        cancels = [self._cancel(order) for order in orders]
        self.client.batch_cancel_orders(
            messages.BatchCancelOrders(
                TRADER, STRATEGY, orders[0].instrument_id, cancels, UUID4(), 0, client_id=ClientId("OKX")
            )
        )

    def cancel_all(
        self, on: InstrumentId = SWAP, side: OrderSide = OrderSide.NO_ORDER_SIDE, strategy: StrategyId = STRATEGY
    ) -> None:
        self.client.cancel_all_orders(
            messages.CancelAllOrders(TRADER, strategy, on, side, UUID4(), 0, client_id=ClientId("OKX"))
        )

    def _expect(self, order: Order, kind: type) -> None:
        """What the strategy notes before such a command."""
        if order.is_open:
            ids = (TRADER, order.strategy_id, order.instrument_id, order.client_order_id, order.venue_order_id)
            order.apply(kind(*ids, self.client.account_id, UUID4(), 0, 0))
            self.cache.update_order(order)

    def _cancel(self, order: Order) -> messages.CancelOrder:
        ids = (order.instrument_id, order.client_order_id, order.venue_order_id)
        return messages.CancelOrder(TRADER, order.strategy_id, *ids, UUID4(), 0, client_id=ClientId("OKX"))

    # -- reports -----------------------------------------------------------------------------------

    async def order_reports(self, on: InstrumentId | None = None, open_only: bool = False) -> list[Any]:
        return await self.client.generate_order_status_reports(
            messages.GenerateOrderStatusReports(on, None, None, open_only, UUID4(), 0)
        )

    async def order_report(
        self, on: InstrumentId, client_id: ClientOrderId | None = None, venue_id: VenueOrderId | None = None
    ) -> Any:
        return await self.client.generate_order_status_report(
            messages.GenerateOrderStatusReport(on, client_id, venue_id, UUID4(), 0)
        )

    async def fill_reports(
        self, on: InstrumentId | None = None, venue_id: VenueOrderId | None = None, start: datetime | None = None
    ) -> list[Any]:
        return await self.client.generate_fill_reports(
            messages.GenerateFillReports(on, venue_id, start, None, UUID4(), 0)
        )

    async def position_reports(self, on: InstrumentId | None = None) -> list[Any]:
        return await self.client.generate_position_status_reports(
            messages.GeneratePositionStatusReports(on, None, None, UUID4(), 0)
        )

    # -- what happened -----------------------------------------------------------------------------

    def events(self, order: Order) -> list[Any]:
        return [event for event in self.engine.events if event.client_order_id == order.client_order_id]

    def names(self, order: Order) -> list[str]:
        """The order's events in their order: `["Submitted", "Accepted"]`."""
        return [type(event).__name__.removeprefix("Order") for event in self.events(order)]

    async def until(self, condition: Callable[[], Any], what: str = "condition") -> None:
        await self.engine.waiter.until(condition, what)

    async def told(self, order: Order, name: str, count: int = 1) -> Any:
        """Wait for the n-th event of a kind; the event."""
        try:
            await self.until(lambda: self.names(order).count(name) >= count, f"{name} of {order.client_order_id}")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.names(order)}") from None
        return [event for event in self.events(order) if type(event).__name__ == f"Order{name}"][count - 1]

    async def rests(self, *orders: Order) -> None:
        """Submit, and wait until each is accepted."""
        self.submit(*orders)
        for order in orders:
            await self.told(order, "Accepted")

    async def is_ready(self) -> None:
        """Wait until the native client has its sockets and has reconciled (the stock one does not tell)."""
        stats = getattr(self.client, "stats", None)
        await self.until_venue(lambda: stats is None or stats()["is_ready"], "a client that is ready")

    async def caught_up(self) -> None:
        """Wait until the client has read all the venue sent before: a new order makes its way there and back."""
        await self.is_ready()
        await self.rests(self.limit(away="0.006"))

    # -- the venue's side --------------------------------------------------------------------------

    def account(self) -> dict[str, Any]:
        """The account as the exchange has it."""
        state: dict[str, Any] = self.exchange.control("/control/account")
        return state

    def rest(self, path: str) -> list[dict[str, Any]]:
        """The rows of a public request of the test's own."""
        with urllib.request.urlopen(f"{self.exchange.rest_url}/api/v5{path}") as answer:
            rows: list[dict[str, Any]] = json.load(answer)["data"]
        return rows

    def script(self, op: str, **fields: Any) -> Any:
        return self.exchange.control("/control/script", {"op": f"account.{op}", **fields})

    def sent(self, op: str | None = None) -> list[dict[str, Any]]:
        """Order operations the client sent over WebSocket, in their order."""
        frames = [json.loads(e["text"]) for e in self.exchange.journal() if is_frame_in(e)]
        return [f for f in frames if f.get("op") not in SESSION_OPS and (op is None or f["op"] == op)]

    def requests(self, path: str = "", method: str = "") -> list[str]:
        """REST requests, `GET /api/v5/trade/orders-pending?…` with the body, in their order."""
        lines = [e["text"] for e in self.exchange.journal() if e["link"] == "rest" and e["direction"] == "in"]
        return [line for line in lines if f"/api/v5{path}" in line and line.startswith(method)]

    def frames(self, link: str = "private") -> list[str]:
        """Everything the client sent over a socket, in its order."""
        return [e["text"] for e in self.exchange.journal() if e["direction"] == "in" and e["link"] == link]

    def fault(self, what: dict[str, Any], on: dict[str, Any], when: dict[str, Any] | None = None) -> int:
        """Put a fault in place, once unless told otherwise; its number."""
        placed = self.exchange.inject({"on": on, "when": {"count": 1} if when is None else when, "what": what})
        return int(placed["id"])

    def answer(self, what: dict[str, Any], apply: bool = False, **on: Any) -> int:
        """Answer the next such request with this instead."""
        return self.fault({"kind": "reply", "apply": apply, **what}, {"class": "request", **on})

    def cut(self, link: str = "private") -> None:
        """End the sockets of a kind now."""
        self.fault({"kind": "cut", "how": "rst"}, {"link": link}, {"now": True, "count": 1})

    def fired(self, fault: int) -> int:
        """How often a fault acted."""
        return next(f["fired"] for f in self.exchange.control("/control/faults") if f["id"] == fault)

    async def until_venue(
        self, condition: Callable[[], Any], what: str = "condition", found: Callable[[], str] | None = None
    ) -> None:
        """Wait until the exchange's state meets a condition; it is asked again and again, for it does not call."""
        try:
            async with asyncio.timeout(DEADLINE_SECS):
                while not condition():  # noqa: ASYNC110 - the exchange tells only when asked
                    await asyncio.sleep(0.01)
        except TimeoutError:
            words = f": {found()}" if found is not None else ""
            raise AssertionError(f"{what} not met at the exchange within {DEADLINE_SECS:.0f} s{words}") from None


def is_frame_in(entry: dict[str, Any]) -> bool:
    return entry["direction"] == "in" and entry["link"] != "rest" and entry["text"].startswith("{")


def side_of(side: str) -> OrderSide:
    return OrderSide.BUY if side == "buy" else OrderSide.SELL


def stock_config(exchange: SimulatedExchange, **fields: Any) -> OKXExecClientConfig:
    return OKXExecClientConfig(
        **{
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
            "instrument_provider": InstrumentProviderConfig(load_all=True),
            "instrument_types": (OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
            "margin_mode": OKXMarginMode.CROSS,
            "base_url_http": exchange.rest_url,
            "base_url_ws": exchange.ws_private_url,
            "max_retries": 1,
            "retry_delay_initial_ms": 10,
            "retry_delay_max_ms": 20,
        }
        | fields
    )


@asynccontextmanager
async def stock_client(
    exchange: SimulatedExchange, restored: Iterable[Order] = (), **fields: Any
) -> AsyncIterator[ExecBench]:
    """The stock execution client of 1.231.0, connected."""
    # A closed client stays cancelled in the stock factory's cache (S55).
    stock_factories.get_cached_okx_http_client.cache_clear()
    stock_factories.get_cached_okx_instrument_provider.cache_clear()
    bench = ExecBench(exchange, OKXLiveExecClientFactory, stock_config(exchange, **fields), restored)
    await bench.connect()
    try:
        yield bench
    finally:
        await bench.disconnect()


def native_config(exchange: SimulatedExchange, **fields: Any) -> OKXNativeExecClientConfig:
    stock = stock_config(exchange)
    plain = {name: getattr(stock, name) for name in stock.__struct_fields__}
    return OKXNativeExecClientConfig(**plain | fields)


@asynccontextmanager
async def native_client(
    exchange: SimulatedExchange, restored: Iterable[Order] = (), **fields: Any
) -> AsyncIterator[ExecBench]:
    """The native execution client, connected."""
    bench = ExecBench(exchange, OKXNativeLiveExecClientFactory, native_config(exchange, **fields), restored)
    await bench.connect()
    try:
        yield bench
    finally:
        await bench.disconnect()
