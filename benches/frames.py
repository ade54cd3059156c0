"""Frames as OKX sends them, built ahead of time so that the feeder only has to write bytes."""

import json
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

INST_ID = "BTC-USDT-SWAP"
TICK = 0.1
LEVELS_PER_UPDATE = 10
SNAPSHOT_LEVELS = 400
FIRST_SEQ_ID = 1_000_000
SEED = 20_261_124


def inst_ids(count: int) -> list[str]:
    """The instruments of a feed: the usual one, then made-up ones of the same form."""
    return [INST_ID, *(f"B{i:03d}-USDT-SWAP" for i in range(1, count))]


@dataclass(frozen=True)
class Feed:
    """One channel's frames: what answers the subscriptions, then the measured messages, instruments in turn."""

    channel: str
    inst_ids: list[str]
    opening: bytes
    frames: list[bytes]


def ws_text_frame(payload: bytes) -> bytes:
    """A server frame (RFC 6455, unmasked, final, text)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def _level(rng: random.Random, price: float) -> list[str]:
    return [f"{price:.1f}", f"{rng.uniform(0.01, 900):.2f}", "0", str(rng.randint(1, 40))]


def _dump(message: dict[str, object]) -> bytes:
    return ws_text_frame(json.dumps(message, separators=(",", ":")).encode())


def books(count: int, start_ms: int, instruments: int = 1) -> Feed:
    """A 400-level snapshot each, then `count` updates of 10 levels with a valid seqId chain."""
    rng = random.Random(SEED)
    ids = inst_ids(instruments)
    mid = 91_250.0

    def side(sign: int, levels: int) -> list[list[str]]:
        return [_level(rng, mid + sign * TICK * (i + 1)) for i in range(levels)]

    def message(inst_id: str, action: str, levels: int, prev: int, seq: int, ts: int) -> bytes:
        data = {
            "asks": side(1, levels),
            "bids": side(-1, levels),
            "ts": str(ts),
            "checksum": 0,
            "seqId": seq,
            "prevSeqId": prev,
        }
        return _dump({"arg": {"channel": "books", "instId": inst_id}, "action": action, "data": [data]})

    opening = b"".join(message(i, "snapshot", SNAPSHOT_LEVELS, -1, FIRST_SEQ_ID, start_ms) for i in ids)

    def update(i: int) -> bytes:
        seq_id = FIRST_SEQ_ID + i // instruments
        inst_id = ids[i % instruments]
        return message(inst_id, "update", LEVELS_PER_UPDATE // 2, seq_id, seq_id + 1, start_ms + i)

    return Feed("books", ids, opening, [update(i) for i in range(count)])


def trades(count: int, start_ms: int, instruments: int = 1) -> Feed:
    """`count` single-trade messages, as OKX's `trades` channel sends them."""
    rng = random.Random(SEED)
    ids = inst_ids(instruments)

    def messages() -> Iterator[bytes]:
        for i in range(count):
            trade = {
                "instId": ids[i % instruments],
                "tradeId": str(2_100_000_000 + i),
                "px": f"{91_250 + rng.randint(-500, 500) * TICK:.1f}",
                "sz": f"{rng.uniform(0.01, 40):.2f}",
                "side": rng.choice(("buy", "sell")),
                "ts": str(start_ms + i),
                "count": "1",
                "source": "0",
                "seqId": FIRST_SEQ_ID + i,
            }
            yield _dump({"arg": {"channel": "trades", "instId": trade["instId"]}, "data": [trade]})

    return Feed("trades", ids, b"", list(messages()))


BUILDERS = {"books": books, "trades": trades}
