"""Values of OKX's rows as Nautilus' objects."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI, currency_of
from nautilus_trader.core.nautilus_pyo3 import FIXED_PRECISION
from nautilus_trader.model.enums import LiquiditySide, OrderSide
from nautilus_trader.model.identifiers import PositionId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.model.objects import Currency, Money, Price, Quantity

Row = Mapping[str, Any]

ZERO: Final = Decimal(0)
SIDES: Final = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
LIQUIDITY: Final = {
    "M": LiquiditySide.MAKER,
    "maker": LiquiditySide.MAKER,
    "T": LiquiditySide.TAKER,
    "taker": LiquiditySide.TAKER,
}
POSITION_SIDES: Final = ("long", "short")
RAW_EXACT_MAX: Final = Decimal(10) ** 27
"""Decimals of Python have 28 digits; Nautilus takes prices and sizes up to here and further."""
RAW_UNITS: Final = tuple(10 ** (FIXED_PRECISION - precision) for precision in range(FIXED_PRECISION + 1))
"""What a raw value of so many digits is a multiple of."""


class RowError(ValueError):
    """A row that cannot be used; the message names its id and the field at fault."""


def text(row: Row, name: str) -> str:
    """A text, "" when absent."""
    value = row.get(name)
    return "" if value is None else str(value)


def time_ns(row: Row, name: str, default: int) -> int:
    """A time in nanoseconds; OKX has milliseconds."""
    value = row.get(f"{name}_ms", row.get(name))
    return int(value) * NANOS_PER_MILLI if value else default


def side_of(row: Row, what: str) -> OrderSide:
    """The side of an order. Raises `RowError`: a side is not guessed."""
    side = SIDES.get(text(row, "side"))
    if side is None:
        raise RowError(f"{what}: side is {row.get('side')!r}")
    return side


def decimals_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def quantity_of(value: Decimal, instrument: Instrument) -> Quantity:
    """A size with the instrument's precision, or with its own digits where it has more: nothing is rounded."""
    precision = int(instrument.size_precision)
    raw = _raw(value, precision)
    if raw is not None and raw >= 0:
        return Quantity.from_raw(raw, precision)
    precision = max(precision, decimals_of(_plain(value)))
    return Quantity.from_str(f"{value:.{precision}f}")


def price_of(value: Decimal, instrument: Instrument) -> Price:
    """A price, likewise."""
    precision = int(instrument.price_precision)
    raw = _raw(value, precision)
    if raw is not None:
        return Price.from_raw(raw, precision)
    precision = max(precision, decimals_of(_plain(value)))
    return Price.from_str(f"{value:.{precision}f}")


def amount_of(value: Decimal, currency: Currency) -> Decimal:
    """An amount in whole units of the currency's precision."""
    return value.quantize(Decimal(1).scaleb(-currency.precision), rounding=ROUND_HALF_EVEN)


def money_of(value: Decimal, currency: Currency) -> Money:
    """Money: the currency's precision may be coarser than OKX's figures."""
    raw = _raw(value, currency.precision)
    return Money.from_raw(raw, currency) if raw is not None else Money(amount_of(value, currency), currency)


def commission_of(amount: Decimal | None, ccy: str, instrument: Instrument) -> Money:
    """What was paid: above 0 a cost, below 0 a rebate. 0 in the quote currency where OKX did not say."""
    if amount is None or not ccy:
        return Money(0, instrument.quote_currency)
    return money_of(amount, currency_of(ccy))


def venue_position_id(instrument_id: Any, pos_side: str | None) -> PositionId | None:
    """The id of a sided position; None in net mode, where Nautilus makes one itself."""
    if pos_side not in POSITION_SIDES:
        return None
    return PositionId(f"{instrument_id}-{pos_side.upper()}")


def _raw(value: Decimal, precision: int) -> int | None:
    """The value as Nautilus holds it; None if it has more digits than the precision, or than are exact here."""
    scaled = value.scaleb(FIXED_PRECISION)
    if not -RAW_EXACT_MAX < scaled < RAW_EXACT_MAX:
        return None
    raw = int(scaled)
    return raw if raw == scaled and raw % RAW_UNITS[precision] == 0 else None


def _plain(value: Decimal) -> Decimal:
    return value.normalize()
