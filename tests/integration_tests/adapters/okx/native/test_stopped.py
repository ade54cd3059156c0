"""F107: a process that stands still for longer than OKX waits, and goes on."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide

from .books import ladder, top
from .killing import DEADLINE_SECS, PROFILE, Life, has_prices, node_of, state_of, word
from .test_kill import check, commands
from .trading_support import SEED, Venue

SYMBOL = PROFILE.instrument_id.symbol.value


def book_of(t: Any) -> tuple[int, list[Any], list[Any]] | None:
    """The engine's book: its sequence and the best levels."""
    book = t.cache.order_book(t.instrument.id)
    if book is None or book.best_bid_price() is None:
        return None
    bids, asks = top(book)
    return book.sequence, bids, asks


async def standing(addresses: dict[str, Any], pipe: Any) -> None:
    """Orders that rest, and more when asked; a book; tells whenever it is asked."""
    async with node_of(addresses) as t:
        await has_prices(t)
        t.trader.subscribe_order_book_deltas(t.instrument.id)
        for _ in range(3):
            await t.submit(t.limit(OrderSide.BUY, "-1"), "Submitted", "Accepted")
        pipe.send(os.getpid())
        while (asked := await word(pipe)) != "end":
            if asked == "order":
                t.trader.submit_order(t.market(OrderSide.BUY))
            else:
                pipe.send((t.client.stats()["is_ready"], state_of(t), book_of(t)))


async def agreed(life: Life, venue: Venue) -> None:
    """Ask until orders, fills, position and book are the exchange's."""
    async with asyncio.timeout(DEADLINE_SECS):
        while True:
            life.tell("tell")
            is_ready, state, book = await life.told()
            theirs, account = venue.exchange.book(SYMBOL), venue.account
            is_whole = is_ready and len(state["fills"]) >= len(account["fills"])
            if is_whole and book is not None and book[0] == int(theirs["seqId"]):
                check(state, account, 1)
                assert book[1:] == (ladder(theirs["bids"]), ladder(theirs["asks"]))
                return


@pytest.mark.timeout(120)
async def test_f107_a_process_that_stands_still_sends_nothing_stale_and_agrees_again(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1])  # other processes must find this module by its name
    with SimulatedExchange(seed=SEED, config=PROFILE.config()) as exchange:
        venue = Venue(exchange)
        life = Life(exchange, standing)
        process = await life.told()
        await agreed(life, venue)
        before = commands(venue)
        life.tell("order")
        await life.until(lambda: commands(venue) > before)
        os.kill(process, signal.SIGSTOP)
        try:
            orders = venue.orders()
            venue.script("account.fill", ordId=orders[0]["ordId"])
            venue.script("account.cancel", ordId=orders[1]["ordId"])
            venue.script("jump", instId=SYMBOL, factor=1.0005)
            # What OKX does with a client that is silent for 30 s.
            silent = {"kind": "cut", "how": {"close": {"code": 4004, "reason": "No data received in 30s"}}}
            exchange.inject({"when": {"now": True}, "what": silent})
            await life.until(lambda: exchange.control("/control/state")["connections"] == [])
        finally:
            os.kill(process, signal.SIGCONT)
        # The one under way and the one that was filled while nobody looked; one of three is left.
        await agreed(life, venue)
        assert len(venue.orders()) == 1
        fills = len(venue.account["fills"])
        assert fills >= 2
        assert commands(venue) == before + 1, "nothing was sent again, and nothing stale"
        life.tell("order")
        await life.until(lambda: len(venue.account["fills"]) > fills)
        await agreed(life, venue)
        life.kill()
