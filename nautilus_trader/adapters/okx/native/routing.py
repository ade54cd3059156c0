"""Which back end answers each method: resolution, checks and the table that is frozen at connect.

Order, first match wins:

1. config `backends={method: mode}` (the unsubscribe name of a pair counts as the pair);
2. config `backends={group: mode}`;
3. environment `OKX_NT_BACKEND_<METHOD>`, then `OKX_NT_BACKEND_<GROUP>`;
4. environment `OKX_NT_BACKEND`;
5. config `backend`;
6. `native`.

The kill switch (`OKX_NT_KILL_SWITCH=1`, or `engage_kill_switch()`) comes before all of them for reads and streams.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nautilus_trader.adapters.okx.native.methods import (
    AVAILABLE_MODES,
    DATA,
    EXECUTION,
    MODES_BY_KIND,
    Kind,
    Method,
    Mode,
    Registry,
)

ENV_PREFIX: Final = "OKX_NT_BACKEND"
ENV_KILL_SWITCH: Final = "OKX_NT_KILL_SWITCH"

_FALSE: Final = ("", "0", "false", "no", "off")
_kill_switch_engaged = False


class RoutingError(ValueError):
    """A back-end setting that cannot be honoured; the message names the setting and what to write instead."""


@dataclass(frozen=True, slots=True)
class Route:
    """The back end of one method and the setting that decided it."""

    method: Method
    mode: Mode
    source: str


class BackendTable(Mapping[str, Mode]):
    """Method name to mode, in registry order; unsubscribe names resolve to their pair."""

    def __init__(self, registry: Registry, routes: Mapping[str, Route]) -> None:
        self._registry = registry
        self._routes = dict(routes)

    def __getitem__(self, name: str) -> Mode:
        return self.route(name).mode

    def __iter__(self) -> Iterator[str]:
        return iter(self._routes)

    def __len__(self) -> int:
        return len(self._routes)

    def __repr__(self) -> str:
        return f"BackendTable({ {name: route.mode.value for name, route in self._routes.items()} })"

    def route(self, name: str) -> Route:
        """The route of a method; raises `KeyError` for an unknown name."""
        method = self._registry.get(name)
        if method is None:
            raise KeyError(name)
        return self._routes[method.name]

    def is_native(self, name: str) -> bool:
        return self[name] is Mode.NATIVE

    @property
    def any_native(self) -> bool:
        return any(route.mode is Mode.NATIVE for route in self._routes.values())

    @property
    def any_python(self) -> bool:
        return any(route.mode is Mode.PYTHON for route in self._routes.values())

    def lines(self) -> list[str]:
        """The table as text, one line a method."""
        width = max(len(name) for name in self._routes)
        header = f"{'method':<{width}}  mode    decided by"
        return [header, *(f"{n:<{width}}  {r.mode.value:<6}  {r.source}" for n, r in self._routes.items())]

    def rows(self) -> list[tuple[str, str, str]]:
        """The table as (method, mode, setting that decided it)."""
        return [(name, route.mode.value, route.source) for name, route in self._routes.items()]


def engage_kill_switch(engaged: bool = True) -> None:
    """Return every read and stream to the stock back end at the next connect (or stop doing so)."""
    global _kill_switch_engaged
    _kill_switch_engaged = engaged


def kill_switch_source(environ: Mapping[str, str] | None = None) -> str | None:
    """What engaged the kill switch, or None."""
    if _kill_switch_engaged:
        return "kill switch (call)"
    environ = os.environ if environ is None else environ
    if environ.get(ENV_KILL_SWITCH, "").strip().lower() not in _FALSE:
        return f"kill switch ({ENV_KILL_SWITCH})"
    return None


def resolve(
    backend: str | None = None,
    backends: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    registry: Registry = DATA,
) -> BackendTable:
    """Decide the mode of every method. Raises `RoutingError`."""
    environ = os.environ if environ is None else environ
    by_method, by_group = _check_backends(backends or {}, registry)
    _check_environment(environ, registry)
    killed = kill_switch_source(environ)
    routes: dict[str, Route] = {}
    for method in registry.methods:
        if killed and method.kind in (Kind.READ, Kind.STREAM):
            routes[method.name] = Route(method, Mode.PYTHON, killed)
            continue
        text, source = _setting(method, by_method, by_group, environ, backend)
        routes[method.name] = Route(method, parse_mode(text, method, source), source)
    return BackendTable(registry, routes)


def check_execution(table: BackendTable) -> None:
    """Refuse combinations in which an order's events would come twice, or never. Raises `RoutingError`.

    One back end logs in to the private sockets, sends the commands and tells what becomes of them. Reads may come
    from either.
    """
    events = table.route("exec_events")
    for name in table:
        route = table.route(name)
        if route.method.kind is Kind.SIDE_EFFECT and route.mode is not events.mode:
            what = "come from nobody" if route.mode is Mode.NATIVE else "be told twice or not at all"
            raise RoutingError(
                f"{name} is '{route.mode.value}' ({route.source}) but exec_events is '{events.mode.value}' "
                f"({events.source}): events of such orders would {what}. "
                "Set both to the same back end, or use the groups 'orders' and 'exec' together"
            )


def parse_mode(text: str, method: Method | None, source: str) -> Mode:
    """Turn a setting into a mode this release can run for this method. Raises `RoutingError`."""
    try:
        mode = Mode(text.strip().lower())
    except (ValueError, AttributeError):
        raise RoutingError(f"{source} is {text!r}: use one of {_listing(AVAILABLE_MODES)}") from None
    if method is not None and mode not in MODES_BY_KIND[method.kind]:
        raise RoutingError(
            f"{source} is '{mode.value}', which a method of kind {method.kind.value} ({method.name}) cannot run: "
            f"use one of {_listing(MODES_BY_KIND[method.kind])}"
        )
    if mode not in AVAILABLE_MODES:
        raise RoutingError(
            f"{source} is '{mode.value}', which this release knows but cannot run yet: use {_listing(AVAILABLE_MODES)}"
        )
    return mode


def _setting(
    method: Method,
    by_method: Mapping[str, str],
    by_group: Mapping[str, str],
    environ: Mapping[str, str],
    backend: str | None,
) -> tuple[str, str]:
    if method.name in by_method:
        return by_method[method.name], f"config backends[{method.name!r}]"
    if method.group in by_group:
        return by_group[method.group], f"config backends[{method.group!r}]"
    names = [method.name, method.counterpart, method.group]
    for name in (name for name in names if name):
        variable = env_variable(name)
        if environ.get(variable):
            return environ[variable], f"environment {variable}"
    if environ.get(ENV_PREFIX):
        return environ[ENV_PREFIX], f"environment {ENV_PREFIX}"
    if backend is not None:
        return backend, "config backend"
    return Mode.NATIVE.value, "default"


def env_variable(name: str) -> str:
    """The environment variable of a method or group."""
    return f"{ENV_PREFIX}_{name.upper()}"


def _check_backends(backends: Mapping[str, str], registry: Registry) -> tuple[dict[str, str], dict[str, str]]:
    by_method: dict[str, str] = {}
    by_group: dict[str, str] = {}
    for name, text in backends.items():
        method = registry.get(name)
        if method is None:
            if not registry.group(name):
                raise RoutingError(
                    f"backends names {name!r}, which is no method or group: {_suggestion(name, registry)}"
                )
            by_group[name] = text
            continue
        if by_method.get(method.name, text) != text:
            raise RoutingError(
                f"backends[{method.name!r}] and backends[{method.counterpart!r}] differ: "
                "a subscription and its end must share one back end, so set only one of them"
            )
        by_method[method.name] = text
    return by_method, by_group


def _check_environment(environ: Mapping[str, str], registry: Registry) -> None:
    # Both clients may run in one process: a variable of the other one is no mistake.
    known = {env_variable(name) for each in (DATA, EXECUTION) for name in (*each.names, *each.aliases, *each.groups)}
    for variable in environ:
        if variable.startswith(f"{ENV_PREFIX}_") and variable not in known:
            name = variable.removeprefix(f"{ENV_PREFIX}_").lower()
            raise RoutingError(f"environment {variable} names no method or group: {_suggestion(name, registry)}")
    for method in registry.methods:
        pair = [environ.get(env_variable(name)) for name in (method.name, method.counterpart or method.name)]
        if all(pair) and pair[0] != pair[1]:
            raise RoutingError(
                f"environment {env_variable(method.name)} and {env_variable(method.counterpart or '')} differ: "
                "a subscription and its end must share one back end, so set only one of them"
            )


def _suggestion(name: object, registry: Registry) -> str:
    names = [*registry.names, *registry.aliases, *registry.groups]
    near = difflib.get_close_matches(str(name), names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}Methods are {', '.join(registry.names)}; groups are {', '.join(registry.groups)}"


def _listing(modes: tuple[Mode, ...]) -> str:
    return ", ".join(f"'{mode.value}'" for mode in modes)
