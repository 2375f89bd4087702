"""What a candidate does with no hyperparameters at all, and what a library's look-up gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import oracle
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.inputs import Recipe, Tensor
from oracle.conformance.outcomes import NotClaimed
from oracle.conformance.problem import Answer, Task, solve
from oracle.diagnosis.told import Told
from oracle.errors import HyperparameterError
from oracle.specification.options import demanded

RECIPE = Recipe(
    (
        Tensor((12,), "zeros", "normal"),
        Tensor((2, 3), "normal", "mixed"),
        Tensor((8,), "normal", "sparse"),
    ),
    steps=5,
    seed=1,
)
"""Parameters that start at 0 show small updates even in a narrow dtype.

Some elements have a gradient of 0 at first: where the default epsilon underflows, that is 0 / 0.
"""


@dataclass(eq=False)
class DefaultCheck(Check):
    """Built with no keyword that has a default, a candidate does what its library does."""

    file: ClassVar[str] = "defaults"
    suite: ClassVar[str] = "default_runs"

    def holds(self) -> None:
        """Run it so, unless it demands such a keyword."""
        spec = oracle.spec(self.claim.spec)
        hyper = demanded(spec)
        wanting = self.claim.required.difference(hyper)
        if wanting:
            raise NotClaimed(
                f"{self.claim.spec} is claimed without defaults: "
                f"the factory requires {', '.join(sorted(wanting))}"
            )
        feed = RECIPE.fitting(spec).feed(self.dtype)
        problem = Task(spec.id, hyper, feed, self.claim.precision(self.dtype))
        answer = self.answer(problem, partial(self.claim.factory, **hyper))
        self.demand(answer, self.judged(answer, solve(problem)))

    def explained(self, answer: Answer, said: str, *, alone: bool) -> Iterator[Told]:
        """Tell the defaults that the factory's own signature has, if all follows from them."""
        problem = answer.problem
        arguments = oracle.spec(problem.spec).arguments
        known = {name: value for name, value in self.claim.defaults.items() if name in arguments}
        own = {name: v for name, v in known.items() if v != arguments[name].default}
        if own and _follows(replace(answer, problem=replace(problem, hyper=own))):
            told = ", ".join(
                f"{n}={v!r} instead of the default {arguments[n].default!r}" for n, v in own.items()
            )
            yield Told(told, told)
        else:
            yield from super().explained(answer, said, alone=alone)


def _follows(answer: Answer) -> bool:
    """Whether a candidate does what another problem asks for."""
    try:
        truth = solve(answer.problem)
    except HyperparameterError:
        return False
    return not answer.judged(truth).failed


@dataclass(eq=False)
class LookUpCheck(Check):
    """The look-up by name, in any letter case, gives the library's optimizer with its defaults."""

    file: ClassVar[str] = "defaults"
    suite: ClassVar[str] = "looked_up_runs"

    def holds(self) -> None:
        """Look each spelling up and run what comes back."""
        spec = oracle.spec(self.claim.spec)
        look_up = self.bench.implementation.lookups[spec.system.name]
        problem = Task(spec.id, {}, RECIPE.feed(self.dtype), self.claim.precision(self.dtype))
        truth = list(solve(problem))
        for name in dict.fromkeys((spec.name, *spec.aliases, spec.name.upper())):
            answer = self.answer(problem, partial(look_up, name))
            verdict = self.judged(answer, truth)
            if verdict.failed:
                self.demand(answer, verdict, f"looked up as {name!r}", alone=True)
        self.demand(answer, verdict)


def default_runs(bench: Bench) -> Iterator[DefaultCheck]:
    """Yield a check for each claim and dtype."""
    for claim, dtype in bench.per_dtype():
        yield DefaultCheck(bench, claim, dtype)


def looked_up_runs(bench: Bench) -> Iterator[LookUpCheck]:
    """Yield a check for each claimed spec and dtype of a system that the candidate looks up in.

    What has an argument without a default cannot be had by its name alone.
    """
    seen: set[tuple[str, str]] = set()
    for claim, dtype in bench.per_dtype():
        spec = oracle.spec(claim.spec)
        known = spec.system.name in bench.implementation.lookups and not spec.required
        if known and (claim.spec, dtype) not in seen:
            dtypes = bench.dtypes_of(claim)
            turn = dtype == dtypes[len(seen) // len(dtypes) % len(dtypes)]
            seen.add((claim.spec, dtype))
            yield LookUpCheck(bench, claim, dtype, turn=turn)
