"""Reloading the instruments every so often (`update_instruments_interval_mins`)."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.adapters.okx.native.endings import FeedEndings

SECONDS_PER_MINUTE: Final = 60


class InstrumentRefresher:
    """Asks OKX for the configured lists again and publishes what is new or changed."""

    def __init__(self, backend: NativeBackend, interval_mins: float, endings: FeedEndings | None = None) -> None:
        self._backend = backend
        self._endings = endings
        self._interval_secs = interval_mins * SECONDS_PER_MINUTE
        self._task: asyncio.Task[None] | None = None

    def start(self, create_task: Callable[..., Any]) -> None:
        self._task = create_task(self._run(), log_msg="refresh instruments")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        # Cancelled by the disconnect; ends quietly, because that is no fault.
        try:
            while True:
                await asyncio.sleep(self._interval_secs)
                await self.refresh()
        except asyncio.CancelledError:
            return

    async def refresh(self) -> int:
        """Reload once; the number of instruments published."""
        provider = self._backend.provider
        before = {instrument_id: comparable(item) for instrument_id, item in provider.get_all().items()}
        try:
            await provider.initialize(reload=True)
        except OkxError as e:
            self._backend.log.warning(f"Instruments could not be reloaded, keeping the old ones: {e}")
            return 0
        changed = [i for i in provider.get_all().values() if before.get(i.id) != comparable(i)]
        for instrument in changed:
            self._backend.publish(instrument)
            if self._endings is not None:
                self._endings.listed(instrument)
        for instrument_id in provider.take_gone():
            if self._endings is not None:
                self._endings.delisted(instrument_id)
        if changed:
            self._backend.log.info(f"{len(changed)} instrument(s) new or changed")
        return len(changed)


def comparable(instrument: Any) -> dict[str, Any]:
    """The fields of an instrument but the time it was built."""
    fields: dict[str, Any] = type(instrument).to_dict(instrument)
    return {name: value for name, value in fields.items() if name not in ("ts_event", "ts_init")}
