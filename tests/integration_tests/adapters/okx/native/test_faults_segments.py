"""F91: however the stream is cut, the results are the same; what is compressed without being asked for is refused."""

from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.data import TradeTick

from .books import BookFollower
from .exec_bench import SMALL, native_client
from .exec_faults import agrees, rested, works
from .segments import Segments
from .support import SPOT, connected_client
from .test_defects_data import SubscribeTradeTicks, book_command, command

CUTS = [("bytes", False), ("bytes", True), ("gathered", False), ("gathered", True)]
DRIVERS = ["inline", "threaded"]


@contextmanager
def cut_up(how: str, tls: bool, link: str, folder: Path) -> Any:
    """An exchange, and the settings of a client that reaches it through what cuts the stream."""
    with (
        SimulatedExchange(seed=47, config=SMALL, tls=tls) as exchange,
        Segments(getattr(exchange, f"ws_{link}_url"), how) as between,
    ):
        fields: dict[str, Any] = {"base_url_ws": between.url}
        if tls:
            authority = folder / "ca.pem"
            authority.write_bytes(exchange.ca_pem or b"")
            fields["ca_file"] = str(authority)
        yield exchange, between, fields


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(("how", "tls"), CUTS)
async def test_f91_market_data_is_the_same_however_it_is_cut(tmp_path: Path, how: str, tls: bool, driver: str) -> None:
    with cut_up(how, tls, "public", tmp_path) as (exchange, between, fields):
        async with connected_client(exchange, driver=driver, **fields) as bench:
            follower = BookFollower(bench, SPOT)
            await bench.client._subscribe_order_book_deltas(book_command(SPOT))
            await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SPOT))
            await bench.sink.waiter.until(lambda: follower.follow() > 5, "a book")
            await bench.sink.receives(TradeTick, SPOT, count=3)
            await follower.equals(exchange)
            stats = bench.client.stats()
            assert (stats["gaps_detected"], stats["rows_skipped"], stats["links"]["public"]["connects"]) == (0, 0, 1)
            assert bench.log.at("error") == []
            assert between.sent > 1_000, "it went this way"


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(("how", "tls"), CUTS)
async def test_f91_orders_are_the_same_however_they_are_cut(tmp_path: Path, how: str, tls: bool, driver: str) -> None:
    with cut_up(how, tls, "private", tmp_path) as (exchange, between, fields):
        async with native_client(exchange, driver=driver, **fields) as bench:
            orders = [await rested(bench, size="0.1") for _ in range(3)]
            for order in orders:
                bench.script("fill", clOrdId=order.client_order_id.value, sz="0.04")
                bench.script("fill", clOrdId=order.client_order_id.value)
            for order in orders:
                await bench.told(order, "Filled", 2)
            await agrees(bench)
            await works(bench)
            assert sum('"op":"login"' in text for text in bench.frames()) == 1
            assert between.sent > 1_000, "it went this way"


#: 20 MB of nothing: more than a message may have, and much more than it is on the wire.
BOMB = [{"raw": {"repeat": {"text": "0" * 1_000, "times": 20_000}}}, "deflate"]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("changes", [["deflate"], BOMB], ids=["frame", "bomb"])
async def test_f91_f78_what_was_never_agreed_on_ends_the_connection_with_one_error(driver: str, changes: list) -> None:
    with SimulatedExchange(seed=48, config=SMALL) as exchange:
        async with connected_client(exchange, driver=driver) as bench:
            follower = BookFollower(bench, SPOT)
            await bench.client._subscribe_order_book_deltas(book_command(SPOT))
            await bench.sink.waiter.until(lambda: follower.follow() > 2, "a book")
            on = {"class": "update", "channel": "books", "instId": "BTC-USDT"}
            exchange.inject({"on": on, "when": {"count": 1}, "what": {"kind": "edit", "changes": changes}})
            await bench.sink.waiter.until(
                lambda: bench.client.stats()["links"]["public"]["connects"] == 2, "a new connection"
            )
            await follower.equals(exchange)
            said = [line for _, line in bench.log.lines if "reserved bits" in line]
            assert len(said) == 1, bench.log.lines


async def test_f91_orders_outlast_a_compressed_push() -> None:
    with SimulatedExchange(seed=49, config=SMALL) as exchange:
        async with native_client(exchange) as bench:
            order = await rested(bench)
            bench.fault({"kind": "edit", "changes": ["deflate"]}, {"class": "push", "channel": "orders"})
            bench.script("fill", clOrdId=order.client_order_id.value)
            await bench.told(order, "Filled")
            await agrees(bench)
            await works(bench)
