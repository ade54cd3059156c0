"""The simulated exchange in a process of its own, and its control endpoint."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CONTROL_TIMEOUT_SECS = 5.0
JOURNAL_PAGE = 1_000


class Simulator:
    """Addresses and keys of a running `okx-nt sim`, with the few control calls the run needs."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.rest = addresses["rest"]
        self.ws_public = addresses["ws_public"]
        self.ws_private = addresses["ws_private"]
        self.api_key = addresses["api_key"]
        self.api_secret = addresses["api_secret"]
        self.passphrase = addresses["passphrase"]

    def book(self, inst_id: str) -> dict[str, Any]:
        """The exchange's own `books` state: `seqId`, `bids`, `asks`."""
        return self._call(f"/control/book?instId={inst_id}")

    def inject_gap(self, inst_id: str) -> None:
        """Drop one update of `books`, so that the next one does not follow on."""
        self.inject(GAP | {"on": {"class": "update", "channel": "books", "instId": inst_id}})

    def account(self) -> dict[str, Any]:
        """Orders, fills, positions and balances as the exchange has them."""
        return self._call("/control/account")

    def script(self, op: str, **fields: Any) -> Any:
        """A move of the market or of the account."""
        return self._call("/control/script", {"op": op, **fields})

    def cut(self, link: str) -> None:
        """Reset every connection of a link at once."""
        self.inject({"name": "cut", "on": {"link": link}, "when": {"now": True}, "what": {"kind": "cut", "how": "rst"}})

    def journal(self) -> list[dict[str, Any]]:
        """What clients have sent, the newest of what is kept."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._call(f"/control/journal?from={found[-1]['no'] + 1 if found else 1}&limit={JOURNAL_PAGE}")
            entries = page["entries"] if isinstance(page, dict) else page
            found += entries
            if len(entries) < JOURNAL_PAGE:
                return found

    def inject(self, fault: dict[str, Any]) -> None:
        """Put a fault in place."""
        self._call("/control/fault", fault)

    def clear_faults(self) -> None:
        """Take all faults away."""
        self._call("/control/faults", method="DELETE")

    def _call(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        request = urllib.request.Request(
            self.rest + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=CONTROL_TIMEOUT_SECS) as response:
            return json.load(response)


GAP: dict[str, Any] = {"name": "gap", "when": {"count": 1}, "what": {"kind": "seq", "how": "drop"}}


@contextmanager
def simulator(*arguments: str) -> Iterator[Simulator]:
    """Start `okx-nt sim` on a free loopback port; it ends with the block."""
    command = [sys.executable, "-m", "nautilus_trader.adapters.okx.native", "sim", "--port", "0", "--print-json"]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Simulator(json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait(timeout=10)
