"""The data client: it routes every hook of the base class to the native back end or to the stock client."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.data import OKXDataClient
from nautilus_trader.adapters.okx.native import _okx, routing
from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.adapters.okx.native.config import OKXNativeDataClientConfig
from nautilus_trader.adapters.okx.native.custom_data import CustomStreams
from nautilus_trader.adapters.okx.native.delegate import build_delegate
from nautilus_trader.adapters.okx.native.endings import FeedEndings
from nautilus_trader.adapters.okx.native.methods import Kind
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.refresh import InstrumentRefresher
from nautilus_trader.adapters.okx.native.requests import NativeRequests
from nautilus_trader.adapters.okx.native.routing import BackendTable
from nautilus_trader.adapters.okx.native.streams import NativeStreams
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.enums import LogColor
from nautilus_trader.common.providers import InstrumentProvider
from nautilus_trader.data.messages import (
    RequestBars,
    RequestData,
    RequestForwardPrices,
    RequestFundingRates,
    RequestInstrument,
    RequestInstruments,
    RequestOrderBookDeltas,
    RequestOrderBookDepth,
    RequestOrderBookSnapshot,
    RequestQuoteTicks,
    RequestTradeTicks,
    SubscribeBars,
    SubscribeData,
    SubscribeFundingRates,
    SubscribeIndexPrices,
    SubscribeInstrument,
    SubscribeInstrumentClose,
    SubscribeInstruments,
    SubscribeInstrumentStatus,
    SubscribeMarkPrices,
    SubscribeOptionGreeks,
    SubscribeOrderBook,
    SubscribeQuoteTicks,
    SubscribeTradeTicks,
    UnsubscribeBars,
    UnsubscribeData,
    UnsubscribeFundingRates,
    UnsubscribeIndexPrices,
    UnsubscribeInstrument,
    UnsubscribeInstrumentClose,
    UnsubscribeInstruments,
    UnsubscribeInstrumentStatus,
    UnsubscribeMarkPrices,
    UnsubscribeOptionGreeks,
    UnsubscribeOrderBook,
    UnsubscribeQuoteTicks,
    UnsubscribeTradeTicks,
)
from nautilus_trader.live.data_client import LiveMarketDataClient
from nautilus_trader.model.identifiers import ClientId

Handler = Callable[[Any], Awaitable[None]]


class OKXNativeDataClient(LiveMarketDataClient):  # type: ignore[misc]
    """
    Provides a data client for OKX whose methods run natively or on the stock client, as configured.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
        The event loop for the client.
    client : OkxHttpClient
        The native REST client.
    msgbus : MessageBus
        The message bus for the client.
    cache : Cache
        The cache for the client.
    clock : LiveClock
        The clock for the client.
    instrument_provider : OKXNativeInstrumentProvider
        The instrument provider.
    config : OKXNativeDataClientConfig
        The configuration for the client.
    name : str, optional
        The custom client ID.

    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        client: _okx.OkxHttpClient,
        msgbus: MessageBus,
        cache: Cache,
        clock: LiveClock,
        instrument_provider: OKXNativeInstrumentProvider,
        config: OKXNativeDataClientConfig,
        name: str | None,
    ) -> None:
        super().__init__(
            loop=loop,
            client_id=ClientId(name or OKX_VENUE.value),
            venue=OKX_VENUE,
            msgbus=msgbus,
            cache=cache,
            clock=clock,
            instrument_provider=instrument_provider,
        )
        self._name = name
        self._config = config
        self._http_client = client
        self._native_provider = instrument_provider
        self._native: NativeBackend | None = None
        self._delegate: OKXDataClient | None = None
        self._handlers: dict[str, Handler] = {}
        self._refresher: InstrumentRefresher | None = None
        self._endings: FeedEndings | None = None
        self._backends = routing.resolve(config.backend, config.backends)
        if not self._backends.any_native:
            # The stock constructor's own complaints (such as missing keys) come as early as with the stock factory.
            self._use_delegate()

    @property
    def backends(self) -> BackendTable:
        """Which back end answers each method; frozen while connected."""
        return self._backends

    @property
    def delegate(self) -> OKXDataClient | None:
        """The stock client, if some method is routed to it."""
        return self._delegate

    @property
    def instrument_provider(self) -> InstrumentProvider:
        return self._instrument_provider

    def stats(self) -> "_okx.StreamStats | None":
        """Counters, gaps and latency of the native stream; None while nothing runs natively."""
        return self._native.stream.stats() if self._native else None

    # -- CONNECTION -------------------------------------------------------------------------------

    async def _connect(self) -> None:
        self._backends = routing.resolve(self._config.backend, self._config.backends)
        self._log_table()
        if self._backends.any_python:
            await self._connect_delegate()
        else:
            self._delegate = None
        if self._backends.any_native:
            self._config.check_native()
            await self._connect_native()

    async def _disconnect(self) -> None:
        if self._refresher is not None:
            self._refresher.stop()
            self._refresher = None
        if self._endings is not None:
            self._endings.stop()
            self._endings = None
        self._handlers.clear()
        if self._native is not None:
            native, self._native = self._native, None
            await native.close()
        if self._delegate is not None:
            await self._delegate._disconnect()

    async def _connect_delegate(self) -> None:
        self._use_delegate()
        assert self._delegate is not None
        await self._delegate._connect()

    def _use_delegate(self) -> None:
        self._delegate = build_delegate(
            self._loop, self._name, self._config, self._msgbus, self._cache, self._clock, self._backends
        )
        if not self._backends.is_native("load_instruments"):
            self._instrument_provider = self._delegate.instrument_provider

    async def _connect_native(self) -> None:
        report = _okx.handover_report()
        if report["reason"]:
            self._log.warning(f"Objects are handed over by the slower constructors: {report['reason']}")
        self._native = native = NativeBackend(
            loop=self._loop,
            config=self._config,
            http=self._http_client,
            provider=self._native_provider,
            cache=self._cache,
            clock=self._clock,
            log=self._log,
            emit=self._handle_data,
        )
        streams = NativeStreams(native, self.create_task)
        streams.owns_instruments = self._backends.is_native("load_instruments")
        for handler in (streams, NativeRequests(native, self), CustomStreams(native, self)):
            self._register(handler)
        self._endings = FeedEndings(native, streams, self._end_feed, self.create_task)
        try:
            await self._load_instruments(native)
            await native.connect()
        except BaseException:
            self._native = None
            self._handlers.clear()
            await native.close()
            raise

    async def _load_instruments(self, native: NativeBackend) -> None:
        await self._native_provider.initialize()
        if not self._backends.is_native("load_instruments"):
            # The stock client publishes its instruments; the parsers of the native methods need the same ids.
            for instrument in self._native_provider.get_all().values():
                native.adopt(instrument)
            return
        self._instrument_provider = self._native_provider
        native.publish_instruments()
        if self._config.update_instruments_interval_mins:
            self._refresher = InstrumentRefresher(native, self._config.update_instruments_interval_mins, self._endings)
            self._refresher.start(self.create_task)

    # -- ROUTING ----------------------------------------------------------------------------------

    def _register(self, handler: object) -> None:
        for name in (name for method in self._backends for name in pair_of(self._backends, method)):
            if hasattr(handler, name):
                self._handlers[name] = getattr(handler, name)

    async def _dispatch(self, name: str, command: Any) -> None:
        if not self._backends.is_native(name):
            if self._delegate is None:
                raise ConnectionError(f"{name}: the client is not connected")
            await getattr(self._delegate, "_" + name)(command)
            return
        native, handler = self._native, self._handlers.get(name)
        if native is None or handler is None:
            raise ConnectionError(f"{name}: the client is not connected")
        native.params.check(name, command.params)
        if name.startswith("subscribe"):
            try:
                await handler(command)
            except BaseException:
                self._forget(name, command)
                raise
            if self._endings is not None:
                await self._endings.began(name, command)
        else:
            await handler(command)
            if name.startswith("unsubscribe") and self._endings is not None:
                await self._endings.ended(name, command)

    async def _end_feed(self, name: str, command: Any) -> None:
        # The venue ended it: the engine may ask for it again, should it be listed again.
        self._forget(name, command)
        await self._handlers["un" + name](command)

    def _forget(self, name: str, command: Any) -> None:
        # A refused subscription must not count as one, or the engine would never ask for it again.
        if name == "subscribe":
            self._remove_subscription(command.data_type)
        elif name == "subscribe_bars":
            self._remove_subscription_bars(command.bar_type)
        elif name != "subscribe_instruments":
            getattr(self, "_remove_subscription_" + name.removeprefix("subscribe_"))(command.instrument_id)

    def _log_table(self) -> None:
        self._log.info("Back ends: " + "\n".join(self._backends.lines()), LogColor.BLUE)

    # -- SUBSCRIPTIONS ----------------------------------------------------------------------------

    async def _subscribe_instruments(self, command: SubscribeInstruments) -> None:
        await self._dispatch("subscribe_instruments", command)

    async def _unsubscribe_instruments(self, command: UnsubscribeInstruments) -> None:
        await self._dispatch("unsubscribe_instruments", command)

    async def _subscribe_instrument(self, command: SubscribeInstrument) -> None:
        await self._dispatch("subscribe_instrument", command)

    async def _unsubscribe_instrument(self, command: UnsubscribeInstrument) -> None:
        await self._dispatch("unsubscribe_instrument", command)

    async def _subscribe_order_book_deltas(self, command: SubscribeOrderBook) -> None:
        await self._dispatch("subscribe_order_book_deltas", command)

    async def _unsubscribe_order_book_deltas(self, command: UnsubscribeOrderBook) -> None:
        await self._dispatch("unsubscribe_order_book_deltas", command)

    async def _subscribe_order_book_depth(self, command: SubscribeOrderBook) -> None:
        await self._dispatch("subscribe_order_book_depth", command)

    async def _unsubscribe_order_book_depth(self, command: UnsubscribeOrderBook) -> None:
        await self._dispatch("unsubscribe_order_book_depth", command)

    async def _subscribe_quote_ticks(self, command: SubscribeQuoteTicks) -> None:
        await self._dispatch("subscribe_quote_ticks", command)

    async def _unsubscribe_quote_ticks(self, command: UnsubscribeQuoteTicks) -> None:
        await self._dispatch("unsubscribe_quote_ticks", command)

    async def _subscribe_trade_ticks(self, command: SubscribeTradeTicks) -> None:
        await self._dispatch("subscribe_trade_ticks", command)

    async def _unsubscribe_trade_ticks(self, command: UnsubscribeTradeTicks) -> None:
        await self._dispatch("unsubscribe_trade_ticks", command)

    async def _subscribe_bars(self, command: SubscribeBars) -> None:
        await self._dispatch("subscribe_bars", command)

    async def _unsubscribe_bars(self, command: UnsubscribeBars) -> None:
        await self._dispatch("unsubscribe_bars", command)

    async def _subscribe_mark_prices(self, command: SubscribeMarkPrices) -> None:
        await self._dispatch("subscribe_mark_prices", command)

    async def _unsubscribe_mark_prices(self, command: UnsubscribeMarkPrices) -> None:
        await self._dispatch("unsubscribe_mark_prices", command)

    async def _subscribe_index_prices(self, command: SubscribeIndexPrices) -> None:
        await self._dispatch("subscribe_index_prices", command)

    async def _unsubscribe_index_prices(self, command: UnsubscribeIndexPrices) -> None:
        await self._dispatch("unsubscribe_index_prices", command)

    async def _subscribe_funding_rates(self, command: SubscribeFundingRates) -> None:
        await self._dispatch("subscribe_funding_rates", command)

    async def _unsubscribe_funding_rates(self, command: UnsubscribeFundingRates) -> None:
        await self._dispatch("unsubscribe_funding_rates", command)

    async def _subscribe_instrument_status(self, command: SubscribeInstrumentStatus) -> None:
        await self._dispatch("subscribe_instrument_status", command)

    async def _unsubscribe_instrument_status(self, command: UnsubscribeInstrumentStatus) -> None:
        await self._dispatch("unsubscribe_instrument_status", command)

    async def _subscribe_instrument_close(self, command: SubscribeInstrumentClose) -> None:
        await self._dispatch("subscribe_instrument_close", command)

    async def _unsubscribe_instrument_close(self, command: UnsubscribeInstrumentClose) -> None:
        await self._dispatch("unsubscribe_instrument_close", command)

    async def _subscribe_option_greeks(self, command: SubscribeOptionGreeks) -> None:
        await self._dispatch("subscribe_option_greeks", command)

    async def _unsubscribe_option_greeks(self, command: UnsubscribeOptionGreeks) -> None:
        await self._dispatch("unsubscribe_option_greeks", command)

    async def _subscribe(self, command: SubscribeData) -> None:
        await self._dispatch("subscribe", command)

    async def _unsubscribe(self, command: UnsubscribeData) -> None:
        await self._dispatch("unsubscribe", command)

    def unsubscribe_option_greeks(self, command: UnsubscribeOptionGreeks) -> None:
        if self._delegate is not None and not self._backends.is_native("subscribe_option_greeks"):
            # The stock client overrides this hook to drop late greeks at once.
            self._remove_subscription_option_greeks(command.instrument_id)
            self._delegate.unsubscribe_option_greeks(command)
            return
        super().unsubscribe_option_greeks(command)

    # -- REQUESTS ---------------------------------------------------------------------------------

    async def _request_instrument(self, request: RequestInstrument) -> None:
        await self._dispatch("request_instrument", request)

    async def _request_instruments(self, request: RequestInstruments) -> None:
        await self._dispatch("request_instruments", request)

    async def _request_order_book_snapshot(self, request: RequestOrderBookSnapshot) -> None:
        await self._dispatch("request_order_book_snapshot", request)

    async def _request_order_book_deltas(self, request: RequestOrderBookDeltas) -> None:
        await self._dispatch("request_order_book_deltas", request)

    async def _request_order_book_depth(self, request: RequestOrderBookDepth) -> None:
        await self._dispatch("request_order_book_depth", request)

    async def _request_quote_ticks(self, request: RequestQuoteTicks) -> None:
        await self._dispatch("request_quote_ticks", request)

    async def _request_trade_ticks(self, request: RequestTradeTicks) -> None:
        await self._dispatch("request_trade_ticks", request)

    async def _request_bars(self, request: RequestBars) -> None:
        await self._dispatch("request_bars", request)

    async def _request_funding_rates(self, request: RequestFundingRates) -> None:
        await self._dispatch("request_funding_rates", request)

    async def _request_forward_prices(self, request: RequestForwardPrices) -> None:
        await self._dispatch("request_forward_prices", request)

    async def _request(self, request: RequestData) -> None:
        await self._dispatch("request", request)


def pair_of(backends: BackendTable, name: str) -> tuple[str, ...]:
    """The hooks of a registry entry: a stream has two."""
    method = backends.route(name).method
    return (name, "un" + name) if method.kind is Kind.STREAM else (name,)
