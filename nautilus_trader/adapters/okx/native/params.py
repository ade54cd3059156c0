"""The `params` keys of commands: which ones act, and one warning for any other.

| key | commands | values |
|---|---|---|
| `channel` | order book deltas | `books`, `books-rpi`, `books50-l2-tbt`, `books-l2-tbt` (the last two need a login) |
| `channel` | trades | `trades` (one trade per taker order and price), `trades-all` (one per match) |
| `greeks_convention` | option greeks | `BLACK_SCHOLES`, `PRICE_ADJUSTED`, or a list of them; by default both |
| `candle` | request bars | `last`, `mark` or `index` prices; by default what the bar type's price type says |
| `adjust` | request bars | `none` or `forward` (stock and other equity perpetuals) |
| `include_forming` | request bars | `True` also returns the bar that is still open |
| `account` | request instrument(s) | `True` asks for the account's own list (needs keys) |
| `series_id` | request instruments | event contracts of one series |
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

KNOWN: Final[dict[str, frozenset[str]]] = {
    "subscribe_order_book_deltas": frozenset({"channel"}),
    "subscribe_trade_ticks": frozenset({"channel"}),
    "subscribe_option_greeks": frozenset({"greeks_convention"}),
    "request_bars": frozenset({"candle", "adjust", "include_forming"}),
    "request_instrument": frozenset({"account"}),
    "request_instruments": frozenset({"account", "series_id"}),
}

ENGINE_KEYS: Final = frozenset(
    {
        "aggregate_spread_quotes",
        "bar_types",
        "batched",
        "book_type",
        "continuous_future_adjustment_mode",
        "continuous_future_parent_request_id",
        "continuous_future_transitions",
        "data_count",
        "disable_historical_cache",
        "durations_seconds",
        "filter_expr",
        "first_pre_instrument_id",
        "force_instrument_update",
        "force_update_catalog",
        "from_day_start",
        "identifier",
        "include_external_data",
        "join_request",
        "keep_subscriptions",
        "last_post_instrument_id",
        "only_last",
        "original_start_date",
        "point_data",
        "skip_catalog_data",
        "skip_first_non_full_bar",
        "start_ns",
        "subscription_id",
        "subscription_name",
        "time_bars_origin_offset",
        "time_range_generator",
        "update_catalog",
        "update_interval_seconds",
        "update_subscriptions",
    }
)
"""Keys the data engine and its aggregators put in or read themselves."""


class ParamsChecker:
    """Warns once per method and key about keys nobody reads."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._seen: set[tuple[str, str]] = set()

    def check(self, method: str, params: Mapping[str, Any] | None) -> None:
        for key in params or ():
            known = KNOWN.get(method, frozenset())
            if key in known or key in ENGINE_KEYS or (method, key) in self._seen:
                continue
            self._seen.add((method, key))
            names = f"it knows {', '.join(sorted(known))}" if known else "it knows none"
            self._warn(f"Ignoring unknown params key {key!r} of {method}: {names}")


def choice(params: Mapping[str, Any] | None, key: str, allowed: tuple[str, ...]) -> str | None:
    """The value of a key, None when absent. Raises `ValueError` for a value that is not allowed."""
    value = (params or {}).get(key)
    if value is None:
        return None
    if value not in allowed:
        raise ValueError(f"params[{key!r}] is {value!r}: use one of {', '.join(map(repr, allowed))}")
    return str(value)
