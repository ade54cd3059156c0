"""OKX's REST API from asyncio: any endpoint as dicts, and history as Nautilus objects.

    python -m examples.okx_http                       # the simulated exchange, no keys, no network
    OKX_REST_URL=http://127.0.0.1:8080 python -m examples.okx_http    # a simulated exchange that runs already
    python -m examples.okx_http --live                # OKX's public data, no keys

With OKX_API_KEY, OKX_API_SECRET and OKX_API_PASSPHRASE it also prints the account's settings.
"""

import argparse
import asyncio
import logging
import os
import time
from contextlib import ExitStack
from typing import Any

from nautilus_trader.adapters.okx.native import OkxError, OkxHttpClient, SimulatedExchange
from nautilus_trader.model.data import BarType
from nautilus_trader.model.identifiers import InstrumentId

INST_ID = "BTC-USDT-SWAP"
HOUR_NS = 3_600_000_000_000

log = logging.getLogger("okx_http")


async def show_market(client: OkxHttpClient) -> None:
    """Rows are dicts: decimals exact, times in milliseconds, None where OKX gives nothing."""
    swaps, tickers = await asyncio.gather(
        client.instruments("SWAP"),
        client.request("market-tickers", {"instType": "SWAP"}),
    )
    log.info("%d swaps, %d tickers", len(swaps), len(tickers))
    busiest = max(tickers, key=lambda row: row["vol24h"] or 0)
    log.info("busiest by contracts: %s, last %s", busiest["inst_id"], busiest["last"])


async def show_history(client: OkxHttpClient) -> None:
    """Bars, trades and the book as Nautilus objects, from as many pages as it takes."""
    instrument_id = InstrumentId.from_str(f"{INST_ID}.OKX")
    (row,) = await client.instruments("SWAP", inst_id=INST_ID)
    client.register_instrument(
        instrument_id,
        row["inst_id"],
        inst_type=row["inst_type"],
        price_precision=digits(row["tick_sz"]),
        size_precision=digits(row["lot_sz"]),
        index_inst_id=row["uly"],
    )
    minutes = BarType.from_str(f"{instrument_id}-1-MINUTE-LAST-EXTERNAL")
    bars = await client.request_bars(minutes, start_ns=time.time_ns() - 48 * HOUR_NS)
    log.info("%d closed bars of two days, the last: %s", len(bars), bars[-1])
    trades = await client.request_trades(instrument_id, limit=5)
    log.info("the last trades: %s", ", ".join(f"{trade.size} @ {trade.price}" for trade in trades))
    book = await client.request_book_snapshot(instrument_id, depth=5)
    log.info("%d changes build the book of sequence %d", len(book.deltas), book.sequence)


async def show_account(client: OkxHttpClient) -> None:
    """Signed requests, if there is a key."""
    if not client.has_credentials:
        log.info("no key, no account")
        return
    config = await client.account_config()
    log.info("account mode %s, position mode %s, fee level %s", config["acct_lv"], config["pos_mode"], config["level"])


def digits(step: Any) -> int:
    """Digits after the point of a step: 2 for 0.01."""
    return max(0, -int(step.normalize().as_tuple().exponent))


async def show(client: OkxHttpClient) -> None:
    """Everything, then what a refusal looks like."""
    try:
        await show_market(client)
        await show_history(client)
        await show_account(client)
        try:
            await client.request("market-ticker", {"instId": "NO-SUCH"})
        except OkxError as error:
            log.info("a refusal: %s [code %d, kind %s]", error.message, error.code, error.kind)
    finally:
        client.close()


def main() -> None:
    """Run against a simulated exchange, or OKX."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--live", action="store_true", help="OKX itself instead of a simulated exchange")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    keys: dict[str, str | None] = {
        "api_key": os.environ.get("OKX_API_KEY"),
        "api_secret": os.environ.get("OKX_API_SECRET"),
        "api_passphrase": os.environ.get("OKX_API_PASSPHRASE"),
    }
    with ExitStack() as stack:
        base_url = None if args.live else os.environ.get("OKX_REST_URL")
        if base_url is None and not args.live:
            exchange = stack.enter_context(SimulatedExchange())
            base_url = exchange.rest_url
            keys = {
                "api_key": exchange.api_key,
                "api_secret": exchange.api_secret,
                "api_passphrase": exchange.api_passphrase,
            }
        try:
            asyncio.run(show(OkxHttpClient(base_url=base_url, **keys)))
        except OkxError as error:
            raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
