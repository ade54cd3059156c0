"""python-okx, OKX's own Python client, against the simulator over TLS: REST and WebSocket."""

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import certifi
import pytest
from nautilus_trader.adapters.okx.native._okx import SimulatedExchange
from okx.MarketData import MarketAPI
from okx.PublicData import PublicAPI
from okx.websocket.WsPublicAsync import WsPublicAsync

from .book_judge import BookJudge

INST_ID = "BTC-USDT-SWAP"
DEADLINE_SECS = 30


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedExchange]:
    """A simulator whose certificate authority python-okx trusts (it trusts what certifi and SSL_CERT_FILE name)."""
    with SimulatedExchange(seed=11, tls=True) as running, pytest.MonkeyPatch.context() as patch:
        authority = tmp_path_factory.mktemp("ca") / "ca.pem"
        pem = running.ca_pem
        assert pem is not None
        Path(authority).write_bytes(pem)
        patch.setenv("SSL_CERT_FILE", str(authority))
        patch.setattr(certifi, "where", lambda: str(authority))
        yield running


@pytest.fixture(scope="module")
def market(exchange: SimulatedExchange) -> MarketAPI:
    return MarketAPI(domain=exchange.rest_url, flag="0")


@pytest.fixture(scope="module")
def public(exchange: SimulatedExchange) -> PublicAPI:
    return PublicAPI(domain=exchange.rest_url, flag="0")


def rows(answer: dict[str, Any]) -> list[Any]:
    assert answer["code"] == "0", answer
    assert answer["data"]
    data: list[Any] = answer["data"]
    return data


@pytest.mark.parametrize("inst_type", ["SPOT", "SWAP", "FUTURES"])
def test_instruments(public: PublicAPI, inst_type: str) -> None:
    live = [row for row in rows(public.get_instruments(inst_type)) if row["state"] == "live"]
    assert len(live) > 10
    assert all(Decimal(row["tickSz"]) > 0 and Decimal(row["lotSz"]) > 0 for row in live)
    assert len({row["instId"] for row in live}) == len(live)


def test_an_unknown_instrument_is_refused(public: PublicAPI) -> None:
    answer = public.get_instruments("SPOT", instId="NO-SUCH")
    assert answer["code"] == "51001"


def test_rest_book_is_sorted(market: MarketAPI) -> None:
    (book,) = rows(market.get_orderbook(INST_ID, sz="50"))
    bids = [Decimal(level[0]) for level in book["bids"]]
    asks = [Decimal(level[0]) for level in book["asks"]]
    assert len(bids) == len(asks) == 50
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] < asks[0]


def test_candle_pages_agree(market: MarketAPI) -> None:
    newest = rows(market.get_candlesticks(INST_ID, bar="1m", limit="10"))
    times = [int(row[0]) for row in newest]
    assert times == sorted(times, reverse=True)
    older = rows(market.get_candlesticks(INST_ID, bar="1m", after=newest[4][0], limit="5"))
    assert older == newest[5:10]
    for _, open_px, high, low, close, *_ in newest:
        assert Decimal(low) <= min(Decimal(open_px), Decimal(close))
        assert Decimal(high) >= max(Decimal(open_px), Decimal(close))


def test_recent_trades(market: MarketAPI) -> None:
    trades = rows(market.get_trades(INST_ID, limit="50"))
    ids = [int(row["tradeId"]) for row in trades]
    assert ids == sorted(ids, reverse=True)
    assert {row["side"] for row in trades} <= {"buy", "sell"}


def test_funding_and_mark(public: PublicAPI) -> None:
    (funding,) = rows(public.get_funding_rate(INST_ID))
    assert int(funding["nextFundingTime"]) > int(funding["fundingTime"])
    (mark,) = rows(public.get_mark_price("SWAP", instId=INST_ID))
    assert Decimal(mark["markPx"]) > 0


class Listener:
    """Collects python-okx' callback texts until a condition holds."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()

    def __call__(self, text: str) -> None:
        self.messages.append(json.loads(text))
        self.arrived.set()

    def of(self, channel: str) -> list[dict[str, Any]]:
        return [
            message
            for message in self.messages
            if message.get("arg", {}).get("channel") == channel and "data" in message
        ]

    async def until(self, channel: str, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(DEADLINE_SECS):
            while len(self.of(channel)) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.of(channel)


async def test_public_stream(exchange: SimulatedExchange) -> None:
    listener, judge = Listener(), BookJudge()
    client = WsPublicAsync(exchange.ws_public_url)
    reader = await client.start()
    channels = ("books", "trades", "bbo-tbt", "mark-price")
    await client.subscribe([{"channel": channel, "instId": INST_ID} for channel in channels], listener)
    for message in await listener.until("books", 20):
        judge.apply(message)
    assert judge.updates >= 19
    trades = [row for message in await listener.until("trades", 5) for row in message["data"]]
    ids = [int(row["tradeId"]) for row in trades]
    assert ids == sorted(set(ids))
    for message in await listener.until("bbo-tbt", 5):
        (best,) = message["data"]
        assert Decimal(best["bids"][0][0]) < Decimal(best["asks"][0][0])
    await listener.until("mark-price", 2)
    await client.stop()
    await asyncio.gather(reader, return_exceptions=True)


async def test_candles_on_the_business_socket(exchange: SimulatedExchange) -> None:
    listener = Listener()
    client = WsPublicAsync(exchange.ws_business_url)
    reader = await client.start()
    await client.subscribe([{"channel": "candle1s", "instId": INST_ID}], listener)
    candles = [row for message in await listener.until("candle1s", 4) for row in message["data"]]
    assert {row[8] for row in candles} == {"0", "1"}
    closed = [int(row[0]) for row in candles if row[8] == "1"]
    assert closed == sorted(set(closed))
    await client.stop()
    await asyncio.gather(reader, return_exceptions=True)


async def test_a_candle_on_the_public_socket_is_refused(exchange: SimulatedExchange) -> None:
    listener = Listener()
    client = WsPublicAsync(exchange.ws_public_url)
    reader = await client.start()
    await client.subscribe([{"channel": "candle1m", "instId": INST_ID}], listener)
    async with asyncio.timeout(DEADLINE_SECS):
        while not any(message.get("event") == "error" for message in listener.messages):
            listener.arrived.clear()
            await listener.arrived.wait()
    (error,) = [message for message in listener.messages if message.get("event") == "error"]
    assert error["code"] == "60018"
    await client.stop()
    await asyncio.gather(reader, return_exceptions=True)
