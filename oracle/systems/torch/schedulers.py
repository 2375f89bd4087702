"""PyTorch's schedulers (`torch.optim.lr_scheduler`) that make each rate of the one before it.

From torch/optim/lr_scheduler.py (2.13.0). The optimizer takes a step, then the scheduler.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification import numbers
from oracle.specification.checks import at_least, between, count, floating
from oracle.specification.domains import Count, Other
from oracle.specification.draws import Among, Whole
from oracle.specification.spec import REQUIRED, Argument, Spec
from oracle.systems.torch import rates
from oracle.systems.torch.scheduled import MomentumOf, RateOf, Scheduled
from oracle.systems.torch.wrapped import OPTIMIZER

_SHARE = between(0, 1)


number = partial(numbers.number, check=at_least(0))
"""What makes an argument that is no negative number, unless its check says otherwise."""


def steps(name: str, default: Any, doc: str) -> Argument:
    """Return an argument that counts steps."""
    domain = Count(count(1), Whole(1, 4), usual=True, coarse=(2,), others=(3,), decimals=(2,))
    return Argument(name, default, domain, doc)


def _milestones(value: Any) -> str | None:
    fits = isinstance(value, (list, tuple)) and all(count(1)(x) is None for x in value)
    if not fits or list(value) != sorted(value):
        return "it must be a rising list of counts of steps, such as [30, 80]"
    return None


def rising(name: str, doc: str, on: list[int], *others: list[int]) -> Argument:
    """Return a list of steps at which something changes, the first of these or another."""
    domain = Other(_milestones, Among((on, *others)), on=on, coarse=(on,), others=others)
    return Argument(name, REQUIRED, domain, doc)


def one_of(name: str, doc: str, *values: str) -> Argument:
    """Return an argument that is one of some words, the first by default."""

    def is_one(value: Any) -> str | None:
        return None if value in values else f"it must be {', '.join(map(repr, values))}"

    default, *rest = values
    domain = Other(is_one, Among(values), on=rest[0], others=tuple(rest), decimals=tuple(rest))
    return Argument(name, default, domain, doc)


def scheduler(
    name: str,
    doc: str,
    *own: Argument,
    rate_of: RateOf | None = None,
    momentum_of: MomentumOf | None = None,
    quirks: tuple[str, ...] = (),
) -> Spec:
    """Return the spec of a scheduler; without ``rate_of`` it makes each rate of the one before."""
    system = Scheduled(rate_of or _by_itself(name), momentum_of)
    arguments = {argument.name: argument for argument in (OPTIMIZER, *own)}
    return Spec(system, name, arguments, {}, (name.lower(),), doc, quirks)


def _by_itself(name: str) -> RateOf:
    """Return the rate of a scheduler that makes each of the one before."""

    def rate_of(xp: Arithmetic, settings: Settings, past: Past) -> Number:
        return rates.chained(xp, [(rates.RECIPES[name], settings)], past)

    return rate_of


_GAMMA = number("gamma", 0.1, "factor", 0.5, 0.25, 0.3, check=floating)
_LEFT = "steps that it takes"
_ETA_MIN = number("eta_min", 0.0, "the smallest rate", 0.0625, 0.125, 0.01)

SIMPLE = (
    scheduler(
        "StepLR",
        "Times gamma after every few steps.",
        steps("step_size", REQUIRED, "steps between two changes"),
        _GAMMA,
    ),
    scheduler(
        "MultiStepLR",
        "Times gamma at each milestone.",
        rising("milestones", "the steps before which the rate changes", [1, 3], [2, 2, 3]),
        _GAMMA,
        quirks=("A milestone that is named twice counts twice.",),
    ),
    scheduler(
        "ConstantLR",
        "A share of the rate for some steps.",
        number("factor", 1 / 3, "the share", 0.5, 0.25, 0.3, check=between(0, 1, low_open=True)),
        steps("total_iters", 5, "steps after which the rate is whole"),
        quirks=("A factor of 0 raises ZeroDivisionError where the rate should be whole again.",),
    ),
    scheduler(
        "LinearLR",
        "From one share of the rate to another in a straight line.",
        number("start_factor", 1 / 3, "share", 0.5, 0.25, 0.3, check=between(0, 1, low_open=True)),
        number("end_factor", 1.0, "share at the end", 0.75, 0.5, 0.6, check=_SHARE),
        steps("total_iters", 5, _LEFT),
    ),
    scheduler(
        "ExponentialLR",
        "Times gamma after every step.",
        number("gamma", REQUIRED, "factor", 0.5, 0.25, 0.3, check=floating),
    ),
    scheduler(
        "PolynomialLR",
        "Down to 0 along a power of the share of steps that are left.",
        steps("total_iters", 5, _LEFT),
        number("power", 1.0, "the power", 2.0, 0.5, 1.5),
    ),
    scheduler(
        "CosineAnnealingLR",
        "Down to a smallest rate along half a cosine, and up again.",
        steps("T_max", REQUIRED, "steps of half a period"),
        _ETA_MIN,
    ),
    scheduler(
        "CosineAnnealingWarmRestarts",
        "Down to a smallest rate along half a cosine, from the start again and again.",
        steps("T_0", REQUIRED, "steps of the first cycle"),
        Argument(
            "T_mult",
            1,
            Count(count(1), Whole(1, 2), on=2, coarse=(2,), others=(3,), decimals=(2,)),
            "how much longer each cycle is than the one before",
        ),
        _ETA_MIN,
    ),
)
