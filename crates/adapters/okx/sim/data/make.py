"""Packs the recorded instrument lists and frames into the files the simulator compiles in.

Run from anywhere; it reads ``crates/adapters/okx/test_data`` and writes next to itself. Output bytes are reproducible.
"""

import gzip
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "test_data" / "corpus" / "rest"
TAPE = HERE.parent.parent / "test_data" / "tape" / "okx-public-2022-05-13.jsonl"
LISTS = [
    "burakoner-prod__5",  # SPOT
    "burakoner-prod__3",  # MARGIN
    "burakoner-prod__6",  # SWAP
    "burakoner-demo__2",  # FUTURES
    "burakoner-demo__4",  # OPTION
    "burakoner-demo__1",  # EVENTS
]
OTHERS = {
    "spreads": "sprd-spreads/burakoner-prod__1",
    "tickBands": "public-instrument-tick-bands/burakoner-prod__1",
    "eventBands": "public-instrument-tick-bands/okx-docs-2026-08__2",
    "series": "public-event-contract-series/burakoner-prod__1",
    "loanQuota": "public-interest-rate-loan-quota/burakoner-prod__1",
    "discount": "public-discount-rate-interest-free-quota/burakoner-prod__1",
    "funding": "public-funding-rate/burakoner-prod__1",
    "calendar": "public-economic-calendar/burakoner-prod__1",
}


def rows(name: str) -> list[dict[str, object]]:
    """The data of a recorded answer."""
    answer = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    data: list[dict[str, object]] = answer["data"]
    return data


def pack(name: str, text: str) -> None:
    """Writes compressed text without a time stamp."""
    (HERE / name).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main() -> None:
    """Writes both files."""
    seen: set[tuple[str, str]] = set()
    instruments = []
    for name in LISTS:
        for row in rows(f"public-instruments/{name}"):
            key = (str(row["instType"]), str(row["instId"]))
            if key not in seen:
                seen.add(key)
                instruments.append(row)
    reference = {key: rows(name) for key, name in OTHERS.items()}
    pack("instruments.json.gz", compact(instruments))
    pack("reference.json.gz", compact(reference))
    pack("tape.jsonl.gz", TAPE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
