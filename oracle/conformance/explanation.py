"""Why a golden case fails: a search through wrong versions, made only where something failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from oracle.conformance.problem import Problem
from oracle.implementation import Precision
from oracle.verdict import Observation

LONGEST = 5.0
"""Seconds that one failure may be searched for."""

WHOLE_RUN = 60.0
"""Seconds that all failures of a run may take together; the later ones are rarely different."""


@dataclass(eq=False)
class Allowance:
    """How long a run may go on looking for explanations."""

    seconds: float = WHOLE_RUN

    def explain(
        self, problem: Problem, precision: Precision, observations: list[Observation]
    ) -> Iterator[str]:
        """Yield lines that say what the candidate computes instead."""
        if self.seconds <= 0:
            yield f"looks like: not looked for, this run has spent its {WHOLE_RUN:g} s of looking"
            return
        from oracle.mutation.diagnosis import Sighting, diagnose

        begin = time.monotonic()
        feed = problem.feed
        sighting = Sighting.of(
            problem.spec, problem.hyper, feed.params, feed.grads, precision, observations
        )
        yield from diagnose(sighting, min(LONGEST, self.seconds))
        self.seconds -= time.monotonic() - begin
