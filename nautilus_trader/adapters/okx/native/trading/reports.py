"""Reports of the account's orders, fills and positions, asked for over REST.

A list is complete or it fails: with a page missing, open orders would look as if they were gone.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxHttpClient
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.instruments import SPREAD, instrument_id_of
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider, types_of
from nautilus_trader.adapters.okx.native.trading.bounds import millis
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder, UnknownInstrument
from nautilus_trader.adapters.okx.native.trading.owners import Owners
from nautilus_trader.adapters.okx.native.trading.position_reports import flat_report, position_report, wallet_report
from nautilus_trader.adapters.okx.native.trading.values import Row, RowError, text
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.execution.messages import (
    GenerateFillReports,
    GenerateOrderStatusReport,
    GenerateOrderStatusReports,
    GeneratePositionStatusReports,
)
from nautilus_trader.execution.reports import FillReport, OrderStatusReport, PositionStatusReport
from nautilus_trader.model.identifiers import AccountId, ClientOrderId, InstrumentId
from nautilus_trader.model.instruments import CurrencyPair, Instrument
from nautilus_trader.model.orders import Order

ALL_TYPES: Final = ("SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS")
NO_SPREAD: Final = "-"

type Pages = AsyncIterable[Sequence[Row]]


class NativeReports:
    """Answers the `generate_*` hooks."""

    def __init__(
        self,
        http: OkxHttpClient,
        provider: OKXNativeInstrumentProvider,
        builder: ReportBuilder,
        okx_id: Callable[[str], str],
        config: OKXNativeExecClientConfig,
        account_id: AccountId,
        cache: Cache,
        clock: LiveClock,
        log: Logger,
    ) -> None:
        self._http = http
        self._provider = provider
        self._builder = builder
        self._owners = Owners(http, cache, builder)
        self._okx_id = okx_id
        self._config = config
        self._account_id = account_id
        self._cache = cache
        self._clock = clock
        self._log = log

    # -- ORDERS -----------------------------------------------------------------------------------

    async def order_status_reports(self, command: GenerateOrderStatusReports) -> list[OrderStatusReport]:
        """Open orders, and unless only those are asked for, what has ended in the given time."""
        return await self._orders_of(await self._order_rows(command), command)

    async def orders_and_fills(
        self, of_orders: GenerateOrderStatusReports, of_fills: GenerateFillReports
    ) -> tuple[list[OrderStatusReport], list[FillReport]]:
        """Both: fills are asked for once all orders are listed, while the reports of these are made."""
        rows = await self._order_rows(of_orders)
        pages = self._fill_pages(of_fills)
        # Whose a triggered stop's fills are is known once its order was seen.
        orders = await self._orders_of(rows, of_orders)
        return orders, await self._fills_of_pages(pages, of_fills)

    async def _order_rows(self, command: GenerateOrderStatusReports) -> tuple[Sequence[Row], Sequence[Row]]:
        """Orders, and conditional orders."""
        inst_id = _inst_id(command.instrument_id)
        begin, end = millis(command.start), millis(command.end)
        orders, algos = await asyncio.gather(
            self._http.open_orders(inst_id=inst_id), self._http.open_algo_orders(inst_id=inst_id)
        )
        rows = {text(row, "ord_id"): row for row in orders}
        if not command.open_only:
            for inst_type in self._types(command.instrument_id):
                past = await self._http.order_history(inst_type, begin_ms=begin, end_ms=end, inst_id=inst_id)
                for row in past:
                    # What ended between the two lists is in both: the later state counts.
                    rows[text(row, "ord_id")] = row
        return list(rows.values()), algos

    async def _orders_of(
        self, rows: tuple[Sequence[Row], Sequence[Row]], command: GenerateOrderStatusReports
    ) -> list[OrderStatusReport]:
        orders, algos = rows
        reports = [report for row in orders if (report := await self._order_report(row)) is not None]
        for row in algos:
            reports += self._algo_reports(row)
        reports += await self._spread_orders(command)
        if not command.open_only:
            reports += await self._ended_meanwhile(command.instrument_id, reports)
        return reports

    async def _spread_orders(self, command: GenerateOrderStatusReports) -> list[OrderStatusReport]:
        sprd_id = self._spread(command.instrument_id)
        if sprd_id is NO_SPREAD:
            return []
        rows = {text(row, "ord_id"): row for row in await self._http.open_spread_orders(sprd_id)}
        if not command.open_only:
            begin, end = millis(command.start), millis(command.end)
            for row in await self._http.spread_order_history(sprd_id, begin_ms=begin, end_ms=end):
                rows[text(row, "ord_id")] = row
        return self._all_built(self._builder.order, [_of_spread(row) for row in rows.values()])

    def _spread(self, instrument_id: InstrumentId | None) -> str | None:
        """The spread that is asked for, None for all of them, `NO_SPREAD` if none is."""
        if instrument_id is None:
            return None if self._config.load_spreads else NO_SPREAD
        meta = self._provider.meta(instrument_id)
        is_spread = meta is not None and meta.inst_type == SPREAD
        return str(instrument_id.symbol.value) if is_spread else NO_SPREAD

    async def order_status_report(self, command: GenerateOrderStatusReport) -> OrderStatusReport | None:
        """One order, by its client order id or its venue order id. None if OKX does not know it (51603)."""
        if command.client_order_id is None and command.venue_order_id is None:
            raise ValueError("an order status report needs a client order id or a venue order id")
        order = None
        cid = command.client_order_id
        if cid is None:
            cid = self._cache.client_order_id(command.venue_order_id)
        if cid is not None:
            order = self._cache.order(cid)
        instrument_id = command.instrument_id or (order.instrument_id if order is not None else None)
        if instrument_id is None:
            raise ValueError(f"{command.client_order_id or command.venue_order_id}: the instrument is not known")
        inst_id = instrument_id.symbol.value
        if order is not None:
            return await self._known(order, inst_id)
        cl_ord_id = self._okx_id(cid.value) if cid is not None else None
        ord_id = command.venue_order_id.value if command.venue_order_id is not None else None
        row = await self._http.order(inst_id, ord_id=ord_id, cl_ord_id=cl_ord_id)
        if row is not None:
            return await self._order_report(row)
        algo = await self._http.algo_order(algo_id=ord_id, algo_cl_ord_id=None if ord_id else cl_ord_id)
        reports = self._algo_reports(algo) if algo is not None else []
        return reports[0] if reports else None

    async def _known(self, order: Order, inst_id: str) -> OrderStatusReport | None:
        """An order of the cache."""
        cl_ord_id = self._okx_id(order.client_order_id.value)
        if order.parent_order_id is not None or order.has_trigger_price or order.order_type.name.startswith("TRAILING"):
            found = await self._known_algo(order, inst_id, cl_ord_id)
            if found is not None:
                return found
        row = await self._http.order(inst_id, cl_ord_id=cl_ord_id)
        return None if row is None else self._builder.order(row, order.client_order_id)

    async def _known_algo(self, order: Order, inst_id: str, cl_ord_id: str) -> OrderStatusReport | None:
        algo = await self._http.algo_order(algo_cl_ord_id=cl_ord_id)
        if algo is None and order.parent_order_id is not None:
            sibling = next((cid for cid in order.linked_order_ids or () if cid != order.client_order_id), None)
            if sibling is not None:
                algo = await self._http.algo_order(algo_cl_ord_id=self._okx_id(sibling.value))
            if algo is None:
                return await self._dormant(order, inst_id)
        if algo is None:
            return None
        child = text(algo, "ord_id") if text(algo, "state") in ("effective", "partially_failed") else ""
        parts = {cid: part for part, cid in self._owners.of_algo(algo)}
        part = parts.get(order.client_order_id, algo)
        if child:
            row = await self._http.order(inst_id, ord_id=child)
            if row is not None and await self._owners.of_order(row) == order.client_order_id:
                return self._builder.order(row, order.client_order_id)
            # The other leg was triggered: this one is over.
            return self._builder.algo({**part, "state": "canceled"}, order.client_order_id)
        return self._builder.algo(part, order.client_order_id)

    async def _dormant(self, leg: Order, inst_id: str) -> OrderStatusReport | None:
        """A leg of a bracket whose entry is not filled yet: OKX holds it with the entry."""
        entry = await self._http.order(inst_id, cl_ord_id=self._okx_id(leg.parent_order_id.value))
        if entry is None or text(entry, "state") not in ("live", "partially_filled"):
            return None
        attached = entry.get("attach_algo_ords") or []
        if not attached:
            return None
        row = {
            **attached[0],
            "inst_id": inst_id,
            "algo_id": text(attached[0], "attach_algo_id"),
            "state": "live",
            "ord_type": "conditional",
            "side": "sell" if text(entry, "side") == "buy" else "buy",
            "sz": entry.get("sz"),
            "c_time_ms": entry.get("c_time_ms"),
            "u_time_ms": entry.get("u_time_ms"),
            "algo_cl_ord_id": text(attached[0], "attach_algo_cl_ord_id"),
        }
        parts = {cid: part for part, cid in self._owners.of_algo(row)}
        return self._builder.algo(parts.get(leg.client_order_id, row), leg.client_order_id)

    async def _ended_meanwhile(
        self, instrument_id: InstrumentId | None, reports: Iterable[OrderStatusReport]
    ) -> list[OrderStatusReport]:
        """Orders that the engine holds open and no list shows: they were placed before the time asked for."""
        shown = {report.client_order_id for report in reports}
        found = []
        for order in self._cache.orders_open(venue=None, instrument_id=instrument_id):
            if order.client_order_id in shown or order.account_id != self._account_id:
                continue
            try:
                report = await self._known(order, order.instrument_id.symbol.value)
            except UnknownInstrument:
                continue
            if report is not None:
                found.append(report)
        return found

    async def _order_report(self, row: Row) -> OrderStatusReport | None:
        cid = await self._owners.of_order(row)
        found = self._all_built(lambda of: self._builder.order(of, cid), [row])
        return found[0] if found else None

    async def algos_of(self, algo_id: str) -> list[OrderStatusReport]:
        """The orders that a conditional order stands for, as they are now."""
        row = await self._http.algo_order(algo_id=algo_id)
        if row is None:
            return []
        is_nameless = not text(row, "algo_cl_ord_id")
        if is_nameless and text(row, "state") in ("effective", "partially_failed"):
            # Nothing connects the order that it made with it: that one is reported by itself.
            row = {**row, "state": "canceled"}
        return self._algo_reports(row)

    def _algo_reports(self, row: Row) -> list[OrderStatusReport]:
        def build(of: tuple[Row, ClientOrderId | None]) -> OrderStatusReport:
            return self._builder.algo(*of)

        return self._all_built(build, self._owners.of_algo(row))

    # -- FILLS ------------------------------------------------------------------------------------

    async def fill_reports(self, command: GenerateFillReports) -> list[FillReport]:
        """Fills of the given time, of one order if asked; each once."""
        return await self._fills_of_pages(self._fill_pages(command), command)

    def _fill_pages(self, command: GenerateFillReports) -> list[Pages]:
        """The lists of all kinds of instruments, asked for from now on."""
        inst_id, types = _inst_id(command.instrument_id), self._types(command.instrument_id)
        begin_ms, end_ms = millis(command.start), millis(command.end)
        if command.venue_order_id is None:
            return [self._http.fill_pages(kind, inst_id, None, begin_ms, end_ms) for kind in types]
        # Of one order it is known when they are all there: the list of the months need not be asked for.
        ord_id = command.venue_order_id.value
        return [_one_page(self._http.fills(kind, inst_id, ord_id, begin_ms, end_ms)) for kind in types]

    async def _fills_of_pages(self, lists: list[Pages], command: GenerateFillReports) -> list[FillReport]:
        seen: set[tuple[str, str, str]] = set()
        asked: set[str] = set()
        reports: list[FillReport] = []

        async def take(rows: Iterable[Row]) -> None:
            new = []
            for row in rows:
                key = row["inst_id"], row["ord_id"], row["trade_id"]
                if key not in seen:
                    seen.add(key)
                    new.append(row)
            await self._learn_children(new, asked)
            reports.extend(self._all_built(self._builder.fill, new))

        for pages in lists:
            # The next page is under way meanwhile.
            async for rows in pages:
                await take(rows)
        sprd_id = self._spread(command.instrument_id)
        if sprd_id is not NO_SPREAD:
            ord_id = command.venue_order_id.value if command.venue_order_id is not None else None
            bounds = {"begin_ms": millis(command.start), "end_ms": millis(command.end)}
            await take([_of_spread(row) for row in await self._http.spread_fills(sprd_id, ord_id, **bounds)])
        return sorted(reports, key=lambda report: report.ts_event)

    async def fills_of(self, report: OrderStatusReport) -> list[FillReport]:
        """The fills of one order: of a triggered stop, those of the order it made."""
        ord_id = report.venue_order_id.value
        for child, (venue_id, cid) in self._builder.aliases.items():
            if cid == report.client_order_id or venue_id == report.venue_order_id:
                ord_id = child
        filled = Decimal(str(report.filled_qty))
        found: list[FillReport] = []
        for inst_type in self._types(report.instrument_id):
            rows = await self._http.fills(
                inst_type=inst_type, inst_id=_inst_id(report.instrument_id), ord_id=ord_id, at_least=filled
            )
            found += self._all_built(self._builder.fill, rows)
        for fill in found:
            fill.client_order_id, fill.venue_order_id = report.client_order_id, report.venue_order_id
        return found

    async def _learn_children(self, rows: Iterable[Row], seen: set[str]) -> None:
        """Fills do not say which stop their order was made by; the order does. Each is asked for once."""
        for row in rows:
            if row.get("cl_ord_id"):
                continue
            ord_id = text(row, "ord_id")
            if text(row, "sprd_id") or not ord_id or ord_id in seen or ord_id in self._builder.aliases:
                continue
            seen.add(ord_id)
            if not self._has_conditional_orders(text(row, "inst_id")):
                continue
            order = await self._http.order(text(row, "inst_id"), ord_id=ord_id)
            if order is not None and text(order, "algo_id"):
                await self._order_report(order)

    def _has_conditional_orders(self, inst_id: str) -> bool:
        orders = self._cache.orders(instrument_id=instrument_id_of(inst_id))
        return any(order.has_trigger_price or order.parent_order_id is not None for order in orders)

    # -- POSITIONS --------------------------------------------------------------------------------

    async def position_status_reports(self, command: GeneratePositionStatusReports) -> list[PositionStatusReport]:
        """Positions as they are now; of one instrument, flat if there is none."""
        instrument_id = command.instrument_id
        if instrument_id is None:
            return await self._all_positions()
        instrument = self._find(instrument_id.symbol.value)
        if instrument is None:
            raise UnknownInstrument(f"positions of {instrument_id}: it is not loaded")
        if isinstance(instrument, CurrencyPair) and not self._config.use_spot_margin:
            if not self._config.use_spot_cash_position_reports:
                return [flat_report(instrument, self._account_id, self._now())]
            balance = next(iter((await self._balances(instrument.base_currency.code)).values()), None)
            return [wallet_report(instrument, balance, self._account_id, self._now())]
        rows = await self._http.positions(inst_id=instrument_id.symbol.value)
        return self._position_reports(rows) or self.flat(instrument_id)

    def flat(self, instrument_id: InstrumentId) -> list[PositionStatusReport]:
        """That there is no position; nothing of an instrument that is not loaded."""
        instrument = self._find(instrument_id.symbol.value)
        return [flat_report(instrument, self._account_id, self._now())] if instrument is not None else []

    async def _all_positions(self) -> list[PositionStatusReport]:
        types = self._types(None)
        rows = [row for row in await self._http.positions() if text(row, "inst_type") in types]
        reports = self._position_reports(rows)
        if "SPOT" in types and self._config.use_spot_cash_position_reports and not self._config.use_spot_margin:
            balances = await self._balances(None)
            for instrument in self._provider.get_all().values():
                if isinstance(instrument, CurrencyPair) and instrument.base_currency.code in balances:
                    balance = balances[instrument.base_currency.code]
                    reports.append(wallet_report(instrument, balance, self._account_id, self._now()))
        return reports

    async def _balances(self, ccy: str | None) -> dict[str, Row]:
        row = await self._http.balance(ccy)
        return {text(detail, "ccy"): detail for detail in row.get("details") or ()}

    def _position_reports(self, rows: Iterable[Row]) -> list[PositionStatusReport]:
        def build(row: Row) -> PositionStatusReport:
            instrument = self._find(text(row, "inst_id"))
            if instrument is None:
                raise UnknownInstrument(f"position {text(row, 'inst_id')}: it is not loaded")
            return position_report(row, instrument, self._account_id, self._now())

        return self._all_built(build, [row for row in rows if row.get("pos")])

    # -- SHARED -----------------------------------------------------------------------------------

    def _all_built[R, T](self, build: Callable[[R], T], rows: Iterable[R]) -> list[T]:
        """The reports of rows; of one that has none, a line says why."""
        reports = []
        for row in rows:
            try:
                reports.append(build(row))
            except UnknownInstrument as e:
                self._log.debug(f"Not reported: {e}")
            except RowError as e:
                self._log.error(f"Not reported: {e}")
        return reports

    def _types(self, instrument_id: InstrumentId | None) -> list[str]:
        if instrument_id is None:
            types = [inst_type for inst_type, _ in self._provider.configured_lists() if inst_type != SPREAD]
        else:
            meta = self._provider.meta(instrument_id)
            types = [meta.inst_type] if meta is not None else types_of(instrument_id.symbol.value)[:1]
        if "SPOT" in types and self._config.use_spot_margin:
            types.append("MARGIN")  # one symbol for both
        return list(dict.fromkeys(t for t in types if t in ALL_TYPES))

    def _find(self, inst_id: str) -> Instrument | None:
        instrument_id = instrument_id_of(inst_id)
        return self._provider.find(instrument_id) or self._cache.instrument(instrument_id)

    def _now(self) -> int:
        return int(self._clock.timestamp_ns())


async def _one_page[T](rows: Awaitable[T]) -> AsyncIterator[T]:
    yield await rows


def as_rows(answer: Any) -> list[Row]:
    """Rows of an answer that is one row or a list."""
    if answer is None:
        return []
    return list(answer) if isinstance(answer, list | tuple) else [answer]


def _of_spread(row: Row) -> Row:
    return {**row, "inst_id": row.get("sprd_id")}


def _inst_id(instrument_id: InstrumentId | None) -> str | None:
    return None if instrument_id is None else str(instrument_id.symbol.value)
