"""F72: positions that end with their contract are closed at the venue's price, whatever OKX pushes of it."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient, SimulatedExchange
from nautilus_trader.adapters.okx.native.trading import position_watch
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import OrderSide, OrderStatus
from nautilus_trader.model.identifiers import InstrumentId

from .support import DEADLINE_SECS, RecorderConfig
from .test_tc_options import OPTIONS
from .trading_support import PROFILES, SEED, Profile, Trader, Trading, trading_node

BUY, SELL = OrderSide.BUY, OrderSide.SELL
FUTURES = replace(PROFILES["P3-futures"], size="0.50")
DROP = {"kind": "hold", "how": "drop"}
HEDGED = replace(
    FUTURES,
    account=FUTURES.account | {"pos_mode": "long_short_mode"},
    fields=FUTURES.fields | {"position_mode": "long_short_mode"},
)


@pytest.fixture(autouse=True)
def quick_watch(monkeypatch):
    """Positions are compared at once."""
    monkeypatch.setattr(position_watch.PositionWatch.__init__, "__defaults__", (0.2,))


async def listed(exchange: SimulatedExchange, kind: str, family: str) -> InstrumentId:
    """The last instrument of a family that has a market."""
    rows = await OkxHttpClient(base_url=exchange.rest_url).instruments(kind, inst_family=family)
    for row in sorted(rows, key=lambda row: row["exp_time_ms"], reverse=True):
        book = exchange.book(row["inst_id"])
        if book["asks"] and book["bids"] and Decimal(book["bids"][0][0]) > 4 * row["tick_sz"]:
            return InstrumentId.from_str(f"{row['inst_id']}.OKX")
    raise AssertionError(f"no {kind} of {family} has a market")


def claiming(instrument_id: InstrumentId) -> Trader:
    """A strategy that takes over what the venue does with an instrument."""
    return Trader(RecorderConfig(external_order_claims=[instrument_id]))


async def until(condition: Any) -> None:
    async with asyncio.timeout(DEADLINE_SECS):
        while not condition():  # noqa: ASYNC110 - a position of an order of the venue is told to nobody
            await asyncio.sleep(0.02)


async def hold(t: Trading, side: OrderSide) -> None:
    order = t.market(side)
    t.trader.submit_order(order)
    await t.trader.has(order, OrderStatus.FILLED)
    await t.agrees()


def of_profile(profile: Profile, instrument_id: InstrumentId) -> Profile:
    return replace(profile, instrument=instrument_id.value)


@pytest.mark.parametrize("side", [BUY, SELL])
async def test_f72_a_future_is_closed_at_its_delivery_price(side):
    with SimulatedExchange(seed=SEED, config={"accounts": [FUTURES.account]}) as exchange:
        instrument_id = await listed(exchange, "FUTURES", "BTC-USDT")
        profile = of_profile(FUTURES, instrument_id)
        async with trading_node(exchange, profile, [claiming(instrument_id)]) as t:
            await hold(t, side)
            price = t.venue.best(instrument_id, "bids") + 100
            t.venue.script("account.deliver", instId=instrument_id.symbol.value, px=str(price))
            assert t.venue.account["positions"] == []
            await until(lambda: t.cache.positions_closed())
            (position,) = t.cache.positions_closed()
            assert t.cache.positions_open() == []
            assert position.avg_px_close == pytest.approx(float(price))
            (bill,) = [row for row in t.venue.account["bills"] if row["type"] == "3"]
            (made,) = [order for order in t.cache.orders() if order.venue_order_id.value == bill["billId"]]
            assert (made.side, made.quantity.as_decimal()) == (SELL if side == BUY else BUY, Decimal(bill["sz"]))
            assert made.trade_ids[0].value == bill["billId"]
            # Pushes that come later tell nothing new.
            t.venue.script("account.transfer", ccy="USDT", amt="1")
            await t.agrees()
            assert len(t.cache.positions()) == 1


async def test_f72_without_a_claim_the_price_is_the_venues_all_the_same():
    with SimulatedExchange(seed=SEED, config={"accounts": [FUTURES.account]}) as exchange:
        instrument_id = await listed(exchange, "FUTURES", "BTC-USDT")
        async with trading_node(exchange, of_profile(FUTURES, instrument_id)) as t:
            await hold(t, BUY)
            price = t.venue.best(instrument_id, "bids") - 50
            t.venue.script("account.deliver", instId=instrument_id.symbol.value, px=str(price))
            # Nautilus books what no strategy did under EXTERNAL: together they are flat.
            await until(lambda: t.net() == 0)
            (made,) = [order for order in t.cache.orders() if order.strategy_id.value == "EXTERNAL"]
            assert float(made.avg_px) == pytest.approx(float(price))


async def test_f72_both_sides_of_a_hedged_future_are_closed():
    with SimulatedExchange(seed=SEED, config={"accounts": [HEDGED.account]}) as exchange:
        instrument_id = await listed(exchange, "FUTURES", "BTC-USDT")
        async with trading_node(exchange, of_profile(HEDGED, instrument_id), [claiming(instrument_id)]) as t:
            for side in (BUY, SELL):
                await hold(t, side)
            assert len(t.cache.positions_open()) == 2
            prices = {"long": t.venue.best(instrument_id, "bids"), "short": t.venue.best(instrument_id, "asks")}
            for side, price in prices.items():
                t.venue.script("account.deliver", instId=instrument_id.symbol.value, posSide=side, px=str(price))
            await until(lambda: not t.cache.positions_open())
            closed = {p.id.value.rpartition("-")[2].lower(): p.avg_px_close for p in t.cache.positions_closed()}
            assert closed == pytest.approx({side: float(price) for side, price in prices.items()})


async def test_f72_an_exercised_option_leaves_without_a_push():
    with SimulatedExchange(seed=SEED, config={"accounts": [OPTIONS.account]}) as exchange:
        instrument_id = await listed(exchange, "OPTION", "BTC-USD")
        async with trading_node(exchange, of_profile(OPTIONS, instrument_id), [claiming(instrument_id)]) as t:
            assert OKXInstrumentType.OPTION in t.client._config.instrument_types
            order = t.limit(BUY, percent="5")
            t.trader.submit_order(order)
            await t.trader.has(order, OrderStatus.FILLED)
            await t.agrees()
            t.venue.script("account.deliver", instId=instrument_id.symbol.value, px="0.02")
            await until(lambda: t.cache.positions_closed())
            (position,) = t.cache.positions_closed()
            assert Decimal(str(position.avg_px_close)) == Decimal("0.02")
            assert t.cache.positions_open() == []


async def test_f72_a_daily_settlement_changes_the_balance_and_nothing_else():
    with SimulatedExchange(seed=SEED, config={"accounts": [FUTURES.account]}) as exchange:
        instrument_id = await listed(exchange, "FUTURES", "BTC-USDT")
        async with trading_node(exchange, of_profile(FUTURES, instrument_id)) as t:
            await hold(t, BUY)
            account = t.node.portfolio.account(instrument_id.venue)
            before = account.balance_total(USDT).as_decimal()
            # The pushes it causes are lost: the next regular one brings the balance.
            dropped = [
                exchange.inject({"on": {"class": "push", "channel": channel}, "when": {"count": 1}, "what": DROP})["id"]
                for channel in ("balance_and_position", "account", "positions")
            ]
            price = t.venue.best(instrument_id, "bids") + 1_000
            t.venue.script("account.settle", instId=instrument_id.symbol.value, px=str(price))
            (bill,) = [row for row in t.venue.account["bills"] if row["type"] == "34"]
            assert Decimal(bill["balChg"]) > 0
            expected = before + Decimal(bill["balChg"])
            await until(lambda: abs(account.balance_total(USDT).as_decimal() - expected) < Decimal("0.00001"))
            fired = {f["id"]: f["fired"] for f in exchange.control("/control/faults")}
            assert fired[dropped[0]] == 1
            (position,) = t.cache.positions_open()
            assert position.quantity.as_decimal() == Decimal(t.profile.size)
            assert len(t.cache.orders()) == 1, "nothing was made up"
            await t.agrees()
