"""Bars that closed while the business socket was down: OKX does not push them again, so they are asked for."""

from collections.abc import Callable
from typing import Any

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.core.datetime import unix_nanos_to_iso8601
from nautilus_trader.model.data import BarType

Topic = tuple[tuple[str, str], ...]


class BarBackfill:
    """Watches the socket, and requests what is missing once a candle topic is subscribed again.

    The last bar in the cache says where the gap starts; without one, the moment of the drop does. What closes after the
    new subscription is pushed as usual, so the two never overlap.
    """

    def __init__(self, backend: NativeBackend, create_task: Callable[..., Any]) -> None:
        self._backend = backend
        self._create_task = create_task
        self._watched: dict[Topic, set[BarType]] = {}
        self._lost_ns: dict[Topic, int] = {}
        backend.listeners.append(self._on_event)

    def watch(self, bar_type: BarType, channel: str) -> None:
        """Mind this subscription from now on."""
        topic = key_of({"channel": channel, "instId": self._backend.require(bar_type.instrument_id).inst_id})
        self._watched.setdefault(topic, set()).add(bar_type)

    def forget(self, bar_type: BarType) -> None:
        """Mind it no longer."""
        for topic, bar_types in list(self._watched.items()):
            bar_types.discard(bar_type)
            if not bar_types:
                del self._watched[topic]
                self._lost_ns.pop(topic, None)

    def _on_event(self, event: Any) -> None:
        if event["type"] == "disconnected" and event.get("link") == "business":
            now = self._backend.clock.timestamp_ns()
            for topic in self._watched:
                self._lost_ns.setdefault(topic, now)
        elif event["type"] == "subscribed" and "topic" in event:
            topic = key_of(event["topic"])
            lost_ns = self._lost_ns.pop(topic, None)
            if lost_ns is not None:
                for bar_type in self._watched.get(topic, ()):
                    self._create_task(
                        self.fill(bar_type, lost_ns, self._backend.clock.timestamp_ns()), log_msg=f"fill {bar_type}"
                    )

    async def fill(self, bar_type: BarType, lost_ns: int, until_ns: int) -> int:
        """Publish the bars after the last known one up to `until_ns`; their number."""
        last = self._backend.cache.bar(bar_type)
        after_ns = last.ts_event if last is not None else lost_ns
        try:
            bars = await self._backend.http.request_bars(
                bar_type,
                after_ns,
                until_ns,
                timestamp_on_close=self._backend.config.bars_timestamp_on_close,
            )
        except OkxError as e:
            self._backend.log.error(
                f"Bars of {bar_type} between {unix_nanos_to_iso8601(after_ns)} and {unix_nanos_to_iso8601(until_ns)} "
                f"are missing, the connection was down: {e}"
            )
            return 0
        missing = [bar for bar in bars if after_ns < bar.ts_event <= until_ns]
        for bar in missing:
            self._backend.emit(bar)
        if missing:
            self._backend.log.info(f"{len(missing)} bar(s) of {bar_type} filled, the connection was down")
        return len(missing)


def key_of(topic: dict[str, str]) -> Topic:
    """A topic as a key of a mapping."""
    return tuple(sorted(topic.items()))
