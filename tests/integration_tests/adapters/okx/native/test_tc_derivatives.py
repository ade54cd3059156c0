"""TC-D50 to TC-D53, TC-D62, TC-D63: marks, indexes, funding and greeks, through a TradingNode."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OptionSeriesId, StrikeRange
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.data.messages import RequestForwardPrices
from nautilus_trader.model.data import FundingRateUpdate, IndexPriceUpdate, MarkPriceUpdate, OptionGreeks
from nautilus_trader.model.identifiers import ClientId, InstrumentId, Venue

from .support import SPOT, SWAP, connected_client, push, running_node

ETH_SWAP = InstrumentId.from_str("ETH-USDT-SWAP.OKX")


async def test_tc_d50_subscribe_mark_prices(exchange):
    topic = {"channel": "mark-price", "instId": "BTC-USDT-SWAP"}
    async with running_node(exchange) as run:
        run.strategy.subscribe_mark_prices(SWAP)
        await run.strategy.receives(MarkPriceUpdate, SWAP)
        row = {"instType": "SWAP", "instId": "BTC-USDT-SWAP", "markPx": "50000.123456", "ts": "1700000000000"}
        push(exchange, topic, [row])
        await run.strategy.waiter.until(
            lambda: Decimal("50000.123456") in {m.value.as_decimal() for m in run.strategy.of(MarkPriceUpdate, SWAP)},
            "the mark price with all its digits",
        )


async def test_tc_d51_subscribe_index_prices(exchange):
    async with running_node(exchange) as run:
        # Both share the index BTC-USDT; ETH-USDT-SWAP was not asked for.
        run.strategy.subscribe_index_prices(SPOT)
        run.strategy.subscribe_index_prices(SWAP)
        spot = await run.strategy.receives(IndexPriceUpdate, SPOT)
        swap = await run.strategy.receives(IndexPriceUpdate, SWAP)
        assert spot[0].value.as_decimal() > 0
        assert swap[0].value.as_decimal() > 0
        assert {update.instrument_id for update in run.strategy.of(IndexPriceUpdate)} == {SPOT, SWAP}


async def test_tc_d52_subscribe_funding_rates(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_funding_rates(SWAP)
        (update, *_) = await run.strategy.receives(FundingRateUpdate, SWAP)
        assert update.rate is not None
        assert update.next_funding_ns > update.ts_event
        assert update.interval in (60, 120, 240, 360, 480)


async def test_tc_d53_request_past_funding(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        end = strategy.clock.utc_now()
        start = end - timedelta(days=7)
        await strategy.answered(strategy.request_funding_rates(SWAP, start=start, end=end, callback=strategy.finished))
        rates = [item for item in strategy.history if isinstance(item, FundingRateUpdate)]
        times = [rate.ts_event for rate in rates]
        assert 20 <= len(rates) <= 22, "three a day"
        assert times == sorted(set(times))
        assert {rate.instrument_id for rate in rates} == {SWAP}


async def test_tc_d62_subscribe_greeks(exchange):
    options = {"instrument_types": (OKXInstrumentType.OPTION,), "instrument_families": ("BTC-USD",)}
    async with running_node(exchange, **options) as run:
        # The last to expire, in the middle of its strikes: what expires tonight may have no Greeks left.
        listed = sorted(run.cache.instruments(), key=lambda i: (i.expiration_ns, i.strike_price))
        latest = [i.id for i in listed if i.expiration_ns == listed[-1].expiration_ns]
        chosen, other = latest[len(latest) // 2], latest[0]
        run.strategy.subscribe_option_greeks(chosen)
        await run.strategy.waiter.until(lambda: len(conventions(run.strategy, chosen)) == 2, "both sets of greeks")
        for greeks in run.strategy.of(OptionGreeks):
            assert greeks.instrument_id == chosen, "greeks of an option nobody asked for"
            assert (greeks.delta, greeks.gamma, greeks.vega, greeks.theta) != (0, 0, 0, 0)
            assert greeks.underlying_price > 0

        # The last unsubscribe ends the feed of the family.
        topic = {"channel": "opt-summary", "instFamily": "BTC-USD"}
        run.strategy.subscribe_option_greeks(other)
        run.strategy.unsubscribe_option_greeks(chosen)
        await run.strategy.receives(OptionGreeks, other)
        assert run.topic_live(topic)
        run.strategy.unsubscribe_option_greeks(other)
        await run.topic_is_gone(topic)


async def test_tc_d62_one_convention_by_params(exchange):
    options = {"instrument_types": (OKXInstrumentType.OPTION,), "instrument_families": ("BTC-USD",)}
    async with running_node(exchange, **options) as run:
        chosen = min(i.id for i in run.cache.instruments())
        run.strategy.subscribe_option_greeks(chosen, params={"greeks_convention": "PRICE_ADJUSTED"})
        await run.strategy.receives(OptionGreeks, chosen, count=2)
        assert len(conventions(run.strategy, chosen)) == 1


async def test_tc_d63_subscribe_a_chain(exchange):
    options = {"instrument_types": (OKXInstrumentType.OPTION,), "instrument_families": ("BTC-USD",)}
    async with running_node(exchange, **options) as run:
        series = series_with_most_strikes(run.cache.instruments())
        run.strategy.subscribe_option_chain(
            series, strike_range=StrikeRange.atm_relative(2, 2), snapshot_interval_ms=500, client_id=ClientId("OKX")
        )
        await run.strategy.waiter.until(
            lambda: any(is_complete(chain) for chain in run.strategy.chains), "a full slice"
        )
        chain = next(chain for chain in run.strategy.chains if is_complete(chain))
        assert str(chain.series_id) == str(series)
        assert float(str(chain.atm_strike)) > 0
        assert chain.strike_count() <= 5
        run.strategy.unsubscribe_option_chain(series, client_id=ClientId("OKX"))
        await run.until_topics(lambda topics: topics == [], "nothing subscribed")


async def test_forward_prices_of_a_family_and_of_one_option(exchange):
    options = {"instrument_types": (OKXInstrumentType.OPTION,), "instrument_families": ("BTC-USD",)}
    async with connected_client(exchange, **options) as bench:
        listed = {str(instrument_id) for instrument_id in bench.client.instrument_provider.get_all()}
        for sample in (None, InstrumentId.from_str(min(listed))):
            asked = RequestForwardPrices(
                underlying="BTC",
                sample_instrument_id=sample,
                client_id=ClientId("OKX"),
                venue=Venue("OKX"),
                callback=None,
                request_id=UUID4(),
                ts_init=0,
            )
            await bench.client._request_forward_prices(asked)
            response = bench.sink.responses[-1]
            assert response.correlation_id == asked.id
            prices = {str(price.instrument_id): Decimal(str(price.forward_price)) for price in response.data}
            assert prices
            assert set(prices) <= (listed if sample is None else {str(sample)})
            assert min(prices.values()) > 0


def series_with_most_strikes(instruments) -> OptionSeriesId:
    """The series of the loaded options that has most of them."""
    series = Counter(
        (str(i.underlying), str(i.get_settlement_currency()), i.expiration_ns) for i in instruments if i.expiration_ns
    )
    (underlying, settlement, expiration_ns), _ = series.most_common(1)[0]
    return OptionSeriesId("OKX", underlying, settlement, expiration_ns)


def is_complete(chain) -> bool:
    """Whether some strike has a quote and greeks."""
    entries = [side(strike) for strike in chain.strikes() for side in (chain.get_call, chain.get_put)]
    return any(entry is not None and entry.quote is not None and entry.greeks is not None for entry in entries)


def conventions(strategy, instrument_id) -> set[str]:
    return {str(greeks.convention) for greeks in strategy.of(OptionGreeks, instrument_id)}
