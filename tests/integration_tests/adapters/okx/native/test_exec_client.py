"""Connecting, disconnecting, restarting, the dead-man switch, account actions, and mixed back ends."""

import asyncio
import time
from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import (
    AccountModeError,
    OKXAction,
    OkxError,
    OKXNativeLiveExecClientFactory,
    SimulatedExchange,
)
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.model.enums import OmsType, OrderSide, OrderStatus
from nautilus_trader.model.orders.unpacker import OrderUnpacker

from .exec_bench import SMALL, ExecBench
from .trading_support import PROFILES, SEED, exec_config, trading, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL
SWAPS = {"instrument_types": (OKXInstrumentType.SWAP,), "margin_mode": OKXMarginMode.CROSS}


def small_exchange(**account):
    return SimulatedExchange(seed=SEED, config=SMALL | ({"accounts": [account]} if account else {}))


def bench_on(exchange, restored=(), **fields):
    return ExecBench(exchange, OKXNativeLiveExecClientFactory, exec_config(exchange, **(SWAPS | fields)), restored)


# -- connecting -----------------------------------------------------------------------------------


async def test_connect_is_ready_for_orders():
    with small_exchange() as exchange:
        bench = bench_on(exchange)
        await bench.connect()
        assert bench.engine.accounts
        await bench.rests(bench.limit())
        stats = bench.client.stats()
        assert stats is not None
        await bench.disconnect()


@pytest.mark.parametrize(
    ("account", "fields", "words"),
    [
        ({"pos_mode": "long_short_mode"}, {}, 'position_mode="long_short_mode"'),
        ({"acct_lv": 1}, {}, "cannot trade SWAP"),
        ({"acct_lv": 3}, {"margin_mode": OKXMarginMode.ISOLATED}, "50072"),
    ],
)
async def test_an_account_in_another_mode_fails_the_connect(account, fields, words):
    with small_exchange(**account) as exchange:
        bench = bench_on(exchange, **fields)
        with pytest.raises(AccountModeError, match=words):
            await bench.connect()
        assert bench.client.stats() is None
        await bench.disconnect()


async def test_f31_wrong_keys_fail_the_connect_at_once():
    with small_exchange() as exchange:
        bench = bench_on(exchange, api_secret="wrong")
        started = time.monotonic()
        with pytest.raises(OkxError, match="50113"):
            await bench.connect()
        assert time.monotonic() - started < 10
        await bench.disconnect()


async def test_a_refused_login_fails_the_connect_with_the_code():
    with small_exchange() as exchange:
        exchange.inject(
            {
                "on": {"class": "request", "op": "login", "link": "private"},
                "what": {"kind": "reply", "code": "60009", "msg": "Login failed."},
            }
        )
        bench = bench_on(exchange)
        with pytest.raises(OkxError, match="60009"):
            await bench.connect()
        await bench.disconnect()
        exchange.clear_faults()


async def test_the_oms_follows_the_position_mode():
    with small_exchange(pos_mode="long_short_mode") as exchange:
        assert bench_on(exchange).client.oms_type == OmsType.NETTING
        assert bench_on(exchange, position_mode="long_short_mode").client.oms_type == OmsType.HEDGING


async def test_it_can_connect_again():
    with small_exchange() as exchange:
        bench = bench_on(exchange)
        for _ in range(2):
            await bench.connect()
            await bench.rests(bench.limit())
            await bench.disconnect()
        assert len(bench.account()["orders"]) == 2


async def test_commands_without_a_connection_are_answered():
    with small_exchange() as exchange:
        bench = bench_on(exchange)
        await bench.connect()
        order = bench.limit()
        await bench.rests(order)
        await bench.disconnect()
        late = bench.limit()
        bench.submit(late)
        assert bench.names(late) == ["Denied"]
        bench.cancel(order)
        bench.modify(order, price=order.price)
        assert bench.names(order)[-2:] == ["CancelRejected", "ModifyRejected"]


async def test_f100_a_disconnect_names_open_outcomes_and_ends_in_time():
    with small_exchange() as exchange:
        bench = bench_on(exchange)
        await bench.connect()
        bench.client._native.log = bench.log
        exchange.inject({"when": {"now": True}, "on": {"link": "private"}, "what": {"kind": "mute", "pongs": True}})
        exchange.inject({"on": {"path": "/trade/order"}, "what": {"kind": "hold", "how": "park"}})
        order = bench.limit()
        bench.submit(order)
        started = asyncio.get_running_loop().time()
        await bench.disconnect()
        assert asyncio.get_running_loop().time() - started < 5.5
        assert [line for line in bench.log.at("warning") if order.client_order_id.value in line]
        assert bench.names(order) == ["Submitted"]


# -- restarting -----------------------------------------------------------------------------------


async def test_f95_a_restart_finds_what_happened_meanwhile():
    with small_exchange() as exchange:
        first = bench_on(exchange)
        await first.connect()
        orders = [first.limit(away=f"0.00{n}") for n in range(3, 7)]
        await first.rests(*orders)
        await first.disconnect()
        filled, cancelled, partly, _ = orders
        for order, size in ((filled, None), (partly, "0.4")):
            fields = {"clOrdId": order.client_order_id.value} | ({"sz": size} if size else {})
            first.script("fill", **fields)
        first.script("cancel", clOrdId=cancelled.client_order_id.value)
        again = [copy_of(order) for order in orders]
        second = bench_on(exchange, restored=again)
        await second.connect()
        await second.until(lambda: again[0].is_closed and again[1].is_closed, "both ends")
        await second.until(lambda: again[2].filled_qty > 0, "the partial fill")
        assert [order.status for order in again] == [
            OrderStatus.FILLED,
            OrderStatus.CANCELED,
            OrderStatus.PARTIALLY_FILLED,
            OrderStatus.ACCEPTED,
        ]
        fills = [event.trade_id.value for event in second.engine.events if type(event).__name__ == "OrderFilled"]
        assert sorted(fills) == sorted(row["tradeId"] for row in second.account()["fills"])
        second.cancel(again[3])
        await second.told(again[3], "Canceled")
        await second.disconnect()


def copy_of(order):
    """The order as another process finds it in its cache."""
    again = OrderUnpacker.from_init(order.init_event)
    for event in order.events[1:]:
        again.apply(event)
    return again


@pytest.mark.parametrize("when", ["while down", "afterwards"])
async def test_tc_e20_a_stop_is_followed_across_a_restart(when):
    with small_exchange() as exchange:
        first = bench_on(exchange)
        await first.connect()
        instrument = first.cache.instrument(first.limit().instrument_id)
        bid = Decimal(exchange.book("BTC-USDT-SWAP")["bids"][0][0])
        trigger = instrument.make_price(bid * Decimal("0.998"))
        stop = first.orders.stop_market(instrument.id, SELL, instrument.make_qty(1), trigger_price=trigger)
        await first.rests(stop)
        await first.disconnect()
        again = copy_of(stop)
        jump = {"op": "jump", "instId": "BTC-USDT-SWAP", "factor": 0.995}
        if when == "while down":
            exchange.control("/control/script", jump)
            await _until(lambda: first.account()["fills"])
        second = bench_on(exchange, restored=[again])
        await second.connect()
        if when == "afterwards":
            assert again.is_open
            exchange.control("/control/script", jump)
        await second.until(lambda: again.status == OrderStatus.FILLED, "the fill")
        fills = [event.trade_id.value for event in second.engine.events if type(event).__name__ == "OrderFilled"]
        assert sorted(fills) == sorted(row["tradeId"] for row in second.account()["fills"])
        assert second.engine.refused == []
        await second.disconnect()


async def test_f96_default_ids_are_read_back_by_another_process():
    with small_exchange() as exchange:
        first = bench_on(exchange)
        await first.connect()
        factory = OrderFactory(first.orders.trader_id, first.orders.strategy_id, first.clock)
        one = first.limit()
        order = factory.limit(one.instrument_id, BUY, one.quantity, one.price)
        assert "-" in order.client_order_id.value
        await first.rests(order)
        await first.disconnect()
        second = bench_on(exchange)
        await second.connect()
        (report,) = await second.order_reports(open_only=True)
        assert report.client_order_id == order.client_order_id
        await second.disconnect()


# -- dead-man switch ------------------------------------------------------------------------------


async def test_the_dead_man_switch_is_armed_refreshed_and_disarmed(monkeypatch):
    from nautilus_trader.adapters.okx.native.trading import dead_man

    monkeypatch.setattr(dead_man, "REFRESHES", 8)
    with small_exchange() as exchange:
        bench = bench_on(exchange, cancel_all_after_secs=10)
        await bench.connect()
        armed = bench.requests("/trade/cancel-all-after")
        assert '"timeOut":"10"' in armed[0].replace(" ", "")
        await _until(lambda: len(bench.requests("/trade/cancel-all-after")) >= 3)
        order = bench.limit()
        await bench.rests(order)
        await bench.disconnect()
        last = bench.requests("/trade/cancel-all-after")[-1]
        assert '"timeOut":"0"' in last.replace(" ", "")
        assert bench.account()["timers"] == []
        assert len(bench.account()["orders"]) == 1


async def test_f70_orders_end_when_the_dead_man_switch_runs_out():
    with small_exchange() as exchange:
        bench = bench_on(exchange, cancel_all_after_secs=10)
        await bench.connect()
        order = bench.limit()
        await bench.rests(order)
        exchange.inject({"on": {"path": "/trade/cancel-all-after"}, "what": {"kind": "reply", "status": 503}})
        exchange.advance(11_000)
        await bench.told(order, "Canceled")
        exchange.clear_faults()
        await bench.rests(bench.limit())
        await bench.disconnect()


async def _until(condition):
    async with asyncio.timeout(40):
        while not condition():  # noqa: ASYNC110 - the exchange tells only when asked
            await asyncio.sleep(0.02)


# -- account actions ------------------------------------------------------------------------------


async def test_actions_of_the_client():
    with small_exchange() as exchange:
        bench = bench_on(exchange)
        await bench.connect()
        client = bench.client
        await client.set_leverage("BTC-USDT-SWAP", 7, "cross")
        (row,) = await client.leverage("BTC-USDT-SWAP", "cross")
        assert row["lever"] == Decimal(7)
        (size,) = await client.max_order_size("BTC-USDT-SWAP", "cross")
        assert size["max_buy"] > 0
        config = await client.account_config()
        assert (config[0] if isinstance(config, list) else config)["acct_lv"] == "2"
        with pytest.raises(OkxError):
            await client.set_leverage("BTC-USDT-SWAP", 100_000, "cross")
        await bench.disconnect()


async def test_a_strategy_asks_over_the_message_bus():
    async with trading("P2") as t:
        answers = []

        def on_answer(result):
            answers.append(result)
            t.trader.waiter.wake()

        def ask(action, **arguments):
            t.trader.msgbus.request(endpoint="OKX.action", request=OKXAction(action, arguments, on_answer))

        ask("set_leverage", instrument_id=t.instrument.id, lever=5, mgn_mode="cross")
        await t.trader.until(lambda: len(answers) == 1, "an answer")
        assert answers[0].is_ok, answers[0]
        ask("leverage", inst_id="BTC-USDT-SWAP", mgn_mode="cross")
        await t.trader.until(lambda: len(answers) == 2, "an answer")
        assert answers[1].data[0]["lever"] == 5
        ask("set_leverage", inst_id="NO-SUCH-SWAP", lever=5, mgn_mode="cross")
        await t.trader.until(lambda: len(answers) == 3, "an answer")
        assert not answers[2].is_ok
        assert answers[2].error.code == 51001
        ask("borrow_a_million")
        await t.trader.until(lambda: len(answers) == 4, "an answer")
        assert "does not exist" in str(answers[3].error)


# -- back ends ------------------------------------------------------------------------------------


async def test_everything_on_the_stock_client():
    # The stock client opens its sockets at once, more than OKX takes in a second.
    config = PROFILES["P2"].config() | {"limits": {"connects_per_s": 0}}
    with SimulatedExchange(seed=SEED, config=config) as exchange:
        async with trading_node(exchange, PROFILES["P2"], backend="python", ids="plain") as t:
            assert not t.client.backends.any_native
            order = t.limit()
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.ACCEPTED)
            t.trader.cancel_order(order)
            await t.trader.has(order, OrderStatus.CANCELED)
            assert t.client.stats() is None
            assert t.client.delegate is not None


async def test_reports_of_the_stock_client_beside_native_orders():
    async with trading("P2", backends={"reports": "python"}) as t:
        assert t.client.delegate is not None
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        status = await t.client.generate_mass_status()
        assert [r.client_order_id for r in status.order_reports.values()] == [order.client_order_id]
        logins = t.venue.sent("login")
        assert len(logins) == 2  # private and business, of the native stream alone


async def test_nothing_native_leaves_no_native_stream():
    with small_exchange() as exchange:
        bench = bench_on(exchange, backend="native")
        await bench.connect()
        assert bench.client.delegate is None
        await bench.disconnect()
        # The exchange sees the end of a connection a moment after the client.
        await bench.until_venue(lambda: exchange.control("/control/state")["connections"] == [], "all sockets closed")
