"""Resident memory of this process."""

import os
import subprocess
from pathlib import Path
from typing import Final

STATM: Final = Path("/proc/self/statm")


def resident_bytes() -> int:
    """What the process holds in memory now; not its peak."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    # No /proc (macOS): ps tells it in units of 1,024 bytes.
    output = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    return int(output.stdout) * 1024
