"""API keys from the configuration or the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from nautilus_trader.adapters.okx.config import OKXExecClientConfig
from nautilus_trader.adapters.okx.native.config import ConfigError

VARIABLES = {
    "api_key": "OKX_API_KEY",
    "api_secret": "OKX_API_SECRET",
    "api_passphrase": "OKX_API_PASSPHRASE",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """A complete key; its repr shows none of it."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    api_passphrase: str = field(repr=False)

    @classmethod
    def of(cls, config: OKXExecClientConfig, environ: Mapping[str, str] | None = None) -> "Keys":
        """The keys of a configuration, each from the environment where it is not given. Raises `ConfigError`."""
        environ = os.environ if environ is None else environ
        found = {name: getattr(config, name) or environ.get(variable) for name, variable in VARIABLES.items()}
        missing = [f"{name} (or {VARIABLES[name]})" for name, value in found.items() if not value]
        if missing:
            raise ConfigError(f"trading needs an API key: {', '.join(missing)} missing")
        return cls(**{name: str(value) for name, value in found.items()})
