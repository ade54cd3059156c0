"""One trial through a TradingNode: from the feeder's write to the strategy's callback; prints one JSON line."""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from nautilus_trader.adapters.okx import OKX, OKXDataClientConfig, OKXLiveDataClientFactory
from nautilus_trader.adapters.okx.native import OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory
from nautilus_trader.common.config import InstrumentProviderConfig, LoggingConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.live.config import TradingNodeConfig
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.enums import BookType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

from benches.feeder_process import feeder
from benches.frames import INST_ID
from benches.meter import Meter, settle

DEADLINE_SECS = 150


class Counter(Strategy):  # type: ignore[misc]
    """Subscribes to the measured channel and tells the meter."""

    def __init__(self, feed: str, meter: Meter) -> None:
        super().__init__()
        self.feed, self.meter = feed, meter

    def on_start(self) -> None:
        instrument_id = InstrumentId.from_str(f"{INST_ID}.OKX")
        if self.feed == "books":
            self.subscribe_order_book_deltas(instrument_id, BookType.L2_MBP)
        else:
            self.subscribe_trade_ticks(instrument_id)

    def on_order_book_deltas(self, deltas: Any) -> None:
        self.meter.on_message(deltas)

    def on_trade_tick(self, tick: Any) -> None:
        self.meter.on_message(tick)


def build_node(backend: str, port: int) -> TradingNode:
    native = backend == "native"
    config_type = OKXNativeDataClientConfig if native else OKXDataClientConfig
    client = config_type(
        api_key="key",
        api_secret="secret",
        api_passphrase="passphrase",
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SWAP,),
        base_url_http=f"http://127.0.0.1:{port}",
        base_url_ws=f"ws://127.0.0.1:{port}/ws/v5/public",
    )
    node = TradingNode(
        TradingNodeConfig(
            trader_id="BENCH-001",
            logging=LoggingConfig(log_level="ERROR"),
            data_clients={OKX: client},
            timeout_connection=20.0,
        )
    )
    node.add_data_client_factory(OKX, OKXNativeLiveDataClientFactory if native else OKXLiveDataClientFactory)
    return node


async def measure(node: TradingNode, source: Any, meter: Meter) -> dict[str, float]:
    running = asyncio.create_task(node.run_async())
    if meter.skip:
        await asyncio.wait_for(meter.opened.wait(), DEADLINE_SECS)
    settle()
    source.go()  # the feed begins once the strategy's subscription has reached the feeder
    await asyncio.wait_for(meter.done.wait(), DEADLINE_SECS)
    result = {"per_second": meter.per_second}
    if meter.received_ns is not None:
        result |= source.latencies_us(meter.received_ns)
    await node.stop_async()
    running.cancel()
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--backend", choices=("native", "python"), required=True)
    parser.add_argument("--feed", choices=("books", "trades"), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--rate", type=int)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as room,
        feeder(args.feed, args.count, args.rate, Path(room)) as source,
    ):
        meter = Meter(args.count, 1 if args.feed == "books" else 0, latency=bool(args.rate))
        node = build_node(args.backend, source.port)
        node.trader.add_strategy(Counter(args.feed, meter))
        node.build()
        result = node.get_event_loop().run_until_complete(measure(node, source, meter))
        node.dispose()
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
