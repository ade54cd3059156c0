"""The native back end of one data client: its REST client, its stream, and what the handlers share."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native import _okx
from nautilus_trader.adapters.okx.native.config import OKXNativeDataClientConfig
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.instruments import SPREAD, InstrumentMeta
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.params import ParamsChecker
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.common.enums import LogColor
from nautilus_trader.core.nautilus_pyo3 import OKXEnvironment, OKXRegion
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

PUBLIC_SUFFIX: Final = "/public"


class UnknownInstrumentError(LookupError):
    """A command for an instrument nobody loaded."""


Config = OKXNativeDataClientConfig | OKXNativeExecClientConfig


def region_of(config: Config) -> str:
    return (config.region or OKXRegion.GLOBAL).name.lower()


def environment_of(config: Config) -> str:
    return (config.environment or OKXEnvironment.LIVE).name.lower()


def business_url(config: OKXNativeDataClientConfig) -> str | None:
    """The business URL: as configured, else beside the public one, else (None) OKX's own."""
    if config.base_url_ws_business or config.base_url_ws is None:
        return config.base_url_ws_business
    return str(config.base_url_ws).rsplit("/", 1)[0] + "/business"


def build_http_client(config: Config, keys: Keys | None = None) -> _okx.OkxHttpClient:
    """A REST client by the config's addresses, keys (or the given ones), time-outs and retries."""
    return _okx.OkxHttpClient(
        base_url=config.base_url_http,
        region=region_of(config),
        environment=environment_of(config),
        api_key=keys.api_key if keys else config.api_key,
        api_secret=keys.api_secret if keys else config.api_secret,
        api_passphrase=keys.api_passphrase if keys else config.api_passphrase,
        timeout_secs=float(config.http_timeout_secs or 60),
        max_retries=config.max_retries if config.max_retries is not None else 3,
        retry_delay_initial_ms=config.retry_delay_initial_ms or 1_000,
        retry_delay_max_ms=config.retry_delay_max_ms or 10_000,
        proxy_url=config.proxy_url,
        ca_pem=config.ca_pem(),
    )


def build_provider(client: _okx.OkxHttpClient, config: Config, clock: LiveClock) -> OKXNativeInstrumentProvider:
    """An instrument provider by the config."""
    return OKXNativeInstrumentProvider(
        client=client,
        instrument_types=config.instrument_types,
        contract_types=config.contract_types,
        instrument_families=config.instrument_families,
        load_spreads=config.load_spreads,
        config=config.instrument_provider,
        clock=clock,
    )


class NativeBackend:
    """What the native handlers share. `emit` is the client's `_handle_data`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        config: OKXNativeDataClientConfig,
        http: _okx.OkxHttpClient,
        provider: OKXNativeInstrumentProvider,
        cache: Cache,
        clock: LiveClock,
        log: Logger,
        emit: Callable[[Any], None],
    ) -> None:
        self.config = config
        self.http = http
        self.provider = provider
        self.cache = cache
        self.clock = clock
        self.log = log
        self.emit = emit
        self.params = ParamsChecker(log.warning)
        self.row_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.listeners: list[Callable[[Any], None]] = []
        """Who else wants to know what happens to the sockets."""
        self.stream = _okx.MarketDataStream(
            on_data=emit,
            on_event=self._on_event,
            on_row=self._on_row,
            url_public=config.base_url_ws,
            url_business=business_url(config),
            region=region_of(config),
            environment=environment_of(config),
            driver=config.driver,  # type: ignore[arg-type]
            api_key=config.api_key,
            api_secret=config.api_secret,
            api_passphrase=config.api_passphrase,
            vip_level=int(config.vip_level) if config.vip_level is not None else 0,
            ca_pem=config.ca_pem(),
            proxy_url=config.proxy_url,
            bars_timestamp_on_close=config.bars_timestamp_on_close,
            connect_timeout_secs=config.connect_timeout_secs,
            ack_timeout_secs=config.ack_timeout_secs,
            loop=loop,
        )

    async def connect(self) -> None:
        await self.stream.connect(self.config.connect_timeout_secs)
        self.log.info(f"Native stream connected ({self.stream.driver} driver)", LogColor.BLUE)

    async def close(self) -> None:
        await self.stream.close()
        self.http.close()

    # -- INSTRUMENTS ------------------------------------------------------------------------------

    def adopt(self, instrument: Instrument) -> None:
        """Make an instrument known to the parsers, at once and while connected."""
        meta = self.provider.meta(instrument.id)
        if meta is None or meta.inst_type == SPREAD:
            return
        self.stream.register_instrument(
            instrument.id,
            meta.inst_id,
            inst_type=meta.inst_type,
            price_precision=instrument.price_precision,
            size_precision=instrument.size_precision,
            index_inst_id=meta.index_inst_id,
            inst_family=meta.inst_family,
        )
        self.http.register_instrument(
            instrument.id,
            meta.inst_id,
            inst_type=meta.inst_type,
            price_precision=instrument.price_precision,
            size_precision=instrument.size_precision,
            index_inst_id=meta.index_inst_id,
        )

    def publish_instruments(self) -> None:
        """Hand currencies and instruments of the provider to the parsers, the cache and the data engine."""
        for currency in self.provider.currencies().values():
            self.cache.add_currency(currency)
        for instrument in self.provider.get_all().values():
            self.adopt(instrument)
            self.emit(instrument)

    def publish(self, instrument: Instrument) -> None:
        """The same for one new or changed instrument."""
        self.adopt(instrument)
        self.emit(instrument)

    def require(self, instrument_id: InstrumentId) -> InstrumentMeta:
        """The metadata of a loaded instrument. Raises `UnknownInstrumentError`."""
        meta = self.provider.meta(instrument_id)
        if meta is None:
            raise UnknownInstrumentError(
                f"{instrument_id} is not loaded: request the instrument first, or add it to instrument_types, "
                "instrument_families or load_ids of the client's config"
            )
        if meta.inst_type == SPREAD:
            raise NotImplementedError(
                f"{instrument_id} is a spread: market data of spreads is not available on the native back end"
            )
        return meta

    # -- STREAM CALLBACKS -------------------------------------------------------------------------

    def _on_event(self, event: "_okx.StreamEvent") -> None:
        for listener in self.listeners:
            listener(event)
        message = event["message"]
        advice = event.get("advice")
        text = f"{message} ({advice})" if advice and advice not in message else message
        match event["level"]:
            case "error":
                self.log.error(text)
            case "warning":
                self.log.warning(text)
            case "info":
                self.log.info(text)
            case _:
                self.log.debug(text)

    def _on_row(self, channel: str, row: dict[str, Any]) -> None:
        handler = self.row_handlers.get(channel)
        if handler is None:
            self.log.warning(f"Row of channel {channel!r}, which nobody subscribed")
            return
        try:
            handler(row)
        except (KeyError, TypeError, ValueError, ArithmeticError) as e:
            self.log.error(f"Row of channel {channel!r} cannot be used ({type(e).__name__}: {e}): {str(row)[:200]}")
