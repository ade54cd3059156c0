"""Factories with the stock signatures."""

import asyncio

from nautilus_trader.adapters.okx.native import routing
from nautilus_trader.adapters.okx.native.backend import build_http_client, build_provider
from nautilus_trader.adapters.okx.native.config import OKXNativeDataClientConfig
from nautilus_trader.adapters.okx.native.data import OKXNativeDataClient
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.execution import OKXNativeExecutionClient
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.methods import EXECUTION
from nautilus_trader.adapters.okx.native.versions import require_supported
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.live.factories import LiveDataClientFactory, LiveExecClientFactory


class OKXNativeLiveDataClientFactory(LiveDataClientFactory):  # type: ignore[misc]
    """Provides native OKX data clients."""

    @staticmethod
    def create(
        loop: asyncio.AbstractEventLoop,
        name: str | None,
        config: OKXNativeDataClientConfig,
        msgbus: MessageBus,
        cache: Cache,
        clock: LiveClock,
    ) -> OKXNativeDataClient:
        """
        Create a native OKX data client.

        Parameters
        ----------
        loop : asyncio.AbstractEventLoop
            The event loop for the client.
        name : str
            The custom client ID (``OKX`` if empty).
        config : OKXNativeDataClientConfig
            The client configuration.
        msgbus : MessageBus
            The message bus for the client.
        cache : Cache
            The cache for the client.
        clock : LiveClock
            The clock for the client.

        Returns
        -------
        OKXNativeDataClient

        Raises
        ------
        UnsupportedVersionError
            If the installed ``nautilus_trader`` was not tested with the native back end.
        RoutingError
            If a back-end setting cannot be honoured.
        ConfigError
            If a config value cannot be honoured by the native back end.

        """
        require_supported()
        if not isinstance(config, OKXNativeDataClientConfig):
            raise TypeError(
                f"config is a {type(config).__name__}: the native factory takes an OKXNativeDataClientConfig "
                "(it has all fields of the stock config)"
            )
        backends = routing.resolve(config.backend, config.backends)
        if backends.any_native:
            config.check_native()
        client = build_http_client(config)
        return OKXNativeDataClient(
            loop=loop,
            client=client,
            msgbus=msgbus,
            cache=cache,
            clock=clock,
            instrument_provider=build_provider(client, config, clock),
            config=config,
            name=name,
        )


class OKXNativeLiveExecClientFactory(LiveExecClientFactory):  # type: ignore[misc]
    """Provides native OKX execution clients."""

    @staticmethod
    def create(
        loop: asyncio.AbstractEventLoop,
        name: str | None,
        config: OKXNativeExecClientConfig,
        msgbus: MessageBus,
        cache: Cache,
        clock: LiveClock,
    ) -> OKXNativeExecutionClient:
        """
        Create a native OKX execution client.

        Parameters
        ----------
        loop : asyncio.AbstractEventLoop
            The event loop for the client.
        name : str
            The custom client ID (``OKX`` if empty).
        config : OKXNativeExecClientConfig
            The client configuration.
        msgbus : MessageBus
            The message bus for the client.
        cache : Cache
            The cache for the client.
        clock : LiveClock
            The clock for the client.

        Returns
        -------
        OKXNativeExecutionClient

        Raises
        ------
        UnsupportedVersionError
            If the installed ``nautilus_trader`` was not tested with the native back end.
        RoutingError
            If a back-end setting cannot be honoured.
        ConfigError
            If a config value cannot be honoured by the native back end, or a key is missing.

        """
        require_supported()
        if not isinstance(config, OKXNativeExecClientConfig):
            raise TypeError(
                f"config is a {type(config).__name__}: the native factory takes an OKXNativeExecClientConfig "
                "(it has all fields of the stock config)"
            )
        backends = routing.resolve(config.backend, config.backends, registry=EXECUTION)
        routing.check_execution(backends)
        keys = None
        if backends.any_native:
            config.check_native()
            keys = Keys.of(config)
        client = build_http_client(config, keys)
        return OKXNativeExecutionClient(
            loop=loop,
            client=client,
            msgbus=msgbus,
            cache=cache,
            clock=clock,
            instrument_provider=build_provider(client, config, clock),
            config=config,
            name=name,
        )
