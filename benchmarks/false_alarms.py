"""Honest rewritings of the rules over many random runs: none may fail, none may be diagnosed.

Run it as ``python benchmarks/false_alarms.py --seeds 1000``; ``--only`` takes a part of a
situation's name. The tests do the same for a few seeds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from honest import REWRITINGS
from honest.runs import PRECISIONS
from honest.situations import SITUATIONS
from honest.trial import trials

from oracle.claim import Precision


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many random runs for each")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default="", help="situations whose name contains this")
    parser.add_argument("--processes", type=int, default=1, help="how many work at once")
    parser.add_argument("--diagnose-every", type=int, default=10, help="diagnose every nth seed")
    return parser.parse_args()


def judged(situation: str, precision: Precision, asked: argparse.Namespace) -> list[str]:
    """Run all rewritings of a situation, tell the largest error and return the false alarms."""
    begin, largest, real, checks = time.perf_counter(), defaultdict[str, float](float), 0, 0
    alarms: list[str] = []
    for seed in range(asked.first, asked.first + asked.seeds):
        diagnosing = seed % asked.diagnose_every == 0
        for trial in trials(situation, precision, seed, diagnosing=diagnosing):
            name = trial.name.split(",")[0].removeprefix("honest.")
            largest[name] = max(largest[name], trial.verdict.largest)
            real, checks = real + trial.verdict.real, checks + trial.verdict.checks
            if trial.is_false_alarm:
                alarms.append(str(trial))
    seconds = time.perf_counter() - begin
    told = ", ".join(f"{name} {error:.3f}" for name, error in largest.items())
    types = f"{precision.dtype} by {precision.compute_dtype or precision.dtype}"
    print(
        f"{situation:38} {types:20} {real / checks:4.0%} real {seconds:6.1f}s  {told}", flush=True
    )
    return alarms


def main() -> int:
    """Print a line for each situation and precision, and every false alarm."""
    options = asked()
    chosen = [name for name in SITUATIONS if options.only in name]
    runs = [(name, precision) for name in chosen for precision in PRECISIONS]
    with ProcessPoolExecutor(options.processes) as pool:
        found = pool.map(judged, *zip(*runs, strict=True), repeat(options)) if runs else []
        alarms = [alarm for several in found for alarm in several]
    rewritings = sum(len(REWRITINGS[name]) for name in chosen)
    print(f"{rewritings} rewritings, {options.seeds} seeds, {len(PRECISIONS)} precisions each:")
    print(f"{len(alarms)} false alarms")
    for alarm in alarms:
        print(f"  {alarm}")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
