"""Two optimizers at once: neither may change what the other one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import oracle
from oracle.conformance.bench import Bench
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Answer, Task, slots_of
from oracle.conformance.run import Shown, calling, observations
from oracle.conformance.usual import Truths, UsualCheck, variations
from oracle.errors import OracleError

BOTH = "the same hyperparameters and a third with others"

Posed = tuple[Task, Truths]


@dataclass(eq=False)
class InstancesCheck(UsualCheck):
    """Optimizers of one spec that are stepped in turn do what each of them does alone."""

    file: ClassVar[str] = "instances"
    suite: ClassVar[str] = "runs_side_by_side"
    near: ClassVar[bool] = True
    every_form: ClassVar[bool] = False

    def holds_with(self, hyper: dict[str, Any]) -> None:
        """Step it in turn with one of the same hyperparameters and one of others."""
        one, companies = self.posed(hyper), self._companies(hyper)
        everyone = [one, *companies.values()]
        finding = self._fault_in_turn(everyone)
        if finding is None:
            return
        alone = (self.plainly(finding, *posed) for posed in everyone)
        anyway = next((told for told in alone if told is not None), None)
        words = (w for w, other in companies.items() if self._fault_in_turn([one, other]))
        line = f"looks like: right alone, wrong beside a second optimizer with {next(words, BOTH)}"
        raise anyway or finding.with_lines(f"{line}: they share something")

    def _companies(self, hyper: dict[str, Any]) -> dict[str, Posed]:
        """Return the second optimizers, by what they have in common with the first."""
        arguments = oracle.spec(self.claim.spec).arguments
        others = {name: arguments[name].domain.other for name in hyper if hyper[name]}
        changed = hyper | {name: other for name, other in others.items() if other is not None}
        found = {"the same hyperparameters": self.posed(hyper, 1)}
        if changed != hyper and _is_accepted(self.claim.spec, changed):
            found["other hyperparameters"] = self.posed(changed)
        return found

    def _fault_in_turn(self, several: Sequence[Posed]) -> Finding | None:
        """Return what is wrong with any of some optimizers that are stepped in turn."""
        try:
            shown = list(self._in_turn(several))
        except Finding as own:
            return own
        for (problem, truth), seen in zip(several, shown, strict=True):
            finding = self.fault_of(Answer(problem, seen), truth)
            if finding is not None:
                return finding
        return None

    def _in_turn(self, several: Sequence[Posed]) -> Iterator[list[Shown]]:
        """Build each when the one before has taken a step, and go on in turn."""
        with calling(self.bench.guard, self.title, self.bench.place):
            steps = list(zip(*(self._steps_of(problem) for problem, _ in several), strict=True))
        return (list(seen) for seen in zip(*steps, strict=True))

    def _steps_of(self, problem: Task) -> Iterator[Shown]:
        """Take the steps of one optimizer as they are asked for."""
        factory = self.factory(problem.hyper)
        return observations(factory, problem.feed, slots_of(problem), self.title)


def _is_accepted(spec_id: str, hyper: dict[str, Any]) -> bool:
    try:
        oracle.spec(spec_id).program(hyper)
    except OracleError:
        return False
    return True


def runs_side_by_side(bench: Bench) -> Iterator[InstancesCheck]:
    """Yield the checks of optimizers side by side."""
    yield from variations(InstancesCheck, bench, shift=2, further=0)
