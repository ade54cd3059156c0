"""Native (Rust) back end for the OKX adapter, switchable method by method.

from nautilus_trader.adapters.okx.native import OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory

config = OKXNativeDataClientConfig(instrument_types=(OKXInstrumentType.SWAP,))
node.add_data_client_factory("OKX", OKXNativeLiveDataClientFactory)
"""

from nautilus_trader.adapters.okx.native._okx import (
    OkxConnectionError,
    OkxDecodeError,
    OkxError,
    OkxHttpClient,
    OkxHttpError,
    OkxSubscriptionError,
    OkxWebSocketClient,
    SimulatedExchange,
    __version__,
)
from nautilus_trader.adapters.okx.native.account_types import OKXAccountGreeks, OKXLiquidationWarning
from nautilus_trader.adapters.okx.native.config import ConfigError, OKXNativeDataClientConfig
from nautilus_trader.adapters.okx.native.custom_types import (
    OKXExchangeStatus,
    OKXLiquidation,
    OKXOpenInterest,
    OKXPriceLimit,
)
from nautilus_trader.adapters.okx.native.data import OKXNativeDataClient
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.execution import OKXNativeExecutionClient
from nautilus_trader.adapters.okx.native.factories import (
    OKXNativeLiveDataClientFactory,
    OKXNativeLiveExecClientFactory,
)
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.routing import RoutingError, engage_kill_switch
from nautilus_trader.adapters.okx.native.trading.account_check import AccountModeError
from nautilus_trader.adapters.okx.native.trading.actions import ActionError, OKXAction, OKXActionResult

__all__ = [
    "AccountModeError",
    "ActionError",
    "ConfigError",
    "OKXAccountGreeks",
    "OKXAction",
    "OKXActionResult",
    "OKXExchangeStatus",
    "OKXLiquidation",
    "OKXLiquidationWarning",
    "OKXNativeDataClient",
    "OKXNativeDataClientConfig",
    "OKXNativeExecClientConfig",
    "OKXNativeExecutionClient",
    "OKXNativeInstrumentProvider",
    "OKXNativeLiveDataClientFactory",
    "OKXNativeLiveExecClientFactory",
    "OKXOpenInterest",
    "OKXPriceLimit",
    "OkxConnectionError",
    "OkxDecodeError",
    "OkxError",
    "OkxHttpClient",
    "OkxHttpError",
    "OkxSubscriptionError",
    "OkxWebSocketClient",
    "RoutingError",
    "SimulatedExchange",
    "__version__",
    "engage_kill_switch",
]
