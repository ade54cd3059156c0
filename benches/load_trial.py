"""One trial of loading instruments: a data client's provider against the simulated exchange; prints one JSON line."""

import argparse
import asyncio
import json
import time
from typing import Any

from nautilus_trader.adapters.okx import OKXDataClientConfig, OKXLiveDataClientFactory
from nautilus_trader.adapters.okx.native import OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.model.identifiers import TraderId

BACKENDS: dict[str, tuple[Any, Any]] = {
    "native": (OKXNativeLiveDataClientFactory, OKXNativeDataClientConfig),
    "python": (OKXLiveDataClientFactory, OKXDataClientConfig),
}


async def trial(backend: str, url: str) -> dict[str, float]:
    factory, config_type = BACKENDS[backend]
    clock = LiveClock()
    msgbus = MessageBus(trader_id=TraderId("BENCH-001"), clock=clock)
    config = config_type(
        api_key="key",
        api_secret="secret",
        api_passphrase="passphrase",
        instrument_provider=InstrumentProviderConfig(load_all=True),
        instrument_types=(OKXInstrumentType.SPOT, OKXInstrumentType.SWAP, OKXInstrumentType.FUTURES),
        base_url_http=url,
        base_url_ws=url.replace("http", "ws", 1) + "/ws/v5/public",
    )
    client = factory.create(asyncio.get_running_loop(), "OKX", config, msgbus, Cache(), clock)
    provider = client._instrument_provider
    start = time.monotonic_ns()
    await provider.initialize()
    return {"ms": (time.monotonic_ns() - start) / 1e6, "count": float(provider.count)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--backend", choices=tuple(BACKENDS), required=True)
    parser.add_argument("--url", required=True)
    args = parser.parse_args()
    import uvloop

    print(json.dumps(uvloop.run(trial(args.backend, args.url))), flush=True)


if __name__ == "__main__":
    main()
