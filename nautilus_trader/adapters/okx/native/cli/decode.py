"""`okx-nt decode`: captured REST bodies and WebSocket frames through the client's own types."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from nautilus_trader.adapters.okx.native._okx import OkxError, decode_files
from rich.console import Console
from rich.table import Table

SUFFIXES: Final = (".json", ".jsonl", ".txt")
CHUNK: Final = 256
"""Files decoded in one call: enough to be fast, few enough to show progress and bound memory."""


def register(app: typer.Typer) -> None:
    app.command("decode")(decode)


def decode(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders (searched for .json, .jsonl, .txt).")],
    as_endpoint: Annotated[
        str | None,
        typer.Option("--as", help="Endpoint of a REST body, e.g. public-instruments; else by its folder or its shape."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines even on a terminal.")] = False,
) -> None:
    """Decode captures: a line a file, then `N decoded, M failed`; exit code 1 if any failed."""
    table = None if as_json or not sys.stdout.isatty() else new_table()
    decoded = failed = 0
    for report in reports(expand(paths), as_endpoint):
        decoded, failed = decoded + report["ok"], failed + (not report["ok"])
        if table is None:
            sys.stdout.write(json.dumps(report) + "\n")
        else:
            add_row(table, report)
    if table is not None:
        Console().print(table)
    typer.echo(f"{decoded} decoded, {failed} failed")
    if failed:
        raise typer.Exit(1)


def expand(paths: list[Path]) -> Iterator[str]:
    """The files of the arguments, folders searched in order of name."""
    for path in paths:
        if path.is_dir():
            yield from (str(file) for file in sorted(path.rglob("*")) if file.suffix in SUFFIXES and file.is_file())
        else:
            yield str(path)


def reports(files: Iterator[str], as_endpoint: str | None) -> Iterator[dict[str, Any]]:
    """A report per file, in order; a file that cannot be read is a failure of that file alone."""
    chunk: list[str] = []
    for file in files:
        chunk.append(file)
        if len(chunk) == CHUNK:
            yield from decode_chunk(chunk, as_endpoint)
            chunk = []
    if chunk:
        yield from decode_chunk(chunk, as_endpoint)


def decode_chunk(chunk: list[str], as_endpoint: str | None) -> list[dict[str, Any]]:
    try:
        return [ordered(report) for report in decode_files(chunk, as_endpoint)]
    except OkxError as e:
        typer.echo(f"{e}", err=True)
        raise typer.Exit(2) from e


def ordered(report: Any) -> dict[str, Any]:
    return {name: report[name] for name in ("file", "kind", "ok", "items", "unknown_fields", "error")}


def new_table() -> Table:
    return Table("file", "kind", "items", "unknown fields", "error")


def add_row(table: Table, report: dict[str, Any]) -> None:
    style = None if report["ok"] else "red"
    unknown, error = ", ".join(report["unknown_fields"]), report["error"] or ""
    table.add_row(report["file"], report["kind"], str(report["items"]), unknown, error, style=style)
