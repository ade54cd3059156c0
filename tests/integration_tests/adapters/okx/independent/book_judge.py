"""A book builder of the judge's own: documented sequence rules, nothing shared with the product."""

from decimal import Decimal
from typing import Any


class BookJudge:
    """Applies `books` messages and raises on anything OKX's documentation forbids."""

    def __init__(self) -> None:
        self.bids: dict[Decimal, Decimal] = {}
        self.asks: dict[Decimal, Decimal] = {}
        self.seq_id: int | None = None
        self.updates = 0

    def apply(self, message: dict[str, Any]) -> None:
        for row in message["data"]:
            if message["action"] == "snapshot":
                assert row["prevSeqId"] == -1
                self.bids.clear()
                self.asks.clear()
            else:
                assert self.seq_id is not None, "an update before the snapshot"
                assert row["prevSeqId"] == self.seq_id, f"{row['prevSeqId']} does not follow {self.seq_id}"
                self.updates += 1
            self.seq_id = row["seqId"]
            self._merge(self.bids, row["bids"])
            self._merge(self.asks, row["asks"])
            if self.bids and self.asks:
                assert max(self.bids) < min(self.asks), "crossed"

    @staticmethod
    def _merge(side: dict[Decimal, Decimal], levels: list[list[str]]) -> None:
        for price, size, *_ in levels:
            if Decimal(size) == 0:
                del side[Decimal(price)]
            else:
                side[Decimal(price)] = Decimal(size)
