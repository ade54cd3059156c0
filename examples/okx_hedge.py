"""Hedge mode: a long and a short position on one instrument at the same time, closed one by one.

The account must be in long/short mode; `position_mode` says so to the client, and Nautilus then hedges.

python -m examples.okx_hedge
"""

from decimal import Decimal
from typing import Any

from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

from examples.trading_node import run


class HedgeConfig(StrategyConfig, frozen=True):
    """What to trade, and how much."""

    instrument_id: InstrumentId
    size: Decimal


class Hedge(Strategy):  # type: ignore[misc]
    """A buy opens the long position, a sell the short one; each is closed by a reduce-only order."""

    def __init__(self, config: HedgeConfig) -> None:
        super().__init__(config)
        self.opening: list[Any] = []

    def on_start(self) -> None:
        size = self.cache.instrument(self.config.instrument_id).make_qty(self.config.size)
        for side in (OrderSide.BUY, OrderSide.SELL):
            self.opening.append(self.order_factory.market(self.config.instrument_id, side, size))
        for order in self.opening:
            self.submit_order(order)

    def on_position_opened(self, event: Any) -> None:
        self.log.info(f"opened {event.position_id}")

    def on_order_filled(self, event: Any) -> None:
        opened = [order for order in self.opening if order.is_closed]
        if len(opened) == 2:
            self.opening.clear()
            for position in self.cache.positions_open(strategy_id=self.id):
                self.close_position(position)

    def on_position_closed(self, event: Any) -> None:
        self.log.info(f"closed {event.position_id}: {event.realized_pnl}")


if __name__ == "__main__":
    run(
        Hedge(HedgeConfig(instrument_id=InstrumentId.from_str("BTC-USDT-SWAP.OKX"), size=Decimal("0.5"))),
        __doc__,
        account={"pos_mode": "long_short_mode"},
        position_mode="long_short_mode",
    )
