"""`okx-nt sim` and `okx-nt replay`: serve the simulated exchange until stopped."""

import json
import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
from nautilus_trader.adapters.okx.native._okx import OkxError, SimulatedExchange
from rich.console import Console
from rich.table import Table

Host = Annotated[str, typer.Option(help="Address to listen on; anything but loopback lets others in.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]
PrintJson = Annotated[bool, typer.Option("--print-json", help="Print the addresses and keys as one JSON line.")]
Tls = Annotated[bool, typer.Option("--tls", help="Serve https and wss by a certificate authority made for this run.")]
CaOut = Annotated[Path | None, typer.Option(help="With --tls: write the authority's certificate (PEM) here.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Config = Annotated[
    str | None,
    typer.Option(
        help="More settings, as a JSON object with any of: accounts, limits, journal, paused, start_ms, threads, "
        'tape_speed, rate, instruments. E.g. \'{"limits": {"rest": false}}\'.'
    ),
]
Tape = Annotated[
    list[str] | None, typer.Option(help="Recorded frames (JSONL) to play; `builtin` for those in the package.")
]


def register(app: typer.Typer) -> None:
    app.command("sim")(serve)
    app.command("replay")(replay)


def serve(
    port: Port = 0,
    host: Host = "127.0.0.1",
    print_json: PrintJson = False,
    tape: Tape = None,
    seed: Seed = 1,
    tls: Tls = False,
    ca_out: CaOut = None,
    config: Config = None,
) -> None:
    """Serve a simulated OKX (REST and WebSocket) until stopped."""
    run(host, port, print_json, tape or [], seed, tls, ca_out, settings_of(config))


def replay(
    paths: Annotated[list[str], typer.Argument(help="Recorded frames (JSONL), in order.")],
    speed: Annotated[float, typer.Option(help="Pace: 1 as recorded, 2 twice as fast.")] = 1.0,
    port: Port = 0,
    host: Host = "127.0.0.1",
    print_json: PrintJson = False,
    seed: Seed = 1,
    tls: Tls = False,
    ca_out: CaOut = None,
    config: Config = None,
) -> None:
    """Serve recorded frames as a simulated OKX, so that any client can be run against them."""
    if speed <= 0:
        raise typer.BadParameter("speed must be positive")
    missing = [path for path in paths if path != "builtin" and not Path(path).is_file()]
    if missing:
        raise typer.BadParameter(f"no such file: {', '.join(missing)}")
    run(host, port, print_json, paths, seed, tls, ca_out, {"tape_speed": speed, **settings_of(config)})


def settings_of(text: str | None) -> dict[str, Any]:
    """The `--config` object."""
    if text is None:
        return {}
    try:
        settings = json.loads(text)
    except json.JSONDecodeError as e:
        raise typer.BadParameter(f"--config is not JSON: {e}") from e
    if not isinstance(settings, dict):
        raise typer.BadParameter('--config must be a JSON object, e.g. \'{"limits": {"rest": false}}\'')
    return settings


def run(
    host: str,
    port: int,
    print_json: bool,
    tape: list[str],
    seed: int,
    tls: bool,
    ca_out: Path | None,
    config: dict[str, Any],
) -> None:
    """Start the exchange, say where it is, and wait for a signal."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        exchange = SimulatedExchange(host=host, port=port, tls=tls, seed=seed, tape=tape or None, config=config or None)
        exchange.start()
    except (OkxError, OSError, ValueError) as e:
        typer.echo(f"The simulated exchange did not start: {e}", err=True)
        raise typer.Exit(1) from e
    try:
        if ca_out is not None and exchange.ca_pem is not None:
            ca_out.write_bytes(exchange.ca_pem)
        if print_json:
            typer.echo(json.dumps(exchange.urls()))
        else:
            Console().print(address_table(exchange.urls()))
        while not stopped.wait(1.0):
            pass
    finally:
        exchange.stop()


def address_table(urls: dict[str, str]) -> Table:
    table = Table("", "address or key", title="Simulated OKX, until Ctrl-C")
    for name, value in urls.items():
        table.add_row(name, value)
    return table
