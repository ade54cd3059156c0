"""Dead-man switch: OKX cancels the orders of a client that it has not heard of for ten seconds.

The example stops cleanly, so that the switch is disarmed and the order stays. Kill it (Ctrl-\\) instead, and OKX
cancels the order ten seconds later.

python -m examples.okx_dead_man
"""

from decimal import Decimal
from typing import Any

from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

from examples.trading_node import run


class RestingConfig(StrategyConfig, frozen=True):
    """What to trade."""

    instrument_id: InstrumentId


class Resting(Strategy):  # type: ignore[misc]
    """One order half a percent below the market."""

    def __init__(self, config: RestingConfig) -> None:
        super().__init__(config)
        self.placed = False

    def on_start(self) -> None:
        self.subscribe_quote_ticks(self.config.instrument_id)

    def on_quote_tick(self, quote: Any) -> None:
        if self.placed:
            return
        self.placed = True
        instrument = self.cache.instrument(self.config.instrument_id)
        price = instrument.make_price(quote.bid_price.as_decimal() * Decimal("0.995"))
        size = instrument.make_qty(instrument.min_quantity.as_decimal())
        self.submit_order(self.order_factory.limit(instrument.id, OrderSide.BUY, size, price))


if __name__ == "__main__":
    config = RestingConfig(instrument_id=InstrumentId.from_str("BTC-USDT-SWAP.OKX"))
    run(Resting(config), __doc__, cancel_all_after_secs=10, order_tag="deadman")
