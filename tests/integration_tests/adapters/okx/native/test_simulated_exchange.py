"""The simulated exchange as a Python object; what it serves is judged by `independent`."""

import json
import ssl
import subprocess
import sys
import urllib.request
from typing import Any

import pytest
from nautilus_trader.adapters.okx.native._okx import OkxError, SimulatedExchange

START_MS = 1_790_000_000_000


def get(exchange: SimulatedExchange, path: str, **options: Any) -> Any:
    with urllib.request.urlopen(exchange.rest_url + path, timeout=10, **options) as response:
        return json.load(response)


def test_it_runs_within_the_block_and_can_run_again():
    exchange = SimulatedExchange()
    for _ in range(2):
        with exchange as running:
            assert running is exchange
            assert exchange.start() is exchange, "already running"
            assert get(exchange, "/api/v5/public/time")["code"] == "0"
            assert exchange.rest_url in repr(exchange)
        with pytest.raises(OkxError) as raised:
            exchange.now_ms()
        assert raised.value.kind == "closed"
        assert "start()" in raised.value.advice
    exchange.stop()


def test_addresses_and_keys():
    with SimulatedExchange() as exchange:
        urls = exchange.urls()
        assert urls["rest"] == exchange.rest_url
        assert urls["ws_public"] == exchange.ws_public_url == exchange.rest_url.replace("http", "ws") + "/ws/v5/public"
        assert urls["ws_business"] == exchange.ws_business_url
        assert urls["ws_private"] == exchange.ws_private_url
        assert (urls["api_key"], urls["api_secret"]) == (exchange.api_key, exchange.api_secret)
        assert urls["passphrase"] == exchange.api_passphrase
        assert exchange.api_secret not in repr(exchange)
        assert exchange.ca_pem is None


def test_tls_by_its_own_authority():
    with SimulatedExchange(tls=True) as exchange:
        assert exchange.rest_url.startswith("https://127.0.0.1:")
        assert exchange.ca_pem is not None
        trusting = ssl.create_default_context(cadata=exchange.ca_pem.decode())
        assert get(exchange, "/api/v5/public/time", context=trusting)["code"] == "0"


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ({"limit": {}}, "unknown field `limit`"),
        ({"limits": {"rest": "no"}}, "expected a boolean"),
        ({"accounts": []}, "at least one account"),
        ({"accounts": [{"acctLv": 1}]}, "unknown field `acctLv`"),
    ],
)
def test_a_wrong_config_is_named(config: dict[str, Any], word: str):
    with pytest.raises(ValueError, match=word):
        SimulatedExchange(config=config)


@pytest.mark.parametrize("config", [{"instruments": ["NO-SUCH"]}, {"rate": 0}])
def test_a_market_that_cannot_be_made_is_named(config: dict[str, Any]):
    with pytest.raises(ValueError, match=r"NO-SUCH|rate"):
        SimulatedExchange(config=config).start()


def test_an_address_that_is_taken_is_an_os_error():
    with SimulatedExchange() as exchange:
        port = int(exchange.rest_url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match=str(port)):
            SimulatedExchange(port=port).start()


def test_faults():
    with SimulatedExchange() as exchange:
        reply = {"on": {"path": "/public/time"}, "what": {"kind": "reply", "code": "50001", "msg": "down"}}
        number = exchange.inject(reply)["id"]
        assert get(exchange, "/api/v5/public/time")["code"] == "50001"
        (listed,) = exchange.control("/control/faults")
        assert (listed["id"], listed["fired"]) == (number, 1)
        exchange.clear_faults()
        assert get(exchange, "/api/v5/public/time")["code"] == "0"
        with pytest.raises(ValueError, match="unknown field `fault`"):
            exchange.inject({"fault": "SEQ"})
        with pytest.raises(ValueError, match="no control request GET"):
            exchange.control("/control/nothing")


def test_looking_inside():
    with SimulatedExchange() as exchange:
        get(exchange, "/api/v5/public/time")
        (asked, answered) = exchange.journal()
        assert (asked["direction"], asked["text"]) == ("in", "GET /api/v5/public/time")
        assert (answered["direction"], answered["link"]) == ("out", "rest")
        book = exchange.book("BTC-USDT")
        assert len(book["bids"]) == len(book["asks"]) > 100
        assert float(book["bids"][0][0]) < float(book["asks"][0][0])
        assert isinstance(book["seqId"], int)
        with pytest.raises(ValueError, match="NO-SUCH"):
            exchange.book("NO-SUCH")


def test_a_paused_exchange_repeats_itself():
    def run() -> tuple[int, Any, Any]:
        with SimulatedExchange(seed=5, config={"paused": True, "start_ms": START_MS}) as exchange:
            exchange.advance(90_000)
            return exchange.now_ms(), exchange.book("BTC-USDT"), get(exchange, "/api/v5/market/trades?instId=BTC-USDT")

    first = run()
    assert first[0] == START_MS + 90_000
    assert first == run()


def test_a_running_exchange_jumps():
    with SimulatedExchange() as exchange:
        before = exchange.now_ms()
        exchange.advance(3_600_000)
        assert exchange.now_ms() >= before + 3_600_000


def test_the_interpreter_is_left_cleanly_while_it_serves():
    code = (
        "from nautilus_trader.adapters.okx.native._okx import SimulatedExchange\n"
        "exchange = SimulatedExchange().start()\n"
        "print(exchange.rest_url)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("http://127.0.0.1:")
