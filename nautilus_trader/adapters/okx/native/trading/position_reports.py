"""Rows of positions, and balances of pairs, as Nautilus' reports."""

from decimal import ROUND_DOWN, Decimal

from nautilus_trader.adapters.okx.native.trading.values import (
    ZERO,
    Row,
    RowError,
    quantity_of,
    text,
    time_ns,
    venue_position_id,
)
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.reports import PositionStatusReport
from nautilus_trader.model.enums import PositionSide
from nautilus_trader.model.identifiers import AccountId
from nautilus_trader.model.instruments import CurrencyPair, Instrument


def signed_quantity(row: Row) -> Decimal:
    """Contracts, or base currency of pairs; below 0 for a short position. Raises `RowError`."""
    pos: Decimal = row.get("pos") or ZERO
    if not pos:
        return ZERO
    side = text(row, "pos_side")
    if side in ("long", "short"):
        return abs(pos) if side == "long" else -abs(pos)
    if text(row, "inst_type") == "MARGIN":
        return _margin_quantity(row, abs(pos))
    return pos


def _margin_quantity(row: Row, pos: Decimal) -> Decimal:
    # Long: the base currency that was bought. Short: the quote currency that was got for it, and what is owed.
    inst_id, pos_ccy = text(row, "inst_id"), text(row, "pos_ccy")
    base = inst_id.split("-", 1)[0]
    if not pos_ccy:
        raise RowError(f"margin position {inst_id}: posCcy is empty, so that its direction is not known")
    if pos_ccy == base:
        return pos
    owed: Decimal | None = row.get("liab")
    if owed and text(row, "liab_ccy") == base:
        return -abs(owed)
    average: Decimal | None = row.get("avg_px")
    if not average:
        raise RowError(f"margin position {inst_id}: neither liab nor avgPx says how much base currency it is")
    return -pos / average


def position_report(row: Row, instrument: Instrument, account_id: AccountId, now_ns: int) -> PositionStatusReport:
    """The report of a position. Raises `RowError`."""
    signed = signed_quantity(row)
    if isinstance(instrument, CurrencyPair):
        signed = signed.quantize(Decimal(str(instrument.size_increment)), rounding=ROUND_DOWN)
    side = PositionSide.FLAT if not signed else PositionSide.LONG if signed > 0 else PositionSide.SHORT
    return PositionStatusReport(
        account_id=account_id,
        instrument_id=instrument.id,
        position_side=side,
        quantity=quantity_of(abs(signed), instrument),
        venue_position_id=venue_position_id(instrument.id, text(row, "pos_side")),
        avg_px_open=row.get("avg_px") if signed else None,
        report_id=UUID4(),
        ts_last=time_ns(row, "u_time", now_ns),
        ts_init=now_ns,
    )


def wallet_report(
    instrument: CurrencyPair, balance: Row | None, account_id: AccountId, now_ns: int
) -> PositionStatusReport:
    """What the wallet holds of a pair's base currency, as a position: cash less liabilities."""
    row = balance or {}
    held: Decimal = (row.get("cash_bal") or ZERO) - abs(row.get("liab") or ZERO)
    step = Decimal(str(instrument.size_increment))
    whole = abs(held) // step * step
    if not whole:
        return flat_report(instrument, account_id, now_ns)
    return PositionStatusReport(
        account_id=account_id,
        instrument_id=instrument.id,
        position_side=PositionSide.LONG if held > 0 else PositionSide.SHORT,
        quantity=quantity_of(whole, instrument),
        report_id=UUID4(),
        ts_last=now_ns,
        ts_init=now_ns,
    )


def flat_report(instrument: Instrument, account_id: AccountId, now_ns: int) -> PositionStatusReport:
    """No position."""
    return PositionStatusReport.create_flat(
        account_id=account_id,
        instrument_id=instrument.id,
        size_precision=instrument.size_precision,
        ts_init=now_ns,
        report_id=UUID4(),
    )
