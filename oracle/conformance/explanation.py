"""Why a golden case fails: a search through wrong versions, made only where something failed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle.conformance.problem import Problem
from oracle.implementation import Precision
from oracle.verdict import Observation

if TYPE_CHECKING:
    from oracle.mutation.sighting import Sighting

LONGEST = 5.0
"""Seconds that one failure may be searched for."""

WHOLE_RUN = 60.0
"""Seconds that all failures of a run may take together; the later ones are rarely different."""


@dataclass(eq=False)
class Allowance:
    """How long a run may go on looking for explanations."""

    seconds: float = WHOLE_RUN
    longest: float = LONGEST

    def explain(
        self,
        problem: Problem,
        precision: Precision,
        observations: list[Observation],
        elsewhere: Iterable[tuple[Problem, Precision, list[Observation]]] = (),
    ) -> Iterator[str]:
        """Yield lines that say what the candidate computes instead; ``elsewhere`` it does more."""
        if self.seconds <= 0:
            yield f"looks like: not looked for, this run has spent its {WHOLE_RUN:g} s of looking"
            return
        from oracle.mutation.diagnosis import diagnose

        begin = time.monotonic()
        others = (_sighting(*witness) for witness in elsewhere)
        sighting = _sighting(problem, precision, observations)
        yield from diagnose(sighting, min(self.longest, self.seconds), others)
        self.seconds -= time.monotonic() - begin


def _sighting(problem: Problem, precision: Precision, observations: list[Observation]) -> Sighting:
    from oracle.mutation.sighting import Sighting

    feed = problem.feed
    return Sighting.of(
        problem.spec, problem.hyper, feed.params, feed.grads, precision, observations
    )
