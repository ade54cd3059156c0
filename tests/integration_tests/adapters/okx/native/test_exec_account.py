"""Balances, margins and order parameters: OKX's figures as Nautilus takes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nautilus_trader.adapters.okx.native.instruments import currency_of
from nautilus_trader.adapters.okx.native.trading.account import AccountBook, balance_of
from nautilus_trader.adapters.okx.native.trading.order_params import ParamsError, order_params, refuse_new_prices
from nautilus_trader.core.nautilus_pyo3 import OKXTradeMode

D = Decimal
USDT, BTC = currency_of("USDT"), currency_of("BTC")
FIGURES = st.none() | st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=18)


@given(cash=FIGURES, eq=FIGURES, bal=FIGURES, avail_eq=FIGURES, negative=st.booleans())
def test_a_balance_always_adds_up(cash, eq, bal, avail_eq, negative):
    row = {"ccy": "USDT", "cash_bal": cash, "eq": eq, "avail_bal": bal, "avail_eq": avail_eq}
    balance = balance_of(row, USDT, negative)
    total, locked, free = (Decimal(str(m.as_decimal())) for m in (balance.total, balance.locked, balance.free))
    assert total - locked == free
    assert locked >= 0
    if not negative:
        assert total >= 0


def test_what_is_not_available_is_locked():
    balance = balance_of({"cash_bal": D("100.5"), "avail_bal": D("60.25")}, USDT)
    assert (str(balance.total), str(balance.locked), str(balance.free)) == (
        "100.50000000 USDT",
        "40.25000000 USDT",
        "60.25000000 USDT",
    )


def test_empty_fields_are_unknown_not_zero():
    assert balance_of({"cash_bal": D(5)}, USDT).free.as_decimal() == 5
    assert balance_of({"eq": D(7), "avail_eq": D(3)}, USDT).free.as_decimal() == 3


def test_open_profits_are_no_cash():
    balance = balance_of({"cash_bal": D(100), "eq": D(150), "avail_bal": D(150)}, USDT)
    assert balance.total.as_decimal() == 100
    assert balance.locked.as_decimal() == 0


def test_what_is_no_longer_listed_is_gone():
    book = AccountBook()
    book.replace([{"ccy": "USDT", "cash_bal": D(1)}, {"ccy": "BTC", "cash_bal": D(2)}], {})
    book.replace([{"ccy": "BTC", "cash_bal": D(3)}], {})
    found = {b.currency.code: b.total.as_decimal() for b in book.balances}
    assert found == {"USDT": 0, "BTC": 3}


def test_margins_of_futures_mode_are_per_currency():
    book = AccountBook()
    book.update([{"ccy": "BTC", "cash_bal": D(1), "imr": D("0.1"), "mmr": D("0.05")}], {"imr": None, "mmr": None})
    assert [(m.currency.code, m.initial.as_decimal(), m.maintenance.as_decimal()) for m in book.margins] == [
        ("BTC", D("0.1"), D("0.05"))
    ]


def test_margins_of_multi_currency_mode_are_in_dollars():
    book = AccountBook()
    book.update([{"ccy": "BTC", "cash_bal": D(1)}], {"imr": D("12.345"), "mmr": D(6)})
    assert [(m.currency.code, m.initial.as_decimal()) for m in book.margins] == [("USD", D("12.34"))]
    book.update([], {"imr": D(0), "mmr": D(0)})
    assert book.margins[0].initial.as_decimal() == 0


# -- parameters -----------------------------------------------------------------------------------


def test_plain_parameters_pass():
    given = {"td_mode": "cross", "px_usd": D("10.50"), "ban_amend": True, "outcome": None, "unheard": 1.5}
    assert order_params(given) == {"td_mode": "cross", "px_usd": "10.50", "ban_amend": True, "unheard": "1.5"}
    assert order_params({"td_mode": OKXTradeMode("spot_isolated")}) == {"td_mode": "spot_isolated"}
    assert order_params(None) == {}


def test_the_stock_form_of_attached_orders():
    legs = [
        {"attach_algo_cl_ord_id": "a1", "sl_trigger_px": "90", "sl_ord_px": "-1"},
        {"tpTriggerPx": D(120), "tpOrdPx": "119.5", "tpTriggerPxType": "mark"},
    ]
    assert order_params({"attach_algo_ords": legs}) == {
        "attach_algo_cl_ord_id": "a1",
        "sl_trigger_px": "90",
        "sl_ord_px": "-1",
        "tp_trigger_px": "120",
        "tp_ord_px": "119.5",
        "tp_trigger_px_type": "mark",
    }
    with pytest.raises(ParamsError, match="twice"):
        order_params({"attach_algo_ords": [{"sl_trigger_px": "1"}, {"sl_trigger_px": "2"}]})
    with pytest.raises(ParamsError, match="list of dicts"):
        order_params({"attach_algo_ords": {"sl_trigger_px": "1"}})


def test_close_fraction_is_the_whole_or_nothing():
    for whole in ("1", 1, 1.0, True):
        assert order_params({"close_fraction": whole}) == {"close_fraction": True}
    with pytest.raises(ParamsError, match="whole position"):
        order_params({"close_fraction": "0.5"})


def test_what_okx_ignores_is_not_sent():
    assert order_params({"speed_bump": "1"}) == {}


def test_prices_of_options_in_other_forms_cannot_be_amended():
    assert refuse_new_prices({"speed_bump": "1"}) is None
    assert "px_vol" in (refuse_new_prices({"px_vol": "0.5"}) or "")
