"""`okx-nt bench`: the project's benchmark script, from a checkout of the project."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    settings = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("bench", context_settings=settings)(bench)


def bench(
    context: typer.Context,
    project: Annotated[Path, typer.Option(help="The project's folder.")] = Path(),
) -> None:
    """Run the benchmarks (`python -m benches.run`); further options go to the script."""
    if not (project / "benches" / "run.py").is_file():
        typer.echo(
            f"No benches/run.py in {project.resolve()}: the benchmarks and their peers are not part of the wheel; "
            "run this in a checkout of the project, or name it with --project",
            err=True,
        )
        raise typer.Exit(2)
    raise typer.Exit(subprocess.call([sys.executable, "-m", "benches.run", *context.args], cwd=project))
