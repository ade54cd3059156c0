"""TC-D01 to TC-D03, TC-D60, TC-D61: instruments and their status, through a TradingNode."""

from decimal import Decimal
from typing import Any

from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.model.data import InstrumentClose, InstrumentStatus
from nautilus_trader.model.enums import MarketStatusAction
from nautilus_trader.model.identifiers import InstrumentId, Venue
from nautilus_trader.model.instruments import CryptoPerpetual, CurrencyPair, Instrument

from .support import SPOT, SWAP, push, running_node


async def test_tc_d01_request_all_instruments(exchange):
    async with running_node(exchange) as run:
        request_id = run.strategy.request_instruments(Venue("OKX"), callback=run.strategy.finished)
        await run.strategy.answered(request_id)

        instruments = run.cache.instruments(venue=Venue("OKX"))
        assert {type(instrument) for instrument in instruments} == {CurrencyPair, CryptoPerpetual}
        for instrument in instruments:
            assert instrument.price_increment.as_decimal() > 0
            assert instrument.size_increment.as_decimal() > 0
            assert instrument.price_precision == instrument.price_increment.precision
            assert instrument.size_precision == instrument.size_increment.precision
            assert instrument.id.symbol == instrument.raw_symbol


async def test_tc_d01_types_families_and_series_are_as_configured(exchange):
    types = (OKXInstrumentType.OPTION, OKXInstrumentType.FUTURES)
    async with running_node(exchange, instrument_types=types, instrument_families=("BTC-USD",)) as run:
        instruments = run.cache.instruments(venue=Venue("OKX"))
        assert instruments
        assert all(instrument.id.symbol.value.startswith("BTC-USD-") for instrument in instruments)
        assert {type(instrument).__name__ for instrument in instruments} == {"CryptoFuture", "CryptoOption"}


async def test_tc_d02_subscribe_one_instrument_gives_it_at_once_and_on_each_change(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        strategy.subscribe_instrument(SWAP)
        first = (await strategy.receives(Instrument, SWAP))[0]

        delta = {"instType": "SWAP", "instId": "BTC-USDT-SWAP", "tickSz": "0.5"}
        await run.topic_is_live({"channel": "instruments", "instType": "SWAP"})
        push(exchange, {"channel": "instruments", "instType": "SWAP"}, [delta])

        changed = (await strategy.receives(Instrument, SWAP, count=2))[1]
        assert changed.price_increment.as_decimal() == Decimal("0.5")
        assert changed.size_increment == first.size_increment, "a delta changes nothing else"
        assert run.cache.instrument(SWAP).price_increment == changed.price_increment


async def test_tc_d03_request_one_instrument_of_a_type_that_is_not_loaded(exchange):
    async with running_node(exchange, instrument_types=(OKXInstrumentType.SPOT,)) as run:
        assert run.cache.instrument(SWAP) is None
        await run.strategy.answered(run.strategy.request_instrument(SWAP, callback=run.strategy.finished))

        instrument = run.cache.instrument(SWAP)
        assert isinstance(instrument, CryptoPerpetual)
        row = instrument_row(exchange, "SWAP", "BTC-USDT-SWAP")
        assert instrument.price_increment.as_decimal() == Decimal(row["tickSz"])
        assert instrument.size_increment.as_decimal() == Decimal(row["lotSz"])
        assert instrument.min_quantity.as_decimal() == Decimal(row["minSz"])
        assert instrument.multiplier.as_decimal() == Decimal(row["ctVal"]) * Decimal(row["ctMult"])


async def test_tc_d03_an_unknown_instrument_is_answered_and_nothing_is_cached(exchange):
    unknown = InstrumentId.from_str("NO-SUCH-SWAP.OKX")
    async with running_node(exchange) as run:
        await run.strategy.answered(run.strategy.request_instrument(unknown, callback=run.strategy.finished))
        assert run.cache.instrument(unknown) is None


async def test_tc_d60_subscribe_status(exchange):
    topic = {"channel": "instruments", "instType": "SWAP"}
    async with running_node(exchange) as run:
        strategy = run.strategy
        strategy.subscribe_instrument_status(SWAP)
        await run.topic_is_live(topic)
        push(exchange, topic, [{"instType": "SWAP", "instId": "BTC-USDT-SWAP", "state": "suspend"}])
        await strategy.waiter.until(lambda: any(s.action != MarketStatusAction.TRADING for s in statuses(strategy)))

        # An unknown state: no event, and the feed goes on.
        seen = len(statuses(strategy))
        push(exchange, topic, [{"instType": "SWAP", "instId": "BTC-USDT-SWAP", "state": "moon"}])
        push(exchange, topic, [{"instType": "SWAP", "instId": "BTC-USDT-SWAP", "state": "live"}])
        await strategy.receives(InstrumentStatus, SWAP, count=seen + 1)
        assert statuses(strategy)[seen].action == MarketStatusAction.TRADING
        assert {status.instrument_id for status in statuses(strategy)} == {SWAP}


async def test_tc_d61_instrument_close_is_refused(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_instrument_close(SWAP)
        # The refusal takes the subscription back: the engine may ask again, the venue was never asked.
        run.strategy.subscribe_quote_ticks(SPOT)
        await run.topic_is_live({"channel": "bbo-tbt", "instId": "BTC-USDT"})
        assert run.client.subscribed_instrument_close() == []
        assert run.strategy.of(InstrumentClose) == []


def statuses(strategy: Any) -> list[InstrumentStatus]:
    return strategy.of(InstrumentStatus, SWAP)


def instrument_row(exchange: Any, inst_type: str, inst_id: str) -> dict[str, str]:
    """The row as the exchange serves it, read by nobody's client."""
    import json
    import urllib.request

    url = f"{exchange.rest_url}/api/v5/public/instruments?instType={inst_type}&instId={inst_id}"
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)["data"][0]
