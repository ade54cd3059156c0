"""Instruments that become known after the connect: a data client publishes them, orders on them must be possible."""

from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.instruments import InstrumentError
from nautilus_trader.adapters.okx.native.trading.backend import NativeTrading
from nautilus_trader.common.component import MessageBus
from nautilus_trader.model.instruments import Instrument

TOPIC: Final = f"data.instrument.{OKX_VENUE.value}*"


class Listings:
    """Asks for the row of an instrument that is new or has changed: an order needs more of it than Nautilus has."""

    def __init__(self, native: NativeTrading, msgbus: MessageBus, create_task: Callable[..., Any]) -> None:
        self._native = native
        self._msgbus = msgbus
        self._create_task = create_task

    def start(self) -> None:
        self._msgbus.subscribe(topic=TOPIC, handler=self._on_instrument)

    def stop(self) -> None:
        self._msgbus.unsubscribe(topic=TOPIC, handler=self._on_instrument)

    def _on_instrument(self, instrument: Instrument) -> None:
        known = self._native.provider.find(instrument.id)
        if known is not None and _steps(known) == _steps(instrument):
            return
        self._create_task(self._fetch(instrument), log_msg=f"load {instrument.id} for trading")

    async def _fetch(self, instrument: Instrument) -> None:
        try:
            found = await self._native.provider.fetch(instrument.id)
        except (OkxError, InstrumentError) as e:
            self._native.log.warning(f"Orders on {instrument.id} are not possible yet: {e}")
            return
        self._native.adopt(found)


def _steps(instrument: Instrument) -> tuple[Any, ...]:
    return instrument.price_increment, instrument.size_increment, instrument.min_quantity, instrument.max_quantity
