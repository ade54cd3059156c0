"""Any topic of OKX's WebSocket as dicts, with OKX's own names and texts.

    python -m examples.okx_ws                                   # the simulated exchange, no keys, no network
    python -m examples.okx_ws --live                            # OKX's public data, no keys
    python -m examples.okx_ws --live tickers:BTC-USDT books5:ETH-USDT

It stops after `--messages`.
"""

import argparse
import asyncio
import logging
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from nautilus_trader.adapters.okx.native import OkxError, OkxWebSocketClient, SimulatedExchange

TOPICS = ("trades:BTC-USDT", "bbo-tbt:BTC-USDT-SWAP")

log = logging.getLogger("okx_ws")


def on_event(event: Mapping[str, Any]) -> None:
    """Everything that is not data, with the level it deserves."""
    log.log(logging.getLevelNamesMapping()[event["level"].upper()], event["message"])


async def watch(url: str | None, topics: list[str], messages: int) -> None:
    """Print this many messages of the topics."""
    client = OkxWebSocketClient(url, kind="public", on_event=on_event)
    try:
        await client.connect()
        for topic in topics:
            channel, _, inst_id = topic.partition(":")
            await client.subscribe({"channel": channel, "instId": inst_id})
        left = messages
        async for message in client:
            log.info("%s %s", message["arg"], message["data"][0])
            left -= 1
            if left <= 0:
                break
    finally:
        await client.close()


def main() -> None:
    """Run against the simulated exchange, or OKX."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", default=list(TOPICS), help="channel:instId")
    parser.add_argument("--live", action="store_true", help="OKX itself instead of the simulated exchange")
    parser.add_argument("--messages", type=int, default=20)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    with ExitStack() as stack:
        url = None if args.live else stack.enter_context(SimulatedExchange()).ws_public_url
        try:
            asyncio.run(watch(url, args.topics, args.messages))
        except OkxError as error:
            raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
