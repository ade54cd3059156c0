"""Which back end answers a method: order of settings, groups, pairs, kill switch, errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nautilus_trader.adapters.okx.native import routing
from nautilus_trader.adapters.okx.native.methods import DATA, DATA_METHODS, MODES_BY_KIND, Kind, Method, Mode, Registry
from nautilus_trader.adapters.okx.native.routing import RoutingError, resolve

MODES = st.sampled_from(["python", "native"])
MAYBE_MODE = st.none() | MODES
METHOD_NAMES = st.sampled_from(DATA.names)
GROUP_NAMES = st.sampled_from(DATA.groups)


def variable(name: str) -> str:
    return f"OKX_NT_BACKEND_{name.upper()}"


@given(
    backend=MAYBE_MODE,
    methods=st.dictionaries(METHOD_NAMES, MODES),
    groups=st.dictionaries(GROUP_NAMES, MODES),
    env_methods=st.dictionaries(METHOD_NAMES, MODES),
    env_groups=st.dictionaries(GROUP_NAMES, MODES),
    env_all=MAYBE_MODE,
)
def test_every_method_takes_the_first_setting_that_names_it(backend, methods, groups, env_methods, env_groups, env_all):
    environ = {variable(name): mode for name, mode in (env_groups | env_methods).items()}
    if env_all:
        environ["OKX_NT_BACKEND"] = env_all

    table = resolve(backend, groups | methods, environ)

    for method in DATA_METHODS:
        expected = next(
            mode
            for mode in (
                methods.get(method.name),
                groups.get(method.group),
                env_methods.get(method.name),
                env_groups.get(method.group),
                env_all,
                backend,
                "native",
            )
            if mode
        )
        assert table[method.name] == expected


@given(name=METHOD_NAMES, mode=MODES, use_counterpart=st.booleans())
def test_a_pair_shares_its_mode_whichever_half_is_named(name, mode, use_counterpart):
    method = DATA.get(name)
    assert method is not None
    named = method.counterpart if use_counterpart and method.counterpart else name

    table = resolve("python" if mode == "native" else "native", {named: mode}, {})

    assert table[name] == mode
    if method.counterpart:
        assert table[method.counterpart] == mode


def test_without_settings_everything_is_native():
    table = resolve(environ={})
    assert set(table.values()) == {Mode.NATIVE}
    assert not table.any_python
    assert {source for _, _, source in table.rows()} == {"default"}


def test_the_table_says_what_decided_each_line():
    table = resolve("python", {"book": "native"}, {"OKX_NT_BACKEND_REQUEST_BARS": "native"})
    sources = {method: source for method, _, source in table.rows()}
    assert sources["subscribe_order_book_deltas"] == "config backends['book']"
    assert sources["request_bars"] == "environment OKX_NT_BACKEND_REQUEST_BARS"
    assert sources["subscribe_quote_ticks"] == "config backend"
    lines = table.lines()
    assert len(lines) == len(DATA_METHODS) + 1
    assert any(line.split()[:2] == ["request_bars", "native"] for line in lines)


@pytest.mark.parametrize("mode", ["shadow", "verify"])
def test_modes_of_a_later_release_are_refused_by_name(mode):
    with pytest.raises(RoutingError, match=f"'{mode}'.*cannot run yet.*'python', 'native'"):
        resolve(None, {"subscribe_bars": mode}, {})


@pytest.mark.parametrize("mode", ["rust", "", "NATIVE?"])
def test_an_unknown_mode_names_the_setting_and_the_choices(mode):
    with pytest.raises(RoutingError, match=r"config backends\['subscribe_bars'\].*'python', 'native'"):
        resolve(None, {"subscribe_bars": mode}, {})


def test_modes_are_read_without_regard_to_case():
    assert resolve("Python", None, {})["request_bars"] is Mode.PYTHON


def test_an_unknown_method_is_refused_with_the_nearest_name():
    with pytest.raises(RoutingError, match=r"'subscribe_quotes'.*did you mean 'subscribe_quote_ticks'"):
        resolve(None, {"subscribe_quotes": "native"}, {})


def test_an_unknown_environment_variable_is_refused():
    with pytest.raises(RoutingError, match="OKX_NT_BACKEND_SUBSCRIBE_QUOTES names no method or group"):
        resolve(environ={"OKX_NT_BACKEND_SUBSCRIBE_QUOTES": "native"})


def test_a_bad_mode_in_the_environment_names_the_variable():
    with pytest.raises(RoutingError, match="environment OKX_NT_BACKEND is 'rust'"):
        resolve(environ={"OKX_NT_BACKEND": "rust"})


@pytest.mark.parametrize("where", ["config", "environment"])
def test_a_split_pair_is_refused(where):
    split = {"subscribe_bars": "native", "unsubscribe_bars": "python"}
    settings = (split, {}) if where == "config" else ({}, {variable(name): mode for name, mode in split.items()})
    with pytest.raises(RoutingError, match="must share one back end"):
        resolve(None, *settings)


def test_the_kill_switch_of_the_environment_returns_reads_and_streams():
    table = resolve("native", {"subscribe_bars": "native"}, {"OKX_NT_KILL_SWITCH": "1"})
    assert set(table.values()) == {Mode.PYTHON}
    assert table.route("subscribe_bars").source == "kill switch (OKX_NT_KILL_SWITCH)"


@pytest.mark.parametrize("value", ["", "0", "false", "No", "off"])
def test_a_kill_switch_set_to_no_is_off(value):
    assert resolve(environ={"OKX_NT_KILL_SWITCH": value}).any_native


def test_the_kill_switch_by_call_lasts_until_released():
    try:
        routing.engage_kill_switch()
        assert not resolve(environ={}).any_native
    finally:
        routing.engage_kill_switch(False)
    assert resolve(environ={}).any_native


def test_the_kill_switch_leaves_side_effects_alone():
    registry = Registry((Method("submit_order", "orders", Kind.SIDE_EFFECT, "requests"),))
    table = resolve("native", None, {"OKX_NT_KILL_SWITCH": "1"}, registry)
    assert table["submit_order"] is Mode.NATIVE


@pytest.mark.parametrize("mode", ["shadow", "verify"])
def test_a_side_effect_cannot_be_shadowed(mode):
    registry = Registry((Method("submit_order", "orders", Kind.SIDE_EFFECT, "requests"),))
    with pytest.raises(RoutingError, match=r"kind side_effect.*'dry_run'"):
        resolve(mode, None, {}, registry)


def test_the_registry_is_consistent():
    assert len({method.name for method in DATA_METHODS}) == len(DATA_METHODS)
    for method in DATA_METHODS:
        assert method.comparator
        assert (method.kind is Kind.STREAM) == method.name.startswith("subscribe")
        assert Mode.PYTHON in MODES_BY_KIND[method.kind]
        assert DATA.get(method.name) is method
    assert not set(DATA.groups) & set(DATA.names), "a group and a method of one name could not be told apart"


def test_every_hook_of_the_base_class_is_in_the_registry():
    from nautilus_trader.live.data_client import LiveMarketDataClient

    hooks = {
        name.removeprefix("_")
        for name in vars(LiveMarketDataClient)
        if name.startswith(("_subscribe", "_unsubscribe", "_request"))
    }
    assert {hook for hook in hooks if DATA.get(hook) is None} == set()


def test_unknown_names_raise_key_error():
    table = resolve(environ={})
    with pytest.raises(KeyError):
        table["subscribe_everything"]
