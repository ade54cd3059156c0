"""Market-data faults (F-rows) on the books: the published book is the exchange's, or it is cleared."""

import time
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.data import OrderBookDeltas, TradeTick
from nautilus_trader.model.enums import BookAction

from .books import BookFollower
from .support import SPOT, Bench, connected_client, push, topics_of
from .test_defects_data import SubscribeTradeTicks as SubscribeTrades
from .test_defects_data import book_command, command

BOOKS = {"channel": "books", "instId": "BTC-USDT"}


def fault(what: dict[str, Any], on: str = "update", count: int = 1, skip: int = 0) -> dict[str, Any]:
    """A fault on the frames of the book."""
    return {"on": {"class": on, **BOOKS}, "when": {"count": count, "skip": skip}, "what": what}


async def follow(bench: Bench) -> BookFollower:
    """Subscribe the book and follow it."""
    follower = BookFollower(bench, SPOT)
    await bench.client._subscribe_order_book_deltas(book_command(SPOT))
    return follower


async def some_more(bench: Bench, count: int = 5) -> None:
    """Wait for some more groups."""
    seen = len(bench.sink.of(OrderBookDeltas, SPOT))
    await bench.sink.receives(OrderBookDeltas, SPOT, count=seen + count)


RECOVERED = {
    "f06 no snapshot": fault({"kind": "seq", "how": "withhold_snapshot"}, on="snapshot"),
    "f07 drop inside the snapshot": fault({"kind": "cut", "at": "fragment", "how": "rst"}, on="snapshot"),
    "f07 drop inside an update": fault({"kind": "cut", "at": {"byte": 20}, "how": "rst"}, skip=1),
    "f08 drop before the first update": fault({"kind": "cut", "at": "before", "how": "fin"}),
    "f38 update lost": fault({"kind": "seq", "how": "drop"}, skip=1),
    "f38 numbers jump": fault({"kind": "seq", "how": {"gap": 10}}, skip=1),
    "f41 two updates swapped": fault({"kind": "hold", "how": {"reorder": 1}}, skip=1),
    "f76 update cut short": fault({"kind": "edit", "changes": [{"truncate": 90}]}, skip=1),
    "f76 update twice in a frame": fault({"kind": "edit", "changes": ["double"]}, skip=1),
    "f76 empty frame instead": fault({"kind": "edit", "changes": [{"raw": {"text": ""}}]}, skip=1),
    "f80 update in no utf-8": fault({"kind": "edit", "changes": [{"raw": {"base64": "//79AA=="}}]}, skip=1),
    "f80 update in a binary frame": fault({"kind": "edit", "changes": ["binary"]}, skip=1),
    "f83 update without its place": fault(
        {"kind": "edit", "changes": [{"set": {"path": "data/0/prevSeqId", "raw": '""'}}]}, skip=1
    ),
    "f45 a level of one column": fault(
        {"kind": "edit", "changes": [{"set": {"path": "data/0/bids", "raw": '[["1"]]'}}]}, skip=1
    ),
}


@pytest.mark.parametrize("name", RECOVERED)
async def test_after_a_fault_the_book_is_the_exchanges_again(own_exchange: SimulatedExchange, name: str) -> None:
    async with connected_client(own_exchange) as bench:
        own_exchange.inject(RECOVERED[name])
        follower = await follow(bench)
        await bench.sink.waiter.until(lambda: acted(own_exchange), f"{name} to happen")
        await some_more(bench)
        own_exchange.clear_faults()
        bench.client._native.stream.force_reconnect("public")  # numbers may have been moved: a fresh chain
        await some_more(bench)
        await follower.equals(own_exchange)
        assert topics_of(own_exchange).count(BOOKS) == 1


HARMLESS = {
    "f39 maintenance reset": fault({"kind": "seq", "how": {"lower": 1_000}}, skip=1),
    "f40 keep-alive": fault({"kind": "seq", "how": "freeze"}, skip=1, count=3),
    "f41 update twice": fault({"kind": "seq", "how": "repeat"}, skip=1),
    "f46 no checksum": fault({"kind": "edit", "changes": [{"remove": {"path": "data/0/checksum"}}]}, count=5),
    "f46 checksum 0": fault({"kind": "edit", "changes": [{"set": {"path": "data/0/checksum", "raw": "0"}}]}, count=5),
    "f83 update without action": fault({"kind": "edit", "changes": [{"remove": {"path": "action"}}]}, skip=1, count=3),
    "f46 checksum wrong": fault(
        {"kind": "edit", "changes": [{"set": {"path": "data/0/checksum", "raw": "12345"}}]}, count=5
    ),
    "f87 more keys": fault({"kind": "edit", "changes": [{"set": {"path": "data/0/new", "raw": "[1]"}}]}, count=5),
    "f91 fragments": fault({"kind": "edit", "changes": [{"fragments": 7}]}, on="push", count=5),
}


@pytest.mark.parametrize("name", HARMLESS)
async def test_what_is_no_fault_makes_no_recovery(own_exchange: SimulatedExchange, name: str) -> None:
    async with connected_client(own_exchange) as bench:
        own_exchange.inject(HARMLESS[name])
        follower = await follow(bench)
        await bench.sink.waiter.until(lambda: acted(own_exchange), f"{name} to happen")
        await some_more(bench)
        assert sum(group.deltas[0].action == BookAction.CLEAR for group in follower.groups) == 1
        assert bench.client.stats()["gaps_detected"] == 0
        assert bench.log.at("error") == []
        if "f39" not in name:  # after a reset the exchange's numbers are not those of the connection
            await follower.equals(own_exchange)


async def test_f42_an_unasked_snapshot_replaces_the_book(own_exchange: SimulatedExchange) -> None:
    async with connected_client(own_exchange) as bench:
        follower = await follow(bench)
        await some_more(bench, 2)
        row = {
            "asks": [["900001", "1", "0", "1"]],
            "bids": [["900000", "2", "0", "1"]],
            "ts": "1700000000000",
            "checksum": 0,
            "prevSeqId": -1,
            "seqId": 5,
        }
        push(own_exchange, BOOKS, [row], action="snapshot")
        await bench.sink.waiter.until(lambda: follower.follow() and 5 in follower.views, "the snapshot")
        assert [len(side) for side in follower.views[5]] == [1, 1], "nothing of the old book is left"
        await some_more(bench)
        await follower.equals(own_exchange)


async def test_f44_an_empty_and_a_one_sided_snapshot(own_exchange: SimulatedExchange) -> None:
    async with connected_client(own_exchange) as bench:
        follower = await follow(bench)
        await some_more(bench, 2)
        common = {"ts": "1700000000000", "checksum": 0, "prevSeqId": -1}
        push(own_exchange, BOOKS, [common | {"asks": [], "bids": [], "seqId": 6}], action="snapshot")
        await bench.sink.waiter.until(lambda: follower.follow() and 6 in follower.views, "the empty snapshot")
        assert follower.views[6] == ([], [])
        one_sided = common | {"asks": [], "bids": [["1.5", "2", "0", "1"]], "seqId": 7}
        push(own_exchange, BOOKS, [one_sided], action="snapshot")
        await bench.sink.waiter.until(lambda: follower.follow() and 7 in follower.views, "the one-sided snapshot")
        assert [len(side) for side in follower.views[7]] == [1, 0]


async def test_f43_gaps_of_many_books_are_recovered_without_a_storm(own_exchange: SimulatedExchange) -> None:
    async with connected_client(own_exchange) as bench:
        ids = [i.id for i in bench.client.instrument_provider.list_all() if exchange_has_book(own_exchange, i)][:20]
        for instrument_id in ids:
            await bench.client._subscribe_order_book_deltas(book_command(instrument_id))
        for instrument_id in ids:
            await bench.sink.receives(OrderBookDeltas, instrument_id)
        for instrument_id in ids:
            on = {"class": "update", "channel": "books", "instId": instrument_id.symbol.value}
            own_exchange.inject({"on": on, "when": {"count": 1}, "what": {"kind": "seq", "how": "drop"}})
        await bench.sink.waiter.until(
            lambda: bench.client.stats()["gaps_recovered"] == len(ids), "all books to be recovered"
        )
        (connection,) = [c for c in own_exchange.control("/control/state")["connections"] if c["topics"]]
        assert connection["ops_last_hour"] <= 3 * len(ids)


async def test_f47_without_the_tier_the_book_comes_from_books_once(own_exchange: SimulatedExchange) -> None:
    own_exchange.inject(
        {
            "on": {"class": "request", "op": "subscribe", "channel": "books-l2-tbt"},
            "what": {"kind": "reply", "code": "64003", "msg": "Your trading fee tier doesn't meet the requirement"},
        }
    )
    async with connected_client(own_exchange, keys=True) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT, params={"channel": "books-l2-tbt"}))
        await bench.sink.receives(OrderBookDeltas, SPOT, count=3)
        assert topics_of(own_exchange).count(BOOKS) == 1
        assert any("64003" in line for line in bench.log.at("warning") + bench.log.at("error"))


async def test_f25_a_fault_on_one_channel_leaves_the_others_alone(own_exchange: SimulatedExchange) -> None:
    async with connected_client(own_exchange) as bench:
        await follow(bench)
        await bench.client._subscribe_trade_ticks(command(SubscribeTrades, SPOT))
        own_exchange.inject(
            {"on": {"class": "update", **BOOKS}, "what": {"kind": "mute", "scope": "matching", "pongs": True}}
        )
        seen = len(bench.sink.of(TradeTick, SPOT))
        await bench.sink.receives(TradeTick, SPOT, count=seen + 5)
        assert bench.client.stats()["links"]["public"]["connects"] == 1


def acted(exchange: SimulatedExchange) -> bool:
    """Whether every fault in place has acted."""
    faults = exchange.control("/control/faults")
    return all(fault["fired"] for fault in faults)


def exchange_has_book(exchange: SimulatedExchange, instrument: Any) -> bool:
    return instrument.id.symbol.value.endswith("-SWAP")


@pytest.mark.parametrize("driver", ["inline", "threaded"])
async def test_f105_a_blocked_loop_loses_nothing(own_exchange: SimulatedExchange, driver: str) -> None:
    async with connected_client(own_exchange, driver=driver) as bench:
        follower = await follow(bench)
        await some_more(bench, 2)
        for _ in range(3):
            time.sleep(1.0)  # noqa: ASYNC251 - the fault itself: a strategy that blocks the loop
            await some_more(bench, 1)
        stats = bench.client.stats()
        assert (stats["gaps_detected"], stats["dropped"]) == (0, 0)
        assert stats["links"]["public"]["connects"] == 1
        await follower.equals(own_exchange)
