"""`okx-nt record`: raw frames of any topics to rotating JSONL files."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
from nautilus_trader.adapters.okx.native._okx import OkxError, OkxWebSocketClient
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

MEGABYTE: Final = 1_000_000
PROGRESS_SECS: Final = 0.5
DEFAULT_ROTATE_MB: Final = 256
NAMED_KEYS: Final = ("instId", "instType", "instFamily", "ccy", "sprdId")


def register(app: typer.Typer) -> None:
    app.command("record")(record)


class RotatingWriter:
    """JSONL files of a bounded size: `STEM-0001.jsonl`, `STEM-0002.jsonl`, …; a line is never split."""

    def __init__(self, directory: Path, stem: str, max_bytes: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory, self._stem, self._max_bytes = directory, stem, max_bytes
        self._encoder = msgspec.json.Encoder()
        self._written = 0
        self.frames = 0
        self.bytes = 0
        self.files: list[Path] = []
        self._file = self._next()

    def write(self, recv_us: int, frame: Any) -> None:
        """Append one frame with its receive time, in microseconds."""
        line = self._encoder.encode({"recv_us": recv_us, "frame": frame}) + b"\n"
        if self._written and self._written + len(line) > self._max_bytes:
            self._file.close()
            self._file = self._next()
        self._file.write(line)
        self._written += len(line)
        self.bytes += len(line)
        self.frames += 1

    def close(self) -> None:
        self._file.close()

    def _next(self) -> Any:
        path = self._directory / f"{self._stem}-{len(self.files) + 1:04}.jsonl"
        self.files.append(path)
        self._written = 0
        return path.open("wb")


def topic_of(text: str) -> dict[str, str]:
    """`books:BTC-USDT` (an instrument id), `liquidation-orders:instType=SWAP`, or `status`."""
    channel, _, rest = text.partition(":")
    topic = {"channel": channel}
    for part in filter(None, rest.split(",")):
        name, eq, value = part.partition("=")
        if not eq:
            topic["instId"] = name
        elif name in NAMED_KEYS:
            topic[name] = value
        else:
            raise typer.BadParameter(f"{text!r}: use channel:instId, or channel:key=value with {', '.join(NAMED_KEYS)}")
    return topic


def record(
    topics: Annotated[list[str], typer.Argument(help="E.g. books:BTC-USDT, liquidation-orders:instType=SWAP, status.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("tape"),
    kind: Annotated[str, typer.Option(help="Socket: public, business or private.")] = "public",
    url: Annotated[str | None, typer.Option(help="WebSocket URL instead of OKX's.")] = None,
    region: Annotated[str, typer.Option(help="global, eea or us.")] = "global",
    environment: Annotated[str, typer.Option(help="live or demo.")] = "live",
    seconds: Annotated[float | None, typer.Option(help="Stop after this long; else by Ctrl-C.")] = None,
    frames: Annotated[int | None, typer.Option(help="Stop after this many frames.")] = None,
    rotate_mb: Annotated[float, typer.Option(help="Start a new file at this size.")] = DEFAULT_ROTATE_MB,
) -> None:
    """Record raw frames (`{"recv_us", "frame"}` a line); `okx-nt replay` serves them."""
    wanted = [topic_of(text) for text in topics]
    writer = RotatingWriter(out, time.strftime(f"okx-{kind}-%Y%m%dT%H%M%S", time.gmtime()), int(rotate_mb * MEGABYTE))
    client = {"url": url, "kind": kind, "region": region, "environment": environment}
    try:
        asyncio.run(_record(client, wanted, writer, seconds, frames))
    except OkxError as e:
        typer.echo(f"{e}", err=True)
        raise typer.Exit(1) from e
    finally:
        writer.close()
    typer.echo(f"{writer.frames} frames, {writer.bytes} bytes in {len(writer.files)} file(s) of {out}")


async def _record(
    client: dict[str, Any],
    topics: list[dict[str, str]],
    writer: RotatingWriter,
    seconds: float | None,
    frames: int | None,
) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)

    def on_frame(frame: dict[str, Any]) -> None:
        if not done.is_set():
            writer.write(time.time_ns() // 1_000, frame)
            if frames is not None and writer.frames >= frames:
                done.set()

    console = Console(stderr=True)
    socket = OkxWebSocketClient(
        client["url"],
        kind=client["kind"],
        region=client["region"],
        environment=client["environment"],
        callback=on_frame,
        on_event=lambda event: console.print(event["message"]) if event["level"] in ("warning", "error") else None,
    )
    try:
        await socket.connect()
        for topic in topics:
            await socket.subscribe(topic)
        if seconds is not None:
            loop.call_later(seconds, done.set)
        await _show_progress(console, writer, done)
    finally:
        await socket.close()


async def _show_progress(console: Console, writer: RotatingWriter, done: asyncio.Event) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("recording")
        while not done.is_set():
            text = f"{writer.frames} frames, {writer.bytes / MEGABYTE:.1f} MB, file {len(writer.files)}"
            progress.update(task, description=text)
            try:
                await asyncio.wait_for(done.wait(), PROGRESS_SECS)
            except TimeoutError:
                continue
