"""Custom data of OKX: open interest, price limits, liquidations, exchange status (types in `custom_types`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nautilus_trader.adapters.okx.native.account_types import ACCOUNT_TYPES
from nautilus_trader.adapters.okx.native.backend import NativeBackend
from nautilus_trader.adapters.okx.native.custom_types import (
    OKXExchangeStatus,
    OKXLiquidation,
    OKXOpenInterest,
    OKXPriceLimit,
)
from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI, instrument_id_of
from nautilus_trader.adapters.okx.native.requests import Expected
from nautilus_trader.live.data_client import LiveMarketDataClient
from nautilus_trader.model.data import CustomData, DataType
from nautilus_trader.model.identifiers import InstrumentId

LIQUIDATION_TYPES: Final = ("SWAP", "FUTURES", "MARGIN", "OPTION")

Parse = Callable[[Mapping[str, Any], int], list[Any]]
Arguments = Callable[["CustomStreams", DataType], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a custom type comes from: its channel, its REST endpoint, and the parser of a row of either."""

    channel: str
    endpoint: str
    topic: Arguments
    query: Arguments
    parse: Parse


class CustomStreams:
    """Subscriptions and requests of custom data on the native back end."""

    def __init__(self, backend: NativeBackend, client: LiveMarketDataClient) -> None:
        self._backend = backend
        self._client = client
        self._wanted: dict[str, dict[DataType, dict[str, str]]] = {}
        for source in SOURCES.values():
            backend.row_handlers[source.channel] = self._handler_of(source)

    async def subscribe(self, command: Any) -> None:
        if command.data_type.type in ACCOUNT_TYPES:
            self._backend.log.debug(f"{command.data_type} comes from the execution client")
            return
        source = source_of(command.data_type)
        topic = {"channel": source.channel, **source.topic(self, command.data_type)}
        wanted = self._wanted.setdefault(source.channel, {})
        wanted[command.data_type] = topic
        try:
            await self._backend.stream.subscribe_rows(topic)
        except Exception:
            wanted.pop(command.data_type, None)
            raise

    async def unsubscribe(self, command: Any) -> None:
        if command.data_type.type in ACCOUNT_TYPES:
            return
        source = source_of(command.data_type)
        topic = self._wanted.get(source.channel, {}).pop(command.data_type, None)
        if topic is not None:
            await self._backend.stream.unsubscribe_rows(topic)

    async def request(self, request: Any) -> None:
        found: list[Any] = []
        try:
            source = source_of(request.data_type)
            ts_init = self._backend.clock.timestamp_ns()
            for row in await self._backend.http.request(source.endpoint, source.query(self, request.data_type)):
                found += source.parse(row, ts_init)
        except Expected as e:
            self._backend.log.error(f"Request of {request.data_type} failed, answered empty: {e}")
        data = [CustomData(request.data_type, item) for item in found if concerns(request.data_type, item)]
        self._client._handle_data_response(
            request.data_type, data, request.id, request.start, request.end, request.params
        )

    def _handler_of(self, source: Source) -> Callable[[dict[str, Any]], None]:
        def handle(row: dict[str, Any]) -> None:
            items = source.parse(row, self._backend.clock.timestamp_ns())
            for data_type in tuple(self._wanted.get(source.channel, ())):
                for item in items:
                    if concerns(data_type, item):
                        self._backend.emit(CustomData(data_type, item))

        return handle

    # -- ARGUMENTS --------------------------------------------------------------------------------

    def instrument_topic(self, data_type: DataType) -> dict[str, str]:
        instrument_id = instrument_of(data_type)
        if instrument_id is None:
            raise ValueError(f"{data_type.type.__name__} needs an instrument_id in the data type's metadata")
        return {"instId": self._backend.require(instrument_id).inst_id}

    def instrument_query(self, data_type: DataType) -> dict[str, str]:
        topic = self.instrument_topic(data_type)
        instrument_id = instrument_of(data_type)
        assert instrument_id is not None
        return {"instType": self._backend.require(instrument_id).inst_type, **topic}

    def limit_query(self, data_type: DataType) -> dict[str, str]:
        return self.instrument_topic(data_type)

    def type_topic(self, data_type: DataType) -> dict[str, str]:
        return {"instType": self._liquidation_type(data_type)}

    def liquidation_query(self, data_type: DataType) -> dict[str, str]:
        query = {"instType": self._liquidation_type(data_type), "state": "filled"}
        instrument_id = instrument_of(data_type)
        meta = self._backend.require(instrument_id) if instrument_id else None
        if meta and meta.inst_type == "MARGIN":
            return {**query, "instId": meta.inst_id}
        if meta and meta.inst_family:
            return {**query, "instFamily": meta.inst_family}
        raise ValueError("a request of liquidations needs an instrument_id in the data type's metadata")

    def no_arguments(self, data_type: DataType) -> dict[str, str]:
        return {}

    def _liquidation_type(self, data_type: DataType) -> str:
        instrument_id = instrument_of(data_type)
        if instrument_id is not None:
            return self._backend.require(instrument_id).inst_type
        inst_type = str(data_type.metadata.get("inst_type", "")).upper()
        if inst_type not in LIQUIDATION_TYPES:
            raise ValueError(
                "OKXLiquidation needs instrument_id, or inst_type as one of "
                f"{', '.join(LIQUIDATION_TYPES)}, in the data type's metadata"
            )
        return inst_type


def source_of(data_type: DataType) -> Source:
    """The source of a custom type. Raises `NotImplementedError` for types this client does not know."""
    source = SOURCES.get(data_type.type)
    if source is None:
        names = ", ".join(cls.__name__ for cls in SOURCES)
        raise NotImplementedError(f"OKX has no data of type {data_type.type.__name__}: this client offers {names}")
    return source


def instrument_of(data_type: DataType) -> InstrumentId | None:
    """The instrument a data type names, as an id or as text."""
    value = data_type.metadata.get("instrument_id")
    return InstrumentId.from_str(value) if isinstance(value, str) else value


def concerns(data_type: DataType, item: Any) -> bool:
    """Whether an item belongs to a data type: the right class, and the named instrument if one is named."""
    if type(item) is not data_type.type:
        return False
    instrument_id = instrument_of(data_type)
    return instrument_id is None or item.instrument_id == instrument_id


def _get(row: Mapping[str, Any], *names: str) -> Any:
    """The first field present: pushes carry OKX's names, REST rows the typed ones."""
    for name in names:
        value = row.get(name)
        if value is not None:
            return value
    return ""


def _ms(row: Mapping[str, Any], *names: str) -> int:
    return int(_get(row, *names) or 0)


def parse_open_interest(row: Mapping[str, Any], ts_init: int) -> list[Any]:
    return [
        OKXOpenInterest(
            _ms(row, "ts", "ts_ms") * NANOS_PER_MILLI,
            ts_init,
            instrument_id=instrument_id_of(_get(row, "instId", "inst_id")),
            oi=str(_get(row, "oi")),
            oi_ccy=str(_get(row, "oiCcy", "oi_ccy")),
            oi_usd=str(_get(row, "oiUsd", "oi_usd")),
        )
    ]


def parse_price_limit(row: Mapping[str, Any], ts_init: int) -> list[Any]:
    return [
        OKXPriceLimit(
            _ms(row, "ts", "ts_ms") * NANOS_PER_MILLI,
            ts_init,
            instrument_id=instrument_id_of(_get(row, "instId", "inst_id")),
            buy_limit=str(_get(row, "buyLmt", "buy_lmt")),
            sell_limit=str(_get(row, "sellLmt", "sell_lmt")),
            enabled=_get(row, "enabled") in (True, "true"),
        )
    ]


def parse_liquidations(row: Mapping[str, Any], ts_init: int) -> list[Any]:
    instrument_id = instrument_id_of(_get(row, "instId", "inst_id"))
    return [
        OKXLiquidation(
            _ms(detail, "ts", "ts_ms", "time", "time_ms") * NANOS_PER_MILLI,
            ts_init,
            instrument_id=instrument_id,
            side=str(_get(detail, "side")),
            pos_side=str(_get(detail, "posSide", "pos_side")),
            price=str(_get(detail, "bkPx", "bk_px")),
            size=str(_get(detail, "sz")),
            loss=str(_get(detail, "bkLoss", "bk_loss")),
            ccy=str(_get(detail, "ccy")),
        )
        for detail in _get(row, "details") or ()
    ]


def parse_status(row: Mapping[str, Any], ts_init: int) -> list[Any]:
    ts_event = _ms(row, "ts", "ts_ms") * NANOS_PER_MILLI
    return [
        OKXExchangeStatus(
            ts_event or ts_init,
            ts_init,
            title=str(_get(row, "title")),
            state=str(_get(row, "state")),
            begin_ms=_ms(row, "begin", "begin_ms"),
            end_ms=_ms(row, "end", "end_ms"),
            pre_open_begin_ms=_ms(row, "preOpenBegin", "pre_open_begin", "pre_open_begin_ms"),
            href=str(_get(row, "href")),
            service_type=str(_get(row, "serviceType", "service_type")),
            system=str(_get(row, "system")),
            sche_desc=str(_get(row, "scheDesc", "sche_desc")),
            maint_type=str(_get(row, "maintType", "maint_type")),
            env=str(_get(row, "env")),
        )
    ]


SOURCES: Final[dict[type, Source]] = {
    OKXOpenInterest: Source(
        "open-interest",
        "public-open-interest",
        CustomStreams.instrument_topic,
        CustomStreams.instrument_query,
        parse_open_interest,
    ),
    OKXPriceLimit: Source(
        "price-limit",
        "public-price-limit",
        CustomStreams.instrument_topic,
        CustomStreams.limit_query,
        parse_price_limit,
    ),
    OKXLiquidation: Source(
        "liquidation-orders",
        "public-liquidation-orders",
        CustomStreams.type_topic,
        CustomStreams.liquidation_query,
        parse_liquidations,
    ),
    OKXExchangeStatus: Source(
        "status",
        "system-status",
        CustomStreams.no_arguments,
        CustomStreams.no_arguments,
        parse_status,
    ),
}
