"""Every spec on every emulated device, over many seeds: none may fail with what it declares.

Run it as ``python benchmarks/devices.py --seeds 1000 --processes 2``; ``--only`` takes a part of a
device's name, ``--spec`` a part of a spec's. It shows how near its bound each device comes, and how
often it fails where it declares nothing. The tests do the same for a few seeds.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from devices.machines import MACHINES
from devices.trial import emulations

import oracle


@dataclass
class Outcome:
    """What came of one spec on one device."""

    runs: int = 0
    largest: float = 0.0
    undeclared: int = 0
    """How many of the first runs fail where nothing is declared."""
    alarms: list[str] = field(default_factory=list)


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many runs of each spec")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default="", help="devices whose name contains this")
    parser.add_argument("--spec", default="", help="specs whose id contains this")
    parser.add_argument("--undeclared", type=int, default=5, help="runs that declare nothing")
    parser.add_argument("--processes", type=int, default=1, help="how many work at once")
    return parser.parse_args()


def judged(spec: str, name: str, asked: argparse.Namespace) -> Outcome:
    """Run a spec on a device."""
    found, machine = Outcome(), MACHINES[name]
    for emulation in emulations(spec, machine, range(asked.first, asked.first + asked.seeds)):
        verdict = emulation.verdict()
        found.largest = max(found.largest, verdict.largest)
        if verdict.failed:
            found.alarms.append(f"{emulation}: {verdict.worst}")
        if found.runs < asked.undeclared:
            found.undeclared += emulation.verdict(*machine.parts).failed
        found.runs += 1
    return found


def main() -> int:
    """Print a line for each device, and every false alarm."""
    options = asked()
    specs = [spec for spec in oracle.specs() if options.spec in spec]
    alarms: list[str] = []
    with ProcessPoolExecutor(options.processes) as pool:
        for name in (name for name in MACHINES if options.only in name):
            begin = time.perf_counter()
            found = list(pool.map(judged, specs, repeat(name), repeat(options)))
            alarms += [alarm for one in found for alarm in one.alarms]
            runs, seen = sum(one.runs for one in found), sum(one.undeclared > 0 for one in found)
            largest = max((one.largest for one in found), default=0.0)
            print(
                f"{name:16} {runs:7} runs, largest error/bound {largest:.3f}, "
                f"{sum(len(one.alarms) for one in found)} fail; undeclared, {seen} of {len(specs)} "
                f"specs fail; {time.perf_counter() - begin:.0f} s",
                flush=True,
            )
    print(f"{len(alarms)} false alarms")
    for alarm in alarms:
        print(f"  {alarm}")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
