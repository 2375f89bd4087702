"""What comes a step late: the gradients that are taken, or the parameters that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from oracle.arithmetic.base import Number
from oracle.diagnosis.hypotheses import STAGES, Hypothesis
from oracle.problem import Problem
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Gradient, Step
from oracle.specification.transformation import Act, Transformation

RANK = (STAGES, 1.75)

Stages: TypeAlias = tuple[Transformation, ...]


def a_step_late(spec: Spec, problem: Problem) -> Iterator[Hypothesis]:
    """Yield the step that takes, or shows, what belongs to the step before."""
    if len(problem.grads) < 2:
        return
    told = "the parameters that are shown are those from before the step"
    yield _hypothesis(spec, told, _shown_late)
    if all(isinstance(g, np.ndarray) for row in problem.grads for g in row):
        told = "the gradients are those of the step before"
        yield _hypothesis(spec, f"{told}, at first 0", partial(_taken_late, _zero))
        yield _hypothesis(spec, f"{told}, at first its own", partial(_taken_late, _same))


def _hypothesis(spec: Spec, told: str, around: Callable[[Stages], Stages]) -> Hypothesis:
    def make(hyper: Mapping[str, Any]) -> Program:
        program = spec.program(hyper)
        return replace(program, stages=around(program.stages))

    return Hypothesis(told, RANK, make)


def _shown_late(stages: Stages) -> Stages:
    """Keep the parameters that are right, and show what they were."""

    def take_up(step: Step) -> None:
        step.params = step.hidden.get("right", step.params)
        step.hidden["shown"] = list(step.params)

    def show(step: Step) -> None:
        step.hidden["right"], step.params = list(step.params), step.hidden.pop("shown")

    return (_link(take_up), *stages, _link(show))


def _taken_late(first: Callable[[Step, Gradient], Gradient], stages: Stages) -> Stages:
    """Keep the gradients for the next step, and take those that were kept."""

    def exchange(step: Step) -> None:
        at_first = [None if g is None else first(step, g) for g in step.grads]
        kept = step.hidden.get("kept", at_first)
        step.hidden["kept"], step.grads = list(step.grads), list(kept)

    return (_link(exchange), *stages)


def _link(act: Act) -> Transformation:
    return Transformation(act.__name__, act, gathers=True)


def _zero(step: Step, gradient: Gradient) -> Number:
    assert isinstance(gradient, Number)
    return step.xp.array(np.zeros(step.xp.shape(gradient)))


def _same(step: Step, gradient: Gradient) -> Gradient:
    return gradient
