"""Groups of steps whose gradients come to something else than their mean, or are counted apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.arithmetic.base import Number
from oracle.diagnosis.hypotheses import STAGES, Hypothesis
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import Transformation

_EARLY = "each gradient of a group is clipped, and the weights decay with it, before they are added"
_COUNTED = "each step of a group counts as an update"
"""What Keras 3.4 did; 3.6 no longer does."""

_OF_GRADIENTS = ("clip", "set_learning_rate", "decay_weights")
"""The stages that may come before gradients are added up."""

_Kept = Callable[[Number, Number], Number]
"""What is kept of what was held and of a new gradient."""


def other_groups(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Hypothesis]:
    """Yield the step that accumulates otherwise, where it accumulates at all."""
    if not hyper.get("gradient_accumulation_steps"):
        return
    for told, last, kept in (
        ("the last gradient of a group is left out of its mean", _held, _sum),
        ("only the last gradient of a group counts, as a share of it", _new, _sum),
        ("of the gradients before the last of a group, only the latest is kept", _sum, _new),
    ):
        yield Hypothesis(told, (STAGES, 1.5), partial(_program, spec, last, kept))
    for told, early, counted in (
        (_EARLY, True, False),
        (_COUNTED, False, True),
        (f"{_EARLY}; {_COUNTED}", True, True),
    ):
        yield Hypothesis(told, (STAGES, 1.5), partial(_step_by_step, spec, early, counted))
    if isinstance(hyper.get("learning_rate"), Mapping):
        told = "the schedule counts the updates, one for each group, instead of the steps"
        yield Hypothesis(told, (STAGES, 1.5), partial(_by_updates, spec))


def _held(held: Number, new: Number) -> Number:
    return held


def _new(held: Number, new: Number) -> Number:
    return new


def _sum(held: Number, new: Number) -> Number:
    return new + held


def _program(spec: Spec, last: _Kept, kept: _Kept, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    stages = [_other(s, last, kept) if s.name == "accumulate" else s for s in program.stages]
    return replace(program, stages=tuple(stages))


def _step_by_step(spec: Spec, early: bool, counted: bool, hyper: Mapping[str, Any]) -> Program:
    """Return the program with stages before the sum, and with those after it counting each step."""
    program = spec.program(hyper)
    stages = list(program.stages)
    if all(stage.name != "accumulate" for stage in stages):
        return program
    if early:
        before = [stage for stage in stages if stage.place in _OF_GRADIENTS]
        others = [stage for stage in stages if stage not in before]
        place = [stage.name for stage in others].index("accumulate")
        stages = [*others[:place], *before, *others[place:]]
    if counted:
        place = [stage.name for stage in stages].index("accumulate")
        stages[place + 1 :] = map(_counting_steps, stages[place + 1 :])
    return replace(program, stages=tuple(stages))


def _counting_steps(stage: Transformation) -> Transformation:
    def run(step: Step) -> None:
        given, step.hyper = step.hyper, {**step.hyper, "gradient_accumulation_steps": None}
        stage(step)
        step.hyper = given

    return stage.acting(run)


def _by_updates(spec: Spec, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    stages = [_counting(s) if s.name == "set_learning_rate" else s for s in program.stages]
    return replace(program, stages=tuple(stages))


def _counting(rate: Transformation) -> Transformation:
    def run(step: Step) -> None:
        steps, step.iterations = step.iterations, updates_before(step)
        rate(step)
        step.iterations = steps

    return rate.acting(run)


def _other(accumulate: Transformation, last: _Kept, kept: _Kept) -> Transformation:
    """Return a stage that counts as the right one does, with other sums."""

    def run(step: Step) -> None:
        group = step.hyper["gradient_accumulation_steps"]
        held = list(step.slots.get("accumulated_gradient", ()))
        new = dict(zip(step.present(), step.gradients(), strict=True))
        accumulate(step)
        if group and step.updating:
            step.replace_gradients([last(held[k], g) / int(group) for k, g in new.items()])
        elif group:
            for k, g in new.items():
                step.slots["accumulated_gradient"][k] = kept(held[k], g)

    return accumulate.acting(run)
