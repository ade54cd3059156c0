"""One trial of the reconciliation race: what an engine asks of an execution client at its start; prints one JSON line.

Measured is the call of `generate_mass_status` without a bound of time, which is the engine's default, until its reports
are there: orders, fills and positions. The client is connected before.
"""

import argparse
import json
import time

import uvloop

from benches.meter import settle
from benches.order_trial import CONTESTANTS, Engine


async def trial(contestant: str, port: int) -> dict[str, float]:
    engine = Engine(contestant, port)
    await engine.connect()
    settle()
    before_ns = time.monotonic_ns()
    status = await engine.client.generate_mass_status(None)
    after_ns = time.monotonic_ns()
    if status is None:
        raise RuntimeError("the client made no reports")
    fills = [fill for of_order in status.fill_reports.values() for fill in of_order]
    result = {
        "ms": (after_ns - before_ns) / 1e6,
        "orders": len(status.order_reports),
        "open": sum(report.is_open for report in status.order_reports.values()),
        "fills": len({(fill.instrument_id, fill.trade_id, fill.venue_order_id) for fill in fills}),
        "positions": len(status.position_reports),
    }
    await engine.client._disconnect()
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contestant", choices=CONTESTANTS, required=True)
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    print(json.dumps(uvloop.run(trial(args.contestant, args.port))), flush=True)


if __name__ == "__main__":
    main()
