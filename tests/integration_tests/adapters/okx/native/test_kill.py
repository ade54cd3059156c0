"""F93 to F95: a process killed in the middle of trading, again and again: after each start every fill counts once."""

import asyncio
import multiprocessing
import os
import random
import signal
from collections import Counter
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide, OrderStatus, TimeInForce
from nautilus_trader.model.events import OrderFilled

from .trading_support import PROFILES, SEED, Venue, trading_node

KILLS = int(os.environ.get("KILLS", "15"))
"""How often the process is killed; more by `KILLS=50 make test-python PYTEST_ARGS=-kkilled`."""

DEADLINE_SECS = 60
PROFILE = PROFILES["P2"]
COMMANDS = ('"op":"order"', '"op":"cancel-order"', '"op":"amend-order"')

# A process that has Nautilus loaded already, of which each life is a copy: loading takes longer than a life.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def state_of(t: Any) -> dict[str, Any]:
    """What the engine holds after its reconciliation."""
    fills = [e for order in t.cache.orders() for e in order.events if isinstance(e, OrderFilled)]
    return {
        "fills": [(e.venue_order_id.value, e.trade_id.value, str(e.last_qty)) for e in fills],
        "net": t.net(),
        "open": sorted(order.venue_order_id.value for order in t.cache.orders_open()),
    }


async def trade(t: Any, rng: random.Random) -> None:
    """Orders of several kinds, one after the other, until the process is killed."""
    while True:
        side = rng.choice((OrderSide.BUY, OrderSide.SELL))
        kind = rng.choice(("market", "ioc", "rest", "rest", "leave"))
        if kind == "market":
            order = t.market(side)
            t.trader.submit_order(order)
        elif kind == "ioc":
            order = t.limit(side, "0.2", time_in_force=TimeInForce.IOC)
            t.trader.submit_order(order)
        else:
            order = t.limit(side, "-1")
            t.trader.submit_order(order)
            # Refused (50011) where the life before has used up the limits: a new process does not know of them.
            await t.trader.until(lambda o=order: o.status == OrderStatus.ACCEPTED or o.is_closed, "an answer")
            if kind == "rest" and not order.is_closed:
                t.trader.modify_order(order, price=t.price(side, "-1.5"))
                t.trader.cancel_order(order)
        if kind != "leave":
            await t.trader.until(lambda order=order: order.is_closed, "the end of the order")


async def live(addresses: dict[str, Any], seed: int, pipe: Connection) -> None:
    """One life: reconcile, tell, wait for the word, trade."""
    async with trading_node(SimpleNamespace(**addresses), PROFILE) as t:
        pipe.send(state_of(t))
        await asyncio.to_thread(pipe.recv)
        t.venue = SimpleNamespace(best=lambda *_: t.cache.quote_tick(t.instrument.id).ask_price.as_decimal())
        t.trader.subscribe_quote_ticks(t.instrument.id)
        async with asyncio.timeout(DEADLINE_SECS):
            while t.cache.quote_tick(t.instrument.id) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # the cache has no event for its first quote
        await trade(t, random.Random(seed))


def life(addresses: dict[str, Any], seed: int, pipe: Connection) -> None:
    asyncio.run(live(addresses, seed, pipe))


def commands(venue: Venue) -> int:
    texts = (entry["text"] for entry in venue.exchange.journal() if entry["direction"] == "in")
    return sum(any(op in text for op in COMMANDS) for text in texts)


async def until(condition: Any, process: Any) -> None:
    async with asyncio.timeout(DEADLINE_SECS):
        while not condition():
            assert process.is_alive(), f"the process ended by itself, exit code {process.exitcode}"
            await asyncio.sleep(0.001)


def check(state: dict[str, Any], account: dict[str, Any], number: int) -> None:
    """The engine of a new life against the exchange."""
    seen = Counter((order, trade) for order, trade, _ in state["fills"])
    twice = [key for key, count in seen.items() if count > 1]
    assert not twice, f"life {number}: counted twice: {twice}"
    theirs = {(fill["ordId"], fill["tradeId"]) for fill in account["fills"]}
    # The engine keeps nothing from before the position was last flat; the position shows that no more is missing.
    assert set(seen) <= theirs, f"life {number}: not the exchange's: {set(seen) - theirs}"
    positions = {row["instId"]: Decimal(row["pos"]) for row in account["positions"]}
    assert state["net"] == positions.get(PROFILE.instrument_id.symbol.value, 0), f"life {number}"
    assert state["open"] == sorted(row["ordId"] for row in account["orders"]), f"life {number}"


@pytest.mark.timeout(600)
async def test_f93_f94_f95_killed_again_and_again_every_fill_counts_once(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1])  # other processes must find this module by its name
    rng = random.Random(SEED)
    with SimulatedExchange(seed=SEED, config=PROFILE.config()) as exchange:
        venue = Venue(exchange)
        names = ("rest_url", "ws_public_url", "ws_private_url", "ws_business_url", "api_key", "api_secret")
        addresses = {name: getattr(exchange, name) for name in (*names, "api_passphrase")}
        for number in range(KILLS + 1):
            here, there = PROCESSES.Pipe()
            process = PROCESSES.Process(target=life, args=(addresses, number, there), daemon=True)
            process.start()
            await until(here.poll, process)
            check(here.recv(), venue.account, number)
            if number < KILLS:
                before, wanted = commands(venue), rng.randint(1, 12)
                here.send("go")
                await until(lambda: commands(venue) >= before + wanted, process)  # noqa: B023
            os.kill(process.pid, signal.SIGKILL)
            process.join()
        fills = venue.account["fills"]
    assert len(fills) >= KILLS, f"only {len(fills)} fills: the kills proved little"
