"""The report of a soak: figures, verdicts, plots, and the plan of faults. No exchange and no clock is involved."""

import itertools
import json
import xml.etree.ElementTree as ET

import pytest

from examples.soak.faults import MAKERS, plan
from examples.soak.memory import resident_bytes
from examples.soak.report import PLOTS, POINTS, as_json, page, summary_table, thinned
from examples.soak.samples import (
    MIN_SAMPLES_JUDGED,
    Books,
    Mark,
    Sample,
    Soak,
    failures_of,
    growth_mb_per_hour,
    latency_drift,
    memory_grew,
    summary_of,
)

INSTRUMENTS = ("BTC-USDT", "BTC-USDT-SWAP")


def sample(at: float, rss: float = 100.0, p50: float = 50.0, gaps: tuple[int, int] = (0, 0), **more: int) -> Sample:
    fields = {"messages": int(at * 100), "decode_errors": 0, "dropped": 0, "connects": 2} | more
    return Sample(
        at_secs=at, rss_mb=rss, gaps_detected=gaps[0], gaps_recovered=gaps[1], p50_us=p50, p99_us=90.0, **fields
    )


def run(samples: list[Sample], **fields: object) -> Soak:
    return Soak(seed=1, driver="inline", samples=samples, **({"books": Books(compared=2)} | fields))  # type: ignore[arg-type]


def test_a_run_in_which_everything_holds_passes():
    soak = run([sample(float(n)) for n in range(200)])
    assert failures_of(soak) == []
    assert "every check holds" in page(soak)
    assert json.loads(as_json(soak))["failures"] == []


@pytest.mark.parametrize(
    ("soak", "words"),
    [
        (run([sample(1.0, gaps=(3, 2))]), "3 gaps detected, 2 recovered"),
        (run([sample(1.0)], books=Books(compared=2, mismatches=1, last_mismatch="BTC seqId 5")), "BTC seqId 5"),
        (run([sample(1.0)], books=Books()), "no book could be compared"),
        (run([sample(1.0)], books=Books(compared=1, crossed=4)), "4 times a book was crossed"),
        (run([sample(1.0)], silent=["Bar"]), "silent at the end: Bar"),
        (run([sample(1.0, dropped=7)]), "7 objects dropped"),
        (run([sample(float(n), rss=100 + n) for n in range(200)]), "memory grows by 3600.0 MB an hour"),
    ],
)
def test_what_does_not_hold_is_said(soak, words):
    failures = failures_of(soak)
    assert len(failures) == 1
    assert words in failures[0]
    assert words in page(soak)


def test_growth_is_the_slope_after_the_warm_up():
    warm_up = [sample(float(n), rss=10 + n * 9) for n in range(10)]
    steady = [sample(float(n), rss=100 + (n - 10) * 0.01) for n in range(10, 50)]
    assert growth_mb_per_hour(warm_up + steady) == pytest.approx(36.0)
    assert growth_mb_per_hour([]) == 0
    assert growth_mb_per_hour([sample(1.0)]) == 0


def test_a_short_run_is_not_judged_by_its_memory():
    growing = [sample(float(n), rss=100 + n * 10) for n in range(MIN_SAMPLES_JUDGED)]
    assert memory_grew(growing)
    assert not memory_grew(growing[:-1])


def test_noise_is_no_growth():
    assert not memory_grew([sample(float(n), rss=100 + (n % 7)) for n in range(500)])


def test_drift_compares_the_ends_and_ignores_idle_seconds():
    assert latency_drift([sample(float(n), p50=50.0) for n in range(100)]) == 1.0
    slower = [sample(float(n), p50=0.0 if n % 3 == 0 else 50.0 if n < 60 else 100.0) for n in range(100)]
    assert latency_drift(slower) == 2.0
    assert latency_drift([]) == 1.0


def test_the_summary_counts_from_first_to_last():
    soak = run([sample(0.0), sample(10.0)], marks=[Mark(5.0, "garbage")])
    summary = summary_of(soak)
    assert summary["messages_per_second"] == 100.0
    assert summary["faults"] == 1
    assert summary_table(soak).row_count == len(summary)


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere():
    soak = run([sample(float(n)) for n in range(20)], marks=[Mark(5.0, "<update> & lost")])
    html = page(soak)
    root = ET.fromstring(html.replace("<!doctype html>", "").replace('<meta charset="utf-8">', ""))
    assert len(root.findall(".//svg")) == len(PLOTS)
    assert "&lt;update&gt; &amp; lost at 5 s" in html
    for elsewhere in ("http://", "https://", "<script", "src=", "href="):
        assert elsewhere not in html


def test_every_plot_stays_inside_its_frame():
    html = page(run([sample(float(n), rss=float(n * n)) for n in range(30)]))
    root = ET.fromstring(html.replace("<!doctype html>", "").replace('<meta charset="utf-8">', ""))
    for svg in root.iter("svg"):
        _, _, width, height = map(float, svg.attrib["viewBox"].split())
        for line in svg.iter("polyline"):
            for point in line.attrib["points"].split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width
                assert 0 <= y <= height


def test_a_long_run_is_thinned_and_keeps_its_ends():
    samples = [sample(float(n)) for n in range(86_400)]
    shown = thinned(samples)
    assert len(shown) == POINTS
    assert (shown[0], shown[-1]) == (samples[0], samples[-1])
    assert all(a.at_secs < b.at_secs for a, b in itertools.pairwise(shown))


def test_a_plan_is_its_seed():
    one, same, other = (list(plan(seed, 600, 5, INSTRUMENTS)) for seed in (1, 1, 2))
    assert one == same != other


def test_a_plan_brings_every_kind_before_it_repeats_and_ends_in_peace():
    faults = list(plan(3, 3_600, 5, INSTRUMENTS))
    assert {fault.name for fault in faults[: len(MAKERS)]} == set(MAKERS)
    assert faults[0].at_secs >= 5
    assert faults[-1].at_secs < 3_600 - 10
    assert all(a.at_secs < b.at_secs for a, b in itertools.pairwise(faults))
    assert list(plan(3, 10, 5, INSTRUMENTS)) == []


def test_faults_are_data_for_the_control_endpoint():
    for fault in plan(4, 600, 2, INSTRUMENTS):
        body = json.loads(json.dumps(fault.body))
        assert set(body) == {"name", "on", "when", "what"}
        assert body["when"].get("count") or body["when"].get("now"), "a fault must end"


def test_memory_is_that_of_this_process():
    assert resident_bytes() > 5_000_000
