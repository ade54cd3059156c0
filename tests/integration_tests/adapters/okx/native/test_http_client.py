"""`OkxHttpClient` by itself, against the simulated exchange: rows, history as objects, errors, the end."""

import asyncio
import gc
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxDecodeError, OkxHttpClient, OkxHttpError, SimulatedExchange
from nautilus_trader.adapters.okx.native._okx import OkxError
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import Bar, BarType, FundingRateUpdate, OrderBookDeltas, TradeTick
from nautilus_trader.model.enums import BookAction, BookType, RecordFlag
from nautilus_trader.model.identifiers import InstrumentId

SWAP = InstrumentId.from_str("BTC-USDT-SWAP.OKX")
MINUTES = BarType.from_str(f"{SWAP}-1-MINUTE-LAST-EXTERNAL")
TICKER = {"path": "/market/ticker"}
MINUTE_NS = 60_000_000_000
HANG_SECS = 30.0
"""Far longer than anything takes; only a test that hangs meets it."""


def client_of(exchange: SimulatedExchange, *, keys: bool = False, **settings: Any) -> OkxHttpClient:
    if keys:
        settings |= {
            "api_key": exchange.api_key,
            "api_secret": exchange.api_secret,
            "api_passphrase": exchange.api_passphrase,
        }
    return OkxHttpClient(base_url=exchange.rest_url, **settings)


@pytest.fixture
def client(exchange: SimulatedExchange) -> OkxHttpClient:
    client = client_of(exchange, retry_delay_initial_ms=1)
    client.register_instrument(
        SWAP,
        "BTC-USDT-SWAP",
        inst_type="SWAP",
        price_precision=1,
        size_precision=2,
        index_inst_id="BTC-USDT",
    )
    return client


def reply(exchange: SimulatedExchange, on: dict[str, Any], times: int = 1, **what: Any) -> None:
    exchange.inject({"on": on, "when": {"count": times}, "what": {"kind": "reply", "code": "0", **what}})


async def refusal(answer: Awaitable[Any]) -> OkxError:
    with pytest.raises(OkxError) as info:
        await asyncio.wait_for(asyncio.ensure_future(answer), HANG_SECS)
    return info.value


# -- ROWS -------------------------------------------------------------------------------------------------------------


async def test_rows_are_dicts_of_exact_values(client):
    (row,) = await client.request("market-ticker", {"instId": "BTC-USDT-SWAP"})
    assert (row["inst_type"], row["inst_id"]) == ("SWAP", "BTC-USDT-SWAP")
    assert isinstance(row["last"], Decimal)
    assert isinstance(row["ts_ms"], int)


async def test_nothing_is_none_and_parameters_may_be_of_any_type(client, exchange):
    reply(exchange, TICKER, data=[{"instId": "A", "last": "", "lastSz": "0.00000001", "ts": 5}])
    (row,) = await client.request("market-ticker", {"instId": "A"})
    assert (row["last"], row["last_sz"], row["ts_ms"], row["ask_px"]) == (None, Decimal("0.00000001"), 5, None)
    bars = await client.request("market-candles", {"instId": "BTC-USDT-SWAP", "limit": 3, "after": None})
    assert len(bars) == 3


def test_endpoints_are_listed_by_name():
    names = OkxHttpClient.endpoints()
    assert len(names) == len(set(names)) > 50
    assert {"market-tickers", "public-liquidation-orders", "account-config", "system-status", "sprd-spreads"} <= {
        *names
    }


async def test_a_bad_row_is_logged_and_never_hides_the_others(client, exchange, caplog):
    reply(exchange, TICKER, data=[{"instId": "A", "last": "one"}, {"instId": "B", "last": "2"}])
    with caplog.at_level(logging.WARNING):
        rows = await client.request("market-ticker", {"instId": "A"})
    assert [row["inst_id"] for row in rows] == ["B"]
    assert any("data[0].last" in record.getMessage() for record in caplog.records)


async def test_instruments_are_whole_or_say_what_they_lack(client, exchange):
    rows = await client.instruments("SWAP")
    (swap,) = (row for row in rows if row["inst_id"] == "BTC-USDT-SWAP")
    assert swap["missing"] == []
    assert (swap["ct_val"], swap["ct_type"], swap["settle_ccy"]) == (Decimal("0.01"), "linear", "USDT")
    announced = {"instType": "SWAP", "instId": "NEW-USDT-SWAP", "state": "preopen", "tickSz": "", "lotSz": "x"}
    reply(exchange, {"path": "/public/instruments"}, data=[announced])
    (row,) = await client.instruments("SWAP")
    assert {"tickSz", "lotSz", "ctVal"} <= {*row["missing"]}
    assert row.keys() >= swap.keys() & {"tick_sz", "lot_sz", "uly", "lever", "inst_id_code"}
    assert (row["tick_sz"], row["state"]) == (None, "preopen")


async def test_signed_requests_need_the_key(exchange):
    signed = client_of(exchange, keys=True)
    assert signed.has_credentials
    assert (await signed.account_config())["acct_lv"] in {"1", "2", "3", "4"}
    assert (await signed.trade_fee("SPOT"))[0]["fee_group"]
    assert await signed.instruments("SPOT", inst_id="BTC-USDT", account=True)
    error = await refusal(client_of(exchange).account_config())
    assert (error.kind, error.code, error.http_status) == ("no_credentials", 0, None)
    assert "OKX_API_KEY" in error.advice


async def test_the_other_reads_of_the_client(client, exchange):
    assert abs(await client.server_time() - exchange.now_ms()) < 60_000
    assert isinstance(await client.system_status(), list)
    summary = await client.opt_summary("BTC-USD")
    assert all(isinstance(row["delta_bs"], Decimal) for row in summary)


# -- HISTORY ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("candle", ["last", "mark", "index"])
async def test_bars_lie_between_both_ends(client, exchange, candle):
    end_ns = (exchange.now_ms() * 1_000_000 // MINUTE_NS - 5) * MINUTE_NS
    start_ns = end_ns - 400 * MINUTE_NS
    bars = await client.request_bars(MINUTES, start_ns, end_ns, candle=candle)
    assert all(isinstance(bar, Bar) and bar.bar_type == MINUTES for bar in bars)
    assert [bar.ts_event for bar in bars] == list(range(start_ns, end_ns + 1, MINUTE_NS))
    on_open = await client.request_bars(MINUTES, start_ns, end_ns, candle=candle, timestamp_on_close=False)
    assert [bar.ts_event for bar in on_open] == list(range(start_ns, end_ns + 1, MINUTE_NS))
    assert bars[1].close == on_open[0].close, "a bar that closes at the second minute opened at the first"


async def test_the_newest_bars_come_by_default_and_the_forming_one_on_request(client, exchange):
    bars = await client.request_bars(MINUTES)
    assert len(bars) == 100
    assert bars[-1].ts_event <= exchange.now_ms() * 1_000_000
    forming = await client.request_bars(MINUTES, limit=2, include_forming=True)
    assert forming[-1].ts_event > exchange.now_ms() * 1_000_000


def keys(trades: Iterable[TradeTick]) -> list[tuple[object, ...]]:
    """All but the time of making."""
    return [(t.trade_id, t.price, t.size, t.aggressor_side, t.ts_event) for t in trades]


async def test_trades_between_two_times(client):
    trades = await client.request_trades(SWAP, limit=300)
    assert len(trades) == 300
    assert all(isinstance(trade, TradeTick) and trade.instrument_id == SWAP for trade in trades)
    numbers = [int(str(trade.trade_id)) for trade in trades]
    assert numbers == list(range(numbers[0], numbers[0] + 300))
    start_ns, end_ns = trades[50].ts_event, trades[200].ts_event
    within = await client.request_trades(SWAP, start_ns, end_ns)
    assert keys(within) == keys(trade for trade in trades if start_ns <= trade.ts_event <= end_ns)


async def test_funding_rates_of_a_week_by_default(client):
    rates = await client.request_funding_rates(SWAP)
    assert 20 <= len(rates) <= 22
    assert all(isinstance(rate, FundingRateUpdate) for rate in rates)
    assert {rate.interval for rate in rates} == {480}
    times = [rate.ts_event for rate in rates]
    assert times == sorted(times)


async def test_a_book_is_a_clear_and_its_levels(client, exchange):
    deltas = await client.request_book_snapshot(SWAP, depth=20)
    assert isinstance(deltas, OrderBookDeltas)
    assert [delta.action for delta in deltas.deltas] == [BookAction.CLEAR] + [BookAction.ADD] * 40
    assert deltas.is_snapshot
    assert deltas.deltas[-1].flags & RecordFlag.F_LAST
    assert {delta.sequence for delta in deltas.deltas} == {deltas.sequence}
    book = OrderBook(SWAP, BookType.L2_MBP)
    book.apply_deltas(deltas)
    assert len(book.bids()) == len(book.asks()) == 20
    assert book.spread() > 0


async def test_what_cannot_be_asked_is_refused_before_anything_is_sent(client, own_exchange):
    asked = client_of(own_exchange)
    with pytest.raises(OkxHttpError, match="not registered"):
        asked.request_bars(MINUTES)
    with pytest.raises(OkxHttpError, match="no candles of this length"):
        client.request_bars(BarType.from_str(f"{SWAP}-10-MINUTE-LAST-EXTERNAL"))
    with pytest.raises(ValueError, match="depth"):
        client.request_book_snapshot(SWAP, 401)
    with pytest.raises(ValueError, match="candle"):
        client.request_bars(MINUTES, candle="bid")
    error = await refusal(asked.request("market-ticker", {"instId": "A", "x": 1}))
    assert (error.kind, error.message) == ("params", 'market-ticker has no parameter "x"; it has instId')
    assert own_exchange.journal() == []


# -- ERRORS -----------------------------------------------------------------------------------------------------------


async def test_a_refusal_has_code_words_status_and_advice(client):
    error = await refusal(client.request("market-ticker", {"instId": "NO-SUCH"}))
    assert type(error) is OkxHttpError
    assert (error.code, error.http_status) == (51001, 200)
    assert error.message
    assert error.advice
    assert error.message in str(error)
    assert "51001" in str(error)


async def test_an_answer_that_is_none_is_a_decode_error(client, exchange):
    reply(exchange, TICKER, 4, body={"text": "<html>"})  # a damaged answer to a read is asked for again three times
    error = await refusal(client.request("market-ticker", {"instId": "A"}))
    assert type(error) is OkxDecodeError
    assert (error.kind, error.http_status) == ("decode", 200)


async def test_reads_are_repeated(client, exchange):
    reply(exchange, TICKER, 2, status=503, code="50001", msg="down")
    assert await client.request("market-ticker", {"instId": "BTC-USDT"})
    reply(exchange, TICKER, 1, status=503, code="50001", msg="down")
    error = await refusal(client_of(exchange, max_retries=0).request("market-ticker", {"instId": "BTC-USDT"}))
    assert (error.code, error.http_status, error.message) == (50001, 503, "down")


@pytest.mark.parametrize(
    "settings",
    [
        {"region": "mars"},
        {"environment": "paper"},
        {"api_key": "k"},
        {"timeout_secs": 0.0},
        {"proxy_url": "http://:bad"},
        {"ca_pem": b"none"},
        {"base_url": "ftp://okx.com"},
    ],
)
def test_bad_settings_are_refused(settings):
    with pytest.raises((OkxError, ValueError)):
        OkxHttpClient(**settings)


def test_nothing_shown_holds_a_secret(exchange):
    shown = repr(client_of(exchange, keys=True))
    assert exchange.rest_url in shown
    assert not any(secret in shown for secret in (exchange.api_key, exchange.api_secret, exchange.api_passphrase))


# -- LIFE -------------------------------------------------------------------------------------------------------------


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(HANG_SECS):
        while not condition():  # noqa: ASYNC110 - the exchange gives no event to wait for
            await asyncio.sleep(0)


def arrived(exchange: SimulatedExchange, path: str) -> int:
    return sum(1 for entry in exchange.journal() if path in entry["text"] and entry["direction"] == "in")


async def test_close_ends_what_is_pending_and_the_client_goes_on(own_exchange):
    client = client_of(own_exchange)
    own_exchange.inject({"on": {"class": "body", **TICKER}, "what": {"kind": "hold", "how": "park"}})
    pending = client.request("market-ticker", {"instId": "BTC-USDT"})
    await until(lambda: arrived(own_exchange, "/market/ticker") == 1)
    client.close()
    error = await refusal(pending)
    assert error.kind == "closed"
    own_exchange.clear_faults()
    assert await client.request("market-ticker", {"instId": "BTC-USDT"})


async def test_cancelling_ends_a_request_alone(own_exchange):
    client = client_of(own_exchange)
    own_exchange.inject({"on": {"class": "body", **TICKER}, "what": {"kind": "hold", "how": "park"}})
    pending = asyncio.ensure_future(client.request("market-ticker", {"instId": "BTC-USDT"}))
    await until(lambda: arrived(own_exchange, "/market/ticker") == 1)
    pending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pending
    assert await client.server_time()


def test_one_client_serves_several_loops(exchange):
    client = client_of(exchange)
    times: list[int] = []

    def run() -> None:
        times.append(asyncio.run(ask()))

    async def ask() -> int:
        return await client.server_time()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG_SECS)
    run()
    assert len(times) == 4


async def test_a_client_that_is_dropped_still_answers(exchange):
    client = client_of(exchange)
    pending = client.server_time()
    del client
    gc.collect()
    assert await pending


def test_there_must_be_a_loop(client):
    with pytest.raises(RuntimeError):
        client.server_time()
