"""The error ratchet: a text file with the largest error over bound of each optimizer so far.

It belongs beside a candidate's source: a version, a device, or a kernel that gets worse is told, as
long as its errors are honest, too. Each library, version, device and profile has a section.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oracle.golden.write import write_atomically
from oracle.report.lines import ReportError
from oracle.report.tally import Key, Tally

_HEAD = """\
# The largest error over bound that was seen of each optimizer, by dtype and mode; written by
# pytest --impl=... --impl-ratchet=FILE. It goes down by itself; take a line out to let it go up.
"""

Ratios = dict[str, float]
"""By spec, dtype and mode, in this order, the largest error over bound."""


@dataclass(frozen=True)
class Ratchet:
    """A file that is there, or will be."""

    path: Path
    sections: dict[str, Ratios] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Ratchet:
        """Read a file; one that is not there has no sections. Raises `ReportError`."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls(path)
        except (OSError, UnicodeDecodeError) as error:
            raise ReportError(
                f"--impl-ratchet={path}: the file cannot be read ({error})"
            ) from error
        sections: dict[str, Ratios] = {}
        held: Ratios | None = None
        for number, line in enumerate(text.splitlines(), 1):
            stated = line.partition("#")[0].strip()
            if stated.startswith("[") and stated.endswith("]"):
                held = sections.setdefault(stated[1:-1], {})
            elif stated:
                name, _, ratio = stated.rpartition(" ")
                if held is None or not name or not _is_ratio(ratio):
                    raise ReportError(
                        f"--impl-ratchet={path}: line {number} is {line!r}; it must be a section "
                        "in brackets, or a spec, a dtype, perhaps a mode, and a number"
                    )
                held[name.strip()] = float(ratio)
        return cls(path, sections)

    def turned(self, title: str, tallies: Mapping[Key, Tally]) -> Iterator[str]:
        """Yield what got worse, in a line each, and what came of the file, which is written.

        A section that is new is compared with the last one.
        """
        seen = dict(_seen(tallies))
        known = self.sections.get(title)
        before = known if known is not None else next(reversed(self.sections.values()), {})
        worse = {name: ratio for name, ratio in seen.items() if ratio > before.get(name, math.inf)}
        for name, ratio in worse.items():
            yield f"worse: {name}: error {ratio:g}x the bound, {before[name]:g}x before"
        better = sum(ratio < before.get(name, -math.inf) for name, ratio in seen.items())
        kept = {name: min(ratio, (known or {}).get(name, ratio)) for name, ratio in seen.items()}
        self._write({**self.sections, title: {**(known or {}), **kept}})
        fresh = len(seen.keys() - before.keys())
        yield f"ratchet: {len(worse)} worse, {better} better, {fresh} new, in {self.path}"

    def _write(self, sections: Mapping[str, Ratios]) -> None:
        lines = [
            line
            for title, ratios in sections.items()
            for line in ("", f"[{title}]", *(f"{n} {r:g}" for n, r in sorted(ratios.items())))
        ]
        try:
            write_atomically(self.path, _HEAD + "\n".join(lines) + "\n")
        except OSError as error:
            raise ReportError(
                f"--impl-ratchet={self.path}: the file cannot be written ({error.strerror})"
            ) from error


def _seen(tallies: Mapping[Key, Tally]) -> Iterator[tuple[str, float]]:
    """Yield each ratio to three digits, not below what was seen."""
    for (spec, dtype, mode), tally in tallies.items():
        if tally.ratio is not None and math.isfinite(tally.ratio):
            yield f"{spec} {dtype} {mode}".strip(), _rounded_up(tally.ratio)


def _rounded_up(ratio: float) -> float:
    if ratio == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(ratio)) - 2)
    return float(f"{math.ceil(ratio / step - 1e-9) * step:.3g}")


def _is_ratio(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False
