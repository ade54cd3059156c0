"""`OkxHttpClient`'s orders, fills, account and commands, against the simulated exchange."""

import base64
import hashlib
import hmac
import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxDecodeError, OkxHttpClient, OkxHttpError, SimulatedExchange

SWAP = "BTC-USDT-SWAP"
PENDING = "/trade/orders-pending"


@pytest.fixture
def exchange() -> Iterator[SimulatedExchange]:
    config = {"instruments": ["BTC-USDT", SWAP, "ETH-USDT", "ETH-USDT-SWAP"]}
    with SimulatedExchange(seed=5, config=config) as running:
        yield running


@pytest.fixture
def client(exchange: SimulatedExchange) -> OkxHttpClient:
    return OkxHttpClient(
        base_url=exchange.rest_url,
        api_key=exchange.api_key,
        api_secret=exchange.api_secret,
        api_passphrase=exchange.api_passphrase,
        retry_delay_initial_ms=1,
    )


def post(exchange: SimulatedExchange, path: str, body: Any) -> dict[str, Any]:
    """A signed request of the test's own; the first row of the answer."""
    text = json.dumps(body)
    now = datetime.fromtimestamp(exchange.now_ms() / 1_000, UTC)
    timestamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    signed = f"{timestamp}POST/api/v5{path}{text}".encode()
    digest = hmac.digest(exchange.api_secret.encode(), signed, hashlib.sha256)
    headers = {
        "OK-ACCESS-KEY": exchange.api_key,
        "OK-ACCESS-SIGN": base64.b64encode(digest).decode(),
        "OK-ACCESS-TIMESTAMP": timestamp,
        "OK-ACCESS-PASSPHRASE": exchange.api_passphrase,
        "Content-Type": "application/json",
    }
    request = urllib.request.Request(f"{exchange.rest_url}/api/v5{path}", text.encode(), headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        row: dict[str, Any] = json.load(answer)["data"][0]
    assert row["sCode"] == "0", row
    return row


def script(exchange: SimulatedExchange, op: str, **fields: Any) -> Any:
    return exchange.control("/control/script", {"op": f"account.{op}", **fields})


def order(exchange: SimulatedExchange, cl_ord_id: str = "", **fields: Any) -> str:
    """An order far from the market; its id."""
    wanted = {"instId": SWAP, "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "0.1", "px": "30000"}
    ord_id: str = script(exchange, "order", **(wanted | {"clOrdId": cl_ord_id} | fields))["ordId"]
    return ord_id


def algo(exchange: SimulatedExchange, **fields: Any) -> str:
    wanted = {"instId": SWAP, "tdMode": "cross", "side": "buy", "ordType": "trigger", "sz": "0.1"}
    wanted |= {"triggerPx": "200000", "orderPx": "-1"}
    algo_id: str = post(exchange, "/trade/order-algo", wanted | fields)["algoId"]
    return algo_id


def asked(exchange: SimulatedExchange, path: str, method: str = "GET") -> list[str]:
    entries = [e["text"] for e in exchange.journal() if e["link"] == "rest" and e["direction"] == "in"]
    return [text for text in entries if text.startswith(f"{method} /api/v5{path}")]


# -- ORDERS -----------------------------------------------------------------------------------------------------------


async def test_an_order_is_a_dict_of_exact_values(client, exchange):
    ord_id = order(exchange, "a1")
    row = await client.order(SWAP, cl_ord_id="a1")
    assert (row["ord_id"], row["state"], row["px"], row["acc_fill_sz"]) == (ord_id, "live", Decimal(30000), Decimal(0))
    assert isinstance(row["c_time_ms"], int)
    assert row["reduce_only"] is False
    assert await client.open_orders("SWAP", SWAP) == [row] == await client.open_orders()
    assert await client.order(SWAP, ord_id=ord_id) == row
    assert await client.open_orders("SPOT") == []


async def test_only_the_exchange_says_that_an_order_does_not_exist(client, exchange):
    assert await client.order(SWAP, cl_ord_id="never") is None
    assert await client.algo_order(algo_id="123") is None
    exchange.inject(
        {
            "on": {"path": "/trade/order"},
            "what": {"kind": "reply", "status": 400, "code": "51001", "msg": "no instrument"},
        }
    )
    with pytest.raises(OkxHttpError) as info:
        await client.order(SWAP, cl_ord_id="never")
    assert (info.value.code, info.value.message) == (51001, "no instrument")


async def test_all_pages_come_each_row_once(client, exchange):
    ids = [order(exchange, f"p{no}") for no in range(205)]
    rows = await client.open_orders()
    assert [row["ord_id"] for row in rows] == ids[::-1]
    assert len(asked(exchange, PENDING)) == 3


async def test_a_missing_page_is_no_list(client, exchange):
    for no in range(205):
        order(exchange, f"p{no}")
    # Refused as often as it is asked for: page 2 of 3.
    exchange.inject(
        {
            "on": {"class": "request", "path": PENDING},
            "when": {"skip": 1},
            "what": {"kind": "reply", "status": 500, "code": "50026", "msg": "System error"},
        }
    )
    with pytest.raises(OkxHttpError) as info:
        await client.open_orders()
    assert info.value.code == 50026
    exchange.clear_faults()
    assert len(await client.open_orders()) == 205


async def test_a_row_that_cannot_be_read_is_no_list(client, exchange):
    order(exchange, "a1")
    order(exchange, "a2")
    edit = {"kind": "edit", "changes": [{"set": {"path": "data/0/state", "raw": '"resting"'}}]}
    exchange.inject({"on": {"class": "body", "path": PENDING}, "what": edit})
    with pytest.raises(OkxDecodeError, match=r"data\[0\]\.state"):
        await client.open_orders()


async def test_past_orders_come_from_both_histories(client, exchange):
    ord_id = order(exchange, "a1")
    script(exchange, "fill", clOrdId="a1")
    order(exchange, "a2")
    script(exchange, "cancel", clOrdId="a2")
    rows = await client.order_history("SWAP")
    assert [(row["cl_ord_id"], row["state"]) for row in rows] == [("a2", "canceled"), ("a1", "filled")]
    assert rows[1]["ord_id"] == ord_id
    assert len(asked(exchange, "/trade/orders-history-archive")) == 1
    recent = await client.order_history("SWAP", begin_ms=exchange.now_ms() - 60_000, inst_id=SWAP)
    assert recent == rows
    assert len(asked(exchange, "/trade/orders-history-archive")) == 1, "the last days are enough"
    assert await client.order_history("SPOT") == []
    assert await client.order_history("SWAP", end_ms=1_000) == []


async def test_strategy_orders_of_every_type(client, exchange):
    stop = algo(exchange, algoClOrdId="s1")
    trailing = algo(exchange, ordType="move_order_stop", callbackRatio="0.01", side="sell")
    rows = await client.open_algo_orders(SWAP)
    assert {row["algo_id"]: row["ord_type"] for row in rows} == {stop: "trigger", trailing: "move_order_stop"}
    assert await client.open_algo_orders(ord_type="twap") == []
    row = await client.algo_order(algo_cl_ord_id="s1")
    assert (row["algo_id"], row["trigger_px"], row["state"]) == (stop, Decimal(200000), "live")
    post(exchange, "/trade/cancel-algos", [{"instId": SWAP, "algoId": stop}])
    past = await client.algo_history()
    assert [(row["algo_id"], row["state"]) for row in past] == [(stop, "canceled")]
    assert await client.algo_history(state="effective") == []
    with pytest.raises(OkxHttpError, match="state"):
        await client.algo_history(state="asleep")


# -- FILLS ------------------------------------------------------------------------------------------------------------


async def test_fills_of_an_order_and_of_a_time(client, exchange):
    ord_id = order(exchange, "a1", sz="3")
    for size in ("1", "2"):
        script(exchange, "fill", clOrdId="a1", sz=size)
    rows = await client.fills(inst_id=SWAP, ord_id=ord_id)
    assert [row["fill_sz"] for row in rows] == [Decimal(2), Decimal(1)]
    assert all(row["fee"] < 0 and row["fee_ccy"] == "USDT" and row["exec_type"] == "M" for row in rows)
    assert asked(exchange, "/trade/fills-history") == [], "the order shows that these are all"
    assert await client.fills("SWAP", begin_ms=exchange.now_ms() - 60_000) == rows
    assert await client.fills("SWAP", end_ms=1_000) == []
    known = await client.fills(ord_id=ord_id, at_least="3")
    assert known == rows


async def test_all_pages_of_fills_come(client, exchange):
    ord_id = order(exchange, "a1", sz="1.05")
    for _ in range(105):
        script(exchange, "fill", clOrdId="a1", sz="0.01")
    rows = await client.fills(inst_id=SWAP, ord_id=ord_id)
    assert len({row["trade_id"] for row in rows}) == len(rows) == 105
    assert len(asked(exchange, "/trade/fills?")) == 2
    pages = [page async for page in client.fill_pages("SWAP", begin_ms=exchange.now_ms() - 60_000)]
    assert [len(page) for page in pages] == [100, 5]
    told = [row for page in pages for row in page]
    assert told == [{name: row[name] for name in told[0]} for row in rows]
    second_page_fails = {
        "on": {"class": "request", "path": "/trade/fills"},
        "when": {"skip": 1},
        "what": {"kind": "reply", "status": 500, "code": "50026", "msg": "System error"},
    }
    exchange.inject(second_page_fails)
    with pytest.raises(OkxHttpError):
        await client.fills(inst_id=SWAP, ord_id=ord_id)
    exchange.clear_faults()
    exchange.inject(second_page_fails)
    taken = []

    async def take():
        async for page in client.fill_pages(inst_id=SWAP):
            taken.append(len(page))

    with pytest.raises(OkxHttpError):
        await take()
    assert taken == [100]


async def test_fills_of_long_ago_are_looked_for_when_some_are_missing(client, exchange):
    ord_id = order(exchange, "a1")
    script(exchange, "fill", clOrdId="a1")
    rows = await client.fills("SWAP", SWAP, ord_id, at_least=Decimal(5))
    assert len(rows) == 1, "each once"
    (request,) = asked(exchange, "/trade/fills-history")
    assert "instType=SWAP" in request
    assert ord_id in request
    with pytest.raises(OkxHttpError, match="exact"):
        await client.fills(ord_id=ord_id, at_least=0.1)


# -- THE ACCOUNT ------------------------------------------------------------------------------------------------------


async def test_balances_and_positions(client, exchange):
    before = await client.balance()
    assert isinstance(before["total_eq"], Decimal)
    cash = {row["ccy"]: row["cash_bal"] for row in before["details"]}
    assert cash["USDT"] > 0
    only = await client.balance("USDT")
    assert [row["ccy"] for row in only["details"]] == ["USDT"]
    assert await client.positions() == []
    order(exchange, "a1", sz="2")
    script(exchange, "fill", clOrdId="a1")
    (position,) = await client.positions("SWAP")
    assert (position["inst_id"], position["pos"], position["mgn_mode"]) == (SWAP, Decimal(2), "cross")
    assert (await client.positions(inst_id=SWAP))[0]["pos_id"] == position["pos_id"]

    closed = await client.close_position(SWAP, "cross")
    assert closed["inst_id"] == SWAP
    assert [row["pos"] for row in await client.positions()] in ([], [Decimal(0)])
    (past,) = await client.positions_history("SWAP", SWAP)
    assert past["pos_id"] == position["pos_id"]
    assert await client.positions_history(begin_ms=exchange.now_ms() + 60_000) == []
    assert len(asked(exchange, "/trade/close-position", "POST")) == 1


async def test_margin_is_added_to_an_isolated_position(client, exchange):
    order(exchange, "a1", tdMode="isolated", sz="1")
    script(exchange, "fill", clOrdId="a1")
    (before,) = await client.positions(inst_id=SWAP)
    params = {"instId": SWAP, "posSide": "net", "type": "add", "amt": Decimal(10)}
    (row,) = await client.request("account-position-margin-balance", params)
    assert (row["change"], row["amt"]) == ("add", Decimal(10))
    (after,) = await client.positions(inst_id=SWAP)
    assert after["margin"] - before["margin"] == Decimal(10)


async def test_records_tell_what_changed_the_balance(client, exchange):
    assert await client.bills(bill_type="1") == []
    script(exchange, "transfer", ccy="USDT", amt="25")
    script(exchange, "transfer", ccy="USDT", amt="-5")
    rows = await client.bills(ccy="USDT", bill_type="1")
    assert [row["bal_chg"] for row in rows] == [Decimal(-5), Decimal(25)]
    assert await client.bills(ccy="USDT", limit=1) == rows[:1]
    early = await client.bills(ccy="USDT", bill_type="1", begin_ms=exchange.now_ms() - 30 * 86_400_000)
    assert early == rows
    assert len(asked(exchange, "/account/bills-archive")) == 1


async def test_leverage_and_modes(client, exchange):
    (changed,) = await client.set_leverage(5, "cross", inst_id=SWAP)
    assert (changed["lever"], changed["mgn_mode"]) == (Decimal(5), "cross")
    (row,) = await client.leverage(SWAP, "cross")
    assert row["lever"] == Decimal(5)
    (sent,) = asked(exchange, "/account/set-leverage", "POST")
    assert sent.endswith(f'{{"lever":"5","mgnMode":"cross","instId":"{SWAP}"}}')
    assert (await client.set_position_mode("long_short_mode"))["pos_mode"] == "long_short_mode"
    assert (await client.account_config())["pos_mode"] == "long_short_mode"
    order(exchange, "a1", posSide="long")
    with pytest.raises(OkxHttpError) as info:
        await client.set_position_mode("net_mode")
    assert info.value.code == 59000


async def test_what_can_be_traded(client, exchange):
    (size,) = await client.max_size(SWAP, "cross", px=Decimal(50000))
    (smaller,) = await client.max_size(SWAP, "cross", px="50000", leverage=1)
    assert size["max_buy"] >= smaller["max_buy"] > 0
    (available,) = await client.max_avail_size(SWAP, "cross", reduce_only=False)
    assert available["avail_buy"] > 0
    assert (await client.account_rate_limit())["acc_rate_limit"] >= 1_000


async def test_the_dead_mans_switch(client, exchange):
    armed = await client.cancel_all_after(30)
    assert armed["trigger_time_ms"] > exchange.now_ms()
    with pytest.raises(OkxHttpError, match="10 to 120"):
        await client.cancel_all_after(5)
    (sent,) = asked(exchange, "/trade/cancel-all-after", "POST")
    assert sent.endswith('{"timeOut":"30"}')


async def test_a_precheck_goes_as_it_was_given(client, exchange):
    reply = {
        "kind": "reply",
        "apply": False,
        "code": "0",
        "data": [{"adjEq": "41.1", "liqPxDiff": "0.1" * 10, "type": ""}],
    }
    exchange.inject({"on": {"path": "/trade/order-precheck"}, "what": reply})
    wanted = {"instId": SWAP, "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": Decimal("0.1"), "px": 30000}
    row = await client.order_precheck(wanted | {"reduceOnly": True, "ccy": None})
    assert row["adj_eq"] == Decimal("41.1")
    (sent,) = asked(exchange, "/trade/order-precheck", "POST")
    body = json.loads(sent.split(" ", 2)[2])
    assert body == {k: str(v) for k, v in wanted.items()} | {"reduceOnly": True}


async def test_the_orders_of_an_option_family_are_cancelled_together(client, exchange):
    exchange.inject(
        {"on": {"path": "/trade/mass-cancel"}, "what": {"kind": "reply", "code": "0", "data": [{"result": True}]}}
    )
    assert (await client.mass_cancel("BTC-USD", lock_interval_ms=500))["result"] is True
    (sent,) = asked(exchange, "/trade/mass-cancel", "POST")
    assert sent.endswith('{"instType":"OPTION","instFamily":"BTC-USD","lockInterval":"500"}')


async def test_a_command_is_sent_once(client, exchange):
    for what in (
        {"kind": "cut", "at": "after", "how": "rst"},
        {"kind": "reply", "status": 503, "code": "50001", "msg": "busy"},
        {"kind": "reply", "status": 502, "body": {"text": "<html>"}},
    ):
        before = len(asked(exchange, "/account/set-leverage", "POST"))
        exchange.inject({"on": {"class": "request", "path": "/account/set-leverage"}, "what": what})
        with pytest.raises(OkxHttpError):
            await client.set_leverage(3, "cross", inst_id=SWAP)
        assert len(asked(exchange, "/account/set-leverage", "POST")) == before + 1
        exchange.clear_faults()


# -- SPREADS ----------------------------------------------------------------------------------------------------------


async def test_orders_on_spreads():
    with SimulatedExchange(seed=5) as exchange:
        client = OkxHttpClient(
            base_url=exchange.rest_url,
            api_key=exchange.api_key,
            api_secret=exchange.api_secret,
            api_passphrase=exchange.api_passphrase,
        )
        spread = (await client.request("sprd-spreads"))[0]
        sprd_id, size = spread["sprd_id"], str(spread["min_sz"])
        body = {"sprdId": sprd_id, "side": "buy", "ordType": "limit", "sz": size, "px": "-5000", "clOrdId": "x1"}
        ord_id = post(exchange, "/sprd/order", body)["ordId"]
        row = await client.order(sprd_id, cl_ord_id="x1")
        assert (row["ord_id"], row["px"], row["state"]) == (ord_id, Decimal(-5000), "live")
        assert await client.open_spread_orders(sprd_id) == [row]
        assert await client.order(sprd_id, ord_id="1") is None
        post(exchange, "/sprd/cancel-order", {"ordId": ord_id})
        assert await client.open_spread_orders() == []
        assert [past["ord_id"] for past in await client.spread_order_history()] == [ord_id]
        assert await client.spread_fills(sprd_id) == []
