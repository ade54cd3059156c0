"""OKX instrument rows to Nautilus instruments.

Symbols, precisions and fields equal those of the stock provider. Where it is wrong they differ on purpose:

* `max_quantity` is `maxLmtSz`, the largest limit order. The stock one takes `maxMktSz`, which for spot is an amount
  in USDT, so that its risk engine denies valid orders.
* fees come from the instrument's fee group (see `fees`).
* a quantity limit Nautilus cannot represent becomes no limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.native.fees import Fees
from nautilus_trader.core.nautilus_pyo3 import FIXED_PRECISION
from nautilus_trader.model.enums import AssetClass, OptionKind
from nautilus_trader.model.identifiers import InstrumentId, Symbol
from nautilus_trader.model.instruments import (
    BinaryOption,
    CryptoFuture,
    CryptoFuturesSpread,
    CryptoOption,
    CryptoOptionSpread,
    CryptoPerpetual,
    CurrencyPair,
    Instrument,
)
from nautilus_trader.model.objects import Currency, Price, Quantity

Row = Mapping[str, Any]

NANOS_PER_MILLI: Final = 1_000_000
QUANTITY_LIMIT: Final = Decimal(34_028_236_692_093)
"""Largest whole quantity of the 128-bit wheels; OKX's "no limit" figures exceed it."""

SPREAD: Final = "SPREAD"
"""Our own instrument type for `/sprd/spreads`, which OKX gives none."""


class InstrumentError(ValueError):
    """A row no instrument can be made of; the message says which field is at fault."""


@dataclass(frozen=True, slots=True)
class InstrumentMeta:
    """What OKX says about an instrument that Nautilus has no field for."""

    inst_id: str
    inst_type: str
    inst_id_code: int | None
    index_inst_id: str | None
    inst_family: str | None
    group_id: str | None
    rule_type: str | None
    ct_type: str | None
    state: str

    @property
    def has_funding(self) -> bool:
        """Perpetual swaps and X-Perp futures pay funding."""
        return self.inst_type == "SWAP" or (self.inst_type == "FUTURES" and (self.rule_type or "").lower() == "xperp")


def meta_of(row: Row) -> InstrumentMeta:
    """The metadata of an instrument row."""
    inst_type = row["inst_type"]
    spot = inst_type in ("SPOT", "MARGIN")
    return InstrumentMeta(
        inst_id=row["inst_id"],
        inst_type=inst_type,
        inst_id_code=row.get("inst_id_code"),
        index_inst_id=row["inst_id"] if spot else row.get("uly"),
        inst_family=row.get("inst_family"),
        group_id=row.get("group_id"),
        rule_type=row.get("rule_type"),
        ct_type=row.get("ct_type"),
        state=row["state"],
    )


def is_listed(row: Row) -> bool:
    """False for rows announced but not tradable yet: state preopen, or required fields still empty."""
    return row["state"] != "preopen" and not row["missing"]


def build(row: Row, fees: Fees, ts_init: int) -> Instrument:
    """The Nautilus instrument of a complete row. Raises `InstrumentError`."""
    builder = BUILDERS.get(row["inst_type"])
    if builder is None:
        raise InstrumentError(f"{row['inst_id']}: instrument type {row['inst_type']!r} is not supported")
    try:
        return builder(row, fees, ts_init)
    except InstrumentError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as e:
        raise InstrumentError(f"{row['inst_id']}: {e}") from e


def spread_row(spread: Row) -> Row:
    """A row of `/sprd/spreads` in the shape of an instrument row."""
    return {
        **spread,
        "inst_type": SPREAD,
        "inst_id": spread["sprd_id"],
        "spread_type": spread["sprd_type"],
        "missing": [],
    }


def instrument_id_of(inst_id: str) -> InstrumentId:
    """`BTC-USDT` to `BTC-USDT.OKX`."""
    return InstrumentId(Symbol(inst_id), OKX_VENUE)


@lru_cache(4096)
def currency_of(code: str) -> Currency:
    """A currency by OKX's code; unknown ones count as crypto with eight decimals. The circled S of USD is dropped."""
    return Currency.from_str(code.replace("Ⓢ", ""), strict=False)


@lru_cache(4096)
def price_of(value: Decimal) -> Price:
    return Price.from_str(f"{value:f}")


@lru_cache(4096)
def quantity_of(value: Decimal) -> Quantity:
    return Quantity.from_str(f"{value:f}")


def limit_of(value: Decimal | None) -> Quantity | None:
    """A quantity limit, None when there is none or Nautilus cannot hold it."""
    if value is None or not 0 < value <= QUANTITY_LIMIT:
        return None
    if -value.as_tuple().exponent > FIXED_PRECISION:  # type: ignore[operator]
        value = value.normalize()
    return quantity_of(_plain(value))


def _plain(value: Decimal) -> Decimal:
    # "100000000.0000000000000000" says nothing about precision.
    whole = value.to_integral_value()
    return whole if whole == value else value


def _ns(ms: int | None) -> int:
    return (ms or 0) * NANOS_PER_MILLI


def _required(row: Row, *names: str) -> None:
    empty = [name for name in names if row.get(name) in (None, "")]
    if empty:
        raise InstrumentError(f"{row['inst_id']}: {', '.join(empty)} empty")


def _common(row: Row, ts_init: int) -> dict[str, Any]:
    _required(row, "tick_sz", "lot_sz")
    price_increment, size_increment = price_of(row["tick_sz"]), quantity_of(row["lot_sz"])
    min_sz = row.get("min_sz")
    return {
        "instrument_id": instrument_id_of(row["inst_id"]),
        "raw_symbol": Symbol(row["inst_id"]),
        "price_precision": price_increment.precision,
        "size_precision": size_increment.precision,
        "price_increment": price_increment,
        "size_increment": size_increment,
        "min_quantity": quantity_of(min_sz) if min_sz else None,
        "max_quantity": limit_of(row.get("max_lmt_sz")),
        "ts_event": ts_init,
        "ts_init": ts_init,
    }


def _fee_fields(row: Row, fees: Fees) -> dict[str, Decimal]:
    maker, taker = fees.rates(row)
    return {"maker_fee": maker, "taker_fee": taker}


NO_MARGIN: Final = {"margin_init": Decimal(0), "margin_maint": Decimal(0)}


def _pair(row: Row) -> tuple[str, str]:
    _required(row, "uly")
    base, _, quote = row["uly"].partition("-")
    if not quote:
        raise InstrumentError(f"{row['inst_id']}: uly {row['uly']!r} is not a pair")
    return base, quote


def _contract(row: Row) -> dict[str, Any]:
    _required(row, "settle_ccy", "ct_val")
    multiplier = row["ct_val"] * (row.get("ct_mult") or Decimal(1))
    return {
        "settlement_currency": currency_of(row["settle_ccy"]),
        "multiplier": quantity_of(_trimmed(multiplier)),
        "lot_size": quantity_of(row["lot_sz"]),
    }


def _trimmed(value: Decimal) -> Decimal:
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _currency_pair(row: Row, fees: Fees, ts_init: int) -> Instrument:
    _required(row, "base_ccy", "quote_ccy")
    return CurrencyPair(
        base_currency=currency_of(row["base_ccy"]),
        quote_currency=currency_of(row["quote_ccy"]),
        lot_size=quantity_of(row["lot_sz"]),
        info=_limits_info(row),
        **_common(row, ts_init),
        **_fee_fields(row, fees),
        **NO_MARGIN,
    )


def _perpetual(row: Row, fees: Fees, ts_init: int) -> Instrument:
    base, quote = _pair(row)
    return CryptoPerpetual(
        base_currency=currency_of(base),
        quote_currency=currency_of(quote),
        is_inverse=row.get("ct_type") == "inverse",
        info=_limits_info(row),
        **_contract(row),
        **_common(row, ts_init),
        **_fee_fields(row, fees),
        **NO_MARGIN,
    )


def _future(row: Row, fees: Fees, ts_init: int) -> Instrument:
    _, quote = _pair(row)
    return CryptoFuture(
        underlying=currency_of(row["uly"]),
        quote_currency=currency_of(quote),
        is_inverse=row.get("ct_type") == "inverse",
        activation_ns=_ns(row.get("list_time_ms")),
        expiration_ns=_ns(row.get("exp_time_ms")),
        info=_limits_info(row) | ({"rule_type": row["rule_type"]} if row.get("rule_type") else {}),
        **_contract(row),
        **_common(row, ts_init),
        **_fee_fields(row, fees),
        **NO_MARGIN,
    )


def _option(row: Row, fees: Fees, ts_init: int) -> Instrument:
    base, quote = _pair(row)
    _required(row, "stk", "opt_type")
    contract = _contract(row)
    return CryptoOption(
        underlying=currency_of(base),
        quote_currency=currency_of(quote),
        is_inverse=contract["settlement_currency"].code == base,
        option_kind=OptionKind.CALL if row["opt_type"] == "C" else OptionKind.PUT,
        strike_price=price_of(row["stk"]),
        activation_ns=_ns(row.get("list_time_ms")),
        expiration_ns=_ns(row.get("exp_time_ms")),
        info={},
        **contract,
        **_common(row, ts_init),
        **_fee_fields(row, fees),
        **NO_MARGIN,
    )


def _event(row: Row, fees: Fees, ts_init: int) -> Instrument:
    _required(row, "settle_ccy")
    state = row["state"]
    return BinaryOption(
        asset_class=AssetClass.ALTERNATIVE,
        currency=currency_of(row["settle_ccy"]),
        activation_ns=_ns(row.get("list_time_ms")),
        expiration_ns=_ns(row.get("exp_time_ms")),
        description=row.get("series_id"),
        info={
            "inst_id_code": row.get("inst_id_code"),
            "rule_type": row.get("rule_type"),
            "series_id": row.get("series_id"),
            "state": state.capitalize(),
        },
        **_common(row, ts_init),
        **_fee_fields(row, fees),
    )


def _spread(row: Row, _fees: Fees, ts_init: int) -> Instrument:
    _required(row, "base_ccy", "quote_ccy", "spread_type")
    inverse = row["spread_type"] == "inverse"
    legs = row["legs"]
    cls = CryptoOptionSpread if any(leg["inst_id"].endswith(("-C", "-P")) for leg in legs) else CryptoFuturesSpread
    common = _common(row, ts_init) | {"ts_event": _ns(row.get("u_time_ms"))}
    return cls(
        underlying=currency_of(row["base_ccy"]),
        quote_currency=currency_of(row["quote_ccy"]),
        settlement_currency=currency_of(row["base_ccy"] if inverse else row["quote_ccy"]),
        is_inverse=inverse,
        strategy_type=row["spread_type"],
        activation_ns=_ns(row.get("list_time_ms")),
        expiration_ns=_ns(row.get("exp_time_ms")),
        lot_size=quantity_of(row["lot_sz"]),
        info=_spread_info(row),
        **common,
        **NO_MARGIN,
    )


LIMIT_FIELDS: Final = ("init_px_lmt_pct", "float_px_lmt_pct", "max_px_lmt_pct", "rpi_min_level", "rpi_min_px_band")


def _limits_info(row: Row) -> dict[str, Any]:
    """Price limits and the distances of retail price improvement orders, named as the stock provider names them."""
    found = {f"okx_{name}": format(row[name], "f") for name in LIMIT_FIELDS if row.get(name) is not None}
    if "okx_rpi_min_level" in found:
        return found | {"okx_rpi_min_level": int(row["rpi_min_level"])}
    return found


def _spread_info(row: Row) -> dict[str, Any]:
    return {
        "okx_sprd_id": row["inst_id"],
        "okx_sprd_type": row["spread_type"],
        "okx_spread_state": row["state"],
        "okx_base_ccy": row["base_ccy"],
        "okx_sz_ccy": row["sz_ccy"],
        "okx_quote_ccy": row["quote_ccy"],
        "okx_list_time": row.get("list_time_ms"),
        "okx_exp_time": row.get("exp_time_ms"),
        "okx_u_time": row.get("u_time_ms"),
        "okx_spread_legs": [
            {
                "inst_id": leg["inst_id"],
                "instrument_id": f"{leg['inst_id']}.{OKX_VENUE.value}",
                "ratio": -1 if leg["side"] == "sell" else 1,
                "side": leg["side"],
            }
            for leg in row["legs"]
        ],
    }


BUILDERS: Final = {
    "SPOT": _currency_pair,
    "MARGIN": _currency_pair,
    "SWAP": _perpetual,
    "FUTURES": _future,
    "OPTION": _option,
    "EVENTS": _event,
    SPREAD: _spread,
}
