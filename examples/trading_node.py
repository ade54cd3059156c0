"""What the trading examples share: a node on the simulated exchange, or on OKX's demo trading with keys."""

import argparse
import asyncio
from contextlib import ExitStack
from typing import Any

from nautilus_trader.adapters.okx.native import (
    OKXNativeDataClientConfig,
    OKXNativeExecClientConfig,
    OKXNativeLiveDataClientFactory,
    OKXNativeLiveExecClientFactory,
    SimulatedExchange,
)
from nautilus_trader.config import InstrumentProviderConfig, LoggingConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXEnvironment, OKXInstrumentType, OKXMarginMode
from nautilus_trader.live.node import TradingNode
from nautilus_trader.trading.strategy import Strategy


def run(
    strategy: Strategy,
    description: str | None,
    account: dict[str, Any] | None = None,
    seconds: float = 10.0,
    **fields: Any,
) -> None:
    """Trade with a strategy for some seconds. `account` sets up the simulated account, `fields` the execution client.

    With `--demo`, orders go to OKX's demo trading: keys from OKX_API_KEY, OKX_API_SECRET and OKX_API_PASSPHRASE.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", action="store_true", help="OKX's demo trading instead of the simulated exchange")
    parser.add_argument("--seconds", type=float, default=seconds)
    args = parser.parse_args()
    common: dict[str, Any] = {
        "instrument_types": (OKXInstrumentType.SWAP,),
        "instrument_provider": InstrumentProviderConfig(load_all=True),
    }
    data, orders = dict(common), common | {"margin_mode": OKXMarginMode.CROSS} | fields
    with ExitStack() as stack:
        if args.demo:
            data["environment"] = orders["environment"] = OKXEnvironment.DEMO
        else:
            exchange = stack.enter_context(SimulatedExchange(config={"accounts": [account or {}]}))
            data |= {"base_url_http": exchange.rest_url, "base_url_ws": exchange.ws_public_url}
            orders |= {
                "base_url_http": exchange.rest_url,
                "base_url_ws": exchange.ws_private_url,
                "api_key": exchange.api_key,
                "api_secret": exchange.api_secret,
                "api_passphrase": exchange.api_passphrase,
            }
        node = TradingNode(
            TradingNodeConfig(
                trader_id="EXAMPLE-001",
                logging=LoggingConfig(log_level="INFO"),
                data_clients={"OKX": OKXNativeDataClientConfig(**data)},
                exec_clients={"OKX": OKXNativeExecClientConfig(**orders)},
            )
        )
        node.add_data_client_factory("OKX", OKXNativeLiveDataClientFactory)
        node.add_exec_client_factory("OKX", OKXNativeLiveExecClientFactory)
        node.trader.add_strategy(strategy)
        node.build()
        loop = node.get_event_loop()
        loop.call_later(args.seconds, lambda: asyncio.ensure_future(node.stop_async(), loop=loop))
        try:
            node.run()
        finally:
            node.dispose()
