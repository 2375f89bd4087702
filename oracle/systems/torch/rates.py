"""The rate that schedulers of PyTorch make of the one before: each by itself, chained, in sequence.

From torch/optim/lr_scheduler.py (2.13.0).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.transformations import torch_schedules as formulas
from oracle.rules.transformations.torch_schedules import Past, Settings

Formula: TypeAlias = Callable[[Arithmetic, Settings, Past], Number]


@dataclass(frozen=True)
class Scheduler:
    """How one scheduler makes its rates."""

    later: Formula
    first: Formula = formulas.unchanged
    """What it makes of the rate when it is built."""
    anew: Formula = formulas.at_the_base
    """With what it begins in the middle of a sequence."""


RECIPES = {
    "StepLR": Scheduler(formulas.step_lr),
    "MultiStepLR": Scheduler(formulas.multi_step_lr),
    "ConstantLR": Scheduler(formulas.constant_lr, formulas.constant_share, formulas.constant_share),
    "LinearLR": Scheduler(formulas.linear_lr, formulas.linear_share, formulas.linear_share),
    "ExponentialLR": Scheduler(formulas.exponential_lr),
    "PolynomialLR": Scheduler(formulas.polynomial_lr),
    "CosineAnnealingLR": Scheduler(
        formulas.cosine_annealing_lr, anew=formulas.cosine_annealing_anew
    ),
    "CosineAnnealingWarmRestarts": Scheduler(*(formulas.cosine_annealing_warm_restarts,) * 3),
}
Parts: TypeAlias = Sequence[tuple[Scheduler, Settings]]
"""Schedulers and their arguments."""


def chained(xp: Arithmetic, parts: Parts, past: Past) -> Number:
    """Return the rate that several schedulers make, each of what the one before it made."""
    found = past
    for recipe, settings in parts:
        formula = recipe.later if past.epoch else recipe.first
        found = replace(found, rate=formula(xp, settings, found))
    return found.rate


def in_sequence(xp: Arithmetic, parts: Parts, milestones: Sequence[int], past: Past) -> Number:
    """Return the rate of the scheduler whose turn it is; each counts from its own milestone."""
    turn = bisect_right(milestones, past.epoch)
    recipe, settings = parts[turn]
    own = replace(past, epoch=past.epoch - (milestones[turn - 1] if turn else 0))
    if own.epoch == 0:
        return recipe.anew(xp, settings, replace(own, rate=own.base))
    return recipe.later(xp, settings, own)
