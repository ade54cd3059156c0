"""What the account is set to at OKX, against what the configuration expects of it."""

from collections.abc import Iterable
from typing import Any, Final

from nautilus_trader.adapters.okx.native.config import ConfigError
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.trading.values import Row, text
from nautilus_trader.core.nautilus_pyo3 import OKXMarginMode

ACCOUNT_MODES: Final = {
    "1": "spot mode",
    "2": "futures mode",
    "3": "multi-currency margin mode",
    "4": "portfolio margin mode",
}
SPOT_MODE: Final = "1"
MULTI_CURRENCY: Final = ("3", "4")
FILLS_VIP_LEVEL: Final = 4
"""OKX serves the `fills` channel from this level on."""
DERIVATIVES: Final = ("SWAP", "FUTURES")
SETTINGS: Final = "OKX > Trade > Settings > Account mode"


class AccountModeError(ConfigError):
    """The account cannot do what the configuration asks for; the message says what to change, and where."""


def describe(account: Row) -> str:
    """The account in a few words, for the log."""
    mode = ACCOUNT_MODES.get(text(account, "acct_lv"), f"mode {text(account, 'acct_lv')!r}")
    return f"{mode}, {text(account, 'pos_mode')}, level {text(account, 'level') or '?'}"


def check_account(account: Row, config: OKXNativeExecClientConfig) -> list[str]:
    """Refuse what cannot work. Returns warnings. Raises `AccountModeError`."""
    level = text(account, "acct_lv")
    names = {kind.name.upper() for kind in config.instrument_types}
    derivatives = sorted(names.intersection(DERIVATIVES))
    mode = ACCOUNT_MODES.get(level, f"mode {level!r}")
    permissions = _words(account.get("perm"))
    if permissions and "trade" not in permissions:
        raise AccountModeError(
            f"the API key may only {', '.join(sorted(permissions))}: create one with the permission to trade, "
            "or use a data client"
        )
    if level == SPOT_MODE and derivatives:
        raise AccountModeError(
            f"the account is in {mode}, which cannot trade {' and '.join(derivatives)}: switch it to futures mode or "
            f"above ({SETTINGS}), or take them out of instrument_types"
        )
    if level == SPOT_MODE and config.use_spot_margin:
        raise AccountModeError(
            f"the account is in {mode}, which has no margin on pairs: switch it to futures mode or above "
            f"({SETTINGS}), or set use_spot_margin=False"
        )
    if level in MULTI_CURRENCY and config.margin_mode == OKXMarginMode.ISOLATED:
        raise AccountModeError(
            f"the account is in {mode}, which has no isolated margin (50072): set margin_mode=OKXMarginMode.CROSS"
        )
    if derivatives or "ANY" in names:
        _check_position_mode(text(account, "pos_mode"), config)
    return list(_warnings(account, config, level, names))


def _check_position_mode(actual: str, config: OKXNativeExecClientConfig) -> None:
    expected = config.position_mode
    if actual == expected:
        return
    if actual == "long_short_mode":
        advice = 'set position_mode="long_short_mode" (hedging)'
    else:
        advice = 'set position_mode="net_mode"'
    raise AccountModeError(
        f"the account is in {actual} but position_mode is {expected!r}: {advice}, or switch the account "
        "(set_position_mode, with no position and no order open)"
    )


def _warnings(account: Row, config: OKXNativeExecClientConfig, level: str, names: set[str]) -> Iterable[str]:
    if level not in ACCOUNT_MODES:
        yield f"the account's mode {level!r} is not known here: orders are built as for futures mode"
    if "OPTION" in names and level == SPOT_MODE:
        yield "the account is in spot mode: OKX may allow to buy options only"
    withdraw = _words(account.get("perm"))
    if "withdraw" in withdraw:
        yield "the API key may withdraw: a key for trading should not"
    if not text(account, "ip"):
        yield "the API key is bound to no IP address: OKX lets such keys expire after 14 days without use"
    if config.use_fills_channel and not _is_vip(text(account, "level"), FILLS_VIP_LEVEL):
        yield "use_fills_channel is set, but OKX serves the fills channel from VIP4 on: fills come with orders"


def _words(value: Any) -> set[str]:
    if value is None:
        return set()
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return {str(part).strip() for part in parts if str(part).strip()}


def _is_vip(level: str, least: int) -> bool:
    number = level.upper().removeprefix("VIP")
    return number.isdigit() and level.upper().startswith("VIP") and int(number) >= least


def settings_of(account: Row, config: OKXNativeExecClientConfig) -> dict[str, Any]:
    """What the order stream must know of the account and the configuration."""
    margin_mode = {OKXMarginMode.CROSS: "cross", OKXMarginMode.ISOLATED: "isolated"}.get(config.margin_mode)
    settings: dict[str, Any] = {
        "acct_lv": text(account, "acct_lv"),
        "pos_mode": text(account, "pos_mode"),
        # The stock client takes isolated where nothing is configured; multi-currency accounts have cross only.
        "margin_mode": margin_mode or ("cross" if text(account, "acct_lv") in MULTI_CURRENCY else "isolated"),
        "spot_margin": bool(config.use_spot_margin),
        "route": config.route,
        "gtd_as_gtc": config.gtd_as_gtc,
    }
    optional = {
        "margin_ccy": config.margin_ccy,
        "tag": config.order_tag,
        "stp_mode": config.stp_mode,
        "exp_time_ms": config.exp_time_ms,
        "account_limit": config.account_rate_limit,
    }
    channels = {
        "fills": bool(config.use_fills_channel) and _is_vip(text(account, "level"), FILLS_VIP_LEVEL),
        "spreads": bool(config.load_spreads),
        "greeks": config.subscribe_greeks,
    }
    return settings | channels | {name: value for name, value in optional.items() if value is not None}
