"""The exchange of the reconciliation races: a simulated OKX in a process of its own whose account has a day behind it.

Its orders came one a minute, and each was filled in part. They rest far below the market, so that nothing but this
script fills them. REST limits are OKX's. Prints one JSON line with the port once the account is ready, and ends with
its input.
"""

import argparse
import json
import sys
import urllib.request
from decimal import Decimal
from urllib.parse import urlsplit

from nautilus_trader.adapters.okx.native import SimulatedExchange

FAMILIES = ("BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "LINK", "LTC", "AVAX", "BCH")
INST_IDS = tuple(f"{family}-USDT-SWAP" for family in FAMILIES)
KEY = {"key": "key", "secret": "secret", "passphrase": "passphrase"}
SETTINGS = {
    # Both clients open several connections at once; everything else is limited as at OKX.
    "limits": {"connects_per_s": 0},
    "accounts": [{"keys": [KEY], "balances": {"USDT": "1000000"}}],
    "journal": {"max_entries": 1_000, "pushes": False},
    "instruments": list(INST_IDS),
}
BELOW_MARKET = Decimal("0.5")
MINUTE_MS = 60_000


def instruments(exchange: SimulatedExchange) -> dict[str, dict[str, str]]:
    """The rows of the swaps, by id."""
    with urllib.request.urlopen(f"{exchange.rest_url}/api/v5/public/instruments?instType=SWAP") as answer:
        rows = json.load(answer)["data"]
    return {row["instId"]: row for row in rows}


def prepare(exchange: SimulatedExchange, orders: int, fills: int) -> None:
    """Open orders on the swaps in turn, each filled in part as often as its share of the fills."""
    rows = instruments(exchange)
    each, more = divmod(fills, orders)
    for number in range(orders):
        inst_id = INST_IDS[number % len(INST_IDS)]
        lot, tick = Decimal(rows[inst_id]["minSz"]), Decimal(rows[inst_id]["tickSz"])
        best = Decimal(exchange.book(inst_id)["bids"][0][0])
        parts = each + (number < more)
        exchange.control("/control/time", {"offset_ms": (number + 1 - orders) * MINUTE_MS})
        order = {
            "op": "account.order", "instId": inst_id, "tdMode": "cross", "side": "buy", "ordType": "limit",
            "clOrdId": f"bench{number}", "px": str(best * BELOW_MARKET // tick * tick), "sz": str(lot * (parts + 1)),
        }  # fmt: skip
        ord_id = exchange.control("/control/script", order)["ordId"]
        for _ in range(parts):
            exchange.control("/control/script", {"op": "account.fill", "ordId": ord_id, "sz": str(lot)})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, required=True)
    parser.add_argument("--fills", type=int, required=True)
    args = parser.parse_args()
    with SimulatedExchange(seed=22, config=SETTINGS) as exchange:
        prepare(exchange, args.orders, args.fills)
        account = exchange.control("/control/account")
        found = {"open": len(account["orders"]), "fills": len(account["fills"])}
        if found != {"open": args.orders, "fills": args.fills}:
            raise RuntimeError(f"the account is not as it should be: {found}")
        print(json.dumps({"port": urlsplit(exchange.rest_url).port}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
