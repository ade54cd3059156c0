"""The section `http` of `_okx`: stubs only, import it from there."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Self, TypedDict, final, type_check_only

from nautilus_trader.model.data import Bar, BarType, FundingRateUpdate, OrderBookDeltas, TradeTick
from nautilus_trader.model.identifiers import InstrumentId

@type_check_only
class UpcomingChange(TypedDict):
    param: str
    new_value: str
    eff_time_ms: int | None

@type_check_only
class InstrumentRow(TypedDict):
    """One instrument of `/public/instruments`. `missing` names empty required fields of rows not yet tradable;
    such rows lack what they lack (None) and must be skipped when building instruments."""

    inst_type: str
    inst_id: str
    missing: list[str]
    uly: str | None
    inst_family: str | None
    series_id: str | None
    group_id: str | None
    base_ccy: str | None
    quote_ccy: str | None
    settle_ccy: str | None
    ct_val: Decimal | None
    ct_mult: Decimal | None
    ct_val_ccy: str | None
    ct_type: str | None
    opt_type: str | None
    stk: Decimal | None
    list_time_ms: int | None
    exp_time_ms: int | None
    lever: Decimal | None
    tick_sz: Decimal | None
    lot_sz: Decimal | None
    min_sz: Decimal | None
    state: str
    rule_type: str | None
    max_lmt_sz: Decimal | None
    max_mkt_sz: Decimal | None
    max_lmt_amt: Decimal | None
    max_mkt_amt: Decimal | None
    inst_id_code: int | None
    inst_category: str | None
    init_px_lmt_pct: Decimal | None
    float_px_lmt_pct: Decimal | None
    max_px_lmt_pct: Decimal | None
    rpi_min_level: Decimal | None
    rpi_min_px_band: Decimal | None

@final
class FillPages:
    """Fills page by page; see `OkxHttpClient.fill_pages`."""

    def __aiter__(self) -> FillPages: ...
    def __anext__(self) -> asyncio.Future[list[dict[str, Any]]]: ...

@final
class OkxHttpClient:
    """Async REST client. One instance for a process is enough; methods may be called from any event loop.

    Every method returns typed dicts (decimals as `Decimal`, times as int ms, absent as None) and raises
    `OkxHttpError` (or `OkxDecodeError`). Reads are retried with jitter; rate limits of OKX are kept by waiting.
    """

    def __new__(
        cls,
        *,
        base_url: str | None = None,
        region: str = "global",
        environment: str = "live",
        api_key: str | None = None,
        api_secret: str | None = None,
        api_passphrase: str | None = None,
        timeout_secs: float = 10.0,
        max_retries: int = 3,
        retry_delay_initial_ms: int = 200,
        retry_delay_max_ms: int = 5_000,
        proxy_url: str | None = None,
        ca_pem: bytes | None = None,
    ) -> Self: ...
    @property
    def base_url(self) -> str: ...
    @property
    def has_credentials(self) -> bool: ...
    def close(self) -> None:
        """Cancel what is pending (it raises `OkxHttpError`). The client is usable again afterwards."""

    def request(self, endpoint: str, params: Mapping[str, Any] | None = None) -> asyncio.Future[list[dict[str, Any]]]:
        """Any known endpoint by name (see `endpoints`), e.g. `request("market-tickers", {"instType": "SWAP"})`."""

    @staticmethod
    def endpoints() -> list[str]: ...
    def server_time(self) -> asyncio.Future[int]:
        """OKX's clock in milliseconds."""

    def instruments(
        self,
        inst_type: str,
        *,
        inst_family: str | None = None,
        series_id: str | None = None,
        inst_id: str | None = None,
        account: bool = False,
    ) -> asyncio.Future[list[InstrumentRow]]:
        """`/public/instruments`, or `/account/instruments` (signed) with `account=True`."""

    def account_config(self) -> asyncio.Future[dict[str, Any]]: ...

    # Orders, fills and the account (signed). A list is whole or an error: of all pages and rows none may be missing.
    def balance(self, ccy: str | None = None) -> asyncio.Future[dict[str, Any]]:
        """The trading account; `details` holds a row a currency, those not listed are 0. `ccy`: up to 20, by commas.

        >>> account = await client.balance()
        >>> {row["ccy"]: row["cash_bal"] for row in account["details"]}
        {'USDT': Decimal('10000')}
        """

    def positions(
        self, inst_type: str | None = None, inst_id: str | None = None
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Open positions. One that is asked for by `inst_id` (up to 10, by commas) may be shown closed, with 0."""

    def positions_history(
        self,
        inst_type: str | None = None,
        inst_id: str | None = None,
        *,
        mgn_mode: str | None = None,
        begin_ms: int | None = None,
        limit: int | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Positions closed in the last three months, newest first; those that changed from `begin_ms` on."""

    def open_orders(
        self, inst_type: str | None = None, inst_id: str | None = None
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """All open orders, newest first.

        >>> [(row["ord_id"], row["px"], row["state"]) for row in await client.open_orders("SWAP")]
        [('4131434956285018112', Decimal('60000'), 'live')]
        """

    def order(
        self, inst_id: str, ord_id: str | None = None, cl_ord_id: str | None = None
    ) -> asyncio.Future[dict[str, Any] | None]:
        """An order by one of its ids; None if OKX says that it does not exist (51603). `inst_id` may be a spread."""

    def order_history(
        self,
        inst_type: str,
        begin_ms: int | None = None,
        end_ms: int | None = None,
        inst_id: str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Past orders made in that time, of the last 7 days and, where it begins earlier, of three months.

        OKX keeps orders that were cancelled without a fill for two hours.
        """

    def open_algo_orders(
        self, inst_id: str | None = None, *, inst_type: str | None = None, ord_type: str | None = None
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Waiting strategy orders, of every type unless `ord_type` is given."""

    def algo_order(
        self, algo_id: str | None = None, algo_cl_ord_id: str | None = None
    ) -> asyncio.Future[dict[str, Any] | None]:
        """A strategy order by one of its ids; None if OKX says that it does not exist (51603)."""

    def algo_history(
        self,
        inst_id: str | None = None,
        *,
        inst_type: str | None = None,
        ord_type: str | None = None,
        state: str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Strategy orders of three months that are over, of every type and state unless given."""

    def fills(
        self,
        inst_type: str | None = None,
        inst_id: str | None = None,
        ord_id: str | None = None,
        begin_ms: int | None = None,
        end_ms: int | None = None,
        *,
        at_least: Decimal | int | str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Fills recorded in that time, of the last 3 days and, where it begins earlier, of three months.

        Of one order: the history is asked only if the recent fills are less than `at_least`, or than the order shows.

        >>> rows = await client.fills(inst_id="BTC-USDT-SWAP", ord_id="4131434956285018112")
        >>> [(row["trade_id"], row["fill_sz"], row["fee"]) for row in rows]
        [('13', Decimal('1'), Decimal('-0.21'))]
        """

    def fill_pages(
        self,
        inst_type: str | None = None,
        inst_id: str | None = None,
        ord_id: str | None = None,
        begin_ms: int | None = None,
        end_ms: int | None = None,
    ) -> FillPages:
        """The same page by page, asked for at once and ahead of whoever takes them; the fields a fill is told by.

        What was taken is a list only if the end is reached.

        >>> async for rows in client.fill_pages("SWAP"):
        ...     print(len(rows))
        100
        37
        """

    def bills(
        self,
        inst_type: str | None = None,
        *,
        inst_id: str | None = None,
        ccy: str | None = None,
        bill_type: str | None = None,
        sub_type: str | None = None,
        begin_ms: int | None = None,
        end_ms: int | None = None,
        limit: int | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """What changed the balances, newest first: the last 7 days, or up to three months from `begin_ms` on."""

    def leverage(self, inst_id: str, mgn_mode: str) -> asyncio.Future[list[dict[str, Any]]]:
        """The leverage of instruments (up to 20, by commas); a row a side in long/short mode."""

    def set_leverage(
        self,
        lever: Decimal | int | str,
        mgn_mode: str,
        *,
        inst_id: str | None = None,
        ccy: str | None = None,
        pos_side: str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Set the leverage; in cross mode that of the whole underlying. Returns what it is now.

        >>> await client.set_leverage(5, "cross", inst_id="BTC-USDT-SWAP")
        [{'inst_id': 'BTC-USDT-SWAP', 'ccy': None, 'lever': Decimal('5'), 'mgn_mode': 'cross', 'pos_side': None}]
        """

    def set_position_mode(self, pos_mode: str) -> asyncio.Future[dict[str, Any]]:
        """`net_mode` or `long_short_mode`; refused with positions or open orders (59000)."""

    def max_size(
        self,
        inst_id: str,
        td_mode: str,
        *,
        ccy: str | None = None,
        px: Decimal | int | str | None = None,
        leverage: Decimal | int | str | None = None,
        trade_quote_ccy: str | None = None,
        outcome: str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """The largest orders (`max_buy`, `max_sell`) of up to 5 instruments, by commas."""

    def max_avail_size(
        self,
        inst_id: str,
        td_mode: str,
        *,
        ccy: str | None = None,
        reduce_only: bool | None = None,
        px: Decimal | int | str | None = None,
        trade_quote_ccy: str | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """What can be used to buy and to sell (`avail_buy`, `avail_sell`)."""

    def account_rate_limit(self) -> asyncio.Future[dict[str, Any]]:
        """How many orders the account may send in two seconds (`acc_rate_limit`)."""

    def cancel_all_after(self, secs: int, tag: str | None = None) -> asyncio.Future[dict[str, Any]]:
        """The dead-man switch: OKX cancels all orders (of the tag) unless this is sent again in 10 to 120 seconds.

        0 switches it off. Spreads are not covered.
        """

    def close_position(
        self,
        inst_id: str,
        mgn_mode: str,
        *,
        pos_side: str | None = None,
        ccy: str | None = None,
        auto_cxl: bool | None = None,
        cl_ord_id: str | None = None,
        tag: str | None = None,
    ) -> asyncio.Future[dict[str, Any]]:
        """Close a position at the market. Sent once: after an error of an unknown outcome look at `positions`."""

    def order_precheck(self, params: dict[str, Any]) -> asyncio.Future[dict[str, Any]]:
        """What an order (by OKX's names) would change; multi-currency and portfolio margin mode only."""

    def mass_cancel(self, inst_family: str, lock_interval_ms: int | None = None) -> asyncio.Future[dict[str, Any]]:
        """Cancel the market-maker-protected orders of an option family, and refuse new ones for so long."""

    def open_spread_orders(self, sprd_id: str | None = None) -> asyncio.Future[list[dict[str, Any]]]:
        """All open orders on spreads, newest first."""

    def spread_order_history(
        self, sprd_id: str | None = None, begin_ms: int | None = None, end_ms: int | None = None
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Past orders on spreads, of 21 days."""

    def spread_fills(
        self,
        sprd_id: str | None = None,
        ord_id: str | None = None,
        begin_ms: int | None = None,
        end_ms: int | None = None,
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Own trades of spreads, of 7 days; fees are told per leg."""

    def trade_fee(
        self, inst_type: str, *, inst_id: str | None = None, inst_family: str | None = None
    ) -> asyncio.Future[list[dict[str, Any]]]: ...
    def system_status(self, state: str | None = None) -> asyncio.Future[list[dict[str, Any]]]: ...
    def opt_summary(self, inst_family: str, exp_time: str | None = None) -> asyncio.Future[list[dict[str, Any]]]: ...

    # Historical requests: Nautilus objects, oldest first. Times are unix nanoseconds, both ends inclusive.
    def register_instrument(
        self,
        instrument_id: InstrumentId,
        inst_id: str,
        *,
        inst_type: str,
        price_precision: int,
        size_precision: int,
        index_inst_id: str | None = None,
    ) -> None: ...
    def request_bars(
        self,
        bar_type: BarType,
        start_ns: int | None = None,
        end_ns: int | None = None,
        limit: int | None = None,
        *,
        timestamp_on_close: bool = True,
        include_forming: bool = False,
        candle: Literal["last", "mark", "index"] = "last",
        adjust: Literal["none", "forward"] = "none",
    ) -> asyncio.Future[list[Bar]]:
        """Pages through recent and historical candles. Without `limit` and `start_ns`: the newest 100."""

    def request_trades(
        self,
        instrument_id: InstrumentId,
        start_ns: int | None = None,
        end_ns: int | None = None,
        limit: int | None = None,
    ) -> asyncio.Future[list[TradeTick]]:
        """Recent trades, or three months back when `start_ns` is given."""

    def request_funding_rates(
        self,
        instrument_id: InstrumentId,
        start_ns: int | None = None,
        end_ns: int | None = None,
        limit: int | None = None,
    ) -> asyncio.Future[list[FundingRateUpdate]]:
        """Settled rates; seven days back by default."""

    def request_book_snapshot(self, instrument_id: InstrumentId, depth: int = 400) -> asyncio.Future[OrderBookDeltas]:
        """CLEAR and ADDs with snapshot flags; `sequence` is OKX's `seqId`."""
