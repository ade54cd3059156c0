"""The registry of adapter methods that can be switched between the stock and the native back end."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a method does to the world, which decides the modes it may run in."""

    PURE = "pure"
    READ = "read"
    STREAM = "stream"
    SIDE_EFFECT = "side_effect"


class Mode(StrEnum):
    """Who answers, and whether the other back end runs beside it."""

    PYTHON = "python"
    NATIVE = "native"
    SHADOW = "shadow"
    VERIFY = "verify"
    DRY_RUN = "dry_run"


READ_MODES: Final = (Mode.PYTHON, Mode.NATIVE, Mode.SHADOW, Mode.VERIFY)

MODES_BY_KIND: Final[dict[Kind, tuple[Mode, ...]]] = {
    Kind.PURE: READ_MODES,
    Kind.READ: READ_MODES,
    Kind.STREAM: READ_MODES,
    Kind.SIDE_EFFECT: (Mode.PYTHON, Mode.NATIVE, Mode.DRY_RUN),
}

AVAILABLE_MODES: Final = (Mode.PYTHON, Mode.NATIVE)
"""Modes this release can run. The others are known, so that a config that names one gets an honest answer."""


@dataclass(frozen=True, slots=True)
class Method:
    """One switchable method.

    A stream is one entry for its subscribe and unsubscribe hooks: a pair always shares its mode. `comparator` names
    the typed comparison used when both back ends run.
    """

    name: str
    group: str
    kind: Kind
    comparator: str

    @property
    def counterpart(self) -> str | None:
        """The unsubscribe hook of a stream."""
        if self.kind is not Kind.STREAM:
            return None
        return "un" + self.name


def _stream(name: str, group: str, comparator: str) -> Method:
    return Method(name, group, Kind.STREAM, comparator)


def _read(name: str, group: str, comparator: str) -> Method:
    return Method(name, group, Kind.READ, comparator)


def _effect(name: str, group: str, comparator: str) -> Method:
    return Method(name, group, Kind.SIDE_EFFECT, comparator)


DATA_METHODS: Final[tuple[Method, ...]] = (
    _read("load_instruments", "instruments", "instruments"),
    _stream("subscribe_instruments", "instruments", "instruments"),
    _stream("subscribe_instrument", "instruments", "instruments"),
    _read("request_instrument", "instruments", "instruments"),
    _read("request_instruments", "instruments", "instruments"),
    _stream("subscribe_order_book_deltas", "book", "book_deltas"),
    _stream("subscribe_order_book_depth", "book", "book_depth"),
    _read("request_order_book_snapshot", "book", "book_snapshot"),
    _read("request_order_book_deltas", "book", "book_deltas"),
    _read("request_order_book_depth", "book", "book_depth"),
    _stream("subscribe_quote_ticks", "quotes", "quotes"),
    _read("request_quote_ticks", "quotes", "quotes"),
    _stream("subscribe_trade_ticks", "trades", "trades"),
    _read("request_trade_ticks", "trades", "trades"),
    _stream("subscribe_bars", "bars", "bars"),
    _read("request_bars", "bars", "bars"),
    _stream("subscribe_mark_prices", "derivatives", "values"),
    _stream("subscribe_index_prices", "derivatives", "values"),
    _stream("subscribe_funding_rates", "derivatives", "funding"),
    _read("request_funding_rates", "derivatives", "funding"),
    _stream("subscribe_instrument_status", "status", "status"),
    _stream("subscribe_instrument_close", "status", "status"),
    _stream("subscribe_option_greeks", "greeks", "greeks"),
    _read("request_forward_prices", "greeks", "values"),
    _stream("subscribe", "custom", "custom"),
    _read("request", "custom", "custom"),
)

EXECUTION_METHODS: Final[tuple[Method, ...]] = (
    # Who logs in to the private sockets and tells the engine what becomes of orders.
    _effect("exec_events", "exec", "order_events"),
    _effect("submit_order", "orders", "requests"),
    _effect("submit_order_list", "orders", "requests"),
    _effect("modify_order", "orders", "requests"),
    _effect("cancel_order", "orders", "requests"),
    _effect("cancel_all_orders", "orders", "requests"),
    _effect("batch_cancel_orders", "orders", "requests"),
    _read("query_account", "queries", "account_state"),
    _read("query_order", "queries", "order_reports"),
    _read("generate_order_status_report", "reports", "order_reports"),
    _read("generate_order_status_reports", "reports", "order_reports"),
    _read("generate_fill_reports", "reports", "fill_reports"),
    _read("generate_position_status_reports", "reports", "position_reports"),
)


class Registry:
    """Methods by name and by group, with the unsubscribe names as aliases of their pair."""

    def __init__(self, methods: tuple[Method, ...]) -> None:
        self.methods: Final = methods
        self._by_name = {method.name: method for method in methods}
        self._aliases = {alias: method for method in methods if (alias := method.counterpart)}
        self._groups: dict[str, list[Method]] = {}
        for method in methods:
            self._groups.setdefault(method.group, []).append(method)

    def get(self, name: str) -> Method | None:
        """The method of that name; an unsubscribe name gives its pair."""
        return self._by_name.get(name) or self._aliases.get(name)

    def group(self, name: str) -> tuple[Method, ...]:
        """The methods of a group, empty for an unknown one."""
        return tuple(self._groups.get(name, ()))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(self._aliases)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self._groups)


DATA: Final = Registry(DATA_METHODS)

EXECUTION: Final = Registry(EXECUTION_METHODS)
