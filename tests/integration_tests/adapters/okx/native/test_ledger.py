"""docs/coverage.md stays complete and honest: nothing is missing from it, and what it claims has a test that exists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient
from nautilus_trader.adapters.okx.native.methods import DATA, EXECUTION

ROOT = Path(__file__).parents[5]
PAGE = ROOT / "docs" / "coverage.md"
TESTS = ROOT / "tests"
CRATES = ROOT / "crates" / "adapters" / "okx"

TESTED = ("done", "part", "refused")
STATUSES = (*TESTED, "open", "later")

CASES = {
    f"TC-D{n:02}" for n in (1, 2, 3, *range(10, 16), 20, 21, 30, 31, 40, 41, 50, 51, 52, 53, 60, 61, 62, 63, 70, 71, 72)
}
ORDER_CASES = {
    *(f"TC-E{n:02}" for n in (*range(1, 7), *range(10, 20), *range(20, 28), *range(30, 37), *range(40, 45))),
    *(f"TC-E{n}" for n in (*range(50, 54), *range(60, 64), *range(70, 79), *range(80, 88))),
    *(f"TC-E{n}" for n in (90, 91, 92, 94, 96, 99, 100, 101)),
}
FAULTS = {f"F{n:02}" for n in range(1, 114)}
DEFECTS = {f"S{n:02}" for n in (*range(1, 19), *range(20, 48), *range(50, 62))}

METHODS = "Adapter methods"
CHANNELS = "WebSocket channels"
ENDPOINTS = "REST endpoints"
CASE_TABLES = (
    "Acceptance: data cases",
    "Acceptance: execution cases",
    "Faults",
    "Defects of the stock adapter",
)


@dataclass(frozen=True)
class Line:
    """One line of a table."""

    section: str
    key: str
    status: str
    tests: tuple[str, ...]
    notes: str


def lines(text: str) -> Iterator[Line]:
    """The lines of all tables; the columns are found by their titles."""
    section, columns = "", []
    for line in text.splitlines():
        if line.startswith("## "):
            section, columns = line.removeprefix("## "), []
        if not section or not line.startswith("|") or set(line) <= set("|-: "):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not columns:
            columns = cells
            continue
        assert len(cells) == len(columns), f"{section}: a line has {len(cells)} cells instead of {len(columns)}: {line}"
        row = dict(zip(columns, cells, strict=True))
        tests = tuple(re.findall(r"`([^`]+)`", row["tests"]))
        yield Line(section, cells[0].strip("`"), row["status"], tests, row["notes"])


LEDGER = tuple(lines(PAGE.read_text()))


def keys(section: str) -> list[str]:
    return [line.key for line in LEDGER if line.section == section]


@cache
def functions_of(file: str) -> frozenset[str]:
    """The functions of a file, named as in the ledger; empty if there is no such file."""
    if file.endswith(".py"):
        found = [path for path in TESTS.rglob("*.py") if path.as_posix().endswith(f"/{file}")]
        pattern = r"^(?:async )?def (\w+)\("
    else:
        found = [path for path in [CRATES / file] if path.is_file()]
        pattern = r"\bfn (\w+)[(<]"
    return frozenset(name for path in found for name in re.findall(pattern, path.read_text(), re.MULTILINE))


def test_the_page_is_read_as_meant():
    text = "## S\n\n| key | status | tests | notes |\n|---|---|---|---|\n| `a` | done | `t.py::x`, `u.rs::y` | n |\n"
    assert list(lines(text)) == [Line("S", "a", "done", ("t.py::x", "u.rs::y"), "n")]
    with pytest.raises(AssertionError, match="cells"):
        list(lines(text + "| b | done |\n"))


def test_every_status_is_known():
    assert {line.key: line.status for line in LEDGER if line.status not in STATUSES} == {}


def test_no_line_is_there_twice():
    for section in (METHODS, CHANNELS, ENDPOINTS, *CASE_TABLES):
        names = keys(section)
        assert names, f"{section} is empty"
        assert sorted(names) == sorted(set(names)), section


def test_what_is_claimed_has_a_test():
    assert [line.key for line in LEDGER if line.status in TESTED and not line.tests] == []


def test_what_is_not_there_says_why():
    assert [line.key for line in LEDGER if line.status not in ("done", "refused") and not line.notes] == []


def test_every_named_test_exists():
    missing = []
    for line in LEDGER:
        for test in line.tests:
            file, _, name = test.partition("::")
            if name not in functions_of(file):
                missing.append(f"{line.key}: {test}")
    assert missing == []


def test_every_switchable_method_is_listed():
    assert keys(METHODS) == [*DATA.names, *EXECUTION.names]


def test_every_channel_of_the_native_client_is_listed():
    source = (CRATES / "ws/src/channel.rs").read_text()
    names = set(re.findall(r'^\s+\w+ = "([^"]+)", \w+, \w+;$', source, re.MULTILINE))
    names |= set(re.findall(r'^const \w*CANDLE: &str = "([^"]+)";$', source, re.MULTILINE))
    assert len(names) > 50, "the channels are no longer found in channel.rs"
    assert set(keys(CHANNELS)) == names


def test_every_endpoint_of_the_simulated_exchange_is_listed():
    source = (CRATES / "sim/src/endpoint.rs").read_text()
    found = re.findall(r'\b(public|read|trade)\("(/[^"]+)"', source)
    assert len(found) > 80, "the endpoints are no longer found in endpoint.rs"
    names = {f"{'POST' if kind == 'trade' else 'GET'} {path}" for kind, path in found}
    assert names - set(keys(ENDPOINTS)) == set()


def test_every_endpoint_of_the_native_client_is_listed():
    listed = {key.split(" ", 1)[1].strip("/").replace("/", "-") for key in keys(ENDPOINTS)}
    # A path that is asked and commanded has two names.
    names = {name.removesuffix("-get") for name in OkxHttpClient.endpoints()}
    assert names - listed == set()


def test_every_case_is_listed():
    assert [set(keys(table)) for table in CASE_TABLES] == [CASES, ORDER_CASES, FAULTS, DEFECTS]


def test_market_data_cases_are_not_left_to_a_later_release():
    late = [line.key for line in LEDGER if line.section in (METHODS, CASE_TABLES[0]) and line.status == "later"]
    assert late == []
