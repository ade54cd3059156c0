"""Leverage: a strategy asks the account for it over the message bus, sets it, and trades when that is done.

python -m examples.okx_leverage
"""

from decimal import Decimal
from typing import Any

from nautilus_trader.adapters.okx.native import OKXAction, OKXActionResult
from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

from examples.trading_node import run

ENDPOINT = "OKX.action"


class LeveredConfig(StrategyConfig, frozen=True):
    """What to trade, and with what leverage."""

    instrument_id: InstrumentId
    leverage: Decimal


class Levered(Strategy):  # type: ignore[misc]
    """Sets the leverage, asks how much can be bought with it, and buys the least there is."""

    def on_start(self) -> None:
        self._ask("set_leverage", self.on_leverage, lever=self.config.leverage, mgn_mode="cross")

    def on_leverage(self, result: OKXActionResult) -> None:
        if not result.is_ok:
            self.log.error(f"Leverage was not set: {result.error}")
            return
        self.log.info(f"Leverage: {result.data}")
        self._ask("max_size", self.on_max_size, td_mode="cross")

    def on_max_size(self, result: OKXActionResult) -> None:
        self.log.info(f"Largest orders: {result.data if result.is_ok else result.error}")
        instrument = self.cache.instrument(self.config.instrument_id)
        size = instrument.make_qty(instrument.min_quantity.as_decimal())
        self.submit_order(self.order_factory.market(instrument.id, OrderSide.BUY, size))

    def on_stop(self) -> None:
        self.close_all_positions(self.config.instrument_id)

    def _ask(self, action: str, callback: Any, **arguments: Any) -> None:
        arguments["instrument_id"] = self.config.instrument_id
        self.msgbus.request(endpoint=ENDPOINT, request=OKXAction(action, arguments, callback))


if __name__ == "__main__":
    run(Levered(LeveredConfig(instrument_id=InstrumentId.from_str("BTC-USDT-SWAP.OKX"), leverage=Decimal(5))), __doc__)
