"""F69: instruments that expire, are delisted, renamed or listed again while somebody is subscribed to them."""

import json
import time
import urllib.request
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient, OKXOpenInterest, SimulatedExchange, endings
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.model.data import BarType, DataType, TradeTick
from nautilus_trader.model.identifiers import ClientId, InstrumentId
from nautilus_trader.model.instruments import Instrument

from .support import SWAP, Log, Running, connected_client, running_node

ETH = InstrumentId.from_str("ETH-USDT-SWAP.OKX")
TOPIC = {"channel": "instruments", "instType": "SWAP"}
UNTOLD = {"on": {"class": "push", "channel": "instruments"}, "what": {"kind": "hold", "how": "drop"}}
"""The exchange says nothing on the `instruments` channel."""


def script(exchange: SimulatedExchange, op: str, **fields: Any) -> Any:
    return exchange.control("/control/script", {"op": op, **fields})


def listen(run: Running) -> Log:
    """What the native back end says from here on."""
    log = Log()
    assert run.client._native is not None
    run.client._native.log = log
    return log


async def follow_all(run: Running, instrument_id: InstrumentId) -> None:
    """Subscribe what there is of an instrument, and wait until the venue knows."""
    strategy, inst_id = run.strategy, instrument_id.symbol.value
    strategy.subscribe_trade_ticks(instrument_id)
    strategy.subscribe_quote_ticks(instrument_id)
    strategy.subscribe_order_book_deltas(instrument_id)
    strategy.subscribe_bars(BarType.from_str(f"{instrument_id}-1-MINUTE-LAST-EXTERNAL"))
    strategy.subscribe_funding_rates(instrument_id)
    strategy.subscribe_data(
        DataType(OKXOpenInterest, metadata={"instrument_id": instrument_id}), client_id=ClientId("OKX")
    )
    channels = {"trades", "bbo-tbt", "books", "candle1m", "funding-rate", "open-interest"}
    await run.until_topics(lambda topics: channels <= channels_of(topics, inst_id), f"all of {inst_id}")
    await run.topic_is_live(TOPIC)


def channels_of(topics: list[dict[str, str]], inst_id: str) -> set[str]:
    return {topic["channel"] for topic in topics if topic.get("instId") == inst_id}


async def ended(run: Running, inst_id: str) -> None:
    await run.until_topics(lambda topics: not channels_of(topics, inst_id), f"the end of {inst_id}")


async def loaded(run: Running, instrument_id: InstrumentId) -> None:
    """Wait until the engine has the instrument."""
    await run.until_topics(lambda _: run.cache.instrument(instrument_id) is not None, f"{instrument_id} in the cache")


def price_step(run: Running, instrument_id: InstrumentId) -> str:
    return str(run.cache.instrument(instrument_id).price_increment)


async def test_f69_the_feeds_of_an_expired_instrument_end_and_the_user_is_told(own_exchange):
    async with running_node(own_exchange) as run:
        log = listen(run)
        await follow_all(run, ETH)
        run.strategy.subscribe_trade_ticks(SWAP)
        await run.topic_is_live({"channel": "trades", "instId": "BTC-USDT-SWAP"})
        script(own_exchange, "expire", instId="ETH-USDT-SWAP")
        await ended(run, "ETH-USDT-SWAP")
        (said,) = log.at("error")
        assert "ETH-USDT-SWAP.OKX has expired or was delisted at OKX: its feeds have ended" in said
        for feed in ("OKXOpenInterest", "bars", "funding_rates", "order_book_deltas", "quote_ticks", "trade_ticks"):
            assert feed in said
        # The client does not count them as subscribed any more, and what the strategy undoes later harms nobody.
        assert ETH not in run.client.subscribed_trade_ticks()
        run.strategy.unsubscribe_trade_ticks(ETH)
        # A subscription of what has ended is refused in words.
        run.strategy.subscribe_mark_prices(ETH)
        own_exchange.control("/control/script", {"op": "trade", "instId": "BTC-USDT-SWAP", "side": "buy", "sz": "1"})
        await run.strategy.receives(TradeTick, SWAP)
        assert run.client.subscribed_mark_prices() == []
        assert log.at("error") == [said]
        run.strategy.unsubscribe_trade_ticks(SWAP)
        await ended(run, "BTC-USDT-SWAP")


async def test_f69_a_new_name_is_loaded_and_told(own_exchange):
    async with running_node(own_exchange) as run:
        log = listen(run)
        await follow_all(run, ETH)
        row = swap_row(own_exchange, "ETH-USDT-SWAP")
        script(own_exchange, "expire", instId="ETH-USDT-SWAP")
        script(
            own_exchange, "list", instId="ETHER-USDT-SWAP", set={**row, "instId": "ETHER-USDT-SWAP", "state": "rebase"}
        )
        renamed = InstrumentId.from_str("ETHER-USDT-SWAP.OKX")
        await log.waiter.until(lambda: log.at("warning"), "the new name")
        assert log.at("warning") == [f"{ETH} goes on as {renamed}: subscribe and trade it by its new name"]
        await loaded(run, renamed)
        run.strategy.subscribe_trade_ticks(renamed)
        await run.topic_is_live({"channel": "trades", "instId": "ETHER-USDT-SWAP"})
        script(own_exchange, "trade", instId="ETHER-USDT-SWAP", side="buy", sz="1")
        await run.strategy.receives(TradeTick, renamed)


async def test_f69_what_is_listed_again_can_be_subscribed_again(own_exchange):
    async with running_node(own_exchange) as run:
        listen(run)
        run.strategy.subscribe_trade_ticks(ETH)
        await run.topic_is_live({"channel": "trades", "instId": "ETH-USDT-SWAP"})
        await run.topic_is_live(TOPIC)
        row = swap_row(own_exchange, "ETH-USDT-SWAP")
        script(own_exchange, "expire", instId="ETH-USDT-SWAP")
        await ended(run, "ETH-USDT-SWAP")
        script(own_exchange, "list", instId="ETH-USDT-SWAP", set={**row, "instIdCode": 987_654, "tickSz": "0.5"})
        await run.until_topics(lambda _: price_step(run, ETH) == "0.5", "the instrument again")
        run.strategy.subscribe_trade_ticks(ETH)
        await run.topic_is_live({"channel": "trades", "instId": "ETH-USDT-SWAP"})


async def test_f69_a_reload_finds_what_is_listed_no_longer(own_exchange):
    async with running_node(own_exchange, update_instruments_interval_mins=60) as run:
        log = listen(run)
        run.strategy.subscribe_trade_ticks(ETH)
        await run.topic_is_live({"channel": "trades", "instId": "ETH-USDT-SWAP"})
        own_exchange.inject(UNTOLD)
        script(own_exchange, "expire", instId="ETH-USDT-SWAP")
        assert run.client._refresher is not None
        await run.client._refresher.refresh()
        await ended(run, "ETH-USDT-SWAP")
        assert log.at("error") == [f"{ETH} is listed no longer at OKX: its feeds have ended (trade_ticks)"]


async def test_f69_an_expiry_nobody_announces_is_noticed_by_its_time(own_exchange, monkeypatch):
    monkeypatch.setattr(endings, "GRACE_SECS", 0.1)
    rows = await OkxHttpClient(base_url=own_exchange.rest_url).instruments("FUTURES", inst_family="BTC-USD")
    inst_id = rows[-1]["inst_id"]
    future = InstrumentId.from_str(f"{inst_id}.OKX")
    soon = int(time.time() * 1000) + 4_000
    script(own_exchange, "change", instId=inst_id, set={"expTime": str(soon)})
    own_exchange.inject(UNTOLD)
    types = {"instrument_types": (OKXInstrumentType.FUTURES,), "instrument_families": ("BTC-USD",)}
    async with running_node(own_exchange, **types) as run:
        log = listen(run)
        run.strategy.subscribe_trade_ticks(future)
        await run.topic_is_live({"channel": "trades", "instId": inst_id})
        assert log.at("error") == []
        await ended(run, inst_id)
        assert log.at("error") == [f"{future} has expired at OKX: its feeds have ended (trade_ticks)"]


async def test_f69_the_lists_are_followed_only_while_there_is_a_feed(own_exchange):
    async with running_node(own_exchange) as run:
        run.strategy.subscribe_trade_ticks(ETH)
        run.strategy.subscribe_quote_ticks(ETH)
        await run.topic_is_live(TOPIC)
        run.strategy.unsubscribe_trade_ticks(ETH)
        await run.topic_is_gone({"channel": "trades", "instId": "ETH-USDT-SWAP"})
        assert run.topic_live(TOPIC)
        run.strategy.unsubscribe_quote_ticks(ETH)
        await run.topic_is_gone(TOPIC)


def swap_row(exchange: SimulatedExchange, inst_id: str) -> dict[str, Any]:
    """The row of a swap as the exchange lists it."""
    url = f"{exchange.rest_url}/api/v5/public/instruments?instType=SWAP&instId={inst_id}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        row: dict[str, Any] = json.load(answer)["data"][0]
    return row


@pytest.mark.parametrize("inst_type", ["SPOT", "MARGIN"])
async def test_f69_a_pair_ends_with_its_own_type_only(own_exchange, inst_type):
    async with running_node(own_exchange) as run:
        assert run.client._endings is not None
        pair = InstrumentId.from_str("BTC-USDT.OKX")
        run.client._endings.expired("BTC-USDT", inst_type)
        assert run.client._native is not None
        assert (run.client._native.provider.find(pair) is None) == (inst_type == "SPOT")


@pytest.mark.parametrize("loader", ["native", "python"])
async def test_changes_of_instruments_come_from_who_loads_them(own_exchange, loader):
    async with connected_client(own_exchange, backends={"load_instruments": loader}, keys=True) as bench:
        native = bench.client._native
        seen = len(bench.sink.of(Instrument, ETH))
        change = {"instType": "SWAP", "instId": "ETH-USDT-SWAP", "tickSz": "0.5"}
        native.row_handlers["instruments"](change)
        assert str(native.provider.find(ETH).price_increment) == "0.5"
        assert len(bench.sink.of(Instrument, ETH)) - seen == (1 if loader == "native" else 0)
