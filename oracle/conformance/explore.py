"""Trying many examples with hypothesis, and keeping both the simplest failure and the worst one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy

Example = TypeVar("Example")

SHRINKING = 10.0
"""Seconds after the first failure in which simpler ones are looked for."""


@dataclass(frozen=True)
class Trouble(Generic[Example]):
    """An example that fails, why, and by how many times the bound (None: not by a number)."""

    example: Example
    told: str
    ratio: float | None
    brief: str = ""
    """The worst of it on one line."""


@dataclass
class Exploration(Generic[Example]):
    """What came of trying examples."""

    tried: int = 0
    vacuous: int = 0
    troubles: dict[str, Trouble[Example]] = field(default_factory=dict)
    simplest: Trouble[Example] | None = None

    @property
    def worst(self) -> Trouble[Example] | None:
        """The failure that is furthest outside its bound."""
        measured = [t for t in self.troubles.values() if t.ratio is not None]
        return max(measured, key=lambda trouble: trouble.ratio or 0.0, default=None)


class _FailsError(Exception):
    """Tells hypothesis that an example fails."""


class _InterruptedError(BaseException):
    """Carries an error that is not the candidate's past hypothesis, which would shrink it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def explore(
    strategy: SearchStrategy[Example],
    examine: Callable[[Example], tuple[Trouble[Example] | None, bool]],
    *,
    examples: int,
    seed: int,
) -> Exploration[Example]:
    """Examine examples until one fails, then look for simpler ones that fail for some seconds.

    ``examine`` returns the trouble with an example, if any, and whether it was vacuous. What failed
    once is remembered: a candidate that answers differently each time fails all the same.
    """
    found: Exploration[Example] = Exploration()
    last: list[Trouble[Example]] = []
    deadline = float("inf")

    @seeded(seed)
    @settings(
        max_examples=examples,
        derandomize=False,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
    )
    @given(strategy)
    def attempt(example: Example) -> None:
        nonlocal deadline
        key = repr(example)
        if key not in found.troubles:
            begin = time.monotonic()
            if begin > deadline:
                return
            trouble, vacuous = _examine(examine, example)
            found.tried += 1
            found.vacuous += vacuous
            if trouble is None:
                return
            found.troubles[key] = trouble
            too_slow = time.monotonic() - begin > SHRINKING
            deadline = 0.0 if too_slow else min(deadline, begin + SHRINKING)
        last[:] = [found.troubles[key]]
        raise _FailsError

    try:
        attempt()
    except _FailsError:
        found.simplest = last[0]
    except _InterruptedError as interruption:
        raise interruption.error from interruption.error.__cause__
    return found


def _examine(
    examine: Callable[[Example], tuple[Trouble[Example] | None, bool]], example: Example
) -> tuple[Trouble[Example] | None, bool]:
    try:
        return examine(example)
    except Exception as error:
        raise _InterruptedError(error) from error
