"""TC-D20 to TC-D41: quotes, trades and bars, through a TradingNode."""

from datetime import timedelta
from itertools import pairwise

import pytest
from nautilus_trader.model.data import Bar, BarType, QuoteTick, TradeTick
from nautilus_trader.model.enums import AggressorSide

from .support import SPOT, SWAP, push, running_node

SECOND_BARS = BarType.from_str("BTC-USDT-SWAP.OKX-1-SECOND-LAST-EXTERNAL")
MINUTE_BARS = BarType.from_str("BTC-USDT-SWAP.OKX-1-MINUTE-LAST-EXTERNAL")
NANOS_PER_SECOND = 1_000_000_000


async def test_tc_d20_subscribe_quotes(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_quote_ticks(SPOT)
        for quote in await run.strategy.receives(QuoteTick, SPOT, count=5):
            assert quote.bid_price < quote.ask_price
            assert quote.bid_size.as_decimal() > 0
            assert quote.ask_size.as_decimal() > 0
            assert quote.ts_event > 0


async def test_tc_d20_no_side_is_invented_or_kept_stale(exchange):
    topic = {"channel": "bbo-tbt", "instId": "BTC-USDT"}
    async with running_node(exchange) as run:
        run.strategy.subscribe_quote_ticks(SPOT)
        await run.strategy.receives(QuoteTick, SPOT)
        one_sided = {"asks": [["1.1", "77777", "0", "1"]], "bids": [], "ts": "1700000000000", "seqId": 1}
        push(exchange, topic, [one_sided])
        seen = len(run.strategy.of(QuoteTick, SPOT))
        await run.strategy.receives(QuoteTick, SPOT, count=seen + 2)
        assert all(float(quote.ask_size) != 77777 for quote in run.strategy.of(QuoteTick, SPOT))


async def test_tc_d21_past_quotes_are_refused_and_the_request_ends(exchange):
    async with running_node(exchange) as run:
        start = run.strategy.clock.utc_now() - timedelta(hours=1)
        await run.strategy.answered(run.strategy.request_quote_ticks(SPOT, start=start, callback=run.strategy.finished))
        assert run.strategy.history == []


async def test_tc_d30_subscribe_trades(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_trade_ticks(SPOT)
        trades = await run.strategy.receives(TradeTick, SPOT, count=5)
        assert len({trade.trade_id for trade in trades}) == len(trades)
        for trade in trades:
            assert trade.aggressor_side in (AggressorSide.BUYER, AggressorSide.SELLER)
            assert trade.price.as_decimal() > 0
            assert trade.size.as_decimal() > 0
        assert [t.ts_event for t in trades] == sorted(t.ts_event for t in trades)


@pytest.mark.parametrize("limit", [0, 250])
async def test_tc_d31_request_trades(exchange, limit):
    async with running_node(exchange) as run:
        strategy = run.strategy
        end = strategy.clock.utc_now()
        start = end - timedelta(minutes=10)
        await strategy.answered(
            strategy.request_trade_ticks(SPOT, start=start, end=end, limit=limit, callback=strategy.finished)
        )
        trades = [item for item in strategy.history if isinstance(item, TradeTick)]
        assert trades
        assert len({trade.trade_id for trade in trades}) == len(trades), "a trade at a page edge came twice"
        times = [trade.ts_event for trade in trades]
        assert times == sorted(times)
        assert start.value <= times[0]
        assert times[-1] <= end.value
        assert not limit or len(trades) <= limit


async def test_tc_d40_subscribe_bars(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_bars(SECOND_BARS)
        bars = await run.strategy.receives(Bar, SWAP, count=3)
        times = [bar.ts_event for bar in bars]
        assert len(set(times)) == len(times), "a closed bar came twice"
        assert all(time % NANOS_PER_SECOND == 0 for time in times)
        for bar in bars:
            assert bar.high >= bar.open
            assert bar.high >= bar.close
            assert bar.low <= bar.open
            assert bar.low <= bar.close
            assert bar.ts_init >= bar.ts_event - NANOS_PER_SECOND


async def test_tc_d40_long_bars_take_the_utc_channels(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_bars(BarType.from_str("BTC-USDT-SWAP.OKX-1-DAY-LAST-EXTERNAL"))
        await run.topic_is_live({"channel": "candle1Dutc", "instId": "BTC-USDT-SWAP"})


async def test_tc_d40_bars_that_closed_during_a_drop_are_filled(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_bars(SECOND_BARS)
        before = await run.strategy.receives(Bar, SWAP, count=2)
        # Nobody is let in for three seconds, which is three bars.
        exchange.inject(
            {"on": {"class": "open", "link": "business"}, "when": {"for_ms": 3_000}, "what": {"kind": "cut"}}
        )
        exchange.inject({"on": {"link": "business"}, "when": {"now": True}, "what": {"kind": "cut", "how": "rst"}})
        await run.strategy.receives(Bar, SWAP, count=len(before) + 7)
        times = [bar.ts_event for bar in run.strategy.of(Bar, SWAP)]
        assert {later - earlier for earlier, later in pairwise(times)} == {NANOS_PER_SECOND}
        assert run.client.stats()["links"]["business"]["connects"] == 2


async def test_tc_d41_request_bars(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        end = strategy.clock.utc_now()
        start = end - timedelta(minutes=450)  # more than one page
        await strategy.answered(strategy.request_bars(MINUTE_BARS, start=start, end=end, callback=strategy.finished))
        bars = [item for item in strategy.history if isinstance(item, Bar)]
        times = [bar.ts_event for bar in bars]
        assert times == list(range(times[0], times[-1] + 1, 60 * NANOS_PER_SECOND)), "a gap or a double"
        assert len(bars) >= 448
        assert times[-1] <= end.value, "the forming bar is not closed"


async def test_tc_d41_without_bounds_the_newest_bars_come(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        start = strategy.clock.utc_now() - timedelta(days=10)
        await strategy.answered(strategy.request_bars(MINUTE_BARS, start=start, limit=50, callback=strategy.finished))
        assert 0 < len([item for item in strategy.history if isinstance(item, Bar)]) <= 50
