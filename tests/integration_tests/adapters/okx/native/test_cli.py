"""The `okx-nt` command, as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nautilus_trader.adapters.okx.native.cli import checks, record
from nautilus_trader.adapters.okx.native.cli.record import RotatingWriter, topic_of
from typer import BadParameter

from .support import TEST_DATA

CORPUS = TEST_DATA / "corpus"
COMMAND = [sys.executable, "-m", "nautilus_trader.adapters.okx.native"]
KEYS = {"rest", "ws_public", "ws_private", "ws_business", "api_key", "api_secret", "passphrase"}


def run(*arguments: str, env: dict[str, str] | None = None, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=timeout, env={**os.environ, **(env or {})}
    )


@contextmanager
def serving(*arguments: str) -> Iterator[dict[str, str]]:
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with serving("sim", "--port", "0", "--print-json", "--seed", "5") as urls:
        yield urls


def test_sim_prints_one_json_line_and_serves(addresses):
    assert set(addresses) == KEYS
    assert addresses["rest"].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(addresses["rest"] + "/api/v5/public/time", timeout=10) as response:
        assert json.load(response)["code"] == "0"


def test_sim_serves_tls_with_an_authority_to_trust(tmp_path):
    import ssl

    ca = tmp_path / "ca.pem"
    with serving("sim", "--tls", "--ca-out", str(ca), "--print-json") as urls:
        assert urls["rest"].startswith("https://")
        assert urls["ws_public"].startswith("wss://")
        context = ssl.create_default_context(cafile=str(ca))
        with urllib.request.urlopen(urls["rest"] + "/api/v5/public/time", timeout=10, context=context) as response:
            assert json.load(response)["code"] == "0"


def test_replay_serves_a_recorded_tape():
    tape = next((TEST_DATA / "tape").glob("*.jsonl"))
    with serving("replay", str(tape), "--speed", "10", "--print-json") as urls:
        assert set(urls) == KEYS


def test_replay_names_a_missing_file():
    result = run("replay", "/no/such/tape.jsonl")
    assert result.returncode == 2
    assert "no such file" in result.stderr


def decode(*arguments: str) -> tuple[list[dict[str, object]], str, int]:
    result = run("decode", *arguments, timeout=110)
    *lines, last = result.stdout.splitlines()
    return [json.loads(line) for line in lines], last, result.returncode


def test_decode_reports_a_line_a_file_and_a_sum():
    files = sorted((CORPUS / "rest/public-instruments").glob("*.json"))
    reports, last, code = decode(*map(str, files))
    assert [report["file"] for report in reports] == [str(file) for file in files]
    for report in reports:
        assert list(report) == ["file", "kind", "ok", "items", "unknown_fields", "error"]
        assert report["ok"], report
    assert last == f"{len(files)} decoded, 0 failed"
    assert code == 0


def test_decode_takes_thousands_of_paths_in_one_call():
    file = str(next((CORPUS / "rest/public-time").glob("*.json")))
    reports, last, code = decode(*[file] * 3000)
    assert len(reports) == 3000
    assert (last, code) == ("3000 decoded, 0 failed", 0)


def test_decode_fails_for_a_bad_file_alone(tmp_path):
    bad, good = tmp_path / "bad.json", next((CORPUS / "rest/public-time").glob("*.json"))
    bad.write_text("{")
    reports, last, code = decode(str(bad), str(good), str(tmp_path / "none.json"))
    assert [report["ok"] for report in reports] == [False, True, False]
    assert reports[0]["error"]
    assert reports[2]["error"]
    assert last == "1 decoded, 2 failed"
    assert code == 1


def test_decode_takes_the_endpoint_from_the_option(tmp_path):
    copy = tmp_path / "body.json"
    copy.write_bytes(next((CORPUS / "rest/public-instruments").glob("okx-docs*.json")).read_bytes())
    (report,), _, code = decode("--as", "public-instruments", str(copy))
    assert report["ok"]
    assert report["items"]
    assert code == 0


def test_doctor_without_keys_checks_the_public_parts(addresses):
    arguments = ("--base-url-http", addresses["rest"], "--base-url-ws", addresses["ws_public"], "--json")
    result = run("doctor", *arguments)
    findings = {line["check"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert result.returncode == 0, result.stdout
    for check in ("version", "REST", "clock", "WebSocket public", "WebSocket business"):
        assert findings[check]["status"] == "ok", findings[check]
    assert findings["keys"]["status"] == "skipped"
    assert "OKX_API_KEY" in findings["keys"]["advice"]


def test_doctor_with_keys_reads_the_account(addresses):
    env = {
        "OKX_API_KEY": addresses["api_key"],
        "OKX_API_SECRET": addresses["api_secret"],
        "OKX_API_PASSPHRASE": addresses["passphrase"],
    }
    arguments = ("--base-url-http", addresses["rest"], "--base-url-ws", addresses["ws_public"], "--json")
    result = run("doctor", *arguments, env=env)
    findings = {line["check"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert {"keys", "permissions", "account mode", "position mode", "login"} <= set(findings), result.stdout
    assert findings["login"]["status"] == "ok"
    assert addresses["api_secret"] not in result.stdout


def test_doctor_says_what_to_do_about_an_unreachable_host():
    arguments = ("--base-url-http", "http://127.0.0.1:9", "--base-url-ws", "ws://127.0.0.1:9/ws/v5/public", "--json")
    result = run("doctor", *arguments)
    findings = {line["check"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert result.returncode == 1
    assert findings["REST"]["status"] == "failed"
    assert findings["REST"]["advice"]


def test_doctor_reads_account_modes_and_permissions():
    config = {"perm": "read_only,withdraw", "acct_lv": "1", "pos_mode": "net_mode", "ip": "", "uid": "7"}
    found = {finding.check: finding for finding in checks.findings_of_account(config)}
    assert found["permissions"].status == "warning"
    assert "withdraw" in found["permissions"].advice
    assert found["account mode"].detail == "spot"
    assert found["IP binding"].status == "warning"


def test_record_writes_frames_and_rotates(addresses, tmp_path):
    out = tmp_path / "tape"
    arguments = ("--url", addresses["ws_public"], "--out", str(out), "--frames", "40", "--rotate-mb", "0.002")
    result = run("record", "tickers:BTC-USDT", "trades:BTC-USDT", *arguments)
    assert result.returncode == 0, result.stderr
    files = sorted(out.glob("*.jsonl"))
    assert len(files) > 1
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert len(lines) == 40
    assert [line["recv_us"] for line in lines] == sorted(line["recv_us"] for line in lines)
    assert {line["frame"]["arg"]["channel"] for line in lines} <= {"tickers", "trades"}


def test_a_rotating_writer_never_splits_a_line(tmp_path):
    writer = RotatingWriter(tmp_path, "x", 100)
    for n in range(20):
        writer.write(n, {"data": "y" * 30})
    writer.close()
    assert [file.name for file in writer.files][:2] == ["x-0001.jsonl", "x-0002.jsonl"]
    frames = [json.loads(line) for file in writer.files for line in file.read_text().splitlines()]
    assert [frame["recv_us"] for frame in frames] == list(range(20))
    assert all(file.stat().st_size <= 100 for file in writer.files)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("books:BTC-USDT", {"channel": "books", "instId": "BTC-USDT"}),
        ("liquidation-orders:instType=SWAP", {"channel": "liquidation-orders", "instType": "SWAP"}),
        ("status", {"channel": "status"}),
    ],
)
def test_topics_are_short_to_write(text, topic):
    assert topic_of(text) == topic


def test_a_wrong_topic_key_is_refused():
    with pytest.raises(BadParameter, match="instFamily"):
        topic_of("books:inst=BTC-USDT")
    assert record.NAMED_KEYS


def test_bench_outside_a_checkout_says_where_it_lives(tmp_path):
    result = run("bench", "--project", str(tmp_path))
    assert result.returncode == 2
    assert "checkout" in result.stderr


def test_version_and_help():
    assert run("--version").stdout.startswith("okx-nt ")
    text = run("--help").stdout
    for command in ("sim", "replay", "decode", "record", "doctor", "bench"):
        assert command in text


def test_the_script_is_installed_beside_python():
    script = Path(sys.executable).with_name("okx-nt")
    if script.exists():
        assert subprocess.run([script, "--version"], capture_output=True, timeout=60).returncode == 0
