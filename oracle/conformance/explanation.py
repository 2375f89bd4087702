"""Why a golden case fails: a search through wrong versions, made only where something failed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from oracle.conformance.problem import Problem
from oracle.errors import OracleError
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

        begin = time.process_time()
        others = (_sighting(*witness) for witness in elsewhere)
        sighting = _sighting(problem, precision, observations)
        yield from diagnose(sighting, min(self.longest, self.seconds), others)
        self.seconds -= time.process_time() - begin


@contextmanager
def nothing_lost(lines: list[str]) -> Iterator[None]:
    """Let whatever goes wrong while explanations are looked for be one more line.

    The finding has its numbers without them. Warnings that the project around turns into errors,
    and what a candidate sets with `numpy.seterr`, do not reach the search.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    except OracleError as error:
        lines.append(f"looks like: not found out, as it was run once more: {_on_a_line(error)}")
    except Exception as error:
        said = f"{type(error).__name__}: {_on_a_line(error)}".removesuffix(": ")
        lines.append(f"looks like: not found out, the search failed ({said}); please report it")


def _on_a_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _sighting(problem: Problem, precision: Precision, observations: list[Observation]) -> Sighting:
    from oracle.mutation.sighting import Sighting

    feed = problem.feed
    return Sighting.of(
        problem.spec, problem.hyper, feed.params, feed.grads, precision, observations
    )
