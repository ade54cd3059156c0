"""Configuration of the native execution client: the stock fields, and what switches and tunes the native back end."""

import re
from typing import Final

from nautilus_trader.adapters.okx.config import OKXExecClientConfig
from nautilus_trader.adapters.okx.native import routing
from nautilus_trader.adapters.okx.native.config import (
    DRIVERS,
    ConfigError,
    check_keys,
    check_type,
    check_types,
    check_url,
    read_ca_pem,
)
from nautilus_trader.adapters.okx.native.methods import EXECUTION
from nautilus_trader.core.nautilus_pyo3 import (
    OKXContractType,
    OKXEnvironment,
    OKXInstrumentType,
    OKXMarginMode,
    OKXRegion,
)

ROUTES: Final = ("ws", "http")
POSITION_MODES: Final = ("net_mode", "long_short_mode")
STP_MODES: Final = ("cancel_maker", "cancel_taker", "cancel_both")
CANCEL_ALL_AFTER_SECS: Final = (10, 120)
"""OKX takes a count-down of 10 to 120 seconds (`POST /trade/cancel-all-after`)."""
TAG_PATTERN: Final = re.compile(r"[A-Za-z0-9]{1,16}")


class OKXNativeExecClientConfig(OKXExecClientConfig, frozen=True):  # type: ignore[call-arg,misc]
    """
    Configuration for ``OKXNativeExecutionClient`` instances.

    All fields of ``OKXExecClientConfig`` apply; keys not given here come from the environment variables the stock
    client reads.

    Parameters
    ----------
    backend : {'python', 'native'}, optional
        Back end of every method not named in `backends` (None: `OKX_NT_BACKEND`, else native).
    backends : dict[str, str], optional
        Back end by method (``"generate_fill_reports"``) or by group (``"reports"``).
    driver : {'auto', 'inline', 'threaded'}, default 'auto'
        How sockets are read: `inline` on the event loop (lowest latency), `threaded` on a thread with one wake-up
        per batch, `auto` takes inline where the loop has ``add_reader``.
    position_mode : {'net_mode', 'long_short_mode'}, default 'net_mode'
        The position mode the account is in. It decides the OMS (netting or hedging), which Nautilus must know before
        the account can be asked; a connect to an account in the other mode fails and says so.
    route : {'ws', 'http'}, default 'ws'
        How orders travel unless their `params` say otherwise. Conditional orders, brackets and spreads always take
        REST: OKX has no other way.
    cancel_all_after_secs : int, optional
        Dead-man switch, 10 to 120 s: OKX cancels all orders of the account when the client has not been heard of for
        so long. Armed at connect, refreshed at a third of the time, disarmed at a clean stop. With `order_tag` it
        covers the orders with that tag only.
    order_tag : str, optional
        Tag (up to 16 letters and digits) on every order. OKX knows it as broker code.
    stp_mode : {'cancel_maker', 'cancel_taker', 'cancel_both'}, optional
        Self-trade prevention of all orders (None: the account's own setting).
    exp_time_ms : int, optional
        Orders that reach OKX later than so many milliseconds after they were sent are refused by it.
    gtd_as_gtc : bool, default False
        OKX has no GTD. If True, such orders rest as GTC and the strategy cancels them (``manage_gtd_expiry``);
        otherwise they are denied.
    margin_ccy : str, optional
        Margin currency of cross margin orders on pairs in futures mode (None: the pair's quote currency).
    account_rate_limit : int, optional
        New and amended orders in 2 s over all instruments, if the account has another limit than OKX's usual 1,000.
    subscribe_greeks : bool, default False
        Also follow the account's greeks (`account-greeks`).
    base_url_ws_business : str, optional
        The business WebSocket URL. By default the last segment of `base_url_ws` is replaced.
    ca_file : str, optional
        A PEM file with certificate authorities to trust besides the public ones (REST and WebSocket).
    connect_timeout_secs : float, default 30.0
        How long a connect may take until it fails, log-in and first reconciliation included.
    disconnect_timeout_secs : float, default 4.0
        How long a disconnect may wait for the outcome of commands until it names those that are open.

    """

    backend: str | None = None
    backends: dict[str, str] | None = None
    driver: str = "auto"
    position_mode: str = "net_mode"
    route: str = "ws"
    cancel_all_after_secs: int | None = None
    order_tag: str | None = None
    stp_mode: str | None = None
    exp_time_ms: int | None = None
    gtd_as_gtc: bool = False
    margin_ccy: str | None = None
    account_rate_limit: int | None = None
    subscribe_greeks: bool = False
    base_url_ws_business: str | None = None
    ca_file: str | None = None
    connect_timeout_secs: float = 30.0
    disconnect_timeout_secs: float = 4.0

    def __post_init__(self) -> None:
        # Environment variables are read at connect; here only what the config itself says is checked.
        routing.check_execution(routing.resolve(self.backend, self.backends, environ={}, registry=EXECUTION))
        _choice("driver", self.driver, DRIVERS)
        _choice("position_mode", self.position_mode, POSITION_MODES)
        _choice("route", self.route, ROUTES)
        if self.stp_mode is not None:
            _choice("stp_mode", self.stp_mode, STP_MODES)
        for name in ("connect_timeout_secs", "disconnect_timeout_secs"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} is {getattr(self, name)!r}: use a positive number of seconds")
        for name in ("exp_time_ms", "account_rate_limit"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ConfigError(f"{name} is {value!r}: use a positive whole number, or None")
        self._check_cancel_all_after()
        if self.order_tag is not None and not TAG_PATTERN.fullmatch(self.order_tag):
            raise ConfigError(f"order_tag is {self.order_tag!r}: OKX takes 1 to 16 letters and digits")
        check_types("instrument_types", self.instrument_types, OKXInstrumentType)
        check_types("contract_types", self.contract_types or (), OKXContractType)
        check_type("environment", self.environment, OKXEnvironment)
        check_type("region", self.region, OKXRegion)
        check_type("margin_mode", self.margin_mode, OKXMarginMode)
        check_url("base_url_http", self.base_url_http, "http")
        check_url("base_url_ws", self.base_url_ws, "ws")
        check_url("base_url_ws_business", self.base_url_ws_business, "ws")
        if not self.instrument_types:
            raise ConfigError("instrument_types is empty: name at least one, e.g. (OKXInstrumentType.SWAP,)")
        check_keys(self.api_key, self.api_secret, self.api_passphrase)

    def _check_cancel_all_after(self) -> None:
        least, most = CANCEL_ALL_AFTER_SECS
        secs = self.cancel_all_after_secs
        if secs is not None and (isinstance(secs, bool) or not isinstance(secs, int) or not least <= secs <= most):
            raise ConfigError(f"cancel_all_after_secs is {secs!r}: OKX takes whole seconds from {least} to {most}")

    def check_native(self) -> None:
        """Refuse what the native back end cannot honour. Raises `ConfigError`."""
        if self.transport_backend is not None:
            raise ConfigError(
                "transport_backend has no effect on the native back end (nor on the stock one): leave it None, "
                "and choose the way sockets are read with driver"
            )
        if self.use_mm_mass_cancel:
            raise ConfigError(
                "use_mm_mass_cancel is not available on the native back end: OKX mass-cancels market-maker orders on "
                "OPTION only. Leave it False (orders are cancelled in batches), or call mass_cancel for options"
            )

    @property
    def is_hedging(self) -> bool:
        """Whether positions have sides (long/short mode)."""
        return self.position_mode == "long_short_mode"

    def ca_pem(self) -> bytes | None:
        """The content of `ca_file`. Raises `ConfigError`."""
        return read_ca_pem(self.ca_file)


def _choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name} is {value!r}: use one of {', '.join(map(repr, allowed))}")
