"""F50 to F75: pushes and answers that come twice, late, in another order, never, or wrong."""

import json
from decimal import Decimal
from typing import Any

from nautilus_trader.model.enums import OrderSide, OrderStatus
from nautilus_trader.model.identifiers import OrderListId
from nautilus_trader.model.objects import Quantity
from nautilus_trader.model.orders import OrderList

from .exec_bench import ExecBench
from .exec_faults import Matrix, down, rested, settled, submitted, tell
from .support import SPOT

MATRIX = Matrix()
F = MATRIX.scenario
ETH_SWAP = SPOT.from_str("ETH-USDT-SWAP.OKX")

ORDERS = {"class": "push", "channel": "orders"}
"""Pushes of the orders channel."""


def fill(bench: ExecBench, order: Any, size: str = "") -> None:
    bench.script("fill", clOrdId=order.client_order_id.value, **({"sz": size} if size else {}))


@F("F50")
async def every_push_comes_twice(bench: ExecBench) -> None:
    bench.fault({"kind": "hold", "how": {"repeat": 1}}, ORDERS, {})
    order = await rested(bench)
    fill(bench, order, "0.4")
    await bench.told(order, "Filled")
    bench.cancel(order)
    await bench.told(order, "Canceled")
    await bench.caught_up()
    assert bench.names(order) == ["Submitted", "Accepted", "Filled", "Canceled"]


@F("F51")
async def two_instruments_share_a_trade_id(bench: ExecBench) -> None:
    orders = [bench.market(), bench.market(on=ETH_SWAP)]
    bench.submit(*orders)
    for order in orders:
        await bench.told(order, "Filled")
    ids = [event.trade_id for order in orders for event in bench.events(order) if hasattr(event, "trade_id")]
    assert len(set(ids)) < len(ids), "the exchange counts by instrument"


@F("F51 own")
async def two_own_orders_share_a_trade_id(bench: ExecBench, _: str) -> None:
    bid, ask = await rested(bench), await rested(bench, side="sell", size="0.6")
    ids = {"clOrdId": bid.client_order_id.value, "otherClOrdId": ask.client_order_id.value}
    trade = bench.script("cross", **ids, px=str(bid.price))
    fills = [await bench.told(order, "Filled") for order in (bid, ask)]
    assert [fill.trade_id.value for fill in fills] == [trade["tradeId"]] * 2
    assert (bid.filled_qty, ask.status) == (Decimal("0.6"), OrderStatus.FILLED)
    await bench.caught_up()
    assert [bench.names(order).count("Filled") for order in (bid, ask)] == [1, 1]


@F("F52 late", "F52 never", "F52 filled")
async def pushes_before_the_acknowledgement(bench: ExecBench, what: str) -> None:
    how = "drop" if what == "never" else {"delay": 300}
    bench.fault({"kind": "hold", "how": how}, {"class": "op_reply", "op": "order"})
    order = bench.market() if what == "filled" else bench.limit()
    bench.submit(order)
    await bench.told(order, "Filled" if what == "filled" else "Accepted")
    await bench.caught_up()
    assert bench.names(order)[:2] == ["Submitted", "Accepted"]
    assert bench.names(order).count("Accepted") == 1


@F("F53")
async def fills_come_out_of_order(bench: ExecBench) -> None:
    order = await rested(bench)
    bench.fault({"kind": "hold", "how": {"reorder": 1}}, {**ORDERS, "contains": '"fillSz":"0.2"'})
    fill(bench, order, "0.2")
    fill(bench, order, "0.3")
    await bench.told(order, "Filled", 2)


@F("F54")
async def a_fill_is_learnt_with_the_cancel(bench: ExecBench) -> None:
    order = await rested(bench)
    bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    fill(bench, order, "0.4")
    bench.script("cancel", clOrdId=order.client_order_id.value)
    await bench.told(order, "Canceled")
    assert bench.names(order) == ["Submitted", "Accepted", "Filled", "Canceled"]


@F("F55 nameless", "F55 feeless")
async def the_last_push_lacks_its_fill(bench: ExecBench, what: str) -> None:
    bench.fees_unknown = what == "feeless"
    order = await rested(bench)
    fields = {"fillSz": "0", "tradeId": "", "fillPx": ""} if what == "nameless" else {"fillFee": "", "fillFeeCcy": ""}
    changes = [{"set": {"path": f"data/0/{name}", "raw": json.dumps(value)}} for name, value in fields.items()]
    bench.fault({"kind": "edit", "changes": changes}, {**ORDERS, "contains": '"state":"filled"'})
    fill(bench, order)
    await bench.told(order, "Filled")


@F("F56 acknowledged")
async def a_fill_comes_between_cancel_and_canceled(bench: ExecBench, _: str) -> None:
    order = await rested(bench)
    data = [{"ordId": order.venue_order_id.value, "clOrdId": order.client_order_id.value, "sCode": "0", "sMsg": ""}]
    bench.answer({"code": "0", "data": data}, op="cancel-order")
    bench.cancel(order)
    await bench.until_venue(lambda: bench.sent("cancel-order"))
    fill(bench, order, "0.4")
    bench.script("cancel", clOrdId=order.client_order_id.value)
    await bench.told(order, "Canceled")
    assert "CancelRejected" not in bench.names(order)


@F("F56 51400", "F57 51503")
async def the_order_was_filled_already(bench: ExecBench, code: str) -> None:
    order = await rested(bench)
    bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    fill(bench, order)
    if code == "51400":
        bench.cancel(order)
    else:
        bench.modify(order, quantity=Quantity.from_str("2.00"))
    await bench.told(order, "Filled")
    assert "CancelRejected" not in bench.names(order)


@F("F57 acknowledged")
async def an_amendment_fails_behind_its_acknowledgement(bench: ExecBench, _: str) -> None:
    order = await rested(bench)
    data = [{"ordId": order.venue_order_id.value, "clOrdId": order.client_order_id.value, "sCode": "0", "sMsg": ""}]
    bench.answer({"code": "0", "data": data}, op="amend-order")
    bench.modify(order, quantity=Quantity.from_str("2.00"))
    await bench.until_venue(lambda: bench.sent("amend-order"))
    request = bench.sent("amend-order")[0]["args"][0]["reqId"]
    bench.script("amend_failed", clOrdId=order.client_order_id.value, reqId=request, code="51503")
    refused = await bench.told(order, "ModifyRejected")
    assert "51503" in refused.reason
    assert (order.status, order.quantity) == (OrderStatus.ACCEPTED, Decimal(1))
    await bench.caught_up()
    assert bench.names(order) == ["Submitted", "Accepted", "ModifyRejected"]


@F("F57 filled")
async def the_new_size_is_filled_already(bench: ExecBench, _: str) -> None:
    order = await rested(bench, "0.4")
    bench.modify(order, quantity=Quantity.from_str("0.30"))
    await bench.until(lambda: order.is_closed)


@F("F58")
async def the_venue_cuts_a_size(bench: ExecBench) -> None:
    bought = bench.market()
    bench.submit(bought)
    await bench.told(bought, "Filled")
    await bench.rests(bench.limit("sell", size="0.8", reduce_only=True))
    order = bench.limit("sell", size="0.5", away="0.006", reduce_only=True)
    bench.submit(order)
    await bench.told(order, "Updated")
    assert order.quantity == Decimal("0.2")


@F("F59", exchange={"accounts": [{"vip": 6}]}, use_fills_channel=True)
async def two_channels_carry_a_fill(bench: ExecBench) -> None:
    order = await rested(bench)
    fill(bench, order, "0.4")
    await bench.told(order, "Filled")
    fill(bench, order)
    await bench.told(order, "Filled", 2)
    await bench.caught_up()
    assert bench.names(order).count("Filled") == 2


@F("F60 51016 there", "F60 50071 there", "F60 51016 absent", "F60 50071 absent")
async def the_client_id_is_taken(bench: ExecBench, code: str, where: str) -> None:
    order = bench.limit()
    item = {
        "ordId": "",
        "clOrdId": order.client_order_id.value,
        "sCode": code,
        "sMsg": "Client order ID already exists.",
    }
    bench.answer({"code": "1", "data": [item]}, apply=where == "there", op="order")
    if where == "there":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    await submitted(bench, order)
    assert bench.names(order)[-1] == ("Accepted" if where == "there" else "Rejected")


@F("F61")
async def a_young_order_is_not_found_at_first(bench: ExecBench) -> None:
    absent = {"status": 200, "code": "51603", "msg": "Order does not exist"}
    bench.fault({"kind": "reply", **absent}, {"path": "/trade/order", "method": "GET"}, {"for_ms": 3000})
    bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "op_reply"})
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Accepted"]


THROTTLED = ("50011", "50061", "60014")
UNCLEAR = ("50004", "50026", "51054", "51149", "64007")


@F(*(f"F62 order {code} {took}" for code in THROTTLED for took in ("took", "not")))
@F(*(f"F65 order {code} {took}" for code in UNCLEAR for took in ("took", "not")))
async def an_order_is_answered_as_a_whole(bench: ExecBench, _: str, code: str, took: str) -> None:
    bench.answer({"code": code, "msg": "no"}, apply=took == "took", op="order")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order)[-1] == ("Accepted" if took == "took" else "Rejected")
    if took == "not" and code in THROTTLED:
        assert code in bench.events(order)[-1].reason


@F(*(f"F62 cancel-order {code} {took}" for code in THROTTLED for took in ("took", "not")))
@F(*(f"F65 cancel-order {code} {took}" for code in (*UNCLEAR, "51412") for took in ("took", "not")))
async def a_cancel_is_answered_as_a_whole(bench: ExecBench, _: str, code: str, took: str) -> None:
    order = await rested(bench)
    bench.answer({"code": code, "msg": "no"}, apply=took == "took", op="cancel-order")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    bench.cancel(order)
    await settled(bench, order)
    assert bench.names(order)[-1] == ("Canceled" if took == "took" else "CancelRejected")


@F(*(f"F62 amend-order {code} {took}" for code in THROTTLED for took in ("took", "not")))
@F(*(f"F65 amend-order {code} {took}" for code in UNCLEAR for took in ("took", "not")))
async def an_amendment_is_answered_as_a_whole(bench: ExecBench, _: str, code: str, took: str) -> None:
    order = await rested(bench)
    bench.answer({"code": code, "msg": "no"}, apply=took == "took", op="amend-order")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    bench.modify(order, quantity=Quantity.from_str("2.00"))
    await settled(bench, order)
    assert bench.names(order)[-1] == ("Updated" if took == "took" else "ModifyRejected")


@F("F62 batch-orders 50011 took", "F62 batch-orders 50011 not", "F65 batch-orders 51149 took")
async def a_batch_is_answered_as_a_whole(bench: ExecBench, _: str, code: str, took: str) -> None:
    bench.answer({"code": code, "msg": "no"}, apply=took == "took", op="batch-orders")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS, {"count": 5})
    orders = [bench.limit(size="0.1") for _ in range(5)]
    bench.submit_list(OrderList(OrderListId("OL-1"), orders))
    await bench.until(lambda: all(o.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED) for o in orders))
    wanted = OrderStatus.ACCEPTED if took == "took" else OrderStatus.REJECTED
    assert {order.status for order in orders} == {wanted}


HTML = {"text": "<html><body>502 Bad Gateway</body></html>"}
JSON = {"text": '{"code":"50001","msg":"Service temporarily unavailable","data":[]}'}


@F("F63 html took", "F63 html not", "F63 json took", "F63 json not", route="http")
async def the_gateway_fails(bench: ExecBench, body: str, took: str) -> None:
    words = HTML if body == "html" else JSON
    bench.answer({"status": 502, "body": words}, apply=took == "took", path="/trade/order", method="POST")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order)[-1] == ("Accepted" if took == "took" else "Rejected")


BODIES = {"truncated": {"truncate": 30}, "html": {"raw": HTML}, "empty": {"raw": {"text": ""}}}


@F(*(f"F77 order {body} {took}" for body in BODIES for took in ("took", "not")), route="http")
@F(*(f"F77 cancel-order {body} {took}" for body in BODIES for took in ("took", "not")), route="http")
@F(*(f"F77 amend-order {body} {took}" for body in BODIES for took in ("took", "not")), route="http")
async def the_answer_to_a_command_cannot_be_read(bench: ExecBench, op: str, body: str, took: str) -> None:
    order = bench.limit() if op == "order" else await rested(bench)
    path = f"/trade/{op}"
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    else:
        # Not carried out; what is answered instead is damaged below.
        bench.answer({"status": 200, "code": "0", "data": [{"ordId": "1", "sCode": "0"}]}, path=path, method="POST")
    damaged = bench.fault(
        {"kind": "edit", "changes": [BODIES[body]]}, {"class": "body", "path": path, "method": "POST"}
    )
    if op == "order":
        await submitted(bench, order)
        ends = ("Accepted", "Rejected")
    elif op == "cancel-order":
        bench.cancel(order)
        await settled(bench, order)
        ends = ("Canceled", "CancelRejected")
    else:
        bench.modify(order, quantity=Quantity.from_str("2.00"))
        await settled(bench, order)
        ends = ("Updated", "ModifyRejected")
    assert bench.fired(damaged) == 1
    assert bench.names(order)[-1] == ends[took != "took"]
    assert len(bench.requests(path, "POST")) == 1
    assert bench.requests("/trade/order", "GET"), "looked up before"


@F("F62 http took", "F62 http not", route="http")
async def rest_throttles_an_order(bench: ExecBench, _: str, took: str) -> None:
    limited = {"status": 429, "code": "50011", "msg": "Too Many Requests"}
    bench.answer(limited, apply=took == "took", path="/trade/order", method="POST")
    if took == "took":
        bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order)[-1] == ("Accepted" if took == "took" else "Rejected")


@F("F64", route="http", http_timeout_secs=1)
async def the_answer_comes_after_the_timeout(bench: ExecBench) -> None:
    bench.fault({"kind": "hold", "how": {"delay": 2000}}, {"class": "body", "path": "/trade/order", "method": "POST"})
    bench.fault({"kind": "hold", "how": "drop"}, ORDERS)
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Accepted"]


@F("F66 fewer", "F66 swapped", "F66 none")
async def a_batch_reply_is_odd(bench: ExecBench, what: str) -> None:
    orders = [bench.limit(size="0.1"), bench.limit(size="0.2"), bench.limit(size="90000")]
    changes = {
        "fewer": [{"remove": {"path": "data/0"}}],
        "none": [{"set": {"path": "data", "raw": "[]"}}],
        "swapped": [],
    }[what]
    if what == "swapped":
        orders.reverse()
    bench.fault({"kind": "edit", "changes": changes}, {"class": "op_reply", "op": "batch-orders"})
    bench.fault({"kind": "hold", "how": "drop"}, ORDERS, {"count": 2})
    bench.submit_list(OrderList(OrderListId("OL-1"), orders))
    await bench.until(lambda: all(o.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED) for o in orders))
    statuses = {str(order.quantity): order.status for order in orders}
    assert statuses == {
        "0.10": OrderStatus.ACCEPTED,
        "0.20": OrderStatus.ACCEPTED,
        "90000.00": OrderStatus.REJECTED,
    }


@F("F67 unknown", "F67 twice")
async def a_reply_is_to_nobody_or_comes_twice(bench: ExecBench, what: str) -> None:
    on = {"class": "op_reply", "op": "order"}
    if what == "twice":
        bench.fault({"kind": "hold", "how": {"repeat": 1}}, on)
    else:
        bench.fault({"kind": "edit", "changes": [{"set": {"path": "id", "raw": '"zz9"'}}]}, on)
    order = await rested(bench)
    await bench.caught_up()
    assert bench.names(order) == ["Submitted", "Accepted"]


@F("F68 51001", "F68 50014")
async def the_code_of_the_instrument_is_refused(bench: ExecBench, code: str) -> None:
    order = bench.limit()
    bench.answer({"code": code, "msg": "Instrument ID code doesn't exist."}, op="order")
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Rejected"]
    assert code in bench.events(order)[-1].reason


@F(*(f"F71 {source}" for source in (15, 20, 31, 32, 33, 39)), "F70 20")
async def the_venue_cancels(bench: ExecBench, source: str) -> None:
    order = await rested(bench)
    bench.script("cancel", clOrdId=order.client_order_id.value, cancelSource=source)
    await bench.told(order, "Canceled")


@F("F70 up", "F70 down", cancel_all_after_secs=10)
async def the_dead_mans_switch_goes_off(bench: ExecBench, link: str) -> None:
    orders = [await rested(bench, size="0.2"), await rested(bench, "0.1", size="0.4")]
    await bench.until_venue(lambda: bench.requests("/trade/cancel-all-after", "POST"), "the switch is set")
    bench.fault(
        {"kind": "reply", "status": 503, "code": "50001", "msg": "down"}, {"path": "/trade/cancel-all-after"}, {}
    )
    if link == "down":
        await down(bench)
    bench.exchange.control("/control/time", {"jump_ms": 11_000})
    await bench.until_venue(lambda: bench.account()["orders"] == [], "the venue's cancels")
    assert {row["cancelSource"] for row in bench.account()["closedOrders"]} == {"20"}
    bench.exchange.control("/control/time", {"jump_ms": -11_000})
    bench.exchange.clear_faults()
    for order in orders:
        await bench.told(order, "Canceled")


@F("F71 99")
async def the_reason_of_a_cancel_is_new(bench: ExecBench, source: str) -> None:
    order = await rested(bench)
    bench.fault({"kind": "edit", "changes": [{"set": {"path": "data/0/cancelSource", "raw": f'"{source}"'}}]}, ORDERS)
    bench.script("cancel", clOrdId=order.client_order_id.value)
    await bench.told(order, "Canceled")


@F("F73")
async def commands_leave_as_they_were_given(bench: ExecBench) -> None:
    orders = [bench.limit(size="0.1") for _ in range(50)]
    for order in orders:
        bench.submit(order)
        bench.cancel(order)
    for order in orders:
        await bench.told(order, "Canceled")
    told = [order.client_order_id.value for order in orders]
    assert [frame["args"][0]["clOrdId"] for frame in bench.sent("order")] == told
    seen: set[str] = set()
    names = {order.venue_order_id.value: order.client_order_id.value for order in orders}
    for frame in bench.sent():
        ids = {arg.get("clOrdId") or names[arg["ordId"]] for arg in frame["args"]}
        assert frame["op"] in ("order", "batch-orders") or ids <= seen, "no cancel before its order"
        seen |= ids


@F("F74", exp_time_ms=2000)
async def the_order_comes_too_late(bench: ExecBench) -> None:
    bench.exchange.control("/control/time", {"jump_ms": 5000})
    order = bench.limit()
    await submitted(bench, order)
    assert bench.names(order)[-1] == "Rejected"
    assert "50036" in bench.events(order)[-1].reason
    bench.exchange.control("/control/time", {"jump_ms": -5000})


@F("F74 50037 order", "F74 50037 batch-orders", exp_time_ms=2000)
async def the_order_waited_too_long_at_the_venue(bench: ExecBench, code: str, op: str) -> None:
    words = "The request expired before it was processed."
    bench.answer({"code": code, "msg": words}, op=op)
    orders = [bench.limit(size="0.1") for _ in range(1 if op == "order" else 2)]
    if op == "order":
        bench.submit(*orders)
    else:
        bench.submit_list(OrderList(OrderListId("OL-1"), orders))
    for order in orders:
        rejected = await bench.told(order, "Rejected")
        assert code in rejected.reason
    assert len(bench.sent(op)) == 1, "not sent again"


@F("F75")
async def orders_of_others_are_reported_and_left_alone(bench: ExecBench) -> None:
    mine = await rested(bench)
    plain = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1"}
    theirs = bench.script("order", **plain, px=str(mine.price))["ordId"]
    named = bench.script("order", **plain, px=str(mine.price), clOrdId="app1")["ordId"]
    await bench.until(lambda: {theirs, named} <= {report.venue_order_id.value for report in bench.engine.reports})
    bench.cancel_all()
    await bench.told(mine, "Canceled")
    assert {row["ordId"] for row in bench.account()["orders"]} == {theirs, named}


@F("S32")
async def cancel_all_means_side_and_strategy(bench: ExecBench) -> None:
    bid, ask = await rested(bench), await rested(bench, side="sell")
    bench.cancel_all(side=OrderSide.BUY)
    await bench.told(bid, "Canceled")
    assert ask.status == OrderStatus.ACCEPTED


outcomes, EACH = MATRIX.judged()


@EACH
def test_fault(outcomes: Any, name: str) -> None:
    tell(outcomes[name])
