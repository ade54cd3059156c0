"""The TradingNode: the stock classes or the native ones, one import and one config class apart."""

from pathlib import Path
from typing import Any

from nautilus_trader.adapters.okx import (
    OKX,
    OKXDataClientConfig,
    OKXExecClientConfig,
    OKXLiveDataClientFactory,
    OKXLiveExecClientFactory,
)
from nautilus_trader.adapters.okx.native import (
    OKXNativeDataClientConfig,
    OKXNativeExecClientConfig,
    OKXNativeLiveDataClientFactory,
    OKXNativeLiveExecClientFactory,
)
from nautilus_trader.config import InstrumentProviderConfig, LiveExecEngineConfig, LoggingConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.live.factories import LiveDataClientFactory, LiveExecClientFactory
from nautilus_trader.live.node import TradingNode

from examples.run.simulator import Simulator


def build_node(backend: str, simulator: Simulator, log_directory: Path) -> tuple[TradingNode, Any, Any]:
    """A node with the OKX clients on the simulator, and its data and execution client; logs go to `log_directory`."""
    config_type, stock_or_native = (
        (OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory)
        if backend == "native"
        else (OKXDataClientConfig, OKXLiveDataClientFactory)
    )
    exec_config_type, exec_factory = (
        (OKXNativeExecClientConfig, OKXNativeLiveExecClientFactory)
        if backend == "native"
        else (OKXExecClientConfig, OKXLiveExecClientFactory)
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
    exec_config = exec_config_type(
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SPOT, OKXInstrumentType.SWAP),
        margin_mode=OKXMarginMode.CROSS,
        base_url_http=simulator.rest,
        base_url_ws=simulator.ws_private,
        api_key=simulator.api_key,
        api_secret=simulator.api_secret,
        api_passphrase=simulator.passphrase,
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
            exec_engine=LiveExecEngineConfig(reconciliation=True, reconciliation_startup_delay_secs=0.5),
            data_clients={OKX: config},
            exec_clients={OKX: exec_config},
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

    class ExecFactory(LiveExecClientFactory):  # type: ignore[misc]
        """Keeps the execution client, too."""

        @staticmethod
        def create(*args: Any, **kwargs: Any) -> Any:
            created.append(exec_factory.create(*args, **kwargs))
            return created[-1]

    node.add_data_client_factory(OKX, Factory)
    node.add_exec_client_factory(OKX, ExecFactory)
    node.build()
    data_client, exec_client = created
    return node, data_client, exec_client
