"""The TradingNode: the stock classes or the native ones, one import and one config class apart."""

from pathlib import Path
from typing import Any

from nautilus_trader.adapters.okx import OKX, OKXDataClientConfig, OKXLiveDataClientFactory
from nautilus_trader.adapters.okx.native import OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory
from nautilus_trader.config import InstrumentProviderConfig, LoggingConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.live.factories import LiveDataClientFactory
from nautilus_trader.live.node import TradingNode

from examples.run.simulator import Simulator


def build_node(backend: str, simulator: Simulator, log_directory: Path) -> tuple[TradingNode, Any]:
    """A node with one OKX data client on the simulator, and that client; logs go to `log_directory`."""
    config_type, stock_or_native = (
        (OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory)
        if backend == "native"
        else (OKXDataClientConfig, OKXLiveDataClientFactory)
    )
    # Public data needs no keys on the native back end; the stock client refuses to start without them.
    keys = (
        {}
        if backend == "native"
        else {
            "api_key": simulator.api_key,
            "api_secret": simulator.api_secret,
            "api_passphrase": simulator.passphrase,
        }
    )
    config = config_type(
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
        base_url_http=simulator.rest,
        base_url_ws=simulator.ws_public,
        **keys,
    )
    node = TradingNode(
        TradingNodeConfig(
            trader_id="RUN-001",
            logging=LoggingConfig(
                log_level="OFF",
                log_level_file="INFO",
                log_directory=str(log_directory),
                log_file_name=f"run-{backend}",
            ),
            data_clients={OKX: config},
            timeout_connection=30.0,
            timeout_disconnection=10.0,
        )
    )
    created: list[Any] = []

    class Factory(LiveDataClientFactory):  # type: ignore[misc]
        """Keeps the client, so that its statistics can be shown."""

        @staticmethod
        def create(*args: Any, **kwargs: Any) -> Any:
            created.append(stock_or_native.create(*args, **kwargs))
            return created[-1]

    node.add_data_client_factory(OKX, Factory)
    node.build()
    return node, created[0]
