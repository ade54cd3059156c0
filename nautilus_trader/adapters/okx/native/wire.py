"""Rows of WebSocket pushes, which carry OKX's own field names and texts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

DECIMALS: Final = {
    "ctVal": "ct_val",
    "ctMult": "ct_mult",
    "stk": "stk",
    "lever": "lever",
    "tickSz": "tick_sz",
    "lotSz": "lot_sz",
    "minSz": "min_sz",
    "maxLmtSz": "max_lmt_sz",
    "maxMktSz": "max_mkt_sz",
    "maxLmtAmt": "max_lmt_amt",
    "maxMktAmt": "max_mkt_amt",
}

TIMES: Final = {"listTime": "list_time_ms", "expTime": "exp_time_ms"}

TEXTS: Final = {
    "instType": "inst_type",
    "instId": "inst_id",
    "uly": "uly",
    "instFamily": "inst_family",
    "seriesId": "series_id",
    "groupId": "group_id",
    "baseCcy": "base_ccy",
    "quoteCcy": "quote_ccy",
    "settleCcy": "settle_ccy",
    "ctValCcy": "ct_val_ccy",
    "ctType": "ct_type",
    "optType": "opt_type",
    "state": "state",
    "ruleType": "rule_type",
    "instCategory": "inst_category",
}

REQUIRED: Final = ("tickSz", "lotSz", "minSz", "state")


def decimal(text: Any) -> Decimal | None:
    """OKX's number; empty and absent are None."""
    return None if text in (None, "") else Decimal(str(text))


def millis(text: Any) -> int | None:
    """OKX's unix milliseconds; empty and absent are None."""
    return None if text in (None, "") else int(text)


def instrument_changes(push: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The id and the fields of an `instruments` push, named as in `InstrumentRow`.

    A push may be a delta: fields it lacks are absent from the result. One that carries all required fields can stand
    alone and says so by a `missing` list.
    """
    changes: dict[str, Any] = {}
    for wire, name in TEXTS.items():
        if wire in push:
            changes[name] = push[wire] or None
    for wire, name in DECIMALS.items():
        if wire in push:
            changes[name] = decimal(push[wire])
    for wire, name in TIMES.items():
        if wire in push:
            changes[name] = millis(push[wire])
    if push.get("instIdCode") not in (None, ""):
        changes["inst_id_code"] = int(push["instIdCode"])
    if changes.get("state") is None:
        changes.pop("state", None)
    if all(push.get(name) not in (None, "") for name in REQUIRED):
        changes["missing"] = []
    return str(push["instId"]), changes
