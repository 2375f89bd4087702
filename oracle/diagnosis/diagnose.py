"""Why a candidate is wrong: what fits the numbers that it showed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import Hypothesis
from oracle.diagnosis.localization import extent
from oracle.diagnosis.search import Search
from oracle.specification.spec import Spec

__all__ = ["Evidence", "Told", "diagnose", "told"]

SHOWN = 3
"""How many explanations are told, the likeliest first."""

_NUMBERS_OF_A_CASE = re.compile(r"^a (?:gradient|learning rate) of .*?: ")


@dataclass(frozen=True, eq=False)
class Told:
    """One line of an explanation."""

    text: str
    cause: str = ""
    """The name of what is wrong; empty where the line names nothing."""
    hypothesis: Hypothesis | None = None
    """What may explain other failures as well."""
    runs: Spec | None = None
    """Whose program the hypothesis is, where that is not the spec that is claimed."""


def diagnose(
    evidence: Evidence, seconds: float, elsewhere: Iterable[Evidence] = ()
) -> Iterator[Told]:
    """Yield what explains the candidate, in lines; give up after ``seconds`` of the processor's.

    ``elsewhere`` is what it shows in other cases, wrong or right: of several explanations, those
    count that hold in most of them. Next to a violation that float64 itself cannot see, everything
    fits, and nothing is explained.
    """
    if not evidence.worst:
        yield Told("looks like: no explanation found")
        return
    end = time.process_time() + seconds
    search = Search(evidence, end, elsewhere)
    fitting = search.best()
    for ratio, hypothesis in fitting[:SHOWN]:
        fit, denied = told(ratio, hypothesis), search.denied_by(hypothesis)
        yield replace(fit, text=fit.text + denied, cause="", hypothesis=None) if denied else fit
    kin = sorted(search.kin(), key=lambda found: (found[0], found[2].id))
    for ratio, hypothesis, spec in kin[:SHOWN]:
        yield told(ratio, hypothesis, spec)
    if not fitting and not kin:
        found = "in the time there is" if time.process_time() > end else "found"
        lines = search.localization()
        for line in lines:
            yield Told(line, _NUMBERS_OF_A_CASE.sub("", line.removeprefix("looks like: ")))
        if not lines:
            yield Told(f"looks like: no explanation {found}")
        yield from (Told(f"note: {fact}") for fact in extent(evidence.outside))


def told(ratio: float, hypothesis: Hypothesis, runs: Spec | None = None) -> Told:
    """Tell what fits, and how well; ``runs`` is the other system that it is."""
    if runs is None:
        text = f"looks like: {hypothesis.text}, fits to {ratio:.2g} bound"
    else:
        yours = "your numbers are those of another system"
        text = f"also is: {runs.id} -- {yours}, to {ratio:.2g} bound"
    return Told(text, hypothesis.cause, hypothesis, runs)
