"""python-okx, OKX's own Python client, trades on the simulator: orders, fills, positions, balances, private stream."""

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import certifi
import pytest
from nautilus_trader.adapters.okx.native._okx import SimulatedExchange
from okx.Account import AccountAPI
from okx.Trade import TradeAPI
from okx.websocket.WsPrivateAsync import WsPrivateAsync

SWAP = "BTC-USDT-SWAP"
SPOT = "BTC-USDT"
DEADLINE_SECS = 40


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[SimulatedExchange]:
    """A simulator whose certificate authority python-okx trusts (it trusts what certifi and SSL_CERT_FILE name)."""
    with SimulatedExchange(seed=21, tls=True) as running, pytest.MonkeyPatch.context() as patch:
        authority, pem = tmp_path / "ca.pem", running.ca_pem
        assert pem is not None
        authority.write_bytes(pem)
        patch.setenv("SSL_CERT_FILE", str(authority))
        patch.setattr(certifi, "where", lambda: str(authority))
        yield running


@pytest.fixture
def trade(exchange: SimulatedExchange) -> TradeAPI:
    keys = (exchange.api_key, exchange.api_secret, exchange.api_passphrase)
    return TradeAPI(*keys, domain=exchange.rest_url, flag="0")


@pytest.fixture
def account(exchange: SimulatedExchange) -> AccountAPI:
    keys = (exchange.api_key, exchange.api_secret, exchange.api_passphrase)
    return AccountAPI(*keys, domain=exchange.rest_url, flag="0")


def rows(answer: dict[str, Any]) -> list[Any]:
    assert answer["code"] == "0", answer
    data: list[Any] = answer["data"]
    return data


def far_below(exchange: SimulatedExchange, inst_id: str) -> str:
    """A price inside the limits that does not trade soon."""
    bid = Decimal(exchange.book(inst_id)["bids"][0][0])
    return str((bid * Decimal("0.995")).quantize(Decimal("0.1")))


def test_place_amend_cancel(exchange: SimulatedExchange, trade: TradeAPI) -> None:
    px = far_below(exchange, SPOT)
    (placed,) = rows(trade.place_order(SPOT, "cash", "buy", "limit", "0.001", px=px, clOrdId="py1"))
    assert placed["sCode"] == "0"
    (order,) = rows(trade.get_order(SPOT, ordId=placed["ordId"]))
    assert (order["state"], order["clOrdId"], order["px"]) == ("live", "py1", px)
    (amended,) = rows(trade.amend_order(SPOT, clOrdId="py1", newSz="0.002", reqId="r1"))
    assert (amended["sCode"], amended["reqId"]) == ("0", "r1")
    (pending,) = rows(trade.get_order_list(instType="SPOT"))
    assert pending["sz"] == "0.002"
    (canceled,) = rows(trade.cancel_order(SPOT, ordId=placed["ordId"]))
    assert canceled["sCode"] == "0"
    assert rows(trade.get_order_list()) == []
    (order,) = rows(trade.get_orders_history("SPOT"))
    assert (order["state"], order["cancelSource"]) == ("canceled", "1")
    twice = trade.cancel_order(SPOT, clOrdId="py1")
    assert (twice["code"], twice["data"][0]["sCode"]) == ("1", "51400")


def test_a_position_is_opened_and_closed(trade: TradeAPI, account: AccountAPI) -> None:
    before = Decimal(rows(account.get_account_balance("USDT"))[0]["details"][0]["cashBal"])
    (placed,) = rows(trade.place_order(SWAP, "cross", "buy", "market", "0.5"))
    (order,) = rows(trade.get_order(SWAP, ordId=placed["ordId"]))
    assert (order["state"], order["accFillSz"]) == ("filled", "0.5")
    fills = rows(trade.get_fills(instId=SWAP))
    assert sum(Decimal(fill["fillSz"]) for fill in fills) == Decimal("0.5")
    (position,) = rows(account.get_positions(instType="SWAP"))
    assert (position["pos"], position["posSide"], position["avgPx"]) == ("0.5", "net", order["avgPx"])
    rows(trade.close_positions(SWAP, "cross"))
    assert rows(account.get_positions()) == []
    after = Decimal(rows(account.get_account_balance("USDT"))[0]["details"][0]["cashBal"])
    bills = rows(account.get_account_bills(ccy="USDT"))
    assert after - before == sum(Decimal(bill["balChg"]) for bill in bills)
    assert rows(account.get_positions_history(instType="SWAP"))[0]["closeTotalPos"] == "0.5"


def test_batches_and_refusals(exchange: SimulatedExchange, trade: TradeAPI) -> None:
    px = far_below(exchange, SPOT)
    order = {"instId": SPOT, "tdMode": "cash", "side": "buy", "ordType": "limit", "sz": "0.001", "px": px}
    answer = trade.place_multiple_orders([order, order | {"sz": "5000000"}, order | {"instId": "NO-SUCH"}])
    assert answer["code"] == "2"
    assert [row["sCode"] for row in answer["data"]] == ["0", "51185", "51001"]
    answer = trade.place_order(SPOT, "cash", "buy", "limit", "1.5", px=far_below(exchange, SPOT), clOrdId="rich")
    assert (answer["code"], answer["data"][0]["sCode"]) == ("1", "51008")
    answer = trade.cancel_order(SPOT, ordId="1")
    assert (answer["code"], answer["data"][0]["sCode"]) == ("1", "51400")
    assert trade.get_order(SPOT, ordId="1")["code"] == "51603"


def test_conditional_orders(trade: TradeAPI) -> None:
    (placed,) = rows(
        trade.place_algo_order(SWAP, "cross", "sell", "trigger", "1", triggerPx="1000", orderPx="-1", algoClOrdId="a1")
    )
    assert placed["sCode"] == "0"
    (pending,) = rows(trade.order_algos_list("trigger"))
    assert (pending["algoId"], pending["state"]) == (placed["algoId"], "live")
    rows(trade.amend_algo_order(SWAP, algoId=placed["algoId"], newTriggerPx="2000"))
    (details,) = rows(trade.get_algo_order_details(algoClOrdId="a1"))
    assert details["triggerPx"] == "2000"
    (canceled,) = rows(trade.cancel_algo_order([{"instId": SWAP, "algoId": placed["algoId"]}]))
    assert canceled["sCode"] == "0"
    assert rows(trade.order_algos_list("trigger")) == []


def test_settings(account: AccountAPI) -> None:
    (config,) = rows(account.get_account_config())
    assert (config["acctLv"], config["posMode"]) == ("2", "net_mode")
    (lever,) = rows(account.set_leverage("7", "cross", instId=SWAP))
    assert lever["lever"] == "7"
    assert rows(account.get_leverage("cross", instId=SWAP))[0]["lever"] == "7"
    assert rows(account.set_position_mode("long_short_mode"))[0]["posMode"] == "long_short_mode"
    assert {row["posSide"] for row in rows(account.get_leverage("cross", instId=SWAP))} == {"long", "short"}
    assert Decimal(rows(account.get_max_order_size(SWAP, "cross"))[0]["maxBuy"]) > 0
    assert rows(account.get_fee_rates("SWAP"))[0]["level"] == "Lv1"


def test_a_wrong_secret_is_refused(exchange: SimulatedExchange) -> None:
    api = AccountAPI(exchange.api_key, "wrong", exchange.api_passphrase, flag="0", domain=exchange.rest_url)
    assert api.get_account_balance()["code"] == "50113"


async def test_the_private_stream(exchange: SimulatedExchange, trade: TradeAPI, account: AccountAPI) -> None:
    messages: list[dict[str, Any]] = []
    arrived = asyncio.Event()

    def listen(text: str) -> None:
        messages.append(json.loads(text))
        arrived.set()

    async def until(what: Any) -> None:
        async with asyncio.timeout(DEADLINE_SECS):
            while not what():
                arrived.clear()
                await arrived.wait()

    def of(channel: str) -> list[Any]:
        found = [m for m in messages if m.get("arg", {}).get("channel") == channel and "data" in m]
        return [row for message in found for row in message["data"]]

    keys = (exchange.api_key, exchange.api_passphrase, exchange.api_secret)
    client = WsPrivateAsync(*keys, exchange.ws_private_url)
    reader = await client.start()
    channels = [{"channel": "orders", "instType": "ANY"}, {"channel": "positions", "instType": "ANY"}]
    await client.subscribe([*channels, {"channel": "account"}], listen)
    await until(lambda: of("account"))
    (instrument,) = rows(await asyncio.to_thread(account.get_instruments, "SWAP", instId=SWAP))
    order = {"instIdCode": instrument["instIdCode"], "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "0.1"}
    await client.place_order([order], listen, id="p1")
    await until(lambda: any(m.get("id") == "p1" for m in messages))
    (reply,) = [m for m in messages if m.get("id") == "p1"]
    assert (reply["op"], reply["code"], reply["data"][0]["sCode"]) == ("order", "0", "0")
    await until(lambda: any(row["state"] == "filled" for row in of("orders")))
    states = [row["state"] for row in of("orders")]
    assert states[0] == "live"
    assert states[-1] == "filled"
    await until(lambda: any(row["pos"] == "0.1" for row in of("positions")))
    await client.stop()
    await asyncio.gather(reader, return_exceptions=True)
