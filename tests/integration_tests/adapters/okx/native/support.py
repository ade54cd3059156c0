"""A recording strategy in a real TradingNode, and a recording sink in place of the data engine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nautilus_trader.adapters.okx.native import (
    OKXNativeDataClient,
    OKXNativeDataClientConfig,
    OKXNativeLiveDataClientFactory,
    SimulatedExchange,
)
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.config import LiveDataEngineConfig, LoggingConfig, StrategyConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.live.factories import LiveDataClientFactory
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.identifiers import InstrumentId, TraderId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.trading.strategy import Strategy

DEADLINE_SECS = 40.0
TEST_DATA = Path(__file__).parents[5] / "crates/adapters/okx/test_data"

SPOT = InstrumentId.from_str("BTC-USDT.OKX")
SWAP = InstrumentId.from_str("BTC-USDT-SWAP.OKX")


class Waiter:
    """Something arrives now and then; a test waits until what arrived suffices."""

    def __init__(self) -> None:
        self._arrived = asyncio.Event()

    def wake(self) -> None:
        self._arrived.set()

    async def until(self, condition: Callable[[], Any], what: str = "condition") -> None:
        """Return once `condition()` holds; it is looked at after every arrival."""
        try:
            async with asyncio.timeout(DEADLINE_SECS):
                while not condition():
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise AssertionError(f"{what} not met within {DEADLINE_SECS:.0f} s") from None


class RecorderConfig(StrategyConfig, frozen=True):
    """Nothing to configure: tests drive the strategy from outside."""


class Recorder(Strategy):  # type: ignore[misc]
    """Keeps everything it is given, in order of arrival."""

    def __init__(self, config: RecorderConfig | None = None) -> None:
        super().__init__(config or RecorderConfig())
        self.items: list[Any] = []
        self.history: list[Any] = []
        self.chains: list[Any] = []
        self.done: list[Any] = []
        self.waiter = Waiter()

    def of(self, kind: type, instrument_id: InstrumentId | None = None) -> list[Any]:
        """What arrived of a class, for one instrument if given."""
        found = [item for item in self.items if isinstance(item, kind)]
        return [i for i in found if instrument_id is None or id_of(i) == instrument_id]

    def finished(self, request_id: Any) -> None:
        """Callback of requests."""
        self.done.append(request_id)
        self.waiter.wake()

    async def answered(self, request_id: Any) -> None:
        """Wait for the response of a request."""
        await self.waiter.until(lambda: request_id in self.done, f"answer to request {request_id}")

    async def receives(self, kind: type, instrument_id: InstrumentId | None = None, count: int = 1) -> list[Any]:
        """Wait for `count` items of a class."""
        await self.waiter.until(lambda: len(self.of(kind, instrument_id)) >= count, f"{count} {kind.__name__}")
        return self.of(kind, instrument_id)

    def _keep(self, item: Any) -> None:
        self.items.append(item)
        self.waiter.wake()

    def on_historical_data(self, data: Any) -> None:
        self.history.append(data)
        self.waiter.wake()

    on_instrument = on_instrument_status = on_order_book = on_order_book_deltas = on_order_book_depth = _keep
    on_quote_tick = on_trade_tick = on_bar = on_mark_price = on_index_price = on_funding_rate = _keep
    on_option_greeks = on_data = _keep

    def on_option_chain(self, chain: Any) -> None:
        self.chains.append(chain)
        self.waiter.wake()


def id_of(item: Any) -> InstrumentId | None:
    """The instrument an item is about."""
    if isinstance(item, Instrument):
        return item.id
    if hasattr(item, "bar_type"):
        return item.bar_type.instrument_id
    return getattr(item, "instrument_id", None)


def config_for(exchange: SimulatedExchange, **fields: Any) -> OKXNativeDataClientConfig:
    """A config of the native client for a simulated exchange; without keys unless `keys=True`."""
    fields = dict(fields)
    if fields.pop("keys", False):
        fields |= {
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
        }
    return OKXNativeDataClientConfig(
        **{
            "instrument_provider": InstrumentProviderConfig(load_all=True),
            "instrument_types": (OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
            "base_url_http": exchange.rest_url,
            "base_url_ws": exchange.ws_public_url,
            "http_timeout_secs": 10,
            "retry_delay_initial_ms": 50,
            "retry_delay_max_ms": 200,
            "update_instruments_interval_mins": None,
        }
        | fields
    )


class Running:
    """A node that runs: its client and its strategies."""

    def __init__(
        self,
        exchange: SimulatedExchange,
        node: TradingNode,
        client: OKXNativeDataClient,
        strategies: list[Recorder],
    ) -> None:
        self.node = node
        self.client = client
        self.strategies = strategies
        self.strategy = strategies[0]
        self.cache = node.cache
        self._exchange = exchange

    def topics(self) -> list[dict[str, str]]:
        """What the venue has subscribed, over all connections."""
        return topics_of(self._exchange)

    def topic_live(self, topic: dict[str, str]) -> bool:
        return topic in self.topics()

    async def topic_is_live(self, topic: dict[str, str]) -> None:
        await self.until_topics(lambda topics: topic in topics, f"{topic} subscribed at the venue")

    async def topic_is_gone(self, topic: dict[str, str]) -> None:
        await self.until_topics(lambda topics: topic not in topics, f"{topic} gone at the venue")

    async def until_topics(self, condition: Callable[[list[dict[str, str]]], bool], what: str) -> None:
        await until_topics(self._exchange, condition, what)


@asynccontextmanager
async def running_node(
    exchange: SimulatedExchange, strategies: int = 1, buffer_deltas: bool = False, **fields: Any
) -> AsyncIterator[Running]:
    """A TradingNode on the simulated exchange, from its start to its disposal."""
    node = TradingNode(
        TradingNodeConfig(
            trader_id="TESTER-001",
            logging=LoggingConfig(log_level="OFF"),
            data_engine=LiveDataEngineConfig(buffer_deltas=buffer_deltas),
            data_clients={"OKX": config_for(exchange, **fields)},
            timeout_connection=20.0,
            timeout_disconnection=10.0,
            timeout_post_stop=0.1,
        ),
        loop=asyncio.get_running_loop(),
    )
    clients: list[OKXNativeDataClient] = []

    class Factory(LiveDataClientFactory):  # type: ignore[misc]
        """Keeps the client for the test."""

        @staticmethod
        def create(*args: Any, **kwargs: Any) -> OKXNativeDataClient:
            clients.append(OKXNativeLiveDataClientFactory.create(*args, **kwargs))
            return clients[-1]

    node.add_data_client_factory("OKX", Factory)
    recorders = [Recorder(RecorderConfig(order_id_tag=f"{n:03}")) for n in range(strategies)]
    for recorder in recorders:
        node.trader.add_strategy(recorder)
    node.build()
    run = asyncio.create_task(node.run_async())
    try:
        async with asyncio.timeout(DEADLINE_SECS):
            while not all(recorder.is_running for recorder in recorders):
                if run.done():
                    await run
                await asyncio.sleep(0.01)  # the node has no event for "strategies are running"
        yield Running(exchange, node, clients[0], recorders)
    finally:
        await node.stop_async()
        await run
        node.kernel.dispose()  # node.dispose() would stop the loop of the test


def topics_of(exchange: SimulatedExchange) -> list[dict[str, str]]:
    """The subscriptions of all connections to the exchange."""
    state = exchange.control("/control/state")
    return [json.loads(topic) for connection in state["connections"] for topic in connection["topics"]]


async def until_topics(
    exchange: SimulatedExchange, condition: Callable[[list[dict[str, str]]], bool], what: str
) -> None:
    """Wait until the exchange's subscriptions meet a condition."""
    async with asyncio.timeout(DEADLINE_SECS):
        while not condition(topics_of(exchange)):  # noqa: ASYNC110 - the exchange tells only when asked
            await asyncio.sleep(0.02)


def push(exchange: SimulatedExchange, topic: dict[str, str], rows: list[Any], **fields: Any) -> None:
    """Send one push to every client of the topic's socket, as if the venue had something to say."""
    frame = json.dumps({"arg": topic, **fields, "data": rows})
    business = topic["channel"].startswith(("candle", "mark-price-candle", "index-candle", "trades-all"))
    exchange.inject(
        {
            "on": {"link": "business" if business else "public"},
            "when": {"now": True, "count": 1},
            "what": {"kind": "inject", "payload": {"text": frame}},
        }
    )


class Log:
    """Stands where a component's logger stands and keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.waiter = Waiter()

    def _write(self, level: str, message: object) -> None:
        self.lines.append((level, str(message)))
        self.waiter.wake()

    def debug(self, message: object, *_: Any) -> None:
        self._write("debug", message)

    def info(self, message: object, *_: Any) -> None:
        self._write("info", message)

    def warning(self, message: object, *_: Any) -> None:
        self._write("warning", message)

    def error(self, message: object, *_: Any) -> None:
        self._write("error", message)

    def exception(self, message: object, error: BaseException) -> None:
        self._write("error", f"{message}: {error!r}")

    def at(self, level: str) -> list[str]:
        return [line for at, line in self.lines if at == level]


class Sink:
    """Stands where the data engine stands and keeps what a client publishes."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.responses: list[Any] = []
        self.waiter = Waiter()

    def process(self, item: Any) -> None:
        self.items.append(item)
        self.waiter.wake()

    def response(self, response: Any) -> None:
        self.responses.append(response)
        self.waiter.wake()

    def of(self, kind: type, instrument_id: InstrumentId | None = None) -> list[Any]:
        found = [item for item in self.items if isinstance(item, kind)]
        return [i for i in found if instrument_id is None or id_of(i) == instrument_id]

    async def receives(self, kind: type, instrument_id: InstrumentId | None = None, count: int = 1) -> list[Any]:
        await self.waiter.until(lambda: len(self.of(kind, instrument_id)) >= count, f"{count} {kind.__name__}")
        return self.of(kind, instrument_id)


class Bench:
    """A client without a node: hooks are awaited directly, so that what they raise is seen."""

    def __init__(self, config: OKXNativeDataClientConfig) -> None:
        self.sink = Sink()
        self.clock, self.cache = LiveClock(), Cache()
        self.msgbus = MessageBus(trader_id=TraderId("TESTER-001"), clock=self.clock)
        self.msgbus.register(endpoint="DataEngine.process", handler=self.sink.process)
        self.msgbus.register(endpoint="DataEngine.response", handler=self.sink.response)
        self.client = OKXNativeLiveDataClientFactory.create(
            asyncio.get_running_loop(), "OKX", config, self.msgbus, self.cache, self.clock
        )
        self.log = Log()

    async def connect(self) -> None:
        await self.client._connect()
        # From here on, what the native back end says goes to the test.
        if self.client._native is not None:
            self.client._native.log = self.log
            self.client._native.params._warn = self.log.warning


@asynccontextmanager
async def connected_client(exchange: SimulatedExchange, **fields: Any) -> AsyncIterator[Bench]:
    """A connected client on the simulated exchange."""
    bench = Bench(config_for(exchange, **fields))
    await bench.connect()
    try:
        yield bench
    finally:
        await bench.client._disconnect()
