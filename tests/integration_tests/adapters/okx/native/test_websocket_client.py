"""`OkxWebSocketClient` against a peer that is not ours (the `websockets` server)."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import websockets
from nautilus_trader.adapters.okx.native._okx import (
    OkxConnectionError,
    OkxSubscriptionError,
    OkxWebSocketClient,
)

TRADES = {"channel": "trades", "instId": "BTC-USDT"}
BURST = 5_000
"""Messages the peer sends after each subscription."""

HANG_SECS = 30.0
"""Far longer than anything takes; only a test that hangs meets it."""


class Peer:
    """Acknowledges what OKX would, refuses `BAD`, and sends a burst of trades for everything else."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.subscribed: list[dict[str, str]] = []
        self.sockets: set[Any] = set()
        self.url = ""

    async def serve(self, socket: Any) -> None:
        self.sockets.add(socket)
        async for text in socket:
            if text == "ping":
                await socket.send("pong")
                continue
            request = json.loads(text)
            for arg in request["args"]:
                await self.answer(socket, request, arg)

    async def answer(self, socket: Any, request: dict[str, Any], arg: dict[str, str]) -> None:
        reply: dict[str, Any] = {"id": request["id"], "event": request["op"], "arg": arg, "connId": "a"}
        if arg["instId"] == "BAD":
            words = f"Wrong URL or channel:{arg['channel']}, instId:BAD doesn't exist"
            reply = {"id": request["id"], "event": "error", "code": "60018", "msg": words, "connId": "a"}
            await socket.send(json.dumps(reply))
            return
        await socket.send(json.dumps(reply))
        if request["op"] == "subscribe":
            self.subscribed.append(arg)
            for _ in range(BURST):
                row = {"instId": arg["instId"], "tradeId": str(next(self.numbers)), "px": "1.50", "sz": "2"}
                await socket.send(json.dumps({"arg": arg, "data": [row | {"side": "buy", "ts": "1"}]}))


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    peer = Peer()
    async with websockets.serve(peer.serve, "127.0.0.1", 0) as server:
        peer.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws/v5/public"
        yield peer


class Events(list[dict[str, Any]]):
    """Collects events; `until` waits for one."""

    def __init__(self) -> None:
        super().__init__()
        self.more = asyncio.Event()

    def __call__(self, event: dict[str, Any]) -> None:
        self.append(event)
        self.more.set()

    async def until(self, passes: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(HANG_SECS):
            while True:
                for event in self:
                    if passes(event):
                        return event
                self.more.clear()
                await self.more.wait()


async def take(client: OkxWebSocketClient, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(HANG_SECS):
        return [await anext(client) for _ in range(count)]


async def test_messages_come_in_order_with_okx_names_and_texts(peer):
    client = OkxWebSocketClient(peer.url)
    assert not client.is_connected
    await client.connect()
    assert client.is_connected
    await client.subscribe(TRADES)
    await client.subscribe(TRADES)
    messages = await take(client, BURST)
    row = {"instId": "BTC-USDT", "tradeId": "1", "px": "1.50", "sz": "2", "side": "buy", "ts": "1"}
    assert messages[0] == {"arg": TRADES, "data": [row]}
    assert [m["data"][0]["tradeId"] for m in messages] == [str(n) for n in range(1, BURST + 1)]
    assert peer.subscribed == [TRADES], "a topic that is held is not asked for again"
    await client.unsubscribe(TRADES)
    await client.close()
    assert not client.is_connected


async def test_refusals_are_raised_where_they_were_caused(peer):
    client = OkxWebSocketClient(peer.url)
    with pytest.raises(OkxSubscriptionError) as refused:
        await client.subscribe({"channel": "tickers", "instId": "BAD"})
    assert (refused.value.code, refused.value.topic) == (60018, {"channel": "tickers", "instId": "BAD"})
    assert refused.value.advice
    with pytest.raises(OkxSubscriptionError, match="nonsense"):
        client.subscribe({"channel": "nonsense"})
    for slip in ({"instId": "BTC-USDT"}, TRADES | {"inst_id": "BTC-USDT"}):
        with pytest.raises(ValueError, match=r"channel|inst_id"):
            client.subscribe(slip)
    with pytest.raises(OkxSubscriptionError, match="business"):
        await client.subscribe({"channel": "candle1m", "instId": "BTC-USDT"})
    await client.close()


async def test_a_drop_is_repaired_and_told(peer):
    events = Events()
    client = OkxWebSocketClient(peer.url, on_event=events)
    await client.subscribe(TRADES)
    await take(client, BURST)
    for socket in peer.sockets:
        await socket.close(code=4006, reason="abnormal")
    ended = await events.until(lambda e: e["type"] == "disconnected")
    assert ended["level"] == "warning"
    assert "4006" in ended["message"]
    assert await take(client, BURST)
    assert peer.subscribed == [TRADES, TRADES]
    await client.close()
    assert events[-1]["type"] == "closed"


async def test_closing_ends_the_iteration_and_what_waits(peer):
    client = OkxWebSocketClient(peer.url)
    await client.connect()
    waiting = asyncio.ensure_future(client.__anext__())
    await client.close()
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert [message async for message in client] == []
    await client.close()
    await client.connect()
    assert client.is_connected, "a closed client connects again"
    await client.close()


async def test_a_cancelled_wait_loses_no_message(peer):
    client = OkxWebSocketClient(peer.url)
    await client.connect()
    waiting = asyncio.ensure_future(client.__anext__())
    waiting.cancel()
    await client.subscribe(TRADES)
    assert (await take(client, 1))[0]["data"][0]["tradeId"] == "1"
    await client.close()


async def test_callbacks_run_on_the_loop_and_may_fail(peer):
    events, got, done = Events(), [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def callback(message: dict[str, Any]) -> None:
        assert asyncio.get_running_loop() is loop
        got.append(message)
        if len(got) == BURST:
            done.set()
        if len(got) == 3:
            raise ValueError("mine")

    client = OkxWebSocketClient(peer.url, callback=callback, on_event=events)
    await client.subscribe(TRADES)
    async with asyncio.timeout(HANG_SECS):
        await done.wait()
    await client.close()
    assert [e["message"] for e in events if e["type"] == "callback_error"] == ["the callback raised ValueError: mine"]
    with pytest.raises(RuntimeError, match="callback"):
        aiter(client)


async def test_a_slow_consumer_is_told_what_it_lost(peer):
    events = Events()
    client = OkxWebSocketClient(peer.url, max_queue=10, on_event=events)
    await client.subscribe(TRADES)
    told = await events.until(lambda e: "dropped" in e["message"])
    assert told["level"] == "error"
    await client.close()
    left = [m["data"][0]["tradeId"] async for m in client]
    assert len(left) <= 10


async def test_nobody_answers():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    client = OkxWebSocketClient(f"ws://127.0.0.1:{port}/")
    with pytest.raises(OkxConnectionError, match=r"127\.0\.0\.1"):
        await client.connect(timeout_secs=1.0)
    waiting = client.subscribe(TRADES)
    await client.close()
    with pytest.raises(OkxConnectionError, match="closed"):
        await waiting


@pytest.mark.parametrize(
    "keywords",
    [
        {"url": "https://ws.okx.com"},
        {"kind": "other"},
        {"region": "moon"},
        {"environment": "dream"},
        {"api_key": "k"},
        {"ca_pem": b"none"},
        {"proxy_url": "socks5://me:hush@h:1"},
    ],
)
def test_wrong_settings_are_refused_at_once(keywords):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        OkxWebSocketClient(**keywords)
    assert "hush" not in str(refused.value)
