"""A TradingNode with the native OKX data client: quotes and trades of a few instruments, printed as they come.

    python -m examples.okx_node                     # the simulated exchange, no keys, no network
    python -m examples.okx_node --live              # OKX's public data, no keys
    OKX_NT_BACKEND=python python -m examples.okx_node --live    # the same node on the stock client (needs keys)

It stops after `--seconds`.
"""

import argparse
import asyncio
from contextlib import ExitStack
from typing import Any

from nautilus_trader.adapters.okx.native import (
    OKXNativeDataClientConfig,
    OKXNativeLiveDataClientFactory,
    SimulatedExchange,
)
from nautilus_trader.config import InstrumentProviderConfig, LoggingConfig, StrategyConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

INSTRUMENTS = ("BTC-USDT.OKX", "BTC-USDT-SWAP.OKX")


class PrinterConfig(StrategyConfig, frozen=True):
    """What to subscribe."""

    instrument_ids: tuple[str, ...]


class Printer(Strategy):  # type: ignore[misc]
    """Logs what it is given."""

    def on_start(self) -> None:
        for text in self.config.instrument_ids:
            self.subscribe_quote_ticks(InstrumentId.from_str(text))
            self.subscribe_trade_ticks(InstrumentId.from_str(text))

    def on_quote_tick(self, tick: Any) -> None:
        self.log.info(f"{tick}")

    def on_trade_tick(self, tick: Any) -> None:
        self.log.info(f"{tick}")


def main() -> None:
    """Build the node, run it for a while, dispose of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--live", action="store_true", help="OKX itself instead of the simulated exchange")
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    with ExitStack() as stack:
        addresses: dict[str, str] = {}
        if not args.live:
            exchange = stack.enter_context(SimulatedExchange())
            addresses = {"base_url_http": exchange.rest_url, "base_url_ws": exchange.ws_public_url}
        client = OKXNativeDataClientConfig(
            instrument_types=(OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
            instrument_provider=InstrumentProviderConfig(load_all=True),
            **addresses,
        )
        node = TradingNode(
            TradingNodeConfig(
                trader_id="EXAMPLE-001",
                logging=LoggingConfig(log_level="INFO"),
                data_clients={"OKX": client},
            )
        )
        node.add_data_client_factory("OKX", OKXNativeLiveDataClientFactory)
        node.trader.add_strategy(Printer(PrinterConfig(instrument_ids=INSTRUMENTS)))
        node.build()
        loop = node.get_event_loop()
        loop.call_later(args.seconds, lambda: asyncio.ensure_future(node.stop_async(), loop=loop))
        try:
            node.run()
        finally:
            node.dispose()


if __name__ == "__main__":
    main()
