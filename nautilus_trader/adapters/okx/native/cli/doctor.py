"""`okx-nt doctor`: is this machine, this network and this account ready?"""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from nautilus_trader.adapters.okx.native.cli.checks import Finding, Target, examine
from rich.console import Console
from rich.table import Table


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    region: Annotated[str, typer.Option(help="global, eea or us.")] = "global",
    environment: Annotated[str, typer.Option(help="live or demo.")] = "live",
    base_url_http: Annotated[str | None, typer.Option(help="REST address instead of OKX's.")] = None,
    base_url_ws: Annotated[str | None, typer.Option(help="Public WebSocket URL instead of OKX's.")] = None,
    ca_file: Annotated[Path | None, typer.Option(help="PEM file with further authorities to trust.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a check.")] = False,
) -> None:
    """Check version, reachability, clock, region, keys and account, each with advice.

    Keys come from OKX_API_KEY, OKX_API_SECRET and OKX_API_PASSPHRASE; without them only public parts are checked.
    """
    try:
        ca_pem = ca_file.read_bytes() if ca_file else None
    except OSError as e:
        raise typer.BadParameter(f"--ca-file {ca_file} cannot be read: {e.strerror}") from e
    target = Target(
        region=region,
        environment=environment,
        base_url_http=base_url_http,
        base_url_ws=base_url_ws,
        api_key=os.environ.get("OKX_API_KEY"),
        api_secret=os.environ.get("OKX_API_SECRET"),
        api_passphrase=os.environ.get("OKX_API_PASSPHRASE"),
        ca_pem=ca_pem,
    )
    findings = asyncio.run(examine(target))
    if as_json:
        for finding in findings:
            typer.echo(json.dumps(asdict(finding)))
    else:
        Console().print(table_of(findings))
    if any(finding.status == "failed" for finding in findings):
        raise typer.Exit(1)


def table_of(findings: list[Finding]) -> Table:
    styles = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "dim"}
    table = Table("check", "", "found", "advice")
    for finding in findings:
        style = styles[finding.status]
        table.add_row(finding.check, f"[{style}]{finding.status}[/]", finding.detail, finding.advice)
    return table
