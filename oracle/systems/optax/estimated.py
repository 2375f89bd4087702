"""Optax's optimizers that estimate their rate: Prodigy and D-Adaptation.

From optax/contrib/{_prodigy,_dadapt_adamw}.py (0.2.8). All parameters are one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.directions import gradient
from oracle.rules.rule import Slot, at_parameter, zeros
from oracle.specification.checks import between, optional
from oracle.specification.domains import DecayRate, Flag, among
from oracle.specification.numbers import number
from oracle.specification.pairs import numbers_of_pairs, pair
from oracle.specification.spec import Argument, Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import RATE, alias, epsilon, weight_decay

_SHARED = Slot(0, scalar=True)
_ESTIMATE = Slot("estim_lr0", scalar=True)


def inner_product(xp: Arithmetic, ones: Sequence[Number], others: Sequence[Number]) -> Number:
    """Return the sum of the products of all elements of two lists of arrays."""
    total = xp.constant(0)
    for a, b in zip(ones, others, strict=True):
        total = total + xp.sum(a * b)
    return total


def sum_of_magnitudes(xp: Arithmetic, arrays: Sequence[Number]) -> Number:
    """Return the sum of the magnitudes of all elements."""
    total = xp.constant(0)
    for a in arrays:
        total = total + xp.sum(xp.abs(a))
    return total


def corrected_rate(step: Step) -> Number:
    """Return the estimate times the rate, corrected as Adam's is."""
    beta_1, beta_2 = step.numbers["beta_1"], step.numbers["beta_2"]
    t = step.xp.constant(step.iterations + 1)
    correction = step.xp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return step.slots["estim_lr"][0] * step.learning_rate * correction


@transformation(
    couples=True,
    slots={
        "exp_avg": zeros,
        "exp_avg_sq": zeros,
        "grad_sum": zeros,
        "params0": at_parameter,
        "estim_lr": _ESTIMATE,
        "numerator_weighted": _SHARED,
    },
)
def scale_by_prodigy(step: Step) -> None:
    """Take Adam's step at the estimated distance to the minimum (Mishchenko & Defazio 2023)."""
    xp, n, slots = step.xp, step.numbers, step.slots
    beta_1, beta_2, beta_3 = n["beta_1"], n["beta_2"], n["beta3"]
    d, d_0, rate = slots["estim_lr"][0], n["estim_lr0"], corrected_rate(step)
    g, p = step.gradients(), step.params
    scaled = [d * x for x in g]
    m = [beta_1 * a + (1 - beta_1) * x for a, x in zip(slots["exp_avg"], scaled, strict=True)]
    v = [beta_2 * a + (1 - beta_2) * x**2 for a, x in zip(slots["exp_avg_sq"], scaled, strict=True)]
    weight = d if step.hyper["safeguard_warmup"] else rate
    sums = zip(slots["grad_sum"], scaled, strict=True)
    s = [beta_3 * a + weight * x / d_0 for a, x in sums]
    gone = [start - x for start, x in zip(slots["params0"], p, strict=True)]
    r = beta_3 * slots["numerator_weighted"][0] + d / d_0 * rate * inner_product(xp, g, gone)
    estimate = n["estim_lr_coef"] * r / sum_of_magnitudes(xp, s)
    d_next = xp.maximum(d, estimate)
    for k in step.present():
        own = rate * m[k] / (xp.sqrt(v[k]) + d_next * n["eps"])
        step.grads[k] = -n["weight_decay"] * rate * p[k] - own
    slots["exp_avg"], slots["exp_avg_sq"], slots["grad_sum"] = m, v, s
    slots["estim_lr"] = [d_next for _ in p]
    slots["numerator_weighted"] = [r for _ in p]


@transformation(
    couples=True,
    slots={
        "exp_avg": zeros,
        "exp_avg_sq": zeros,
        "grad_sum": zeros,
        "estim_lr": _ESTIMATE,
        "numerator_weighted": _SHARED,
    },
)
def scale_by_dadapt(step: Step) -> None:
    """Take Adam's step at the estimated distance to the minimum (Defazio & Mishchenko 2023)."""
    xp, n, slots = step.xp, step.numbers, step.slots
    beta_1, beta_2, eps = n["beta_1"], n["beta_2"], n["eps"]
    d, rate, root = slots["estim_lr"][0], corrected_rate(step), xp.sqrt(beta_2)
    g, p, before = step.gradients(), step.params, slots["exp_avg_sq"]
    weighed = [s / (xp.sqrt(v) + eps) for s, v in zip(slots["grad_sum"], before, strict=True)]
    m = [beta_1 * a + (1 - beta_1) * rate * x for a, x in zip(slots["exp_avg"], g, strict=True)]
    v = [beta_2 * a + (1 - beta_2) * x**2 for a, x in zip(before, g, strict=True)]
    s = [root * a + (1 - root) * rate * x for a, x in zip(slots["grad_sum"], g, strict=True)]
    added = (1 - root) * rate * inner_product(xp, g, weighed)
    r = root * slots["numerator_weighted"][0] + added
    estimate = r / ((1 - root) * sum_of_magnitudes(xp, s))
    for k in step.present():
        step.grads[k] = -n["weight_decay"] * rate * p[k] - m[k] / (xp.sqrt(v[k]) + eps)
    slots["exp_avg"], slots["exp_avg_sq"], slots["grad_sum"] = m, v, s
    slots["estim_lr"] = [xp.maximum(d, estimate) for _ in p]
    slots["numerator_weighted"] = [r for _ in p]


def _third(hyper: Hyper) -> Any:
    given = hyper["beta3"]
    return float(hyper["betas"][1]) ** 0.5 if given is None else given


_BETAS = Argument(
    "betas",
    (0.9, 0.999),
    pair(("beta_1", DecayRate()), ("beta_2", DecayRate())),
    "decay rates of the two moments",
)
_FIRST = number("estim_lr0", 1e-6, "the first estimate", 0.125, 0.25, 0.03)
_COMMON = (Argument("learning_rate", 1.0, RATE.domain, RATE.doc), _BETAS)
_OF_PAIRS: Mapping[str, Callable[[Hyper], Any]] = numbers_of_pairs({"betas": _BETAS})

ESTIMATED = (
    alias(
        "prodigy",
        "Prodigy: Adam at the estimated distance to the minimum.",
        (
            *_COMMON,
            Argument(
                "beta3",
                None,
                among(0.5, 0.75, check=optional(between(0, 1)), on=0.5, zero_is_on=True),
                "share of the sums that is kept; the root of the second beta by default",
            ),
            epsilon(1e-8),
            _FIRST,
            number("estim_lr_coef", 1.0, "factor of the estimate", 0.5, 2.0, 0.3),
            weight_decay(0.0),
            Argument("safeguard_warmup", False, Flag(), "leave the rate out of the estimate"),
        ),
        {(): gradient.steepest},
        before=(scale_by_prodigy,),
        derived={**_OF_PAIRS, "beta3": _third},
        contrib=True,
    ),
    alias(
        "dadapt_adamw",
        "D-Adaptation: AdamW at the estimated distance to the minimum.",
        (*_COMMON, epsilon(1e-8), _FIRST, weight_decay(0.0)),
        {(): gradient.steepest},
        before=(scale_by_dadapt,),
        derived=_OF_PAIRS,
        contrib=True,
    ),
)
