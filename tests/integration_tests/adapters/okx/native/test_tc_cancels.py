"""TC-E40 to TC-E44 and TC-E60 to TC-E78: cancellations, flags and refusals, through a TradingNode."""

from decimal import Decimal

import pytest
from nautilus_trader.model.enums import OrderSide, OrderStatus, TimeInForce, TrailingOffsetType

from .support import RecorderConfig
from .trading_support import PROFILES, SEED, Trader, trading, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL


@pytest.mark.parametrize("profile", ["P1", "P2", "P3-inverse", "P4", "P5"])
async def test_tc_e40_cancel_one(profile):
    async with trading(profile) as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        t.trader.cancel_order(order)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")
        assert t.trader.events("Canceled", order)[0].venue_order_id == order.venue_order_id
        assert t.venue.orders() == []


async def test_tc_e41_cancel_all_spares_the_orders_of_others():
    from nautilus_trader.adapters.okx.native import SimulatedExchange

    profile = PROFILES["P2"]
    two = [Trader(RecorderConfig(order_id_tag=f"{n:03}")) for n in range(2)]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        async with trading_node(exchange, profile, two) as t:
            mine, others = t.traders
            orders = [t.limit(BUY, f"-0.{n % 9 + 1}") for n in range(45)]
            for order in orders:
                mine.submit_order(order)
            sell = t.limit(SELL)
            mine.submit_order(sell)
            foreign = others.order_factory.limit(t.instrument.id, BUY, t.size, t.price(BUY))
            others.submit_order(foreign)
            for order in [*orders, sell]:
                await mine.told_of(order, "Submitted", "Accepted")
            await others.told_of(foreign, "Submitted", "Accepted")
            t.venue.script(
                "account.order",
                instId="BTC-USDT-SWAP",
                tdMode="cross",
                side="buy",
                ordType="limit",
                px=str(t.price(BUY, "-0.9")),
                sz="0.5",
            )
            mine.cancel_all_orders(t.instrument.id, order_side=BUY)
            for order in orders:
                await mine.told_of(order, "Submitted", "Accepted", "Canceled")
            assert sell.is_open
            assert foreign.is_open
            assert len(t.venue.orders()) == 3
            batches = t.venue.sent("batch-cancel-orders")
            assert [len(frame["args"]) for frame in batches] == [20, 20, 5]
            await t.agrees()


async def test_tc_e42_one_by_one():
    async with trading("P2") as t:
        orders = [await t.submit(t.limit(BUY, f"-0.{n}"), "Submitted", "Accepted") for n in range(1, 6)]
        for order in orders:
            t.trader.cancel_order(order)
        for order in orders:
            await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")
        assert t.venue.orders() == []


async def test_tc_e43_a_batch_takes_one_request_for_twenty():
    async with trading("P2") as t:
        orders = [t.limit(BUY, f"-0.{n % 9 + 1}") for n in range(21)]
        for order in orders:
            t.trader.submit_order(order)
        for order in orders:
            await t.trader.told_of(order, "Submitted", "Accepted")
        t.trader.cancel_orders(orders)
        for order in orders:
            await t.trader.has(order, OrderStatus.CANCELED)
        sizes = [len(frame["args"]) for frame in t.venue.sent("batch-cancel-orders", "cancel-order")]
        assert sizes == [20, 1]


async def test_tc_e44_cancel_of_a_closed_order_is_refused_here():
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        t.trader.cancel_order(order)
        await t.trader.has(order, OrderStatus.CANCELED)
        sent = len(t.venue.sent("cancel-order"))
        command = _cancel(t, order)
        t.client.cancel_order(command)
        await t.trader.until(lambda: t.trader.events("CancelRejected", order), "the refusal")
        assert order.status == OrderStatus.CANCELED
        assert len(t.venue.sent("cancel-order")) == sent


def _cancel(t, order):
    from nautilus_trader.core.uuid import UUID4
    from nautilus_trader.execution.messages import CancelOrder

    return CancelOrder(
        trader_id=order.trader_id,
        strategy_id=order.strategy_id,
        instrument_id=order.instrument_id,
        client_order_id=order.client_order_id,
        venue_order_id=order.venue_order_id,
        command_id=UUID4(),
        ts_init=0,
    )


# -- flags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["P1", "P2"])
async def test_tc_e60_post_only_rests_as_maker(profile):
    async with trading(profile) as t:
        await t.submit(t.limit(post_only=True), "Submitted", "Accepted")
        assert t.venue.orders()[0]["ordType"] == "post_only"


@pytest.mark.parametrize("profile", ["P2", "P3-inverse"])
async def test_tc_e61_reduce_only_closes(profile):
    async with trading(profile) as t:
        opening = t.market()
        t.trader.submit_order(opening)
        await t.trader.has(opening, OrderStatus.FILLED)
        closing = t.market(SELL, reduce_only=True)
        t.trader.submit_order(closing)
        await t.trader.has(closing, OrderStatus.FILLED)
        args = [arg for frame in t.venue.sent("order") for arg in frame["args"]]
        assert [arg.get("reduceOnly") for arg in args] == [None, True]
        assert t.venue.account["positions"] == []


async def test_tc_e61_reduce_only_in_long_short_mode_is_the_side():
    async with trading("P4") as t:
        opening = t.market()
        t.trader.submit_order(opening)
        await t.trader.has(opening, OrderStatus.FILLED)
        closing = t.market(SELL, reduce_only=True)
        t.trader.submit_order(closing)
        await t.trader.has(closing, OrderStatus.FILLED)
        args = [arg for frame in t.venue.sent("order") for arg in frame["args"]]
        assert [(arg["side"], arg["posSide"]) for arg in args] == [("buy", "long"), ("sell", "long")]
        assert t.cache.positions_open() == []
        assert t.venue.account["positions"] == []


async def test_tc_e62_display_quantity_is_denied():
    async with trading("P2") as t:
        order = await t.submit(t.limit(display_qty=t.instrument.make_qty(Decimal("0.10"))), "Denied")
        assert "display quantity" in t.trader.events("Denied", order)[0].reason


async def test_tc_e63_params_reach_the_wire():
    async with trading("P2") as t:
        order = t.limit()
        params = {"td_mode": "isolated", "tag": "abc", "stp_mode": "cancel_both", "unheard_of": 1}
        await t.submit(order, "Submitted", "Accepted", params=params)
        (arg,) = [arg for frame in t.venue.sent("order") for arg in frame["args"]]
        assert (arg["tdMode"], arg["tag"], arg["stpMode"]) == ("isolated", "abc", "cancel_both")
        assert "unheard_of" not in arg


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"td_mode": "both"}, "td_mode"),
        ({"slippage_pct": "0.5"}, "slippage_pct"),
        ({"outcome": "yes"}, "only for event contracts"),
        ({"px_usd": "10"}, "only options"),
        ({"close_fraction": "0.5"}, "whole position"),
    ],
)
async def test_tc_e63_bad_params_are_denied(params, words):
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Denied", params=params)
        assert words in t.trader.events("Denied", order)[0].reason
        assert t.venue.sent("order") == []


async def test_tc_e63_an_attached_stop_by_params():
    async with trading("P2") as t:
        order = t.limit()
        legs = [{"sl_trigger_px": str(t.price(BUY, "-3")), "sl_ord_px": "-1"}]
        await t.submit(order, "Submitted", "Accepted", params={"attach_algo_ords": legs})
        (row,) = t.venue.orders()
        assert Decimal(row["attachAlgoOrds"][0]["slTriggerPx"]) == Decimal(legs[0]["sl_trigger_px"])


async def test_the_configured_tag_is_on_every_order():
    async with trading("P2", order_tag="desk7", exp_time_ms=5_000) as t:
        await t.submit(t.limit(), "Submitted", "Accepted")
        (frame,) = t.venue.sent("order")
        assert frame["args"][0]["tag"] == "desk7"
        assert int(frame["expTime"]) > 0


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["P1", "P2"])
async def test_tc_e70_a_crossing_post_only_order_is_rejected(profile):
    async with trading(profile) as t:
        order = await t.submit(t.limit(percent="0.3", post_only=True), "Submitted", "Rejected")
        assert t.trader.events("Rejected", order)[0].due_post_only
        assert t.venue.orders() == []


async def test_tc_e71_reduce_only_without_a_position_is_rejected():
    async with trading("P2") as t:
        order = await t.submit(t.market(SELL, reduce_only=True), "Submitted", "Rejected")
        assert "51169" in t.trader.events("Rejected", order)[0].reason


async def test_tc_e72_unsupported_types_are_denied():
    async with trading("P2") as t:
        order = t.trader.order_factory.trailing_stop_limit(
            t.instrument.id,
            SELL,
            t.size,
            price=t.price(SELL),
            limit_offset=Decimal(1),
            trailing_offset=Decimal(5),
            trailing_offset_type=TrailingOffsetType.PRICE,
        )
        await t.submit(order, "Denied")
        assert "TRAILING_STOP_LIMIT" in t.trader.events("Denied", order)[0].reason
        assert t.venue.sent() == []


@pytest.mark.parametrize("tif", [TimeInForce.DAY, TimeInForce.AT_THE_OPEN, TimeInForce.AT_THE_CLOSE])
async def test_tc_e73_unsupported_times_in_force_are_denied(tif):
    async with trading("P2") as t:
        await t.submit(t.limit(time_in_force=tif), "Denied")
        assert t.venue.sent("order") == []


async def test_tc_e74_a_submit_of_unknown_outcome_is_not_rejected():
    async with trading("P2") as t:
        t.venue.exchange.inject(
            {
                "on": {"class": "op_reply", "op": "order"},
                "when": {"count": 1},
                "what": {"kind": "hold", "how": "drop"},
            }
        )
        t.venue.exchange.inject(
            {
                "on": {"class": "push", "channel": "orders"},
                "when": {"count": 1},
                "what": {"kind": "hold", "how": "drop"},
            }
        )
        await t.submit(t.limit(), "Submitted", "Accepted")
        assert len(t.venue.sent("order")) == 1
        await t.agrees()


async def test_tc_e75_a_cancel_of_unknown_outcome_is_not_refused():
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        for on in ({"class": "op_reply", "op": "cancel-order"}, {"class": "push", "channel": "orders"}):
            t.venue.exchange.inject({"on": on, "when": {"count": 1}, "what": {"kind": "hold", "how": "drop"}})
        t.trader.cancel_order(order)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingCancel", "Canceled")
        assert len(t.venue.sent("cancel-order")) == 1


async def test_tc_e76_an_amendment_of_unknown_outcome_is_not_refused():
    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")
        for on in ({"class": "op_reply", "op": "amend-order"}, {"class": "push", "channel": "orders"}):
            t.venue.exchange.inject({"on": on, "when": {"count": 1}, "what": {"kind": "hold", "how": "drop"}})
        new = t.price(BUY, "-0.9")
        t.trader.modify_order(order, price=new)
        await t.trader.told_of(order, "Submitted", "Accepted", "PendingUpdate", "Updated")
        assert order.price == new
        assert len(t.venue.sent("amend-order")) == 1


async def test_tc_e77_a_batch_that_fails_whole_rejects_nobody():
    async with trading("P2") as t:
        orders = [await t.submit(t.limit(BUY, f"-0.{n}"), "Submitted", "Accepted") for n in range(1, 4)]
        t.venue.exchange.inject(
            {
                "on": {"class": "request", "op": "batch-cancel-orders"},
                "when": {"count": 1},
                "what": {"kind": "reply", "code": "60013", "msg": "Invalid args", "data": []},
            }
        )
        t.trader.cancel_orders(orders)
        await t.trader.until(
            lambda: all(order.status in (OrderStatus.ACCEPTED, OrderStatus.CANCELED) for order in orders),
            "the outcome of the batch",
        )
        t.venue.exchange.clear_faults()
        await t.agrees()


async def test_tc_e78_only_the_refused_items_of_a_batch_are_rejected():
    async with trading("P2") as t:
        good, bad = t.limit(BUY, "-0.4"), t.limit(BUY, "-0.5", quantity=t.instrument.make_qty(Decimal(60_000)))
        t.trader.submit_order_list(t.trader.order_factory.create_list([good, bad]))
        await t.trader.until(lambda: bad.is_closed and good.is_open, "both outcomes")
        assert t.trader.names(good) == ["Submitted", "Accepted"]
        assert t.trader.names(bad) in (["Submitted", "Rejected"], ["Denied"])
        await t.agrees()
