"""Every market channel through `OkxWebSocketClient`: subscribed, acknowledged, pushed where the exchange has news."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient, OkxSubscriptionError, OkxWebSocketClient

from .support import Waiter

SWAP = {"instId": "BTC-USDT-SWAP"}
INDEX = {"instId": "BTC-USDT"}
Topic = dict[str, str]

PUSHED = {
    "books": SWAP,
    "books5": SWAP,
    "bbo-tbt": SWAP,
    "books-rpi": SWAP,
    "books-l2-tbt": {"instId": "ETH-USDT"},
    "books50-l2-tbt": {"instId": "SOL-USDT"},
    "trades": SWAP,
    "tickers": SWAP,
    "mark-price": SWAP,
    "funding-rate": SWAP,
    "open-interest": SWAP,
    "price-limit": SWAP,
    "index-tickers": INDEX,
    "liquidation-orders": {"instType": "SWAP"},
    "opt-summary": {"instFamily": "BTC-USD"},
}
ACKNOWLEDGED = {
    "call-auction-details": SWAP,
    "instruments": {"instType": "SPOT"},
    "event-contract-markets": {"instType": "EVENTS"},
    "adl-warning": {"instType": "SWAP"},
    "option-trades": {"instType": "OPTION", "instFamily": "BTC-USD"},
    "estimated-price": {"instType": "FUTURES", "instFamily": "BTC-USD"},
    "status": {},
}
"""Channels with nothing to say on an ordinary day."""

BUSINESS_PUSHED = {
    "trades-all": SWAP,
    "block-tickers": SWAP,
    "candle1s": SWAP,
    "mark-price-candle1m": SWAP,
    "index-candle1m": INDEX,
    "sprd-tickers": {"sprdId": ""},
    "sprd-books5": {"sprdId": ""},
    "sprd-books-l2-tbt": {"sprdId": ""},
    "sprd-bbo-tbt": {"sprdId": ""},
    "sprd-candle1m": {"sprdId": ""},
}
BUSINESS_ACKNOWLEDGED = {
    "sprd-public-trades": {"sprdId": ""},
    "public-struc-block-trades": {},
    "public-block-trades": {},
    "economic-calendar": {},
}


async def topics_for(channels: dict[str, Topic], rest_url: str) -> list[Topic]:
    """The topics, with a real spread where one is needed."""
    rows = await OkxHttpClient(base_url=rest_url).request("sprd-spreads")
    spread = {"sprdId": str(rows[0]["sprd_id"])}
    return [{"channel": name, **(spread if "sprdId" in rest else rest)} for name, rest in channels.items()]


def keep(messages: dict[str, Any], waiter: Waiter) -> Callable[[dict[str, Any]], None]:
    def on_message(message: dict[str, Any]) -> None:
        if message.get("data"):
            messages.setdefault(message["arg"]["channel"], message)
            waiter.wake()

    return on_message


@pytest.mark.parametrize(
    ("kind", "pushed", "acknowledged"),
    [("public", PUSHED, ACKNOWLEDGED), ("business", BUSINESS_PUSHED, BUSINESS_ACKNOWLEDGED)],
    ids=["public", "business"],
)
async def test_every_market_channel_is_served(vip_exchange, kind, pushed, acknowledged):
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
    topics = await topics_for(pushed | acknowledged, vip_exchange.rest_url)
    await asyncio.gather(*(client.subscribe(topic) for topic in topics))
    await waiter.until(lambda: set(pushed) <= set(messages), f"a push of {', '.join(pushed)}")
    for name, message in messages.items():
        assert message["data"], name
        asked = next(topic for topic in topics if topic["channel"] == name)
        assert asked.items() <= message["arg"].items()
    await client.close()


async def test_a_channel_that_has_ended_is_refused_in_words(exchange):
    client = OkxWebSocketClient(exchange.ws_public_url)
    await client.connect()
    with pytest.raises(OkxSubscriptionError, match="books-elp") as raised:
        await client.subscribe({"channel": "books-elp", **SWAP})
    assert raised.value.code == 60018
    await client.close()
