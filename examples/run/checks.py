"""Compares the books the strategy sees with the exchange's own, at the same `seqId`."""

import asyncio
from dataclasses import dataclass
from typing import Any

from examples.run.simulator import Simulator
from examples.run.strategy import LEVELS_COMPARED, BookView, Watcher, plain

CHECK_INTERVAL_SECS = 1.0
CATCH_UP_SECS = 0.5


@dataclass
class BookChecks:
    """How many books were compared, and how many differed."""

    compared: int = 0
    mismatches: int = 0
    last_mismatch: str = ""


def view_of_exchange(book: dict[str, Any]) -> BookView:
    """The best levels of the exchange's book, in the notation of the strategy's."""

    def ladder(levels: list[list[str]]) -> tuple[tuple[str, str], ...]:
        return tuple((plain(level[0]), plain(level[1])) for level in levels[:LEVELS_COMPARED])

    return ladder(book["bids"]), ladder(book["asks"])


async def check_books(watcher: Watcher, simulator: Simulator, checks: BookChecks) -> None:
    """Ask the exchange for each book every second until cancelled."""
    while True:
        await asyncio.sleep(CHECK_INTERVAL_SECS)
        for text in watcher.config.instrument_ids:
            book = await asyncio.to_thread(simulator.book, text.removesuffix(".OKX"))
            await asyncio.sleep(CATCH_UP_SECS / len(watcher.config.instrument_ids))
            seen = watcher.books[text].get(book["seqId"])
            if seen is None:
                continue  # not published to us: dropped by the injected gap, or not there yet
            checks.compared += 1
            if seen != view_of_exchange(book):
                checks.mismatches += 1
                checks.last_mismatch = f"{text} seqId {book['seqId']}"
