"""`MarketDataStream` by itself, on both drivers and three kinds of event loops, against a scripted venue."""

import asyncio
import gc
import json
import sys
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native._okx import (
    MarketDataStream,
    OkxConnectionError,
    OkxSubscriptionError,
    OkxWebSocketClient,
    handover_build,
)
from nautilus_trader.model.data import BarType, OrderBookDeltas, OrderBookDepth10, QuoteTick, TradeTick
from nautilus_trader.model.enums import BookAction
from nautilus_trader.model.identifiers import InstrumentId
from websockets.asyncio.server import ServerConnection, serve

from .support import Waiter

SPOT = InstrumentId.from_str("BTC-USDT.OKX")
OTHER = InstrumentId.from_str("ETH-USDT.OKX")
DRIVERS = ("inline", "threaded")
BOOKS = {"channel": "books", "instId": "BTC-USDT"}
TRADES = {"channel": "trades", "instId": "BTC-USDT"}

Topic = dict[str, str]


def book(action: str, prev: int, seq: int, bids: list[list[str]], asks: list[list[str]]) -> dict[str, Any]:
    row = {"bids": bids, "asks": asks, "ts": "1700000000000", "checksum": 0, "prevSeqId": prev, "seqId": seq}
    return {"arg": BOOKS, "action": action, "data": [row]}


def trade(number: int, **fields: str) -> dict[str, Any]:
    row = {"instId": "BTC-USDT", "tradeId": str(number), "px": "1.5", "sz": "2", "side": "buy", "ts": "1700000000000"}
    return {"arg": TRADES, "data": [row | fields]}


SNAPSHOT = book("snapshot", -1, 10, [["9.5", "1", "0", "1"]], [["10.5", "2", "0", "1"]])


class Venue:
    """Acknowledges every subscription, or refuses it, and sends what a test scripts."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Topic]] = []
        self.sockets: list[ServerConnection] = []
        self.refused: dict[str, tuple[str, str]] = {}
        self.after: dict[str, list[dict[str, Any]]] = {}
        self.silent = False
        self.waiter = Waiter()
        self.port = 0

    def url(self, kind: str = "public") -> str:
        return f"ws://127.0.0.1:{self.port}/ws/v5/{kind}"

    async def send(self, *messages: dict[str, Any] | str) -> None:
        for message in messages:
            await self.sockets[-1].send(message if isinstance(message, str) else json.dumps(message))

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        async for text in socket:
            if text == "ping":
                await socket.send("pong")
                continue
            request = json.loads(text)
            for topic in request["args"]:
                self.asked.append((request["op"], topic))
                self.waiter.wake()
                if self.silent:
                    continue
                if topic["channel"] in self.refused:
                    code, msg = self.refused[topic["channel"]]
                    answer = {"event": "error", "code": code, "msg": msg, "id": request["id"], "connId": "c1"}
                    await socket.send(json.dumps(answer))
                    continue
                answer = {"event": request["op"], "arg": topic, "id": request["id"], "connId": "c1"}
                await socket.send(json.dumps(answer))
                if request["op"] == "subscribe":
                    for message in self.after.get(topic["channel"], []):
                        await socket.send(json.dumps(message))


@asynccontextmanager
async def running_venue() -> AsyncIterator[Venue]:
    venue = Venue()
    async with serve(venue.serve, "127.0.0.1", 0) as server:
        venue.port = next(iter(server.sockets)).getsockname()[1]
        yield venue


class Trial:
    """A stream with what it has called back."""

    def __init__(self, venue: Venue, driver: str, **fields: Any) -> None:
        self.items: list[Any] = []
        self.events: list[Any] = []
        self.rows: list[tuple[str, Any]] = []
        self.waiter = Waiter()
        self.on_item: Callable[[Any], None] | None = None
        self.stream = MarketDataStream(
            on_data=self._data,
            on_event=self._event,
            on_row=self._row,
            url_public=venue.url(),
            driver=driver,
            **fields,
        )
        for instrument_id in (SPOT, OTHER):
            self.stream.register_instrument(
                instrument_id,
                instrument_id.symbol.value,
                inst_type="SPOT",
                price_precision=1,
                size_precision=2,
                index_inst_id="BTC-USDT",
            )

    def _data(self, item: Any) -> None:
        self.items.append(item)
        self.waiter.wake()
        if self.on_item is not None:
            self.on_item(item)

    def _event(self, event: Any) -> None:
        self.events.append(event)
        self.waiter.wake()

    def _row(self, channel: str, row: Any) -> None:
        self.rows.append((channel, row))
        self.waiter.wake()

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind)]

    def happened(self, kind: str) -> list[Any]:
        return [event for event in self.events if event["type"] == kind]

    async def receives(self, kind: type, count: int = 1) -> list[Any]:
        await self.waiter.until(lambda: len(self.of(kind)) >= count, f"{count} {kind.__name__}")
        return self.of(kind)


@asynccontextmanager
async def running(venue: Venue, driver: str, **fields: Any) -> AsyncIterator[Trial]:
    trial = Trial(venue, driver, **fields)
    try:
        await trial.stream.connect(5.0)
        yield trial
    finally:
        await trial.stream.close()


def run_on(kind: str, main: Any) -> None:
    """Run a coroutine on a loop of a kind: asyncio's, uvloop's, or one without `add_reader`."""
    if kind == "uvloop":
        import uvloop

        uvloop.run(main)
    elif kind == "no add_reader":

        class Loop(asyncio.SelectorEventLoop):
            def add_reader(self, fd: Any, callback: Any, *args: Any) -> None:
                raise NotImplementedError

            def remove_reader(self, fd: Any) -> bool:
                raise NotImplementedError

        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(main)
    else:
        asyncio.run(main)


@pytest.mark.parametrize("driver", [*DRIVERS, "auto"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop", "no add_reader"])
def test_every_driver_on_every_loop(loop, driver):
    if loop == "no add_reader" and driver == "inline":
        pytest.skip("the inline driver needs add_reader")

    async def main() -> None:
        async with running_venue() as venue:
            venue.after["books"] = [SNAPSHOT]
            async with running(venue, driver) as trial:
                expected = {"auto": "threaded" if loop == "no add_reader" else "inline"}.get(driver, driver)
                assert trial.stream.driver == expected
                assert await trial.stream.subscribe_book_deltas(SPOT) == "books"
                (group,) = await trial.receives(OrderBookDeltas)
                assert [delta.action for delta in group.deltas] == [BookAction.CLEAR, BookAction.ADD, BookAction.ADD]
                assert trial.stream.is_connected
                link = trial.stream.stats()["links"]["public"]
                assert (link["state"], link["connects"], link["conn_id"]) == ("open", 1, "c1")
            assert not trial.stream.is_connected
            await venue.sockets[0].wait_closed()

    run_on(loop, main())


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_raising_callback_is_reported_once_and_costs_nothing(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        await trial.stream.subscribe_trades(SPOT)

        def fail(item: Any) -> None:
            raise ValueError("not today")

        trial.on_item = fail
        await venue.send(*(trade(n) for n in range(1, 21)))
        assert [t.trade_id.value for t in await trial.receives(TradeTick, 20)] == [str(n) for n in range(1, 21)]
        (event,) = trial.happened("callback_error")
        assert "ValueError: not today" in event["message"]
        assert event["level"] == "error"
        trial.on_item = None
        assert trial.stream.stats()["counts"]["trades"] == 20


@pytest.mark.parametrize("driver", DRIVERS)
async def test_the_stream_can_be_used_from_within_its_callbacks(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        venue.after["books"] = [SNAPSHOT]
        pending: list[Any] = []

        def subscribe_book(item: Any) -> None:
            trial.on_item = None
            assert trial.stream.stats()["counts"]["trades"] >= 1
            trial.stream.register_instrument(
                SPOT, "BTC-USDT", inst_type="SPOT", price_precision=2, size_precision=3, index_inst_id="BTC-USDT"
            )
            pending.append(trial.stream.subscribe_book_deltas(SPOT))

        trial.on_item = subscribe_book
        await trial.stream.subscribe_trades(SPOT)
        await venue.send(trade(1), trade(2))
        (group,) = await trial.receives(OrderBookDeltas)
        assert await pending[0] == "books"
        assert group.deltas[-1].order.price.precision == 2, "new precisions are in force at once"


@pytest.mark.parametrize("driver", DRIVERS)
async def test_nothing_is_called_back_after_close_was_called(driver):
    async with running_venue() as venue:
        trial = Trial(venue, driver)
        await trial.stream.connect(5.0)
        await trial.stream.subscribe_trades(SPOT)
        closing: list[Any] = []
        trial.on_item = lambda _: closing.append(trial.stream.close())
        await venue.send(*(trade(n) for n in range(1, 51)))
        await trial.receives(TradeTick)
        await closing[0]
        assert len(trial.items) == 1, "closed from within the first callback"
        assert await trial.stream.close() is None
        seen = len(trial.events)
        with pytest.raises(OkxConnectionError, match="closed"):
            await trial.stream.subscribe_trades(SPOT)
        assert len(trial.events) == seen
        assert trial.events[-1]["type"] == "closed"


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_refused_topic_raises_and_can_be_asked_for_again(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        venue.refused["trades"] = ("60018", "Wrong URL or channel")
        with pytest.raises(OkxSubscriptionError, match="Wrong URL") as raised:
            await trial.stream.subscribe_trades(SPOT)
        assert (raised.value.code, raised.value.topic) == (60018, TRADES)
        assert raised.value.advice
        assert trial.stream.subscriptions() == []
        venue.refused.clear()
        assert await trial.stream.subscribe_trades(SPOT) == "trades"


@pytest.mark.parametrize("driver", DRIVERS)
async def test_no_acknowledgement_is_an_error_in_time(driver):
    async with running_venue() as venue, running(venue, driver, ack_timeout_secs=0.2) as trial:
        venue.silent = True
        with pytest.raises(OkxSubscriptionError, match="no acknowledgement") as raised:
            await trial.stream.subscribe_trades(SPOT)
        assert raised.value.kind == "timeout"
        assert trial.stream.subscriptions() == []


@pytest.mark.parametrize("driver", DRIVERS)
async def test_users_share_topics_and_the_last_one_ends_them(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        index = {"channel": "index-tickers", "instId": "BTC-USDT"}
        await trial.stream.subscribe_index_prices(SPOT)
        await trial.stream.subscribe_index_prices(OTHER)
        await trial.stream.subscribe_rows(index)
        await trial.stream.subscribe_rows(index)
        assert trial.stream.subscriptions() == [index]
        await venue.send({"arg": index, "data": [{"instId": "BTC-USDT", "idxPx": "1.23456", "ts": "1700000000000"}]})
        await trial.waiter.until(lambda: len(trial.items) == 2 and trial.rows)
        assert {str(item.instrument_id) for item in trial.items} == {"BTC-USDT.OKX", "ETH-USDT.OKX"}
        assert {str(item.value) for item in trial.items} == {"1.23456"}
        assert trial.rows == [("index-tickers", {"instId": "BTC-USDT", "idxPx": "1.23456", "ts": "1700000000000"})]
        for leave in (
            trial.stream.unsubscribe_index_prices(SPOT),
            trial.stream.unsubscribe_rows(index),
            trial.stream.unsubscribe_rows(index),
        ):
            await leave
        assert trial.stream.subscriptions() == [index]
        await trial.stream.unsubscribe_index_prices(OTHER)
        assert venue.asked == [("subscribe", index), ("unsubscribe", index)]


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_gap_and_a_drop_clear_the_book(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        venue.after["books"] = [SNAPSHOT]
        await trial.stream.subscribe_book_deltas(SPOT)
        await trial.stream.subscribe_depth10(SPOT)
        await trial.receives(OrderBookDepth10)
        seen = len(trial.of(OrderBookDeltas))
        await venue.send(book("update", 99, 100, [["9.6", "1", "0", "1"]], []))
        cleared, snapshot = (await trial.receives(OrderBookDeltas, seen + 2))[seen:]
        assert [(d.action, d.flags) for d in cleared.deltas] == [(BookAction.CLEAR, 160)]
        assert len(snapshot.deltas) == 3
        stats = trial.stream.stats()
        assert (stats["gaps_detected"], stats["gaps_recovered"]) == (1, 1)
        assert [event["type"] for event in trial.events if event["type"] in ("gap", "recovered")] == [
            "gap",
            "recovered",
        ]

        trial.stream.force_reconnect()
        cleared, snapshot = (await trial.receives(OrderBookDeltas, seen + 4))[seen + 2 :]
        assert [(d.action, d.flags) for d in cleared.deltas] == [(BookAction.CLEAR, 160)]
        assert len(snapshot.deltas) == 3


@pytest.mark.parametrize("driver", DRIVERS)
async def test_more_digits_than_registered_are_kept(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        await trial.stream.subscribe_trades(SPOT)
        await trial.stream.subscribe_quotes(SPOT)
        await venue.send(trade(1, px="1.23456", sz="0.00001"), trade(2))
        first, second = await trial.receives(TradeTick, 2)
        assert (str(first.price), str(first.size)) == ("1.23456", "0.00001")
        assert (str(second.price), str(second.size)) == ("1.5", "2.00")
        quotes = {"channel": "bbo-tbt", "instId": "BTC-USDT"}
        row = {"asks": [["1.55", "1", "0", "1"]], "bids": [["1.5", "2", "0", "1"]], "ts": "1700000000000", "seqId": 1}
        await venue.send({"arg": quotes, "data": [row]})
        (quote,) = await trial.receives(QuoteTick)
        assert (str(quote.bid_price), str(quote.ask_price)) == ("1.50", "1.55")


async def test_the_mailbox_is_bounded_and_counts_what_it_drops():
    async with running_venue() as venue, running(venue, "threaded") as trial:
        await trial.stream.subscribe_trades(SPOT)
        # More than the mailbox holds; how much of it the loop takes meanwhile is left to chance.
        rows = [trade(n)["data"][0] for n in range(1, 10_001)]
        frame = json.dumps({"arg": TRADES, "data": rows})
        for _ in range(40):
            await venue.send(frame)
        await trial.waiter.until(
            lambda: trial.stream.stats()["dropped"] + len(trial.items) == 400_000, "all to be handed over or counted"
        )
        assert trial.stream.stats()["counts"]["trades"] == len(trial.items)


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_dropped_stream_is_freed_with_its_callbacks(driver):
    async with running_venue() as venue:
        trial = Trial(venue, driver)
        await trial.stream.connect(5.0)
        await trial.stream.close()
        gone = weakref.ref(trial.stream)
        del trial
        gc.collect()
        assert gone() is None


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_stream_that_was_never_opened_is_collected_with_its_owner(driver):
    async with running_venue() as venue:
        trial = Trial(venue, driver)
        gone = weakref.ref(trial)
        del trial  # a cycle: the callbacks are methods of the owner
        gc.collect()
        assert gone() is None


def test_objects_and_their_instrument_ids_are_freed():
    fields = {
        "price_precision": 1,
        "size_precision": 1,
        "ts_event": 1,
        "ts_init": 2,
        "deltas": [{"action": 1, "side": 1, "price": 10**16, "size": 10**16}] * 50,
    }
    instrument_id = InstrumentId.from_str("LEAK-USDT.OKX")
    for mode in ("capsule", "from_raw"):
        before = sys.getrefcount(instrument_id)
        made = [handover_build("deltas", instrument_id, fields, mode) for _ in range(100)]
        assert len(made) == 100
        del made
        gc.collect()
        assert sys.getrefcount(instrument_id) == before


@pytest.mark.parametrize("driver", DRIVERS)
async def test_what_cannot_be_subscribed_is_refused_in_words(driver):
    async with running_venue() as venue, running(venue, driver) as trial:
        stream = trial.stream
        unknown = InstrumentId.from_str("NO-SUCH.OKX")
        with pytest.raises(OkxSubscriptionError, match="not registered"):
            stream.subscribe_trades(unknown)
        with pytest.raises(OkxSubscriptionError, match="no channel of books"):
            stream.subscribe_book_deltas(SPOT, 0, "trades")
        with pytest.raises(OkxSubscriptionError, match="no candles of this length"):
            stream.subscribe_bars(BarType.from_str("BTC-USDT.OKX-10-MINUTE-LAST-EXTERNAL"))
        with pytest.raises(OkxSubscriptionError, match="documents no channel"):
            stream.subscribe_rows({"channel": "nope"})
        with pytest.raises(OkxSubscriptionError, match="private"):
            await stream.subscribe_rows({"channel": "orders", "instType": "ANY"})
        with pytest.raises(OkxSubscriptionError, match="API keys"):
            await stream.subscribe_book_deltas(SPOT, 0, "books-l2-tbt")
        with pytest.raises(ValueError, match="16 digits"):
            stream.register_instrument(SPOT, "BTC-USDT", inst_type="SPOT", price_precision=17, size_precision=0)


async def test_a_cancelled_call_of_the_bridge_leaves_the_client_usable():
    async with running_venue() as venue:
        client = OkxWebSocketClient(venue.url())
        await client.connect()
        venue.silent = True
        waiting = asyncio.ensure_future(client.subscribe(TRADES))
        await venue.waiter.until(lambda: venue.asked)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await client.close()
