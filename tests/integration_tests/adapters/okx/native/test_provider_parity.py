"""Every field of every instrument, native against stock, over the simulator's lists."""

from collections.abc import Iterator
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient, OKXNativeInstrumentProvider, SimulatedExchange
from nautilus_trader.adapters.okx.native.methods import DATA
from nautilus_trader.adapters.okx.native.parity import divergences, diverging_fields
from nautilus_trader.adapters.okx.providers import OKXInstrumentProvider
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.core.nautilus_pyo3 import OKXContractType, OKXInstrumentType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

TIMES = {"ts_event", "ts_init"}
FAMILIES = ("BTC-USD", "ETH-USD")
TYPES = [getattr(OKXInstrumentType, name) for name in ("SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS")]


@pytest.fixture(scope="module")
def lists() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=3) as running:
        yield running


def native_client(exchange: SimulatedExchange, keys: bool = False) -> OkxHttpClient:
    credentials = (
        {
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
        }
        if keys
        else {}
    )
    return OkxHttpClient(base_url=exchange.rest_url, **credentials)


def stock_client(exchange: SimulatedExchange) -> Any:
    return nautilus_pyo3.OKXHttpClient(
        api_key=exchange.api_key,
        api_secret=exchange.api_secret,
        api_passphrase=exchange.api_passphrase,
        base_url=exchange.rest_url,
    )


def fields_of(instrument: Instrument) -> dict[str, Any]:
    fields = type(instrument).to_dict(instrument)
    spread = "Spread" in fields["type"]
    return {name: value for name, value in fields.items() if name not in (TIMES - ({"ts_event"} if spread else set()))}


async def both(lists: SimulatedExchange, *types: Any, **settings: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    native = OKXNativeInstrumentProvider(native_client(lists, keys=True), types, **settings)
    stock = OKXInstrumentProvider(stock_client(lists), types, **settings)
    await native.load_all_async()
    await stock.load_all_async()
    return native.get_all(), stock.get_all()


@pytest.mark.parametrize("instrument_type", TYPES, ids=lambda t: t.name)
async def test_instruments_equal_the_stock_ones_field_by_field(lists, instrument_type):
    families = FAMILIES if instrument_type == OKXInstrumentType.OPTION else None
    native, stock = await both(lists, instrument_type, instrument_families=families)

    assert set(native) == set(stock)
    assert native, "nothing was compared"
    allowed = diverging_fields("load_instruments")
    for instrument_id, expected in stock.items():
        found = native[instrument_id]
        assert type(found) is type(expected)
        left, right = fields_of(found), fields_of(expected)
        differing = {name for name in left | right if left.get(name) != right.get(name)}
        assert differing <= allowed, f"{instrument_id}: {[(n, left.get(n), right.get(n)) for n in differing - allowed]}"


async def test_spreads_equal_the_stock_ones_field_by_field(lists):
    native, stock = await both(lists, OKXInstrumentType.SPOT, load_spreads=True)
    spreads = {key: value for key, value in stock.items() if "Spread" in type(value).__name__}
    assert spreads
    for instrument_id, expected in spreads.items():
        assert fields_of(native[instrument_id]) == fields_of(expected)


async def test_s58_the_listed_divergence_of_quantities_still_occurs(lists):
    native, stock = await both(lists, OKXInstrumentType.SPOT)
    pair = InstrumentId.from_str("BTC-USDT.OKX")
    assert native[pair].max_quantity != stock[pair].max_quantity


async def test_s18_instruments_load_without_keys(lists):
    provider = OKXNativeInstrumentProvider(native_client(lists), (OKXInstrumentType.SWAP,))
    await provider.load_all_async()
    assert provider.count > 0
    assert all(instrument.maker_fee == 0 for instrument in provider.list_all())


async def test_s60_contract_types_are_honoured(lists):
    provider = OKXNativeInstrumentProvider(
        native_client(lists), (OKXInstrumentType.SWAP,), contract_types=(OKXContractType.INVERSE,)
    )
    await provider.load_all_async()
    assert provider.count > 0
    assert all(instrument.is_inverse for instrument in provider.list_all())


async def test_load_ids_keeps_the_ids_and_load_async_one(lists):
    provider = OKXNativeInstrumentProvider(native_client(lists), (OKXInstrumentType.SPOT, OKXInstrumentType.SWAP))
    swap, pair = InstrumentId.from_str("BTC-USDT-SWAP.OKX"), InstrumentId.from_str("BTC-USDT.OKX")
    await provider.load_ids_async([swap])
    assert list(provider.get_all()) == [swap]
    await provider.load_async(pair)
    assert set(provider.get_all()) == {swap, pair}
    assert {currency.code for currency in provider.currencies().values()} >= {"BTC", "USDT"}


async def test_an_id_of_another_venue_is_refused(lists):
    provider = OKXNativeInstrumentProvider(native_client(lists), (OKXInstrumentType.SPOT,))
    with pytest.raises(ValueError, match="not of venue OKX"):
        await provider.load_ids_async([InstrumentId.from_str("BTC-USDT.BYBIT")])


async def test_metadata_says_what_nautilus_has_no_field_for(lists):
    provider = OKXNativeInstrumentProvider(native_client(lists), (OKXInstrumentType.SWAP,))
    await provider.load_all_async()
    meta = provider.meta(InstrumentId.from_str("BTC-USDT-SWAP.OKX"))
    assert meta is not None
    assert (meta.inst_type, meta.index_inst_id, meta.ct_type) == ("SWAP", "BTC-USDT", "linear")
    assert meta.has_funding
    assert dict(provider.inst_id_codes())["BTC-USDT-SWAP"] == meta.inst_id_code


def test_divergences_name_methods_and_reasons():
    listed = divergences()
    assert len({entry.id for entry in listed}) == len(listed)
    for entry in listed:
        assert all(DATA.get(method) for method in entry.methods), entry.id
        assert entry.reason
        assert entry.stock != entry.native
