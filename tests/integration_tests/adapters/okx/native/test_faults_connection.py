"""Connection, login, payload and request faults (F-rows) on the market side."""

import asyncio
import subprocess
import sys
import textwrap
from datetime import timedelta
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxError
from nautilus_trader.data.messages import (
    RequestBars,
    SubscribeInstrumentStatus,
    SubscribeMarkPrices,
    SubscribeQuoteTicks,
    SubscribeTradeTicks,
)
from nautilus_trader.model.data import Bar, BarType, InstrumentStatus, MarkPriceUpdate, TradeTick

from .support import SPOT, SWAP, Bench, connected_client, push, topics_of, until_topics
from .test_defects_data import bars_command, book_command, command, request

TRADES = {"channel": "trades", "instId": "BTC-USDT"}
QUOTES = {"channel": "bbo-tbt", "instId": "BTC-USDT"}
MINUTES = BarType.from_str("BTC-USDT-SWAP.OKX-1-MINUTE-LAST-EXTERNAL")


async def subscribe_trades(bench: Bench) -> None:
    await bench.client._subscribe_trade_ticks(command(SubscribeTradeTicks, SPOT))


async def more_trades(bench: Bench, count: int = 2) -> None:
    """Wait for trades that come from now on."""
    seen = len(bench.sink.of(TradeTick, SPOT))
    await bench.sink.receives(TradeTick, SPOT, count=seen + count)


def connects(bench: Bench, link: str = "public") -> int:
    return int(bench.client.stats()["links"][link]["connects"])


def now_on(link: str, what: dict[str, Any]) -> dict[str, Any]:
    return {"on": {"link": link}, "when": {"now": True}, "what": what}


# -- CONNECTIONS --------------------------------------------------------------------------------------


async def test_f01_a_refused_upgrade_is_tried_again(own_exchange):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        own_exchange.inject({"on": {"class": "open"}, "when": {"count": 2}, "what": {"kind": "reply", "status": 403}})
        own_exchange.inject(now_on("public", {"kind": "cut", "how": "rst"}))
        await more_trades(bench)
        await until_topics(own_exchange, lambda topics: topics.count(TRADES) == 1, "one subscription")


async def test_f04_what_was_not_acknowledged_is_subscribed_again(own_exchange):
    own_exchange.inject(
        {"on": {"class": "ack", "channel": "trades"}, "when": {"count": 1}, "what": {"kind": "cut", "how": "rst"}}
    )
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        await more_trades(bench)
        assert topics_of(own_exchange).count(TRADES) == 1


async def test_f21_one_socket_drops_and_the_other_runs_on(own_exchange):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        await bench.client._subscribe_bars(bars_command(MINUTES))
        own_exchange.inject(now_on("business", {"kind": "cut", "how": "rst"}))
        await more_trades(bench)
        await bench.log.waiter.until(lambda: connects(bench, "business") == 2, "the business socket again")
        candles = {"channel": "candle1m", "instId": "BTC-USDT-SWAP"}
        await until_topics(own_exchange, lambda topics: topics.count(candles) == 1, "candles again")
        assert connects(bench) == 1


async def test_f23_many_drops_leave_each_topic_once(own_exchange):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        await bench.client._subscribe_quote_ticks(command(SubscribeQuoteTicks, SPOT))
        for n in range(4):
            own_exchange.inject(now_on("public", {"kind": "cut", "how": "rst" if n % 2 else "fin"}))
            await more_trades(bench, 1)
        await until_topics(
            own_exchange,
            lambda topics: sorted(t["channel"] for t in topics) == ["bbo-tbt", "instruments", "trades"],
            "",
        )


@pytest.mark.parametrize("code", [1009, 4002, 4004, 4005, 4006])
async def test_f26_a_close_code_is_named_and_survived(own_exchange, code):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        own_exchange.inject(now_on("public", {"kind": "cut", "how": {"close": {"code": code, "reason": "so it is"}}}))
        await more_trades(bench)
        assert any(str(code) in line for _, line in bench.log.lines)


@pytest.mark.parametrize("code", [4001, 4003, 4007, 4008, 4009])
async def test_f26_a_close_code_that_a_retry_does_not_heal_causes_no_hot_loop(own_exchange, code):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        await bench.client._subscribe_bars(bars_command(MINUTES))
        own_exchange.inject(now_on("public", {"kind": "cut", "how": {"close": {"code": code, "reason": "so it is"}}}))
        await bench.log.waiter.until(
            lambda: any(str(code) in line for _, line in bench.log.lines), "the code in the log"
        )
        own_exchange.inject(now_on("business", {"kind": "cut", "how": "rst"}))
        await bench.log.waiter.until(lambda: connects(bench, "business") == 2, "the business socket again")
        assert connects(bench) == 1, "the public one waits"


async def test_f30_disconnect_while_reconnecting_leaves_nothing_behind(own_exchange):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        stream = bench.client._native.stream
        own_exchange.inject({"on": {"class": "open"}, "what": {"kind": "cut", "how": "rst"}})
        own_exchange.inject(now_on("public", {"kind": "cut", "how": "rst"}))
        await bench.log.waiter.until(lambda: bench.log.lines, "a line about the drop")
        async with asyncio.timeout(10):
            await bench.client._disconnect()
        assert not stream.is_connected
        assert own_exchange.control("/control/state")["connections"] == []
        seen = len(bench.sink.items)
        own_exchange.clear_faults()
        await bench.connect()
        assert topics_of(own_exchange) == [], "what was wanted before the end is not wanted any more"
        assert [item for item in bench.sink.items[seen:] if isinstance(item, TradeTick)] == []


# -- LOGIN ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["60009", "60005", "60007", "60024", "60032"])
async def test_f31_a_refused_login_says_why(own_exchange, code):
    reply = {"kind": "reply", "code": code, "msg": f"refused {code}"}
    own_exchange.inject({"on": {"class": "request", "op": "login"}, "what": reply})
    async with connected_client(own_exchange, keys=True) as bench:
        with pytest.raises(OkxError) as raised:
            await bench.client._subscribe_order_book_deltas(book_command(SPOT, params={"channel": "books-l2-tbt"}))
        assert raised.value.code == int(code)
        assert own_exchange.api_secret not in str(raised.value)
        await subscribe_trades(bench)
        await more_trades(bench)


async def test_f34_logged_in_already_counts_as_logged_in(vip_exchange):
    reply = {"kind": "reply", "apply": True, "code": "60031", "msg": "already logged in"}
    vip_exchange.inject({"on": {"class": "request", "op": "login"}, "what": reply})
    async with connected_client(vip_exchange, keys=True) as bench:
        await bench.client._subscribe_order_book_deltas(book_command(SPOT, params={"channel": "books-l2-tbt"}))
        assert any(topic["channel"] == "books-l2-tbt" for topic in topics_of(vip_exchange))


@pytest.mark.parametrize("code", ["50101", "50105", "50110", "50111", "50113", "50119"])
async def test_f37_a_refused_key_is_one_error_with_its_code(own_exchange, code):
    reply = {"kind": "reply", "status": 401, "code": code, "msg": f"refused {code}"}
    own_exchange.inject({"on": {"path": "/account/*"}, "what": reply})
    async with connected_client(own_exchange, keys=True) as bench:
        with pytest.raises(OkxError) as raised:
            await bench.client._http_client.account_config()
        assert raised.value.code == int(code)
        assert own_exchange.api_secret not in str(raised.value)


# -- DATA ---------------------------------------------------------------------------------------------


async def test_f48_a_closed_candle_comes_once(own_exchange):
    topic = {"channel": "candle1m", "instId": "BTC-USDT-SWAP"}
    async with connected_client(own_exchange) as bench:
        await bench.client._subscribe_bars(bars_command(MINUTES))
        row = ["1900000020000", "10", "12", "9", "11", "5", "5", "55", "1"]
        later = ["1900000080000", *row[1:]]
        for candle in (row, row, [*row[:4], "12", *row[5:]], later):
            push(own_exchange, topic, [candle])
        last = 1_900_000_140_000 * 1_000_000
        await bench.sink.waiter.until(
            lambda: last in {bar.ts_event for bar in bench.sink.of(Bar, SWAP)}, "the last bar"
        )
        ends = [bar.ts_event for bar in bench.sink.of(Bar, SWAP) if bar.ts_event > 1_899_999_999_000_000_000]
        assert ends == [1_900_000_080_000 * 1_000_000, last]


async def test_f49_values_out_of_order_do_no_harm(own_exchange):
    topic = {"channel": "mark-price", "instId": "BTC-USDT-SWAP"}
    async with connected_client(own_exchange) as bench:
        await bench.client._subscribe_mark_prices(command(SubscribeMarkPrices, SWAP))
        await bench.client._subscribe_instrument_status(command(SubscribeInstrumentStatus, SWAP))
        base = {"instType": "SWAP", "instId": "BTC-USDT-SWAP"}
        for price, ts in (("50002.5", "1900000002000"), ("50002.5", "1900000002000"), ("50001.5", "1900000001000")):
            push(own_exchange, topic, [base | {"markPx": price, "ts": ts}])
        await bench.sink.waiter.until(
            lambda: "50001.5" in {str(update.value) for update in bench.sink.of(MarkPriceUpdate, SWAP)}, "the older one"
        )
        statuses = len(bench.sink.of(InstrumentStatus, SWAP))
        for state in ("suspend", "suspend", "live"):
            push(own_exchange, {"channel": "instruments", "instType": "SWAP"}, [base | {"state": state}])
        await bench.sink.receives(InstrumentStatus, SWAP, count=statuses + 2)
        await bench.sink.receives(MarkPriceUpdate, SWAP, count=len(bench.sink.of(MarkPriceUpdate, SWAP)) + 1)
        assert len(bench.sink.of(InstrumentStatus, SWAP)) == statuses + 2, "an unchanged status is no event"
        assert bench.log.at("error") == []


# -- PAYLOADS ---------------------------------------------------------------------------------------

BAD_FRAMES = {
    "f76 not json": {"text": '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{'},
    "f76 two in one": {"text": '{"event":"x"}{"event":"x"}'},
    "f76 empty": {"text": ""},
    "f79 deeply nested": {"repeat": {"text": "[", "times": 100_000}},
    "f79 deeply nested rows": {
        "repeat": {
            "head": '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[',
            "text": "[",
            "times": 100_000,
            "tail": "]}",
        }
    },
    "f79 long key": {"repeat": {"head": '{"', "text": "k", "times": 1_000_000, "tail": '":1}'}},
    "f80 no utf-8": {"base64": "//79AAE="},
    "f80 byte order mark": {"base64": "77u/e30="},
    "f80 lone surrogate": {
        "text": '{"arg":{"channel":"trades","instId":"\\ud800"},"data":[{"instId":"\\ud800","px":"1"}]}'
    },
    "f87 unknown event": {"text": '{"event":"new-thing","msg":"hello"}'},
    "f87 unknown channel": {"text": '{"arg":{"channel":"new-thing","instId":"BTC-USDT"},"data":[{"a":1}]}'},
    "f87 unknown op": {"text": '{"id":"99","op":"new-op","code":"0","data":[]}'},
    "f87 list": {"text": "[1,2,3]"},
    "f90 no rows": {"text": '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[]}'},
}


@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_a_bad_frame_harms_nothing_after_it(own_exchange, name):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        await more_trades(bench, 1)
        own_exchange.inject(now_on("public", {"kind": "inject", "payload": BAD_FRAMES[name]}))
        await more_trades(bench, 3)
        assert connects(bench) == 1, "the connection is kept"
        assert all(len(line) < 2_000 for _, line in bench.log.lines), "an excerpt, not the frame"


async def test_f78_a_frame_beyond_the_limit_ends_the_connection_alone(own_exchange):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        huge = {"repeat": {"head": '{"a":"', "text": "x" * 1_000, "times": 100_000, "tail": '"}'}}
        own_exchange.inject(now_on("public", {"kind": "inject", "payload": huge}))
        await bench.sink.waiter.until(lambda: connects(bench) == 2, "a new connection")
        await more_trades(bench)
        assert bench.log.at("error") or bench.log.at("warning")


@pytest.mark.parametrize("px", ["NaN", "", "abc", "1,0", "null", "--1", "1" * 60])
async def test_f88_a_number_that_is_none_is_refused_in_words(own_exchange, px):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        good = {"instId": "BTC-USDT", "tradeId": "778", "px": "1.5", "sz": "2", "side": "buy", "ts": "1700000000000"}
        push(own_exchange, TRADES, [good | {"tradeId": "777", "px": px}, good])
        await bench.sink.waiter.until(lambda: "778" in {t.trade_id.value for t in bench.sink.of(TradeTick)})
        assert "777" not in {trade.trade_id.value for trade in bench.sink.of(TradeTick)}
        assert bench.client.stats()["rows_skipped"] == 1


@pytest.mark.parametrize("ts", ["", "0", "1700000000", "99999999999999999999", "-5", "1700000000000000"])
async def test_f89_a_strange_time_is_never_negative(own_exchange, ts):
    async with connected_client(own_exchange) as bench:
        await subscribe_trades(bench)
        row = {"instId": "BTC-USDT", "tradeId": "779", "px": "1.5", "sz": "2", "side": "buy", "ts": ts}
        push(own_exchange, TRADES, [row])
        await more_trades(bench, 3)
        assert all(0 <= trade.ts_event < 2**63 for trade in bench.sink.of(TradeTick))
        assert connects(bench) == 1


# -- REQUESTS -----------------------------------------------------------------------------------------


def bars(bench: Bench) -> Any:
    now = bench.clock.utc_now()
    return request(RequestBars, bar_type=MINUTES, limit=0, start=now - timedelta(minutes=30), end=now)


RETRIED = {
    "f101 too many, 429": {"kind": "lim", "status": 429},
    "f101 too many, 200": {"kind": "lim", "status": 200},
    "f77 body cut short": {"kind": "edit", "changes": [{"truncate": 40}]},
    "f77 empty body": {"kind": "edit", "changes": [{"raw": {"text": ""}}]},
    "f77 a page instead": {"kind": "edit", "changes": [{"raw": {"text": "<html>bad gateway</html>"}}, {"status": 502}]},
    "f98 maintenance": {"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"},
}


@pytest.mark.parametrize("name", RETRIED)
async def test_a_read_is_sent_again(own_exchange, name):
    what = RETRIED[name]
    on = {"class": "body" if what["kind"] == "edit" else "request", "path": "/market/*"}
    async with connected_client(own_exchange) as bench:
        own_exchange.inject({"on": on, "when": {"count": 1}, "what": what})
        await bench.client._request_bars(bars(bench))
        assert len(bench.sink.responses[-1].data) in (29, 30)
        assert bench.log.at("error") == []


async def test_f98_connecting_outlasts_a_short_maintenance(own_exchange):
    reply = {"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"}
    own_exchange.inject({"on": {"path": "/public/instruments"}, "when": {"count": 2}, "what": reply})
    async with connected_client(own_exchange) as bench:
        assert SPOT in bench.client.instrument_provider.get_all()


# -- END OF THE PROCESS ---------------------------------------------------------------------------------

LEAVING = """
import asyncio, os, sys
from nautilus_trader.adapters.okx.native._okx import MarketDataStream, OkxHttpClient, OkxWebSocketClient
from nautilus_trader.model.identifiers import InstrumentId

async def main(url, rest, driver):
    count = 0
    arrived = asyncio.Event()
    def on_data(item):
        nonlocal count
        count += 1
        if count > 50:
            arrived.set()
    stream = MarketDataStream(on_data=on_data, url_public=url, driver=driver)
    await stream.connect()
    swap = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
    stream.register_instrument(swap, "BTC-USDT-SWAP", inst_type="SWAP", price_precision=1, size_precision=2)
    await stream.subscribe_book_deltas(swap)
    await stream.subscribe_quotes(swap)
    client = OkxWebSocketClient(url)
    await client.connect()
    await client.subscribe({"channel": "books", "instId": "BTC-USDT-SWAP"})
    http = OkxHttpClient(base_url=rest)
    asyncio.ensure_future(http.instruments("SPOT"))
    await arrived.wait()
    # No close: the interpreter ends with live sockets, queued messages and a request in flight.
    globals()["kept"] = (stream, client, http)

asyncio.run(main(*sys.argv[1:4]))
print("left")
"""


@pytest.mark.parametrize("driver", ["inline", "threaded"])
async def test_s57_the_interpreter_ends_cleanly_with_live_sockets(own_exchange, tmp_path, driver):
    script = tmp_path / "leaving.py"
    script.write_text(textwrap.dedent(LEAVING))
    arguments = [sys.executable, str(script), own_exchange.ws_public_url, own_exchange.rest_url, driver]
    done = await asyncio.to_thread(
        subprocess.run, arguments, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (0, "left\n"), done.stderr
    assert "panicked" not in done.stderr
