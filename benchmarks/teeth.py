"""A library with one line wrong at a time: do its own tests see it, and do we, and how soon?

Run it as ``python benchmarks/teeth.py --impl keras`` where ``pytest --impl=keras`` runs; what one
backend alone runs is judged by ``--impl keras-torch`` or ``--impl keras-jax``. Both sides judge the
same copy of the installed library, up to the first failure, and are told where to begin: its own
optimizer tests with those of the file that has the error, and the suites with the spec that it is
in, in float32. PyTorch is installed without its tests, and judged by us alone; those of Optax take
minutes for each error, and need flax and scikit-learn: ``--ours`` leaves them out. Ctrl-C prints
what there is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from patched import LIBRARIES, Copy, Outcome, Patch

NAMED = ("formula", "default")
"""The kinds of errors of which the right line is demanded."""


@dataclass(frozen=True)
class Row:
    """One error before both juries."""

    patch: Patch
    theirs: Outcome | None
    ours: Outcome

    @property
    def right_line(self) -> bool | None:
        """Whether the first explanation names the error; None where nothing is demanded of it."""
        if not self.patch.says:
            return None
        return any(words in self.ours.explanation for words in self.patch.says)

    def told(self) -> str:
        """Return the row of the table."""
        theirs = _verdict(self.theirs) if self.theirs else (self._absent, 0)
        cells = (theirs, _verdict(self.ours), _LINES[self.right_line])
        painted = "".join(_painted(text, 14, colour) for text, colour in cells)
        seconds = f"{self.theirs.seconds:.1f}" if self.theirs else ""
        times = f"{seconds:>9}{self.ours.seconds:>9.1f}"
        return f"{self.patch.id:<46}{self.patch.kind:<14}{painted}{times}"

    @property
    def _absent(self) -> str:
        return "not run" if LIBRARIES[self.patch.impl].tests else "none shipped"


_GREEN, _RED = 32, 31
_LINES = {None: ("-", 0), True: ("yes", _GREEN), False: ("no", _RED)}
HEADER = f"{'error':<46}{'kind':<14}{'its own':<14}{'ours':<14}{'right line':<14}its own s   ours s"


def _verdict(outcome: Outcome) -> tuple[str, int]:
    return ("caught", _GREEN) if outcome.caught else ("passes", _RED)


def _painted(text: str, width: int, colour: int) -> str:
    """Fill a cell; it is coloured where somebody looks on who did not refuse colours."""
    cell = text.ljust(width)
    plain = os.environ.get("NO_COLOR") or not sys.stdout.isatty() or not colour
    return cell if plain else f"\033[{colour}m{cell}\033[0m"


def rows(chosen: Sequence[Patch], copy: Copy, *, alone: bool = False) -> Iterator[Row]:
    """Put every error before both juries, or ours alone: they first pass the right library."""

    def theirs(patch: Patch) -> Outcome | None:
        return None if alone else copy.theirs(patch.tests, patch.impl)

    def must_pass(who: str, outcome: Outcome | None) -> None:
        if outcome and outcome.caught:
            raise SystemExit(f"{who}: the right library does not pass\n{outcome.output}")

    @cache
    def ours_pass(spec: str, impl: str) -> None:
        must_pass("ours", copy.ours(spec, impl))

    for patch in chosen[:1]:
        must_pass("its own", theirs(patch))
    for patch in chosen:
        ours_pass(patch.spec, patch.impl)
        with copy.patched(patch):
            yield Row(patch, theirs(patch), copy.ours(patch.spec, patch.impl))


def summary(found: Sequence[Row]) -> Iterator[str]:
    """Yield the totals: shares, and the time of one over the time of the other."""
    theirs = [row.theirs for row in found if row.theirs]
    ours = [row.ours for row in found]
    if theirs:
        yield f"caught by its own tests: {_share([outcome.caught for outcome in theirs])}"
    else:
        yield "caught by its own tests: none were run"
    yield f"caught by ours: {_share([outcome.caught for outcome in ours])}"
    named = [row for row in found if row.patch.kind in NAMED]
    yield f"right line first, of formulas: {_share([bool(row.right_line) for row in named])}"
    others = [row for row in found if row.patch.kind not in NAMED and row.patch.says]
    yield f"right line first, of the rest: {_share([bool(row.right_line) for row in others])}"
    if theirs:
        ratio = sum(o.seconds for o in ours) / sum(o.seconds for o in theirs)
        yield f"our time over that of its tests: {ratio:.2f}"


def _share(held: Sequence[bool]) -> str:
    return f"{sum(held)} of {len(held)}" + (f" ({sum(held) / len(held):.0%})" if held else "")


def main() -> int:
    """Print the table row by row; exit with 1 if an error passes ours."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", metavar="GLOB", default="*", help="errors by id or kind")
    parser.add_argument("--impl", choices=LIBRARIES, default="keras", help="what is judged")
    parser.add_argument("--every", metavar="N", type=int, default=1, help="every Nth of them only")
    parser.add_argument("--skip", metavar="K", type=int, default=0, help="without the first K")
    parser.add_argument("--ours", action="store_true", help="leave out the library's own tests")
    parser.add_argument("--list", action="store_true", help="print the errors, and run nothing")
    options = parser.parse_args()
    library = LIBRARIES[options.impl]
    judged = [patch for patch in library.patches() if patch.impl == options.impl]
    chosen = [p for p in judged if any(fnmatchcase(x, options.only) for x in (p.id, p.kind))]
    chosen = chosen[max(options.skip, 0) :: max(options.every, 1)]
    if options.list:
        for patch in chosen:
            print(f"{patch.id:<46}{patch.file}: {patch.right}  ->  {patch.wrong}")
        return 0
    found: list[Row] = []
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        try:
            for row in rows(chosen, Copy.made(Path(folder), library), alone=options.ours):
                found.append(row)
                print(row.told(), flush=True)
        except KeyboardInterrupt:
            print(f"interrupted after {len(found)} of {len(chosen)} errors")
    print(*summary(found) if found else (), sep="\n")
    return int(not all(row.ours.caught for row in found))


if __name__ == "__main__":
    sys.exit(main())
