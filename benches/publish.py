"""Put the figures of `build/bench.json` into the README and the benchmark page: `make measured`.

Only what stands between the two `measured` comments of a page is replaced, so a page never carries a figure that no run
produced.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
BEGIN: Final = "<!-- measured:begin -->"
END: Final = "<!-- measured:end -->"
PAGES: Final = (ROOT / "README.md", ROOT / "docs" / "benchmarks.md")


def table_of(rows: Sequence[dict[str, Any]], machine: dict[str, Any]) -> str:
    """The figures as a Markdown table, with the machine they come from."""
    lines = ["| measure | ours | peer | | unit | ratio | better |", "|---|---:|---:|---|---|---:|---|"]
    lines += [
        f"| {row['name']} | {row['ours']:,.1f} | {row['peer']:,.1f} | {row['peer_name']} | {row['unit']} "
        f"| {row['ratio']:.{2 if row['ratio'] >= 0.01 else 3}f}x | {row['better']} |"
        for row in rows
    ]
    lines += [
        "",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}, "
        f"{machine['date']}, `{machine['command']}`.",
    ]
    return "\n".join(lines)


def headlines(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows for the README: the default driver against the stock adapter, the fastest peer and the Rust one."""
    return [row for row in rows if "threaded" not in row["name"] and row["peer_name"] != "websockets+orjson"]


def replaced(page: str, content: str) -> str:
    """The page with `content` between the comments. Raises `ValueError` if they are missing or out of order."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page lacks {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{content}\n{END}{tail}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the pages; 1 with one sentence if there is nothing to publish."""
    parser = argparse.ArgumentParser(prog="make measured", description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("pages", type=Path, nargs="*", default=PAGES)
    args = parser.parse_args(arguments)
    machine_file = args.bench.with_name("bench-machine.json")
    missing = [str(path) for path in (args.bench, machine_file) if not path.is_file()]
    if missing:
        print(f"{' and '.join(missing)} missing: run make bench first", file=sys.stderr)
        return 1
    rows, machine = json.loads(args.bench.read_text()), json.loads(machine_file.read_text())
    for page in args.pages:
        content = table_of(headlines(rows) if page.name == "README.md" else rows, machine)
        page.write_text(replaced(page.read_text(), content))
        print(f"written: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
