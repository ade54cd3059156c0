"""Native requests: each method serves one request hook and always answers, with nothing if need be.

A caller of Nautilus waits for a response; an error that only reaches the log would leave it waiting for ever.
"""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.adapters.okx.native.backend import NativeBackend, UnknownInstrumentError
from nautilus_trader.adapters.okx.native.instruments import InstrumentError
from nautilus_trader.adapters.okx.native.params import choice
from nautilus_trader.core.datetime import dt_to_unix_nanos
from nautilus_trader.core.nautilus_pyo3 import ForwardPrice  # type: ignore[attr-defined]
from nautilus_trader.core.nautilus_pyo3 import InstrumentId as Pyo3InstrumentId
from nautilus_trader.live.data_client import LiveMarketDataClient
from nautilus_trader.model.data import DataType, OrderBookDeltas
from nautilus_trader.model.enums import PriceType
from nautilus_trader.model.instruments import Instrument

CANDLES: Final = ("last", "mark", "index")
ADJUSTMENTS: Final = ("none", "forward")
MAX_BOOK_DEPTH: Final = 400
"""Levels a side of `GET /market/books`."""

NANOS_PER_MILLI: Final = 1_000_000

Expected = (OkxError, UnknownInstrumentError, NotImplementedError, ValueError)
"""Failures that are an answer: logged as one line, answered with nothing. `InstrumentError` is a `ValueError`."""


def unix_nanos(time: datetime | None) -> int | None:
    """Nanoseconds of a request's bound; None and the epoch's beginning stay open."""
    return None if time is None else dt_to_unix_nanos(time)


class NativeRequests:
    """Requests on the native REST client."""

    def __init__(self, backend: NativeBackend, client: LiveMarketDataClient) -> None:
        self._backend = backend
        self._client = client
        self._http = backend.http

    # -- INSTRUMENTS ------------------------------------------------------------------------------

    async def request_instrument(self, request: Any) -> None:
        self._warn_no_range(request, f"instrument {request.instrument_id}")
        account = bool((request.params or {}).get("account"))
        try:
            instrument = await self._backend.provider.fetch(request.instrument_id, account)
        except Expected as e:
            self._failed(f"instrument {request.instrument_id}", e)
            # There is no instrument to answer with: the list response completes the request all the same.
            self._client._handle_instruments(
                request.venue or request.instrument_id.venue, [], request.id, request.start, request.end, request.params
            )
            return
        self._backend.publish(instrument)
        self._client._handle_instrument(instrument, request.id, request.start, request.end, request.params)

    async def request_instruments(self, request: Any) -> None:
        self._warn_no_range(request, "instruments")
        params = request.params or {}
        account, series_id = bool(params.get("account")), params.get("series_id")
        found: list[Instrument] = []
        for inst_type, family in self._configured_lists():
            try:
                found += await self._backend.provider.fetch_type(inst_type, family, account, series_id)
            except Expected as e:
                self._failed(f"{inst_type} instruments" + (f" of {family}" if family else ""), e)
        for instrument in found:
            self._backend.adopt(instrument)
        self._client._handle_instruments(request.venue, found, request.id, request.start, request.end, request.params)

    def _configured_lists(self) -> list[tuple[str, str | None]]:
        return self._backend.provider.configured_lists()

    # -- BOOKS ------------------------------------------------------------------------------------

    async def request_order_book_snapshot(self, request: Any) -> None:
        depth = min(request.limit, MAX_BOOK_DEPTH) if request.limit and request.limit > 0 else MAX_BOOK_DEPTH

        async def fetch() -> list[Any]:
            self._backend.require(request.instrument_id)
            return [await self._http.request_book_snapshot(request.instrument_id, depth)]

        deltas = await self._answer(f"book snapshot of {request.instrument_id}", fetch())
        self._client._handle_data_response(
            DataType(OrderBookDeltas, metadata={"instrument_id": request.instrument_id}),
            deltas,
            request.id,
            None,
            None,
            request.params,
        )

    async def request_order_book_deltas(self, request: Any) -> None:
        self._refuse(f"past book deltas of {request.instrument_id}", "OKX keeps no book history; record them live")
        self._client._handle_order_book_deltas(
            request.instrument_id, [], request.id, request.start, request.end, request.params
        )

    async def request_order_book_depth(self, request: Any) -> None:
        self._refuse(f"past book depths of {request.instrument_id}", "OKX keeps no book history; record them live")
        self._client._handle_order_book_depths(
            request.instrument_id, [], request.id, request.start, request.end, request.params
        )

    # -- QUOTES, TRADES, BARS ---------------------------------------------------------------------

    async def request_quote_ticks(self, request: Any) -> None:
        self._refuse(f"past quotes of {request.instrument_id}", "OKX keeps no quote history; record them live")
        self._client._handle_quote_ticks(
            request.instrument_id, [], request.id, request.start, request.end, request.params
        )

    async def request_trade_ticks(self, request: Any) -> None:
        async def fetch() -> list[Any]:
            self._backend.require(request.instrument_id)
            return await self._http.request_trades(
                request.instrument_id, unix_nanos(request.start), unix_nanos(request.end), request.limit or None
            )

        trades = await self._answer(f"trades of {request.instrument_id}", fetch())
        self._client._handle_trade_ticks(
            request.instrument_id, trades, request.id, request.start, request.end, request.params
        )

    async def request_bars(self, request: Any) -> None:
        bars = await self._answer(f"bars {request.bar_type}", self._fetch_bars(request))
        self._client._handle_bars(request.bar_type, bars, request.id, request.start, request.end, request.params)

    async def _fetch_bars(self, request: Any) -> list[Any]:
        params = request.params or {}
        meta = self._backend.require(request.bar_type.instrument_id)
        candle = choice(params, "candle", CANDLES) or candle_of(request.bar_type)
        if candle == "index" and not meta.index_inst_id:
            raise ValueError(f"{request.bar_type.instrument_id} has no index at OKX")
        return await self._http.request_bars(
            request.bar_type,
            unix_nanos(request.start),
            unix_nanos(request.end),
            request.limit or None,
            timestamp_on_close=self._backend.config.bars_timestamp_on_close,
            include_forming=bool(params.get("include_forming")),
            candle=candle,  # type: ignore[arg-type]
            adjust=choice(params, "adjust", ADJUSTMENTS) or "none",  # type: ignore[arg-type]
        )

    # -- DERIVATIVES ------------------------------------------------------------------------------

    async def request_funding_rates(self, request: Any) -> None:
        async def fetch() -> list[Any]:
            meta = self._backend.require(request.instrument_id)
            if not meta.has_funding:
                raise ValueError(f"{request.instrument_id} pays no funding")
            return await self._http.request_funding_rates(
                request.instrument_id, unix_nanos(request.start), unix_nanos(request.end), request.limit or None
            )

        rates = await self._answer(f"funding rates of {request.instrument_id}", fetch())
        self._client._handle_funding_rates(
            request.instrument_id, rates, request.id, request.start, request.end, request.params
        )

    async def request_forward_prices(self, request: Any) -> None:
        prices = await self._answer(f"forward prices of {request.underlying}", self._fetch_forward_prices(request))
        self._client._handle_forward_prices(prices, request.id, request.params or {})

    async def _fetch_forward_prices(self, request: Any) -> list[Any]:
        sample = request.sample_instrument_id
        wanted = None if sample is None else str(sample).removesuffix(".OKX")
        family = "-".join(wanted.split("-")[:2]) if wanted else request.underlying
        families = [family] if "-" in family else [f"{family}-USD"]
        prices: list[ForwardPrice] = []
        for inst_family in families:
            for row in await self._http.opt_summary(inst_family):
                if row.get("fwd_px") is None or (wanted and row["inst_id"] != wanted):
                    continue
                prices.append(
                    ForwardPrice(
                        Pyo3InstrumentId.from_str(f"{row['inst_id']}.OKX"),
                        format(row["fwd_px"], "f"),
                        row.get("uly"),
                        (row.get("ts_ms") or 0) * NANOS_PER_MILLI,
                        self._backend.clock.timestamp_ns(),
                    )
                )
        return prices

    # -- ANSWERS ----------------------------------------------------------------------------------

    async def _answer(self, what: str, fetching: Awaitable[list[Any]]) -> list[Any]:
        try:
            return await fetching
        except Expected as e:
            self._failed(what, e)
            return []

    def _failed(self, what: str, error: Exception) -> None:
        advice = getattr(error, "advice", "")
        text = f"Request of {what} failed, answered empty: {error}"
        text += f" ({advice})" if advice and advice not in text else ""
        if isinstance(error, InstrumentError):
            self._backend.log.warning(text)
        else:
            self._backend.log.error(text)

    def _refuse(self, what: str, why: str) -> None:
        self._backend.log.error(f"Request of {what} refused: {why}")

    def _warn_no_range(self, request: Any, what: str) -> None:
        for name in ("start", "end"):
            if getattr(request, name) is not None:
                self._backend.log.warning(f"Request of {what}: `{name}` has no effect")


def candle_of(bar_type: Any) -> str:
    """Which candles of OKX a bar type means. Raises `ValueError` for bid, ask and mid bars."""
    match bar_type.spec.price_type:
        case PriceType.LAST:
            return "last"
        case PriceType.MARK:
            return "mark"
    raise ValueError(f"{bar_type}: OKX has candles of last, mark and index prices only")
