"""Time bounds of report commands, in milliseconds."""

from datetime import datetime

from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI
from nautilus_trader.core.datetime import dt_to_unix_nanos


def millis(time: datetime | None) -> int | None:
    """Milliseconds since the epoch; None stays open."""
    return None if time is None else dt_to_unix_nanos(time) // NANOS_PER_MILLI
