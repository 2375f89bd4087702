"""What a candidate is asked to do, and what has to come out: inputs, truth and bound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import oracle
from oracle.claim import Claim, Precision
from oracle.conformance.outcomes import NotClaimed
from oracle.conformance.run import Feed
from oracle.rules.rule import Slot, zeros
from oracle.truth import Truth
from oracle.verdict import Checkpoint


@dataclass(frozen=True, eq=False)
class Task:
    """One run of one spec: the hyperparameters that are set, and what the candidate is fed."""

    spec: str
    hyper: Mapping[str, Any]
    feed: Feed


def arguments_for(claim: Claim, hyper: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that a claim's factory is called with for ``hyper``.

    These are the hyperparameters themselves, and the library's default for each keyword that the
    factory requires. One that the factory does not take is left out where it has its default; away
    from it, the candidate does not claim the case.
    """
    arguments = oracle.spec(claim.spec).arguments
    for name in hyper:
        if not claim.takes(name) and hyper[name] != arguments[name].default:
            raise NotClaimed(f"{claim.spec} is claimed without the argument {name}")
        scheduled = name == "learning_rate" and isinstance(hyper[name], Mapping)
        if scheduled and not claim.schedules:
            raise NotClaimed(f"{claim.spec} is claimed without schedules for the {name}")
    taken = {name: value for name, value in hyper.items() if claim.takes(name)}
    for name in sorted(claim.required - set(taken)):
        taken[name] = arguments[name].default
    return taken


def needs_digits(precision: Precision) -> bool:
    """Whether a candidate is held to more digits than native arithmetic has.

    Up to 32 bits float64 is exact enough, and its own error is in the bound; so it is where a
    float64 candidate holds a hyperparameter in fewer bits, which is what its bound is made of.
    """
    if precision.dtype != "float64":
        return False
    held = precision.hyper_dtype or "float64"
    names = set(held.values()) if isinstance(held, Mapping) else {held}
    return names == {"float64"} and precision.compute_dtype in (None, "float64")


@dataclass(frozen=True)
class Solution:
    """The truth and the bound after each of ``steps``, computed whenever it is gone through."""

    steps: Collection[int]
    slots: Collection[str]
    """The slots that the hyperparameters ask for."""
    checkpoints: Callable[[], Iterable[Checkpoint]]

    @classmethod
    def known(cls, checkpoints: Sequence[Checkpoint]) -> Solution:
        """Return a solution that is computed already."""
        slots = dict.fromkeys(name for c in checkpoints for name in c.slots)
        return cls([c.step for c in checkpoints], list(slots), lambda: checkpoints)

    def __iter__(self) -> Iterator[Checkpoint]:
        """Go through the checkpoints; those of a large problem come in parts."""
        return iter(self.checkpoints())


def solve(problem: Task, precision: Precision, steps: Collection[int]) -> Solution:
    """Return the truth and the bound after each of ``steps``."""
    if needs_digits(precision):
        return Solution.known(_at_length(problem, precision, steps))
    return _in_bulk(problem, precision, steps)


def _at_length(problem: Task, precision: Precision, steps: Collection[int]) -> list[Checkpoint]:
    feed = problem.feed
    run = oracle.trajectory(problem.spec, feed.params, feed.grads, problem.hyper)
    bounds = run.bounds(**precision.options)
    return [
        Checkpoint(
            step,
            [Truth.of(array) for array in run.params[step]],
            bounds.params[step],
            {name: [Truth.of(a) for a in arrays] for name, arrays in run.slots[step].items()},
            bounds.slots[step],
        )
        for step in sorted(steps)
    ]


def _in_bulk(problem: Task, precision: Precision, steps: Collection[int]) -> Solution:
    from oracle.bulk import bulk

    feed = problem.feed
    run = bulk(problem.spec, feed.params, feed.grads, problem.hyper, **precision.options)

    def checkpoints() -> Iterator[Checkpoint]:
        for moment in run.moments():
            if moment.step in steps:
                yield Checkpoint(
                    moment.step,
                    [Truth.of(array) for array in moment.params[0]],
                    moment.params[1],
                    {name: [Truth.of(a) for a in pair[0]] for name, pair in moment.slots.items()},
                    {name: pair[1] for name, pair in moment.slots.items()},
                    moment.part,
                )

    return Solution(steps, list(run.program.slots), checkpoints)


def every_step(grads: Sequence[Sequence[Any]]) -> range:
    """Return the numbers of all steps; the first is 1."""
    return range(1, len(grads) + 1)


def slots_of(problem: Task, asked: Collection[str]) -> dict[str, Slot]:
    """Return the slots that a candidate may show: those of the spec, and those asked for."""
    spec = oracle.spec(problem.spec)
    known = dict.fromkeys((*spec.slots, *asked), zeros)
    return {**known, **spec.program(problem.hyper).slots}
