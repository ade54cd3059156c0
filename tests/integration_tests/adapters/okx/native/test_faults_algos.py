"""F109 to F113: conditional orders and brackets."""

from decimal import Decimal
from typing import Any

from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType
from nautilus_trader.model.objects import Quantity

from .exec_bench import ExecBench
from .exec_faults import Matrix, commands, down, settled, submitted, tell
from .support import SWAP

MATRIX = Matrix()
F = MATRIX.scenario
ONE = Quantity.from_str("1.00")


def stop(bench: ExecBench, away: str = "0.02") -> Any:
    """A stop-market buy so far above the market."""
    return bench.orders.stop_market(SWAP, OrderSide.BUY, ONE, bench.limit("sell", away=away).price)


def jump(bench: ExecBench, factor: float = 1.03) -> None:
    """The market moves."""
    bench.exchange.control("/control/script", {"op": "jump", "instId": "BTC-USDT-SWAP", "factor": factor})


def bracket(bench: ExecBench) -> Any:
    entry, instrument = bench.limit(), bench.cache.instrument(SWAP)
    return bench.orders.bracket(
        SWAP,
        OrderSide.BUY,
        ONE,
        entry_order_type=OrderType.LIMIT,
        entry_price=entry.price,
        tp_price=instrument.make_price(entry.price * Decimal("1.05")),
        sl_trigger_price=instrument.make_price(entry.price * Decimal("0.95")),
    )


HTML = {"text": "<html>502</html>"}


@F("F109 took", "F109 not", "S38 algo")
async def the_gateway_fails_on_a_conditional_order(bench: ExecBench, took: str) -> None:
    taken = took != "not"
    bench.answer({"status": 502, "body": HTML}, apply=taken, path="/trade/order-algo", method="POST")
    if taken:
        bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders-algo"})
    order = stop(bench)
    await submitted(bench, order)
    assert bench.names(order)[-1] == ("Accepted" if taken else "Rejected")


@F("F109 timeout", http_timeout_secs=1)
async def the_answer_to_a_conditional_order_is_late(bench: ExecBench, _: str) -> None:
    late = {"kind": "hold", "how": {"delay": 2000}}
    bench.fault(late, {"class": "body", "path": "/trade/order-algo", "method": "POST"})
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders-algo"})
    order = stop(bench)
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Accepted"]


@F("F110 place")
async def a_conditional_order_is_refused_inside(bench: ExecBench, _: str) -> None:
    item = [{"algoId": "", "algoClOrdId": "", "sCode": "51277", "sMsg": "TP trigger price is on the wrong side."}]
    bench.answer({"code": "0", "data": item}, path="/trade/order-algo", method="POST")
    order = stop(bench)
    await submitted(bench, order)
    assert bench.names(order) == ["Submitted", "Rejected"]
    assert "51277" in bench.events(order)[-1].reason


@F("F110 cancel", "S33 kept")
async def a_cancel_of_a_conditional_order_is_refused_inside(bench: ExecBench, _: str) -> None:
    order = stop(bench)
    await bench.rests(order)
    item = [{"algoId": order.venue_order_id.value, "sCode": "51410", "sMsg": "no"}]
    bench.answer({"code": "0", "data": item}, path="/trade/cancel-algos")
    bench.cancel(order)
    await settled(bench, order)
    assert bench.names(order)[-1] == "CancelRejected"


@F("F110 cancel again")
async def a_cancel_that_was_refused_can_be_given_again(bench: ExecBench, *_: str) -> None:
    order = stop(bench)
    await bench.rests(order)
    bench.cancel(order)
    await bench.told(order, "Canceled")


@F("F110 amend")
async def an_amendment_of_a_conditional_order_is_refused_inside(bench: ExecBench, _: str) -> None:
    order = stop(bench)
    await bench.rests(order)
    item = [{"algoId": order.venue_order_id.value, "sCode": "51527", "sMsg": "no", "reqId": ""}]
    bench.answer({"code": "0", "data": item}, path="/trade/amend-algos")
    bench.modify(order, trigger=bench.limit("sell", away="0.03").price)
    await settled(bench, order)
    assert bench.names(order)[-1] == "ModifyRejected"
    assert "51527" in bench.events(order)[-1].reason


@F("F111 late", "F111 never", "F111 plain")
async def the_child_is_pushed_before_its_order(bench: ExecBench, what: str) -> None:
    order = stop(bench)
    await bench.rests(order)
    if what != "plain":
        how = "drop" if what == "never" else {"delay": 500}
        bench.fault({"kind": "hold", "how": how}, {"class": "push", "channel": "orders-algo"}, {})
    jump(bench)
    await bench.told(order, "Filled")
    assert order.status == OrderStatus.FILLED
    assert bench.engine.reports == [], "the child is this order, not another one"


@F("F111 down")
async def it_triggers_while_down(bench: ExecBench, _: str) -> None:
    order = stop(bench)
    await bench.rests(order)
    await down(bench, "business")
    bench.cut("private")
    jump(bench)
    await bench.until_venue(lambda: bench.account()["closedAlgos"] != [], "it triggers")
    bench.exchange.clear_faults()
    await bench.told(order, "Filled")
    assert bench.engine.reports == [], "the child is this order, not another one"


@F("F112")
async def it_triggers_and_fails(bench: ExecBench) -> None:
    order = stop(bench)
    await bench.rests(order)
    for row in bench.account()["balances"]:
        bench.script("transfer", ccy=row["ccy"], amt=f"-{row['cashBal']}")
    jump(bench)
    await bench.until(lambda: order.is_closed, "its end")
    assert bench.names(order)[-1] in ("Canceled", "Rejected")
    bench.script("transfer", ccy="USDT", amt="100000")


@F("F112 part")
async def a_part_of_it_fails(bench: ExecBench, _: str) -> None:
    native, order = bench.client._native, stop(bench)
    native.log = native.events._log = bench.log
    await bench.rests(order)
    bench.script("algo_failed", algoId=order.venue_order_id.value, sz="0.4")
    await bench.until(lambda: order.is_closed, "its end")
    assert order.filled_qty == Decimal("0.4")
    assert [name for name in bench.names(order) if name != "Updated"][:3] == ["Submitted", "Accepted", "Filled"]
    await bench.log.waiter.until(lambda: [text for _, text in bench.log.lines if "51008" in text], "why")


async def legs_that_wait(bench: ExecBench) -> Any:
    """A bracket whose entry is filled."""
    orders = bracket(bench)
    entry, legs = orders.orders[0], orders.orders[1:]
    bench.submit_list(orders)
    await bench.told(entry, "Accepted")
    bench.script("fill", clOrdId=entry.client_order_id.value)
    await bench.until(lambda: all("Accepted" in bench.names(leg) for leg in legs), "both legs are live")
    return legs


@F("F112 bracket", "F112 bracket down")
async def a_leg_fails_and_its_partner_ends(bench: ExecBench, _: str, *where: str) -> None:
    legs = await legs_that_wait(bench)
    algo_id = legs[0].venue_order_id.value
    if where:
        await down(bench, "business")
        bench.cut("private")
    bench.script("algo_failed", algoId=algo_id, side="tp")
    if where:
        bench.exchange.clear_faults()
    await bench.until(lambda: all(leg.is_closed for leg in legs), "neither is left")
    assert [bench.names(leg)[-1] for leg in legs] == ["Canceled", "Canceled"]


@F("F112 bracket part", "F112 bracket part down")
async def a_leg_fails_in_part_and_its_partner_ends(bench: ExecBench, _: str, __: str, *where: str) -> None:
    legs = await legs_that_wait(bench)
    profit = next(leg for leg in legs if leg.order_type == OrderType.LIMIT)
    loss = next(leg for leg in legs if leg is not profit)
    if where:
        await down(bench, "business")
        bench.cut("private")
    bench.script("algo_failed", algoId=loss.venue_order_id.value, side="sl", sz="0.4")
    if where:
        bench.exchange.clear_faults()
    await bench.until(lambda: loss.is_closed and profit.is_closed, "both are over")
    assert (loss.filled_qty, profit.filled_qty) == (Decimal("0.4"), Decimal(0))
    assert bench.names(profit)[-1] == "Canceled"


@F("F113 cancelled", "F113 filled")
async def a_bracket_is_filled_in_part(bench: ExecBench, what: str) -> None:
    orders = bracket(bench)
    entry, legs = orders.orders[0], orders.orders[1:]
    bench.submit_list(orders)
    await bench.told(entry, "Accepted")
    bench.script("fill", clOrdId=entry.client_order_id.value, sz="0.4")
    await bench.told(entry, "Filled")
    if what == "cancelled":
        bench.cancel(entry)
        await bench.told(entry, "Canceled")
        await bench.until(lambda: all(leg.is_closed for leg in legs) or bench.account()["algos"] != [])
    else:
        bench.script("fill", clOrdId=entry.client_order_id.value)
        await bench.until(lambda: all("Accepted" in bench.names(leg) for leg in legs), "both legs are live")
        bench.cancel(legs[0])
        await bench.until(lambda: all(leg.is_closed for leg in legs), "one leg ends with the other")


@F("S29 bracket")
async def an_entry_dies_with_its_legs(bench: ExecBench, _: str) -> None:
    orders = bracket(bench)
    entry, legs = orders.orders[0], orders.orders[1:]
    bench.submit_list(orders)
    await bench.told(entry, "Accepted")
    bench.cancel(entry)
    await bench.until(lambda: all(order.is_closed for order in orders.orders), "all of it ends")
    assert all(bench.names(leg)[-1] == "Canceled" for leg in legs)


@F("S38 bracket")
async def the_gateway_fails_on_a_bracket(bench: ExecBench, _: str) -> None:
    bench.answer({"status": 502, "body": HTML}, apply=True, path="/trade/order", method="POST")
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
    orders = bracket(bench)
    bench.submit_list(orders)
    await bench.told(orders.orders[0], "Accepted")
    placed = [arg for op, arg in commands(bench) if op == "order"]
    assert len(placed) == 1
    assert all("Rejected" not in bench.names(order) for order in orders.orders)
    bench.cancel(orders.orders[0])
    await bench.until(lambda: all(order.is_closed for order in orders.orders), "all of it ends")


outcomes, EACH = MATRIX.judged()


@EACH
def test_fault(outcomes: Any, name: str) -> None:
    tell(outcomes[name])
