"""A book kept from what a client publishes, to be compared with the exchange's own."""

from decimal import Decimal

from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import OrderBookDeltas
from nautilus_trader.model.enums import BookType, RecordFlag
from nautilus_trader.model.identifiers import InstrumentId

from .support import Bench

LEVELS = 10

Level = tuple[Decimal, Decimal]


class BookFollower:
    """Applies the groups of one instrument, looks at the book after each, and remembers its top by sequence."""

    def __init__(self, bench: Bench, instrument_id: InstrumentId) -> None:
        self.instrument_id = instrument_id
        self.views: dict[int, tuple[list[Level], ...]] = {}
        self.crossed = 0
        self._sink = bench.sink
        self._book = OrderBook(instrument_id, BookType.L2_MBP)
        self._next = 0

    @property
    def groups(self) -> list[OrderBookDeltas]:
        return self._sink.of(OrderBookDeltas, self.instrument_id)

    def follow(self) -> int:
        """Apply what has come since; the number of groups so far."""
        for group in self.groups[self._next :]:
            self._next += 1
            self._book.apply_deltas(group)
            assert group.flags & RecordFlag.F_LAST, "a group is whole"
            bid, ask = self._book.best_bid_price(), self._book.best_ask_price()
            self.crossed += bid is not None and ask is not None and bid >= ask
            self.views[group.sequence] = top(self._book)
        return self._next

    async def equals(self, exchange: SimulatedExchange) -> None:
        """Wait until both are at the same `seqId`; then they must be equal. Older views are forgotten first."""
        self.follow()
        self.views.clear()
        while True:
            venue = exchange.book(self.instrument_id.symbol.value)
            wanted = int(venue["seqId"])
            await self._sink.waiter.until(lambda wanted=wanted: self._reached(wanted), f"a book at {wanted}")
            if wanted in self.views:
                assert self.views[wanted] == (ladder(venue["bids"]), ladder(venue["asks"]))
                assert not self.crossed
                return

    def _reached(self, sequence: int) -> bool:
        self.follow()
        return bool(self.views) and max(self.views) >= sequence


def top(book: OrderBook) -> tuple[list[Level], ...]:
    """The best levels of both sides."""
    return tuple(
        [(level.price.as_decimal(), Decimal(str(level.size()))) for level in side[:LEVELS]]
        for side in (book.bids(), book.asks())
    )


def ladder(rows: list[list[str]]) -> list[Level]:
    """The same of the exchange's rows."""
    return [(Decimal(row[0]), Decimal(row[1])) for row in rows[:LEVELS]]
