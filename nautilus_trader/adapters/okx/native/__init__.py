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
from nautilus_trader.adapters.okx.native.config import ConfigError, OKXNativeDataClientConfig
from nautilus_trader.adapters.okx.native.custom_types import (
    OKXExchangeStatus,
    OKXLiquidation,
    OKXOpenInterest,
    OKXPriceLimit,
)
from nautilus_trader.adapters.okx.native.data import OKXNativeDataClient
from nautilus_trader.adapters.okx.native.factories import OKXNativeLiveDataClientFactory
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.routing import RoutingError, engage_kill_switch

__all__ = [
    "ConfigError",
    "OKXExchangeStatus",
    "OKXLiquidation",
    "OKXNativeDataClient",
    "OKXNativeDataClientConfig",
    "OKXNativeInstrumentProvider",
    "OKXNativeLiveDataClientFactory",
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
