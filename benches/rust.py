"""The Rust comparison: decode and book synchronisation against the functions of `nautilus-okx`, by criterion."""

import json
import os
import subprocess
from pathlib import Path

from rich.console import Console

from benches.node import Values

ROOT = Path(__file__).parent.parent
CRATE = ROOT / "crates" / "adapters" / "okx" / "bench"


def rust_results(console: Console) -> list[Values]:
    """Build and run the bench crate (several minutes the first time) and read the rows it writes."""
    out = ROOT / "build" / "bench-rust.json"
    out.parent.mkdir(exist_ok=True)
    console.print("rust: building and running the criterion comparison")
    subprocess.run(
        ["cargo", "bench", "--quiet"],
        cwd=CRATE,
        env=os.environ | {"OKX_BENCH_OUT": str(out), "CARGO_TARGET_DIR": str(ROOT / "target" / "bench")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return [
        (row["name"], row["ours"], row["peer"], row["peer_name"], row["unit"], row["better"])
        for row in json.loads(out.read_text())
    ]
