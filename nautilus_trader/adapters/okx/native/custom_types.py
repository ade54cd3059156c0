"""Data of OKX that Nautilus has no class for. Subscribe or request them as custom data:

    from nautilus_trader.model.data import DataType

    data_type = DataType(OKXOpenInterest, metadata={"instrument_id": InstrumentId.from_str("BTC-USDT-SWAP.OKX")})
    self.subscribe_data(data_type, client_id=ClientId("OKX"))

Amounts are kept as OKX's own exact text, with a `Decimal` property beside it where that is what one computes with.
"""

from decimal import Decimal

from nautilus_trader.core.data import Data
from nautilus_trader.model.custom import customdataclass
from nautilus_trader.model.identifiers import InstrumentId


@customdataclass
class OKXOpenInterest(Data):  # type: ignore[misc]
    """Open interest of a derivative (channel `open-interest`, `GET /public/open-interest`).

    Needs `instrument_id` in the metadata. `oi` counts contracts, `oi_ccy` coins, `oi_usd` dollars.
    """

    instrument_id: InstrumentId
    oi: str
    oi_ccy: str
    oi_usd: str

    @property
    def contracts(self) -> Decimal:
        return Decimal(self.oi)


@customdataclass
class OKXPriceLimit(Data):  # type: ignore[misc]
    """Highest buy and lowest sell price OKX accepts (channel `price-limit`, `GET /public/price-limit`).

    Needs `instrument_id` in the metadata. Both prices are empty while `enabled` is False.
    """

    instrument_id: InstrumentId
    buy_limit: str
    sell_limit: str
    enabled: bool


@customdataclass
class OKXLiquidation(Data):  # type: ignore[misc]
    """One liquidation order (channel `liquidation-orders`, `GET /public/liquidation-orders`).

    The metadata holds `instrument_id`, or `inst_type` (`SWAP`, `FUTURES`, `MARGIN`, `OPTION`) for all of a type.
    `size` counts contracts, `price` is the bankruptcy price. OKX sends a sample, not in time order.
    """

    instrument_id: InstrumentId
    side: str
    pos_side: str
    price: str
    size: str
    loss: str
    ccy: str


@customdataclass
class OKXExchangeStatus(Data):  # type: ignore[misc]
    """A maintenance window of OKX (channel `status`, `GET /system/status`); no metadata.

    `state` is `scheduled`, `ongoing`, `pre_open`, `completed` or `canceled`; times are unix milliseconds, 0 when open.
    """

    title: str
    state: str
    begin_ms: int
    end_ms: int
    pre_open_begin_ms: int
    href: str
    service_type: str
    system: str
    sche_desc: str
    maint_type: str
    env: str
