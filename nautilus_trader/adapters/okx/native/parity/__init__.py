"""What differs from the stock adapter on purpose, as data: see `divergences.toml`."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Divergence:
    """One difference from the stock adapter, who is right, and by what."""

    id: str
    methods: tuple[str, ...]
    field: str
    stock_versions: tuple[str, ...]
    stock: str
    native: str
    reason: str
    status: str


def divergences() -> tuple[Divergence, ...]:
    """All listed divergences, in the order of the file."""
    text = resources.files(__package__).joinpath("divergences.toml").read_text()
    entries: list[dict[str, Any]] = tomllib.loads(text)["divergence"]
    return tuple(
        Divergence(**entry | {name: tuple(entry[name]) for name in ("methods", "stock_versions")}) for entry in entries
    )


def diverging_fields(method: str) -> frozenset[str]:
    """The fields of a method's results that are known to differ."""
    return frozenset(entry.field for entry in divergences() if method in entry.methods)
