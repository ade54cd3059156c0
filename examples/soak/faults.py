"""What goes wrong during a soak: a seeded plan of faults, each a request for the exchange's control endpoint."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

BOOKS: Final = "books"


@dataclass(frozen=True)
class Fault:
    """One fault: its name in reports, when it is due, and the body of `POST /control/fault`."""

    name: str
    at_secs: float
    body: dict[str, Any]


def _books(instrument: str, what: dict[str, Any], count: int = 1) -> dict[str, Any]:
    return {
        "on": {"class": "update", "channel": BOOKS, "instId": instrument},
        "when": {"count": count},
        "what": what,
    }


def _public(what: dict[str, Any]) -> dict[str, Any]:
    return {"on": {"link": "public"}, "when": {"now": True}, "what": what}


MAKERS: Final[dict[str, Callable[[random.Random, str], dict[str, Any]]]] = {
    "update lost": lambda rng, inst: _books(inst, {"kind": "seq", "how": "drop"}),
    "update twice": lambda rng, inst: _books(inst, {"kind": "seq", "how": "repeat"}),
    "maintenance reset": lambda rng, inst: _books(inst, {"kind": "seq", "how": {"lower": 1_000}}),
    "keep-alive": lambda rng, inst: _books(inst, {"kind": "seq", "how": "freeze"}),
    "frame late": lambda rng, inst: _books(inst, {"kind": "hold", "how": {"delay": rng.randint(50, 2_000)}}),
    "frames swapped": lambda rng, inst: _books(inst, {"kind": "hold", "how": {"reorder": rng.randint(1, 5)}}),
    "frame cut short": lambda rng, inst: _books(inst, {"kind": "edit", "changes": [{"truncate": rng.randint(1, 200)}]}),
    "bits flipped": lambda rng, inst: {
        # Not in a book: a digit turned into another one is a wrong book that nobody can tell from a right one.
        "on": {"class": "update", "channel": "trades", "instId": inst},
        "when": {"count": 1},
        "what": {"kind": "edit", "changes": [{"flip": rng.randint(1, 8)}]},
    },
    "garbage": lambda rng, inst: _public({"kind": "inject", "payload": {"text": rng.choice(GARBAGE)}}),
    "connection reset": lambda rng, inst: _public({"kind": "cut", "how": "rst"}),
    "connection closed": lambda rng, inst: _public({"kind": "cut", "how": "fin"}),
    "reset inside a frame": lambda rng, inst: _books(
        inst, {"kind": "cut", "at": {"byte": rng.randint(1, 60)}, "how": "rst"}
    ),
    "upgrade notice": lambda rng, inst: _public({"kind": "notice", "close_after_ms": rng.choice([500, 3_000])}),
    "silence": lambda rng, inst: {
        "on": {"link": "public"},
        "when": {"now": True, "for_ms": rng.choice([2_000, 5_000])},
        "what": {"kind": "mute"},
    },
}
"""The kinds of faults. None of them is held for long: a soak is about what accumulates."""

GARBAGE: Final = ("", "{", "[" * 5_000, '{"arg":{"channel":"books"},"data":[{}]}', '{"event":"strange"}', "pong pong")


def plan(seed: int, seconds: float, every_secs: float, instruments: tuple[str, ...]) -> Iterator[Fault]:
    """Faults from `every_secs` on, about one in each interval, the last two intervals left in peace.

    Every kind comes once before any comes again. The same arguments give the same plan.
    """
    rng = random.Random(seed)
    names: list[str] = []
    at = every_secs
    while at < seconds - 2 * every_secs:
        if not names:
            names = sorted(MAKERS)
            rng.shuffle(names)
        name = names.pop()
        body = MAKERS[name](rng, rng.choice(instruments))
        yield Fault(name, at, {"name": f"soak: {name}", **body})
        at += every_secs * rng.uniform(0.5, 1.5)
