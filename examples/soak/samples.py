"""What is sampled every second, and what a run amounts to."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

WARM_UP_FRACTION: Final = 0.2
"""Part of a run whose samples say nothing about growth: buffers and caches still fill."""

MIN_SAMPLES_JUDGED: Final = 120
"""With fewer samples, growth and drift are shown but not judged: noise would decide."""

MEMORY_GROWTH_LIMIT: Final = 0.10
"""Resident memory at the end may exceed that after the warm-up by this part, and by `MEMORY_SLACK_MB` at least."""

MEMORY_SLACK_MB: Final = 8.0


@dataclass(frozen=True)
class Sample:
    """One second of a run. Counters are totals since the start; latencies are those of this second."""

    at_secs: float
    rss_mb: float
    messages: int
    gaps_detected: int
    gaps_recovered: int
    decode_errors: int
    dropped: int
    connects: int
    p50_us: float
    p99_us: float


@dataclass(frozen=True)
class Mark:
    """A fault that was put in place."""

    at_secs: float
    name: str


@dataclass
class Books:
    """How the books fared."""

    compared: int = 0
    mismatches: int = 0
    crossed: int = 0
    last_mismatch: str = ""


@dataclass
class Soak:
    """One run."""

    seed: int
    driver: str
    samples: list[Sample] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    books: Books = field(default_factory=Books)
    silent: list[str] = field(default_factory=list)
    last_events: list[str] = field(default_factory=list)
    """Streams that did not flow at the end."""


def growth_mb_per_hour(samples: Sequence[Sample]) -> float:
    """Slope of resident memory after the warm-up, by least squares; 0 for fewer than two samples."""
    steady = samples[int(len(samples) * WARM_UP_FRACTION) :]
    if len(steady) < 2:
        return 0.0
    return statistics.linear_regression([s.at_secs for s in steady], [s.rss_mb for s in steady]).slope * 3600


def latency_drift(samples: Sequence[Sample]) -> float:
    """Median p50 of the last quarter over that of the first quarter after the warm-up; 1 is no drift."""
    steady = [s.p50_us for s in samples[int(len(samples) * WARM_UP_FRACTION) :] if s.p50_us > 0]
    quarter = len(steady) // 4
    if quarter == 0:
        return 1.0
    first = statistics.median(steady[:quarter])
    return statistics.median(steady[-quarter:]) / first if first else 1.0


def memory_grew(samples: Sequence[Sample]) -> bool:
    """Whether the median of the last tenth exceeds that of the first tenth after the warm-up by more than the limit."""
    steady = [s.rss_mb for s in samples[int(len(samples) * WARM_UP_FRACTION) :]]
    tenth = len(steady) // 10
    if len(samples) < MIN_SAMPLES_JUDGED or tenth == 0:
        return False
    first, last = statistics.median(steady[:tenth]), statistics.median(steady[-tenth:])
    return last - first > max(first * MEMORY_GROWTH_LIMIT, MEMORY_SLACK_MB)


def summary_of(soak: Soak) -> dict[str, Any]:
    """The figures of `build/soak.json`."""
    first, last = soak.samples[0], soak.samples[-1]
    seconds = max(last.at_secs - first.at_secs, 1e-9)
    return {
        "seed": soak.seed,
        "driver": soak.driver,
        "seconds": round(last.at_secs, 1),
        "messages": last.messages,
        "messages_per_second": round((last.messages - first.messages) / seconds, 1),
        "faults": len(soak.marks),
        "connects": last.connects,
        "gaps_detected": last.gaps_detected,
        "gaps_recovered": last.gaps_recovered,
        "decode_errors": last.decode_errors,
        "dropped": last.dropped,
        "books_compared": soak.books.compared,
        "book_mismatches": soak.books.mismatches,
        "crossed_books": soak.books.crossed,
        "rss_mb": {
            "first": round(first.rss_mb, 1),
            "last": round(last.rss_mb, 1),
            "max": round(max(s.rss_mb for s in soak.samples), 1),
            "per_hour": round(growth_mb_per_hour(soak.samples), 2),
        },
        "latency_us": {
            "p50": round(statistics.median(s.p50_us for s in soak.samples), 1),
            "p99": round(statistics.median(s.p99_us for s in soak.samples), 1),
            "drift": round(latency_drift(soak.samples), 3),
        },
    }


def failures_of(soak: Soak) -> list[str]:
    """What does not hold, in words; empty when the run passed."""
    last = soak.samples[-1]
    failures = []
    if last.gaps_recovered != last.gaps_detected:
        failures.append(f"{last.gaps_detected} gaps detected, {last.gaps_recovered} recovered")
    if soak.books.mismatches:
        failures.append(f"{soak.books.mismatches} books differ from the exchange's ({soak.books.last_mismatch})")
    if not soak.books.compared:
        failures.append("no book could be compared")
    if soak.books.crossed:
        failures.append(f"{soak.books.crossed} times a book was crossed")
    if soak.silent:
        failures.append(f"silent at the end: {', '.join(soak.silent)}")
    if last.dropped:
        failures.append(f"{last.dropped} objects dropped")
    if memory_grew(soak.samples):
        failures.append(f"memory grows by {growth_mb_per_hour(soak.samples):.1f} MB an hour")
    return failures
