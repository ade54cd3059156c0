"""What OKX says of the account besides orders, balances and positions, as custom data (types in `account_types`)."""

from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native.account_types import OKXAccountGreeks, OKXLiquidationWarning
from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI, instrument_id_of
from nautilus_trader.adapters.okx.native.trading.values import Row, text
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.model.data import CustomData, DataType

ENDPOINT: Final = "DataEngine.process"


class AccountData:
    """Publishes rows of `account-greeks` and `liquidation-warning` to whoever subscribed their types."""

    def __init__(self, msgbus: MessageBus, clock: LiveClock) -> None:
        self._msgbus = msgbus
        self._clock = clock

    def on_greeks(self, row: Row) -> None:
        names = ("delta_bs", "delta_pa", "gamma_bs", "gamma_pa", "theta_bs", "theta_pa", "vega_bs", "vega_pa")
        self._publish(OKXAccountGreeks, row, ccy=text(row, "ccy"), **{name: _number(row, name) for name in names})

    def on_liquidation_warning(self, row: Row) -> None:
        words = ("inst_type", "mgn_mode", "pos_side", "pos_ccy", "ccy")
        numbers = ("pos", "lever", "mark_px", "mgn_ratio")
        fields = {name: text(row, name) for name in words} | {name: _number(row, name) for name in numbers}
        self._publish(OKXLiquidationWarning, row, instrument_id=instrument_id_of(row["inst_id"]), **fields)

    def _publish(self, kind: Any, row: Row, **fields: Any) -> None:
        ts_init = self._clock.timestamp_ns()
        ts_event = int(row.get("ts_ms") or 0) * NANOS_PER_MILLI or ts_init
        item = kind(ts_event, ts_init, **fields)
        self._msgbus.send(endpoint=ENDPOINT, msg=CustomData(DataType(kind), item))


def _number(row: Row, name: str) -> str:
    value: Decimal | None = row.get(name)
    return "" if value is None else format(value, "f")
