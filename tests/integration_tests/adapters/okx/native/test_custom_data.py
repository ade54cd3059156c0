"""Open interest, price limits, liquidations and exchange status as custom data."""

import pytest
from nautilus_trader.adapters.okx.native import (
    OKXExchangeStatus,
    OKXLiquidation,
    OKXOpenInterest,
    OKXPriceLimit,
)
from nautilus_trader.adapters.okx.native import custom_data as module
from nautilus_trader.core.data import Data
from nautilus_trader.model.data import DataType
from nautilus_trader.model.identifiers import ClientId, InstrumentId

from .support import SPOT, SWAP, push, running_node

OKX = ClientId("OKX")
PUSHES = {
    OKXLiquidation: (
        {"channel": "liquidation-orders", "instType": "SWAP"},
        {
            "instType": "SWAP",
            "instId": "BTC-USDT-SWAP",
            "uly": "BTC-USDT",
            "instFamily": "BTC-USDT",
            "details": [
                {"side": "sell", "posSide": "long", "bkPx": "50000.5", "sz": "3", "bkLoss": "0", "ccy": "", "ts": "7"},
                {"side": "buy", "posSide": "short", "bkPx": "51000", "sz": "1", "bkLoss": "0", "ccy": "", "ts": "8"},
            ],
        },
    ),
    OKXExchangeStatus: (
        {"channel": "status"},
        {
            "title": "Spot upgrade",
            "state": "scheduled",
            "begin": "1700000000000",
            "end": "1700000600000",
            "href": "",
            "serviceType": "5",
            "system": "unified",
            "scheDesc": "",
            "ts": "1700000000000",
        },
    ),
}


@pytest.mark.parametrize("kind", [OKXOpenInterest, OKXPriceLimit])
async def test_per_instrument_types_arrive_for_their_instrument(exchange, kind):
    async with running_node(exchange) as run:
        data_type = DataType(kind, metadata={"instrument_id": SWAP})
        run.strategy.subscribe_data(data_type, client_id=OKX)
        (item, *_) = await run.strategy.receives(kind)
        assert item.instrument_id == SWAP
        assert item.ts_event > 0
        channel = module.source_of(data_type).channel
        assert run.topic_live({"channel": channel, "instId": "BTC-USDT-SWAP"})
        run.strategy.unsubscribe_data(data_type, client_id=OKX)
        await run.topic_is_gone({"channel": channel, "instId": "BTC-USDT-SWAP"})


async def test_liquidations_of_one_instrument_and_of_a_type(exchange):
    topic, row = PUSHES[OKXLiquidation]
    async with running_node(exchange, strategies=2) as run:
        one, all_swaps = run.strategies
        one.subscribe_data(DataType(OKXLiquidation, metadata={"instrument_id": SWAP}), client_id=OKX)
        all_swaps.subscribe_data(DataType(OKXLiquidation, metadata={"inst_type": "SWAP"}), client_id=OKX)
        await run.topic_is_live(topic)
        push(exchange, topic, [row, row | {"instId": "ETH-USDT-SWAP"}])
        await all_swaps.receives(OKXLiquidation, count=4)
        mine = await one.receives(OKXLiquidation, count=2)
        assert [(item.instrument_id, item.side, item.price) for item in mine] == [
            (SWAP, "sell", "50000.5"),
            (SWAP, "buy", "51000"),
        ]
        assert run.topics().count(topic) == 1


async def test_exchange_status(exchange):
    topic, row = PUSHES[OKXExchangeStatus]
    async with running_node(exchange) as run:
        run.strategy.subscribe_data(DataType(OKXExchangeStatus), client_id=OKX)
        await run.topic_is_live(topic)
        push(exchange, topic, [row])
        await run.strategy.waiter.until(
            lambda: "Spot upgrade" in {item.title for item in run.strategy.of(OKXExchangeStatus)}
        )


@pytest.mark.parametrize("kind", [OKXOpenInterest, OKXPriceLimit])
async def test_requests_are_answered_with_the_present_value(exchange, kind):
    async with running_node(exchange) as run:
        strategy = run.strategy
        data_type = DataType(kind, metadata={"instrument_id": SWAP})
        start = strategy.clock.utc_now()
        await strategy.answered(strategy.request_data(data_type, OKX, start=start, callback=strategy.finished))
        (item,) = [item for item in strategy.history if isinstance(item, kind)]
        assert item.instrument_id == SWAP


async def test_a_type_okx_does_not_have_is_answered_empty(exchange):
    class Weather(Data):
        """Not at OKX."""

        ts_event = ts_init = 0

    async with running_node(exchange) as run:
        strategy = run.strategy
        start = strategy.clock.utc_now()
        await strategy.answered(strategy.request_data(DataType(Weather), OKX, start=start, callback=strategy.finished))
        assert strategy.history == []


def test_unknown_types_and_missing_metadata_are_refused_in_words():
    with pytest.raises(NotImplementedError, match="this client offers OKXOpenInterest"):
        module.source_of(DataType(InstrumentIdData))


class InstrumentIdData(Data):
    """A type of somebody else."""

    ts_event = ts_init = 0


@pytest.mark.parametrize("kind", list(PUSHES))
def test_pushed_rows_become_typed_items(kind):
    _, row = PUSHES[kind]
    items = module.SOURCES[kind].parse(row, 5)
    assert items
    assert all(type(item) is kind and item.ts_init == 5 for item in items)
    assert kind.from_dict(items[0].to_dict()) == items[0]


def test_rows_of_rest_and_of_pushes_give_the_same_item():
    pushed = {"instId": "BTC-USDT-SWAP", "oi": "1", "oiCcy": "2", "oiUsd": "3", "ts": "1700000000000"}
    asked = {"inst_id": "BTC-USDT-SWAP", "oi": "1", "oi_ccy": "2", "oi_usd": "3", "ts_ms": 1700000000000}
    assert module.parse_open_interest(pushed, 0) == module.parse_open_interest(asked, 0)


def test_an_item_concerns_the_types_that_name_its_instrument():
    (item,) = module.parse_open_interest({"instId": "BTC-USDT-SWAP", "oi": "1", "ts": "0"}, 0)
    assert module.concerns(DataType(OKXOpenInterest, metadata={"instrument_id": SWAP}), item)
    assert module.concerns(DataType(OKXOpenInterest, metadata={"instrument_id": "BTC-USDT-SWAP.OKX"}), item)
    assert not module.concerns(DataType(OKXOpenInterest, metadata={"instrument_id": SPOT}), item)
    assert not module.concerns(DataType(OKXPriceLimit, metadata={"instrument_id": SWAP}), item)
    assert item.instrument_id == InstrumentId.from_str("BTC-USDT-SWAP.OKX")
