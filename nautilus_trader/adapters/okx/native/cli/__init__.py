"""The `okx-nt` command: simulator, decoder, recorder, doctor, benchmarks."""

import typer
from nautilus_trader.adapters.okx.native._okx import __version__
from nautilus_trader.adapters.okx.native.cli import bench, decode, doctor, record, sim

app = typer.Typer(
    name="okx-nt",
    help="Tools of the native OKX back end for NautilusTrader.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

sim.register(app)
decode.register(app)
record.register(app)
doctor.register(app)
bench.register(app)


@app.callback(invoke_without_command=True)
def options(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        typer.echo(f"okx-nt {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the `okx-nt` script."""
    app()
