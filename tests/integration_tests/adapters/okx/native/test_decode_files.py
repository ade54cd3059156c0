"""`decode_files`: captured bodies and frames through the client's own types."""

import json
from pathlib import Path

import pytest
from nautilus_trader.adapters.okx.native._okx import decode_files

TEST_DATA = Path(__file__).parents[5] / "crates/adapters/okx/test_data"
FRAME = {"arg": {"channel": "mark-price", "instId": "A"}, "data": [{"instId": "A", "markPx": "1", "ts": "2"}]}
BODY = {"code": "0", "msg": "", "data": [{"instId": "A", "markPx": "1", "ts": "2"}]}

EXPLAINED = {
    # The source of this capture misspelt `uTime` when it wrote it down.
    "corpus/ws/balance_and_position/gocryptotrader__1.json": ["data.posData.uTIme"],
}


def one(path: Path, as_endpoint: str | None = None) -> dict[str, object]:
    (report,) = decode_files([str(path)], as_endpoint)
    assert report["file"] == str(path)
    return dict(report)


def test_the_whole_corpus_decodes_with_no_unknown_field():
    files = sorted(str(file) for file in (TEST_DATA / "corpus").glob("*/*/*.json"))
    assert len(files) > 500
    reports = decode_files(files)
    assert [report["file"] for report in reports] == files
    assert [report for report in reports if not report["ok"]] == []
    unknown = {report["file"]: report["unknown_fields"] for report in reports if report["unknown_fields"]}
    assert unknown == {str(TEST_DATA / name): fields for name, fields in EXPLAINED.items()}


def test_a_tape_is_one_report_over_its_lines():
    report = one(TEST_DATA / "tape/okx-public-2022-05-13.jsonl")
    assert report["ok"], report
    assert report["kind"] == "books, subscribe, tickers, trades"
    assert isinstance(report["items"], int)
    assert report["items"] > 200


@pytest.mark.parametrize("name", ["frames.jsonl", "frames.txt"])
def test_frames_line_by_line(tmp_path, name):
    path = tmp_path / name
    path.write_text("\n".join([json.dumps(FRAME), "", "pong", json.dumps({"recv_us": 1, "frame": FRAME})]) + "\n")
    report = one(path)
    assert (report["ok"], report["items"], report["kind"]) == (True, 2, "mark-price, pong")


def test_a_bad_line_is_named_and_the_others_count(tmp_path):
    path = tmp_path / "frames.jsonl"
    path.write_text("\n".join([json.dumps(FRAME), "{", json.dumps(FRAME), "["]))
    report = one(path)
    assert (report["ok"], report["items"]) == (False, 2)
    assert str(report["error"]).startswith("line 2: ")
    assert "(and 1 more lines)" in str(report["error"])


def test_the_endpoint_comes_from_the_argument_the_folder_or_the_shape(tmp_path):
    path = tmp_path / "body.json"
    path.write_text(json.dumps(BODY))
    assert one(path)["kind"] == "public-mark-price"
    assert one(path, "public-mark-price")["ok"]
    assert "no endpoint" in str(one(path, "public-nothing")["error"])
    folder = tmp_path / "public-mark-price"
    folder.mkdir()
    row = BODY["data"][0] | {"new": 1}  # type: ignore[index]
    (folder / "body.json").write_text(json.dumps(BODY | {"data": [row, {"markPx": "x"}]}))
    report = one(folder / "body.json")
    assert (report["kind"], report["ok"], report["items"]) == ("public-mark-price", False, 1)
    assert report["unknown_fields"] == ["new"]
    assert "data[1]" in str(report["error"])


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"null", b"7"])
def test_hostile_files_are_one_error(tmp_path, content):
    path = tmp_path / "hostile.json"
    path.write_bytes(content)
    report = one(path)
    assert not report["ok"]
    assert 0 < len(str(report["error"])) < 500


def test_what_cannot_be_read_fails_alone(tmp_path):
    good = tmp_path / "good.json"
    good.write_text(json.dumps(BODY))
    reports = decode_files([str(tmp_path / "none.json"), str(tmp_path), str(good)])
    assert [report["ok"] for report in reports] == [False, False, True]
