"""What belongs to a step, done once for each parameter: counted, decayed, corrected."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.arithmetic.base import Number
from oracle.diagnosis.hypotheses import STAGES, Hypothesis
from oracle.mutation.substitute import rules_run
from oracle.mutation.trees import names_in
from oracle.mutation.versions import function_of
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import Act, Transformation

RANK = (STAGES, 1.5)
_RATES = ("set_learning_rate", "decay_learning_rate")
"""The stages that make the learning rate of a step."""

Change = Callable[[Program], tuple[Transformation, ...]]


def once_for_each(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Hypothesis]:
    """Yield the step in which something goes on with each parameter, or from step to step."""
    names = [stage.place for stage in spec.program(hyper).stages]
    if "update" not in names:
        return
    yield _hypothesis(
        spec, "the step count goes on with each parameter, not with each step", _counted
    )
    if any(g is None for row in problem.grads for g in row):
        yield _hypothesis(spec, "each parameter counts the steps that have a gradient for it", _own)
    yield _hypothesis(spec, "what all parameters share is renewed once for each of them", _shared)
    for rate in (name for name in names if name in _RATES):
        yield from _rates(spec, rate)
    for name in names:
        if name.startswith("decay_weights"):
            told = f"`{name}` of all parameters is done once for each of them"
            yield _hypothesis(spec, told, partial(_repeated, name))
    for name in names:
        if name.startswith("clip"):
            told = f"`{name}` takes each gradient alone, not all of them together"
            yield _hypothesis(spec, told, partial(_apart, name))
    for rule in rules_run(spec, hyper, problem):
        rate_of = _rate_of(rule)
        if rate_of is not None:
            told = "the bias correction of one parameter's rate is taken on to the next one"
            yield _hypothesis(spec, told, partial(_corrected_on, rule, rate_of, False))
            told = "the bias correction of the rate is taken on to the next step"
            yield _hypothesis(spec, told, partial(_corrected_on, rule, rate_of, True))


def _hypothesis(spec: Spec, told: str, change: Change) -> Hypothesis:
    def make(hyper: Mapping[str, Any]) -> Program:
        program = spec.program(hyper)
        return replace(program, stages=change(program))

    return Hypothesis(told, RANK, make)


def _rates(spec: Spec, rate: str) -> Iterator[Hypothesis]:
    told = f"the step count of `{rate}` goes on with each parameter, not with each step"
    yield _hypothesis(spec, told, partial(_rate_counted, rate, False))
    told = f"the step count, that of `{rate}` too, goes on with each parameter, not with each step"
    yield _hypothesis(spec, told, partial(_rate_counted, rate, True))
    told = f"`{rate}` is done once for each parameter, with the rate that the last one had"
    yield _hypothesis(spec, told, partial(_decayed_on, rate, True, False))
    told = f"`{rate}` goes on with the rate of the step before"
    yield _hypothesis(spec, told, partial(_decayed_on, rate, False, True))
    told = f"`{rate}` goes on, once for each parameter, with the rate that it made before"
    yield _hypothesis(spec, told, partial(_decayed_on, rate, True, True))


def _counted(program: Program) -> tuple[Transformation, ...]:
    return _with_update(
        program, lambda update: update.acting(partial(_one_by_one, _counting(update)))
    )


def _own(program: Program) -> tuple[Transformation, ...]:
    """Let a step without a gradient count for nothing."""
    return _with_update(program, _counting_apart)


def _counting_apart(update: Transformation) -> Transformation:
    def run(step: Step) -> None:
        before, group = step.iterations, step.hyper.get("gradient_accumulation_steps") or 1
        counts = step.hidden.get("counts", {})
        whole = list(step.grads)
        for k in step.present():
            step.grads = [g if i == k else None for i, g in enumerate(whole)]
            step.iterations = counts.get(k, 0) * int(group)
            update(step)
            counts = {**counts, k: counts.get(k, 0) + 1}
        step.grads, step.iterations, step.hidden["counts"] = whole, before, counts

    return update.acting(run)


def _shared(program: Program) -> tuple[Transformation, ...]:
    return _with_update(program, lambda update: update.acting(partial(_one_by_one, update)))


def _with_update(
    program: Program, change: Callable[[Transformation], Transformation]
) -> tuple[Transformation, ...]:
    return tuple(change(s) if s.name == "update" else s for s in program.stages)


def _one_by_one(act: Act, step: Step) -> None:
    """Act for one parameter after the other, as if the others had no gradient."""
    whole = list(step.grads)
    after = list(whole)
    for k in step.present():
        step.grads = [g if i == k else None for i, g in enumerate(whole)]
        act(step)
        after[k] = step.grads[k]
    step.grads = after


def _counting(act: Act) -> Act:
    """Return what counts how often it has acted, and takes that for the steps before."""

    def run(step: Step) -> None:
        before, group = step.iterations, step.hyper.get("gradient_accumulation_steps") or 1
        count = step.hidden.get("counted", 0)
        step.iterations = count * int(group)
        act(step)
        step.iterations, step.hidden["counted"] = before, count + 1

    return run


def _rate_counted(rate: str, also_update: bool, program: Program) -> tuple[Transformation, ...]:
    """Count for the rate alone, or for the rate and the update."""
    make = _link_called(program, rate)
    if make is None:
        return program.stages

    def around(update: Transformation) -> Transformation:
        def both(step: Step) -> None:
            base, before = step.learning_rate, step.iterations
            make(step)
            if not also_update:
                step.iterations = step.hidden["true_count"]
            update(step)
            step.learning_rate, step.iterations = base, before

        counted = _counting(both)

        def run(step: Step) -> None:
            step.hidden["true_count"] = step.iterations
            _one_by_one(counted, step)

        return update.acting(run)

    return _with_update(replace(program, stages=_without(program, rate)), around)


def _decayed_on(rate: str, each: bool, kept: bool, program: Program) -> tuple[Transformation, ...]:
    """Make the rate from the one that was made before: of the last parameter, or the last step."""
    make = _link_called(program, rate)
    if make is None:
        return program.stages

    def around(update: Transformation) -> Transformation:
        def decayed(step: Step) -> None:
            make(step)
            update(step)

        def run(step: Step) -> None:
            step.learning_rate = step.hidden.get("rate", step.learning_rate)
            if each:
                _one_by_one(decayed, step)
            else:
                decayed(step)
            if kept:
                step.hidden["rate"] = step.learning_rate

        return update.acting(run)

    return _with_update(replace(program, stages=_without(program, rate)), around)


def _link_called(program: Program, name: str) -> Transformation | None:
    return next((link for link in program.stages if link.name == name), None)


def _without(program: Program, name: str) -> tuple[Transformation, ...]:
    return tuple(stage for stage in program.stages if stage.name != name)


def _repeated(name: str, program: Program) -> tuple[Transformation, ...]:
    def often(stage: Transformation) -> Transformation:
        def run(step: Step) -> None:
            for _ in step.present():
                stage(step)

        return stage.acting(run)

    return tuple(often(s) if s.place == name else s for s in program.stages)


def _apart(name: str, program: Program) -> tuple[Transformation, ...]:
    return tuple(
        s.acting(partial(_one_by_one, s)) if s.place == name else s for s in program.stages
    )


def _corrected_on(
    rule: Rule, rate_of: Callable[..., Number], kept: bool, program: Program
) -> tuple[Transformation, ...]:
    """Let the rate that a rule makes of the learning rate be the learning rate of what follows."""

    def around(update: Transformation) -> Transformation:
        def corrected(step: Step) -> None:
            update(step)
            numbers = {**step.numbers, "learning_rate": step.learning_rate}
            t = step.xp.constant(updates_before(step) + 1)
            step.learning_rate = rate_of(step.xp, t, {h: numbers[h] for h in rule.hyper})

        def run(step: Step) -> None:
            step.learning_rate = step.hidden.get("rate", step.learning_rate)
            if kept:
                corrected(step)
                step.hidden["rate"] = step.learning_rate
            else:
                _one_by_one(corrected, step)

        return update.acting(run)

    return _with_update(program, around)


def _rate_of(rule: Rule) -> Callable[..., Number] | None:
    """Return what a rule makes of the learning rate by the step count and numbers alone."""
    known = {*rule.hyper, "xp", "t"}
    for statement in function_of(rule).body[:-1]:
        names = names_in(statement.value) if isinstance(statement, ast.Assign) else set()
        if {"learning_rate", "t"} <= names <= known:
            assert isinstance(statement, ast.Assign)
            code = compile(ast.Expression(statement.value), "<formula>", "eval")
            return lambda xp, t, numbers: eval(code, {}, {"xp": xp, "t": t, **numbers})
    return None
