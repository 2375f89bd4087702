"""Learning-rate schedules: arguments taken wrongly, and the rate that a wrong step took."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import FunctionType
from typing import Any

from oracle.arithmetic.doubles import Doubles
from oracle.arithmetic.plain import PlainNumber
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import ARGUMENT, NUMBER, Hypothesis
from oracle.diagnosis.told import Told
from oracle.diagnosis.values import Measure, root, simple
from oracle.mutation.composition import other_numbers
from oracle.mutation.surroundings import functions_run
from oracle.specification.domains import ScheduledRate
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation


def scheduled(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Hypothesis]:
    """Yield a schedule with one argument forgotten, turned, or taken for another number."""
    for name, (value, default, _) in _arguments(spec, hyper).items():
        for rank, (other, why) in enumerate(_others(spec, name, value, default)):
            text = f"{name}={other!r}, {why}, instead of {name}={value!r} in the schedule"
            yield Hypothesis(text, (ARGUMENT, 1 + rank), partial(_program, spec, name, other, True))


def other_settings(spec: Spec, hyper: Mapping[str, Any], off: Measure) -> Iterator[Hypothesis]:
    """Yield each argument of a schedule with the number that explains one element."""
    for name, (value, _, given) in _arguments(spec, hyper).items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found = root(partial(_off_with, off, spec, name, hyper), float(value))
            for number, digits in simple(found):
                text = f"{name}={number!r} instead of {name}={value!r} in the schedule"
                make = partial(_program, spec, name, number, given)
                yield Hypothesis(text, (NUMBER, digits), make)


def _off_with(off: Measure, spec: Spec, name: str, hyper: Mapping[str, Any], value: float) -> float:
    return off(_program(spec, name, value, True, hyper))


def rate_told(evidence: Evidence) -> Iterator[Told]:
    """Yield the learning rate that the first wrong step took, if that alone explains it."""
    spec, hyper = evidence.spec, evidence.hyper
    if not isinstance(hyper.get("learning_rate"), Mapping):
        return
    formulas = [
        part
        for part in functions_run(spec, hyper, evidence.problem)
        if isinstance(part, FunctionType)
        and part.__module__ == "oracle.rules.transformations.schedules"
    ]
    if not formulas:
        return
    step, [formula, *_] = min(evidence.worst), formulas
    right = _rate_in(evidence, step)
    taken = root(lambda rate: evidence.off_at(step, _with_rate(evidence, step, rate)), right)
    if math.isfinite(taken) and evidence.explains_until(step, _with_rate(evidence, step, taken)):
        place = f"oracle/rules/transformations/schedules.py:{formula.__code__.co_firstlineno}"
        cause = f"`{formula.__name__}` ({place}) or the step count it is given is wrong"
        rates = f"a learning rate of {taken:.6g} instead of {right:.6g} in step {step}"
        yield Told(f"{rates}: {cause}", cause)


def _domain(spec: Spec) -> ScheduledRate:
    domain = spec.arguments["learning_rate"].domain
    assert isinstance(domain, ScheduledRate)
    return domain


def _arguments(spec: Spec, hyper: Mapping[str, Any]) -> dict[str, tuple[Any, Any, bool]]:
    """Return the arguments of a schedule: what they are, their defaults, and whether given."""
    schedule = hyper.get("learning_rate")
    if not isinstance(schedule, Mapping):
        return {}
    config = schedule["config"]
    return {
        name: (config.get(name, default), default, name in config)
        for name, default in _domain(spec).schedules[schedule["class_name"]].items()
    }


def _others(spec: Spec, name: str, value: Any, default: Any) -> Iterator[tuple[Any, str]]:
    """Yield what may stand in the place of a value, and why."""
    if isinstance(value, bool):
        yield not value, "the opposite"
    elif isinstance(value, (int, float)):
        if isinstance(default, (int, float)) and default != value:
            yield default, "the default"
        yield from other_numbers(spec, name, value)
        yield value + 1, "one more"
        yield value - 1, "one less"


def _program(spec: Spec, name: str, value: Any, given: bool, hyper: Mapping[str, Any]) -> Program:
    """Return a program with another value for an argument that its schedule has.

    Where the argument is left at its default, ``given`` says whether it is changed all the same.
    """
    arguments = _arguments(spec, hyper)
    if name not in arguments or (arguments[name][2] and not given):
        return spec.program(hyper)
    schedule = hyper["learning_rate"]
    other = {**schedule, "config": {**schedule["config"], name: value}}
    return spec.program({**hyper, "learning_rate": other})


def _rate_in(evidence: Evidence, step: int) -> float:
    at = _domain(evidence.spec).at
    assert at is not None
    rate = at(Doubles(), evidence.hyper["learning_rate"], step - 1)
    assert isinstance(rate, PlainNumber)
    return float(rate.data)


def _with_rate(evidence: Evidence, step: int, rate: float) -> Program:
    """Return the right program with another learning rate in one step."""

    def taking(stage: Transformation) -> Transformation:
        def run(moment: Step) -> None:
            before = moment.learning_rate
            stage(moment)
            if moment.iterations == step - 1 and moment.learning_rate is not before:
                moment.learning_rate = moment.xp.constant(rate)

        return stage.acting(run)

    program = evidence.program
    return replace(program, stages=tuple(taking(stage) for stage in program.stages))
