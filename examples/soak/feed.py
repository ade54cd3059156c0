"""The native stream under test: what it is subscribed to, what it counts, and the books it keeps."""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import MarketDataStream, OkxHttpClient
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import BarType, OrderBookDeltas
from nautilus_trader.model.enums import BookType, RecordFlag
from nautilus_trader.model.identifiers import InstrumentId

from examples.run.checks import view_of_exchange
from examples.run.simulator import Simulator
from examples.run.strategy import BookView, view_of
from examples.soak.samples import Books

BOOKS_REMEMBERED: Final = 256
EVENTS_REMEMBERED: Final = 30
COMPARE_TRIES: Final = 40
COMPARE_PAUSE_SECS: Final = 0.25
STREAMS: Final = ("OrderBookDeltas", "QuoteTick", "TradeTick", "Bar", "MarkPriceUpdate")


class Feed:
    """Subscriptions of some instruments on one stream; books are kept and looked at after every message."""

    def __init__(self, venue: Simulator, instruments: Sequence[str], driver: str) -> None:
        self.counts: Counter[str] = Counter()
        self.books = Books()
        self.events: deque[str] = deque(maxlen=EVENTS_REMEMBERED)
        self._began = time.monotonic()
        self._venue = venue
        self._instruments = tuple(instruments)
        self._ladders = {inst: OrderBook(id_of(inst), BookType.L2_MBP) for inst in instruments}
        self._remembered: dict[str, OrderedDict[int, BookView]] = {inst: OrderedDict() for inst in instruments}
        self._http = OkxHttpClient(base_url=venue.rest)
        self.stream = MarketDataStream(
            on_data=self._on_data,
            on_event=self._on_event,
            url_public=venue.ws_public,
            url_business=venue.ws_public.rsplit("/", 1)[0] + "/business",
            driver=driver,  # type: ignore[arg-type]
        )

    async def start(self) -> None:
        """Connect and subscribe."""
        rows = {row["inst_id"]: row for kind in ("SPOT", "SWAP") for row in await self._http.instruments(kind)}
        await self.stream.connect()
        for inst in self._instruments:
            row = rows[inst]
            self.stream.register_instrument(
                id_of(inst),
                inst,
                inst_type=row["inst_type"],
                price_precision=precision_of(row["tick_sz"]),
                size_precision=precision_of(row["lot_sz"]),
                index_inst_id=row["uly"],
            )
            await self.stream.subscribe_book_deltas(id_of(inst))
            await self.stream.subscribe_quotes(id_of(inst))
            await self.stream.subscribe_trades(id_of(inst))
            await self.stream.subscribe_bars(BarType.from_str(f"{inst}.OKX-1-SECOND-LAST-EXTERNAL"))
            if row["inst_type"] == "SWAP":
                await self.stream.subscribe_mark_prices(id_of(inst))

    async def stop(self) -> None:
        """Close the stream."""
        await self.stream.close()
        self._http.close()

    async def compare_books(self) -> None:
        """Compare each book with the exchange's at the same `seqId`, on a fresh connection and without faults.

        A maintenance reset leaves the numbers of a connection apart from the exchange's for the rest of its life, so
        that only a fresh one can be compared.
        """
        await asyncio.to_thread(self._venue.clear_faults)
        for remembered in self._remembered.values():
            remembered.clear()
        self.stream.force_reconnect("public")
        left = set(self._instruments)
        for _ in range(COMPARE_TRIES):
            asked = {inst: await asyncio.to_thread(self._venue.book, inst) for inst in left}
            await asyncio.sleep(COMPARE_PAUSE_SECS)
            for inst, book in asked.items():
                seen = self._remembered[inst].get(book["seqId"])
                if seen is None:
                    continue
                left.discard(inst)
                self.books.compared += 1
                if seen != view_of_exchange(book):
                    self.books.mismatches += 1
                    self.books.last_mismatch = f"{inst} seqId {book['seqId']}"
            if not left:
                return

    def silent_since(self, before: Counter[str]) -> list[str]:
        """The streams that delivered nothing since then."""
        return [name for name in STREAMS if self.counts[name] == before[name]]

    def _on_event(self, event: Any) -> None:
        self.events.append(f"{time.monotonic() - self._began:8.2f} s {event['type']}: {event['message']}")

    def _on_data(self, item: Any) -> None:
        self.counts[type(item).__name__] += 1
        if isinstance(item, OrderBookDeltas):
            self._on_deltas(item)

    def _on_deltas(self, deltas: OrderBookDeltas) -> None:
        inst = deltas.instrument_id.symbol.value
        book = self._ladders[inst]
        book.apply_deltas(deltas)
        if not deltas.flags & RecordFlag.F_LAST:
            return
        bid, ask = book.best_bid_price(), book.best_ask_price()
        if bid is not None and ask is not None and bid >= ask:
            self.books.crossed += 1
        remembered = self._remembered[inst]
        remembered[deltas.sequence] = view_of(book)
        if len(remembered) > BOOKS_REMEMBERED:
            remembered.popitem(last=False)


def id_of(inst: str) -> InstrumentId:
    """The Nautilus id of an instrument."""
    return InstrumentId.from_str(f"{inst}.OKX")


def precision_of(step: Any) -> int:
    """Digits behind the point of a step size: `0.10` has one that counts."""
    return max(0, -step.normalize().as_tuple().exponent)
