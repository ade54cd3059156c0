"""Configuration and routing of the execution client: what cannot be honoured is refused in words, at the start."""

import pytest
from nautilus_trader.adapters.okx.native import AccountModeError, ConfigError, OKXNativeExecClientConfig, RoutingError
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.methods import EXECUTION, Kind, Mode
from nautilus_trader.adapters.okx.native.routing import check_execution, resolve
from nautilus_trader.adapters.okx.native.trading.account_check import check_account, settings_of
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode

FUTURES_NET = {
    "acct_lv": "2",
    "pos_mode": "net_mode",
    "level": "Lv1",
    "perm": "read_only,trade",
    "ip": "10.0.0.1",
}


def test_stock_fields_are_kept():
    config = OKXNativeExecClientConfig(
        instrument_types=(OKXInstrumentType.SWAP,), margin_mode=OKXMarginMode.CROSS, use_spot_margin=True
    )
    assert config.margin_mode == OKXMarginMode.CROSS
    assert config.use_spot_margin
    assert config.backend is None
    assert not config.is_hedging


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cancel_all_after_secs": 9}, "from 10 to 120"),
        ({"cancel_all_after_secs": 121}, "from 10 to 120"),
        ({"cancel_all_after_secs": 30.5}, "whole seconds"),
        ({"route": "grpc"}, "'ws', 'http'"),
        ({"position_mode": "hedge"}, "'net_mode', 'long_short_mode'"),
        ({"order_tag": "a-b"}, "letters and digits"),
        ({"stp_mode": "none"}, "cancel_maker"),
        ({"exp_time_ms": 0}, "positive"),
        ({"disconnect_timeout_secs": 0}, "positive"),
        ({"api_key": "k"}, "api_secret and api_passphrase missing"),
        ({"margin_mode": "cross"}, "OKXMarginMode"),
        ({"base_url_ws": "http://x"}, "ws://"),
        ({"instrument_types": ()}, "empty"),
    ],
)
def test_values_are_checked(fields, words):
    with pytest.raises(ConfigError, match=words):
        OKXNativeExecClientConfig(**fields)


def test_what_the_native_back_end_cannot_do_is_refused():
    with pytest.raises(ConfigError, match="OPTION only"):
        OKXNativeExecClientConfig(use_mm_mass_cancel=True).check_native()


def test_keys_come_from_the_configuration_or_the_environment():
    config = OKXNativeExecClientConfig()
    environ = {"OKX_API_KEY": "k", "OKX_API_SECRET": "s", "OKX_API_PASSPHRASE": "p"}
    keys = Keys.of(config, environ)
    assert (keys.api_key, keys.api_secret, keys.api_passphrase) == ("k", "s", "p")
    assert "'k'" not in repr(keys)
    with pytest.raises(ConfigError, match=r"api_secret \(or OKX_API_SECRET\)"):
        Keys.of(config, {"OKX_API_KEY": "k"})


# -- routing --------------------------------------------------------------------------------------


def test_commands_and_events_share_a_back_end():
    for method in EXECUTION.methods:
        if method.kind is not Kind.SIDE_EFFECT:
            continue
        for mode in ("python", "native"):
            other = "native" if mode == "python" else "python"
            table = resolve(mode, {method.name: other}, environ={}, registry=EXECUTION)
            with pytest.raises(RoutingError, match="exec_events"):
                check_execution(table)


def test_reads_may_come_from_either():
    for mode in ("python", "native"):
        other = "native" if mode == "python" else "python"
        table = resolve(mode, {"reports": other, "queries": other}, environ={}, registry=EXECUTION)
        check_execution(table)
        assert table["generate_fill_reports"].value == other
        assert table["submit_order"].value == mode


def test_the_kill_switch_leaves_orders_where_they_are():
    table = resolve(None, None, environ={"OKX_NT_KILL_SWITCH": "1"}, registry=EXECUTION)
    check_execution(table)
    assert table["submit_order"] is Mode.NATIVE
    assert table["generate_order_status_reports"] is Mode.PYTHON


def test_orders_are_never_sent_twice():
    for mode in ("shadow", "verify"):
        with pytest.raises(RoutingError, match="side_effect"):
            resolve(None, {"submit_order": mode}, environ={}, registry=EXECUTION)
    with pytest.raises(RoutingError, match="cannot run yet"):
        resolve(None, {"submit_order": "dry_run"}, environ={}, registry=EXECUTION)


def test_variables_of_both_clients_may_be_set():
    environ = {"OKX_NT_BACKEND_ORDERS": "python", "OKX_NT_BACKEND_EXEC": "python", "OKX_NT_BACKEND_QUOTES": "python"}
    table = resolve(None, None, environ=environ, registry=EXECUTION)
    check_execution(table)
    assert table["cancel_order"] is Mode.PYTHON
    assert resolve(None, None, environ=environ)["subscribe_quote_ticks"] is Mode.PYTHON
    with pytest.raises(RoutingError, match="names no method or group"):
        resolve(None, None, environ={"OKX_NT_BACKEND_ORDER": "python"}, registry=EXECUTION)


# -- the account's modes --------------------------------------------------------------------------


def config_of(*types, **fields):
    return OKXNativeExecClientConfig(instrument_types=types or (OKXInstrumentType.SWAP,), **fields)


def test_an_account_that_fits():
    assert check_account(FUTURES_NET, config_of()) == []
    settings = settings_of(FUTURES_NET, config_of(order_tag="t1", exp_time_ms=500))
    assert settings["acct_lv"] == "2"
    assert settings["margin_mode"] == "isolated"  # as the stock client, where nothing is configured
    assert (settings["tag"], settings["exp_time_ms"]) == ("t1", 500)


@pytest.mark.parametrize(
    ("account", "config", "words"),
    [
        ({"acct_lv": "1"}, config_of(), "cannot trade SWAP"),
        ({"acct_lv": "1"}, config_of(OKXInstrumentType.SPOT, use_spot_margin=True), "no margin on pairs"),
        ({"acct_lv": "3"}, config_of(margin_mode=OKXMarginMode.ISOLATED), "50072"),
        ({"pos_mode": "long_short_mode"}, config_of(), 'position_mode="long_short_mode"'),
        ({}, config_of(position_mode="long_short_mode"), 'position_mode="net_mode"'),
        ({"perm": "read_only"}, config_of(), "permission to trade"),
    ],
)
def test_an_account_that_does_not_fit_is_refused_with_advice(account, config, words):
    with pytest.raises(AccountModeError, match=words):
        check_account(FUTURES_NET | account, config)


def test_a_spot_account_may_be_in_any_position_mode():
    account = FUTURES_NET | {"acct_lv": "1", "pos_mode": "long_short_mode"}
    assert check_account(account, config_of(OKXInstrumentType.SPOT)) == []


def test_doubtful_settings_are_warned_of():
    account = FUTURES_NET | {"perm": "read_only,trade,withdraw", "ip": ""}
    warnings = check_account(account, config_of(use_fills_channel=True))
    assert [w for w in warnings if "withdraw" in w]
    assert [w for w in warnings if "14 days" in w]
    assert [w for w in warnings if "VIP4" in w]
    assert settings_of(account, config_of(use_fills_channel=True))["fills"] is False
    assert settings_of(account | {"level": "VIP5"}, config_of(use_fills_channel=True))["fills"] is True
