"""What a contestant reports to: counts messages at the handler and keeps the times the result is made of."""

import asyncio
import gc
import time
from array import array


class Meter:
    """Counts `count` messages, after `skip` opening ones, and sets `done` at the last.

    In latency mode the receive time of each message is kept (monotonic ns, machine-wide clock).
    """

    def __init__(self, count: int, skip: int, latency: bool) -> None:
        self.count = count
        self.skip = skip
        self.seen = 0
        self.first_ns = 0
        self.last_ns = 0
        self.received_ns = array("q", bytes(8 * count)) if latency else None
        self.opened = asyncio.Event()
        self.done = asyncio.Event()

    def on_message(self, _message: object = None) -> None:
        """The handler every contestant calls once a message, on its event loop."""
        if self.skip:
            self.skip -= 1
            if not self.skip:
                self.opened.set()
            return
        now = time.monotonic_ns()
        if self.seen == 0:
            self.first_ns = now
        if self.received_ns is not None:
            self.received_ns[self.seen] = now
        self.seen += 1
        if self.seen == self.count:
            self.last_ns = now
            self.done.set()

    @property
    def per_second(self) -> float:
        """Messages a second between the first and the last."""
        return (self.seen - 1) / ((self.last_ns - self.first_ns) / 1e9)


def settle() -> None:
    """Collect now, so that no contestant pays for another's garbage during the measurement."""
    gc.collect()
    gc.freeze()
