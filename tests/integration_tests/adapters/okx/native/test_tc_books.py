"""TC-D10 to TC-D15: order books, through a TradingNode. Flags are those of the acceptance text, section 4."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import OrderBookDeltas, OrderBookDepth10
from nautilus_trader.model.enums import BookAction, BookType, OrderSide, RecordFlag

from .support import SPOT, SWAP, running_node

SNAPSHOT, LAST = RecordFlag.F_SNAPSHOT.value, RecordFlag.F_LAST.value


def check_flags(group: OrderBookDeltas) -> None:
    """A group is a whole: only its last delta says so, and a snapshot starts from nothing."""
    deltas = group.deltas
    snapshot = deltas[0].action == BookAction.CLEAR
    for delta in deltas:
        assert bool(delta.flags & LAST) == (delta is deltas[-1])
        assert bool(delta.flags & SNAPSHOT) == snapshot
        assert delta.sequence == group.sequence
        if delta.action == BookAction.DELETE:
            assert delta.order.size.as_decimal() == 0
        elif delta.action != BookAction.CLEAR:
            assert delta.order.size.as_decimal() > 0


async def test_tc_d10_subscribe_deltas(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_order_book_deltas(SWAP, BookType.L2_MBP)
        await run.strategy.waiter.until(lambda: both_sides_change(run.strategy.of(OrderBookDeltas, SWAP)[1:]))

        first, *updates = run.strategy.of(OrderBookDeltas, SWAP)
        assert first.deltas[0].action == BookAction.CLEAR
        assert {delta.action for delta in first.deltas[1:]} == {BookAction.ADD}
        assert len(first.deltas) > 100, "a real snapshot has depth"
        for group in (first, *updates):
            check_flags(group)
        sequences = [group.sequence for group in (first, *updates)]
        assert sequences == sorted(set(sequences))


async def test_tc_d10_buffered_deltas_are_published_too(exchange):
    async with running_node(exchange, buffer_deltas=True) as run:
        run.strategy.subscribe_order_book_deltas(SWAP, BookType.L2_MBP)
        groups = await run.strategy.receives(OrderBookDeltas, SWAP, count=5)
        assert groups[0].is_snapshot
        assert not any(group.is_snapshot for group in groups[1:])


async def test_tc_d10_other_book_types_are_refused(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_order_book_deltas(SWAP, BookType.L3_MBO)
        run.strategy.subscribe_order_book_deltas(SPOT, BookType.L2_MBP)
        await run.strategy.receives(OrderBookDeltas, SPOT)
        assert run.client.subscribed_order_book_deltas() == [SPOT]
        assert run.strategy.of(OrderBookDeltas, SWAP) == []


async def test_tc_d11_subscribe_book_at_an_interval(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_order_book_at_interval(SWAP, BookType.L2_MBP, interval_ms=1000)
        books = await run.strategy.receives(OrderBook, SWAP, count=2)
        for book in books:
            check_sorted([level.price for level in book.bids()], [level.price for level in book.asks()])


async def test_tc_d12_subscribe_depth_10(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_order_book_depth(SWAP, BookType.L2_MBP, depth=10)
        depths = await run.strategy.receives(OrderBookDepth10, SWAP, count=5)
        for depth in depths:
            bids = [order.price for order in depth.bids if order.size.as_decimal() > 0]
            asks = [order.price for order in depth.asks if order.size.as_decimal() > 0]
            check_sorted(bids, asks)
            assert len(depth.bids) == len(depth.asks) == 10
            for order, count in zip(depth.bids + depth.asks, depth.bid_counts + depth.ask_counts, strict=True):
                assert order.size.as_decimal() > 0 or count == 0


async def test_tc_d13_request_a_snapshot(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        await strategy.answered(strategy.request_order_book_snapshot(SWAP, limit=20, callback=strategy.finished))
        (deltas,) = [item for item in strategy.history if isinstance(item, OrderBookDeltas)]
        check_flags(deltas)
        assert deltas.is_snapshot
        assert deltas.sequence > 0
        bids = [d.order.price for d in deltas.deltas[1:] if d.order.side == OrderSide.BUY]
        asks = [d.order.price for d in deltas.deltas[1:] if d.order.side == OrderSide.SELL]
        check_sorted(bids, asks)
        assert len(bids) == len(asks) == 20


async def test_tc_d14_the_managed_book_equals_the_venues(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        seen: dict[int, tuple[Any, Any]] = {}

        def remember(deltas: OrderBookDeltas) -> None:
            book = run.cache.order_book(SWAP)
            assert book.best_bid_price() is not None
            seen[deltas.sequence] = top(book)
            strategy.waiter.wake()

        # The engine's own handler has the higher priority: the cached book has this update when ours runs.
        run.node.kernel.msgbus.subscribe(f"data.book.deltas.OKX.{SWAP.symbol}", remember)
        strategy.subscribe_order_book_deltas(SWAP, BookType.L2_MBP)
        compared = 0
        while compared < 3:
            venue = exchange.book("BTC-USDT-SWAP")
            sequence = int(venue["seqId"])
            await strategy.waiter.until(lambda wanted=sequence: seen and max(seen) >= wanted)
            if sequence in seen:
                assert seen[sequence] == (ladder(venue["bids"]), ladder(venue["asks"]))
                compared += 1


async def test_tc_d15_past_deltas_are_refused_and_the_request_ends(exchange):
    async with running_node(exchange) as run:
        start = run.strategy.clock.utc_now() - timedelta(hours=1)
        strategy = run.strategy
        await strategy.answered(strategy.request_order_book_deltas(SWAP, start=start, callback=strategy.finished))
        await strategy.answered(strategy.request_order_book_depth(SWAP, start=start, callback=strategy.finished))
        assert [item for item in strategy.history if isinstance(item, OrderBookDeltas)] == []


def both_sides_change(updates: list[OrderBookDeltas]) -> bool:
    sides = {delta.order.side for group in updates for delta in group.deltas}
    return {OrderSide.BUY, OrderSide.SELL} <= sides and len(updates) >= 5


def check_sorted(bids: list[Any], asks: list[Any]) -> None:
    assert bids
    assert asks
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] < asks[0]


def top(book: OrderBook, levels: int = 10) -> tuple[Any, Any]:
    return tuple(
        [(level.price.as_decimal(), Decimal(str(level.size()))) for level in side[:levels]]
        for side in (book.bids(), book.asks())
    )


def ladder(rows: list[list[str]], levels: int = 10) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(row[0]), Decimal(row[1])) for row in rows[:levels]]
