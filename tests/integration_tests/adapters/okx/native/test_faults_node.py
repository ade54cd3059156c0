"""Faults whose judge is the whole engine, positions included: through a TradingNode."""

from nautilus_trader.model.enums import OrderSide, OrderStatus

from .trading_support import trading

BUY, SELL = OrderSide.BUY, OrderSide.SELL


async def test_f51_two_own_orders_that_meet_are_both_counted():
    async with trading("P2") as t:
        bid = await t.submit(t.limit(BUY, "-1"), "Submitted", "Accepted")
        ask = await t.submit(t.limit(SELL, "-1"), "Submitted", "Accepted")
        ids = [t.client.okx_id(order.client_order_id.value) for order in (bid, ask)]
        t.venue.script("account.cross", clOrdId=ids[0], otherClOrdId=ids[1], px=str(bid.price))
        for order in (bid, ask):
            await t.trader.has(order, OrderStatus.FILLED)
        assert len({fill.trade_id for fill in t.trader.events("Filled")}) == 1, "one trade"
        assert len(t.trader.events("Filled")) == 2
        await t.agrees()
        assert t.net() == 0
        status = await t.client.generate_mass_status()
        assert {vid: len(fills) for vid, fills in status.fill_reports.items()} == {
            bid.venue_order_id: 1,
            ask.venue_order_id: 1,
        }
