"""Instruments that end while somebody is subscribed to them: expiry, delisting, a new name.

OKX says so on the `instruments` channel (a row in state `expired`; under a new name the same `instIdCode` goes on). Old
subscriptions may die silently or go on pushing, so the feeds are ended and the user is told. Where OKX says nothing,
the instrument's own expiry time tells, or the reload of the lists.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.adapters.okx.native.custom_data import instrument_of
from nautilus_trader.adapters.okx.native.instruments import InstrumentMeta, instrument_id_of
from nautilus_trader.adapters.okx.native.streams import NativeStreams
from nautilus_trader.model.data import DataType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

GRACE_SECS: Final = 5.0
"""After the time of its expiry, so long an instrument may take to be announced as expired."""
SUCCESSOR_SECS: Final = 300.0
"""So long the lists of a type are watched for the new name of what has ended."""
MAX_TIMER_SECS: Final = 86_400.0
MILLIS: Final = 1_000

Feed = tuple[str, object]


class FeedEndings:
    """Knows which feeds each instrument has, and ends them with it. `end_feed` undoes one subscription."""

    def __init__(
        self,
        backend: NativeBackend,
        streams: NativeStreams,
        end_feed: Callable[[str, Any], Awaitable[None]],
        create_task: Callable[..., Any],
    ) -> None:
        self._backend = backend
        self._streams = streams
        self._end_feed = end_feed
        self._create_task = create_task
        self._feeds: dict[InstrumentId, dict[Feed, Any]] = {}
        self._timers: dict[object, asyncio.TimerHandle] = {}
        self._former: dict[int, InstrumentId] = {}
        streams.on_expired = self.expired
        streams.on_listed = self.listed

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._feeds.clear()

    async def began(self, name: str, command: Any) -> None:
        """A subscription is live."""
        instrument_id = subject_of(command)
        meta = self._backend.provider.meta(instrument_id) if instrument_id is not None else None
        if instrument_id is None or meta is None:
            return
        feeds = self._feeds.setdefault(instrument_id, {})
        feeds[feed_of(name, command)] = command
        if len(feeds) > 1:
            return
        self._plan(instrument_id)
        try:
            await self._streams.use_type(meta.inst_type, watcher(instrument_id))
        except OkxError as e:
            self._backend.log.warning(f"Whether {instrument_id} is renamed or delisted is not watched: {e}")

    async def ended(self, name: str, command: Any) -> None:
        """A subscription was undone."""
        instrument_id = subject_of(command)
        feeds = self._feeds.get(instrument_id) if instrument_id is not None else None
        if instrument_id is None or feeds is None:
            return
        feeds.pop(feed_of(name, command), None)
        if not feeds:
            await self._forget(instrument_id)

    # -- NEWS -------------------------------------------------------------------------------------

    def expired(self, inst_id: str, inst_type: str) -> None:
        """OKX announced the end of an instrument."""
        instrument_id = instrument_id_of(inst_id)
        meta = self._backend.provider.meta(instrument_id)
        if meta is not None and meta.inst_type == inst_type:
            self._end(instrument_id, meta, "has expired or was delisted")

    def delisted(self, instrument_id: InstrumentId) -> None:
        """OKX lists an instrument no longer."""
        meta = self._backend.provider.meta(instrument_id)
        if meta is not None:
            self._end(instrument_id, meta, "is listed no longer")

    def listed(self, instrument: Instrument) -> None:
        """An instrument is new or has changed."""
        meta = self._backend.provider.meta(instrument.id)
        former = self._former.pop(meta.inst_id_code, None) if meta and meta.inst_id_code is not None else None
        if former is not None and former != instrument.id:
            self._backend.log.warning(f"{former} goes on as {instrument.id}: subscribe and trade it by its new name")
        if instrument.id in self._feeds:
            self._plan(instrument.id)

    # -- INTERNAL ---------------------------------------------------------------------------------

    def _plan(self, instrument_id: InstrumentId) -> None:
        """Look at the instrument when its time is over."""
        self._cancel(instrument_id)
        row = self._backend.provider.row(instrument_id)
        exp_time_ms = row.get("exp_time_ms") if row is not None else None
        if not exp_time_ms:
            return
        left = exp_time_ms / MILLIS + GRACE_SECS - self._backend.clock.timestamp()
        # A timer of an event loop does not hold for years.
        self._later(instrument_id, min(left, MAX_TIMER_SECS), lambda: self._look(instrument_id, left))

    def _look(self, instrument_id: InstrumentId, left: float) -> None:
        meta = self._backend.provider.meta(instrument_id)
        if left > MAX_TIMER_SECS:
            self._plan(instrument_id)
        elif meta is not None:
            self._end(instrument_id, meta, "has expired")

    def _end(self, instrument_id: InstrumentId, meta: InstrumentMeta, why: str) -> None:
        self._backend.provider.drop(instrument_id)
        feeds = self._feeds.pop(instrument_id, {})
        if feeds:
            if meta.inst_id_code is not None:
                self._former[meta.inst_id_code] = instrument_id
            names = ", ".join(sorted({feed_name(feed) for feed in feeds}))
            self._backend.log.error(f"{instrument_id} {why} at OKX: its feeds have ended ({names})")
            self._create_task(self._undo(instrument_id, meta, feeds), log_msg=f"end feeds of {instrument_id}")

    async def _undo(self, instrument_id: InstrumentId, meta: InstrumentMeta, feeds: dict[Feed, Any]) -> None:
        for (name, _), command in feeds.items():
            try:
                await self._end_feed(name, command)
            except OkxError as e:
                self._backend.log.debug(f"{name} of {instrument_id}: {e}")
        self._cancel(instrument_id)
        # The new name comes after the end of the old one.
        user = watcher(instrument_id)
        self._later(user, SUCCESSOR_SECS, lambda: self._create_task(self._streams.release_type(meta.inst_type, user)))

    async def _forget(self, instrument_id: InstrumentId) -> None:
        self._feeds.pop(instrument_id, None)
        self._cancel(instrument_id)
        meta = self._backend.provider.meta(instrument_id)
        if meta is not None:
            await self._streams.release_type(meta.inst_type, watcher(instrument_id))

    def _later(self, key: object, secs: float, call: Callable[[], Any]) -> None:
        def due() -> None:
            self._timers.pop(key, None)
            call()

        self._cancel(key)
        self._timers[key] = asyncio.get_running_loop().call_later(max(secs, 0.0), due)

    def _cancel(self, key: object) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()


def watcher(instrument_id: InstrumentId) -> tuple[str, InstrumentId]:
    """The user of an `instruments` channel that stands for the feeds of an instrument."""
    return "feeds", instrument_id


def feed_of(name: str, command: Any) -> Feed:
    """What tells the subscriptions of an instrument apart, the same for both ends of one."""
    stream = "subscribe" + name.partition("subscribe")[2]
    if stream == "subscribe":
        return stream, command.data_type
    return stream, getattr(command, "bar_type", None)


def feed_name(feed: Feed) -> str:
    """For people: `trade_ticks`, `OKXOpenInterest`."""
    name, thing = feed
    return thing.type.__name__ if isinstance(thing, DataType) else name.removeprefix("subscribe_")


def subject_of(command: Any) -> InstrumentId | None:
    """The instrument a command is about; None for those about more than one."""
    bar_type = getattr(command, "bar_type", None)
    if bar_type is not None:
        return bar_type.instrument_id
    return command.instrument_id or instrument_of(command.data_type)
