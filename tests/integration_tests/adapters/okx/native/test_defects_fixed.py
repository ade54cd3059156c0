"""S20 to S47: what the native execution client does where the stock one fails (test_defects_orders.py and others)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from nautilus_trader.core.datetime import unix_nanos_to_dt
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, TimeInForce
from nautilus_trader.model.identifiers import ClientOrderId, OrderListId, StrategyId
from nautilus_trader.model.objects import Quantity
from nautilus_trader.model.orders import OrderList

from .exec_bench import ExecBench
from .exec_faults import Matrix, commands, down, rested, submitted, tell
from .support import SPOT, SWAP

MATRIX = Matrix()
S = MATRIX.scenario


def sent_order(bench: ExecBench, order: Any) -> dict[str, Any]:
    """The order as it went over the wire."""
    ids = (order.client_order_id.value,)
    (found,) = (arg for op, arg in commands(bench) if op in ("order", "batch-orders") and arg["clOrdId"] in ids)
    return found


async def denied(bench: ExecBench, order: Any, *words: str) -> None:
    """It is denied with these words, and nothing was sent."""
    bench.submit(order)
    event = await bench.told(order, "Denied")
    assert bench.names(order) == ["Denied"]
    assert all(word in event.reason for word in words), event.reason
    assert not any(arg.get("clOrdId") == order.client_order_id.value for _, arg in commands(bench))


@S("S20 swap", "S20 stop")
async def reduce_only_is_sent(bench: ExecBench, what: str) -> None:
    bought = bench.market()
    bench.submit(bought)
    await bench.told(bought, "Filled")
    if what == "stop":
        far = bench.limit(away="0.02").price
        order = bench.orders.stop_market(SWAP, OrderSide.SELL, bought.quantity, far, reduce_only=True)
        await bench.rests(order)
        assert bench.account()["algos"][0]["reduceOnly"] == "true"
        return
    order = bench.limit("sell", reduce_only=True)
    await bench.rests(order)
    assert sent_order(bench, order)["reduceOnly"] is True


@S("S21")
async def orders_leave_as_they_were_given(bench: ExecBench) -> None:
    orders = [bench.limit(size="0.1") for _ in range(40)]
    bench.submit(*orders)
    for order in orders:
        await bench.told(order, "Accepted")
    sent = [arg["clOrdId"] for op, arg in commands(bench) if op == "order"]
    assert sent == [order.client_order_id.value for order in orders]


@S("S22")
async def nothing_waits_for_a_connection(bench: ExecBench) -> None:
    await down(bench)
    order = bench.limit()
    await denied(bench, order)
    seen = len(bench.frames())
    bench.exchange.clear_faults()
    await bench.until_venue(lambda: len(bench.frames()) > seen)
    assert '"op":"login"' in bench.frames()[seen], "the login is the first word"


@S("S24")
async def a_refusal_in_a_batch_of_cancels_is_told(bench: ExecBench) -> None:
    gone, open_ = await rested(bench), await rested(bench, side="sell")
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
    bench.script("cancel", clOrdId=gone.client_order_id.value)
    bench.cancel_batch(gone, open_)
    await bench.told(open_, "Canceled")
    await bench.told(gone, "Canceled")  # 51400: looked up, and found cancelled


@S("S24 refused")
async def a_refusal_of_an_open_order_is_told(bench: ExecBench, _: str) -> None:
    order, other = await rested(bench), await rested(bench, side="sell")
    item = {"clOrdId": order.client_order_id.value, "ordId": order.venue_order_id.value, "sCode": "51000", "sMsg": "no"}
    done = {"clOrdId": other.client_order_id.value, "ordId": other.venue_order_id.value, "sCode": "51000", "sMsg": "no"}
    bench.answer({"code": "1", "data": [item, done]}, op="batch-cancel-orders")
    bench.cancel_batch(order, other)
    assert "51000" in (await bench.told(order, "CancelRejected")).reason
    await bench.told(other, "CancelRejected")
    assert order.status == OrderStatus.ACCEPTED


@S("S25")
async def an_amendment_of_a_partly_filled_order_is_told(bench: ExecBench) -> None:
    order = await rested(bench, "0.4")
    bench.modify(order, quantity=Quantity.from_str("2.00"), price=bench.limit(away="0.006").price)
    await bench.told(order, "Updated")
    assert (order.quantity, order.filled_qty) == (2, Decimal("0.4"))


@S("S28")
async def a_fill_is_told_once(bench: ExecBench) -> None:
    order = await rested(bench)
    bench.fault({"kind": "hold", "how": {"repeat": 1}}, {"class": "push", "channel": "orders"})
    bench.script("fill", clOrdId=order.client_order_id.value, sz="0.4")
    await bench.told(order, "Filled")
    await bench.caught_up()
    assert bench.names(order).count("Filled") == 1


@S("S29 list")
async def a_list_of_independent_orders_is_placed(bench: ExecBench, _: str) -> None:
    orders = [bench.limit(), bench.limit("sell"), bench.limit(on=SPOT, size="0.001")]
    swaps = orders[:2]
    bench.submit_list(OrderList(OrderListId("OL-1"), swaps))
    for order in swaps:
        await bench.told(order, "Accepted")


@S("S29 bracket")
async def a_bracket_with_a_limit_take_profit_is_placed(bench: ExecBench, _: str) -> None:
    entry, instrument = bench.limit(), bench.cache.instrument(SWAP)
    bracket = bench.orders.bracket(
        SWAP,
        OrderSide.BUY,
        entry.quantity,
        entry_order_type=OrderType.LIMIT,
        entry_price=entry.price,
        tp_price=instrument.make_price(entry.price * Decimal("1.05")),
        sl_trigger_price=instrument.make_price(entry.price * Decimal("0.95")),
    )
    bench.submit_list(bracket)
    await bench.told(bracket.orders[0], "Accepted")
    (row,) = bench.account()["orders"]
    assert sum(bool(leg["tpTriggerPx"] or leg["tpOrdPx"]) for leg in row["attachAlgoOrds"]) == 1
    assert sum(bool(leg["slTriggerPx"]) for leg in row["attachAlgoOrds"]) == 1
    bench.cancel(bracket.orders[0])
    await bench.until(lambda: all(order.is_closed for order in bracket.orders))


@S("S30")
async def a_quote_quantity_is_filled_whole(bench: ExecBench) -> None:
    order = bench.market(size="90000", on=SPOT, quote_quantity=True)
    bench.submit(order)
    await bench.until(lambda: order.status == OrderStatus.FILLED, "filled")
    (row,) = bench.account()["closedOrders"]
    assert order.filled_qty == order.quantity == Decimal(row["accFillSz"])
    assert bench.names(order).count("Filled") == len(bench.account()["fills"]) > 1


@S("S31 swap", "S31 spot")
async def a_quote_quantity_that_okx_does_not_take_is_denied(bench: ExecBench, what: str) -> None:
    if what == "swap":
        order = bench.market(size="1000", quote_quantity=True)
    else:
        price = bench.limit(on=SPOT, size="0.01").price
        order = bench.orders.limit(SPOT, OrderSide.BUY, Quantity.from_str("500.00000000"), price, quote_quantity=True)
    await denied(bench, order)


@S("S32")
async def cancel_all_is_for_the_strategy_and_side(bench: ExecBench) -> None:
    bid, ask = await rested(bench), await rested(bench, side="sell")
    bench.cancel_all(side=OrderSide.BUY, strategy=StrategyId("OTHER-002"))
    bench.cancel_all(side=OrderSide.SELL)
    await bench.told(ask, "Canceled")
    await bench.caught_up()
    assert bid.status == OrderStatus.ACCEPTED


@S("S33")
async def a_refused_cancel_of_a_conditional_order_can_be_given_again(bench: ExecBench) -> None:
    far = bench.limit("sell", away="0.02")
    order = bench.orders.stop_market(SWAP, OrderSide.BUY, far.quantity, far.price)
    await bench.rests(order)
    item = {"algoId": order.venue_order_id.value, "sCode": "51000", "sMsg": "no"}
    bench.answer({"code": "1", "data": [item]}, path="/trade/cancel-algos")
    bench.cancel_all()
    await bench.told(order, "CancelRejected")
    bench.cancel(order)
    await bench.told(order, "Canceled")
    # Two cancels were given: one more than the invariant allows.
    bench.given_again.add(order.venue_order_id.value)


@S("S36")
async def fills_are_reported_as_asked_for(bench: ExecBench) -> None:
    first, second = bench.market(), bench.market()
    bench.submit(first, second)
    for order in (first, second):
        await bench.until(lambda order=order: order.status == OrderStatus.FILLED)
    reports = await bench.fill_reports(SWAP, venue_id=first.venue_order_id)
    assert {report.venue_order_id for report in reports} == {first.venue_order_id}
    assert await bench.fill_reports(SWAP, start=bench.clock.utc_now() + timedelta(seconds=5)) == []
    since = bench.clock.utc_now() - timedelta(days=30)
    assert len(await bench.fill_reports(SWAP, start=since)) == len(bench.account()["fills"])
    assert any("/trade/fills-history" in line for line in bench.requests("/trade/fills"))


@S("S37")
async def two_orders_with_an_id_are_two_reports(bench: ExecBench) -> None:
    first = await rested(bench)
    bench.cancel(first)
    await bench.told(first, "Canceled")
    plain = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1"}
    second = bench.script("order", **plain, px=str(first.price), clOrdId=first.client_order_id.value)["ordId"]
    reports = await bench.order_reports(SWAP)
    assert {first.venue_order_id.value, second} == {report.venue_order_id.value for report in reports}
    bench.script("cancel", ordId=second)


@S("S39")
async def what_happened_while_down_is_learnt(bench: ExecBench) -> None:
    filled, canceled = await rested(bench), await rested(bench, side="sell")
    await down(bench)
    bench.script("fill", clOrdId=filled.client_order_id.value)
    bench.script("cancel", clOrdId=canceled.client_order_id.value)
    bench.exchange.clear_faults()
    await bench.told(filled, "Filled")
    await bench.told(canceled, "Canceled")


@S("S40 order")
async def an_order_in_an_unknown_state_is_looked_up(bench: ExecBench, _: str) -> None:
    order = await rested(bench)
    edit = {"kind": "edit", "changes": [{"set": {"path": "data/0/state", "raw": '"resting"'}}]}
    bench.fault(edit, {"class": "push", "channel": "orders"})
    bench.script("cancel", clOrdId=order.client_order_id.value)
    await bench.told(order, "Canceled")


@S("S40 account")
async def an_account_push_with_an_odd_field_counts(bench: ExecBench, _: str) -> None:
    await bench.caught_up()
    told = len(bench.engine.accounts)
    edit = {"kind": "edit", "changes": [{"set": {"path": "data/0/uTime", "raw": "null"}}]}
    bench.fault(edit, {"class": "push", "channel": "account"})
    bench.script("transfer", ccy="USDT", amt="1000")
    await bench.until(lambda: len(bench.engine.accounts) > told, "an account state")


@S("S41 hyphens", "S41 underscore", "S41 long")
async def ids_that_okx_does_not_take_are_mapped(bench: ExecBench, what: str) -> None:
    text = {"hyphens": "O-20261125-1", "underscore": "O_1", "long": "O" * 33}[what]
    price = bench.limit().price
    cid = ClientOrderId(text)
    order = bench.orders.limit(SWAP, OrderSide.BUY, Quantity.from_str("1.00"), price, client_order_id=cid)
    bench.submit(order)
    await bench.until(lambda: order.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED))
    if order.status == OrderStatus.DENIED:
        assert bench.sent("order") == []
        return
    assert order.status == OrderStatus.ACCEPTED
    sent = bench.sent("order")[0]["args"][0]["clOrdId"]
    assert sent.isalnum()
    assert len(sent) <= 32
    bench.cancel(order)
    await bench.told(order, "Canceled")
    bench.renamed[text] = sent


@S("S42 gtd", "S42 day", "S42 display")
async def what_okx_cannot_do_is_denied(bench: ExecBench, what: str) -> None:
    if what == "gtd":
        until = unix_nanos_to_dt(bench.clock.timestamp_ns() + 3_600_000_000_000)
        order = bench.limit(time_in_force=TimeInForce.GTD, expire_time=until)
    elif what == "day":
        order = bench.limit(time_in_force=TimeInForce.DAY)
    else:
        order = bench.limit(size="10", display_qty=Quantity.from_str("1.00"))
    await denied(bench, order)


@S("S43")
async def a_rejection_names_the_code(bench: ExecBench) -> None:
    order = bench.limit(size="1.5", on=SPOT)
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Rejected"]
    assert "51008" in bench.events(order)[-1].reason
    assert "nsufficient" in bench.events(order)[-1].reason


@S("S44")
async def a_post_only_order_that_crosses_is_rejected(bench: ExecBench) -> None:
    order = bench.limit(away="-0.003", post_only=True)
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Rejected"]
    assert bench.events(order)[-1].due_post_only


@S("S45", exchange={"accounts": [{"pos_mode": "long_short_mode"}]}, position_mode="long_short_mode")
async def position_sides_are_sent(bench: ExecBench) -> None:
    order = await rested(bench)
    assert sent_order(bench, order)["posSide"] == "long"
    bought = bench.market()
    bench.submit(bought)
    await bench.told(bought, "Filled")
    (report,) = await bench.position_reports(SWAP)
    filled = next(event for event in bench.events(bought) if hasattr(event, "trade_id"))
    assert filled.position_id == report.venue_position_id
    assert report.venue_position_id.value.endswith("-LONG")


@S("S47")
async def one_order_is_asked_for_by_its_id(bench: ExecBench) -> None:
    order, _ = await rested(bench), await rested(bench, side="sell")
    asked = len(bench.requests())
    report = await bench.order_report(SWAP, client_id=order.client_order_id)
    assert report.venue_order_id == order.venue_order_id
    lines = [line.split("?")[0] for line in bench.requests()[asked:]]
    assert lines == ["GET /api/v5/trade/order"]


outcomes, EACH = MATRIX.judged()


@EACH
def test_defect(outcomes: Any, name: str) -> None:
    tell(outcomes[name])
