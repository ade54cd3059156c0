"""A strategy that subscribes to everything a trader might, counts what arrives and keeps what the checks need."""

import asyncio
from collections import Counter, OrderedDict
from datetime import timedelta
from typing import Any

from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import BookType
from nautilus_trader.model.identifiers import InstrumentId, Venue
from nautilus_trader.trading.strategy import Strategy

LEVELS_COMPARED = 10
BOOKS_REMEMBERED = 256  # per instrument: some seconds of updates, enough to meet the simulator's answer

Ladder = tuple[tuple[str, str], ...]
BookView = tuple[Ladder, Ladder]


class WatcherConfig(StrategyConfig, frozen=True):
    """What to watch: `swaps` are those with mark, index and funding; `depth10` where the back end has it."""

    instrument_ids: tuple[str, ...]
    swaps: tuple[str, ...]
    depth10: bool = True


class Watcher(Strategy):  # type: ignore[misc]
    """Counts per stream, latencies from receipt to callback, and recent books by sequence."""

    def __init__(self, config: WatcherConfig) -> None:
        super().__init__(config)
        self.counts: Counter[str] = Counter()
        self.responses: Counter[str] = Counter()
        self.latencies_ns: list[int] = []
        self.last_price: dict[str, str] = {}
        self.books: dict[str, OrderedDict[int, BookView]] = {}
        self.crossed = 0
        self.first_quote = asyncio.Event()

    def on_start(self) -> None:
        self.request_instruments(Venue("OKX"))
        for text in self.config.instrument_ids:
            instrument_id = InstrumentId.from_str(text)
            self.books[text] = OrderedDict()
            self.subscribe_quote_ticks(instrument_id)
            self.subscribe_trade_ticks(instrument_id)
            self.subscribe_order_book_deltas(instrument_id, BookType.L2_MBP)
            if self.config.depth10:
                # Unmanaged: one cached book an instrument, and that one is kept from the deltas.
                self.subscribe_order_book_depth(instrument_id, BookType.L2_MBP, depth=10, managed=False)
            self.subscribe_instrument_status(instrument_id)
            bar_type = BarType.from_str(f"{text}-1-SECOND-LAST-EXTERNAL")
            self.subscribe_bars(bar_type)
            minute = BarType.from_str(f"{text}-1-MINUTE-LAST-EXTERNAL")
            now = self.clock.utc_now()
            self.request_bars(minute, start=now - timedelta(hours=2), end=now)
            self.request_trade_ticks(instrument_id, start=now - timedelta(minutes=5), end=now)
        for text in self.config.swaps:
            instrument_id = InstrumentId.from_str(text)
            self.subscribe_mark_prices(instrument_id)
            self.subscribe_index_prices(instrument_id)
            self.subscribe_funding_rates(instrument_id)

    def on_stop(self) -> None:
        for text in self.config.instrument_ids:
            instrument_id = InstrumentId.from_str(text)
            self.unsubscribe_quote_ticks(instrument_id)
            self.unsubscribe_trade_ticks(instrument_id)
            self.unsubscribe_order_book_deltas(instrument_id)
            self.unsubscribe_bars(BarType.from_str(f"{text}-1-SECOND-LAST-EXTERNAL"))

    def _count(self, stream: str, item: Any) -> None:
        self.counts[stream] += 1
        self.latencies_ns.append(self.clock.timestamp_ns() - item.ts_init)

    def on_quote_tick(self, tick: Any) -> None:
        self._count("quotes", tick)
        self.first_quote.set()

    def on_trade_tick(self, tick: Any) -> None:
        self._count("trades", tick)
        self.last_price[str(tick.instrument_id)] = str(tick.price)

    def on_order_book_deltas(self, deltas: Any) -> None:
        self._count("book_updates", deltas)
        text = str(deltas.instrument_id)
        book = self.cache.order_book(deltas.instrument_id)
        if book is None:
            return
        bid, ask = book.best_bid_price(), book.best_ask_price()
        if bid is not None and ask is not None and bid >= ask:
            self.crossed += 1
        remembered = self.books[text]
        remembered[deltas.sequence] = view_of(book)
        if len(remembered) > BOOKS_REMEMBERED:
            remembered.popitem(last=False)

    def on_order_book_depth(self, depth: Any) -> None:
        self._count("depth10", depth)

    def on_bar(self, bar: Any) -> None:
        self.counts["bars"] += 1  # a bar's latency is its length

    def on_mark_price(self, update: Any) -> None:
        self._count("mark_prices", update)

    def on_index_price(self, update: Any) -> None:
        self._count("index_prices", update)

    def on_funding_rate(self, update: Any) -> None:
        self._count("funding_rates", update)

    def on_instrument_status(self, status: Any) -> None:
        self._count("instrument_status", status)

    def on_historical_data(self, data: Any) -> None:
        self.responses[type(data).__name__] += 1

    def on_instrument(self, instrument: Any) -> None:
        self.responses["Instrument"] += 1


def view_of(book: OrderBook) -> BookView:
    """The best levels as text without trailing zeros, so that the two sides' notations compare."""

    def ladder(levels: list[Any]) -> Ladder:
        return tuple(
            (plain(str(level.price)), plain(str(level.orders()[0].size))) for level in levels[:LEVELS_COMPARED]
        )

    return ladder(book.bids()), ladder(book.asks())


def plain(number: str) -> str:
    """`1.500` -> `1.5`; exact, without a float."""
    return number.rstrip("0").rstrip(".") if "." in number else number
