"""TC-D71, TC-D72: documented `params` keys act, an unknown key makes one warning."""

import pytest
from nautilus_trader.adapters.okx.native.methods import DATA
from nautilus_trader.adapters.okx.native.params import KNOWN, ParamsChecker, choice


def test_tc_d71_an_unknown_key_makes_one_warning_a_method():
    warnings: list[str] = []
    checker = ParamsChecker(warnings.append)
    for _ in range(3):
        checker.check("subscribe_trade_ticks", {"chanel": "trades-all", "channel": "trades-all"})
    assert len(warnings) == 1
    assert "'chanel' of subscribe_trade_ticks: it knows channel" in warnings[0]


def test_tc_d72_keys_of_the_engine_are_not_reported():
    warnings: list[str] = []
    checker = ParamsChecker(warnings.append)
    checker.check("request_bars", {"update_catalog": True, "bar_types": (), "start_ns": 1})
    checker.check("request_bars", None)
    assert warnings == []


def test_documented_keys_belong_to_methods():
    assert {name for name in KNOWN if DATA.get(name) is None} == set()


def test_a_value_out_of_range_names_the_choices():
    assert choice(None, "channel", ("a", "b")) is None
    assert choice({"channel": "b"}, "channel", ("a", "b")) == "b"
    with pytest.raises(ValueError, match=r"params\['channel'\] is 'c': use one of 'a', 'b'"):
        choice({"channel": "c"}, "channel", ("a", "b"))
