"""The contestants: each connects, subscribes to the measured channel and calls the meter once a message."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches.frames import inst_ids
from benches.meter import Meter


@dataclass(frozen=True)
class Setup:
    """Where the feeder listens and what to subscribe to."""

    port: int
    feed: str
    ca: Path | None
    instruments: int
    meter: Meter

    @property
    def ws_url(self) -> str:
        return f"{'wss' if self.ca else 'ws'}://127.0.0.1:{self.port}/ws/v5/public"

    @property
    def http_url(self) -> str:
        return f"{'https' if self.ca else 'http'}://127.0.0.1:{self.port}"

    @property
    def subscription(self) -> str:
        args = [{"channel": self.feed, "instId": inst_id} for inst_id in inst_ids(self.instruments)]
        return json.dumps({"op": "subscribe", "args": args})

    def ssl_context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=str(self.ca)) if self.ca else None


Close = Callable[[], Awaitable[None]]


async def websockets_orjson(setup: Setup) -> Close:
    """`websockets` + `orjson`: plain dicts, the usual do-it-yourself client."""
    import orjson
    from websockets.asyncio.client import connect

    socket = await connect(setup.ws_url, ssl=setup.ssl_context(), max_size=None, compression=None)
    await socket.send(setup.subscription)

    async def read() -> None:
        async for text in socket:
            message = orjson.loads(text)
            if "data" in message:
                setup.meter.on_message(message)

    reader = asyncio.create_task(read())

    async def close() -> None:
        reader.cancel()
        await socket.close()

    return close


async def picows_msgspec(setup: Setup) -> Close:
    """`picows` + `msgspec`: the fastest Python WebSocket into typed structs, without Nautilus objects."""
    import msgspec
    from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

    class Arg(msgspec.Struct):
        channel: str
        instId: str

    class Book(msgspec.Struct):
        asks: list[tuple[str, str, str, str]]
        bids: list[tuple[str, str, str, str]]
        ts: str
        seqId: int
        prevSeqId: int

    class Trade(msgspec.Struct):
        instId: str
        tradeId: str
        px: str
        sz: str
        side: str
        ts: str

    class BookMessage(msgspec.Struct):
        arg: Arg
        data: list[Book] | None = None
        event: str | None = None

    class TradeMessage(msgspec.Struct):
        arg: Arg
        data: list[Trade] | None = None
        event: str | None = None

    decoder: Any = msgspec.json.Decoder(BookMessage if setup.feed == "books" else TradeMessage)
    on_message = setup.meter.on_message

    class Listener(WSListener):  # type: ignore[misc]
        def on_ws_connected(self, transport: WSTransport) -> None:
            transport.send(WSMsgType.TEXT, setup.subscription.encode())

        def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
            message = decoder.decode(frame.get_payload_as_memoryview())
            if message.data is not None:
                on_message(message)

    transport, _ = await ws_connect(Listener, setup.ws_url, ssl_context=setup.ssl_context())

    async def close() -> None:
        transport.disconnect()
        await transport.wait_disconnected()

    return close


async def stock(setup: Setup) -> Close:
    """The stock adapter's data client, into its `_handle_data`."""
    from nautilus_trader.adapters.okx import OKXDataClientConfig, OKXLiveDataClientFactory

    return await _nautilus(setup, OKXLiveDataClientFactory, OKXDataClientConfig, {})


async def native(setup: Setup) -> Close:
    """The native data client, inline driver, into the same `_handle_data`."""
    return await _native(setup, "inline")


async def native_threaded(setup: Setup) -> Close:
    """The native data client, threaded driver."""
    return await _native(setup, "threaded")


async def _native(setup: Setup, driver: str) -> Close:
    from nautilus_trader.adapters.okx.native import (
        OKXNativeDataClientConfig,
        OKXNativeLiveDataClientFactory,
    )

    extra: dict[str, object] = {"driver": driver}
    if setup.ca:
        extra["ca_file"] = str(setup.ca)
    return await _nautilus(setup, OKXNativeLiveDataClientFactory, OKXNativeDataClientConfig, extra)


async def _nautilus(setup: Setup, factory: Any, config_type: Any, extra: dict[str, object]) -> Close:
    from nautilus_trader.adapters.okx import OKX_VENUE
    from nautilus_trader.cache.cache import Cache
    from nautilus_trader.common.component import LiveClock, MessageBus
    from nautilus_trader.common.config import InstrumentProviderConfig
    from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
    from nautilus_trader.core.uuid import UUID4
    from nautilus_trader.data.messages import SubscribeOrderBook, SubscribeTradeTicks
    from nautilus_trader.model.data import OrderBookDelta
    from nautilus_trader.model.enums import BookType
    from nautilus_trader.model.identifiers import InstrumentId, TraderId
    from nautilus_trader.model.instruments import Instrument

    clock = LiveClock()
    msgbus = MessageBus(trader_id=TraderId("BENCH-001"), clock=clock)
    cache = Cache()
    on_message = setup.meter.on_message

    def process(data: object) -> None:
        if isinstance(data, Instrument):
            cache.add_instrument(data)
        else:
            on_message(data)

    msgbus.register(endpoint="DataEngine.process", handler=process)
    config = config_type(
        api_key="key",
        api_secret="secret",
        api_passphrase="passphrase",
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SWAP,),
        base_url_http=setup.http_url,
        base_url_ws=setup.ws_url,
        **extra,
    )
    client = factory.create(asyncio.get_running_loop(), "OKX", config, msgbus, cache, clock)
    await client._connect()
    common = {"client_id": client.id, "venue": OKX_VENUE, "command_id": UUID4(), "ts_init": clock.timestamp_ns()}
    instrument_ids = [InstrumentId.from_str(f"{inst_id}.OKX") for inst_id in inst_ids(setup.instruments)]
    if setup.feed == "books":
        common |= {"book_data_type": OrderBookDelta, "book_type": BookType.L2_MBP}
        subscribe, command = client._subscribe_order_book_deltas, SubscribeOrderBook
    else:
        subscribe, command = client._subscribe_trade_ticks, SubscribeTradeTicks
    await asyncio.gather(*(subscribe(command(instrument_id=i, **common)) for i in instrument_ids))
    return client._disconnect  # type: ignore[no-any-return]


CONTESTANTS = {
    "stock": stock,
    "native": native,
    "native-threaded": native_threaded,
    "picows+msgspec": picows_msgspec,
    "websockets+orjson": websockets_orjson,
}
