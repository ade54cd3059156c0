"""`ExecutionStream` by itself, on both drivers, against the simulated exchange."""

import asyncio
import gc
import json
import time
import weakref
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native._okx import (
    OkxConnectionError,
    SimulatedExchange,
)
from nautilus_trader.model.enums import OrderSide, TriggerType
from nautilus_trader.model.identifiers import InstrumentId, VenueOrderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.test_kit.stubs.events import TestEventStubs
from websockets.asyncio.server import ServerConnection, serve

from .execution_trial import DRIVERS, SPOT, SWAP, Event, ExecutionTrial, opened
from .support import DEADLINE_SECS, Waiter

pytestmark = pytest.mark.parametrize("driver", DRIVERS)


def filled_of(trial: ExecutionTrial, order: Any) -> Decimal:
    fills = [e.detail[2].as_decimal() for e in trial.of(order.client_order_id) if e.kind == "filled"]
    return sum(fills, Decimal(0))


async def test_a_limit_order_rests_and_is_cancelled(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit()
        trial.stream.submit(order)
        assert trial.kinds(order.client_order_id)[0] == "submitted"
        accepted = await trial.until(order.client_order_id, "accepted")
        assert accepted.instrument_id == SWAP
        assert accepted.venue_order_id is not None
        assert accepted.ts_event_ns > 1_500_000_000_000_000_000
        assert accepted.detail == ()
        trial.stream.cancel(order.client_order_id.value)
        canceled = await trial.until(order.client_order_id, "canceled")
        assert canceled.venue_order_id == accepted.venue_order_id
        assert trial.kinds(order.client_order_id) == ["submitted", "accepted", "canceled"]
        assert trial.stream.unresolved() == []


async def test_a_market_order_is_filled(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.market(size="2.00")
        trial.stream.submit(order)
        await trial.waiter.until(lambda: filled_of(trial, order) == 2, "filled")
        fill = await trial.until(order.client_order_id, "filled")
        trade_id, side, quantity, price, commission, liquidity, ord_id = fill.detail
        assert side == OrderSide.BUY.value
        assert (type(quantity), quantity.precision) == (Quantity, 2)
        assert (type(price), price.precision) == (Price, 1)
        assert Decimal(commission[0]) > 0
        assert commission[1] == "USDT"
        assert liquidity == "taker"
        assert ord_id == fill.venue_order_id
        assert trade_id

        def positions() -> list[dict[str, Any]]:
            return [row for call in trial.accounts for row in call[1] if row["inst_id"] == "BTC-USDT-SWAP"]

        await trial.waiter.until(lambda: positions() and positions()[-1]["quantity"] == 2, "position")
        assert positions()[-1]["direction"] == "long"


async def test_balances_are_told_at_the_start(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        await trial.waiter.until(lambda: any(call[0] for call in trial.accounts), "balances")
        rows = {row["ccy"]: row for call in trial.accounts for row in call[0]}
        usdt = rows["USDT"]
        assert usdt["total"] == usdt["free"] + usdt["locked"] > 0
        assert isinstance(usdt["cash_bal"], Decimal)
        totals = next(call[2] for call in trial.accounts if call[2])
        assert totals["total_eq"] > 0


async def test_an_order_is_amended(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit(size="2.00")
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        price = Price(order.price.as_decimal() - 10, precision=1)
        trial.stream.modify(order.client_order_id.value, Quantity.from_str("3.00"), price)
        updated = await trial.until(order.client_order_id, "updated")
        assert updated.detail == (Quantity.from_str("3.00"), price, None, False)
        bad = Price(price.as_decimal() + Decimal("0.05"), precision=2)
        trial.stream.modify(order.client_order_id.value, price=bad)
        rejected = await trial.until(order.client_order_id, "modify_rejected")
        assert "0.1" in rejected.detail[0]


async def test_commands_for_orders_nobody_knows_are_rejected(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        trial.stream.cancel("O-20261125-145318-001-000-77")
        (event,) = trial.of("O-20261125-145318-001-000-77")
        assert (event.kind, event.instrument_id, event.venue_order_id) == ("cancel_rejected", None, None)
        assert "not known" in event.detail[0]
        trial.stream.modify("O-20261125-145318-001-000-77", Quantity.from_str("1.00"))
        assert trial.kinds("O-20261125-145318-001-000-77") == ["cancel_rejected", "modify_rejected"]


async def test_orders_in_lists_and_batches(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        orders = [trial.limit(away=500 + n) for n in range(5)]
        trial.stream.submit_list(orders)
        for order in orders:
            await trial.until(order.client_order_id, "accepted")
        trial.stream.cancel_batch([order.client_order_id.value for order in orders])
        for order in orders:
            await trial.until(order.client_order_id, "canceled")
            assert trial.kinds(order.client_order_id) == ["submitted", "accepted", "canceled"]
        assert trial.stream.stats()["lines"]["private"]["sent"] < 2 + 10


async def test_a_stop_waits_for_its_trigger_and_fills(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        trigger = Price(trial.touch("asks") + 1000, precision=1)
        order = trial.orders.stop_market(
            instrument_id=SWAP,
            order_side=OrderSide.BUY,
            quantity=Quantity.from_str("1.00"),
            trigger_price=trigger,
            trigger_type=TriggerType.LAST_PRICE,
        )
        trial.stream.submit(order)
        accepted = await trial.until(order.client_order_id, "accepted")
        own_exchange.control("/control/script", {"op": "jump", "instId": "BTC-USDT-SWAP", "factor": 1.05})
        await trial.waiter.until(lambda: filled_of(trial, order) == 1, "filled")
        fill = await trial.until(order.client_order_id, "filled")
        assert fill.venue_order_id != accepted.venue_order_id


async def test_a_stop_is_cancelled(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.orders.stop_limit(
            instrument_id=SWAP,
            order_side=OrderSide.SELL,
            quantity=Quantity.from_str("1.00"),
            price=Price(trial.touch("bids") - 1010, precision=1),
            trigger_price=Price(trial.touch("bids") - 1000, precision=1),
        )
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        trial.stream.cancel(order.client_order_id.value)
        await trial.until(order.client_order_id, "canceled")
        assert trial.kinds(order.client_order_id) == ["submitted", "accepted", "canceled"]


async def test_a_bracket_lives_and_ends(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        touch = trial.touch("asks")
        bracket = trial.orders.bracket(
            instrument_id=SWAP,
            order_side=OrderSide.BUY,
            quantity=Quantity.from_str("1.00"),
            sl_trigger_price=Price(touch - 2000, precision=1),
            tp_price=Price(touch + 2000, precision=1),
        )
        trial.stream.submit_list(bracket.orders)
        entry, stop, profit = bracket.orders
        await trial.waiter.until(lambda: filled_of(trial, entry) == 1, "entry filled")
        for leg in (stop, profit):
            await trial.until(leg.client_order_id, "accepted")
        own_exchange.control("/control/script", {"op": "jump", "instId": "BTC-USDT-SWAP", "factor": 0.95})
        await trial.waiter.until(lambda: filled_of(trial, stop) == 1, "stop filled")
        await trial.until(profit.client_order_id, "canceled")
        assert filled_of(trial, profit) == 0


async def test_what_cannot_be_sent_is_denied(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        elsewhere = trial.orders.limit(
            instrument_id=InstrumentId.from_str("NOT-HERE.OKX"),
            order_side=OrderSide.BUY,
            quantity=Quantity.from_int(1),
            price=Price.from_int(1),
        )
        odd = trial.limit(size="1.005")
        params = trial.limit()
        before = trial.stream.stats()["lines"]["private"]["sent"]
        trial.stream.submit(elsewhere)
        trial.stream.submit(odd)
        trial.stream.submit(params, {"td_mode": "banana"})
        assert [event.kind for event in trial.events] == ["denied"] * 3
        assert "not registered" in trial.events[0].detail[0]
        assert trial.events[0].instrument_id == elsewhere.instrument_id
        assert "multiple" in trial.events[1].detail[0]
        assert "banana" in trial.events[2].detail[0]
        assert trial.stream.stats()["lines"]["private"]["sent"] == before
        fine = trial.limit()
        trial.stream.submit(fine, {"colour": "blue"})
        note = await trial.note("unknown_params")
        assert "colour" in note["message"]
        await trial.until(fine.client_order_id, "accepted")


async def test_refusals_come_with_the_words_of_the_venue(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit(away=-50, post_only=True)
        trial.stream.submit(order)
        rejected = await trial.until(order.client_order_id, "rejected")
        reason, due_post_only = rejected.detail
        assert due_post_only is True
        assert reason
        huge = trial.limit(size="90000.00")
        trial.stream.submit(huge)
        rejected = await trial.until(huge.client_order_id, "rejected")
        assert rejected.detail[0].startswith("51185: The value of one order")
        assert rejected.detail[1] is False


async def test_ids_of_nautilus_are_packed_and_read_back(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit()
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        okx_id = trial.stream.okx_id(order.client_order_id.value)
        assert okx_id.isalnum()
        assert len(okx_id) <= 32
        assert trial.stream.nautilus_id(okx_id) == order.client_order_id.value
        (row,) = own_exchange.control("/control/account")["orders"]
        assert row["clOrdId"] == okx_id


async def test_an_unanswered_order_is_looked_up(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        for what in ({"class": "op_reply"}, {"class": "push", "channel": "orders"}):
            own_exchange.inject({"on": what, "what": {"kind": "hold", "how": "drop"}})
        requests = trial.stream.stats()["requests"]
        order = trial.limit()
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        assert trial.stream.stats()["requests"] > requests
        own_exchange.clear_faults()


async def test_a_lost_connection_is_repaired_and_reconciled(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit()
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        cut = {"on": {"link": "private"}, "when": {"now": True}, "what": {"kind": "cut", "how": "rst"}}
        own_exchange.inject(cut)
        await trial.note("lost")
        assert not trial.stream.is_ready
        refused = trial.limit()
        trial.stream.submit(refused)
        assert trial.kinds(refused.client_order_id) == ["denied"]
        (row,) = own_exchange.control("/control/account")["orders"]
        own_exchange.control("/control/script", {"op": "jump", "instId": "BTC-USDT-SWAP", "factor": 0.95})
        await trial.waiter.until(lambda: trial.stream.is_ready, "ready again")
        await trial.waiter.until(lambda: filled_of(trial, order) == 1, "filled meanwhile")
        assert trial.kinds(order.client_order_id)[:2] == ["submitted", "accepted"]
        stats = trial.stream.stats()
        assert stats["losses"] == 1
        assert stats["reconciliations"] >= 2
        assert row["ordId"] == trial.of(order.client_order_id)[-1].venue_order_id


async def test_a_refused_login_tells_the_code(own_exchange: SimulatedExchange, driver: str) -> None:
    trial = ExecutionTrial(own_exchange, driver, api_secret="not-the-secret-of-it")
    with pytest.raises(OkxConnectionError) as raised:
        await trial.stream.open()
    assert raised.value.code == 60007
    assert raised.value.advice
    assert (await trial.note("login_failed"))["code"] == 60007
    await trial.stream.close()
    shown = f"{trial.stream!r} {trial.notes} {raised.value} {trial.http!r} {trial.stream.stats()}"
    for secret in ("not-the-secret-of-it", own_exchange.api_secret, own_exchange.api_passphrase):
        assert secret not in shown


async def test_a_host_that_is_not_there_is_told(own_exchange: SimulatedExchange, driver: str) -> None:
    trial = ExecutionTrial(own_exchange, driver, connect_timeout_secs=0.5)
    own_exchange.stop()
    with pytest.raises(OkxConnectionError, match=r"127\.0\.0\.1"):
        await trial.stream.open()
    await trial.stream.close()


async def test_callbacks_may_submit_and_raise(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        second = trial.limit(away=600)

        def react(event: Event) -> None:
            if event.kind == "submitted" and event.client_order_id != second.client_order_id.value:
                before = len(trial.events)
                trial.stream.submit(second)
                # What that causes comes when this callback has returned.
                assert len(trial.events) == before
                raise ValueError("a fault of the strategy")

        trial.hook = react
        first = trial.limit()
        trial.stream.submit(first)
        assert trial.kinds(first.client_order_id)[0] == "submitted"
        assert trial.kinds(second.client_order_id)[0] == "submitted"
        note = await trial.note("callback_error")
        assert "a fault of the strategy" in note["message"]
        await trial.until(first.client_order_id, "accepted")
        await trial.until(second.client_order_id, "accepted")


async def test_orders_of_others_are_reported(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial, opened(own_exchange, driver) as other:
        order = other.limit()
        # Not an id of ours: read back, it is one that nobody submitted here.
        other.stream.submit(order)
        await other.until(order.client_order_id, "accepted")
        await trial.waiter.until(lambda: trial.reports, "report")
        kind, row = trial.reports[0]
        assert kind == "order"
        assert row["inst_id"] == "BTC-USDT-SWAP"
        assert row["state"] == "live"
        assert row["px"] == order.price.as_decimal()
        assert trial.events == []


async def test_orders_of_an_earlier_process_go_on(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as first:
        order = first.limit()
        first.stream.submit(order)
        accepted = await first.until(order.client_order_id, "accepted")
    assert accepted.venue_order_id
    order.apply(TestEventStubs.order_submitted(order))
    order.apply(TestEventStubs.order_accepted(order, venue_order_id=VenueOrderId(accepted.venue_order_id), ts_event=1))
    trial = ExecutionTrial(own_exchange, driver)
    with pytest.raises(ValueError, match="not registered"):
        trial.stream.restore(order)
    await trial.register(SWAP)
    trial.stream.restore(order)
    await trial.stream.open()
    assert trial.events == []
    trial.stream.cancel(order.client_order_id.value)
    await trial.until(order.client_order_id, "canceled")
    assert trial.kinds(order.client_order_id) == ["canceled"]
    await trial.stream.close()


async def test_rest_is_another_way(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver, settings={"route": "http"}) as trial:
        before = trial.stream.stats()["lines"]["private"]["sent"]
        order = trial.limit()
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        trial.stream.cancel(order.client_order_id.value)
        await trial.until(order.client_order_id, "canceled")
        assert trial.stream.stats()["lines"]["private"]["sent"] == before


async def test_spot_and_other_numbers(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.orders.market(
            instrument_id=SPOT, order_side=OrderSide.BUY, quantity=Quantity.from_str("0.00012345")
        )
        trial.stream.submit(order)
        await trial.waiter.until(lambda: filled_of(trial, order) == Decimal("0.00012345"), "filled")
        fill = await trial.until(order.client_order_id, "filled")
        assert fill.detail[2].precision == 8
        assert fill.instrument_id == SPOT


async def test_settings_are_checked(own_exchange: SimulatedExchange, driver: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        ExecutionTrial(own_exchange, driver, settings={"colour": "blue"})
    with pytest.raises(ValueError, match="net_mode"):
        ExecutionTrial(own_exchange, driver, settings={"pos_mode": "both"})
    with pytest.raises(ValueError, match="needed to trade"):
        ExecutionTrial(own_exchange, driver, api_key="", api_secret="", api_passphrase="")
    trial = ExecutionTrial(own_exchange, driver, settings={"acct_lv": "2", "margin_mode": None})
    trial.stream.configure({"pos_mode": "net_mode", "account_limit": 500})
    with pytest.raises(ValueError, match="new stream"):
        trial.stream.configure({"unlimited": True})
    await trial.register(SWAP)
    assert trial.stream.is_registered(SWAP)
    assert not trial.stream.is_registered(SPOT)
    with pytest.raises(ValueError, match="cannot be traded yet"):
        trial.stream.register_instrument(SPOT, {"inst_type": "SPOT", "inst_id": "BTC-USDT", "state": "preopen"})
    await trial.stream.close()


async def test_closed_is_closed(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit()
        trial.stream.submit(order)
        await trial.until(order.client_order_id, "accepted")
        await trial.stream.close()
        await trial.stream.close()
        count = len(trial.events)
        for call in (trial.stream.submit, trial.stream.restore):
            with pytest.raises(OkxConnectionError, match="closed"):
                call(trial.limit())
        with pytest.raises(OkxConnectionError, match="closed"):
            await trial.stream.open()
        assert len(trial.events) == count
        assert trial.notes[-1]["type"] == "closed"
        (row,) = own_exchange.control("/control/account")["orders"]
        assert row["state"] == "live"


async def test_a_stream_that_was_never_opened_is_collected(own_exchange: SimulatedExchange, driver: str) -> None:
    trial = ExecutionTrial(own_exchange, driver)
    await trial.register(SWAP)
    gone = weakref.ref(trial.stream)
    del trial
    gc.collect()
    assert gone() is None


async def test_answers_are_taken_in_while_the_loop_is_blocked(own_exchange: SimulatedExchange, driver: str) -> None:
    async with opened(own_exchange, driver) as trial:
        order = trial.limit()
        trial.stream.submit(order)
        deadline = time.monotonic() + DEADLINE_SECS

        def unanswered() -> int:
            return trial.stream.stats()["unanswered"]

        if driver == "threaded":
            while unanswered() and time.monotonic() < deadline:
                time.sleep(0.001)  # noqa: ASYNC251 - blocking the loop is the point
            assert unanswered() == 0
        else:
            assert unanswered() == 1
        await trial.until(order.client_order_id, "accepted")


async def test_what_the_socket_does_not_take_at_once_follows_in_order(
    own_exchange: SimulatedExchange, driver: str
) -> None:
    got: list[str] = []
    reads = asyncio.Event()
    arrived = Waiter()

    async def venue(socket: ServerConnection) -> None:
        async for text in socket:
            if text == "ping":
                await socket.send("pong")
                continue
            request = json.loads(text)
            if request["op"] == "login":
                await socket.send(json.dumps({"event": "login", "code": "0", "msg": "", "connId": "c1"}))
            elif request["op"] == "subscribe":
                for arg in request["args"]:
                    answer = {"event": "subscribe", "arg": arg, "connId": "c1", "id": request["id"]}
                    await socket.send(json.dumps(answer))
            else:
                await reads.wait()
                got.append(request["args"][0]["clOrdId"])
                arrived.wake()

    async with serve(venue, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws/v5/private"
        async with opened(own_exchange, driver, ws_private_url=url, settings={"unlimited": True}) as trial:
            first = trial.limit()
            wanted: list[str] = []

            def submit(count: int) -> None:
                for _ in range(count):
                    order = trial.orders.limit(
                        instrument_id=SWAP, order_side=OrderSide.BUY, quantity=first.quantity, price=first.price
                    )
                    trial.stream.submit(order)
                    wanted.append(trial.stream.okx_id(order.client_order_id.value))

            def unsent() -> int:
                return trial.stream.stats()["lines"]["private"]["unsent_bytes"]

            try:
                # The system takes some megabytes for a reader who does not read.
                while not unsent() and len(wanted) < 60_000:
                    submit(1_000)
                submit(1_000)
                assert unsent() > 0
            finally:
                reads.set()
            await arrived.until(lambda: len(got) == len(wanted), "all orders")
            assert got == wanted
            assert unsent() == 0
