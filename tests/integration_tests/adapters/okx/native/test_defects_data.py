"""S01 to S18: market-data defects of the stock adapter, each with the native client doing what the row's arrow says."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from nautilus_trader.adapters.okx.native import OkxSubscriptionError
from nautilus_trader.core.datetime import dt_to_unix_nanos
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.data.messages import (
    RequestBars,
    RequestFundingRates,
    RequestInstrument,
    RequestOrderBookSnapshot,
    RequestQuoteTicks,
    RequestTradeTicks,
    SubscribeBars,
    SubscribeIndexPrices,
    SubscribeInstrumentClose,
    SubscribeMarkPrices,
    SubscribeOrderBook,
    SubscribeQuoteTicks,
    SubscribeTradeTicks,
)
from nautilus_trader.model.data import (
    Bar,
    BarType,
    FundingRateUpdate,
    IndexPriceUpdate,
    MarkPriceUpdate,
    OrderBookDelta,
    OrderBookDeltas,
    QuoteTick,
    TradeTick,
)
from nautilus_trader.model.enums import BookAction, BookType, RecordFlag
from nautilus_trader.model.identifiers import ClientId, InstrumentId, Venue
from nautilus_trader.model.instruments import Instrument

from .support import SPOT, SWAP, connected_client, push, running_node, topics_of, until_topics

BOOKS = {"channel": "books", "instId": "BTC-USDT"}
TRADES = {"channel": "trades", "instId": "BTC-USDT"}
QUOTES = {"channel": "bbo-tbt", "instId": "BTC-USDT"}
MINUTES = BarType.from_str("BTC-USDT-SWAP.OKX-1-MINUTE-LAST-EXTERNAL")
SNAPSHOT, LAST = RecordFlag.F_SNAPSHOT.value, RecordFlag.F_LAST.value
NANOS_PER_MINUTE = 60_000_000_000


def command(cls: type, instrument_id: InstrumentId, **fields: Any) -> Any:
    """A command as the engine makes it."""
    return cls(
        instrument_id=instrument_id, client_id=ClientId("OKX"), venue=None, command_id=UUID4(), ts_init=0, **fields
    )


def book_command(instrument_id: InstrumentId, **fields: Any) -> SubscribeOrderBook:
    fields = {"book_type": BookType.L2_MBP, "depth": 0, **fields}
    return command(SubscribeOrderBook, instrument_id, book_data_type=OrderBookDelta, **fields)


def bars_command(bar_type: BarType) -> SubscribeBars:
    return SubscribeBars(bar_type=bar_type, client_id=ClientId("OKX"), venue=None, command_id=UUID4(), ts_init=0)


def request(cls: type, **fields: Any) -> Any:
    fields = {"start": None, "end": None, "params": None} | fields
    return cls(client_id=ClientId("OKX"), venue=Venue("OKX"), callback=None, request_id=UUID4(), ts_init=0, **fields)


async def test_s01_a_snapshot_starts_with_clear_and_every_message_ends_with_f_last(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT))
        first, *updates = (await bench.sink.receives(OrderBookDeltas, SPOT, count=4))[:4]
        assert first.deltas[0].action == BookAction.CLEAR
        assert {delta.flags for delta in first.deltas[:-1]} == {SNAPSHOT}
        assert first.deltas[-1].flags == SNAPSHOT | LAST
        for group in updates:
            assert [delta.flags for delta in group.deltas] == [0] * (len(group.deltas) - 1) + [LAST]


async def test_s01_buffered_deltas_reach_the_strategy(exchange):
    async with running_node(exchange, buffer_deltas=True) as run:
        run.strategy.subscribe_order_book_deltas(SPOT, BookType.L2_MBP)
        await run.strategy.receives(OrderBookDeltas, SPOT, count=3)


async def test_s02_a_gap_clears_the_book_and_recovers_once(own_exchange):
    async with connected_client(own_exchange) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT))
        await bench.sink.receives(OrderBookDeltas, SPOT, count=3)
        own_exchange.inject(
            {"on": {"class": "update", **TARGET_BOOKS}, "when": {"count": 1}, "what": {"kind": "seq", "how": "drop"}}
        )
        await bench.sink.waiter.until(lambda: snapshots(bench) >= 2, "a second snapshot")
        await bench.sink.receives(OrderBookDeltas, SPOT, count=len(bench.sink.of(OrderBookDeltas)) + 3)

        stats = bench.client.stats()
        assert (stats["gaps_detected"], stats["gaps_recovered"]) == (1, 1)
        assert snapshots(bench) == 2, "one recovery, no storm"
        # Nothing was published across the gap: between CLEARs every update follows the one before.
        assert topics_of(own_exchange).count(BOOKS) == 1


async def test_s03_a_keep_alive_is_silent(own_exchange):
    async with connected_client(own_exchange) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT))
        await bench.sink.receives(OrderBookDeltas, SPOT, count=2)
        own_exchange.inject(
            {"on": {"class": "update", **TARGET_BOOKS}, "when": {"count": 2}, "what": {"kind": "seq", "how": "freeze"}}
        )
        await bench.sink.receives(OrderBookDeltas, SPOT, count=8)
        assert bench.log.at("error") == []
        assert bench.client.stats()["decode_errors"] == 0


async def test_s04_no_quote_of_two_moments(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._subscribe_quote_ticks(command(SubscribeQuoteTicks, SPOT))
        await bench.sink.receives(QuoteTick, SPOT)
        lower_asks = {"asks": [["1.1", "77777", "0", "1"]], "bids": [], "ts": "1700000000000", "seqId": 5}
        push(exchange, QUOTES, [lower_asks])
        await bench.sink.receives(QuoteTick, SPOT, count=len(bench.sink.of(QuoteTick)) + 2)
        assert all(quote.bid_price < quote.ask_price for quote in bench.sink.of(QuoteTick))
        assert all(float(quote.ask_price) != 1.1 for quote in bench.sink.of(QuoteTick))


async def test_s05_a_bad_row_is_skipped_alone(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SPOT))
        await until_topics(exchange, lambda topics: TRADES in topics, "trades")
        good = {"instId": "BTC-USDT", "tradeId": "777", "px": "1.5", "sz": "2", "side": "buy", "ts": "1700000000000"}
        push(exchange, TRADES, [good | {"tradeId": "776", "px": "abc"}, good])
        await bench.sink.waiter.until(lambda: "777" in {t.trade_id.value for t in bench.sink.of(TradeTick)})
        assert "776" not in {trade.trade_id.value for trade in bench.sink.of(TradeTick)}
        assert bench.client.stats()["rows_skipped"] == 1
        await bench.log.waiter.until(lambda: bench.log.at("error") + bench.log.at("warning"), "a line about the row")


@pytest.mark.parametrize("on_close", [True, False])
async def test_s06_bars_carry_the_close_of_their_interval(exchange, on_close):
    topic = {"channel": "candle1m", "instId": "BTC-USDT-SWAP"}
    async with connected_client(exchange, bars_timestamp_on_close=on_close) as bench:
        await bench.client._subscribe_bars(bars_command(MINUTES))
        await until_topics(exchange, lambda topics: topic in topics, "candles")
        open_ms = 1_700_000_040_000
        push(exchange, topic, [[str(open_ms), "10", "12", "9", "11", "5", "5", "55", "1"]])
        expected = open_ms * 1_000_000 + (NANOS_PER_MINUTE if on_close else 0)
        await bench.sink.waiter.until(lambda: expected in {bar.ts_event for bar in bench.sink.of(Bar, SWAP)})


@pytest.mark.parametrize(("spec", "channel"), [("6-HOUR", "candle6Hutc"), ("1-DAY", "candle1Dutc")])
async def test_s07_long_bars_are_utc(exchange, spec, channel):
    async with connected_client(exchange) as bench:
        await bench.client._subscribe_bars(bars_command(BarType.from_str(f"BTC-USDT-SWAP.OKX-{spec}-LAST-EXTERNAL")))
        assert channel in {topic["channel"] for topic in topics_of(exchange)}


async def test_s08_the_running_candle_is_not_a_bar(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._request_bars(request(RequestBars, bar_type=MINUTES, limit=10))
        bars = bench.sink.responses[-1].data
        assert len(bars) == 10
        assert bars[-1].ts_event <= exchange.now_ms() * 1_000_000

        forming = request(RequestBars, bar_type=MINUTES, limit=10, params={"include_forming": True})
        await bench.client._request_bars(forming)
        assert bench.sink.responses[-1].data[-1].ts_event > exchange.now_ms() * 1_000_000


async def test_s09_an_index_serves_only_who_asked(exchange):
    types = (OKXInstrumentType.SWAP, OKXInstrumentType.FUTURES)
    async with connected_client(exchange, instrument_types=types) as bench:
        await bench.client._subscribe_index_prices(command(SubscribeIndexPrices, SWAP))
        await bench.sink.receives(IndexPriceUpdate, SWAP, count=2)
        assert {update.instrument_id for update in bench.sink.of(IndexPriceUpdate)} == {SWAP}


async def test_s10_marks_and_indexes_keep_their_digits(exchange):
    async with connected_client(exchange) as bench:
        await bench.client._subscribe_mark_prices(command(SubscribeMarkPrices, SWAP))
        await bench.client._subscribe_index_prices(command(SubscribeIndexPrices, SWAP))
        mark = {"instType": "SWAP", "instId": "BTC-USDT-SWAP", "markPx": "50000.123456", "ts": "1700000000000"}
        index = {"instId": "BTC-USDT", "idxPx": "50000.654321", "ts": "1700000000000"}
        push(exchange, {"channel": "mark-price", "instId": "BTC-USDT-SWAP"}, [mark])
        push(exchange, {"channel": "index-tickers", "instId": "BTC-USDT"}, [index])
        await bench.sink.waiter.until(lambda: Decimal("50000.123456") in values(bench, MarkPriceUpdate))
        await bench.sink.waiter.until(lambda: Decimal("50000.654321") in values(bench, IndexPriceUpdate))


async def test_s11_an_instrument_requested_after_connect_is_usable_at_once(exchange):
    async with connected_client(exchange, instrument_types=(OKXInstrumentType.SPOT,)) as bench:
        await bench.client._request_instrument(request(RequestInstrument, instrument_id=SWAP))
        assert [instrument.id for instrument in bench.sink.responses[-1].data] == [SWAP]
        await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SWAP))
        await bench.sink.receives(TradeTick, SWAP)
        assert bench.client.stats()["unregistered"] == 0


async def test_s12_a_refused_subscription_raises_with_the_code_and_is_forgotten(own_exchange):
    own_exchange.inject(
        {
            "on": {"class": "request", "op": "subscribe", "channel": "trades"},
            "when": {"count": 1},
            "what": {"kind": "reply", "apply": False, "code": "60018", "msg": "Wrong URL or channel"},
        }
    )
    async with connected_client(own_exchange) as bench:
        subscribe = command(SubscribeTradeTicks, SPOT)
        bench.client._add_subscription_trade_ticks(SPOT)
        with pytest.raises(OkxSubscriptionError) as raised:
            await bench.client._subscribe_trade_ticks(subscribe)
        assert raised.value.code == 60018
        assert raised.value.topic == TRADES
        assert bench.client.subscribed_trade_ticks() == []
        assert TRADES not in bench.client._native.stream.subscriptions()

        await bench.client._subscribe_trade_ticks(subscribe)  # asked again, it works
        await bench.sink.receives(TradeTick, SPOT)


async def test_s13_tick_by_tick_books_log_in_first(vip_exchange):
    params = {"channel": "books-l2-tbt"}
    async with connected_client(vip_exchange, keys=True) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT, params=params))
        await bench.sink.receives(OrderBookDeltas, SPOT, count=2)
        state = vip_exchange.control("/control/state")
        logged_in = [connection for connection in state["connections"] if connection["uid"]]
        assert any("books-l2-tbt" in topic for connection in logged_in for topic in connection["topics"])


async def test_s13_without_keys_they_are_refused_in_words(exchange):
    async with connected_client(exchange) as bench:
        with pytest.raises(OkxSubscriptionError, match=r"(?i)login|key"):
            await bench.client._subscribe_order_book_deltas(book_command(SPOT, params={"channel": "books-l2-tbt"}))


async def test_s14_every_request_is_answered(exchange):
    unknown = InstrumentId.from_str("NO-SUCH-SWAP.OKX")
    async with connected_client(exchange) as bench:
        client = bench.client
        requests = [
            (client._request_quote_ticks, request(RequestQuoteTicks, instrument_id=SPOT, limit=0)),
            (client._request_trade_ticks, request(RequestTradeTicks, instrument_id=SPOT, limit=0)),
            (client._request_trade_ticks, request(RequestTradeTicks, instrument_id=unknown, limit=0)),
            (client._request_instrument, request(RequestInstrument, instrument_id=unknown)),
            (client._request_bars, request(RequestBars, bar_type=MINUTES, limit=5)),
        ]
        for hook, asked in requests:
            await hook(asked)
            assert bench.sink.responses[-1].correlation_id == asked.id
        assert len(bench.sink.responses) == len(requests)
        assert bench.sink.responses[1].data, "recent trades need no bounds"


async def test_s14_a_failing_exchange_is_an_empty_answer_and_one_error(own_exchange):
    async with connected_client(own_exchange, max_retries=1) as bench:
        own_exchange.inject({"on": {"path": "/market/*"}, "what": {"kind": "reply", "status": 503}})
        asked = request(RequestTradeTicks, instrument_id=SPOT, limit=0)
        await bench.client._request_trade_ticks(asked)
        assert bench.sink.responses[-1].correlation_id == asked.id
        assert bench.sink.responses[-1].data == []


async def test_s15_funding_history_is_paged(exchange):
    end = exchange.now_ms()
    async with connected_client(exchange) as bench:
        now = bench.clock.utc_now()
        asked = request(RequestFundingRates, instrument_id=SWAP, start=now - timedelta(days=80), end=now, limit=0)
        await bench.client._request_funding_rates(asked)
        rates = bench.sink.responses[-1].data
        assert len(rates) > 200, f"80 days of three a day, up to {end}"
        times = [rate.ts_event for rate in rates]
        assert times == sorted(set(times))
        assert isinstance(rates[0], FundingRateUpdate)


async def test_s16_a_snapshot_carries_the_venues_sequence(exchange):
    async with connected_client(exchange) as bench:
        asked = RequestOrderBookSnapshot(
            instrument_id=SPOT,
            limit=5,
            client_id=ClientId("OKX"),
            venue=Venue("OKX"),
            callback=None,
            request_id=UUID4(),
            ts_init=0,
            params=None,
        )
        await bench.client._request_order_book_snapshot(asked)
        (deltas,) = bench.sink.responses[-1].data
        assert deltas.sequence > 0
        assert {delta.sequence for delta in deltas.deltas} == {deltas.sequence}


async def test_s17_hooks_are_implemented_or_refused_in_words(exchange):
    async with connected_client(exchange) as bench:
        with pytest.raises(NotImplementedError, match="no daily close"):
            await bench.client._subscribe_instrument_close(command(SubscribeInstrumentClose, SPOT))


async def test_s18_public_data_needs_no_keys(exchange):
    async with connected_client(exchange) as bench:
        assert bench.client._config.api_key is None
        assert bench.sink.of(Instrument)
        await bench.client._subscribe_quote_ticks(command(SubscribeQuoteTicks, SPOT))
        await bench.sink.receives(QuoteTick, SPOT)


TARGET_BOOKS = {"channel": "books", "instId": "BTC-USDT"}


def snapshots(bench: Any) -> int:
    return sum(1 for group in bench.sink.of(OrderBookDeltas, SPOT) if group.is_snapshot and len(group.deltas) > 1)


def values(bench: Any, kind: type) -> set[Decimal]:
    return {update.value.as_decimal() for update in bench.sink.of(kind)}


def test_requests_take_times_in_nanoseconds():
    from nautilus_trader.adapters.okx.native.requests import unix_nanos

    now = pd.Timestamp("2026-01-01T00:00:00.123456789Z")
    assert unix_nanos(now) == dt_to_unix_nanos(now)
    assert unix_nanos(None) is None
