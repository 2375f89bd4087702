"""What the checking costs: the suites' time over the candidate's own, in one run.

Run it as ``python benchmarks/suites.py [numpy|keras ...]`` in an environment that has what the
candidate needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def measure(name: str) -> tuple[float, float]:
    """Return the seconds of the whole run and those inside the candidate."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = Path(folder, "seconds")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [f"--impl={HERE / 'timed.py'}:{name}"]
        environment = {**os.environ, "TIMED_SECONDS": str(seconds)}
        start = time.perf_counter()
        subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        whole = time.perf_counter() - start
        return whole, sum(map(float, seconds.read_text().split()))


def main() -> int:
    """Print a table of the candidates that were asked for."""
    print(f"{'candidate':<12}{'whole run':>12}{'candidate':>12}{'checking/candidate':>22}")
    for name in sys.argv[1:] or ["numpy"]:
        whole, own = measure(name)
        print(f"{name:<12}{whole:>11.1f}s{own:>11.1f}s{(whole - own) / own:>22.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
