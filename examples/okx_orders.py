"""Limit, bracket and stop orders: a strategy that places them, moves them with the market, and cleans up.

python -m examples.okx_orders           # the simulated exchange, no keys, no network
python -m examples.okx_orders --demo    # OKX's demo trading
"""

from decimal import Decimal
from typing import Any

from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.enums import OrderSide, OrderType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.objects import Price
from nautilus_trader.trading.strategy import Strategy

from examples.trading_node import run

PERCENT = Decimal("0.01")


class OrdersConfig(StrategyConfig, frozen=True):
    """What to trade, and how much."""

    instrument_id: InstrumentId
    size: Decimal


class Orders(Strategy):  # type: ignore[misc]
    """On the first quote: a post-only limit order, a bracket, a stop. The limit order then follows the market."""

    def __init__(self, config: OrdersConfig) -> None:
        super().__init__(config)
        self.resting: Any = None

    def on_start(self) -> None:
        self.subscribe_quote_ticks(self.config.instrument_id)

    def on_quote_tick(self, quote: Any) -> None:
        if self.resting is None:
            self._place(quote)
            return
        # Half a percent away; moved when the market has moved a tenth.
        wished = self._price(quote.bid_price, Decimal("-0.5"))
        far = (
            abs(wished.as_decimal() - self.resting.price.as_decimal()) > self.resting.price.as_decimal() * PERCENT / 10
        )
        if self.resting.is_open and not self.resting.is_pending_update and far:
            self.modify_order(self.resting, price=wished)

    def _place(self, quote: Any) -> None:
        instrument_id, size = self.config.instrument_id, self._size()
        self.resting = self.order_factory.limit(
            instrument_id, OrderSide.BUY, size, self._price(quote.bid_price, Decimal("-0.5")), post_only=True
        )
        self.submit_order(self.resting)
        self.submit_order_list(
            self.order_factory.bracket(
                instrument_id=instrument_id,
                order_side=OrderSide.BUY,
                quantity=size,
                entry_order_type=OrderType.LIMIT,
                entry_price=self._price(quote.ask_price, Decimal("0.1")),
                tp_price=self._price(quote.ask_price, Decimal(2)),
                tp_post_only=False,
                sl_trigger_price=self._price(quote.ask_price, Decimal(-2)),
            )
        )
        self.submit_order(
            self.order_factory.stop_market(
                instrument_id, OrderSide.BUY, size, trigger_price=self._price(quote.ask_price, Decimal(1))
            )
        )

    def on_order_event(self, event: Any) -> None:
        self.log.info(f"{event}")

    def on_stop(self) -> None:
        self.cancel_all_orders(self.config.instrument_id)
        self.close_all_positions(self.config.instrument_id)

    def _size(self) -> Any:
        return self.cache.instrument(self.config.instrument_id).make_qty(self.config.size)

    def _price(self, price: Price, percent: Decimal) -> Price:
        instrument = self.cache.instrument(self.config.instrument_id)
        step = instrument.price_increment.as_decimal()
        return instrument.make_price(price.as_decimal() * (1 + percent * PERCENT) // step * step)


if __name__ == "__main__":
    run(Orders(OrdersConfig(instrument_id=InstrumentId.from_str("BTC-USDT-SWAP.OKX"), size=Decimal("0.5"))), __doc__)
