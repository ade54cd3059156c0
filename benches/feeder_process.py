"""Starting and stopping the feeder process of a trial."""

import json
import subprocess
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FeederProcess:
    """A running feeder: where it listens, and the command that lets it send."""

    def __init__(self, process: "subprocess.Popen[str]", times: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._stdin, self._stdout, self._times = process, process.stdin, process.stdout, times
        self.port: int = json.loads(self._stdout.readline())["port"]

    def go(self) -> None:
        self._stdin.write("go\n")
        self._stdin.flush()

    def latencies_us(self, received_ns: "array[int]") -> dict[str, float]:
        """From the feeder's write to the handler's call; the first tenth is warm-up."""
        self._stdout.readline()  # "sent": the times are on disk
        sent_ns: array[int] = array("q")
        sent_ns.frombytes(self._times.read_bytes())
        warm = len(sent_ns) // 10
        pairs = list(zip(sent_ns, received_ns, strict=True))[warm:]
        sample = sorted((got - sent) / 1e3 for sent, got in pairs)
        return {"p50_us": sample[len(sample) // 2], "p99_us": sample[int(len(sample) * 0.99)]}


@contextmanager
def feeder(
    feed: str, count: int, rate: int | None, room: Path, cert: Path | None = None, instruments: int = 1
) -> Iterator[FeederProcess]:
    """A feeder for one trial, ended with the block."""
    times = room / "times"
    command = [sys.executable, "-m", "benches.feeder", "--feed", feed, "--count", str(count)]
    command += ["--instruments", str(instruments)]
    if rate:
        command += ["--rate", str(rate), "--times", str(times)]
    if cert:
        command += ["--cert", str(cert)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield FeederProcess(process, times)
    finally:
        process.kill()
        process.wait()
