"""Trying many examples with hypothesis, and keeping both the simplest failure and the worst one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeAlias, TypeVar
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, Verbosity, assume, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy

Example = TypeVar("Example")

SHRINKING = 10.0
"""Seconds in which simpler failures are looked for."""


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

    vacuous: int = 0
    passed: set[str] = field(default_factory=set)
    troubles: dict[str, Trouble[Example]] = field(default_factory=dict)
    simplest: Trouble[Example] | None = None

    @property
    def tried(self) -> int:
        """How many different examples were examined."""
        return len(self.passed) + len(self.troubles)

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


Examine: TypeAlias = Callable[[Example], tuple[Trouble[Example] | None, bool]]
"""Returns the trouble with an example, if any, and whether it was vacuous."""


def explore(
    strategies: Sequence[SearchStrategy[Example]],
    examine: Examine[Example],
    *,
    examples: int,
    seed: int,
) -> Exploration[Example]:
    """Examine all examples, so that the worst is known, then look for the simplest that fails.

    The examples are shared out among the strategies, of which each gets one at least; the simplest
    failure is looked for with the first that has any. What an example came to is remembered: one
    that failed once has failed, even if the candidate answers differently the next time.
    """
    found: Exploration[Example] = Exploration()
    try:
        with _the_same_everywhere():
            failing = None
            for k, strategy in enumerate(strategies):
                share = max(1, (examples + k) // len(strategies))
                _try_each(strategy, examine, found, share, seed + k)
                if found.troubles and failing is None:
                    failing = strategy, share, seed + k
            if failing is not None:
                strategy, share, seed = failing
                _simplify(strategy, examine, found, share, seed)
    except _InterruptedError as interruption:
        raise interruption.error from interruption.error.__cause__
    return found


def _try_each(
    strategy: SearchStrategy[Example],
    examine: Examine[Example],
    found: Exploration[Example],
    examples: int,
    seed: int,
) -> None:
    """Examine the examples; a failure that takes too long (a candidate that hangs) is the last."""
    patience = float("inf")

    @seeded(seed)
    @_settings(examples, Phase.generate)
    @given(strategy)
    @_but_for_the_first
    def attempt(example: Example) -> None:
        nonlocal patience
        begin = time.monotonic()
        if begin < patience and _fails(examine, found, example) is not None:
            patience = 0.0 if time.monotonic() - begin > SHRINKING else patience

    attempt()


def _simplify(
    strategy: SearchStrategy[Example],
    examine: Examine[Example],
    found: Exploration[Example],
    examples: int,
    seed: int,
) -> None:
    """Let hypothesis meet the same examples again and shrink the first that fails."""
    deadline = time.monotonic() + SHRINKING
    last: list[Trouble[Example]] = []

    @seeded(seed)
    @_settings(examples, Phase.generate, Phase.shrink)
    @given(strategy)
    @_but_for_the_first
    def attempt(example: Example) -> None:
        known = repr(example) in found.troubles
        if known or time.monotonic() < deadline:
            trouble = _fails(examine, found, example)
            if trouble is not None:
                last[:] = [trouble]
                raise _FailsError

    with suppress(_FailsError):
        attempt()
    found.simplest = last[0]


def _but_for_the_first(attempt: Callable[[Example], None]) -> Callable[[Example], None]:
    """Leave out the example that hypothesis begins with, so that it does not count.

    That is the simplest there is, in which next to nothing can go wrong. It is left out whenever it
    comes: hypothesis does not go on where the same example is taken one time and not another.
    """
    first = ""

    def all_others(example: Example) -> None:
        nonlocal first
        first = first or repr(example)
        assume(repr(example) != first)
        attempt(example)

    return all_others


@contextmanager
def _the_same_everywhere() -> Iterator[None]:
    """Keep hypothesis from drawing constants that it finds in the modules of the project around.

    Since 6.131 it does, so that examples would depend on what else is imported, and it caches them
    in the user's folder. There is no setting for it; where the function is gone, nothing is done.
    """
    try:
        providers: Any = import_module("hypothesis.internal.conjecture.providers")
        nothing = providers.Constants()
        patched = patch.object(providers, "_get_local_constants", lambda: nothing)
        patched.start()
    except (ImportError, AttributeError):
        yield
        return
    try:
        yield
    finally:
        patched.stop()


def _fails(
    examine: Examine[Example], found: Exploration[Example], example: Example
) -> Trouble[Example] | None:
    key = repr(example)
    if key not in found.troubles and key not in found.passed:
        try:
            trouble, vacuous = examine(example)
        except Exception as error:
            raise _InterruptedError(error) from error
        if trouble is not None:
            found.troubles[key] = trouble
        else:
            found.passed.add(key)
            found.vacuous += vacuous
    return found.troubles.get(key)


def _settings(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        derandomize=False,  # the seed is given
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
    )
