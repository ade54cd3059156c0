"""Balances and margins of the account as Nautilus keeps them.

OKX sends what changed, and leaves empty what a mode does not have: an empty field is unknown, not 0. Nautilus demands
`total - locked == free` to the last digit, which rounding each figure by itself would break.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from nautilus_trader.adapters.okx.native.instruments import currency_of
from nautilus_trader.adapters.okx.native.trading.values import ZERO, Row, amount_of
from nautilus_trader.model.objects import AccountBalance, Currency, MarginBalance, Money

ACCOUNT_CURRENCY: Final = "USD"
"""Margins of the whole account (multi-currency and portfolio margin) are in dollars."""


class AccountBook:
    """The last known balance of each currency, and its margins."""

    def __init__(self, allow_negative: bool = True) -> None:
        self._allow_negative = allow_negative
        self._balances: dict[str, AccountBalance] = {}
        self._margins: dict[str, MarginBalance] = {}

    @property
    def balances(self) -> list[AccountBalance]:
        return list(self._balances.values())

    @property
    def margins(self) -> list[MarginBalance]:
        return list(self._margins.values())

    def replace(self, rows: Iterable[Row], totals: Row) -> None:
        """The whole account, as REST lists it: a currency that is not listed has nothing."""
        known = set(self._balances)
        self.update(rows, totals)
        listed = {row["ccy"] for row in rows}
        for ccy in known - listed:
            self._take({"ccy": ccy, "cash_bal": ZERO, "avail_bal": ZERO, "imr": ZERO, "mmr": ZERO})

    def update(self, rows: Iterable[Row], totals: Row) -> None:
        """What changed."""
        for row in rows:
            self._take(row)
        # Account-wide margins come in the modes that have them; the others leave them empty.
        initial, maintenance = totals.get("imr"), totals.get("mmr")
        if initial is not None or maintenance is not None:
            self._set_margin(currency_of(ACCOUNT_CURRENCY), "", initial, maintenance)

    def _take(self, row: Row) -> None:
        currency = currency_of(row["ccy"])
        self._balances[row["ccy"]] = balance_of(row, currency, self._allow_negative)
        if row.get("imr") is not None or row.get("mmr") is not None:
            self._set_margin(currency, row["ccy"], row.get("imr"), row.get("mmr"))

    def _set_margin(self, currency: Currency, key: str, initial: Decimal | None, maintenance: Decimal | None) -> None:
        initial, maintenance = max(initial or ZERO, ZERO), max(maintenance or ZERO, ZERO)
        if not initial and not maintenance and key not in self._margins:
            return  # never had any
        self._margins[key] = MarginBalance(
            initial=Money(amount_of(initial, currency), currency),
            maintenance=Money(amount_of(maintenance, currency), currency),
        )


def balance_of(row: Row, currency: Currency, allow_negative: bool = True) -> AccountBalance:
    """The balance of one currency: cash, of which what is available is free and the rest locked."""
    cash = _first(row, "cash_bal", "eq")
    available = _first(row, "avail_bal", "avail_eq")
    total = amount_of(ZERO if cash is None else cash, currency)
    if total < 0 and not allow_negative:
        total = amount_of(ZERO, currency)  # a cash account cannot owe; OKX shows dust below 0 now and then
    free = total if available is None else amount_of(available, currency)
    # Open profits may be used as margin, but are no cash yet; a debt has nothing free.
    free = total if total < 0 else min(max(free, ZERO), total)
    return AccountBalance(
        total=Money(total, currency), locked=Money(total - free, currency), free=Money(free, currency)
    )


def _first(row: Row, *names: str) -> Decimal | None:
    return next((value for name in names if (value := row.get(name)) is not None), None)
