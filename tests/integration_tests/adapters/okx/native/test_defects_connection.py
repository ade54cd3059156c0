"""S50 to S61: connection and configuration defects of the stock adapter that concern data."""

from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import OkxConnectionError, OkxError
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.data.messages import SubscribeQuoteTicks, SubscribeTradeTicks
from nautilus_trader.model.data import QuoteTick, TradeTick
from nautilus_trader.model.identifiers import ClientId

from .support import SPOT, SWAP, Bench, config_for, connected_client, topics_of, until_topics


def command(cls, instrument_id):
    return cls(instrument_id=instrument_id, client_id=ClientId("OKX"), venue=None, command_id=UUID4(), ts_init=0)


async def test_s50_a_refused_login_fails_with_its_code(own_exchange):
    fields = {"api_key": own_exchange.api_key, "api_secret": "wrong", "api_passphrase": own_exchange.api_passphrase}
    bench = Bench(config_for(own_exchange, **fields))
    await bench.connect()  # public data works all the same
    stream = bench.client._native.stream
    with pytest.raises(OkxError) as raised:
        await stream.subscribe_book_deltas(SPOT, 0, "books-l2-tbt")
    await bench.client._disconnect()
    assert raised.value.code != 0
    assert "wrong" not in str(raised.value)


async def test_s51_an_upgrade_notice_moves_the_subscriptions_before_the_close(own_exchange):
    async with connected_client(own_exchange) as bench:
        await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SPOT))
        await bench.sink.receives(TradeTick, SPOT)
        own_exchange.inject(
            {
                "on": {"link": "public"},
                "when": {"now": True, "count": 1},
                "what": {"kind": "notice", "close_after_ms": 60_000},
            }
        )
        # A second connection takes over while the first one still lives.
        await bench.sink.waiter.until(lambda: bench.client.stats()["links"]["public"]["connects"] >= 2)
        seen = len(bench.sink.of(TradeTick))
        await bench.sink.receives(TradeTick, SPOT, count=seen + 2)
        topic = {"channel": "trades", "instId": "BTC-USDT"}
        await until_topics(own_exchange, lambda topics: topics.count(topic) == 1, "one subscription")


async def test_s54_resubscribing_takes_few_frames(own_exchange):
    async with connected_client(own_exchange) as bench:
        ids = [i.id for i in bench.client.instrument_provider.list_all()][:60]
        for instrument_id in ids:
            await bench.client._subscribe_quote_ticks(command(SubscribeQuoteTicks, instrument_id))
        count = len(ids) + 1  # and the list they stand in
        assert len(topics_of(own_exchange)) == count
        bench.client._native.stream.force_reconnect("public")
        await bench.sink.waiter.until(lambda: bench.client.stats()["links"]["public"]["connects"] >= 2)
        await until_topics(own_exchange, lambda topics: len(topics) == count, "all topics again")
        last = own_exchange.control("/control/state")["connections"][-1]
        assert last["ops_last_hour"] <= 5


async def test_s55_a_closed_client_connects_again(own_exchange):
    async with connected_client(own_exchange) as bench:
        await bench.client._disconnect()
        await bench.connect()
        await bench.client._subscribe_quote_ticks(command(SubscribeQuoteTicks, SWAP))
        await bench.sink.receives(QuoteTick, SWAP)


async def test_s59_default_addresses_use_the_standard_port():
    from nautilus_trader.adapters.okx.native import OkxWebSocketClient

    for region in ("global", "eea", "us"):
        for kind in ("public", "business", "private"):
            url = OkxWebSocketClient(kind=kind, region=region).url
            assert url.startswith("wss://")
            assert ":8443" not in url


async def test_s60_instruments_are_reloaded_and_changes_published(own_exchange):
    from nautilus_trader.adapters.okx.native.refresh import InstrumentRefresher
    from nautilus_trader.model.instruments import Instrument

    async with connected_client(own_exchange, update_instruments_interval_mins=60) as bench:
        assert bench.client._refresher is not None
        refresher = InstrumentRefresher(bench.client._native, 60)
        before = len(bench.sink.of(Instrument))
        assert await refresher.refresh() == 0, "nothing changed, nothing is published"
        assert len(bench.sink.of(Instrument)) == before

        bench.client._native.provider.merge("BTC-USDT", {"tick_sz": Decimal("0.5")})
        assert await refresher.refresh() == 1
        assert bench.sink.of(Instrument)[-1].id == SPOT


async def test_s61_what_the_transport_says_goes_to_the_clients_logger(own_exchange):
    async with connected_client(own_exchange) as bench:
        bench.client._native.stream.force_reconnect("public")
        await bench.log.waiter.until(lambda: bench.log.lines, "a line about the reconnect")


async def test_an_unreachable_host_is_one_sentence_with_what_to_do(own_exchange):
    config = config_for(own_exchange, base_url_ws="ws://127.0.0.1:9/ws/v5/public", connect_timeout_secs=3.0)
    bench = Bench(config)
    with pytest.raises(OkxConnectionError) as raised:
        await bench.connect()
    assert "127.0.0.1:9" in str(raised.value)
    assert raised.value.advice
    assert bench.client._native is None
    await bench.client._disconnect()


async def test_an_unreachable_rest_host_is_an_okx_error(own_exchange):
    bench = Bench(config_for(own_exchange, base_url_http="http://127.0.0.1:9", max_retries=1))
    with pytest.raises(OkxError) as raised:
        await bench.connect()
    assert raised.value.advice
    await bench.client._disconnect()
