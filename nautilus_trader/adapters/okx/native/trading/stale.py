"""Instruments whose number at OKX has changed (a relisting): a refusal of the number makes it be asked for anew."""

from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.instruments import InstrumentError
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.common.component import Logger
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

REFUSALS: Final = ("51001:", "50014:")
"""How reasons begin that may be due to the number: it does not exist, it is missing."""
DENIAL: Final = "has no instIdCode yet"
"""What the order stream says where OKX had not given the instrument a number when it was loaded."""


class StaleInstruments:
    """Loads an instrument anew when an order on it was refused for its number; once at a time."""

    def __init__(
        self,
        provider: OKXNativeInstrumentProvider,
        adopt: Callable[[Instrument], None],
        create_task: Callable[..., Any],
        log: Logger,
    ) -> None:
        self._provider = provider
        self._adopt = adopt
        self._create_task = create_task
        self._log = log
        self._under_way: set[InstrumentId] = set()

    def on_refusal(self, instrument_id: InstrumentId, reason: str) -> None:
        """A command was refused or denied: see whether that was for the number."""
        is_for_it = reason.startswith(REFUSALS) or DENIAL in reason
        if is_for_it and instrument_id not in self._under_way:
            self._under_way.add(instrument_id)
            self._create_task(self._reload(instrument_id), log_msg=f"load {instrument_id} anew")

    async def _reload(self, instrument_id: InstrumentId) -> None:
        try:
            found = await self._provider.fetch(instrument_id)
        except (OkxError, InstrumentError) as e:
            self._log.warning(f"{instrument_id} could not be loaded anew, orders on it stay refused: {e}")
        else:
            self._adopt(found)
            meta = self._provider.meta(instrument_id)
            code = meta.inst_id_code if meta is not None else None
            self._log.info(f"{instrument_id} was loaded anew, its number at OKX is {code}: submit the order again")
        finally:
            self._under_way.discard(instrument_id)
