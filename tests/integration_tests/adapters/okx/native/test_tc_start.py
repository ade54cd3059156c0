"""TC-E80 to TC-E87: start, stop, and what was there before; reports; the account."""

from dataclasses import replace
from decimal import Decimal

import pytest
from nautilus_trader.adapters.okx.native import OkxError, SimulatedExchange
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, PositionSide
from nautilus_trader.test_kit.strategies.tester_exec import ExecTester, ExecTesterConfig

from .test_http_account import algo
from .trading_support import PROFILES, SEED, Venue, names_of, trading, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL


class KeepingTester(ExecTester):  # type: ignore[misc]
    """The stock tester, which also keeps what it is told."""

    def __init__(self, config: ExecTesterConfig) -> None:
        super().__init__(config)
        self.told = []

    def on_event(self, event):
        self.told.append(event)


def stock_tester(profile, **fields):
    return KeepingTester(
        ExecTesterConfig(
            **{
                "instrument_id": profile.instrument_id,
                "order_qty": Decimal(profile.size),
                "log_data": False,
                "tob_offset_ticks": 500,
                "use_post_only": True,
                "close_positions_on_stop": True,
                "reduce_only_on_stop": profile.instrument_id.symbol.value != "BTC-USDT",
            }
            | fields
        )
    )


# -- the stock tester -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["P1", "P2", "P3-inverse", "P4"])
async def test_tc_e80_e81_e82_position_on_start_and_nothing_left_at_the_end(name):
    profile = PROFILES[name]
    strategy = stock_tester(profile, open_position_on_start_qty=Decimal(profile.size))
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        async with trading_node(exchange, profile, [strategy]) as t:
            await _until(lambda: strategy.buy_order is not None and strategy.sell_order is not None)
            await _until(lambda: strategy.buy_order.is_open and strategy.sell_order.is_open)
            opening = next(o for o in t.cache.orders() if o.order_type == OrderType.MARKET)
            await _until(lambda: opening.status == OrderStatus.FILLED)
            assert names_of(strategy.told, opening)[:2] == ["Submitted", "Accepted"]
            strategy.stop()
            await _until(lambda: not t.cache.orders_open())
            await _until(lambda: not t.cache.positions_open())
        assert venue.orders() == []
        if name != "P1":
            assert venue.account["positions"] == []


async def test_tc_e41_e43_the_tester_cancels_in_batches_on_stop():
    profile = PROFILES["P2"]
    strategy = stock_tester(profile, use_batch_cancel_on_stop=True)
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        async with trading_node(exchange, profile, [strategy]) as t:
            await _until(lambda: len(t.cache.orders_open()) == 2)
            strategy.stop()
            await _until(lambda: not t.cache.orders_open())
        assert Venue(exchange).orders() == []


async def test_tc_e30_the_tester_follows_the_book_by_amending():
    profile = PROFILES["P2"]
    strategy = stock_tester(profile, enable_limit_sells=False, modify_orders_to_maintain_tob_offset=True)
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        async with trading_node(exchange, profile, [strategy]) as t:
            await _until(lambda: strategy.buy_order and strategy.buy_order.is_open)
            first = strategy.buy_order.price
            t.venue.script("jump", instId="BTC-USDT-SWAP", factor=1.005)
            await _until(lambda: strategy.buy_order.price > first and strategy.buy_order.status == OrderStatus.ACCEPTED)
            assert len(t.cache.orders()) == 1


# -- what was there before ------------------------------------------------------------------------


def place(venue, **fields):
    """Somebody else orders in the app."""
    return venue.script("account.order", **{k: str(v) for k, v in fields.items()})["ordId"]


async def test_tc_e84_open_orders_of_others_are_reported():
    profile = PROFILES["P2"]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        price = int(venue.best(profile.instrument_id, "bids") * Decimal("0.99"))
        common = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "0.5"}
        # More than a page of the pending list; OKX allows 500 on one instrument.
        placed = {place(venue, px=price - n, **common) for n in range(120)}
        async with trading_node(exchange, profile) as t:
            orders = t.cache.orders_open()
            assert {order.venue_order_id.value for order in orders} == placed
            assert {str(order.quantity) for order in orders} == {"0.50"}
            assert {order.side for order in orders} == {BUY}
            assert {int(order.price) for order in orders} == set(range(price - 119, price + 1))
            assert {order.strategy_id.value for order in orders} == {"EXTERNAL"}


async def test_tc_e86_e87_positions_are_taken_over():
    for side, expected in (("buy", PositionSide.LONG), ("sell", PositionSide.SHORT)):
        profile = PROFILES["P2"]
        with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
            venue = Venue(exchange)
            place(venue, instId="BTC-USDT-SWAP", tdMode="cross", side=side, ordType="market", sz="0.5")
            (there,) = venue.account["positions"]
            async with trading_node(exchange, profile) as t:
                (position,) = t.cache.positions_open()
                assert position.side == expected
                assert str(position.quantity) == "0.50"
                assert position.avg_px_open == pytest.approx(float(there["avgPx"]))


@pytest.mark.parametrize(("side", "expected"), [("buy", PositionSide.LONG), ("sell", PositionSide.SHORT)])
async def test_tc_e86_e87_margin_positions_count_base_currency(side, expected):
    profile = PROFILES["P5-futures"]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        common = {"instId": "BTC-USDT", "tdMode": "cross", "ccy": "USDT", "ordType": "market", "side": side}
        place(venue, sz="2000" if side == "buy" else "0.01", **common)
        bought = sum(Decimal(row["fillSz"]) for row in venue.account["fills"])
        async with trading_node(exchange, profile) as t:
            (position,) = t.cache.positions_open()
            assert position.side == expected
            # A fee that is taken in base currency makes a long position smaller than what was bought.
            assert Decimal(str(position.quantity)) == pytest.approx(bought, rel=Decimal("0.002"))


async def test_tc_e86_positions_of_both_sides_are_taken_over():
    profile = PROFILES["P4"]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        for side, pos_side in (("buy", "long"), ("sell", "short")):
            place(
                venue, instId="BTC-USDT-SWAP", tdMode="cross", side=side, posSide=pos_side, ordType="market", sz="0.5"
            )
        async with trading_node(exchange, profile) as t:
            found = {p.id.value: p.side for p in t.cache.positions_open()}
            assert found == {
                "BTC-USDT-SWAP.OKX-LONG": PositionSide.LONG,
                "BTC-USDT-SWAP.OKX-SHORT": PositionSide.SHORT,
            }


async def test_tc_e85_filled_orders_are_reported_with_their_fills():
    profile = PROFILES["P2"]
    with SimulatedExchange(seed=SEED, config=profile.config()) as exchange:
        venue = Venue(exchange)
        for side in ("buy", "sell"):
            place(venue, instId="BTC-USDT-SWAP", tdMode="cross", side=side, ordType="market", sz="0.5")
        async with trading_node(exchange, profile) as t:
            status = await t.client.generate_mass_status()
            assert status is not None
            assert {r.order_status for r in status.order_reports.values()} == {OrderStatus.FILLED}
            fills = [fill for fills in status.fill_reports.values() for fill in fills]
            rows = venue.account["fills"]
            assert {f.trade_id.value for f in fills} == {r["tradeId"] for r in rows}
            paid = {r["tradeId"]: -Decimal(r["fee"]) for r in rows}
            for fill in fills:
                assert fill.commission.as_decimal() == pytest.approx(paid[fill.trade_id.value], abs=Decimal("1e-8"))


async def test_f99_a_missing_page_fails_the_report():
    async with trading("P2") as t:
        await t.submit(t.limit(), "Submitted", "Accepted")
        fault = {
            "on": {"class": "body", "path": "/trade/orders-pending"},
            "what": {"kind": "edit", "changes": [{"status": 503}]},
        }
        t.venue.exchange.inject(fault)
        assert await t.client.generate_mass_status() is None
        from nautilus_trader.core.uuid import UUID4
        from nautilus_trader.execution.messages import GenerateOrderStatusReports

        command = GenerateOrderStatusReports(
            instrument_id=None, start=None, end=None, open_only=True, command_id=UUID4(), ts_init=0
        )
        with pytest.raises(OkxError):
            await t.client.generate_order_status_reports(command)
        t.venue.exchange.clear_faults()
        assert len(await t.client.generate_order_status_reports(command)) == 1


async def test_order_reports_by_both_ids():
    from nautilus_trader.core.uuid import UUID4
    from nautilus_trader.execution.messages import GenerateOrderStatusReport
    from nautilus_trader.model.identifiers import ClientOrderId, VenueOrderId

    async with trading("P2") as t:
        order = await t.submit(t.limit(), "Submitted", "Accepted")

        async def report(cid=None, vid=None):
            return await t.client.generate_order_status_report(
                GenerateOrderStatusReport(
                    instrument_id=t.instrument.id,
                    client_order_id=cid,
                    venue_order_id=vid,
                    command_id=UUID4(),
                    ts_init=0,
                )
            )

        by_client, by_venue = await report(cid=order.client_order_id), await report(vid=order.venue_order_id)
        for found in (by_client, by_venue):
            assert found.client_order_id == order.client_order_id
            assert found.venue_order_id == order.venue_order_id
            assert found.price == order.price
        assert await report(cid=ClientOrderId("nobody")) is None
        assert await report(vid=VenueOrderId("123")) is None


async def test_orders_in_the_app_are_told_while_running():
    async with trading("P2") as t:
        price = int(t.venue.best(t.instrument.id, "bids") * Decimal("0.99"))
        ord_id = place(t.venue, instId="BTC-USDT-SWAP", tdMode="cross", side="buy", ordType="limit", sz="0.5", px=price)
        await _until(lambda: len(t.cache.orders_open()) == 1)
        (order,) = t.cache.orders_open()
        assert order.venue_order_id.value == ord_id
        t.venue.script("account.fill", ordId=ord_id, sz="0.2")
        await _until(lambda: str(order.filled_qty) == "0.20")
        t.venue.script("account.cancel", ordId=ord_id)
        await _until(lambda: order.status == OrderStatus.CANCELED)
        assert len(order.trade_ids) == 1
        assert order.trade_ids[0].value == t.venue.account["fills"][0]["tradeId"]


async def test_conditional_orders_of_the_app_are_told_and_can_be_cancelled():
    async with trading("P2") as t:
        waits = algo(t.venue.exchange)
        await _until(lambda: len(t.cache.orders_open()) == 1)
        (order,) = t.cache.orders_open()
        assert (order.order_type, order.venue_order_id.value) == (OrderType.STOP_MARKET, waits)
        t.trader.cancel_order(order)
        await _until(lambda: order.status == OrderStatus.CANCELED)
        assert t.venue.algos() == []


async def test_fills_of_the_app_during_a_gap_are_told_as_they_were():
    async with trading("P2") as t:
        price = int(t.venue.best(t.instrument.id, "bids") * Decimal("0.99"))
        plain = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "0.5"}
        ord_id = place(t.venue, **plain, px=price)
        await _until(lambda: len(t.cache.orders_open()) == 1)
        (order,) = t.cache.orders_open()
        closed = {"on": {"class": "open"}, "what": {"kind": "reply", "status": 503}}
        t.venue.exchange.inject(closed)
        cut = {"on": {"link": "private"}, "when": {"now": True, "count": 1}, "what": {"kind": "cut", "how": "rst"}}
        t.venue.exchange.inject(cut)
        await _until(lambda: not t.client.stats()["is_ready"])
        for _ in range(2):
            t.venue.script("account.fill", ordId=ord_id, sz="0.1")
        t.venue.exchange.clear_faults()
        await _until(lambda: str(order.filled_qty) == "0.20")
        theirs = [row["tradeId"] for row in t.venue.account["fills"]]
        assert [trade_id.value for trade_id in order.trade_ids] == theirs
        t.trader.modify_order(order, price=t.instrument.make_price(price - 10))
        await _until(lambda: order.price == price - 10)
        await t.agrees()


async def _until(condition):
    import asyncio

    async with asyncio.timeout(40):
        # A strategy that has stopped, and one whose order it is not, are told nothing.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_f72_a_delivery_closes_the_position(monkeypatch):
    from nautilus_trader.adapters.okx.native.trading import position_watch

    monkeypatch.setattr(position_watch.PositionWatch.__init__, "__defaults__", (0.2,))
    profile = PROFILES["P3-futures"]
    with SimulatedExchange(seed=SEED, config={"accounts": [profile.account]}) as exchange:
        async with trading_node(exchange, profile) as t:
            dated = [i for i in t.cache.instruments() if str(i.id).startswith("BTC-USDT-2")]
            t.profile = replace(profile, instrument=max(str(i.id) for i in dated), size="0.50")
            order = t.market()
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.FILLED)
            await t.agrees()
            price = t.venue.best(t.instrument.id, "bids")
            t.venue.script("account.deliver", instId=t.instrument.id.symbol.value, px=str(price))
            assert t.venue.account["positions"] == []
            # Nautilus books what no order of the strategy did under EXTERNAL: together they are flat.
            await _until(lambda: sum(p.signed_decimal_qty() for p in t.cache.positions_open()) == 0)


# -- the account ----------------------------------------------------------------------------------


async def test_balances_are_the_venues():
    async with trading("P2") as t:
        account = t.node.portfolio.account(t.instrument.id.venue)
        rows = {row["ccy"]: row for row in t.venue.account["account"]["details"]}
        assert {b.code for b in account.balances()} == set(rows)
        total = account.balance_total(USDT).as_decimal()
        assert total == pytest.approx(Decimal(rows["USDT"]["cashBal"]), abs=Decimal("1e-8"))
        order = t.market()
        t.trader.submit_order(order)
        await t.trader.has(order, OrderStatus.FILLED)
        paid = sum(e.commission.as_decimal() for e in t.trader.events("Filled", order))
        await _until(lambda: abs(account.balance_total(USDT).as_decimal() - (total - paid)) < Decimal("0.01"))

        def locked():
            row = next(r for r in t.venue.account["account"]["details"] if r["ccy"] == "USDT")
            return max(Decimal(row["cashBal"]) - Decimal(row["availBal"]), Decimal(0))

        # Open profits move with the market.
        await _until(lambda: abs(account.balance_locked(USDT).as_decimal() - locked()) < 1)


async def test_query_account_asks_okx():
    async with trading("P2") as t:
        before = len(t.account_states())
        t.trader.query_account(t.client.account_id)
        await _until(lambda: len(t.account_states()) > before)
        account = t.node.portfolio.account(t.instrument.id.venue)
        assert account.balance_total(USDT).as_decimal() > 0
