"""What gradient an update took, where that alone explains all that it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from oracle.arithmetic.bounded import Floats
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.localization import named
from oracle.diagnosis.prefilter import Output, Prefilter
from oracle.diagnosis.told import Told
from oracle.rules.rule import Rule

STEPS = 30
"""How often the secant method may try."""


def gradient_told(evidence: Evidence, rule: Rule, places: Sequence[int]) -> Iterator[Told]:
    """Yield the gradient that the first wrong step took, if the rule is right for it.

    One output has some gradient for any number that it may come to: another one has to agree. It
    does so, too, where one of the statements at ``places``, that all outputs need, is wrong.
    """
    prefilter = Prefilter.of(evidence, rule)
    if prefilter is None or len(prefilter.outputs) < 2:
        return
    right = np.asarray(prefilter.before[0]["g"], np.float64)
    for output in prefilter.outputs:
        with np.errstate(all="ignore"):
            taken = _solved(prefilter, output, right)
            if np.all(np.isfinite(taken)) and _explains(prefilter, right, taken):
                or_else = f" or {named(rule, places)}" if places else ""
                cause = f"what comes before the update{or_else} is wrong"
                yield Told(f"{_told(evidence, right, taken)}: {cause}", cause)
                return


def _solved(prefilter: Prefilter, output: Output, start: Floats) -> Floats:
    """Return the gradient for which one output is what was shown, by the secant method."""
    a, b = start, np.where(start == 0, 0.0625, 1.0625 * start)
    at_a = output.value(prefilter.given(g=a)) - output.shown
    for _ in range(STEPS):
        at_b = output.value(prefilter.given(g=b)) - output.shown
        step = at_b * (b - a) / (at_b - at_a)
        settled = (at_b == 0) | (at_b == at_a)
        a, at_a, b = b, at_b, np.where(settled, b, b - step)
    return b


def _explains(prefilter: Prefilter, right: Floats, taken: Floats) -> bool:
    """Whether all outputs agree to a gradient, two of which the right one does not explain."""
    names, before = prefilter.given(g=taken), prefilter.given(g=right)
    return (
        all(output.is_near(names) for output in prefilter.outputs)
        and sum(not output.is_near(before) for output in prefilter.outputs) > 1
    )


def _told(evidence: Evidence, right: Floats, taken: Floats) -> str:
    step = min(evidence.worst)
    furthest = np.unravel_index(np.argmax(np.abs(taken - right)), right.shape)
    element = f"[{', '.join(map(str, furthest))}]" if furthest else ""
    return (
        f"a gradient of {taken[furthest]:.6g} instead of {right[furthest]:.6g} in step "
        f"{step}, param {evidence.worst[step].name[1]}{element}"
    )
