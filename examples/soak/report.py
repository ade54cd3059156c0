"""The result of a soak: a table for the terminal, and a page with plots that needs nothing else."""

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from rich.table import Table

from examples.soak.samples import Mark, Sample, Soak, failures_of, summary_of

WIDTH: Final = 960
HEIGHT: Final = 180
LEFT: Final = 70
BOTTOM: Final = 24
TOP: Final = 12
POINTS: Final = 1_200
"""Points of a line at most: a day of samples would make a page that no browser likes."""

COLOURS: Final = ("#1f6feb", "#d1242f", "#8250df")

Series = tuple[str, Callable[[Sample], float]]
PLOTS: Final[tuple[tuple[str, tuple[Series, ...]], ...]] = (
    ("resident memory, MB", (("resident", lambda s: s.rss_mb),)),
    (
        "latency from socket to callback, us",
        (("p50", lambda s: s.p50_us), ("p99", lambda s: s.p99_us)),
    ),
    ("messages, total", (("messages", lambda s: float(s.messages)),)),
    (
        "gaps and bad frames, total",
        (
            ("gaps detected", lambda s: float(s.gaps_detected)),
            ("gaps recovered", lambda s: float(s.gaps_recovered)),
            ("decode errors", lambda s: float(s.decode_errors)),
        ),
    ),
    ("connects, total", (("connects", lambda s: float(s.connects)),)),
)


def summary_table(soak: Soak) -> Table:
    """The figures as a table."""
    table = Table(title="Soak", show_header=False)
    for key, value in summary_of(soak).items():
        if isinstance(value, dict):
            value = ", ".join(f"{name} {number:,}" for name, number in value.items())
        table.add_row(key, f"{value:,}" if isinstance(value, int | float) else str(value))
    return table


def as_json(soak: Soak) -> str:
    """`build/soak.json`: the figures, what failed, every fault and every sample."""
    content: dict[str, Any] = summary_of(soak)
    content["failures"] = failures_of(soak)
    content["marks"] = [vars(mark) for mark in soak.marks]
    content["samples"] = [vars(sample) for sample in soak.samples]
    return json.dumps(content, indent=1) + "\n"


def thinned(samples: Sequence[Sample], points: int = POINTS) -> list[Sample]:
    """At most so many samples, evenly spread, the first and the last among them."""
    if len(samples) <= points:
        return list(samples)
    step = (len(samples) - 1) / (points - 1)
    return [samples[round(i * step)] for i in range(points)]


def plot(title: str, series: Sequence[Series], samples: Sequence[Sample], marks: Sequence[Mark]) -> str:
    """One plot as SVG, with a thin line for each fault; hovering over it names the fault."""
    shown = thinned(samples)
    end = max(shown[-1].at_secs, 1e-9)
    top = max((value(s) for _, value in series for s in shown), default=0.0) or 1.0

    def x(at: float) -> float:
        return round(LEFT + (WIDTH - LEFT) * at / end, 1)

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)

    parts = [
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f'<line class="axis" x1="{LEFT}" y1="{y(0)}" x2="{WIDTH}" y2="{y(0)}"/>',
        f'<text x="{LEFT - 6}" y="{y(top) + 4}" class="end">{top:,.6g}</text>',
        f'<text x="{LEFT - 6}" y="{y(0) + 4}" class="end">0</text>',
        f'<text x="{WIDTH}" y="{HEIGHT - 6}" class="end">{end:,.0f} s</text>',
    ]
    parts += [
        f'<line class="fault" x1="{x(mark.at_secs)}" y1="{TOP}" x2="{x(mark.at_secs)}" y2="{y(0)}">'
        f"<title>{escape(mark.name)} at {mark.at_secs:.0f} s</title></line>"
        for mark in marks
    ]
    for (name, value), colour in zip(series, COLOURS, strict=False):
        line = " ".join(f"{x(s.at_secs)},{y(value(s))}" for s in shown)
        parts.append(f'<polyline stroke="{colour}" points="{line}"><title>{escape(name)}</title></polyline>')
    legend = "".join(
        f'<span style="color:{colour}">&#9632; {escape(name)}</span> '
        for (name, _), colour in zip(series, COLOURS, strict=False)
    )
    return "".join(parts) + f"</svg><p>{legend}</p></figure>"


STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; color: #1f2328 }
table { border-collapse: collapse } td { border: 1px solid #d0d7de; padding: 2px 10px }
svg { width: 100%; border: 1px solid #d0d7de } polyline { fill: none; stroke-width: 1.5 }
.axis { stroke: #57606a } .fault { stroke: #bf8700; stroke-opacity: .35; stroke-width: 3 }
text { font-size: 11px; fill: #57606a } .end { text-anchor: end }
figure { margin: 1.5em 0 } figcaption { font-weight: 600 } .bad { color: #d1242f } .good { color: #1a7f37 }
"""


def page(soak: Soak) -> str:
    """`build/soak.html`: verdict, figures and plots in one file without anything from elsewhere."""
    failures = failures_of(soak)
    verdict = (
        "".join(f'<p class="bad">failed: {escape(failure)}</p>' for failure in failures)
        or '<p class="good">every check holds</p>'
    )
    figures = {k: json.dumps(v) if isinstance(v, dict) else str(v) for k, v in summary_of(soak).items()}
    rows = "".join(f"<tr><td>{escape(key)}</td><td>{escape(text)}</td></tr>" for key, text in figures.items())
    plots = "".join(plot(title, series, soak.samples, soak.marks) for title, series in PLOTS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Soak</title>'
        f"<style>{STYLE}</style></head><body><h1>Soak</h1>{verdict}<table>{rows}</table>{plots}"
        "<p>Yellow lines are faults; hover over one for its name.</p></body></html>\n"
    )
