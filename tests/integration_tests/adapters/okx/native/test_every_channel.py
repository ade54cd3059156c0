"""Every market channel, through `OkxWebSocketClient` and as rows of the data client: each one pushes."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import (
    OkxHttpClient,
    OkxSubscriptionError,
    OkxWebSocketClient,
    SimulatedExchange,
)

from .support import Waiter, connected_client

SWAP = {"instId": "BTC-USDT-SWAP"}
INDEX = {"instId": "BTC-USDT"}
SPREAD = {"sprdId": ""}
Topic = dict[str, str]

PUBLIC = {
    "books": SWAP,
    "books5": SWAP,
    "bbo-tbt": SWAP,
    "books-rpi": SWAP,
    "books-l2-tbt": {"instId": "ETH-USDT"},
    "books50-l2-tbt": {"instId": "SOL-USDT"},
    "trades": SWAP,
    "option-trades": {"instType": "OPTION", "instFamily": "BTC-USD"},
    "tickers": SWAP,
    "instruments": {"instType": "SPOT"},
    "mark-price": SWAP,
    "funding-rate": SWAP,
    "open-interest": SWAP,
    "price-limit": SWAP,
    "index-tickers": INDEX,
    "estimated-price": {"instType": "FUTURES", "instFamily": "BTC-USD"},
    "liquidation-orders": {"instType": "SWAP"},
    "adl-warning": {"instType": "SWAP"},
    "opt-summary": {"instFamily": "BTC-USD"},
    "status": {},
    "call-auction-details": {"instId": "ETH-USDC"},
    "event-contract-markets": {"instType": "EVENTS"},
}
BUSINESS = {
    "trades-all": SWAP,
    "block-tickers": SWAP,
    "public-block-trades": SWAP,
    "public-struc-block-trades": {},
    "economic-calendar": {},
    "candle1s": SWAP,
    "mark-price-candle1m": SWAP,
    "index-candle1m": INDEX,
    "sprd-tickers": SPREAD,
    "sprd-books5": SPREAD,
    "sprd-books-l2-tbt": SPREAD,
    "sprd-bbo-tbt": SPREAD,
    "sprd-public-trades": SPREAD,
    "sprd-candle1m": SPREAD,
}
ROWS = [
    "option-trades",
    "estimated-price",
    "adl-warning",
    "call-auction-details",
    "event-contract-markets",
    "economic-calendar",
    "block-tickers",
    "public-struc-block-trades",
    "public-block-trades",
    "sprd-public-trades",
    "sprd-tickers",
    "books5",
    "tickers",
    "mark-price-candle1m",
]
"""Channels Nautilus has no object for."""

HALF_HOUR_MS = 1_800_000


async def news(exchange: SimulatedExchange) -> list[dict[str, Any]]:
    """What has to happen for the channels to speak that are silent on an ordinary day."""
    rest = OkxHttpClient(base_url=exchange.rest_url)
    future = (await rest.instruments("FUTURES", inst_family="BTC-USD"))[0]["inst_id"]
    options = await rest.instruments("OPTION", inst_family="BTC-USD")
    event = (await rest.instruments("EVENTS", series_id="BTC-ABOVE-DAILY"))[0]["inst_id"]
    soon = int(time.time() * 1000) + HALF_HOUR_MS // 2
    return [
        {"op": "change", "instId": future, "set": {"expTime": str(soon)}},
        {"op": "trade", "instId": options[-1]["inst_id"], "side": "buy", "sz": "1"},
        {"op": "state", "instId": "SOL-USDT", "state": "suspend"},
        {"op": "adl", "instType": "SWAP", "instFamily": "BTC-USDT"},
        {"op": "status"},
        {"op": "auction", "instId": "ETH-USDC"},
        {"op": "event", "instId": event, "state": "settling"},
        {"op": "liquidation", "instId": "BTC-USDT-SWAP"},
        {"op": "calendar", "actual": "49.2"},
        {"op": "spread", "sprdId": await spread(exchange)},
    ]


async def spread(exchange: SimulatedExchange) -> str:
    rows = await OkxHttpClient(base_url=exchange.rest_url).request("sprd-spreads")
    return str(rows[0]["sprd_id"])


async def topics_for(exchange: SimulatedExchange, channels: dict[str, Topic]) -> list[Topic]:
    """The topics, with a real spread where one is needed."""
    named = {"sprdId": await spread(exchange)}
    return [{"channel": name, **(named if "sprdId" in more else more)} for name, more in channels.items()]


def keep(messages: dict[str, Any], waiter: Waiter) -> Callable[[dict[str, Any]], None]:
    def on_message(message: dict[str, Any]) -> None:
        if message.get("data"):
            messages.setdefault(message["arg"]["channel"], message)
            waiter.wake()

    return on_message


@pytest.mark.parametrize(("kind", "channels"), [("public", PUBLIC), ("business", BUSINESS)], ids=["public", "business"])
async def test_every_market_channel_is_served(vip_exchange, kind, channels):
    messages: dict[str, Any] = {}
    waiter = Waiter()
    client = OkxWebSocketClient(
        vip_exchange.ws_public_url.replace("/public", f"/{kind}"),
        kind=kind,
        callback=keep(messages, waiter),
        api_key=vip_exchange.api_key,
        api_secret=vip_exchange.api_secret,
        api_passphrase=vip_exchange.api_passphrase,
    )
    await client.connect()
    topics = await topics_for(vip_exchange, channels)
    await asyncio.gather(*(client.subscribe(topic) for topic in topics))
    for command in await news(vip_exchange):
        vip_exchange.control("/control/script", command)
    await waiter.until(lambda: set(channels) <= set(messages), f"a push of {', '.join(channels)}")
    for name, message in messages.items():
        assert message["data"], name
        asked = next(topic for topic in topics if topic["channel"] == name)
        assert asked.items() <= message["arg"].items()
    await client.close()


async def test_rows_of_every_channel_without_an_object_arrive(vip_exchange):
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ROWS}
    waiter = Waiter()

    def taker(name: str) -> Callable[[dict[str, Any]], None]:
        def take(row: dict[str, Any]) -> None:
            rows[name].append(row)
            waiter.wake()

        return take

    async with connected_client(vip_exchange, keys=True) as bench:
        native = bench.client._native
        native.row_handlers |= {name: taker(name) for name in ROWS}
        wanted = {name: topic for name, topic in (PUBLIC | BUSINESS).items() if name in ROWS}
        topics = await topics_for(vip_exchange, wanted)
        await asyncio.gather(*(native.stream.subscribe_rows(topic) for topic in topics))
        for command in await news(vip_exchange):
            vip_exchange.control("/control/script", command)
        await waiter.until(lambda: all(rows.values()), "a row of each channel")
        for name, key, value in (
            ("adl-warning", "state", "warning"),
            ("call-auction-details", "state", "call_auction"),
            ("event-contract-markets", "state", "settling"),
            ("economic-calendar", "actual", "49.2"),
            ("estimated-price", "settleType", "delivery"),
            ("public-block-trades", "instId", "BTC-USDT-SWAP"),
            ("option-trades", "instFamily", "BTC-USD"),
        ):
            assert rows[name][0][key] == value, rows[name][0]
        assert len(rows["public-struc-block-trades"][0]["legs"]) == 2
        assert rows["sprd-public-trades"][0]["side"] in ("buy", "sell")
        for topic in topics:
            await native.stream.unsubscribe_rows(topic)
        assert native.stream.subscriptions() == []
        assert bench.log.at("error") == []


async def test_a_channel_that_has_ended_is_refused_in_words(exchange):
    client = OkxWebSocketClient(exchange.ws_public_url)
    await client.connect()
    with pytest.raises(OkxSubscriptionError, match="books-elp") as raised:
        await client.subscribe({"channel": "books-elp", **SWAP})
    assert raised.value.code == 60018
    await client.close()
