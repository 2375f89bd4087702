"""Groups of steps whose gradients come to something else than their mean, or are counted apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.arithmetic.base import Number
from oracle.mutation.composition import name_of
from oracle.mutation.suspects import STAGES, Suspect
from oracle.systems.base import Program, Spec
from oracle.systems.step import Stage, Step, updates_before

_Kept = Callable[[Number, Number], Number]
"""What is kept of what was held and of a new gradient."""


def other_groups(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Suspect]:
    """Yield the step that accumulates otherwise, where it accumulates at all."""
    if not hyper.get("gradient_accumulation_steps"):
        return
    for told, last, kept in (
        ("the last gradient of a group is left out of its mean", _held, _sum),
        ("only the last gradient of a group counts, as a share of it", _new, _sum),
        ("of the gradients before the last of a group, only the latest is kept", _sum, _new),
    ):
        yield Suspect(told, (STAGES, 1.5), partial(_program, spec, last, kept))
    if isinstance(hyper.get("learning_rate"), Mapping):
        told = "the schedule counts the updates, one for each group, instead of the steps"
        yield Suspect(told, (STAGES, 1.5), partial(_by_updates, spec))


def _held(held: Number, new: Number) -> Number:
    return held


def _new(held: Number, new: Number) -> Number:
    return new


def _sum(held: Number, new: Number) -> Number:
    return new + held


def _program(spec: Spec, last: _Kept, kept: _Kept, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    stages = [_other(s, last, kept) if name_of(s) == "accumulate" else s for s in program.stages]
    return replace(program, stages=tuple(stages))


def _by_updates(spec: Spec, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    stages = [_counting(s) if name_of(s) == "set_learning_rate" else s for s in program.stages]
    return replace(program, stages=tuple(stages))


def _counting(rate: Stage) -> Stage:
    def run(step: Step) -> None:
        steps, step.iterations = step.iterations, updates_before(step)
        rate(step)
        step.iterations = steps

    return run


def _other(accumulate: Stage, last: _Kept, kept: _Kept) -> Stage:
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

    return run
