"""One trial of the order races: an execution client against the venue process; prints one JSON line.

Both clients get the same commands of the engine and hand their events to the same handler. Measured are

* from the call of `submit_order` until the bytes are in the venue's process (a bare socket that is given a finished
  frame shows what of it the system's network stack takes),
* from the venue's write of a fill until the `OrderFilled` is handed to the engine,
* from the first call of a burst until its last order is in the venue's process: a small burst, and one within OKX's
  limits (60 orders in 2 s on an instrument, 1,000 over all) that a client may hold back by limits of its own.

The pace is below the 30 orders a second that the stock client allows itself.
"""

import argparse
import asyncio
import json
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop
from nautilus_trader.accounting.factory import AccountFactory
from nautilus_trader.adapters.okx import OKXExecClientConfig, OKXLiveExecClientFactory
from nautilus_trader.adapters.okx.native import OKXNativeExecClientConfig, OKXNativeLiveExecClientFactory
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.config import InstrumentProviderConfig
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType, OKXMarginMode
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import SubmitOrder
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.events import OrderFilled
from nautilus_trader.model.identifiers import ClientId, InstrumentId, StrategyId, TraderId
from nautilus_trader.model.objects import Price, Quantity

from benches.frames import inst_ids
from benches.meter import settle
from benches.order_venue import FIRST_CODE, INSTRUMENTS

BARE = "bare socket"
CONTESTANTS = ("native", "native-threaded", "stock", BARE)
DEADLINE_SECS = 120
WARM_UP = 50
SMALL_BURST = 20


class Venue:
    """The venue's process."""

    def __init__(self, process: "subprocess.Popen[str]", times: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout, self._times = process.stdin, process.stdout, times
        self.port: int = json.loads(self._stdout.readline())["port"]

    def _ask(self, command: str) -> str:
        self._stdin.write(f"{command}\n")
        self._stdin.flush()
        return self._stdout.readline()

    def count(self) -> int:
        return int(self._ask("count"))

    def times(self) -> tuple[dict[str, int], dict[str, int]]:
        """When each order was received, and when its fill was sent."""
        self._ask("report")
        received, filled = json.loads(self._times.read_text())
        return received, filled


@contextmanager
def venue(fills: bool) -> Iterator[Venue]:
    """A venue for one trial, ended with the block."""
    with tempfile.TemporaryDirectory() as room:
        times = Path(room) / "times"
        command = [sys.executable, "-m", "benches.order_venue", "--times", str(times), *(["--fills"] if fills else [])]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Venue(process, times)
        finally:
            process.kill()
            process.wait()


class Engine:
    """Stands where the engine stands; notes when fills come."""

    def __init__(self, contestant: str, port: int) -> None:
        clock, self.cache = LiveClock(), Cache()
        msgbus = MessageBus(trader_id=TraderId("BENCH-001"), clock=clock)
        msgbus.register(endpoint="ExecEngine.process", handler=self._process)
        msgbus.register(endpoint="ExecEngine.reconcile_execution_report", handler=self.reports_append)
        msgbus.register(endpoint="Portfolio.update_account", handler=self._account)
        self.reports: list[Any] = []
        self.filled_ns: dict[str, int] = {}
        self.wanted = 0
        self.done = asyncio.Event()
        # Letters and digits only: other ids the stock client cannot send.
        self.orders = OrderFactory(
            TraderId("BENCH-001"), StrategyId("S-001"), clock, use_hyphens_in_client_order_ids=False
        )
        is_native = contestant.startswith("native")
        extra: dict[str, Any] = {"driver": "threaded" if "threaded" in contestant else "inline"} if is_native else {}
        config = (OKXNativeExecClientConfig if is_native else OKXExecClientConfig)(
            api_key="key",
            api_secret="secret",
            api_passphrase="passphrase",
            instrument_provider=InstrumentProviderConfig(load_all=True),
            instrument_types=(OKXInstrumentType.SWAP,),
            margin_mode=OKXMarginMode.CROSS,
            base_url_http=f"http://127.0.0.1:{port}",
            base_url_ws=f"ws://127.0.0.1:{port}/ws/v5/private",
            **extra,
        )
        factory: Any = OKXNativeLiveExecClientFactory if is_native else OKXLiveExecClientFactory
        self.client = factory.create(asyncio.get_running_loop(), "OKX", config, msgbus, self.cache, clock)

    def reports_append(self, report: Any) -> None:
        self.reports.append(report)

    def _account(self, event: Any) -> None:
        if self.cache.account(event.account_id) is None:
            self.cache.add_account(AccountFactory.create(event))

    def _process(self, event: Any) -> None:
        if isinstance(event, OrderFilled):
            self.filled_ns[event.client_order_id.value] = time.monotonic_ns()
            if len(self.filled_ns) >= self.wanted:
                self.done.set()
        order = self.cache.order(event.client_order_id)
        if not (isinstance(event, OrderFilled) and event.trade_id in order.trade_ids):
            order.apply(event)
            self.cache.update_order(order)

    async def connect(self) -> None:
        await self.client._instrument_provider.initialize()
        for instrument in self.client._instrument_provider.list_all():
            self.cache.add_instrument(instrument)
        await self.client._connect()
        self.client._set_connected(True)

    def commands(self, count: int) -> list[SubmitOrder]:
        """Limit orders on the instruments in turn, so that OKX's limits for one instrument do not matter."""
        ids = [InstrumentId.from_str(f"{inst_id}.OKX") for inst_id in inst_ids(INSTRUMENTS)]
        commands = []
        for number in range(count):
            order = self.orders.limit(
                ids[number % INSTRUMENTS],
                OrderSide.BUY,
                Quantity.from_str("0.10"),
                Price.from_str(f"{91_000 + number / 10:.1f}"),
            )
            self.cache.add_order(order)
            commands.append(
                SubmitOrder(order.trader_id, order.strategy_id, order, UUID4(), 0, client_id=ClientId("OKX"))
            )
        return commands


def client_frame(payload: bytes) -> bytes:
    """A client's text frame (RFC 6455) with a key of zeros, which leaves the payload as it is."""
    return struct.pack("!BBH", 0x81, 0x80 | 126, len(payload)) + bytes(4) + payload


def bare_order(number: int) -> tuple[str, bytes]:
    """An order as a frame that is ready to be sent, and its id."""
    cl_ord_id = f"bare{number}"
    order = {
        "instIdCode": FIRST_CODE + number % INSTRUMENTS, "tdMode": "cross", "clOrdId": cl_ord_id, "side": "buy",
        "ordType": "limit", "sz": "0.1", "px": f"{91_000 + number / 10:.1f}",
    }  # fmt: skip
    return cl_ord_id, client_frame(json.dumps({"id": str(number), "op": "order", "args": [order]}).encode())


async def bare(count: int, rate: int) -> dict[str, float]:
    """Finished frames given to a socket at a rate: what is left when a client does nothing at all."""
    with venue(fills=False) as place, socket.create_connection(("127.0.0.1", place.port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(
            b"GET /ws/v5/private HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        # Answers are read as they come, or the venue would wait for room.
        loop.add_reader(sock, sock.recv, 65536)
        orders = [bare_order(number) for number in range(count + WARM_UP)]
        settle()
        called_ns: dict[str, int] = {}
        due = loop.time()
        for cl_ord_id, frame in orders:
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            called_ns[cl_ord_id] = time.monotonic_ns()
            sock.sendall(frame)
        async with asyncio.timeout(DEADLINE_SECS):
            while place.count() < len(orders):  # noqa: ASYNC110 - the venue tells when asked
                await asyncio.sleep(0.01)
        loop.remove_reader(sock)
        received_ns, _ = place.times()
        return percentiles("submit", [(received_ns[i] - called_ns[i]) / 1e3 for i, _ in orders[WARM_UP:]])


def percentiles(name: str, sample: list[float]) -> dict[str, float]:
    sample = sorted(sample)
    return {f"{name}_p50_us": sample[len(sample) // 2], f"{name}_p99_us": sample[int(len(sample) * 0.99)]}


async def paced(contestant: str, count: int, rate: int) -> dict[str, float]:
    """Orders at a rate, each filled a moment later."""
    with venue(fills=True) as place:
        engine = Engine(contestant, place.port)
        engine.wanted = count + WARM_UP
        await engine.connect()
        commands = engine.commands(count + WARM_UP)
        settle()
        called_ns: dict[str, int] = {}
        loop = asyncio.get_running_loop()
        due = loop.time()
        for command in commands:
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            called_ns[command.order.client_order_id.value] = time.monotonic_ns()
            engine.client.submit_order(command)
        await asyncio.wait_for(engine.done.wait(), DEADLINE_SECS)
        received_ns, sent_ns = place.times()
        ids = [command.order.client_order_id.value for command in commands[WARM_UP:]]
        result = percentiles("submit", [(received_ns[i] - called_ns[i]) / 1e3 for i in ids])
        result |= percentiles("fill", [(engine.filled_ns[i] - sent_ns[i]) / 1e3 for i in ids])
        await engine.client._disconnect()
        return result


async def burst(contestant: str, count: int) -> dict[str, float]:
    """Orders one after the other in one turn of the loop."""
    with venue(fills=False) as place:
        engine = Engine(contestant, place.port)
        await engine.connect()
        warm, commands = engine.commands(WARM_UP), engine.commands(count)
        for command in warm:
            engine.client.submit_order(command)
            await asyncio.sleep(0.04)
        settle()
        # Limits are counted over two seconds: the orders before must not slow these.
        await asyncio.sleep(2.5)
        before_ns = time.monotonic_ns()
        for command in commands:
            engine.client.submit_order(command)
        called_ns = time.monotonic_ns()
        async with asyncio.timeout(DEADLINE_SECS):
            while place.count() < count + WARM_UP:  # noqa: ASYNC110 - the venue tells when asked
                await asyncio.sleep(0.01)
        received_ns, _ = place.times()
        last_ns = max(received_ns[command.order.client_order_id.value] for command in commands)
        await engine.client._disconnect()
        name = f"burst_{count}"
        return {f"{name}_ms": (last_ns - before_ns) / 1e6, f"{name}_calls_ms": (called_ns - before_ns) / 1e6}


async def trial(args: argparse.Namespace) -> dict[str, float]:
    if args.contestant == BARE:
        return await bare(args.count, args.rate)
    result = await paced(args.contestant, args.count, args.rate)
    result |= await burst(args.contestant, SMALL_BURST)
    return result | await burst(args.contestant, args.burst)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contestant", choices=CONTESTANTS, required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--burst", type=int, default=1_000)
    print(json.dumps(uvloop.run(trial(parser.parse_args()))), flush=True)


if __name__ == "__main__":
    main()
