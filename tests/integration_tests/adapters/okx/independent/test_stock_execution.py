"""The stock adapter of nautilus_trader 1.231.0 trades in a TradingNode, on its own transport, against the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx import (
    OKX,
    OKXDataClientConfig,
    OKXExecClientConfig,
    OKXLiveDataClientFactory,
    OKXLiveExecClientFactory,
)
from nautilus_trader.adapters.okx import factories as stock_factories
from nautilus_trader.adapters.okx.native._okx import SimulatedExchange
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.config import LiveExecEngineConfig, LoggingConfig, StrategyConfig, TradingNodeConfig
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import OrderSide, OrderStatus, TimeInForce
from nautilus_trader.model.identifiers import InstrumentId, TraderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.trading.strategy import Strategy

SWAP = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
DEADLINE_SECS = 60


class Trader(Strategy):  # type: ignore[misc]
    """Keeps what the engine tells it; tests give the orders."""

    def __init__(self) -> None:
        # OKX takes letters and digits only (S41).
        super().__init__(StrategyConfig(use_hyphens_in_client_order_ids=False))
        self.told: list[Any] = []
        self.arrived = asyncio.Event()
        self.started = asyncio.Event()

    def on_start(self) -> None:
        self.started.set()

    def on_event(self, event: Any) -> None:
        self.told.append(event)
        self.arrived.set()

    def names(self, order: Any) -> list[str]:
        own = [e for e in self.told if getattr(e, "client_order_id", None) == order.client_order_id]
        return [type(e).__name__.removeprefix("Order") for e in own if type(e).__name__.startswith("Order")]

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(DEADLINE_SECS):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    # The node opens four connections at once, one more than OKX takes in a second.
    with SimulatedExchange(seed=22, config={"limits": {"connects_per_s": 0}}) as running:
        yield running


@pytest.fixture
async def trader(exchange: SimulatedExchange) -> AsyncIterator[Trader]:
    # A closed client stays cancelled in the stock factory's cache (S55).
    stock_factories.get_cached_okx_http_client.cache_clear()
    stock_factories.get_cached_okx_instrument_provider.cache_clear()
    common = {
        "api_key": exchange.api_key,
        "api_secret": exchange.api_secret,
        "api_passphrase": exchange.api_passphrase,
        "instrument_provider": InstrumentProviderConfig(load_all=True),
        "instrument_types": (OKXInstrumentType.SWAP,),
        "base_url_http": exchange.rest_url,
    }
    config = TradingNodeConfig(
        trader_id=TraderId("TESTER-001"),
        logging=LoggingConfig(log_level="OFF"),
        timeout_disconnection=10.0,
        timeout_post_stop=0.1,
        exec_engine=LiveExecEngineConfig(reconciliation=True, reconciliation_startup_delay_secs=0.1),
        data_clients={OKX: OKXDataClientConfig(**common, base_url_ws=exchange.ws_public_url)},
        exec_clients={
            OKX: OKXExecClientConfig(**common, base_url_ws=exchange.ws_private_url, margin_mode=OKXMarginMode.CROSS)
        },
    )
    node = TradingNode(config=config, loop=asyncio.get_running_loop())
    node.add_data_client_factory(OKX, OKXLiveDataClientFactory)
    node.add_exec_client_factory(OKX, OKXLiveExecClientFactory)
    strategy = Trader()
    node.trader.add_strategy(strategy)
    node.build()
    task = asyncio.create_task(node.run_async())
    async with asyncio.timeout(DEADLINE_SECS):
        await strategy.started.wait()
    yield strategy
    await node.stop_async()
    await task
    node.kernel.dispose()  # node.dispose() would stop the loop of the test


def best(exchange: SimulatedExchange, side: str) -> float:
    return float(exchange.book("BTC-USDT-SWAP")[side][0][0])


async def test_market_order_position_and_close(exchange: SimulatedExchange, trader: Trader) -> None:
    order = trader.order_factory.market(SWAP, OrderSide.BUY, Quantity.from_str("0.50"), TimeInForce.GTC)
    trader.submit_order(order)
    await trader.until(lambda: order.status == OrderStatus.FILLED and "Filled" in trader.names(order))
    # The acknowledgement and the push of a taker may both become Accepted.
    assert list(dict.fromkeys(trader.names(order))) == ["Initialized", "Submitted", "Accepted", "Filled"]
    (position,) = trader.cache.positions_open(instrument_id=SWAP)
    assert str(position.quantity) == "0.50"
    state = exchange.control("/control/account")
    assert state["positions"][0]["pos"] == "0.5"
    assert float(state["positions"][0]["avgPx"]) == pytest.approx(float(position.avg_px_open))
    trader.close_position(position)
    await trader.until(lambda: not trader.cache.positions_open(instrument_id=SWAP))
    assert exchange.control("/control/account")["positions"] == []


async def test_limit_order_is_amended_and_canceled(exchange: SimulatedExchange, trader: Trader) -> None:
    px = round(best(exchange, "bids") * 0.995, 1)
    order = trader.order_factory.limit(
        SWAP, OrderSide.BUY, Quantity.from_str("0.50"), Price.from_str(f"{px:.1f}"), post_only=True
    )
    trader.submit_order(order)
    await trader.until(lambda: order.status == OrderStatus.ACCEPTED)
    trader.modify_order(order, price=Price.from_str(f"{px - 10:.1f}"))
    await trader.until(lambda: "Updated" in trader.names(order))
    assert exchange.control("/control/account")["orders"][0]["px"] == f"{px - 10:.1f}".rstrip("0").rstrip(".")
    trader.cancel_order(order)
    await trader.until(lambda: order.status == OrderStatus.CANCELED)
    assert exchange.control("/control/account")["orders"] == []


async def test_an_order_beyond_the_funds_is_rejected(exchange: SimulatedExchange, trader: Trader) -> None:
    px = round(best(exchange, "bids") * 0.995, 1)
    order = trader.order_factory.limit(SWAP, OrderSide.BUY, Quantity.from_str("9000.00"), Price.from_str(f"{px:.1f}"))
    trader.submit_order(order)
    await trader.until(lambda: order.status in (OrderStatus.REJECTED, OrderStatus.DENIED))
    assert exchange.control("/control/account")["orders"] == []


async def test_a_resting_order_is_filled_in_two_parts(exchange: SimulatedExchange, trader: Trader) -> None:
    px = round(best(exchange, "bids") * 0.995, 1)
    order = trader.order_factory.limit(SWAP, OrderSide.BUY, Quantity.from_str("0.50"), Price.from_str(f"{px:.1f}"))
    trader.submit_order(order)
    await trader.until(lambda: order.status == OrderStatus.ACCEPTED)
    fill = {"op": "account.fill", "clOrdId": order.client_order_id.value}
    exchange.control("/control/script", fill | {"sz": "0.2"})
    await trader.until(lambda: order.status == OrderStatus.PARTIALLY_FILLED)
    assert str(order.filled_qty) == "0.20"
    exchange.control("/control/script", fill)
    await trader.until(lambda: trader.names(order).count("Filled") == 2)
    assert order.status == OrderStatus.FILLED
    paid = [Decimal(row["fee"]) for row in exchange.control("/control/account")["fills"]]
    # OKX's fee is what the account gains, Nautilus' commission what it pays.
    assert [event.commission.as_decimal() for event in trader.told if type(event).__name__ == "OrderFilled"] == [
        -fee for fee in paid
    ]
    account = trader.portfolio.account(SWAP.venue)
    venue = {row["ccy"]: row["cashBal"] for row in exchange.control("/control/account")["balances"]}

    def held() -> Decimal:
        total: Decimal = account.balance_total(USDT).as_decimal()
        return total

    # The account's equity holds the position's gain as well.
    await trader.until(lambda: abs(held() - Decimal(venue["USDT"])) < 1)
