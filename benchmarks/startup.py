"""What the installed plugin costs somebody else's pytest: start-up with it over without it.

Run it as ``python benchmarks/startup.py``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7


def seconds(folder: str, *options: str) -> float:
    """Return the best time of pytest on one empty test."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_empty.py").write_text("def test_nothing():\n    pass\n")
        without = seconds(folder, "-p", "no:optimizer-oracle")
        with_plugin = seconds(folder)
    print(f"without the plugin {without:.3f}s, with it {with_plugin:.3f}s")
    print(f"ratio {with_plugin / without:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
