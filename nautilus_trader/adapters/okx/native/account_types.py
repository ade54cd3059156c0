"""Data of the account that Nautilus has no class for. The execution client publishes them as custom data:

    from nautilus_trader.model.data import DataType

    self.subscribe_data(DataType(OKXAccountGreeks), client_id=ClientId("OKX"))

Amounts are OKX's own exact text, empty where OKX says nothing.
"""

from typing import Final

from nautilus_trader.core.data import Data
from nautilus_trader.model.custom import customdataclass
from nautilus_trader.model.identifiers import InstrumentId


@customdataclass
class OKXAccountGreeks(Data):  # type: ignore[misc]
    """Greeks of the account in one currency (channel `account-greeks`, with `subscribe_greeks=True`); no metadata.

    `…_bs` are Black-Scholes greeks in dollars, `…_pa` price-adjusted ones in coins.
    """

    ccy: str
    delta_bs: str
    delta_pa: str
    gamma_bs: str
    gamma_pa: str
    theta_bs: str
    theta_pa: str
    vega_bs: str
    vega_pa: str


@customdataclass
class OKXLiquidationWarning(Data):  # type: ignore[misc]
    """A position OKX may soon close (channel `liquidation-warning`); no metadata.

    Indicative only. `pos` counts contracts (pairs: `pos_ccy`), `mgn_ratio` is the margin ratio as OKX computes it.
    """

    instrument_id: InstrumentId
    inst_type: str
    mgn_mode: str
    pos_side: str
    pos: str
    pos_ccy: str
    ccy: str
    lever: str
    mark_px: str
    mgn_ratio: str


ACCOUNT_TYPES: Final = (OKXAccountGreeks, OKXLiquidationWarning)
"""Published by the execution client: a data client has nothing to subscribe for them."""
