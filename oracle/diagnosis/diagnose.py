"""Why a candidate is wrong: what fits the numbers that it showed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import Hypothesis
from oracle.diagnosis.localization import extent
from oracle.diagnosis.search import Search
from oracle.diagnosis.told import Told
from oracle.specification.spec import Spec

SHOWN = 3
"""How many explanations are told, the likeliest first."""


def diagnose(
    evidence: Evidence, seconds: float, elsewhere: Iterable[Evidence] = ()
) -> Iterator[Told]:
    """Yield what explains the candidate, in lines; give up after ``seconds`` of the processor's.

    ``elsewhere`` is what it shows in other cases, wrong or right: of several explanations, those
    count that hold in most of them. Next to a violation that float64 itself cannot see, everything
    fits, and nothing is explained.
    """
    if not evidence.worst:
        yield Told("no explanation found")
        return
    end = time.process_time() + seconds
    search = Search(evidence, end, elsewhere)
    fitting = search.best()
    for ratio, hypothesis in fitting[:SHOWN]:
        fit, denied = told(ratio, hypothesis), search.denied_by(hypothesis)
        yield replace(fit, more=fit.more + denied, cause="", hypothesis=None) if denied else fit
    kin = sorted(search.kin(), key=lambda found: (found[0], found[2].id))
    for ratio, hypothesis, spec in kin[:SHOWN]:
        yield told(ratio, hypothesis, spec)
    if not fitting and not kin:
        found = "in the time there is" if time.process_time() > end else "found"
        lines = search.localization()
        yield from lines or [Told(f"no explanation {found}")]
        yield from (Told(fact, kind="note") for fact in extent(evidence.outside))


def told(ratio: float, hypothesis: Hypothesis, runs: Spec | None = None) -> Told:
    """Tell what fits, and how well; ``runs`` is the other system that it is."""
    what, kind, fits = hypothesis.text, "looks like", "fits "
    if runs is not None:
        what = f"{runs.id} -- your numbers are those of another system"
        kind, fits = "also is", ""
    more = f", {fits}to {ratio:.2g} bound"
    return Told(what, hypothesis.cause, kind, more, hypothesis, runs)
