"""Fee rates: by fee group first (S56), by the flat fields of older answers, and never silently zero."""

from decimal import Decimal

from nautilus_trader.adapters.okx.native.fees import Fees

ANSWER = {
    "maker": Decimal("-0.0008"),
    "taker": Decimal("-0.001"),
    "maker_u": Decimal("-0.0002"),
    "taker_u": Decimal("-0.0005"),
    "maker_usdc": Decimal("-0.00015"),
    "taker_usdc": Decimal("-0.00045"),
    "fee_group": [{"group_id": "4", "maker": Decimal("0.0001"), "taker": Decimal("-0.0003")}],
}


def row(inst_type: str = "SWAP", **fields: str) -> dict[str, str]:
    return {"inst_type": inst_type, "inst_id": "X", **fields}


def test_the_group_of_the_instrument_decides_and_a_rebate_is_negative():
    fees = Fees()
    fees.add("SWAP", ANSWER)
    assert fees.rates(row(group_id="4", settle_ccy="USDC")) == (Decimal("-0.0001"), Decimal("0.0003"))


def test_s56_usdc_margined_swaps_take_the_usdc_rates():
    fees = Fees()
    fees.add("SWAP", ANSWER)
    assert fees.rates(row(ct_type="linear", settle_ccy="USDC")) == (Decimal("0.00015"), Decimal("0.00045"))
    assert fees.rates(row(ct_type="linear", settle_ccy="USDT")) == (Decimal("0.0002"), Decimal("0.0005"))
    assert fees.rates(row(ct_type="inverse", settle_ccy="BTC")) == (Decimal("0.0008"), Decimal("0.001"))


def test_s56_a_rate_okx_does_not_name_is_zero_with_one_warning():
    warnings: list[str] = []
    fees = Fees(warnings.append)
    fees.add("SWAP", {"maker": None, "taker": None, "maker_u": None, "taker_u": None, "fee_group": []})
    for _ in range(3):
        assert fees.rates(row(ct_type="linear", settle_ccy="USDT")) == (Decimal(0), Decimal(0))
    fees.report_missing()
    fees.report_missing()
    assert len(warnings) == 1
    assert "3 SWAP" in warnings[0]


def test_without_keys_rates_are_zero_and_nobody_is_warned():
    warnings: list[str] = []
    fees = Fees(warnings.append)
    assert fees.rates(row()) == (Decimal(0), Decimal(0))
    fees.report_missing()
    assert warnings == []
