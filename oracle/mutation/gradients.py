"""What gradient an update took, where that alone explains all that it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from oracle.arithmetic.bounded import Floats
from oracle.mutation.screen import Output, Screen
from oracle.mutation.sighting import Sighting
from oracle.mutation.whereabouts import named
from oracle.rules.rule import Rule

STEPS = 30
"""How often the secant method may try."""


def gradient_told(sighting: Sighting, rule: Rule, places: Sequence[int]) -> Iterator[str]:
    """Yield the gradient that the first wrong step took, if the rule is right for it.

    One output has some gradient for any number that it may come to: another one has to agree. It
    does so, too, where one of the statements at ``places``, that all outputs need, is wrong.
    """
    screen = Screen.of(sighting, rule)
    if screen is None or len(screen.outputs) < 2:
        return
    right = np.asarray(screen.before[0]["g"], np.float64)
    for output in screen.outputs:
        with np.errstate(all="ignore"):
            taken = _solved(screen, output, right)
            if np.all(np.isfinite(taken)) and _explains(screen, right, taken):
                or_else = f" or {named(rule, places)}" if places else ""
                told = _told(sighting, right, taken)
                yield f"{told}: what comes before the update{or_else} is wrong"
                return


def _solved(screen: Screen, output: Output, start: Floats) -> Floats:
    """Return the gradient for which one output is what was shown, by the secant method."""
    a, b = start, np.where(start == 0, 0.0625, 1.0625 * start)
    at_a = output.value(screen.given(g=a)) - output.shown
    for _ in range(STEPS):
        at_b = output.value(screen.given(g=b)) - output.shown
        step = at_b * (b - a) / (at_b - at_a)
        settled = (at_b == 0) | (at_b == at_a)
        a, at_a, b = b, at_b, np.where(settled, b, b - step)
    return b


def _explains(screen: Screen, right: Floats, taken: Floats) -> bool:
    """Whether all outputs agree to a gradient, two of which the right one does not explain."""
    names, before = screen.given(g=taken), screen.given(g=right)
    return (
        all(output.is_near(names) for output in screen.outputs)
        and sum(not output.is_near(before) for output in screen.outputs) > 1
    )


def _told(sighting: Sighting, right: Floats, taken: Floats) -> str:
    step = min(sighting.worst)
    furthest = np.unravel_index(np.argmax(np.abs(taken - right)), right.shape)
    element = f"[{', '.join(map(str, furthest))}]" if furthest else ""
    return (
        f"looks like: a gradient of {taken[furthest]:.6g} instead of {right[furthest]:.6g} in step "
        f"{step}, param {sighting.worst[step].name[1]}{element}"
    )
