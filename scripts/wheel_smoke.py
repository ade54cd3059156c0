"""Run by wheel_check.sh in a fresh environment: the overlay merges into the stock package and the data path works."""

import asyncio

import nautilus_trader.adapters.okx as stock
from nautilus_trader.adapters.okx.native import OKXNativeDataClientConfig, OKXNativeLiveDataClientFactory
from nautilus_trader.adapters.okx.native._okx import OkxHttpClient, SimulatedExchange, handover_report


async def main() -> None:
    assert stock.OKXDataClientConfig in OKXNativeDataClientConfig.__mro__
    assert OKXNativeLiveDataClientFactory.create is not None
    assert handover_report()["mode"] == "capsule", handover_report()
    with SimulatedExchange(seed=1) as exchange:
        client = OkxHttpClient(base_url=exchange.rest_url)
        rows = await client.instruments("SPOT")
        assert any(row["inst_id"] == "BTC-USDT" for row in rows)
        client.close()


asyncio.run(main())
