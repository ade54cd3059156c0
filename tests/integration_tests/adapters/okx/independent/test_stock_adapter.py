"""The stock adapter of nautilus_trader 1.231.0, on its own transport, against the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from nautilus_trader.adapters.okx import OKX_VENUE, OKXDataClientConfig, OKXLiveDataClientFactory
from nautilus_trader.adapters.okx import factories as stock_factories
from nautilus_trader.adapters.okx.native._okx import SimulatedExchange
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.data.messages import (
    RequestBars,
    SubscribeBars,
    SubscribeOrderBook,
    SubscribeQuoteTicks,
    SubscribeTradeTicks,
)
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import Bar, BarType, OrderBookDelta, OrderBookDeltas, QuoteTick, TradeTick
from nautilus_trader.model.enums import BookType
from nautilus_trader.model.identifiers import InstrumentId, TraderId
from nautilus_trader.model.instruments import Instrument

INSTRUMENT_ID = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
DEADLINE_SECS = 40


class Sink:
    """Stands where the data engine stands and keeps what the client publishes."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.items: list[Any] = []
        self.responses: list[Any] = []
        self.arrived = asyncio.Event()

    def process(self, item: Any) -> None:
        if isinstance(item, Instrument):
            self.cache.add_instrument(item)
        self.items.append(item)
        self.arrived.set()

    def response(self, response: Any) -> None:
        self.responses.append(response)
        self.arrived.set()

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind)]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_SECS):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture(scope="module")
def exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=12) as running:
        yield running


@pytest.fixture
async def stock(exchange: SimulatedExchange) -> AsyncIterator[tuple[Any, Sink]]:
    clock, cache = LiveClock(), Cache()
    msgbus = MessageBus(trader_id=TraderId("TESTER-001"), clock=clock)
    sink = Sink(cache)
    msgbus.register(endpoint="DataEngine.process", handler=sink.process)
    msgbus.register(endpoint="DataEngine.response", handler=sink.response)
    # A closed client stays cancelled in the stock factory's cache (S55).
    stock_factories.get_cached_okx_http_client.cache_clear()
    stock_factories.get_cached_okx_instrument_provider.cache_clear()
    config = OKXDataClientConfig(
        api_key=exchange.api_key,
        api_secret=exchange.api_secret,
        api_passphrase=exchange.api_passphrase,
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
        base_url_http=exchange.rest_url,
        base_url_ws=exchange.ws_public_url,
    )
    client = OKXLiveDataClientFactory.create(asyncio.get_running_loop(), "OKX", config, msgbus, cache, clock)
    await client._connect()
    yield client, sink
    await client._disconnect()


def command(kind: type, **fields: Any) -> Any:
    return kind(client_id=None, venue=OKX_VENUE, command_id=UUID4(), ts_init=0, **fields)


async def test_instruments(stock: tuple[Any, Sink]) -> None:
    _, sink = stock
    loaded = sink.of(Instrument)
    assert len(loaded) > 100
    assert INSTRUMENT_ID in {instrument.id for instrument in loaded}


async def test_book_is_never_crossed_and_its_sequence_grows(stock: tuple[Any, Sink]) -> None:
    client, sink = stock
    await client._subscribe_order_book_deltas(
        command(
            SubscribeOrderBook, instrument_id=INSTRUMENT_ID, book_data_type=OrderBookDelta, book_type=BookType.L2_MBP
        )
    )
    await sink.until(lambda: len(sink.of(OrderBookDeltas)) >= 20)
    book, sequence = OrderBook(INSTRUMENT_ID, BookType.L2_MBP), -1
    for deltas in sink.of(OrderBookDeltas):
        book.apply_deltas(deltas)
        assert deltas.sequence > sequence
        sequence = deltas.sequence
        assert book.best_bid_price() < book.best_ask_price()


async def test_trades_and_quotes(stock: tuple[Any, Sink]) -> None:
    client, sink = stock
    await client._subscribe_trade_ticks(command(SubscribeTradeTicks, instrument_id=INSTRUMENT_ID))
    await client._subscribe_quote_ticks(command(SubscribeQuoteTicks, instrument_id=INSTRUMENT_ID))
    await sink.until(lambda: len(sink.of(TradeTick)) >= 5 and len(sink.of(QuoteTick)) >= 5)
    ids = [trade.trade_id.value for trade in sink.of(TradeTick)]
    assert len(ids) == len(set(ids))
    assert all(quote.bid_price < quote.ask_price for quote in sink.of(QuoteTick))


async def test_candles_live_and_requested(stock: tuple[Any, Sink]) -> None:
    client, sink = stock
    live = BarType.from_str(f"{INSTRUMENT_ID}-1-SECOND-LAST-EXTERNAL")
    await client._subscribe_bars(command(SubscribeBars, bar_type=live))
    await sink.until(lambda: len(sink.of(Bar)) >= 3)
    assert all(bar.low <= min(bar.open, bar.close) for bar in sink.of(Bar))
    history = BarType.from_str(f"{INSTRUMENT_ID}-1-MINUTE-LAST-EXTERNAL")
    await client._request_bars(
        RequestBars(
            bar_type=history,
            start=None,
            end=None,
            limit=50,
            client_id=None,
            venue=OKX_VENUE,
            callback=lambda _: None,
            request_id=UUID4(),
            ts_init=0,
            params=None,
        )
    )
    await sink.until(lambda: bool(sink.responses))
    bars = sink.responses[-1].data
    assert len(bars) >= 49
    times = [bar.ts_event for bar in bars]
    assert times == sorted(set(times))
