"""What explained earlier failures of a candidate is tried first on the next one.

One slip makes most checks of a spec fail, in every dtype, and those of other specs that run the
same rule: it is searched for once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oracle.mutation.diagnosis import Told, told
from oracle.mutation.precisions import bounded_suspects
from oracle.mutation.search import DOUBTFUL, likely
from oracle.mutation.sighting import Sighting
from oracle.mutation.suspects import Suspect, being
from oracle.systems.base import Spec


@dataclass(eq=False)
class Cause:
    """What explained a failure, and how many others it explained since."""

    suspect: Suspect
    claimed: Spec
    runs: Spec | None
    failures: int = 1

    @property
    def name(self) -> str:
        """What is wrong."""
        return self.suspect.cause


class Causes:
    """The causes of the failures of one run, as far as they are known."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Cause] = {}

    def learn(self, sighting: Sighting, line: Told) -> None:
        """Remember what a line tells."""
        if line.suspect is not None:
            key = (line.cause, line.runs.id if line.runs else "")
            self._known.setdefault(key, Cause(line.suspect, sighting.spec, line.runs))

    def recognised(self, sighting: Sighting) -> Told | None:
        """Return the line that tells the known cause of a failure; None where none is beyond doubt.

        The cause of the most failures comes first.
        """
        if not self._known:
            return None
        names = {cause.name for cause in self._known.values()}
        looked_for = (*likely(sighting), *bounded_suspects(sighting))
        here = [suspect for suspect in looked_for if suspect.cause in names]
        for cause in sorted(self._known.values(), key=lambda cause: -cause.failures):
            for suspect in _again(cause, sighting, here):
                ratio = sighting.fit(suspect, cause.runs)
                if ratio is not None and ratio <= DOUBTFUL:
                    return self._told(cause, suspect, ratio)
        return None

    def _told(self, cause: Cause, suspect: Suspect, ratio: float) -> Told:
        before = f"{cause.failures} failure{'s' if cause.failures > 1 else ''} before"
        cause.failures += 1
        line = told(ratio, suspect, cause.runs)
        return replace(line, text=f"{line.text}, as in {before}")


def _again(cause: Cause, sighting: Sighting, here: Sequence[Suspect]) -> Iterator[Suspect]:
    """Yield the suspect of a cause as it is in another case, or in another spec.

    ``here`` are the likely suspects of the case that have the name of a known cause.
    """
    again, spec = cause.suspect, sighting.spec
    if cause.runs is not None:
        if cause.runs.id != spec.id:
            yield being(cause.runs, spec)
        return
    alike = [suspect for suspect in here if suspect.cause == cause.name]
    if alike:
        yield from alike
    elif cause.claimed.id == spec.id:
        yield again
    elif again.elsewhere is not None:
        yield replace(again, make=again.elsewhere(spec))
