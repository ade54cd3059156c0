"""Compares what the engine believes with what the simulated exchange has, order by order and fill by fill."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from examples.run.trader import Trader

SMALLEST = Decimal("1e-7")
"""Amounts are compared to Nautilus' precision of a currency."""

STATES = {
    "live": "ACCEPTED",
    "partially_filled": "PARTIALLY_FILLED",
    "filled": "FILLED",
    "canceled": "CANCELED",
    "effective": "FILLED",
}


class Comparison:
    """Counts what was compared; each difference is one line."""

    def __init__(self) -> None:
        self.orders = 0
        self.fills = 0
        self.differences: list[str] = []

    def check(self, what: str, ours: Any, theirs: Any) -> None:
        if ours != theirs:
            self.differences.append(f"{what}: engine {ours}, exchange {theirs}")

    def close(self, what: str, ours: Decimal, theirs: Decimal) -> None:
        if abs(ours - theirs) > SMALLEST:
            self.differences.append(f"{what}: engine {ours}, exchange {theirs}")


def compare(trader: Trader, account: dict[str, Any], okx_id: Callable[[str], str]) -> Comparison:
    """Every order of the strategy, every fill, the positions and the balances."""
    found = Comparison()
    rows = {row["ordId"]: row for row in (*account["orders"], *account["closedOrders"])}
    algos = {row["algoClOrdId"]: row for row in (*account["algos"], *account["closedAlgos"])}
    by_client = {row["clOrdId"]: row for row in rows.values() if row["clOrdId"]}
    fills: dict[str, list[dict[str, Any]]] = {}
    for row in account["fills"]:
        fills.setdefault(row["ordId"], []).append(row)
    for order in trader.cache.orders(strategy_id=trader.id):
        own = okx_id(order.client_order_id.value)
        row = by_client.get(own)
        algo = algos.get(own)
        if row is None and algo is not None and algo.get("ordId"):
            row = rows.get(algo["ordId"])
        _compare_order(found, order, row, algo)
        if row is not None:
            _compare_fills(found, order, fills.get(row["ordId"], []))
    net = sum((Decimal(row["pos"]) for row in account["positions"] if row["instId"] == trader.inst_id), Decimal(0))
    found.check("net position", Decimal(str(trader.portfolio.net_position(trader.config.instrument_id))), net)
    _compare_balances(found, trader, account["balances"])
    return found


def _compare_order(found: Comparison, order: Any, row: dict[str, Any] | None, algo: dict[str, Any] | None) -> None:
    found.orders += 1
    name = f"{order.client_order_id} {order.type_string()}"
    status = order.status_string()
    if row is None and algo is None:
        if order.parent_order_id is None and status not in ("DENIED", "REJECTED"):
            found.differences.append(f"{name}: engine {status}, unknown to the exchange")
        return
    if row is None:
        assert algo is not None
        found.check(f"{name} status", status, STATES.get(algo["state"], algo["state"]))
        return
    if status == "REJECTED" and row["state"] == "canceled":
        return  # a post-only order that would have taken
    found.check(f"{name} status", status, STATES.get(row["state"], row["state"]))
    found.check(f"{name} quantity", order.quantity.as_decimal(), Decimal(row["sz"]))
    found.check(f"{name} filled", order.filled_qty.as_decimal(), Decimal(row["accFillSz"]))
    if order.has_price and row["px"] and algo is None:
        found.check(f"{name} price", order.price.as_decimal(), Decimal(row["px"]))


def _compare_fills(found: Comparison, order: Any, rows: Iterable[dict[str, Any]]) -> None:
    ours = {e.trade_id.value: e for e in order.events if type(e).__name__ == "OrderFilled"}
    theirs = {row["tradeId"]: row for row in rows}
    found.check(f"{order.client_order_id} trades", sorted(ours), sorted(theirs))
    for trade_id in ours.keys() & theirs.keys():
        event, row = ours[trade_id], theirs[trade_id]
        found.fills += 1
        name = f"trade {trade_id}"
        found.check(f"{name} size", event.last_qty.as_decimal(), Decimal(row["fillSz"]))
        found.check(f"{name} price", event.last_px.as_decimal(), Decimal(row["fillPx"]))
        found.close(f"{name} commission", event.commission.as_decimal(), -Decimal(row["fee"]))


def _compare_balances(found: Comparison, trader: Trader, rows: Iterable[dict[str, Any]]) -> None:
    account = trader.portfolio.account(trader.config.instrument_id.venue)
    ours = {} if account is None else {c.code: m.as_decimal() for c, m in account.balances_total().items()}
    for row in rows:
        there = Decimal(row["cashBal"])
        if there or ours.get(row["ccy"]):
            found.close(f"balance {row['ccy']}", ours.get(row["ccy"], Decimal(0)), there)


def submit_to_wire_us(trader: Trader, journal: list[dict[str, Any]], okx_id: Callable[[str], str]) -> list[int]:
    """From `submit_order` to the exchange's receipt of the order, in microseconds, one for each order found there."""
    arrived: dict[str, int] = {}
    for entry in journal:
        if entry["direction"] == "in":
            arrived.setdefault(entry["text"], entry["unix_ns"])
    found = []
    for client_order_id, given in trader.given_ns.items():
        needle = f'"{okx_id(client_order_id)}"'
        times = [at for text, at in arrived.items() if needle in text and "cancel" not in text]
        if times:
            found.append((min(times) - given) // 1_000)
    return found
