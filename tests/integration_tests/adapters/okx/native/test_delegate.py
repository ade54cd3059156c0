"""`backend="python"`, mixtures of both back ends, and the kill switch."""

import pytest
from nautilus_trader.adapters.okx import factories as stock_factories
from nautilus_trader.adapters.okx.data import OKXDataClient
from nautilus_trader.adapters.okx.native import engage_kill_switch
from nautilus_trader.adapters.okx.providers import OKXInstrumentProvider
from nautilus_trader.model.data import OrderBookDelta, OrderBookDeltas, QuoteTick, TradeTick
from nautilus_trader.model.enums import BookType
from nautilus_trader.model.instruments import Instrument

from .support import SPOT, Bench, config_for, connected_client, running_node


@pytest.fixture(autouse=True)
def fresh_stock_caches():
    # A closed client stays cancelled in the stock factory's cache (S55).
    stock_factories.get_cached_okx_http_client.cache_clear()
    stock_factories.get_cached_okx_instrument_provider.cache_clear()
    yield
    engage_kill_switch(False)


async def test_with_every_method_python_the_delegate_is_all_there_is(exchange):
    async with running_node(exchange, backend="python", keys=True) as run:
        assert isinstance(run.client.delegate, OKXDataClient)
        assert isinstance(run.client.instrument_provider, OKXInstrumentProvider)
        assert run.client._native is None
        assert run.client.stats() is None
        assert set(run.client.backends.values()) == {"python"}

        run.strategy.subscribe_quote_ticks(SPOT)
        run.strategy.subscribe_trade_ticks(SPOT)
        run.strategy.subscribe_order_book_deltas(SPOT, BookType.L2_MBP)
        await run.strategy.receives(QuoteTick, SPOT)
        await run.strategy.receives(TradeTick, SPOT)
        await run.strategy.waiter.until(
            lambda: run.strategy.of(OrderBookDelta, SPOT) or run.strategy.of(OrderBookDeltas, SPOT)
        )


async def test_s18_the_stock_back_end_still_demands_keys(exchange):
    with pytest.raises(ValueError, match="OKX_API_KEY"):
        Bench(config_for(exchange, backend="python"))


async def test_with_every_method_native_no_stock_client_exists(exchange):
    async with connected_client(exchange) as bench:
        assert bench.client.delegate is None
        assert set(bench.client.backends.values()) == {"native"}
    assert stock_factories.get_cached_okx_http_client.cache_info().currsize == 0


async def test_a_method_moves_alone(exchange):
    backends = {"subscribe_trade_ticks": "python"}
    async with running_node(exchange, backends=backends, keys=True) as run:
        assert isinstance(run.client.delegate, OKXDataClient)
        assert run.client.backends["unsubscribe_trade_ticks"] == "python"
        run.strategy.subscribe_trade_ticks(SPOT)
        run.strategy.subscribe_quote_ticks(SPOT)
        await run.strategy.receives(TradeTick, SPOT)
        await run.strategy.receives(QuoteTick, SPOT)
        native = run.client._native.stream.subscriptions()
        assert [topic["channel"] for topic in native] == ["bbo-tbt", "instruments"]


async def test_instruments_come_once_when_both_back_ends_run(exchange):
    async with connected_client(exchange, backends={"trades": "python"}, keys=True) as bench:
        published = [instrument.id for instrument in bench.sink.of(Instrument)]
        assert len(published) == len(set(published))
        # They are the native ones: the stock limit of spot orders is an amount of USDT (S58).
        native = bench.client.instrument_provider.find(SPOT)
        assert bench.sink.of(Instrument, SPOT)[0].max_quantity == native.max_quantity


async def test_the_kill_switch_acts_at_the_next_connect(exchange):
    async with connected_client(exchange, keys=True) as bench:
        engage_kill_switch()
        assert bench.client.backends["subscribe_bars"] == "native", "frozen while connected"
        await bench.client._disconnect()
        await bench.connect()
        assert set(bench.client.backends.values()) == {"python"}
        assert isinstance(bench.client.delegate, OKXDataClient)


async def test_the_environment_decides_at_connect(exchange, monkeypatch):
    monkeypatch.setenv("OKX_NT_BACKEND_TRADES", "python")
    async with connected_client(exchange, keys=True) as bench:
        assert bench.client.backends["subscribe_trade_ticks"] == "python"
        assert bench.client.backends.route("request_trade_ticks").source == "environment OKX_NT_BACKEND_TRADES"


async def test_s55_a_client_reconnects_after_a_disconnect(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._disconnect()
        await bench.connect()
        assert bench.client.stats() is not None
