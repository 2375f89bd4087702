"""What may be wrong with a candidate, as programs to compare its numbers with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np

from oracle.errors import OracleError
from oracle.mutation.composition import other_numbers
from oracle.mutation.substitute import rules_run, wrong_versions
from oracle.mutation.versions import likelihood
from oracle.problem import Problem
from oracle.systems import spec as find_spec
from oracle.systems import specs
from oracle.systems.base import REQUIRED, Hyper, Program, Spec

ARGUMENT, STAGES, FORMULA = 0, 1, 2
"""What is looked for first: the formula has many more ways to go wrong, and to fit by chance."""


@dataclass(frozen=True)
class Suspect:
    """One thing that a candidate may do instead of what it claims."""

    text: str
    rank: tuple[int, int]
    """The likelier of two that fit has the lower one."""
    make: Callable[[], Program]

    @cached_property
    def program(self) -> Program | None:
        """What it does, or None where the library refuses that."""
        try:
            return self.make()
        except (OracleError, ArithmeticError, TypeError, ValueError, KeyError):
            return None


def suspects(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Suspect]:
    """Yield whatever one slip makes of a spec with these hyperparameters."""
    yield from _arguments(spec, dict(hyper))
    yield from _stages(spec.program(hyper))
    for rule in rules_run(spec, hyper, problem):
        for version, changed in wrong_versions(spec, rule, hyper):
            yield Suspect(
                f"`{version.after}` instead of `{version.before}` ({version.where})",
                (FORMULA, likelihood(version)),
                partial(changed.program, hyper),
            )


def _arguments(spec: Spec, hyper: Hyper) -> Iterator[Suspect]:
    """Forget an argument, or take another number for it."""
    complete = spec.validate(hyper)
    for name in hyper:
        default = spec.arguments[name].default
        if default is not REQUIRED and default != hyper[name]:
            rest = {key: value for key, value in hyper.items() if key != name}
            text = f"{name}={default!r}, the default, instead of {name}={hyper[name]!r}"
            yield Suspect(text, (ARGUMENT, 0), partial(spec.program, rest))
    program = spec.program(hyper)
    for name, value in program.numeric.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value:
            rounded = (float(np.float32(value)), "rounded to float32")
            numbers = dict([*other_numbers(spec, name, float(value)), rounded])
            numbers.pop(float(value), None)
            for rank, (other, why) in enumerate(numbers.items()):
                yield Suspect(
                    f"{name}={other!r}, {why} instead of {name}={complete.get(name, value)!r}",
                    (ARGUMENT, 1 + rank),
                    partial(replace, program, numeric={**program.numeric, name: other}),
                )


def _stages(program: Program) -> Iterator[Suspect]:
    """Leave one stage of a step out, or exchange two that follow each other."""
    stages = program.stages
    for i, stage in enumerate(stages):
        if _name(stage) != "update":
            rest = (*stages[:i], *stages[i + 1 :])
            text = f"a step without `{_name(stage)}`"
            yield Suspect(text, (STAGES, 0), partial(replace, program, stages=rest))
    for i, (first, second) in enumerate(pairwise(stages)):
        swapped = (*stages[:i], second, first, *stages[i + 2 :])
        text = f"`{_name(first)}` after `{_name(second)}` instead of before it"
        yield Suspect(text, (STAGES, 1), partial(replace, program, stages=swapped))


def _name(stage: Any) -> str:
    return str(getattr(stage, "__name__", stage))


def other_systems(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[tuple[Spec, Hyper]]:
    """Yield every other spec that takes the same arguments, with them by its own names."""
    given = {_common(spec, name): value for name, value in spec.validate(hyper).items()}
    needed = {
        _common(spec, name)
        for name, value in hyper.items()
        if value != spec.arguments[name].default
    }
    for other in map(find_spec, specs()):
        names = {_common(other, name): name for name in other.arguments}
        if other.id == spec.id or not needed <= names.keys():
            continue
        yield other, {theirs: given[name] for name, theirs in names.items() if name in given}


def _common(spec: Spec, argument: str) -> str:
    """Return the name that rules have for a library's argument."""
    ours = {theirs: mine for mine, theirs in spec.names.items()}
    return ours.get(argument, argument)
