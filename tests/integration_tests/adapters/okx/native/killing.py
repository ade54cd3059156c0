"""Processes that trade on the simulated exchange and are killed: copies of one that has Nautilus loaded already."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.events import OrderFilled

from .trading_support import PROFILES, Trader, trading_node

DEADLINE_SECS = 60
PROFILE = PROFILES["P2"]
ADDRESSES = ("rest_url", "ws_public_url", "ws_private_url", "ws_business_url")
KEYS = ("api_key", "api_secret", "api_passphrase")

# Loading takes longer than a life.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


class Life:
    """A process from its start to its end, and the pipe to it."""

    def __init__(self, exchange: SimulatedExchange, target: Callable[..., Coroutine[Any, Any, None]], *args: Any):
        self._pipe, theirs = PROCESSES.Pipe()
        addresses = {name: getattr(exchange, name) for name in (*ADDRESSES, *KEYS)}
        self._process = PROCESSES.Process(target=_live, args=(target, addresses, theirs, *args), daemon=True)
        self._process.start()

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(DEADLINE_SECS):
            while not condition():
                assert self._process.is_alive(), f"the process ended by itself, exit code {self._process.exitcode}"
                await asyncio.sleep(0.001)

    async def told(self) -> Any:
        """What it tells next."""
        await self.until(self._pipe.poll)
        return self._pipe.recv()

    def tell(self, what: Any) -> None:
        self._pipe.send(what)

    def kill(self) -> None:
        os.kill(self._process.pid or 0, signal.SIGKILL)
        self._process.join()


def _live(target: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    asyncio.run(target(*args))


@asynccontextmanager
async def node_of(addresses: dict[str, Any], trader: Trader | None = None) -> AsyncIterator[Any]:
    """Inside a life: a node on the exchange, which has a price for its orders."""
    strategies = None if trader is None else [trader]
    async with trading_node(SimpleNamespace(**addresses), PROFILE, strategies) as t:  # type: ignore[arg-type]

        def best(*_: Any) -> Any:
            return t.cache.quote_tick(t.instrument.id).ask_price.as_decimal()

        t.venue = SimpleNamespace(best=best)  # type: ignore[assignment]
        yield t


async def has_prices(t: Any) -> None:
    """Wait for the first quote."""
    t.trader.subscribe_quote_ticks(t.instrument.id)
    async with asyncio.timeout(DEADLINE_SECS):
        while t.cache.quote_tick(t.instrument.id) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)  # the cache has no event for its first quote


def state_of(t: Any) -> dict[str, Any]:
    """What the engine holds after its reconciliation."""
    orders = t.cache.orders()
    fills = [e for order in orders for e in order.events if isinstance(e, OrderFilled)]
    return {
        "fills": [(e.venue_order_id.value, e.trade_id.value, str(e.last_qty)) for e in fills],
        "net": t.net(),
        "open": sorted(order.venue_order_id.value for order in t.cache.orders_open()),
        "orders": {o.client_order_id.value: (str(o.venue_order_id), str(o.filled_qty)) for o in orders},
        "owners": {o.client_order_id.value: o.strategy_id.value for o in orders},
    }


async def word(pipe: Any) -> Any:
    """What the test tells next."""
    return await asyncio.to_thread(pipe.recv)
