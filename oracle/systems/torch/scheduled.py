"""How a scheduler of PyTorch sets the rate of an optimizer, and may cycle its momentum, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification.composition import Around, Inner, composed
from oracle.specification.spec import Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation
from oracle.systems.torch.base import Torch
from oracle.systems.torch.wrapped import WRAPPED

BEFORE = "the rate of the step before"

RateOf: TypeAlias = Callable[[Arithmetic, Settings, Past], Number]
"""Returns the rate at an epoch."""

MomentumOf: TypeAlias = Callable[[Arithmetic, Settings, int], Number]
"""Returns the momentum at an epoch."""


def _with(step: Step, key: str, number: Number) -> None:
    step.numbers = {**step.numbers, key: number}


def set_rate(inner: str, rate_of: RateOf) -> Transformation:
    """Return the link that puts the rate of the step in the place of the optimizer's."""
    key = f"{inner}.lr"

    def set_it(step: Step) -> None:
        base = step.numbers[key]
        past = Past(base, step.hidden.get(BEFORE, base), step.iterations)

        def compute(xp: Arithmetic) -> Number:
            return rate_of(xp, step.hyper, past)

        step.hidden[BEFORE] = step.xp.in_type_of(key, compute)
        _with(step, key, step.hidden[BEFORE])

    return Transformation("set_rate", set_it, "Set the optimizer's rate to that of this step.")


def set_momentum(inner: str, argument: str, momentum_of: MomentumOf) -> Transformation:
    """Return the link that puts the momentum of the step in the place of the optimizer's."""
    key = f"{inner}.{argument}"

    def set_it(step: Step) -> None:
        def compute(xp: Arithmetic) -> Number:
            return momentum_of(xp, step.hyper, step.iterations)

        _with(step, key, step.xp.in_type_of(key, compute))

    told = "Set the optimizer's momentum to that of this step."
    return Transformation("set_momentum", set_it, told, asks=("cycle_momentum",))


class Scheduled(Torch):
    """A scheduler, and the optimizer whose rate it sets."""

    version = "PyTorch 2.13.0, torch/optim/lr_scheduler.py"

    def __init__(self, rate_of: RateOf, momentum_of: MomentumOf | None = None) -> None:
        self.rate_of = rate_of
        self.momentum_of = momentum_of

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse a sequence of schedulers without a milestone for each but the first."""
        if "schedulers" in hyper and "milestones" in hyper:
            parts, turns = len(hyper["schedulers"]), len(hyper["milestones"])
            if turns != parts - 1:
                raise HyperparameterError(
                    f"{spec.id}: {parts} schedulers take {parts - 1} milestones, not {turns}"
                )
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Set the rate, and let the optimizer take its step."""
        cycles = self.momentum_of is not None and bool(hyper["cycle_momentum"])
        imposed = _largest(hyper) if cycles else {}

        def around(inner: Inner, hyper: Hyper) -> Around:
            links = [set_rate(inner.name, self.rate_of), inner.update()]
            if self.momentum_of is not None and cycles:
                named = "momentum" if "momentum" in imposed else "beta_1"
                links.insert(1, set_momentum(inner.name, named, self.momentum_of))
            return Around(tuple(links), {}, {})

        return composed(around, WRAPPED.inner(spec, hyper, **imposed), hyper)


def _largest(hyper: Hyper) -> dict[str, Any]:
    """Return the argument of the optimizer that a cycle begins with: its largest momentum."""
    given, largest = hyper["optimizer"], hyper["max_momentum"]
    arguments = WRAPPED.specs[given["class_name"]].arguments
    if "betas" in arguments:
        _, beta_2 = given["config"].get("betas", arguments["betas"].default)
        return {"betas": (largest, beta_2)}
    return {"momentum": largest}
