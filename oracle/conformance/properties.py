"""Random runs: hypothesis draws hyperparameters, shapes, gradients and a seed."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np
from hypothesis import strategies as st

import oracle
from oracle.arithmetic.doubles import Doubles
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.explore import Exploration, Trouble, explore
from oracle.conformance.forms import Setting, settings_of_forms
from oracle.conformance.inputs import Recipe
from oracle.conformance.message import explain, summary, told
from oracle.conformance.outcomes import Finding, NotClaimed, Vacuous
from oracle.conformance.problem import Answer, Task, needs_digits, repeated, solve
from oracle.conformance.recipes import SMALL, recipes
from oracle.conformance.strategies import hyperparameters
from oracle.errors import ShapeError
from oracle.problem import Problem
from oracle.record import Interval, Record
from oracle.specification.own import OwnSystem
from oracle.specification.shapes import takes_missing, takes_shape
from oracle.specification.spec import Spec
from oracle.trajectories import states

Example: TypeAlias = tuple[dict[str, Any], Recipe]


@dataclass(frozen=True)
class Effort:
    """How much is tried for one spec in one dtype."""

    examples: int
    sizes: tuple[int, ...]
    """How many elements the first parameter may have, simplest first."""
    steps: int
    distinct: int | None = None
    """How many of them may be different; the truth is computed for these alone."""


IN_BULK = {
    "ci": Effort(10, (1, 16, 1024, 2048, 2048), 12),
    "thorough": Effort(300, (1, 16, 2048, 4096, 8192), 40),
}
SLOWLY = {
    "ci": Effort(3, (16, 1024), 8),
    "thorough": Effort(50, (1, 16, 2048), 20),
}
"""For a candidate whose steps cost more than their judgement."""
AT_LENGTH = {
    "ci": Effort(5, (1, 12, 1536, 1536), 8, distinct=12),
    "thorough": Effort(60, (1, 24, 1536), 20, distinct=24),
}
"""Where 50 digits are needed, an element-step costs a thousand times as much."""


@dataclass(eq=False)
class PropertyCheck(Check):
    """A candidate stays within the bound whatever it is given; what it declines is left out."""

    file: ClassVar[str] = "properties"
    suite: ClassVar[str] = "random_runs"
    _declined: NotClaimed | None = field(default=None, init=False)
    _telling: tuple[tuple[bool, float], Answer] | None = field(default=None, init=False)
    """The failure that is explained, and how much it tells."""

    def holds(self) -> None:
        """Try examples; tell the simplest failure, and the worst one if that is another."""
        seed = zlib.crc32(f"{self.id} {self.bench.seed}".encode())
        found = explore(
            self._strategies(), self._examine, examples=self._effort.examples, seed=seed
        )
        if found.simplest is not None:
            raise self._finding(found, found.simplest)
        if found.vacuous == found.tried:
            if self._declined is not None:
                raise self._declined
            raise Vacuous(
                f"in all {found.tried} examples in {self.dtype} "
                "the bound is larger than every update"
            )

    @property
    def _effort(self) -> Effort:
        if needs_digits(self.claim.precision(self.dtype)):
            return AT_LENGTH[self.bench.profile]
        slow = self.bench.implementation.slow
        return (SLOWLY if slow else IN_BULK)[self.bench.profile]

    def _strategies(self) -> list[st.SearchStrategy[Example]]:
        """Return a strategy for each form of the rule."""
        spec = oracle.spec(self.claim.spec)
        taken = [name for name in spec.arguments if self.claim.takes(name)]
        return [self._strategy(spec, taken, form) for form in settings_of_forms(spec, taken)]

    def _strategy(
        self, spec: Spec, taken: Sequence[str], settings: Sequence[Setting]
    ) -> st.SearchStrategy[Example]:
        effort = self._effort
        drawn = hyperparameters(
            spec, self.dtype, taken, schedules=self.claim.schedules, settings=settings
        )

        def with_inputs(hyper: dict[str, Any]) -> st.SearchStrategy[Example]:
            coupled = spec.program(hyper).couples_elements
            inputs = recipes(
                sizes=list(effort.sizes),
                steps=effort.steps,
                distinct=effort.distinct,
                beside=[shape for shape in SMALL if takes(spec, shape, hyper if coupled else None)],
                may_skip=self.claim.missing_gradients and _lets_skip(spec),
                may_be_sparse=self.claim.sparse_gradients
                and spec.sparse is not None
                and spec.sparse.with_any_arguments,
                late=isinstance(hyper.get("learning_rate"), Mapping),
                coupled=coupled,
                vectors=takes_shape(spec, (1,)),
            )
            return inputs.map(lambda recipe: (hyper, recipe))

        return drawn.flatmap(with_inputs)

    def _examine(self, example: Example) -> tuple[Trouble[Example] | None, bool]:
        problem, truth = self._posed(example)
        try:
            answer = self.answer(problem)
        except NotClaimed as declined:
            self._declined = declined
            return None, True
        except Finding as finding:
            return Trouble(example, str(finding.with_lines(self._asked(example))), None), False
        verdict = self.judged(answer, truth)
        if not verdict.failed:
            return None, verdict.vacuous
        assert verdict.worst is not None
        self._keep(answer, verdict.worst.ratio)
        text = str(explain(self.title, problem, verdict, f"example: {example[1]}"))
        brief = summary(verdict.worst, problem)
        return Trouble(example, text, verdict.worst.ratio, brief), False

    def _keep(self, answer: Answer, ratio: float) -> None:
        """Keep the failure that tells most: the worst one, which little fits that is not the case.

        Where it is no number, everything fits, and the smallest one tells more.
        """
        feed = answer.problem.feed
        size = len(feed.grads) * sum(param.size for param in feed.params)
        telling = (True, ratio) if math.isfinite(ratio) else (False, -size)
        if self._telling is None or telling > self._telling[0]:
            self._telling = telling, answer

    def _posed(self, example: Example) -> tuple[Task, Iterable[Record[Interval]]]:
        """Return the problem with its truth; elements that repeat are solved once."""
        hyper, recipe = example
        precision = self.claim.precision(self.dtype, sparse=recipe.sparse)
        spec = oracle.spec(self.claim.spec)
        few = Task(spec.id, hyper, recipe.condensed.fitting(spec).feed(self.dtype), precision)
        coupled = spec.program(hyper).couples_elements
        if coupled or recipe == recipe.condensed:
            return few, solve(few)
        whole = replace(few, feed=recipe.feed(self.dtype))
        return whole, [repeated(record, whole.feed.params) for record in solve(few)]

    def _finding(self, found: Exploration[Example], simplest: Trouble[Example]) -> Finding:
        worst, more = found.worst, list[str]()
        if worst is not None and worst is not simplest:
            more.append(f"worst of {len(found.troubles)} failing examples: {worst.brief}")
            more.append(f"  {self._asked(worst.example)}")
        if self._telling is not None:
            more += self.explanation(self._telling[1], simplest.told)
        return Finding(simplest.told, worst.ratio if worst is not None else None, *more)

    def _asked(self, example: Example) -> str:
        return f"with {told(self.claim.spec, example[0])}; {example[1]}"

    @property
    def repro(self) -> str:
        """The command line that tries the same examples again."""
        if self.bench.profile == "ci" and not self.bench.seed:
            return super().repro
        options = f"--impl-profile={self.bench.profile} --hypothesis-seed={self.bench.seed}"
        return f"{super().repro} {options}"


def checks(bench: Bench) -> Iterator[PropertyCheck]:
    """Yield one check for each claim and dtype."""
    for claim, dtype in bench.per_dtype():
        yield PropertyCheck(bench, claim, dtype)


def _lets_skip(spec: Spec) -> bool:
    """Whether random runs may leave gradients out: where a missing one is what a step is about."""
    judged = isinstance(spec.system, OwnSystem) or spec.system.name == "keras3"
    return judged and takes_missing(spec)


def takes(spec: Spec, shape: tuple[int, ...], hyper: Mapping[str, Any] | None) -> bool:
    """Whether any parameter may have ``shape``: a clip along an axis wants that axis.

    ``hyper`` is None where the arguments do not matter.
    """
    if not takes_shape(spec, shape):
        return False
    if hyper is None:
        return True
    zeros = [np.zeros(shape)]
    try:
        list(states(Doubles(), spec.program(hyper), Problem.checked(spec, zeros, [zeros])))
    except ShapeError:
        return False
    return True
