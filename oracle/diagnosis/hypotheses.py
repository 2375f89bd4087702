"""What may be wrong with a candidate, as programs to compare its numbers with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from oracle.errors import HyperparameterError, OracleError
from oracle.mutation.composition import other_numbers, wrong_asks, wrong_orders
from oracle.mutation.substitute import rules_run, substituted, wrong_versions
from oracle.mutation.surroundings import around, functions_run, slip_rank
from oracle.mutation.versions import Version, likelihood
from oracle.mutation.wrong import Wrong
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import REQUIRED, Hyper, Program, Spec
from oracle.systems import spec as find_spec
from oracle.systems import specs

ARGUMENT, STAGES, FORMULA, NUMBER, STATEMENT = range(5)
"""What is looked for first: what comes later has many more ways to fit by chance."""

LIKELY = 17.5
"""The rank among formulas of what other libraries do: after what one symbol makes of a formula,
before what leaves a part of it out."""

_RARE_AROUND_RULES = ("complement", "sibling", "change-constant", "other-count", "scale-rate")
"""Slips that fit a clip or a schedule by chance: few golden cases show each of them."""

Rank: TypeAlias = tuple[int, float]
Make: TypeAlias = Callable[[Mapping[str, Any]], Program]


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """One thing that a candidate may do instead of what it claims."""

    text: str
    rank: Rank
    """The likelier of two that fit has the lower one."""
    make: Make
    """Makes the program of any hyperparameters: one slip shows in more than one case."""
    named: str = ""
    """What it is called wherever it is met, where the text tells the numbers of one case."""
    elsewhere: Callable[[Spec], Make] | None = None
    """Makes the same of another spec, where the hypotheses of that spec do not have it anyway."""
    widens: bool = False
    """Whether it comes to the same truth, with the bound of a narrower type."""

    @property
    def cause(self) -> str:
        """The name of what is wrong, which is the same in every case."""
        return self.named or self.text

    def program(self, hyper: Mapping[str, Any]) -> Program | None:
        """Return what it does, or None where the library refuses that."""
        try:
            return self.make(hyper)
        except (OracleError, ArithmeticError, TypeError, ValueError, LookupError):
            return None


def hypotheses(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Hypothesis]:
    """Yield whatever one slip makes of a spec, of what shows with these hyperparameters."""
    yield from _arguments(spec, dict(hyper))
    program = spec.program(hyper)
    for wrong, make in (*wrong_orders(spec, [program.stages]), *wrong_asks(spec, [program])):
        if wrong.operator != "order":
            yield Hypothesis(wrong.after, (STAGES, 0), make)
    rules = rules_run(spec, hyper, problem)
    for rule in rules:
        for version, changed in wrong_versions(spec, rule, hyper):
            yield Hypothesis(told_of(version), (FORMULA, likelihood(version)), changed.program)
    for part in functions_run(spec, hyper, problem):
        if not isinstance(part, Rule) or part not in rules:
            for wrong, make in around(spec, part):
                rare = wrong.operator in _RARE_AROUND_RULES
                rank = (NUMBER if rare else FORMULA, slip_rank(wrong))
                yield Hypothesis(told_of(wrong), rank, make)


def told_of(wrong: Wrong) -> str:
    """Tell a version of a formula beside the right one."""
    return f"`{wrong.after}` instead of `{wrong.before}` ({wrong.where})"


def edited(spec: Spec, rule: Rule, version: Version, rank: Rank) -> Hypothesis:
    """Return the hypothesis that runs another version of a rule, whose spec ever has it."""

    def again(other: Spec) -> Make:
        return substituted(other, rule, version.rule).program

    return Hypothesis(told_of(version), rank, again(spec), elsewhere=again)


def _arguments(spec: Spec, hyper: Hyper) -> Iterator[Hypothesis]:
    """Forget an argument, or take another number for it."""
    complete = spec.validate(hyper)
    for name in hyper:
        default = spec.arguments[name].default
        if default is not REQUIRED and default != hyper[name]:
            text = f"{name}={default!r}, the default, instead of {name}={hyper[name]!r}"
            yield Hypothesis(text, (ARGUMENT, 0), forgetting(spec, name), f"{name}, the default")
    for name, value in spec.program(hyper).numeric.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value:
            said = instead_of(name, complete.get(name, value), given=name in hyper)
            for rank, (other, why) in enumerate(_numbers(spec, name, float(value))):
                everywhere = name in hyper or why == _ROUNDED
                of = _FUNCTIONS.get(why, lambda _, other=other: other)
                make = replacing(spec, name, of, everywhere)
                text = f"{name}={other!r}, {why} {said}"
                yield Hypothesis(text, (ARGUMENT, 1 + rank), make, f"{name}, {why}")


def instead_of(name: str, value: Any, *, given: bool) -> str:
    """Tell what stands in the place of an argument that was given, or of its default."""
    return f"instead of {name}={value!r}" if given else f"instead of the default {value!r}"


def forgetting(spec: Spec, name: str) -> Make:
    """Return a program that never looks at an argument."""

    def make(hyper: Mapping[str, Any]) -> Program:
        return spec.program({key: value for key, value in hyper.items() if key != name})

    return make


def replacing(spec: Spec, name: str, of: Callable[[float], float], everywhere: bool) -> Make:
    """Return a program with another number for an argument: everywhere, or for its default."""

    def make(hyper: Mapping[str, Any]) -> Program:
        program = spec.program(hyper)
        value = program.numeric.get(name)
        if not isinstance(value, (int, float)) or (name in hyper and not everywhere):
            return program
        return replace(program, numeric={**program.numeric, name: of(float(value))})

    return make


def _numbers(spec: Spec, name: str, value: float) -> Iterator[tuple[float, str]]:
    rounded = (float(np.float32(value)), _ROUNDED)
    numbers = dict([*other_numbers(spec, name, value), rounded])
    numbers.pop(value, None)
    if 0.0 in numbers:
        numbers[0.0] = "as where it underflows,"
    return iter(numbers.items())


_ROUNDED = "rounded to float32"
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    _ROUNDED: lambda value: float(np.float32(value)),
    "ten times": lambda value: 10 * value,
    "a tenth": lambda value: value / 10,
    "its complement": lambda value: 1 - value,
}


def other_systems(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[tuple[Spec, Hyper]]:
    """Yield every other spec that takes the same arguments, with them by its own names."""
    given, needed = _in_common(spec, hyper)
    for other in map(find_spec, specs()):
        theirs = _in_terms_of(other, given, needed) if other.id != spec.id else None
        if theirs is not None:
            yield other, theirs


def _in_common(spec: Spec, hyper: Mapping[str, Any]) -> tuple[Hyper, set[str]]:
    """Return all arguments by the names that rules have, and the names of those that are set."""
    ours = {theirs: mine for mine, theirs in spec.names.items()}
    given = {ours.get(name, name): value for name, value in spec.validate(hyper).items()}
    away = (name for name, value in hyper.items() if value != spec.arguments[name].default)
    return given, {ours.get(name, name) for name in away}


def _in_terms_of(other: Spec, given: Hyper, needed: set[str]) -> Hyper | None:
    """Return arguments by the names of another spec; None where it lacks one that is set."""
    ours = {theirs: mine for mine, theirs in other.names.items()}
    names = {ours.get(name, name): name for name in other.arguments}
    if not needed <= names.keys():
        return None
    return {theirs: given[name] for name, theirs in names.items() if name in given}


def being(other: Spec, spec: Spec) -> Hypothesis:
    """Return the hypothesis that computes another spec than the one that is claimed."""

    def make(hyper: Mapping[str, Any]) -> Program:
        theirs = _in_terms_of(other, *_in_common(spec, hyper))
        if theirs is None:
            raise HyperparameterError(f"{other.id} lacks an argument of {spec.id}")
        return other.program(theirs)

    return Hypothesis(f"computes {other.id}", (ARGUMENT, 0), make)
