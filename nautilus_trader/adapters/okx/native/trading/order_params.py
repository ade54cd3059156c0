"""The `params` of order commands: the stock client's keys and forms, in the one form the order stream reads.

| key | commands | values |
|---|---|---|
| `td_mode` | submit | `cash`, `cross`, `isolated`, `spot_isolated`, or an `OKXTradeMode` |
| `ccy` | submit | margin currency |
| `pos_side` | submit | `long` or `short`, in long/short mode |
| `ord_type` | submit | `optimal_limit_ioc`, `rpi`, `mmp`, `mmp_and_post_only` |
| `px_usd`, `px_vol` | submit | the price of an option in dollars, or as volatility |
| `outcome` | submit | `yes` or `no`, on event contracts |
| `slippage_pct` | submit | 0 to 0.05, market orders on pairs |
| `tag`, `stp_mode`, `route` | submit | as in the configuration, for this order |
| `ban_amend`, `px_amend_type`, `trade_quote_ccy`, `rpi_taker_access`, `rpi_px_round` | submit | as OKX documents them |
| `close_fraction`, `cxl_on_close_pos` | submit | a stop that closes the whole position |
| `attach_algo_ords` | submit | a list with a take profit, a stop loss, or both |
| `tp_trigger_px`, `sl_trigger_px`, … | submit | the same, without the list |
| `speed_bump` | submit, modify | accepted and not sent: OKX ignores it since 2026-07-24 |
| `sl_trigger` | modify | accepted: the native back end knows which leg an order is |
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

ATTACHED: Final = "attach_algo_ords"
CLOSE_FRACTION: Final = "close_fraction"
IGNORED: Final = ("speed_bump", "sl_trigger")
WHOLE: Final = ("1", "1.0", "true")
NEW_PRICES: Final = ("px_usd", "px_vol")
ENGINE_KEYS: Final = ("exec_algorithm_params", "reconciliation")
"""Keys that Nautilus' engine and algorithms put in for themselves."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class ParamsError(ValueError):
    """A parameter that cannot be honoured; the words are the reason of the denial."""


def order_params(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a submit command as texts and booleans. Raises `ParamsError`."""
    found: dict[str, Any] = {}
    for key, value in (params or {}).items():
        if value is None or key in IGNORED or key in ENGINE_KEYS:
            continue
        if key == ATTACHED:
            found |= _attached(value)
        elif key == CLOSE_FRACTION:
            found[key] = _close_fraction(value)
        else:
            found[key] = plain(value)
    return found


def refuse_new_prices(params: Mapping[str, Any] | None) -> str | None:
    """Why a modify command cannot be carried out as its `params` ask; None if it can."""
    given = [key for key in NEW_PRICES if (params or {}).get(key) is not None]
    if not given:
        return None
    return f"params[{given[0]!r}]: such a price of an option cannot be amended; cancel the order and submit a new one"


def plain(value: Any) -> Any:
    """A text, a whole number or a boolean of whatever a strategy gives: enums by name, decimals by their digits."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    name = getattr(value, "name", None)
    return _HUMP.sub("_", name).lower() if isinstance(name, str) else str(value)


def _close_fraction(value: Any) -> bool:
    if str(value).lower() in WHOLE:
        return True
    raise ParamsError(f"params['close_fraction'] is {value!r}: OKX closes the whole position only, use '1'")


def _attached(value: Any) -> dict[str, Any]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        raise ParamsError("params['attach_algo_ords'] must be a list of dicts")
    found: dict[str, Any] = {}
    for item in value:
        for key, field in item.items():
            name = _HUMP.sub("_", str(key)).lower()
            if field is None:
                continue
            if name in found and name != "attach_algo_cl_ord_id":
                raise ParamsError(
                    f"params['attach_algo_ords'] names {name} twice: one take profit and one stop loss can be attached"
                )
            found[name] = plain(field)
    return found
