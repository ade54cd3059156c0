"""`fills`, `liquidation-warning`, `account-greeks`, `positions`, `balance_and_position`: what a node makes of each."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import (
    OKXAccountGreeks,
    OKXLiquidationWarning,
    OKXNativeExecutionClient,
    OKXNativeLiveExecClientFactory,
    SimulatedExchange,
)
from nautilus_trader.adapters.okx.native.trading import position_watch
from nautilus_trader.config import LoggingConfig, TradingNodeConfig
from nautilus_trader.live.factories import LiveExecClientFactory
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.data import DataType
from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.identifiers import ClientId, ClientOrderId

from .support import DEADLINE_SECS, Log
from .trading_support import PROFILES, SEED, Profile, Trader, Trading, Venue, exec_config, trading_node

pytestmark = pytest.mark.usefixtures("quick_watch")


@pytest.fixture
def quick_watch(monkeypatch):
    """Positions are compared at once."""
    monkeypatch.setattr(position_watch.PositionWatch.__init__, "__defaults__", (0.2,))


class Listener(Trader):
    """Also keeps custom data."""

    def __init__(self) -> None:
        super().__init__()
        self.data: list[Any] = []

    def on_start(self) -> None:
        for kind in (OKXAccountGreeks, OKXLiquidationWarning):
            self.subscribe_data(DataType(kind), client_id=ClientId("OKX"))

    def on_data(self, data: Any) -> None:
        self.data.append(data)
        self.waiter.wake()

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.data if isinstance(item, kind)]


def exchange(vip: int = 6) -> tuple[Profile, SimulatedExchange]:
    """The profile and an exchange for it."""
    profile = replace(PROFILES["P2"], account=PROFILES["P2"].account | {"vip": vip})
    return profile, SimulatedExchange(seed=SEED, config=profile.config())


def pushes(venue: Venue, channel: str) -> list[dict[str, Any]]:
    """The rows of a private channel the exchange has sent, in their order."""
    rows = []
    for entry in venue.exchange.journal():
        if entry["direction"] == "out" and entry["link"] == "private" and f'"channel":"{channel}"' in entry["text"]:
            rows += json.loads(entry["text"]).get("data", [])
    return rows


def listen(t: Trading) -> Log:
    """What the native back end says from here on."""
    log = Log()
    native = t.client._native
    assert native is not None
    native.log = native.watch._log = log
    return log


async def until(condition: Any) -> None:
    async with asyncio.timeout(DEADLINE_SECS):
        while not condition():  # noqa: ASYNC110 - neither portfolio nor exchange tells of it
            await asyncio.sleep(0.02)


ORDERS = {"class": "push", "channel": "orders"}


async def test_a_fill_told_by_fills_first_counts_once():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile, use_fills_channel=True) as t:
            order = await t.submit(t.limit(), "Submitted", "Accepted")
            parked = venue.inject({"on": ORDERS, "when": {"count": 1}, "what": {"kind": "hold", "how": {"delay": 300}}})
            t.venue.script("account.fill", ordId=order.venue_order_id.value, sz="0.2")
            await until(lambda: pushes(t.venue, "fills"))
            assert t.trader.names(order) == ["Submitted", "Accepted"], "without the fee it is no fill yet"
            await t.trader.told_of(order, "Submitted", "Accepted", "Filled")
            (fault,) = [f for f in venue.control("/control/faults") if f["id"] == parked["id"]]
            assert fault["fired"] == 1
            t.venue.script("account.fill", ordId=order.venue_order_id.value)
            await t.trader.until(lambda: len(t.trader.events("Filled", order)) == 2, "the second fill")
            (first, second) = t.trader.events("Filled", order)
            told = pushes(t.venue, "fills")
            assert [first.trade_id.value, second.trade_id.value] == [row["tradeId"] for row in told]
            assert {row["clOrdId"] for row in told} == {"0"}, "OKX shows ids that are positive integers only"
            rows = t.venue.account["fills"]
            paid = -sum(Decimal(row["fee"]) for row in rows)
            assert abs(sum(e.commission.as_decimal() for e in (first, second)) - paid) < Decimal("1e-8")
            await t.agrees()


async def test_a_fill_that_only_fills_told_is_asked_for():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile, use_fills_channel=True) as t:
            order = t.trader.order_factory.limit(
                t.instrument.id, t.limit().side, t.size, t.price(t.limit().side), client_order_id=ClientOrderId("4711")
            )
            await t.submit(order, "Submitted", "Accepted")
            venue.inject({"on": ORDERS, "what": {"kind": "hold", "how": "drop"}})
            t.venue.script("account.fill", ordId=order.venue_order_id.value, sz="0.2")
            await t.trader.told_of(order, "Submitted", "Accepted", "Filled")
            assert pushes(t.venue, "fills")[0]["clOrdId"] == "4711"
            (event,) = t.trader.events("Filled", order)
            (row,) = t.venue.account["fills"]
            assert (event.trade_id.value, event.last_qty.as_decimal()) == (row["tradeId"], Decimal(row["fillSz"]))
            assert event.commission.as_decimal() == -Decimal(row["fee"])
            venue.clear_faults()
            t.venue.script("account.fill", ordId=order.venue_order_id.value)
            await t.trader.has(order, OrderStatus.FILLED)
            assert t.trader.names(order).count("Filled") == 2
            await t.agrees()


async def test_without_the_tier_fills_is_not_asked_for_and_trading_goes_on():
    profile, running = exchange(vip=0)
    with running as venue:
        async with trading_node(venue, profile, use_fills_channel=True) as t:
            order = t.market()
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.FILLED)
            assert pushes(t.venue, "fills") == []
            assert [e["text"] for e in venue.journal() if '"channel":"fills"' in e["text"]] == []
            await t.agrees()


async def test_a_liquidation_warning_reaches_the_log_and_the_strategy():
    profile, running = exchange()
    with running as venue:
        listener = Listener()
        async with trading_node(venue, profile, [listener]) as t:
            log = listen(t)
            order = t.market()
            listener.submit_order(order)
            await listener.has(order, OrderStatus.FILLED)
            t.venue.script("account.warn", instId="BTC-USDT-SWAP")
            await listener.until(lambda: listener.of(OKXLiquidationWarning), "the warning")
            (warning,) = listener.of(OKXLiquidationWarning)
            (row,) = pushes(t.venue, "liquidation-warning")
            assert warning.instrument_id == t.instrument.id
            assert (warning.mgn_mode, warning.pos_side, warning.ccy) == ("cross", "net", "USDT")
            assert Decimal(warning.pos) == Decimal(row["pos"]) == Decimal(profile.size)
            assert Decimal(warning.mark_px) == Decimal(row["markPx"])
            assert warning.ts_event == int(row["pTime"]) * 1_000_000
            (said,) = log.at("warning")
            assert said.startswith("OKX warns of liquidation: position 0.5 in BTC-USDT-SWAP, mark price ")
            assert "add margin or reduce the position" in said


async def test_greeks_of_the_account_reach_who_subscribed():
    profile, running = exchange()
    with running as venue:
        listener = Listener()
        async with trading_node(venue, profile, [listener], subscribe_greeks=True) as t:
            held = {row["ccy"]: Decimal(row["deltaBS"]) for row in pushes(t.venue, "account-greeks")}
            order = t.market()
            listener.submit_order(order)
            await listener.has(order, OrderStatus.FILLED)
            bought = Decimal(profile.size) * Decimal("0.01")  # a contract is 0.01 BTC

            def deltas() -> list[Decimal]:
                return [Decimal(item.delta_bs) for item in listener.of(OKXAccountGreeks) if item.ccy == "BTC"]

            await listener.until(lambda: held.get("BTC", Decimal(0)) + bought in deltas(), "the delta of the position")
            item = listener.of(OKXAccountGreeks)[-1]
            assert item.ts_event > 0
            assert (item.gamma_bs, item.vega_pa) == ("0", "0")


async def test_greeks_are_not_followed_unless_asked_for():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile) as t:
            state = venue.control("/control/state")
            topics = [json.loads(topic) for connection in state["connections"] for topic in connection["topics"]]
            assert "account-greeks" not in {topic["channel"] for topic in topics}
            assert {"channel": "liquidation-warning", "instType": "ANY"} in topics
            assert t.trader.is_running


async def test_a_push_of_positions_that_fills_do_not_bear_out_is_checked_and_dropped():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile) as t:
            log = listen(t)
            order = t.market()
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.FILLED)
            await t.agrees()
            false = {"kind": "edit", "changes": [{"set": {"path": "data/0/pos", "raw": '"9"'}}]}
            fault = venue.inject({"on": {"class": "push", "channel": "positions"}, "what": false})
            asked = len(rest_requests(t))
            t.venue.script("account.funding", instId="BTC-USDT-SWAP", rate="0.0001")
            await until(lambda: fired(venue, fault) and len(rest_requests(t)) > asked)
            venue.clear_faults()
            assert log.at("warning") == []
            assert t.net() == Decimal(profile.size)
            assert len(t.cache.positions_open()) == 1


async def test_a_position_the_venue_changed_without_an_order_is_taken_over():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile) as t:
            log = listen(t)
            order = t.market()
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.FILLED)
            await t.agrees()
            # The order of the system is never told of.
            venue.inject({"on": ORDERS, "what": {"kind": "hold", "how": "drop"}})
            t.venue.script("account.adl", instId="BTC-USDT-SWAP", sz="0.2")
            await until(lambda: t.net() == Decimal("0.3"))
            (said,) = log.at("warning")
            assert said == "Position of BTC-USDT-SWAP.OKX is 0.3 at OKX and 0.50 here: reported"


async def test_balances_come_by_balance_and_position_where_account_is_late():
    profile, running = exchange()
    with running as venue:
        async with trading_node(venue, profile) as t:
            venue.inject({"on": {"class": "push", "channel": "account"}, "what": {"kind": "hold", "how": "drop"}})
            account = t.node.portfolio.account(t.instrument.id.venue)
            before = account.balance_total(USDT).as_decimal()
            t.venue.script("account.transfer", ccy="USDT", amt="1000")
            await until(lambda: account.balance_total(USDT).as_decimal() == before + 1000)
            assert {row["eventType"] for row in pushes(t.venue, "balance_and_position")} >= {"snapshot", "transferred"}


def rest_requests(t: Trading) -> list[str]:
    """Requests of the position by REST."""
    entries = t.venue.exchange.journal()
    return [e["text"] for e in entries if e["link"] == "rest" and "/account/positions?" in e["text"]]


def fired(venue: Any, fault: Any) -> int:
    return next(f["fired"] for f in venue.control("/control/faults") if f["id"] == fault["id"])


async def test_f29_a_node_whose_orders_channel_is_ended_is_not_connected():
    profile, running = exchange()
    with running as venue:
        venue.inject({"on": {"class": "ack", "channel": "orders"}, "what": {"kind": "conn_count_error", "count": 30}})
        clients: list[OKXNativeExecutionClient] = []

        class Factory(LiveExecClientFactory):  # type: ignore[misc]
            """Keeps the client for the test."""

            @staticmethod
            def create(*args: Any, **kwargs: Any) -> OKXNativeExecutionClient:
                clients.append(OKXNativeLiveExecClientFactory.create(*args, **kwargs))
                return clients[-1]

        node = TradingNode(
            TradingNodeConfig(
                logging=LoggingConfig(log_level="OFF"),
                exec_clients={"OKX": exec_config(venue, **profile.fields)},
                timeout_connection=3.0,
                timeout_disconnection=5.0,
                timeout_post_stop=0.1,
            ),
            loop=asyncio.get_running_loop(),
        )
        node.add_exec_client_factory("OKX", Factory)
        trader = Trader()
        node.trader.add_strategy(trader)
        node.build()
        run = asyncio.create_task(node.run_async())
        try:
            await until(lambda: asked_for_orders(venue))
            # Not tried again and again: the sockets are closed, and nothing was asked for twice.
            await until(lambda: venue.control("/control/state")["connections"] == [])
            assert len(asked_for_orders(venue)) == 1
            assert not clients[0].is_connected
            assert not trader.is_running
        finally:
            await node.stop_async()
            await run
            node.kernel.dispose()  # node.dispose() would stop the loop of the test


def asked_for_orders(venue: SimulatedExchange) -> list[str]:
    """Subscriptions of `orders` that reached the exchange."""
    entries = [e["text"] for e in venue.journal() if e["direction"] == "in"]
    return [text for text in entries if '"subscribe"' in text and '"channel":"orders"' in text]
