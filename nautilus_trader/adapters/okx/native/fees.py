"""Maker and taker fees of an account, by the fee group of each instrument.

OKX: `GET /api/v5/account/trade-fee`. Its flat `maker`/`makerU`/`makerUSDC` fields are deprecated in favour of
`feeGroup`, a list keyed by the instrument's `groupId`. OKX writes a cost as a negative rate, Nautilus as a positive.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

ZERO: Final = Decimal(0)


class Fees:
    """Rates of one account; empty without keys, when every rate is zero."""

    def __init__(self, warn: Callable[[str], None] | None = None) -> None:
        self._rates: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        self._flat: dict[str, Mapping[str, Any]] = {}
        self._missing: dict[str, int] = {}
        self._warn = warn

    def __contains__(self, inst_type: str) -> bool:
        return inst_type in self._flat

    def add(self, inst_type: str, answer: Mapping[str, Any]) -> None:
        """Take one element of a trade-fee answer."""
        self._flat[inst_type] = answer
        for group in answer.get("fee_group") or ():
            maker, taker = group.get("maker"), group.get("taker")
            if maker is not None and taker is not None:
                self._rates[(inst_type, str(group["group_id"]))] = (-maker, -taker)

    def rates(self, row: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
        """Maker and taker rate of an instrument row, zero (and counted) when OKX names none."""
        inst_type = row["inst_type"]
        if inst_type not in self._flat:
            return ZERO, ZERO
        known = self._rates.get((inst_type, str(row.get("group_id") or "")))
        if known is not None:
            return known
        maker, taker = self._flat_rates(row, self._flat[inst_type])
        if maker is None or taker is None:
            self._missing[inst_type] = self._missing.get(inst_type, 0) + 1
            return ZERO, ZERO
        return -maker, -taker

    def report_missing(self) -> None:
        """Warn once about the instruments whose rate OKX did not name."""
        if self._missing and self._warn:
            counts = ", ".join(f"{count} {inst_type}" for inst_type, count in self._missing.items())
            self._warn(f"No fee rate from OKX for {counts} instrument(s): their maker and taker fees are zero")
        self._missing.clear()

    @staticmethod
    def _flat_rates(row: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
        # Older accounts and simulators answer without groups: pick the flat pair of the margin currency.
        settle = str(row.get("settle_ccy") or row.get("quote_ccy") or "")
        inverse = row.get("ct_type") == "inverse" or row["inst_type"] in ("SPOT", "MARGIN", "OPTION", "EVENTS")
        if settle == "USDC":
            pair = answer.get("maker_usdc"), answer.get("taker_usdc")
            if None not in pair:
                return pair
        if not inverse:
            pair = answer.get("maker_u"), answer.get("taker_u")
            if None not in pair:
                return pair
        return answer.get("maker"), answer.get("taker")
