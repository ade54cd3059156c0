"""F93 to F95: a process killed in the middle of trading, again and again: after each start every fill counts once."""

import os
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, TimeInForce

from .killing import PROFILE, Life, has_prices, node_of, state_of, word
from .support import RecorderConfig
from .test_tc_brackets import bracket
from .trading_support import SEED, Trader, Venue

KILLS = int(os.environ.get("KILLS", "15"))
"""How often the process is killed; more by `KILLS=50 make test-python PYTEST_ARGS=-kkilled`."""

# Lives follow each other so quickly that OKX would not take their connections.
CONFIG = PROFILE.config() | {"limits": {"connects_per_s": 0}}
COMMANDS = ('"op":"order"', '"op":"cancel-order"', '"op":"amend-order"')


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Other processes must find this module by its name."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1])


# -- lives ----------------------------------------------------------------------------------------


async def trading(addresses: dict[str, Any], pipe: Any, seed: int) -> None:
    """Reconcile, tell, wait for the word, trade."""
    async with node_of(addresses) as t:
        pipe.send(state_of(t))
        await word(pipe)
        await has_prices(t)
        await trade(t, random.Random(seed))


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


def keeper() -> Trader:
    """A strategy whose are the orders of an earlier life on the instrument."""
    claims = [PROFILE.instrument_id]
    return Trader(RecorderConfig(strategy_id="KEEPER", order_id_tag="007", external_order_claims=claims))


async def opening(addresses: dict[str, Any], pipe: Any) -> None:
    """Place 20 limit orders, five stops and a bracket, tell of them, and wait for the end."""
    async with node_of(addresses, keeper()) as t:
        await has_prices(t)
        orders = [t.limit(OrderSide.BUY, f"-{1 + n / 10}") for n in range(20)]
        for n in range(5):
            price = t.price(OrderSide.SELL, f"-{5 + n}")
            orders.append(t.trader.order_factory.stop_market(t.instrument.id, OrderSide.BUY, t.size, price))
        for order in orders:
            t.trader.submit_order(order)
        pair = bracket(t, percent="-1")
        t.trader.submit_order_list(pair)
        orders.append(pair.orders[0])
        for order in orders:
            await t.trader.has(order, OrderStatus.ACCEPTED)
        pipe.send(state_of(t))
        await word(pipe)


async def keeping(addresses: dict[str, Any], pipe: Any) -> None:
    """Reconcile, tell; cancel two of the orders that were found, tell."""
    async with node_of(addresses, keeper()) as t:
        pipe.send(state_of(t))
        await word(pipe)
        for kind in (OrderType.LIMIT, OrderType.STOP_MARKET):
            order = next(o for o in t.cache.orders_open() if o.order_type == kind)
            t.trader.cancel_order(order)
            await t.trader.has(order, OrderStatus.CANCELED)
        pipe.send(state_of(t))
        await word(pipe)


async def resting(addresses: dict[str, Any], pipe: Any) -> None:
    """Place one large order, tell when it rests and when it is filled in part, wait for the end."""
    async with node_of(addresses) as t:
        await has_prices(t)
        order = t.limit(OrderSide.BUY, "-1", quantity=t.instrument.make_qty(100))
        t.trader.submit_order(order)
        for status in (OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED):
            await t.trader.has(order, status)
            pipe.send((order.venue_order_id.value, state_of(t)))
        await word(pipe)


async def looking(addresses: dict[str, Any], pipe: Any) -> None:
    """Reconcile, tell."""
    async with node_of(addresses) as t:
        pipe.send(state_of(t))
        await word(pipe)


# -- judgement ------------------------------------------------------------------------------------


def commands(venue: Venue) -> int:
    texts = (entry["text"] for entry in venue.exchange.journal() if entry["direction"] == "in")
    return sum(any(op in text for op in COMMANDS) for text in texts)


def open_at(account: dict[str, Any]) -> list[str]:
    return sorted([row["ordId"] for row in account["orders"]] + [row["algoId"] for row in account["algos"]])


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
    assert state["open"] == open_at(account), f"life {number}"


@pytest.mark.timeout(600)
async def test_f93_f94_f95_killed_again_and_again_every_fill_counts_once():
    rng = random.Random(SEED)
    with SimulatedExchange(seed=SEED, config=CONFIG) as exchange:
        venue = Venue(exchange)
        for number in range(KILLS + 1):
            life = Life(exchange, trading, number)
            check(await life.told(), venue.account, number)
            if number < KILLS:
                before, wanted = commands(venue), rng.randint(1, 12)
                life.tell("go")
                await life.until(lambda: commands(venue) >= before + wanted)  # noqa: B023
            life.kill()
        fills = venue.account["fills"]
    assert len(fills) >= KILLS, f"only {len(fills)} fills: the kills proved little"


async def test_f93_what_a_killed_process_left_open_is_its_successors():
    with SimulatedExchange(seed=SEED, config=CONFIG) as exchange:
        venue = Venue(exchange)
        first = Life(exchange, opening)
        before = await first.told()
        first.kill()
        assert (len(venue.orders()), len(venue.algos())) == (21, 5)
        second = Life(exchange, keeping)
        found = await second.told()
        check(found, venue.account, 1)
        assert found["orders"] == {cid: row for cid, row in before["orders"].items() if cid in found["orders"]}
        assert len(found["orders"]) == 26, "the legs come with their entry"
        assert set(found["owners"].values()) == {"KEEPER-007"}, "claimed"
        second.tell("cancel")
        kept = await second.told()
        assert kept["open"] == open_at(venue.account)
        assert len(kept["open"]) == 24
        # The bracket comes alive behind the restart.
        entry = next(row for row in venue.orders() if row["attachAlgoOrds"])
        venue.script("account.fill", ordId=entry["ordId"])
        second.kill()
        assert len(venue.algos()) == 5
        third = Life(exchange, looking)
        check(await third.told(), venue.account, 2)
        third.kill()
        placed = [frame["args"][0].get("clOrdId") for frame in venue.sent("order")]
        assert len(placed) == len(set(placed)) == 20, "nothing was sent again"


async def test_f95_fills_behind_a_kill_are_counted_once_and_the_same_again():
    with SimulatedExchange(seed=SEED, config=CONFIG) as exchange:
        venue = Venue(exchange)
        first = Life(exchange, resting)
        ord_id, _ = await first.told()
        venue.script("account.fill", ordId=ord_id, sz="0.5")
        _, before = await first.told()
        first.kill()
        for _ in range(250):
            venue.script("account.fill", ordId=ord_id, sz="0.1")
        found = []
        for number in (1, 2):
            life = Life(exchange, looking)
            found.append(await life.told())
            life.kill()
            check(found[-1], venue.account, number)
        assert len(found[0]["fills"]) == 251
        assert set(before["fills"]) <= set(found[0]["fills"])
        assert list(found[0]["orders"].values()) == [(ord_id, "25.50")]
        assert found[0] == found[1], "the same ids, the same state"
