"""F10 to F30 where they concern orders: connections that end with commands under way."""

import json
from decimal import Decimal
from typing import Any

from nautilus_trader.model.enums import OrderStatus
from nautilus_trader.model.identifiers import OrderListId
from nautilus_trader.model.objects import Quantity
from nautilus_trader.model.orders import OrderList

from .exec_bench import ExecBench
from .exec_faults import Matrix, down, rested, settled, tell
from .support import SPOT

MATRIX = Matrix()
F = MATRIX.scenario


def cut_at(bench: ExecBench, op: str, at: Any) -> None:
    """The private connection ends with the next such command, before or after it is carried out."""
    bench.fault({"kind": "cut", "at": at, "how": "rst"}, {"class": "request", "op": op})


@F("F02 login", "F03 ack")
async def it_drops_on_the_way_up(bench: ExecBench, at: str) -> None:
    order = await rested(bench)
    dropped = bench.fault({"kind": "cut", "how": "rst"}, {"class": at, "link": "private"})
    bench.cut()
    await bench.until_venue(lambda: bench.fired(dropped), "a second drop")
    bench.script("fill", clOrdId=order.client_order_id.value)
    await bench.told(order, "Filled")


@F("F09", exchange={"limits": {"connects_per_s": 0, "page_rows": 1}})
async def a_page_of_balances_is_lost(bench: ExecBench) -> None:
    before = {b.currency.code for b in bench.engine.accounts[-1].balances}
    lost = bench.fault(
        {"kind": "hold", "how": "drop"}, {"class": "snapshot", "channel": "account"}, {"skip": 1, "count": 1}
    )
    bench.cut()
    await bench.until_venue(lambda: bench.fired(lost), "a page is lost")
    bench.script("transfer", ccy="USDT", amt="1000")
    await bench.caught_up()
    account = bench.cache.account(bench.client.account_id)
    balances = {row["ccy"]: Decimal(row["cashBal"]) for row in bench.account()["balances"]}
    assert before <= set(balances)
    for currency, total in account.balances_total().items():
        assert total.as_decimal() == balances[currency.code]


@F("F10")
async def order_taken_then_drop(bench: ExecBench) -> None:
    cut_at(bench, "order", "after")
    order = bench.limit()
    bench.submit(order)
    await bench.told(order, "Accepted")
    assert bench.names(order) == ["Submitted", "Accepted"]


@F("F11")
async def order_lost_with_the_connection(bench: ExecBench) -> None:
    cut_at(bench, "order", "before")
    order = bench.limit()
    bench.submit(order)
    await bench.told(order, "Rejected")
    assert bench.names(order) == ["Submitted", "Rejected"]
    assert any("/trade/order?" in line for line in bench.requests("/trade/order", "GET")), "looked up before"


@F("F12")
async def commands_on_a_dead_link(bench: ExecBench) -> None:
    held = await rested(bench)
    await down(bench)
    order = bench.limit()
    bench.submit(order)
    bench.cancel(held)
    await bench.told(held, "CancelRejected")
    bench.modify(held, quantity=Quantity.from_str("2.00"))
    await bench.told(held, "ModifyRejected")
    await bench.until(lambda: order.is_closed)
    assert bench.names(order)[-1] in ("Denied", "Rejected")
    bench.exchange.clear_faults()
    await bench.until_venue(lambda: sum('"op":"login"' in text for text in bench.frames()) >= 2)
    await bench.caught_up()
    assert len(bench.sent("order")) == 2, "nothing was kept for later"
    assert bench.sent("cancel-order") == bench.sent("amend-order") == []
    assert held.status == OrderStatus.ACCEPTED


@F("F13")
async def drop_between_acknowledgement_and_push(bench: ExecBench) -> None:
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
    bench.fault({"kind": "cut", "at": "after", "how": "rst"}, {"class": "op_reply", "op": "order"})
    order = bench.limit()
    bench.submit(order)
    await bench.told(order, "Accepted")
    await bench.until_venue(lambda: sum('"op":"login"' in text for text in bench.frames()) >= 2)
    await bench.caught_up()
    assert bench.names(order) == ["Submitted", "Accepted"]


@F("F14")
async def the_same_and_it_fills_meanwhile(bench: ExecBench) -> None:
    closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
    bench.fault({"kind": "cut", "at": "after", "how": "rst"}, {"class": "op_reply", "op": "order"})
    order = bench.limit()
    bench.submit(order)
    await bench.until_venue(lambda: bench.fired(closed))
    bench.script("fill", clOrdId=order.client_order_id.value)
    bench.exchange.clear_faults()
    await bench.told(order, "Filled")
    assert bench.names(order) == ["Submitted", "Accepted", "Filled"]


@F("F15 after", "F15 before", "F15 after 0.4", "F15 before 0.4")
async def cancel_then_drop(bench: ExecBench, at: str, filled: str = "") -> None:
    order = await rested(bench, filled)
    cut_at(bench, "cancel-order", at)
    bench.cancel(order)
    await settled(bench, order)
    assert order.status == OrderStatus.CANCELED or at == "before"
    assert order.is_open or at == "after"


@F("F16 after", "F16 before", "F16 after 0.4", "F16 before 0.4")
async def amendment_then_drop(bench: ExecBench, at: str, filled: str = "") -> None:
    order = await rested(bench, filled)
    cut_at(bench, "amend-order", at)
    bench.modify(order, quantity=Quantity.from_str("2.00"))
    await settled(bench, order)
    assert ("Updated" in bench.names(order)) == (at == "after")
    assert order.quantity == (2 if at == "after" else 1)


@F("F17")
async def a_batch_is_taken_in_part(bench: ExecBench) -> None:
    cut_at(bench, "batch-orders", {"item": 12})
    orders = [bench.limit(size="0.1") for _ in range(20)]
    bench.submit_list(OrderList(OrderListId("OL-1"), orders))
    await bench.until(
        lambda: all(order.status not in (OrderStatus.INITIALIZED, OrderStatus.SUBMITTED) for order in orders)
    )
    assert [order.status for order in orders] == [OrderStatus.ACCEPTED] * 12 + [OrderStatus.REJECTED] * 8


@F("F18 after", "F18 before")
async def a_smaller_size_meets_fills(bench: ExecBench, at: str) -> None:
    order = await rested(bench)
    closed = bench.fault({"kind": "reply", "status": 503}, {"class": "open"}, {})
    cut_at(bench, "amend-order", at)
    bench.modify(order, quantity=Quantity.from_str("0.70"))
    await bench.until_venue(lambda: bench.fired(closed))
    bench.script("fill", clOrdId=order.client_order_id.value, sz="0.6")
    bench.exchange.clear_faults()
    await settled(bench, order)
    await bench.told(order, "Filled")


@F("F18 filled")
async def a_size_that_is_filled_already(bench: ExecBench, _: str) -> None:
    order = await rested(bench, "0.4")
    bench.modify(order, quantity=Quantity.from_str("0.30"))
    await bench.until(lambda: order.is_closed)


@F("F19")
async def fills_while_down_and_after(bench: ExecBench) -> None:
    order = await rested(bench, "0.1")
    await down(bench)
    for size in ("0.2", "0.3"):
        bench.script("fill", clOrdId=order.client_order_id.value, sz=size)
    bench.exchange.clear_faults()
    await bench.told(order, "Filled", 3)
    bench.script("fill", clOrdId=order.client_order_id.value)
    await bench.told(order, "Filled", 4)
    filled = [event for event in bench.events(order) if type(event).__name__ == "OrderFilled"]
    assert [str(event.last_qty) for event in filled] == ["0.10", "0.20", "0.30", "0.40"]
    assert [e.ts_event for e in filled] == sorted(e.ts_event for e in filled)


@F("F20 cancel", "F20 liquidate", "F20 adl")
async def the_venue_or_the_app_acts_while_down(bench: ExecBench, what: str) -> None:
    order = await rested(bench)
    bought = bench.market()
    bench.submit(bought)
    await bench.told(bought, "Filled")
    await down(bench)
    if what == "cancel":
        bench.script("cancel", clOrdId=order.client_order_id.value)
    else:
        bench.script(what, instId="BTC-USDT-SWAP")
    bench.exchange.clear_faults()
    if what == "cancel":
        await bench.told(order, "Canceled")
    else:
        theirs = [row for row in bench.account()["closedOrders"] if row["category"] not in ("", "normal")]
        ids = {row["ordId"] for row in theirs}
        await bench.until(lambda: ids & {report.venue_order_id.value for report in bench.engine.reports})


@F("F21")
async def only_the_business_connection_ends(bench: ExecBench) -> None:
    await down(bench, "business")
    order = await rested(bench)
    bench.cancel(order)
    await bench.told(order, "Canceled")
    bench.exchange.clear_faults()


@F("F22")
async def rest_fails_on_after_the_socket_is_back(bench: ExecBench) -> None:
    order = await rested(bench)
    gone = bench.fault(
        {"kind": "reply", "status": 503, "code": "50001", "msg": "down"}, {"link": "rest"}, {"for_ms": 3000}
    )
    cut_at(bench, "cancel-order", "before")
    bench.cancel(order)
    await bench.until_venue(lambda: bench.fired(gone), "a request that fails")
    await settled(bench, order)
    assert order.is_open


@F("F22 http", route="http")
async def over_rest_commands_need_no_socket(bench: ExecBench, _: str) -> None:
    order = await rested(bench)
    await down(bench)
    bench.modify(order, quantity=Quantity.from_str("2.00"))
    await bench.told(order, "Updated")
    bench.cancel(order)
    await bench.told(order, "Canceled")
    assert bench.sent() == []
    bench.exchange.clear_faults()


@F("F23")
async def many_drops(bench: ExecBench) -> None:
    order = await rested(bench)
    for n in range(2, 6):
        bench.cut()
        await bench.until_venue(lambda n=n: sum('"op":"login"' in text for text in bench.frames()) >= n)
    bench.script("fill", clOrdId=order.client_order_id.value)
    await bench.told(order, "Filled")


@F("F27", "F28 order")
async def an_upgrade_is_announced(bench: ExecBench, flight: str = "") -> None:
    order = await rested(bench)
    if flight:
        bench.fault({"kind": "hold", "how": "drop"}, {"class": "op_reply", "op": "order"})
        bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"})
        order = bench.limit()
        bench.submit(order)
        await bench.until_venue(lambda: len(bench.sent("order")) == 2)
    wait = 0 if flight else 60_000
    bench.fault({"kind": "notice", "close_after_ms": wait}, {"link": "private"}, {"now": True, "count": 1})
    await bench.until_venue(lambda: sum('"op":"login"' in text for text in bench.frames()) >= 2)
    await bench.told(order, "Accepted")
    bench.script("fill", clOrdId=order.client_order_id.value)
    await bench.told(order, "Filled")


@F("F35 order", "F35 cancel-order")
async def the_venue_forgot_the_login(bench: ExecBench, op: str) -> None:
    order = await rested(bench)
    error = {"event": "error", "code": "60011", "msg": "Please log in", "connId": "a1"}
    if op == "order":
        order = bench.limit()
    known = len(bench.sent())
    bench.answer({"body": {"text": json.dumps({"id": str(known + 1)} | error)}}, op=op)
    if op == "order":
        bench.submit(order)
        await bench.until(lambda: order.status != OrderStatus.SUBMITTED and order.status != OrderStatus.INITIALIZED)
    else:
        bench.cancel(order)
        await settled(bench, order)


@F("F30", "F100")
async def a_stop_with_commands_in_flight(bench: ExecBench) -> None:
    bench.fault({"kind": "hold", "how": "drop"}, {"class": "op_reply"}, {})
    dropped = bench.fault({"kind": "hold", "how": "drop"}, {"class": "push", "channel": "orders"}, {})
    order = bench.limit(on=SPOT, size="0.01")
    bench.submit(order)
    await bench.until_venue(lambda: bench.fired(dropped))
    await bench.disconnect()
    bench.exchange.clear_faults()
    await bench.connect()


@F("F86 state", "F86 side")
async def a_word_that_is_not_known_is_looked_up(bench: ExecBench, field: str) -> None:
    order = await rested(bench)
    edit = {"kind": "edit", "changes": [{"set": {"path": f"data/0/{field}", "raw": '"sideways"'}}]}
    bench.fault(edit, {"class": "push", "channel": "orders"})
    bench.script("cancel", clOrdId=order.client_order_id.value)
    await bench.told(order, "Canceled")


@F("F86 execType")
async def a_fill_of_an_unknown_kind_is_looked_up(bench: ExecBench, field: str) -> None:
    order = await rested(bench)
    edit = {"kind": "edit", "changes": [{"set": {"path": f"data/0/{field}", "raw": '"sideways"'}}]}
    bench.fault(edit, {"class": "push", "channel": "orders"})
    bench.script("fill", clOrdId=order.client_order_id.value, sz="0.4")
    filled = await bench.told(order, "Filled")
    assert filled.liquidity_side.name == "MAKER", "as looked up"


@F("F12 taken", "F12 lost")
async def commands_on_a_silent_link(bench: ExecBench, what: str) -> None:
    is_lost = what == "lost"
    held, other = await rested(bench), await rested(bench, size="0.5")
    bench.fault({"kind": "mute", "stop_reading": is_lost}, {"link": "private"}, {"now": True, "count": 1})
    order = bench.limit(size="0.3")
    bench.submit(order)
    bench.cancel(held)
    bench.modify(other, quantity=Quantity.from_str("0.70"))
    # Whether OKX has them, nothing on the link says: looked up.
    await bench.told(order, "Rejected" if is_lost else "Accepted")
    await bench.told(held, "CancelRejected" if is_lost else "Canceled")
    await bench.told(other, "ModifyRejected" if is_lost else "Updated")
    sent = bench.sent()
    assert [frame["op"] for frame in sent[2:]] == ([] if is_lost else ["order", "cancel-order", "amend-order"])
    bench.cut()
    bench.exchange.clear_faults()
    await bench.until_venue(lambda: sum('"op":"login"' in text for text in bench.frames()) >= 2)
    await bench.caught_up()
    assert len(bench.sent()) == len(sent) + 1, "nothing was kept for later or sent again"


outcomes, EACH = MATRIX.judged()


@EACH
def test_fault(outcomes: Any, name: str) -> None:
    tell(outcomes[name])
