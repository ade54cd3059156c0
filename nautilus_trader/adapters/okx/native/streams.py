"""Native subscriptions of market data: each method serves one subscribe or unsubscribe hook.

A refused subscription raises, so that the client forgets it and the log names the topic and OKX's code.
"""

from collections.abc import Callable
from typing import Any, Final

from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.adapters.okx.native.backfill import BarBackfill
from nautilus_trader.adapters.okx.native.instruments import SPREAD
from nautilus_trader.adapters.okx.native.params import choice
from nautilus_trader.adapters.okx.native.wire import instrument_changes
from nautilus_trader.model.enums import BookType, PriceType, book_type_to_str
from nautilus_trader.model.instruments import Instrument

BOOK_DEPTHS: Final = (0, 50, 400)
BOOK_CHANNELS: Final = ("books", "books50-l2-tbt", "books-l2-tbt", "books-rpi")
TRADE_CHANNELS: Final = ("trades", "trades-all")
CONVENTIONS: Final = ("BLACK_SCHOLES", "PRICE_ADJUSTED")
BOTH: Final = "BOTH"
ALL: Final = "all instruments"
"""The user of an instruments channel that stands for `subscribe_instruments`."""
DEPTH10_DEPTHS: Final = (0, 10)
EXPIRED: Final = "expired"


class NativeStreams:
    """Subscriptions on the native stream."""

    def __init__(self, backend: NativeBackend, create_task: Callable[..., Any]) -> None:
        self._backend = backend
        self._stream = backend.stream
        self._backfill = BarBackfill(backend, create_task)
        self._type_users: dict[str, set[object]] = {}
        self.owns_instruments = True
        self.on_expired: Callable[[str, str], None] = lambda inst_id, inst_type: None
        self.on_listed: Callable[[Instrument], None] = lambda instrument: None
        backend.row_handlers["instruments"] = self._on_instrument_row

    # -- INSTRUMENTS ------------------------------------------------------------------------------

    async def subscribe_instruments(self, command: Any) -> None:
        for inst_type, _ in self._backend.provider.configured_lists():
            if inst_type != SPREAD:
                await self.use_type(inst_type, ALL)

    async def unsubscribe_instruments(self, command: Any) -> None:
        for inst_type in sorted(self._type_users):
            await self.release_type(inst_type, ALL)

    async def subscribe_instrument(self, command: Any) -> None:
        meta = self._backend.require(command.instrument_id)
        instrument = self._backend.provider.find(command.instrument_id)
        if instrument is not None:
            self._backend.emit(instrument)
        await self.use_type(meta.inst_type, command.instrument_id)

    async def unsubscribe_instrument(self, command: Any) -> None:
        for inst_type, users in list(self._type_users.items()):
            if command.instrument_id in users:
                await self.release_type(inst_type, command.instrument_id)

    async def use_type(self, inst_type: str, user: object) -> None:
        """Follow the channel of a whole type: its first user subscribes it, its last one ends it."""
        users = self._type_users.setdefault(inst_type, set())
        users.add(user)
        if len(users) > 1:
            return
        try:
            await self._stream.subscribe_rows({"channel": "instruments", "instType": inst_type})
        except BaseException:
            users.discard(user)
            raise

    async def release_type(self, inst_type: str, user: object) -> None:
        """A user follows the channel of a type no longer."""
        users = self._type_users.get(inst_type, set())
        if user in users:
            users.discard(user)
            if not users:
                await self._stream.unsubscribe_rows({"channel": "instruments", "instType": inst_type})

    def _on_instrument_row(self, row: dict[str, Any]) -> None:
        inst_id, changes = instrument_changes(row)
        if changes.get("state") == EXPIRED:
            self.on_expired(inst_id, str(row.get("instType", "")))
            return
        instrument = self._backend.provider.merge(inst_id, changes)
        if instrument is None:
            return
        if self.owns_instruments or any(map(is_reader, self._type_users.get(str(row.get("instType", "")), ()))):
            self._backend.publish(instrument)
        else:
            self._backend.adopt(instrument)  # the stock client publishes its own
        self.on_listed(instrument)

    # -- BOOKS ------------------------------------------------------------------------------------

    async def subscribe_order_book_deltas(self, command: Any) -> None:
        _require_l2(command)
        self._backend.require(command.instrument_id)
        channel = choice(command.params, "channel", BOOK_CHANNELS)
        if command.depth not in BOOK_DEPTHS:
            raise ValueError(
                f"depth {command.depth} of {command.instrument_id}: OKX has books of 400 levels (depth 0 or 400) "
                "and 50 levels (depth 50)"
            )
        taken = await self._stream.subscribe_book_deltas(command.instrument_id, command.depth, channel)
        self._backend.log.debug(f"{command.instrument_id}: book deltas from channel {taken}")

    async def unsubscribe_order_book_deltas(self, command: Any) -> None:
        await self._stream.unsubscribe_book_deltas(command.instrument_id)

    async def subscribe_order_book_depth(self, command: Any) -> None:
        _require_l2(command)
        self._backend.require(command.instrument_id)
        if command.depth not in DEPTH10_DEPTHS:
            raise ValueError(f"depth {command.depth} of {command.instrument_id}: use 10 (or 0 for the same)")
        await self._stream.subscribe_depth10(command.instrument_id)

    async def unsubscribe_order_book_depth(self, command: Any) -> None:
        await self._stream.unsubscribe_depth10(command.instrument_id)

    # -- QUOTES, TRADES, BARS ---------------------------------------------------------------------

    async def subscribe_quote_ticks(self, command: Any) -> None:
        self._backend.require(command.instrument_id)
        await self._stream.subscribe_quotes(command.instrument_id)

    async def unsubscribe_quote_ticks(self, command: Any) -> None:
        await self._stream.unsubscribe_quotes(command.instrument_id)

    async def subscribe_trade_ticks(self, command: Any) -> None:
        self._backend.require(command.instrument_id)
        channel = choice(command.params, "channel", TRADE_CHANNELS)
        await self._stream.subscribe_trades(command.instrument_id, aggregated=channel != "trades-all")

    async def unsubscribe_trade_ticks(self, command: Any) -> None:
        await self._stream.unsubscribe_trades(command.instrument_id)

    async def subscribe_bars(self, command: Any) -> None:
        self._backend.require(command.bar_type.instrument_id)
        if command.bar_type.spec.price_type != PriceType.LAST:
            raise ValueError(
                f"{command.bar_type}: OKX pushes bars of last prices; aggregate others internally (…-INTERNAL), "
                "or request mark-price bars"
            )
        channel = await self._stream.subscribe_bars(command.bar_type)
        self._backfill.watch(command.bar_type, channel)

    async def unsubscribe_bars(self, command: Any) -> None:
        self._backfill.forget(command.bar_type)
        await self._stream.unsubscribe_bars(command.bar_type)

    # -- DERIVATIVES ------------------------------------------------------------------------------

    async def subscribe_mark_prices(self, command: Any) -> None:
        self._backend.require(command.instrument_id)
        await self._stream.subscribe_mark_prices(command.instrument_id)

    async def unsubscribe_mark_prices(self, command: Any) -> None:
        await self._stream.unsubscribe_mark_prices(command.instrument_id)

    async def subscribe_index_prices(self, command: Any) -> None:
        meta = self._backend.require(command.instrument_id)
        if not meta.index_inst_id:
            raise ValueError(f"{command.instrument_id} has no index at OKX")
        await self._stream.subscribe_index_prices(command.instrument_id)

    async def unsubscribe_index_prices(self, command: Any) -> None:
        await self._stream.unsubscribe_index_prices(command.instrument_id)

    async def subscribe_funding_rates(self, command: Any) -> None:
        meta = self._backend.require(command.instrument_id)
        if not meta.has_funding:
            raise ValueError(f"{command.instrument_id} pays no funding: only perpetual swaps and X-Perp futures do")
        await self._stream.subscribe_funding_rates(command.instrument_id)

    async def unsubscribe_funding_rates(self, command: Any) -> None:
        await self._stream.unsubscribe_funding_rates(command.instrument_id)

    # -- STATUS, GREEKS ---------------------------------------------------------------------------

    async def subscribe_instrument_status(self, command: Any) -> None:
        self._backend.require(command.instrument_id)
        await self._stream.subscribe_instrument_status(command.instrument_id)

    async def unsubscribe_instrument_status(self, command: Any) -> None:
        await self._stream.unsubscribe_instrument_status(command.instrument_id)

    async def subscribe_instrument_close(self, command: Any) -> None:
        raise NotImplementedError(
            f"{command.instrument_id}: OKX trades around the clock and publishes no daily close; subscribe 1-DAY bars"
        )

    async def unsubscribe_instrument_close(self, command: Any) -> None:
        raise NotImplementedError(f"{command.instrument_id}: instrument closes cannot be subscribed on OKX")

    async def subscribe_option_greeks(self, command: Any) -> None:
        meta = self._backend.require(command.instrument_id)
        if meta.inst_type != "OPTION":
            raise ValueError(f"{command.instrument_id} is no option: greeks exist for options only")
        await self._stream.subscribe_option_greeks(command.instrument_id, self._convention(command))

    async def unsubscribe_option_greeks(self, command: Any) -> None:
        await self._stream.unsubscribe_option_greeks(command.instrument_id)

    @staticmethod
    def _convention(command: Any) -> Any:
        asked = (command.params or {}).get("greeks_convention")
        asked = list(asked) if isinstance(asked, list | tuple) else [asked] if asked is not None else []
        names = [str(name).upper() for name in asked]
        unknown = [name for name in names if name not in CONVENTIONS]
        if unknown:
            raise ValueError(f"params['greeks_convention'] is {asked!r}: use {' or '.join(map(repr, CONVENTIONS))}")
        return names[0] if len(set(names)) == 1 else BOTH


def is_reader(user: object) -> bool:
    """Whether a user of an `instruments` channel wants the instruments, not only to know when they end."""
    return not isinstance(user, tuple)


def _require_l2(command: Any) -> None:
    if command.book_type != BookType.L2_MBP:
        raise ValueError(
            f"{command.instrument_id}: OKX publishes price levels only, use book type L2_MBP "
            f"instead of {book_type_to_str(command.book_type)}"
        )
