"""TC-D70 to TC-D72: the end of subscriptions, and `params`, through a TradingNode."""

from datetime import timedelta

from nautilus_trader.model.data import Bar, BarType, QuoteTick, TradeTick
from nautilus_trader.model.enums import BookType

from .support import SPOT, SWAP, running_node

MINUTE_BARS = BarType.from_str("BTC-USDT-SWAP.OKX-1-MINUTE-LAST-EXTERNAL")


async def test_tc_d70_after_unsubscribing_nothing_comes_and_the_venue_set_is_empty(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        bars = BarType.from_str("BTC-USDT-SWAP.OKX-1-SECOND-LAST-EXTERNAL")
        strategy.subscribe_quote_ticks(SPOT)
        strategy.subscribe_trade_ticks(SPOT)
        strategy.subscribe_order_book_deltas(SPOT, BookType.L2_MBP)
        strategy.subscribe_order_book_depth(SPOT, BookType.L2_MBP, depth=10)
        strategy.subscribe_mark_prices(SWAP)
        strategy.subscribe_index_prices(SWAP)
        strategy.subscribe_funding_rates(SWAP)
        strategy.subscribe_instrument_status(SWAP)
        strategy.subscribe_instrument(SWAP)
        strategy.subscribe_bars(bars)
        await strategy.receives(TradeTick, SPOT)
        await strategy.receives(QuoteTick, SPOT)
        await strategy.receives(Bar, SWAP)

        strategy.unsubscribe_quote_ticks(SPOT)
        strategy.unsubscribe_trade_ticks(SPOT)
        strategy.unsubscribe_order_book_deltas(SPOT)
        strategy.unsubscribe_order_book_depth(SPOT)
        strategy.unsubscribe_mark_prices(SWAP)
        strategy.unsubscribe_index_prices(SWAP)
        strategy.unsubscribe_funding_rates(SWAP)
        strategy.unsubscribe_instrument_status(SWAP)
        strategy.unsubscribe_instrument(SWAP)
        strategy.unsubscribe_bars(bars)
        await run.until_topics(lambda topics: topics == [], "no subscription at the venue")
        assert run.client._native.stream.subscriptions() == []

        seen = len(strategy.items)
        strategy.subscribe_trade_ticks(SWAP)  # an event to wait for: whatever was late came before it
        await strategy.receives(TradeTick, SWAP, count=3)
        assert [item for item in strategy.items[seen:] if not isinstance(item, TradeTick)] == []


async def test_tc_d70_two_strategies_share_one_wire_subscription(exchange):
    topic = {"channel": "trades", "instId": "BTC-USDT"}
    async with running_node(exchange, strategies=2) as run:
        one, two = run.strategies
        one.subscribe_trade_ticks(SPOT)
        two.subscribe_trade_ticks(SPOT)
        await one.receives(TradeTick, SPOT)
        await two.receives(TradeTick, SPOT)
        assert run.topics().count(topic) == 1

        one.unsubscribe_trade_ticks(SPOT)
        seen = len(two.of(TradeTick, SPOT))
        await two.receives(TradeTick, SPOT, count=seen + 2)
        two.unsubscribe_trade_ticks(SPOT)
        await run.topic_is_gone(topic)


async def test_tc_d71_subscribe_params_choose_the_channel(exchange):
    async with running_node(exchange) as run:
        run.strategy.subscribe_trade_ticks(SPOT, params={"channel": "trades-all"})
        run.strategy.subscribe_order_book_deltas(SPOT, BookType.L2_MBP, params={"channel": "books-rpi"})
        await run.topic_is_live({"channel": "trades-all", "instId": "BTC-USDT"})
        await run.topic_is_live({"channel": "books-rpi", "instId": "BTC-USDT"})
        await run.strategy.receives(TradeTick, SPOT)


async def test_tc_d72_request_params_choose_the_candles(exchange):
    async with running_node(exchange) as run:
        strategy = run.strategy
        end = strategy.clock.utc_now()
        start = end - timedelta(minutes=30)
        for candle in ("last", "mark", "index"):
            strategy.history.clear()
            request_id = strategy.request_bars(
                MINUTE_BARS, start=start, end=end, callback=strategy.finished, params={"candle": candle}
            )
            await strategy.answered(request_id)
            bars = [item for item in strategy.history if isinstance(item, Bar)]
            assert bars, candle
            traded = any(bar.volume.as_decimal() > 0 for bar in bars)
            assert traded == (candle == "last"), "mark and index bars have no volume"
