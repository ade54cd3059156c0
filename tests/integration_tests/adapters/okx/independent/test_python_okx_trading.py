"""python-okx trades on the simulator: signed REST requests and the private WebSocket."""

import asyncio
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

from .test_python_okx import DEADLINE_SECS, INST_ID, Listener, rows


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedExchange]:
    """A simulator of its own, whose certificate authority python-okx trusts."""
    with SimulatedExchange(seed=13, tls=True) as running:
        authority = tmp_path / "ca.pem"
        assert running.ca_pem is not None
        authority.write_bytes(running.ca_pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        monkeypatch.setattr(certifi, "where", lambda: str(authority))
        yield running


def signed(kind: Any, exchange: SimulatedExchange) -> Any:
    return kind(
        exchange.api_key,
        exchange.api_secret,
        exchange.api_passphrase,
        flag="0",
        domain=exchange.rest_url,
    )


def order(side: str, kind: str, size: str, price: str = "") -> dict[str, str]:
    return {"instId": INST_ID, "tdMode": "cross", "side": side, "ordType": kind, "sz": size, "px": price}


def test_a_resting_order_is_seen_and_cancelled(exchange: SimulatedExchange) -> None:
    trade = signed(TradeAPI, exchange)
    far = str(Decimal(exchange.book(INST_ID)["bids"][0][0]) - 500)
    (placed,) = rows(trade.place_order(**order("buy", "limit", "1", far), clOrdId="judge1"))
    assert (placed["sCode"], placed["clOrdId"]) == ("0", "judge1")
    (seen,) = rows(trade.get_order(INST_ID, ordId=placed["ordId"]))
    assert (seen["state"], Decimal(seen["px"]), seen["accFillSz"]) == ("live", Decimal(far), "0")
    assert [row["ordId"] for row in rows(trade.get_order_list())] == [placed["ordId"]]
    (cancelled,) = rows(trade.cancel_order(INST_ID, clOrdId="judge1"))
    assert cancelled["sCode"] == "0"
    (seen,) = rows(trade.get_order(INST_ID, clOrdId="judge1"))
    assert seen["state"] == "canceled"
    twice = trade.cancel_order(INST_ID, clOrdId="judge1")
    assert (twice["code"], twice["data"][0]["sCode"]) == ("1", "51400")


def test_a_market_order_becomes_fills_and_a_position(exchange: SimulatedExchange) -> None:
    trade, account = signed(TradeAPI, exchange), signed(AccountAPI, exchange)
    (balance,) = rows(account.get_account_balance())
    assert Decimal(balance["totalEq"]) > 0
    (placed,) = rows(trade.place_order(**order("buy", "market", "2")))
    (done,) = rows(trade.get_order(INST_ID, ordId=placed["ordId"]))
    assert (done["state"], done["accFillSz"]) == ("filled", "2")
    fills = [row for row in rows(trade.get_fills()) if row["ordId"] == placed["ordId"]]
    assert sum(Decimal(row["fillSz"]) for row in fills) == 2
    assert all(Decimal(row["fee"]) < 0 for row in fills)
    (position,) = rows(account.get_positions())
    assert (position["instId"], position["pos"]) == (INST_ID, "2")
    assert Decimal(position["avgPx"]) == Decimal(done["avgPx"])


def test_a_wrong_secret_is_refused(exchange: SimulatedExchange) -> None:
    api = AccountAPI(exchange.api_key, "wrong", exchange.api_passphrase, flag="0", domain=exchange.rest_url)
    assert api.get_account_balance()["code"] == "50113"


async def test_orders_are_pushed(exchange: SimulatedExchange) -> None:
    listener = Listener()
    client = WsPrivateAsync(exchange.api_key, exchange.api_passphrase, exchange.api_secret, exchange.ws_private_url)
    reader = await client.start()
    await client.subscribe([{"channel": "orders", "instType": "SWAP"}], listener)
    async with asyncio.timeout(DEADLINE_SECS):
        while not any(message.get("event") == "subscribe" for message in listener.messages):
            listener.arrived.clear()
            await listener.arrived.wait()
    far = str(Decimal(exchange.book(INST_ID)["asks"][0][0]) + 500)
    trade = signed(TradeAPI, exchange)
    await asyncio.to_thread(trade.place_order, **order("sell", "limit", "1", far), clOrdId="judge2")
    await asyncio.to_thread(trade.cancel_order, INST_ID, clOrdId="judge2")
    pushed = [row for message in await listener.until("orders", 2) for row in message["data"]]
    assert [(row["clOrdId"], row["state"]) for row in pushed] == [("judge2", "live"), ("judge2", "canceled")]
    await client.stop()
    await asyncio.gather(reader, return_exceptions=True)
