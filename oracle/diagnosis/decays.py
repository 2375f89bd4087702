"""Decay in the forms of other libraries: of the weights, coupled or not, and of the rate."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.arithmetic.base import Number
from oracle.diagnosis.hypotheses import FORMULA, Hypothesis
from oracle.homes import file_of
from oracle.specification.sparse import Slices
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation

Decayed = Callable[[Step, Number], Number]
"""What becomes of a parameter."""
Slower = Callable[[Step, Number, Number], Number]
"""What becomes of a learning rate, by the decay and the steps before this one."""

RANK = (FORMULA, 99.0)
"""An edit of the stage itself that comes to the same is told before: it shows the very line."""

_PLAIN = "p - weight_decay * p"
_BY_RATE = "p - learning_rate * weight_decay * p"
_FORMS: Mapping[str, Decayed] = {
    _PLAIN: lambda step, p: p - step.numbers["weight_decay"] * p,
    _BY_RATE: lambda step, p: p - step.learning_rate * step.numbers["weight_decay"] * p,
    "p - initial learning_rate * weight_decay * p": lambda step, p: (
        p - _initial_rate(step) * step.numbers["weight_decay"] * p
    ),
    "p - learning_rate * weight_decay": lambda step, p: (
        p - step.learning_rate * step.numbers["weight_decay"]
    ),
    "p - learning_rate * weight_decay * xp.sign(p)": lambda step, p: (
        p - step.learning_rate * step.numbers["weight_decay"] * step.xp.sign(p)
    ),
    "p / (1 + learning_rate * weight_decay)": lambda step, p: (
        p / (1 + step.learning_rate * step.numbers["weight_decay"])
    ),
    "p * xp.exp(-learning_rate * weight_decay)": lambda step, p: (
        p * step.xp.exp(-step.learning_rate * step.numbers["weight_decay"])
    ),
}

_RIGHT_RATE = "learning_rate * (1 / (1 + decay * step))"
_RATES: Mapping[str, Slower] = {
    "learning_rate * (1 - decay)**step": lambda step, decay, t: (
        step.learning_rate * (1 - decay) ** t
    ),
    "learning_rate * (1 / (1 + decay))**step": lambda step, decay, t: (
        step.learning_rate * (1 / (1 + decay)) ** t
    ),
    "learning_rate * decay**step": lambda step, decay, t: step.learning_rate * decay**t,
    "learning_rate * xp.exp(-decay * step)": lambda step, decay, t: (
        step.learning_rate * step.xp.exp(-(decay * t))
    ),
    "learning_rate / xp.sqrt(1 + decay * step)": lambda step, decay, t: (
        step.learning_rate / step.xp.sqrt(1 + decay * t)
    ),
    "learning_rate * (1 - decay * step)": lambda step, decay, t: (
        step.learning_rate * (1 - decay * t)
    ),
}


def _initial_rate(step: Step) -> Number:
    """Return the rate that a schedule starts from, whatever it is now."""
    given = step.hyper["learning_rate"]
    if isinstance(given, Mapping):
        return step.xp.constant(given["config"]["initial_learning_rate"])
    return step.numbers["learning_rate"]


def other_decays(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Hypothesis]:
    """Yield the step with another weight decay than its own."""
    for stage in spec.program(hyper).stages:
        name = stage.name
        if name.startswith("decay_weights"):
            right = _BY_RATE if spec.system.name == "keras3" else _PLAIN
            for told, decayed in _FORMS.items():
                if told != right:
                    text = f"`{told}` instead of `{right}` in `{name}` ({_place_of(stage)})"
                    make = partial(_program, spec, name, partial(_other, decayed))
                    yield Hypothesis(text, RANK, make)
            text = f"coupled decay, `g + weight_decay * p`, instead of `{right}` in `{name}`"
            make = partial(_program, spec, name, _coupled)
            yield Hypothesis(f"{text} ({_place_of(stage)})", RANK, make)


def other_time_decays(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Hypothesis]:
    """Yield the step whose learning rate falls by another law of its ``decay``."""
    for stage in spec.program(hyper).stages:
        if stage.name == "decay_learning_rate":
            for told, slower in _RATES.items():
                text = f"`{told}` instead of `{_RIGHT_RATE}` ({_place_of(stage)})"
                change = partial(_slowed, slower)
                yield Hypothesis(text, RANK, partial(_program, spec, stage.name, change))


def _slowed(slower: Slower, stage: Transformation) -> Transformation:
    def run(step: Step) -> None:
        before = step.learning_rate
        stage(step)
        if step.learning_rate is not before:
            step.learning_rate = before
            step.learning_rate = slower(
                step, step.numbers["decay"], step.xp.constant(step.iterations)
            )

    return stage.acting(run)


def _place_of(stage: Transformation) -> str:
    """Return the file and the line of a stage."""
    function = inspect.unwrap(stage.act)
    place = function.__code__.co_firstlineno
    return f"{file_of(function.__module__)}:{place}"


def _program(
    spec: Spec,
    name: str,
    change: Callable[[Transformation], Transformation],
    hyper: Mapping[str, Any],
) -> Program:
    program = spec.program(hyper)
    stages = tuple(change(s) if s.name == name else s for s in program.stages)
    return replace(program, stages=stages)


def _other(decayed: Decayed, stage: Transformation) -> Transformation:
    def run(step: Step) -> None:
        for k, p in _chosen(stage, step):
            step.params[k] = decayed(step, p)

    return stage.acting(run)


def _coupled(stage: Transformation) -> Transformation:
    """Return the stage that adds to the gradient, which the rule then scales as it does all."""

    def run(step: Step) -> None:
        for k, p in _chosen(stage, step):
            gradient = step.grads[k]
            if gradient is not None and not isinstance(gradient, Slices):
                step.grads[k] = gradient + step.numbers["weight_decay"] * p

    return stage.acting(run)


def _chosen(stage: Transformation, step: Step) -> list[tuple[int, Number]]:
    """Return the parameters that a stage would decay, as they were before."""
    before = list(step.params)
    stage(step)
    changed = [k for k, p in enumerate(before) if step.params[k] is not p]
    step.params[:] = before
    return [(k, before[k]) for k in changed]
