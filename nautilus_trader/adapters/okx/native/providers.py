"""Instrument provider on the native REST client, with the stock provider's arguments and load semantics."""

from collections.abc import Iterable
from typing import Any, Final

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.native import instruments
from nautilus_trader.adapters.okx.native._okx import OkxError, OkxHttpClient
from nautilus_trader.adapters.okx.native.fees import Fees
from nautilus_trader.adapters.okx.native.instruments import SPREAD, InstrumentError, InstrumentMeta, Row
from nautilus_trader.common.component import Clock, LiveClock
from nautilus_trader.common.providers import InstrumentProvider
from nautilus_trader.config import InstrumentProviderConfig
from nautilus_trader.core.nautilus_pyo3 import OKXContractType, OKXInstrumentType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

FAMILY_TYPES: Final = ("SWAP", "FUTURES", "OPTION")
"""Types whose list OKX can restrict to a family. It demands one for OPTION, and a series for EVENTS."""

SKIPPED_SHOWN: Final = 5


class OKXNativeInstrumentProvider(InstrumentProvider):  # type: ignore[misc]
    """
    Provides Nautilus instruments from OKX's public lists; API keys only add the account's fees.

    Parameters
    ----------
    client : OkxHttpClient
        The REST client.
    instrument_types : tuple[OKXInstrumentType, ...]
        The types to load.
    contract_types : tuple[OKXContractType, ...], optional
        Only swaps and futures of these contract types (linear, inverse).
    instrument_families : tuple[str, ...], optional
        Only these families; needed for options. For event contracts they name series.
    load_spreads : bool, default False
        Also load the spreads of the spread order book.
    config : InstrumentProviderConfig, optional
        What to load on start.
    clock : Clock, optional
        For `ts_init`.

    """

    def __init__(
        self,
        client: OkxHttpClient,
        instrument_types: tuple[OKXInstrumentType, ...],
        contract_types: tuple[OKXContractType, ...] | None = None,
        instrument_families: tuple[str, ...] | None = None,
        load_spreads: bool = False,
        config: InstrumentProviderConfig | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(config=config)
        self._client = client
        self._instrument_types = tuple(instrument_types)
        self._contract_types = contract_types
        self._instrument_families = instrument_families
        self._load_spreads = load_spreads
        self._log_warnings = config.log_warnings if config else True
        self._clock = clock or LiveClock()
        self._rows: dict[InstrumentId, Row] = {}
        self._metas: dict[InstrumentId, InstrumentMeta] = {}
        self._gone: set[InstrumentId] = set()
        self._ended_codes: set[int] = set()
        self._fees = Fees(self._warn)

    @property
    def instrument_types(self) -> tuple[OKXInstrumentType, ...]:
        return self._instrument_types

    @property
    def contract_types(self) -> tuple[OKXContractType, ...] | None:
        return self._contract_types

    @property
    def instrument_families(self) -> tuple[str, ...] | None:
        return self._instrument_families

    @property
    def load_spreads(self) -> bool:
        return self._load_spreads

    def inst_id_codes(self) -> list[tuple[str, int]]:
        """OKX's integer code of each instrument, as WebSocket orders need it."""
        return [(m.inst_id, m.inst_id_code) for m in self._metas.values() if m.inst_id_code is not None]

    def meta(self, instrument_id: InstrumentId) -> InstrumentMeta | None:
        """What OKX says about an instrument that Nautilus has no field for."""
        return self._metas.get(instrument_id)

    def row(self, instrument_id: InstrumentId) -> Row | None:
        """The row an instrument was made of."""
        return self._rows.get(instrument_id)

    # -- LOADING ----------------------------------------------------------------------------------

    async def load_all_async(self, filters: dict[str, Any] | None = None) -> None:
        self._log.info("Loading all instruments" + (f" with filters {filters}" if filters else ""))
        rows = await self._fetch_configured()
        self._note_gone(rows)
        self._take(rows)

    def take_gone(self) -> set[InstrumentId]:
        """Instruments the lists had before, and have no longer; told once."""
        gone, self._gone = self._gone, set()
        return gone

    def drop(self, instrument_id: InstrumentId) -> None:
        """Forget an instrument that has ended."""
        meta = self._metas.pop(instrument_id, None)
        if meta is not None and meta.inst_id_code is not None:
            self._ended_codes.add(meta.inst_id_code)
        self._rows.pop(instrument_id, None)
        self._instruments.pop(instrument_id, None)

    async def load_ids_async(
        self,
        instrument_ids: list[InstrumentId],
        filters: dict[str, Any] | None = None,
    ) -> None:
        if not instrument_ids:
            self._log.warning("No instrument IDs given for loading")
            return
        for instrument_id in instrument_ids:
            if instrument_id.venue != OKX_VENUE:
                raise ValueError(f"{instrument_id} is not of venue OKX: an OKX provider loads only *.OKX")
        wanted = {instrument_id.symbol.value for instrument_id in instrument_ids}
        self._take(row for row in await self._fetch_configured() if row["inst_id"] in wanted)
        for instrument_id in instrument_ids:
            if self.find(instrument_id) is None:
                self._warn(
                    f"{instrument_id} is not among the instruments of {self._configured()}: "
                    "check the id, instrument_types and instrument_families"
                )

    async def load_async(self, instrument_id: InstrumentId, filters: dict[str, Any] | None = None) -> None:
        await self.load_ids_async([instrument_id], filters)

    async def fetch(self, instrument_id: InstrumentId, account: bool = False) -> Instrument:
        """Ask OKX for one instrument of whatever type and add it. Raises `OkxError` or `InstrumentError`."""
        inst_id = instrument_id.symbol.value
        meta = self._metas.get(instrument_id)
        error: OkxError | None = None
        for inst_type in [meta.inst_type] if meta else types_of(inst_id):
            try:
                rows = await self._fetch_one(inst_type, inst_id, account)
            except OkxError as e:
                if e.http_status is None and not e.code:
                    raise  # OKX was not reached: another type will not be either
                error = e
                continue
            for row in rows:
                if row["inst_id"] == inst_id:
                    if not instruments.is_listed(row):
                        missing = f", {', '.join(row['missing'])} empty" if row["missing"] else ""
                        raise InstrumentError(
                            f"{inst_id} is announced but not tradable yet (state {row['state']}{missing})"
                        )
                    await self._load_fees({inst_type})
                    return self.take_row(row)
        if error is not None:
            raise error
        raise InstrumentError(f"OKX knows no instrument {inst_id}: check the symbol")

    async def fetch_type(
        self,
        inst_type: str,
        family: str | None = None,
        account: bool = False,
        series_id: str | None = None,
    ) -> list[Instrument]:
        """Ask OKX for the list of a type and add it."""
        rows = await self._fetch_type(inst_type, family, account, series_id)
        await self._load_fees({inst_type})
        return self._take(rows)

    def take_row(self, row: Row) -> Instrument:
        """Build the instrument of a row and add it. Raises `InstrumentError`."""
        instrument = instruments.build(row, self._fees, self._clock.timestamp_ns())
        self._add(instrument, row)
        return instrument

    def merge(self, inst_id: str, changes: Row) -> Instrument | None:
        """Apply a pushed change; None if the instrument is unknown or nothing about it changed."""
        instrument_id = instruments.instrument_id_of(inst_id)
        row = self._rows.get(instrument_id)
        if row is None:
            if "missing" not in changes or not instruments.is_listed(changes) or not self._is_configured(changes):
                return None
            return self.take_row(changes)
        merged = {**row, **changes}
        if merged == dict(row):
            return None
        return self.take_row(merged)

    def configured_lists(self) -> list[tuple[str, str | None]]:
        """The (type, family) lists the configuration names."""
        names = [instrument_type.name.upper() for instrument_type in self._instrument_types]
        if "ANY" in names:
            names = ["SPOT", "SWAP", "FUTURES", "OPTION", "EVENTS"]
        lists: list[tuple[str, str | None]] = [(name, family) for name in names for family in self._families(name)]
        return [*lists, (SPREAD, None)] if self._load_spreads else lists

    # -- INTERNAL ---------------------------------------------------------------------------------

    def _configured(self) -> str:
        names = [instrument_type.name.upper() for instrument_type in self._instrument_types]
        return ", ".join(names)

    def _is_configured(self, row: Row) -> bool:
        """Whether a row belongs to a configured list, or is a known instrument under a new name."""
        if row.get("inst_id_code") in self._ended_codes:
            return True
        lists = self.configured_lists()
        return self._is_wanted(row) and any((row["inst_type"], f) in lists for f in (None, row.get("inst_family")))

    def _note_gone(self, rows: Iterable[Row]) -> None:
        listed = {row["inst_id"] for row in rows}
        lists = self.configured_lists()
        for instrument_id, meta in self._metas.items():
            is_in_lists = any((meta.inst_type, family) in lists for family in (None, meta.inst_family))
            if is_in_lists and meta.inst_id not in listed:
                self._gone.add(instrument_id)

    async def _fetch_configured(self) -> list[Row]:
        lists = self.configured_lists()
        await self._load_fees({inst_type for inst_type, _ in lists})
        rows: list[Row] = []
        for inst_type, family in lists:
            rows.extend(await self._fetch_type(inst_type, family))
        return rows

    def _families(self, inst_type: str) -> tuple[str | None, ...]:
        if inst_type == "OPTION" and not self._instrument_families:
            self._log.error("instrument_families required for OPTION but none configured: no options are loaded")
            return ()
        if inst_type in FAMILY_TYPES and self._instrument_families:
            return self._instrument_families
        return (None,)

    async def _fetch_type(
        self,
        inst_type: str,
        family: str | None = None,
        account: bool = False,
        series_id: str | None = None,
    ) -> list[Row]:
        if inst_type == SPREAD:
            return await self._fetch_spreads()
        if inst_type == "EVENTS" and series_id is None:
            rows: list[Row] = []
            for series in await self._series_ids():
                rows.extend(await self._client.instruments(inst_type, series_id=series, account=account))
            return rows
        return list(await self._client.instruments(inst_type, inst_family=family, series_id=series_id, account=account))

    async def _fetch_one(self, inst_type: str, inst_id: str, account: bool) -> list[Row]:
        if inst_type == SPREAD:
            return [row for row in await self._fetch_spreads() if row["inst_id"] == inst_id]
        if inst_type == "OPTION":
            family = "-".join(inst_id.split("-")[:2])
            return list(await self._client.instruments(inst_type, inst_family=family, inst_id=inst_id, account=account))
        if inst_type == "EVENTS":
            series = inst_id.rsplit("-", 3)[0]
            return list(await self._client.instruments(inst_type, series_id=series, inst_id=inst_id, account=account))
        return list(await self._client.instruments(inst_type, inst_id=inst_id, account=account))

    async def _series_ids(self) -> list[str]:
        known = [row["series_id"] for row in await self._client.request("public-event-contract-series", {})]
        # Families of other types may be configured beside: they select series only where they name some.
        return [series for series in known if series in (self._instrument_families or ())] or known

    async def _fetch_spreads(self) -> list[Row]:
        return [instruments.spread_row(row) for row in await self._client.request("sprd-spreads", {})]

    async def _load_fees(self, inst_types: set[str]) -> None:
        if not self._client.has_credentials:
            return
        for inst_type in sorted(inst_types - {SPREAD}):
            if inst_type in self._fees:
                continue
            try:
                for answer in await self._client.trade_fee(inst_type):
                    self._fees.add(inst_type, answer)
            except OkxError as e:
                self._warn(f"No fee rates for {inst_type} (maker and taker fees are zero): {e}")

    def _take(self, rows: Iterable[Row]) -> list[Instrument]:
        """Add the instruments of the usable rows; the others make one warning."""
        taken: list[Instrument] = []
        skipped: list[str] = []
        for row in rows:
            if not self._is_wanted(row):
                continue
            if not instruments.is_listed(row):
                skipped.append(row["inst_id"])
                continue
            try:
                taken.append(self.take_row(row))
            except InstrumentError as e:
                skipped.append(str(e))
        if skipped:
            shown = "; ".join(skipped[:SKIPPED_SHOWN]) + ("; ..." if len(skipped) > SKIPPED_SHOWN else "")
            self._warn(f"Skipped {len(skipped)} instrument(s) that are not tradable yet or incomplete: {shown}")
        self._fees.report_missing()
        return taken

    def _is_wanted(self, row: Row) -> bool:
        if not self._contract_types or row["inst_type"] not in ("SWAP", "FUTURES"):
            return True
        names = {contract_type.name.lower() for contract_type in self._contract_types}
        return row.get("ct_type") in names

    def _add(self, instrument: Instrument, row: Row) -> None:
        known = self._metas.get(instrument.id)
        if known is not None and known.inst_type == "SPOT" and row["inst_type"] == "MARGIN":
            return  # one symbol for both: the pair itself, of which margin is a way to trade
        self.add(instrument)
        self._rows[instrument.id] = row
        self._metas[instrument.id] = instruments.meta_of(row)
        base = instrument.get_base_currency()
        if base is not None:
            self.add_currency(base)
        self.add_currency(instrument.quote_currency)
        self.add_currency(instrument.get_settlement_currency())

    def _warn(self, message: str) -> None:
        if self._log_warnings:
            self._log.warning(message)


def types_of(inst_id: str) -> list[str]:
    """The OKX types an id may belong to, the likeliest first.

    `BTC-USDT` SPOT, `…-SWAP` SWAP, `…-250808` FUTURES, `…-4000-C` OPTION, `BTC-ABOVE-DAILY-260224-1600-65000` EVENTS,
    `A_B` a spread (but `_UM` marks USD-margined contracts).
    """
    if "_" in inst_id.replace("_UM", "").replace("_XPERP", ""):
        return [SPREAD]
    parts = inst_id.split("-")
    last = parts[-1]
    if last == "SWAP":
        return ["SWAP"]
    if last in ("C", "P") and len(parts) >= 5:
        return ["OPTION"]
    if len(parts) >= 6:
        return ["EVENTS"]
    if len(parts) == 3:
        return ["FUTURES"]
    return ["SPOT", "MARGIN"] if len(parts) == 2 else ["EVENTS", "FUTURES"]
