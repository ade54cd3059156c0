"""Rows of `instruments` pushes: texts to typed fields, deltas that carry only what changed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nautilus_trader.adapters.okx.native.providers import types_of
from nautilus_trader.adapters.okx.native.wire import decimal, instrument_changes, millis

CORPUS = Path(__file__).parents[5] / "crates/adapters/okx/test_data/corpus"


def captured_rows() -> list[dict[str, object]]:
    frames = [json.loads(path.read_text()) for path in sorted((CORPUS / "ws/instruments").glob("*.json"))]
    return [row for frame in frames for row in frame.get("data", [])]


def test_captured_pushes_become_complete_rows():
    rows = captured_rows()
    assert rows
    for row in rows:
        inst_id, changes = instrument_changes(row)
        assert inst_id == row["instId"]
        if row.get("tickSz"):
            assert changes["tick_sz"] == Decimal(row["tickSz"])
            assert changes["missing"] == []


def test_a_delta_carries_only_what_changed():
    inst_id, changes = instrument_changes({"instId": "BTC-USDT", "tickSz": "0.01"})
    assert inst_id == "BTC-USDT"
    assert changes == {"inst_id": "BTC-USDT", "tick_sz": Decimal("0.01")}


def test_an_empty_state_changes_nothing():
    assert instrument_changes({"instId": "BTC-USDT", "state": ""})[1] == {"inst_id": "BTC-USDT"}


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_keep_every_digit(value):
    assert decimal(str(value)) == value


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_none(nothing):
    assert decimal(nothing) is None
    assert millis(nothing) is None


@pytest.mark.parametrize(
    ("inst_id", "types"),
    [
        ("BTC-USDT", ["SPOT", "MARGIN"]),
        ("BTC-USDT-SWAP", ["SWAP"]),
        ("BTC-USD_UM-SWAP", ["SWAP"]),
        ("BTC-USDT-250808", ["FUTURES"]),
        ("BTC-USD_UM_XPERP-310404", ["EVENTS", "FUTURES"]),
        ("BTC-USD-221230-4000-C", ["OPTION"]),
        ("BTC-USD_UM-260427-158000-P", ["OPTION"]),
        ("BTC-ABOVE-DAILY-260224-1600-65000", ["EVENTS"]),
        ("BTC-USDT_BTC-USDT-SWAP", ["SPREAD"]),
    ],
)
def test_tc_d03_the_type_is_found_from_the_id(inst_id, types):
    found = types_of(inst_id)
    assert found[-1] == types[-1]
    assert "SPREAD" not in found or found == types
