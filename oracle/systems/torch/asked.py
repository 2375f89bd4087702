"""PyTorch's schedulers that ask somebody: a function for its factor, or a loss whether it fell.

From torch/optim/lr_scheduler.py (2.13.0). A run has the factor of each epoch, or the loss after
each step, as an argument. The optimizer takes a step, then the scheduler.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.transformations.plateau import BETTER, Plateau, certain, torch_plateau
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification.checks import at_least, floating
from oracle.specification.composition import Around, Inner, composed
from oracle.specification.given import PLATEAUS, at_step, per_step
from oracle.specification.numbers import counted
from oracle.specification.spec import Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation
from oracle.specification.wrapped import serialized
from oracle.systems.torch.base import Torch
from oracle.systems.torch.schedulers import number, one_of, scheduler
from oracle.systems.torch.wrapped import OPTIMIZER, WRAPPED


def lambda_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """The rate that the optimizer was given, times the factor of the epoch."""
    return past.base * xp.constant(at_step(settings["lr_lambda"], past.epoch))


def multiplicative_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """The rate of the step before, times the factor of the epoch; the first one stays."""
    if past.epoch == 0:
        return past.rate
    return past.rate * xp.constant(at_step(settings["lr_lambda"], past.epoch))


def reduced(xp: Arithmetic, settings: Settings, rate: Number) -> Number:
    """Return a rate times the factor, but not below the smallest, if that takes enough off it."""
    lower = xp.maximum(rate * xp.constant(settings["factor"]), xp.constant(settings["min_lr"]))
    return xp.where(rate - lower > xp.constant(settings["eps"]), lower, rate)


_MEMORY = "the rate, and the losses before"


def set_rate_by_loss(inner: str) -> Transformation:
    """Return the link that puts what the losses left of its rate in the optimizer's place."""
    key = f"{inner}.lr"

    def set_it(step: Step) -> None:
        rate, seen = step.hidden.get(_MEMORY, (step.numbers[key], Plateau()))
        if step.iterations:
            loss = at_step(step.hyper["metrics"], step.iterations - 1)
            seen, rate = _after(step, key, loss, seen, rate)
        step.hidden[_MEMORY] = rate, seen
        step.numbers = {**step.numbers, key: rate}

    return Transformation("set_rate_by_loss", set_it, "Reduce the rate when no loss is better.")


def _after(step: Step, key: str, loss: Any, seen: Plateau, rate: Number) -> tuple[Plateau, Number]:
    """Return what is remembered after a loss, and the rate of the next step."""
    settings = step.hyper
    is_better = BETTER[settings["mode"], settings["threshold_mode"]]

    def compute(xp: Arithmetic) -> Number:
        nonlocal seen
        better = None
        if seen.best is not None:
            both = (xp.constant(loss), xp.constant(seen.best))
            better = is_better(xp, *both, xp.constant(settings["threshold"]))
        seen, reduces = torch_plateau(settings, seen.judged(loss, better))
        return certain(xp, reduced(xp, settings, rate) if reduces else rate, better)

    number = step.xp.in_type_of(key, compute)
    return seen, number


class _ByLoss(Torch):
    """A scheduler that is told each loss, and the optimizer whose rate it reduces."""

    version = "PyTorch 2.13.0, torch/optim/lr_scheduler.py"

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse a share of the best loss that leaves nothing of it."""
        of_share = (hyper["mode"], hyper["threshold_mode"]) == ("min", "rel")
        if of_share and float(hyper["threshold"]) >= 1:
            raise HyperparameterError(
                f"{spec.id}: threshold={hyper['threshold']!r} lets no loss be better: "
                "a share of the best one must be below 1"
            )
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Set the rate, and let the optimizer take its step."""

        def around(inner: Inner, hyper: Hyper) -> Around:
            return Around((set_rate_by_loss(inner.name), inner.update()), {}, {})

        return composed(around, WRAPPED.inner(spec, hyper), hyper)


_NOT_NEGATIVE = at_least(0)


def _below_one(value: Any) -> str | None:
    return floating(value) or (None if 0 <= float(value) < 1 else "it must be at least 0, below 1")


_PLAIN = serialized("SGD", lr=0.0625)
_SLOW = serialized("Adam", lr=0.015625, betas=[0.75, 0.5], eps=0.00390625)
_ARGUMENTS = (
    replace(OPTIMIZER, domain=replace(OPTIMIZER.domain, on=_PLAIN, coarse=(_SLOW,))),
    one_of("mode", "whether a loss has to fall or to rise", "min", "max"),
    number("factor", 0.1, "factor of the rate", 0.5, 0.25, 0.3, check=_below_one),
    counted("patience", 10, "losses no better that do not count yet", 0, 1),
    number("threshold", 1e-4, "by how much a loss has to be better", 0.125, 0.25, 0.1),
    one_of("threshold_mode", "whether that is a share of the best loss", "rel", "abs"),
    counted("cooldown", 0, "losses that are passed over after a reduction", 2, 1),
    number("min_lr", 0, "the smallest rate", 0.00390625, 0.0078125, 0.01, check=_NOT_NEGATIVE),
    number("eps", 1e-8, "the least reduction that is made", 0.001953125, 0.015625, 0.02),
    per_step(
        "metrics",
        "the loss after each step; the last one stays",
        *PLATEAUS,
    ),
)
_FACTORS = per_step(
    "lr_lambda",
    "the factor of each epoch, from the first step on, in the place of a function",
    [0.5, 0.25, 1.0],
    [0.25, 1.5, 0.5],
    [0.9, 0.3, 0.7],
)

ASKED = (
    scheduler("LambdaLR", "A multiple of the rate for each epoch.", _FACTORS, rate_of=lambda_lr),
    scheduler(
        "MultiplicativeLR",
        "Times a factor after every step.",
        _FACTORS,
        rate_of=multiplicative_lr,
        quirks=("The factor of epoch 0 is never asked for.",),
    ),
    Spec(
        _ByLoss(),
        "ReduceLROnPlateau",
        {argument.name: argument for argument in _ARGUMENTS},
        {},
        ("reducelronplateau",),
        "A rate that is reduced when no loss is better any more.",
        (
            "With a share as threshold, a negative loss that is equal to the best one is better.",
            "The best loss moves on while losses are passed over.",
        ),
    ),
)
