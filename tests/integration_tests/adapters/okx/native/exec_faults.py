"""Scenarios of the fault matrix for execution: run side by side, each on an exchange of its own, judged by invariants.

I1: each fill of the venue reaches the engine exactly once. I2: each command is on the wire at most once. I3: orders in
the engine are those of the venue. I9: the next order works.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange
from nautilus_trader.model.enums import OrderStatus, OrderType
from nautilus_trader.model.events import OrderFilled
from nautilus_trader.model.orders import Order

from .exec_bench import SMALL, ExecBench, native_client

Scenario = Callable[[ExecBench], Awaitable[None]]

AT_ONCE = 64
NOT_SENT = (OrderStatus.INITIALIZED, OrderStatus.DENIED)
STATES = {
    OrderStatus.ACCEPTED: {"live"},
    OrderStatus.TRIGGERED: {"live", "effective"},
    OrderStatus.PARTIALLY_FILLED: {"partially_filled"},
    OrderStatus.FILLED: {"filled", "effective"},
    OrderStatus.CANCELED: {"canceled", "mmp_canceled", "order_failed"},
    OrderStatus.REJECTED: {"canceled", "order_failed"},
}


class Matrix:
    """The scenarios of one file. Those of all collected files run side by side: most of their time is waiting."""

    _files: ClassVar[list["Matrix"]] = []

    def __init__(self) -> None:
        self._files.append(self)
        self._all: dict[str, tuple[Scenario, dict[str, Any], dict[str, Any]]] = {}

    def add(self, name: str, scenario: Scenario, exchange: dict[str, Any] | None = None, **client: Any) -> None:
        """`exchange` adds to the exchange's settings, `client` to the client's."""
        assert name not in self._all, name
        self._all[name] = (scenario, exchange or {}, client)

    def scenario(self, *names: str, exchange: dict[str, Any] | None = None, **client: Any) -> Callable[..., Any]:
        """Registers a function, which takes the words of the name behind the row's number as further arguments."""

        def register(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
            for name in names:
                words = name.split()[1:]
                self.add(name, lambda bench, words=words: function(bench, *words), exchange, **client)
            return function

        return register

    def judged(self) -> tuple[Any, Any]:
        """A fixture that runs them all, and the parameters of the test that tells of each."""

        @pytest.fixture(scope="module")
        def outcomes() -> dict[str, BaseException | None]:
            return Matrix._outcomes()[self]

        return outcomes, pytest.mark.parametrize("name", list(self._all))

    @staticmethod
    @cache
    def _outcomes() -> dict["Matrix", dict[str, BaseException | None]]:
        return asyncio.run(Matrix._run())

    @staticmethod
    async def _run() -> dict["Matrix", dict[str, BaseException | None]]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def run(matrix: Matrix, name: str) -> None:
            async with slots:
                await matrix.run_one(name)

        async def run_all(matrix: Matrix) -> dict[str, BaseException | None]:
            found = await asyncio.gather(*(run(matrix, name) for name in matrix._all), return_exceptions=True)
            return dict(zip(matrix._all, found, strict=True))

        found = await asyncio.gather(*(run_all(matrix) for matrix in Matrix._files))
        return dict(zip(Matrix._files, found, strict=True))

    async def run_one(self, name: str) -> None:
        scenario, exchange, client = self._all[name]
        with SimulatedExchange(seed=41, config=SMALL | exchange) as running:
            async with native_client(running, **client) as bench:
                await scenario(bench)
                await agrees(bench)
                await works(bench)


def tell(outcome: BaseException | None) -> None:
    """Raise what went wrong."""
    if outcome is not None:
        raise outcome


# -- steps --------------------------------------------------------------------------------------------

PENDING = (OrderStatus.PENDING_UPDATE, OrderStatus.PENDING_CANCEL)


async def down(bench: ExecBench, link: str = "private") -> None:
    """The connection ends, and none can be made until the faults are taken away."""
    closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
    bench.cut(link)
    await bench.until_venue(lambda: bench.fired(closed), "an attempt to connect")


async def rested(bench: ExecBench, filled: str = "", **more: Any) -> Order:
    """An order that rests, of which so much is filled."""
    order = bench.limit(**more)
    await bench.rests(order)
    if filled:
        bench.script("fill", clOrdId=order.client_order_id.value, sz=filled)
        await bench.told(order, "Filled")
    return order


async def submitted(bench: ExecBench, order: Order) -> None:
    """Submit, and wait until it is known what became of it."""
    bench.submit(order)
    await bench.until(
        lambda: order.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED), f"outcome of {order}"
    )


async def settled(bench: ExecBench, order: Order) -> None:
    """Wait until an amendment or a cancel has its outcome."""
    await bench.until(lambda: order.status not in PENDING, f"{order.client_order_id} leaves its pending state")


# -- invariants ---------------------------------------------------------------------------------------


async def agrees(bench: ExecBench) -> None:
    """Wait until engine and exchange say the same of every order (I1, I3), and see that nothing went out twice (I2)."""
    await bench.until_venue(lambda: not differences(bench), "agreement", lambda: str(differences(bench)))
    assert bench.engine.refused == [], "the engine could not apply these"
    assert twice(bench) == []


async def works(bench: ExecBench) -> None:
    """The next order is placed and cancelled (I9)."""
    await bench.is_ready()
    order = bench.limit(away="0.007")
    await bench.rests(order)
    bench.cancel(order)
    await bench.told(order, "Canceled")


def venue_orders(bench: ExecBench) -> dict[str, dict[str, Any]]:
    """The exchange's orders by client id: conditional ones, and over them the orders they made or are."""
    account = bench.account()
    algos = {row["algoClOrdId"]: row for kind in ("algos", "closedAlgos") for row in account[kind]}
    orders = {row["clOrdId"] or row["algoClOrdId"]: row for kind in ("closedOrders", "orders") for row in account[kind]}
    return {cl_id: row for cl_id, row in (algos | orders).items() if cl_id}


def differences(bench: ExecBench) -> list[str]:
    """What engine and exchange do not agree on."""
    found: list[str] = []
    account, rows = bench.account(), venue_orders(bench)
    for order in bench.cache.orders():
        cid = order.client_order_id.value
        row = rows.get(bench.renamed.get(cid, cid))
        if row is None:
            # Legs that never were are cancelled with their entry.
            over = (*NOT_SENT, OrderStatus.REJECTED, *([OrderStatus.CANCELED] if order.parent_order_id else []))
            if order.status not in over:
                found.append(f"{order.client_order_id} is {order.status_string()} and not at the exchange")
            continue
        found.extend(f"{order.client_order_id}: {text}" for text in _order_differs(bench, order, row, account["fills"]))
    return found


def _order_differs(bench: ExecBench, order: Order, row: dict[str, Any], fills: list[dict[str, Any]]) -> list[str]:
    found = []
    # An order whose size was cut to what is filled: the engine knows no such end but a cancel.
    is_cut = order.status == OrderStatus.CANCELED and row["state"] == "filled" and row["sz"] == row["accFillSz"]
    if not is_cut and row["state"] not in STATES.get(order.status, set()):
        found.append(f"{order.status_string()}, at the exchange {row['state']}")
    if "accFillSz" not in row:
        return found
    theirs = sorted(
        (f["tradeId"], Decimal(f["fillSz"]), Decimal(f["fillPx"])) for f in fills if f["ordId"] == row["ordId"]
    )
    own = [event for event in order.events if isinstance(event, OrderFilled)]
    ours = sorted((e.trade_id.value, e.last_qty.as_decimal(), e.last_px.as_decimal()) for e in own)
    if ours != theirs:
        found.append(f"fills {ours}, at the exchange {theirs}")
    paid = sum((e.commission.as_decimal() for e in own if e.commission is not None), Decimal(0))
    charged = -sum((Decimal(f["fee"]) for f in fills if f["ordId"] == row["ordId"]), Decimal(0))
    if abs(paid - charged) > Decimal("0.000001") and not bench.fees_unknown:
        found.append(f"commissions {paid}, at the exchange {charged}")
    if order.filled_qty.as_decimal() != Decimal(row["accFillSz"]):
        found.append(f"filled {order.filled_qty}, at the exchange {row['accFillSz']}")
    in_quote = row.get("tgtCcy") == "quote_ccy"
    is_sized = order.status != OrderStatus.REJECTED and not in_quote and not is_cut
    if is_sized and order.quantity.as_decimal() != Decimal(row["sz"]):
        found.append(f"quantity {order.quantity}, at the exchange {row['sz']}")
    if order.order_type == OrderType.LIMIT and order.price.as_decimal() != Decimal(row["px"]):
        found.append(f"price {order.price}, at the exchange {row['px']}")
    return found


def twice(bench: ExecBench) -> list[str]:
    """Commands that were on the wire more often than once."""
    count: Counter[str] = Counter()
    for op, arg in commands(bench):
        if op in ("order", "batch-orders"):
            count[f"order {arg.get('clOrdId')}"] += 1
        elif op in ("amend-order", "batch-amend-orders"):
            count[f"amendment {arg.get('reqId')}"] += 1
        elif op in ("cancel-order", "batch-cancel-orders"):
            count[f"cancel {arg.get('clOrdId') or arg.get('ordId')}"] += 1
        elif op == "order-algo":
            count[f"conditional order {arg.get('algoClOrdId')}"] += 1
    again = bench.given_again
    return [name for name, times in count.items() if times > 1 and name.split()[-1] not in again]


def commands(bench: ExecBench) -> list[tuple[str, dict[str, Any]]]:
    """Every command the client sent, over both ways, one by one."""
    found: list[tuple[str, dict[str, Any]]] = []
    for frame in bench.sent():
        found.extend((frame["op"], arg) for arg in frame["args"])
    for line in bench.requests("/trade/", "POST"):
        _, path, body = line.split(" ", 2)
        args = json.loads(body)
        path = path.removeprefix("/api/v5/trade/")
        found.extend((path, arg) for arg in (args if isinstance(args, list) else [args]))
    return found
