"""Configuration of the native data client: the stock fields, and what switches and tunes the native back end."""

from pathlib import Path
from typing import Final

from nautilus_trader.adapters.okx.config import OKXDataClientConfig
from nautilus_trader.adapters.okx.native import routing
from nautilus_trader.core.nautilus_pyo3 import (
    OKXContractType,
    OKXEnvironment,
    OKXInstrumentType,
    OKXRegion,
    OKXVipLevel,
)

DRIVERS: Final = ("auto", "inline", "threaded")


class ConfigError(ValueError):
    """A config value that cannot be honoured; the message names the field and what to write instead."""


class OKXNativeDataClientConfig(OKXDataClientConfig, frozen=True):  # type: ignore[call-arg,misc]
    """
    Configuration for ``OKXNativeDataClient`` instances.

    All fields of ``OKXDataClientConfig`` apply. Public data needs no API keys while no method is routed to the stock
    back end; with keys, instruments carry the account's fees and tick-by-tick books can be subscribed.

    Parameters
    ----------
    backend : {'python', 'native'}, optional
        Back end of every method not named in `backends` (None: `OKX_NT_BACKEND`, else native).
    backends : dict[str, str], optional
        Back end by method (``"subscribe_quote_ticks"``) or by group (``"book"``).
    driver : {'auto', 'inline', 'threaded'}, default 'auto'
        How sockets are read: `inline` on the event loop (lowest latency), `threaded` on a thread with one wake-up
        per batch, `auto` takes inline where the loop has ``add_reader``.
    bars_timestamp_on_close : bool, default True
        Stamp bars with the end of their interval. The stock client stamps them with the start.
    base_url_ws_business : str, optional
        The business WebSocket URL. By default the last segment of `base_url_ws` is replaced.
    ca_file : str, optional
        A PEM file with certificate authorities to trust besides the public ones (REST and WebSocket).
    connect_timeout_secs : float, default 30.0
        How long a connect may take until it fails.
    ack_timeout_secs : float, default 10.0
        How long OKX may take to acknowledge a subscription until it counts as refused.

    """

    backend: str | None = None
    backends: dict[str, str] | None = None
    driver: str = "auto"
    bars_timestamp_on_close: bool = True
    base_url_ws_business: str | None = None
    ca_file: str | None = None
    connect_timeout_secs: float = 30.0
    ack_timeout_secs: float = 10.0

    def __post_init__(self) -> None:
        # Environment variables are read at connect; here only what the config itself says is checked.
        routing.resolve(self.backend, self.backends, environ={})
        if self.driver not in DRIVERS:
            raise ConfigError(f"driver is {self.driver!r}: use one of {', '.join(map(repr, DRIVERS))}")
        for name in ("connect_timeout_secs", "ack_timeout_secs"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} is {getattr(self, name)!r}: use a positive number of seconds")
        check_types("instrument_types", self.instrument_types, OKXInstrumentType)
        check_types("contract_types", self.contract_types or (), OKXContractType)
        check_type("environment", self.environment, OKXEnvironment)
        check_type("region", self.region, OKXRegion)
        check_type("vip_level", self.vip_level, OKXVipLevel)
        check_url("base_url_http", self.base_url_http, "http")
        check_url("base_url_ws", self.base_url_ws, "ws")
        check_url("base_url_ws_business", self.base_url_ws_business, "ws")
        if not self.instrument_types:
            raise ConfigError("instrument_types is empty: name at least one, e.g. (OKXInstrumentType.SPOT,)")
        check_keys(self.api_key, self.api_secret, self.api_passphrase)

    def check_native(self) -> None:
        """Refuse what the native back end cannot honour. Raises `ConfigError`."""
        if self.transport_backend is not None:
            raise ConfigError(
                "transport_backend has no effect on the native back end (nor on the stock one): leave it None, "
                "and choose the way sockets are read with driver"
            )

    def ca_pem(self) -> bytes | None:
        """The content of `ca_file`. Raises `ConfigError`."""
        return read_ca_pem(self.ca_file)


def read_ca_pem(ca_file: str | None) -> bytes | None:
    """The content of a PEM file with certificates. Raises `ConfigError`."""
    if ca_file is None:
        return None
    try:
        pem = Path(ca_file).read_bytes()
    except OSError as e:
        raise ConfigError(f"ca_file {ca_file!r} cannot be read ({e.strerror}): give the path of a PEM file") from e
    if b"-----BEGIN CERTIFICATE-----" not in pem:
        raise ConfigError(f"ca_file {ca_file!r} holds no certificate: give a PEM file with at least one")
    return pem


def check_keys(api_key: str | None, api_secret: str | None, api_passphrase: str | None) -> None:
    """All three parts of a key, or none. Raises `ConfigError`."""
    keys = {"api_key": api_key, "api_secret": api_secret, "api_passphrase": api_passphrase}
    missing = [name for name, value in keys.items() if not value]
    if 0 < len(missing) < len(keys):
        raise ConfigError(f"{' and '.join(missing)} missing: give all three of key, secret and passphrase, or none")


def check_type(name: str, value: object, expected: type) -> None:
    """A member of an enum, or None. Raises `ConfigError`."""
    if value is not None and not isinstance(value, expected):
        raise ConfigError(f"{name} is {value!r}: use a member of {expected.__name__}")


def check_types(name: str, values: object, expected: type) -> None:
    """A tuple of members of an enum. Raises `ConfigError`."""
    if not isinstance(values, tuple | list):
        raise ConfigError(f"{name} is {values!r}: use a tuple of {expected.__name__} members")
    for value in values:
        if not isinstance(value, expected):
            raise ConfigError(f"{name} holds {value!r}: use members of {expected.__name__}")


def check_url(name: str, value: str | None, scheme: str) -> None:
    """A URL of a scheme, encrypted or not, or None. Raises `ConfigError`."""
    if value is not None and not value.startswith((f"{scheme}://", f"{scheme}s://")):
        raise ConfigError(f"{name} is {value!r}: it must start with {scheme}:// or {scheme}s://")
