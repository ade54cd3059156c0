"""A trading strategy in a TradingNode on the simulated exchange, and what the exchange says about it afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nautilus_trader.adapters.okx.native import (
    OKXNativeDataClientConfig,
    OKXNativeExecClientConfig,
    OKXNativeExecutionClient,
    OKXNativeLiveDataClientFactory,
    OKXNativeLiveExecClientFactory,
    SimulatedExchange,
)
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.config import LiveExecEngineConfig, LiveRiskEngineConfig, LoggingConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.live.factories import LiveExecClientFactory
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.enums import OmsType, OrderSide, OrderStatus
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.model.orders import Order
from nautilus_trader.trading.strategy import Strategy

from .support import DEADLINE_SECS, RecorderConfig, Waiter

SEED = 22
SUBMITTED, ACCEPTED, FILLED = "Submitted", "Accepted", "Filled"


@dataclass(frozen=True)
class Profile:
    """An account and a product (acceptance profile)."""

    instrument: str
    size: str
    account: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    @property
    def instrument_id(self) -> InstrumentId:
        return InstrumentId.from_str(self.instrument)

    def config(self) -> dict[str, Any]:
        """The exchange's settings."""
        instruments = [self.instrument_id.symbol.value, *self.others]
        return {"accounts": [self.account], "instruments": instruments}


SWAPS = {"instrument_types": (OKXInstrumentType.SWAP,), "margin_mode": OKXMarginMode.CROSS}
FUTURES = {"instrument_types": (OKXInstrumentType.FUTURES,), "margin_mode": OKXMarginMode.CROSS}
PROFILES = {
    "P1": Profile("BTC-USDT.OKX", "0.01000000", {"acct_lv": 1}, {"instrument_types": (OKXInstrumentType.SPOT,)}),
    "P1-poor": Profile(
        "BTC-USDT.OKX",
        "0.01000000",
        {"acct_lv": 1, "balances": {"USDT": "1000"}},
        {"instrument_types": (OKXInstrumentType.SPOT,)},
    ),
    "P2": Profile("BTC-USDT-SWAP.OKX", "0.50", {"acct_lv": 2}, SWAPS),
    "P2-multi": Profile("BTC-USDT-SWAP.OKX", "0.50", {"acct_lv": 3}, SWAPS),
    "P3-inverse": Profile("BTC-USD-SWAP.OKX", "2.0", {"acct_lv": 2}, SWAPS),
    "P3-um": Profile("BTC-USD_UM-SWAP.OKX", "2", {"acct_lv": 2}, SWAPS),
    "P3-futures": Profile("BTC-USD_UM_XPERP-310328.OKX", "0.0100", {"acct_lv": 2}, FUTURES),
    "P4": Profile(
        "BTC-USDT-SWAP.OKX",
        "0.50",
        {"acct_lv": 2, "pos_mode": "long_short_mode"},
        SWAPS | {"position_mode": "long_short_mode"},
    ),
    "P5-futures": Profile(
        "BTC-USDT.OKX",
        "0.01000000",
        {"acct_lv": 2},
        {
            "instrument_types": (OKXInstrumentType.SPOT,),
            "use_spot_margin": True,
            "margin_mode": OKXMarginMode.CROSS,
        },
    ),
    "P5": Profile(
        "BTC-USDT.OKX",
        "0.01000000",
        {"acct_lv": 3, "auto_loan": True},
        {
            "instrument_types": (OKXInstrumentType.SPOT,),
            "use_spot_margin": True,
            "margin_mode": OKXMarginMode.CROSS,
        },
    ),
}


def names_of(events: list[Any], order: Order) -> list[str]:
    """What a strategy was told of an order: `Submitted`, `Accepted`, …"""
    own = [type(e).__name__ for e in events if getattr(e, "client_order_id", None) == order.client_order_id]
    return [name.removeprefix("Order") for name in own if name.startswith("Order") and name != "OrderInitialized"]


class Trader(Strategy):  # type: ignore[misc]
    """Keeps what the engine tells it; tests give the orders."""

    def __init__(self, config: Any = None) -> None:
        super().__init__(config or RecorderConfig())
        self.told: list[Any] = []
        self.waiter = Waiter()

    def on_event(self, event: Any) -> None:
        self.told.append(event)
        self.waiter.wake()

    def names(self, order: Order) -> list[str]:
        return names_of(self.told, order)

    def events(self, name: str, order: Order | None = None) -> list[Any]:
        found = [event for event in self.told if type(event).__name__ == f"Order{name}"]
        return [e for e in found if order is None or e.client_order_id == order.client_order_id]

    async def until(self, condition: Callable[[], Any], what: str = "condition") -> None:
        try:
            await self.waiter.until(condition, what)
        except AssertionError as e:
            told = [(type(event).__name__, getattr(event, "reason", "")) for event in self.told]
            raise AssertionError(f"{e}; told {told}") from None

    async def told_of(self, order: Order, *names: str) -> None:
        """Wait until the last thing told of an order is this, and check all of it."""
        await self.until(lambda: self.names(order)[-1:] == list(names[-1:]), f"{names} of {order.client_order_id}")
        told = self.names(order)
        assert told == list(names), f"told {told}, not {names}"

    async def has(self, order: Order, status: OrderStatus) -> None:
        await self.until(lambda: order.status == status, f"{status.name} of {order.client_order_id}")


class Venue:
    """The exchange, as a judge sees it."""

    def __init__(self, exchange: SimulatedExchange) -> None:
        self.exchange = exchange

    @property
    def account(self) -> dict[str, Any]:
        found: dict[str, Any] = self.exchange.control("/control/account")
        return found

    def orders(self) -> list[dict[str, Any]]:
        return list(self.account["orders"])

    def algos(self) -> list[dict[str, Any]]:
        return list(self.account["algos"])

    def script(self, op: str, **fields: Any) -> Any:
        return self.exchange.control("/control/script", {"op": op, **fields})

    def best(self, instrument_id: InstrumentId, side: str) -> Decimal:
        """`bids` or `asks`."""
        return Decimal(self.exchange.book(instrument_id.symbol.value)[side][0][0])

    def sent(self, *ops: str) -> list[dict[str, Any]]:
        """The requests of clients over WebSocket with one of these ops, and REST commands by their path."""
        found = []
        for entry in self.exchange.journal():
            if entry["direction"] != "in":
                continue
            body = entry["text"]
            if entry["link"] == "rest":
                verb, _, rest = body.partition(" ")
                path, _, payload = rest.partition(" ") if " " in rest else (rest.partition("\n")[0], "", "")
                payload = payload or rest.partition("\n")[2]
                name = path.split("?")[0].removeprefix("/api/v5")
                if verb == "POST" and (not ops or name in ops):
                    found.append({"op": name, "args": json.loads(payload) if payload.strip() else None})
            elif body.startswith("{"):
                frame = json.loads(body)
                op = frame.get("op")
                if op in ops or (not ops and op not in (None, "login", "subscribe", "unsubscribe")):
                    found.append(frame)
        return found


@dataclass
class Trading:
    """A node that trades: its client, its strategies, and the exchange."""

    node: TradingNode
    client: OKXNativeExecutionClient
    traders: list[Any]
    venue: Venue
    profile: Profile

    @property
    def trader(self) -> Any:
        return self.traders[0]

    @property
    def cache(self) -> Any:
        return self.node.cache

    @property
    def instrument(self) -> Instrument:
        found = self.cache.instrument(self.profile.instrument_id)
        assert found is not None, f"{self.profile.instrument} is not loaded"
        return found

    @property
    def size(self) -> Quantity:
        return self.instrument.make_qty(Decimal(self.profile.size))

    def price(self, side: OrderSide, percent: str = "-0.5") -> Price:
        """A price so much better (below 0: worse for the market, so that it rests) than the best one."""
        best = self.venue.best(self.instrument.id, "asks" if side == OrderSide.BUY else "bids")
        sign = 1 if side == OrderSide.BUY else -1
        wished = best * (1 + sign * Decimal(percent) / 100)
        step = Decimal(str(self.instrument.price_increment))
        return self.instrument.make_price(wished // step * step)

    def limit(self, side: OrderSide = OrderSide.BUY, percent: str = "-0.5", **fields: Any) -> Order:
        quantity = fields.pop("quantity", None) or self.size
        price = fields.pop("price", None) or self.price(side, percent)
        return self.trader.order_factory.limit(self.instrument.id, side, quantity, price, **fields)

    def market(self, side: OrderSide = OrderSide.BUY, **fields: Any) -> Order:
        quantity = fields.pop("quantity", None) or self.size
        return self.trader.order_factory.market(self.instrument.id, side, quantity, **fields)

    async def submit(self, order: Order, *names: str, **fields: Any) -> Order:
        """Submit and wait for these events."""
        self.trader.submit_order(order, **fields)
        await self.trader.told_of(order, *names)
        return order

    def net(self) -> Decimal:
        """The position in the engine."""
        return Decimal(str(self.node.portfolio.net_position(self.instrument.id)))

    def account_states(self) -> list[Any]:
        """The account's states in the engine."""
        account = self.node.portfolio.account(self.instrument.id.venue)
        return list(account.events) if account is not None else []

    async def agrees(self) -> None:
        """Wait until engine and exchange show the same open orders and positions."""
        try:
            async with asyncio.timeout(DEADLINE_SECS):
                while self.differences():  # noqa: ASYNC110 - the exchange tells only when asked
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError("; ".join(self.differences())) from None

    def differences(self) -> list[str]:
        account = self.venue.account
        here = {order.venue_order_id.value: order for order in self.cache.orders_open()}
        there = {row["ordId"]: row for row in account["orders"]}
        there |= {row["algoId"]: row for row in account["algos"]}
        found = [f"only one side knows {cid}" for cid in set(here) ^ set(there)]
        for cid in set(here) & set(there):
            if Decimal(str(here[cid].quantity)) != Decimal(there[cid]["sz"]):
                found.append(f"{cid}: quantity {here[cid].quantity}, {there[cid]['sz']}")
            if Decimal(str(here[cid].filled_qty)) != Decimal(there[cid].get("accFillSz") or 0):
                found.append(f"{cid}: filled {here[cid].filled_qty}, {there[cid]['accFillSz']}")
        for position in account["positions"]:
            if position["instType"] == "MARGIN" or position["instId"] != self.instrument.id.symbol.value:
                continue
            side = {"long": 1, "short": -1}.get(position["posSide"], 1)
            ours = sum(
                p.signed_decimal_qty()
                for p in self.cache.positions_open(instrument_id=self.instrument.id)
                if position["posSide"] == "net" or p.id.value.lower().endswith(position["posSide"])
            )
            if Decimal(ours) != side * Decimal(position["pos"]):
                found.append(f"position {position['posSide']}: {ours}, {position['pos']}")
        return found


def exec_config(exchange: SimulatedExchange, **fields: Any) -> OKXNativeExecClientConfig:
    """A config of the native execution client for a simulated exchange."""
    return OKXNativeExecClientConfig(
        **{
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
            "instrument_provider": InstrumentProviderConfig(load_all=True),
            "base_url_http": exchange.rest_url,
            "base_url_ws": exchange.ws_private_url,
            "http_timeout_secs": 10,
            "retry_delay_initial_ms": 50,
            "retry_delay_max_ms": 200,
        }
        | fields
    )


def data_config(exchange: SimulatedExchange, config: OKXNativeExecClientConfig) -> OKXNativeDataClientConfig:
    """The data client beside it."""
    return OKXNativeDataClientConfig(
        instrument_provider=config.instrument_provider,
        instrument_types=config.instrument_types,
        instrument_families=config.instrument_families,
        load_spreads=config.load_spreads,
        base_url_http=exchange.rest_url,
        base_url_ws=exchange.ws_public_url,
        update_instruments_interval_mins=None,
    )


@asynccontextmanager
async def trading_node(
    exchange: SimulatedExchange,
    profile: Profile,
    strategies: list[Any] | None = None,
    *,
    engine: dict[str, Any] | None = None,
    ids: str = "default",
    earlier: "Kept | None" = None,
    **fields: Any,
) -> AsyncIterator[Trading]:
    """A TradingNode with the native clients, from its start to its disposal.

    `earlier` is what a node has left behind: this one begins with it, as with a database.
    """
    config = exec_config(exchange, **(profile.fields | fields))
    node = TradingNode(
        TradingNodeConfig(
            trader_id="TESTER-001",
            logging=LoggingConfig(log_level="OFF"),
            exec_engine=LiveExecEngineConfig(
                **{"reconciliation": True, "reconciliation_startup_delay_secs": 0.1, "inflight_check_retries": 20}
                | (engine or {})
            ),
            risk_engine=LiveRiskEngineConfig(bypass=True),
            data_clients={"OKX": data_config(exchange, config)},
            exec_clients={"OKX": config},
            timeout_connection=20.0,
            timeout_reconciliation=20.0,
            timeout_disconnection=10.0,
            timeout_post_stop=0.1,
        ),
        loop=asyncio.get_running_loop(),
    )
    clients: list[OKXNativeExecutionClient] = []

    class Factory(LiveExecClientFactory):  # type: ignore[misc]
        """Keeps the client for the test."""

        @staticmethod
        def create(*args: Any, **kwargs: Any) -> OKXNativeExecutionClient:
            clients.append(OKXNativeLiveExecClientFactory.create(*args, **kwargs))
            return clients[-1]

    node.add_data_client_factory("OKX", OKXNativeLiveDataClientFactory)
    node.add_exec_client_factory("OKX", Factory)
    # OKX takes letters and digits only, and the stock client sends ids as they are (S41).
    traders = strategies or [Trader(RecorderConfig(use_hyphens_in_client_order_ids=ids != "plain"))]
    for trader in traders:
        node.trader.add_strategy(trader)
    node.build()
    if earlier is not None:
        earlier.fill(node.cache)
    run = asyncio.create_task(node.run_async())
    try:
        async with asyncio.timeout(DEADLINE_SECS):
            while not all(trader.is_running for trader in traders):
                if run.done():
                    await run
                    raise AssertionError("the node ended before its strategies ran")
                await asyncio.sleep(0.01)  # the node has no event for "strategies are running"
        yield Trading(node, clients[0], traders, Venue(exchange), profile)
    finally:
        await node.stop_async()
        await run
        node.kernel.dispose()  # node.dispose() would stop the loop of the test


class Kept:
    """Orders and positions of a cache, which outlive its node."""

    def __init__(self, cache: Any) -> None:
        self.orders = [(order, cache.position_id(order.client_order_id)) for order in cache.orders()]
        self.order_lists = cache.order_lists()
        self.instruments = cache.instruments()
        self.positions = cache.positions()

    def fill(self, cache: Any) -> None:
        """Put them into another cache, as from a database."""
        for instrument in self.instruments:
            cache.add_instrument(instrument)
        for order, position_id in self.orders:
            cache.add_order(order, position_id)
            if order.venue_order_id is not None:
                cache.add_venue_order_id(order.client_order_id, order.venue_order_id)
            cache.update_order(order)
        for order_list in self.order_lists:
            cache.add_order_list(order_list)
        for position in self.positions:
            cache.add_position(position, OmsType.NETTING)
            cache.update_position(position)


@asynccontextmanager
async def trading(name: str = "P2", **fields: Any) -> AsyncIterator[Trading]:
    """A node of a profile on an exchange of its own."""
    profile = PROFILES[name]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        async with trading_node(exchange, profile, **fields) as found:
            yield found
