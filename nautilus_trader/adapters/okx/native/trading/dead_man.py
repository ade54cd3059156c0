"""The dead-man switch: OKX cancels the orders of a client that it has not heard of for some seconds."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError, OkxHttpClient
from nautilus_trader.common.component import Logger

REFRESHES: Final = 3
"""How often the count-down is started anew before it would run out: two failures in a row do no harm."""
DISARM_TIMEOUT_SECS: Final = 2.0


class DeadManSwitch:
    """Arms `POST /trade/cancel-all-after` and starts its count-down anew at a third of the time.

    It does not cover spreads and conditional orders (OKX). While REST cannot be reached the count-down runs out:
    that is what it is for.
    """

    def __init__(self, http: OkxHttpClient, secs: int, tag: str | None, log: Logger) -> None:
        self._http = http
        self._secs = secs
        self._tag = tag
        self._log = log
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._asking = asyncio.Lock()

    @property
    def is_armed(self) -> bool:
        return self._task is not None

    async def arm(self, create_task: Callable[..., Any]) -> None:
        """Start the count-down. Raises `OkxError` if OKX refuses: better no start than no switch."""
        await self._http.cancel_all_after(self._secs, self._tag)
        covered = f"orders with tag {self._tag}" if self._tag else "all orders of the account"
        self._log.info(f"Dead-man switch armed: OKX cancels {covered} after {self._secs} s without us")
        self._task = create_task(self._run(), log_msg="refresh the dead-man switch")

    async def disarm(self) -> None:
        """Stop the count-down: orders stay as they are."""
        if self._task is None:
            return
        try:
            async with asyncio.timeout(DISARM_TIMEOUT_SECS), self._asking:
                # Not while a refresh is under way, which would arm it again.
                self._stop()
                await self._http.cancel_all_after(0, self._tag)
            self._log.info("Dead-man switch disarmed")
        except (OkxError, TimeoutError) as e:
            self._stop()
            self._log.warning(
                f"Dead-man switch could not be disarmed: OKX will cancel open orders within {self._secs} s "
                f"({e or 'no answer'})"
            )

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        try:
            while True:
                await asyncio.sleep(self._secs / REFRESHES)
                async with self._asking:
                    await self._refresh()
        except asyncio.CancelledError:
            return  # disarmed: no fault

    async def _refresh(self) -> None:
        try:
            await self._http.cancel_all_after(self._secs, self._tag)
        except OkxError as e:
            self._failures += 1
            self._log.warning(f"Dead-man switch not refreshed ({self._failures} in a row): {e}")
        else:
            self._failures = 0
