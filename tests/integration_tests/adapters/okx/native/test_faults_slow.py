"""F105 and F106: readers that stop reading. What waits is bounded, nothing is wrong in the end, no order event lost."""

import resource
import time
from collections.abc import Callable
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.data import TradeTick

from .books import BookFollower
from .exec_bench import SMALL, native_client
from .exec_faults import agrees, rested, works
from .support import DEADLINE_SECS, SPOT, connected_client, topics_of
from .test_defects_data import SubscribeTradeTicks, book_command, command

BOOKS = {"channel": "books", "instId": "BTC-USDT"}
TRADES = {"channel": "trades", "instId": "BTC-USDT"}
#: OKX does not tell how much it keeps for a slow reader.
SHORT = {"connects_per_s": 0, "backlog_bytes": 1 << 20}
TRADE = '{"instId":"BTC-USDT","tradeId":"7","px":"50000.1","sz":"2","side":"buy","ts":"1700000000000","count":"1"}'


def blocked_until(condition: Callable[[], Any], meanwhile: Callable[[], Any]) -> None:
    """Blocks the loop, as a strategy that computes does, until something has happened at the exchange."""
    end = time.monotonic() + DEADLINE_SECS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        meanwhile()


def flood(exchange: SimulatedExchange, link: str, text: dict[str, Any]) -> Callable[[], None]:
    """Frames to all clients of a kind of connection."""
    what = {"kind": "inject", "payload": text}
    return lambda: exchange.inject({"on": {"link": link}, "when": {"now": True, "count": 1}, "what": what}) and None


def ended_with(exchange: SimulatedExchange, code: int) -> bool:
    return any(entry["text"].startswith(f"ended: close {code}") for entry in exchange.journal())


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def test_f106_a_reader_that_okx_gives_up_on_has_the_books_again():
    with SimulatedExchange(seed=44, config=SMALL | {"limits": SHORT, "journal": {"pushes": False}}) as exchange:
        async with connected_client(exchange) as bench:
            follower = BookFollower(bench, SPOT)
            await bench.client._subscribe_order_book_deltas(book_command(SPOT))
            await bench.sink.waiter.until(lambda: follower.follow() > 2, "a book")
            noise = flood(
                exchange, "public", {"repeat": {"head": '{"event":"', "text": "x", "times": 1 << 20, "tail": '"}'}}
            )
            blocked_until(lambda: ended_with(exchange, 4005), noise)
            await bench.sink.waiter.until(
                lambda: bench.client.stats()["links"]["public"]["connects"] == 2, "a new connection"
            )
            await follower.equals(exchange)
            assert not follower.crossed
            assert topics_of(exchange).count(BOOKS) == 1
            assert any("4005" in line for _, line in bench.log.lines), "why it ended is said"


async def test_f105_what_waits_for_a_blocked_loop_is_bounded():
    limits = SHORT | {"backlog_bytes": 1 << 30}
    with SimulatedExchange(seed=45, config=SMALL | {"limits": limits, "journal": {"pushes": False}}) as exchange:
        async with connected_client(exchange, driver="threaded") as bench:
            follower = BookFollower(bench, SPOT)
            await bench.client._subscribe_order_book_deltas(book_command(SPOT))
            await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SPOT))
            await bench.sink.waiter.until(lambda: follower.follow() > 2, "a book")
            head = '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":['
            many = {"repeat": {"head": head, "text": TRADE + ",", "times": 20_000, "tail": TRADE + "]}"}}
            before = peak_mb()
            dropped = lambda: bench.client.stats()["dropped"]  # noqa: E731
            # As many again as fit, so that a book's changes meet a full mailbox too.
            blocked_until(lambda: dropped() > 300_000, flood(exchange, "public", many))
            gaps = lambda: bench.client.stats()["gaps_detected"]  # noqa: E731
            blocked_until(gaps, lambda: time.sleep(0.01))
            assert peak_mb() - before < 400, "what waits does not grow with what comes"
            await bench.sink.waiter.until(lambda: bench.client.stats()["gaps_recovered"], "the book again")
            bench.sink.items[:] = [item for item in bench.sink.items if not isinstance(item, TradeTick)]
            await follower.equals(exchange)
            assert bench.client.stats()["links"]["public"]["connects"] == 1


@pytest.mark.parametrize("driver", ["inline", "threaded"])
async def test_f106_no_order_event_is_lost_when_okx_gives_up_on_a_reader(driver: str):
    with SimulatedExchange(seed=46, config=SMALL | {"limits": SHORT}) as exchange:
        async with native_client(exchange, driver=driver) as bench:
            orders = [await rested(bench, size="0.1") for _ in range(5)]
            noise = flood(
                exchange, "private", {"repeat": {"head": '{"event":"', "text": "x", "times": 1 << 20, "tail": '"}'}}
            )
            for order in orders:
                bench.script("fill", clOrdId=order.client_order_id.value, sz="0.04")
            if driver == "inline":
                blocked_until(lambda: ended_with(exchange, 4005), noise)
            for order in orders[1:]:
                bench.script("fill", clOrdId=order.client_order_id.value)
            bench.script("cancel", clOrdId=orders[0].client_order_id.value)
            await bench.told(orders[0], "Canceled")
            for order in orders[1:]:
                await bench.told(order, "Filled", 2)
            await agrees(bench)
            await works(bench)
