"""What explained earlier failures of a candidate is tried first on the next one.

One slip makes most checks of a spec fail, in every dtype, and those of other specs that run the
same rule: it is searched for once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oracle.diagnosis.diagnose import told
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import Hypothesis, being
from oracle.diagnosis.precisions import bounded_hypotheses
from oracle.diagnosis.search import DOUBTFUL, likely
from oracle.diagnosis.told import Told
from oracle.specification.spec import Spec


@dataclass(eq=False)
class Cause:
    """What explained a failure, and how many others it explained since."""

    hypothesis: Hypothesis
    claimed: Spec
    runs: Spec | None
    failures: int = 1

    @property
    def name(self) -> str:
        """What is wrong."""
        return self.hypothesis.cause


class Causes:
    """The causes of the failures of one run, as far as they are known."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Cause] = {}

    def learn(self, evidence: Evidence, line: Told) -> None:
        """Remember what a line tells."""
        if line.hypothesis is not None:
            key = (line.cause, line.runs.id if line.runs else "")
            self._known.setdefault(key, Cause(line.hypothesis, evidence.spec, line.runs))

    def recognised(self, evidence: Evidence) -> Told | None:
        """Return the line that tells the known cause of a failure; None where none is beyond doubt.

        The cause of the most failures comes first.
        """
        if not self._known:
            return None
        names = {cause.name for cause in self._known.values()}
        looked_for = (*likely(evidence), *bounded_hypotheses(evidence))
        here = [hypothesis for hypothesis in looked_for if hypothesis.cause in names]
        for cause in sorted(self._known.values(), key=lambda cause: -cause.failures):
            for hypothesis in _again(cause, evidence, here):
                ratio = evidence.fit(hypothesis, cause.runs)
                if ratio is not None and ratio <= DOUBTFUL:
                    return self._told(cause, hypothesis, ratio)
        return None

    def _told(self, cause: Cause, hypothesis: Hypothesis, ratio: float) -> Told:
        before = f"{cause.failures} failure{'s' if cause.failures > 1 else ''} before"
        cause.failures += 1
        line = told(ratio, hypothesis, cause.runs)
        return replace(line, more=f"{line.more}, as in {before}")


def _again(cause: Cause, evidence: Evidence, here: Sequence[Hypothesis]) -> Iterator[Hypothesis]:
    """Yield the hypothesis of a cause as it is in another case, or in another spec.

    ``here`` are the likely hypotheses of the case that have the name of a known cause.
    """
    again, spec = cause.hypothesis, evidence.spec
    if cause.runs is not None:
        if cause.runs.id != spec.id:
            yield being(cause.runs, spec)
        return
    alike = [hypothesis for hypothesis in here if hypothesis.cause == cause.name]
    if alike:
        yield from alike
    elif cause.claimed.id == spec.id:
        yield again
    elif again.elsewhere is not None:
        yield replace(again, make=again.elsewhere(spec))
