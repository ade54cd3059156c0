"""The stock clients as delegates: built only when a method is routed to them."""

import asyncio
from typing import Any

from nautilus_trader.adapters.okx.config import OKXDataClientConfig, OKXExecClientConfig
from nautilus_trader.adapters.okx.data import OKXDataClient
from nautilus_trader.adapters.okx.execution import OKXExecutionClient
from nautilus_trader.adapters.okx.factories import (
    OKXLiveDataClientFactory,
    OKXLiveExecClientFactory,
    get_cached_okx_http_client,
)
from nautilus_trader.adapters.okx.native.routing import BackendTable
from nautilus_trader.adapters.okx.types import OKX_INSTRUMENT_TYPES
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.core import nautilus_pyo3


def build_delegate(
    loop: asyncio.AbstractEventLoop,
    name: str | None,
    config: OKXDataClientConfig,
    msgbus: MessageBus,
    cache: Cache,
    clock: LiveClock,
    backends: BackendTable,
) -> OKXDataClient:
    """The stock client. What it emits goes to the data engine as always.

    Where instruments or their status are native, its own copies of them are held back: it emits those unasked, and
    they would overwrite the native ones.
    """
    if backends.any_native:
        # The stock client leaves its cached REST client cancelled after a disconnect; start from a fresh one.
        get_cached_okx_http_client.cache_clear()
    delegate = OKXLiveDataClientFactory.create(loop, name, config, msgbus, cache, clock)
    if backends.is_native("load_instruments"):
        delegate._send_all_instruments_to_data_engine = lambda: None
    drop_instruments = backends.is_native("subscribe_instruments") and backends.is_native("subscribe_instrument")
    drop_status = backends.is_native("subscribe_instrument_status")
    if drop_instruments or drop_status:
        _filter_messages(delegate, drop_instruments, drop_status)
    return delegate


def _filter_messages(delegate: OKXDataClient, drop_instruments: bool, drop_status: bool) -> None:
    handle = delegate._handle_msg

    def handle_msg(msg: Any) -> None:
        if drop_instruments and isinstance(msg, OKX_INSTRUMENT_TYPES):
            delegate._cache_instrument(msg)
        elif drop_status and isinstance(msg, nautilus_pyo3.InstrumentStatus):
            pass
        else:
            handle(msg)

    delegate._handle_msg = handle_msg


def build_exec_delegate(
    loop: asyncio.AbstractEventLoop,
    name: str | None,
    config: OKXExecClientConfig,
    msgbus: MessageBus,
    cache: Cache,
    clock: LiveClock,
    backends: BackendTable,
) -> OKXExecutionClient:
    """The stock execution client. What it emits goes to the engines as always."""
    if backends.any_native:
        get_cached_okx_http_client.cache_clear()
    return OKXLiveExecClientFactory.create(loop, name, config, msgbus, cache, clock)
