"""One trial: one contestant in its own process against a feeder in its own process; prints one JSON line."""

import argparse
import asyncio
import json
import os
import tempfile
from pathlib import Path

from benches.contestants import CONTESTANTS, Setup
from benches.feeder_process import feeder
from benches.meter import Meter, settle

DEADLINE_SECS = 120


async def trial(args: argparse.Namespace) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory() as room,
        feeder(args.feed, args.count, args.rate, Path(room), args.cert, args.instruments) as source,
    ):
        skip = args.instruments if args.feed == "books" else 0
        meter = Meter(args.count, skip, latency=bool(args.rate))
        close = await CONTESTANTS[args.contestant](Setup(source.port, args.feed, args.ca, args.instruments, meter))
        if skip:
            await asyncio.wait_for(meter.opened.wait(), DEADLINE_SECS)
        settle()
        before = os.times()
        source.go()
        await asyncio.wait_for(meter.done.wait(), DEADLINE_SECS)
        after = os.times()
        cpu_secs = after.user + after.system - before.user - before.system
        result = {"per_second": meter.per_second, "cpu_us_per_message": cpu_secs / args.count * 1e6}
        if meter.received_ns is not None:
            result |= source.latencies_us(meter.received_ns)
        await close()
        return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contestant", choices=list(CONTESTANTS), required=True)
    parser.add_argument("--feed", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--instruments", type=int, default=1)
    parser.add_argument("--rate", type=int)
    parser.add_argument("--loop", choices=("uvloop", "asyncio"), default="uvloop")
    parser.add_argument("--cert", type=Path)
    parser.add_argument("--ca", type=Path)
    args = parser.parse_args()
    if args.loop == "uvloop":
        import uvloop

        result = uvloop.run(trial(args))
    else:
        result = asyncio.run(trial(args))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
