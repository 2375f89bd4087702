"""Optax's optimizers that ask for the loss: Polyak's step size and MoMo.

From optax/_src/{alias,transform}.py and optax/contrib/_momo.py (0.2.8). All parameters are one
vector. The loss of each step is an argument of the run, ``value``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.directions import gradient
from oracle.rules.rule import Slot, zeros
from oracle.specification.domains import Other, Rate
from oracle.specification.draws import Among
from oracle.specification.given import given, per_step
from oracle.specification.numbers import number
from oracle.specification.spec import Argument
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import (
    RATE,
    alias,
    decay_rate,
    epsilon,
    flag,
    weight_decay,
)
from oracle.systems.optax.distances import sum_of_squares
from oracle.systems.optax.estimated import inner_product

TINY = 2.0**-52
"""The norm below which no step is taken: the epsilon of float64."""


def gap(xp: Arithmetic, loss: Number, least: Number) -> Number:
    """Return how far a loss is above the least one."""
    return loss - least


def gap_or_nothing(xp: Arithmetic, loss: Number, least: Number) -> Number:
    """Return the same, but 0 for a loss below the least one."""
    return xp.maximum(loss - least, 0)


GAPS = {"sps": gap, "sps+": gap_or_nothing}
"""By variant."""


@transformation(couples=True)
def scale_by_polyak(step: Step) -> None:
    """Scale by Polyak's step size (Loizou et al. 2021; sps+: Garrigos et al. 2023)."""
    xp, n = step.xp, step.numbers
    norm = sum_of_squares(xp, step.gradients()) + n["eps"]
    above = GAPS[step.hyper["variant"]](xp, given(step, "value"), n["f_min"])
    size = xp.where(norm <= TINY, 0, xp.minimum(above / norm, n["max_learning_rate"]))
    step.replace_gradients([size * g for g in step.gradients()])


@transformation()
def scale_by_scaling(step: Step) -> None:
    """Turn the gradient around, and scale it."""
    step.replace_gradients([-step.numbers["scaling"] * g for g in step.gradients()])


def smallest_loss(xp: Arithmetic, model: Number, least: Number, share: Number) -> Number:
    """Return a lower bound that is not above what the model says: half of that, where it is."""
    return xp.maximum(model / (2 * share), least)


_SHARED = Slot(0, scalar=True)
_BOUND = Slot("lower_bound", scalar=True)


def _keep(step: Step, **shared: Number) -> None:
    for slot, one in shared.items():
        step.slots[slot] = [one for _ in step.params]


@transformation(couples=True, slots={"m": zeros, "barf": _SHARED, "gamma": _SHARED, "lb": _BOUND})
def momo(step: Step) -> None:
    """Take the step of a model of the averaged loss (Schaipp et al. 2023, algorithm 1)."""
    xp, n, slots, p, g = step.xp, step.numbers, step.slots, step.params, step.gradients()
    beta = n["beta"] if step.iterations else xp.constant(0)
    f = beta * slots["barf"][0] + (1 - beta) * given(step, "value")
    m = [beta * a + (1 - beta) * x for a, x in zip(slots["m"], g, strict=True)]
    gamma = beta * slots["gamma"][0] + (1 - beta) * inner_product(xp, g, p)
    norm, product = sum_of_squares(xp, m), inner_product(xp, m, p)
    decay = step.learning_rate * n["weight_decay"]
    least = slots["lb"][0]
    if step.hyper["adapt_lower_bound"]:
        model = (1 + decay) * (f - gamma) + product
        lowered = smallest_loss(xp, model, n["lower_bound"], 1 + decay)
        least = xp.where(model < (1 + decay) * least, lowered, least)
    above = xp.maximum((1 + decay) * (f - least - gamma) + product, 0)
    size = xp.minimum(step.learning_rate, xp.where(norm <= TINY, 0, above / norm))
    for k in step.present():
        step.grads[k] = -decay / (1 + decay) * p[k] - size * m[k]
    if step.hyper["adapt_lower_bound"]:
        raised = xp.maximum(f + product - gamma - size * norm / 2, n["lower_bound"])
        _keep(step, lb=raised)
    _keep(step, barf=f, gamma=gamma)
    slots["m"] = m


@transformation(
    couples=True,
    slots={"m": zeros, "v": zeros, "barf": _SHARED, "gamma": _SHARED, "lb": _BOUND},
)
def momo_adam(step: Step) -> None:
    """Take the same step in the norm of Adam (Schaipp et al. 2023, algorithm 3)."""
    xp, n, slots, p, g = step.xp, step.numbers, step.slots, step.params, step.gradients()
    beta_1, beta_2, t = n["b1"], n["b2"], xp.constant(step.iterations + 1)
    f = beta_1 * slots["barf"][0] + (1 - beta_1) * given(step, "value")
    m = [beta_1 * a + (1 - beta_1) * x for a, x in zip(slots["m"], g, strict=True)]
    v = [beta_2 * a + (1 - beta_2) * x**2 for a, x in zip(slots["v"], g, strict=True)]
    rho_1, rho_2 = 1 - beta_1**t, 1 - beta_2**t
    scaled = [a / (n["eps"] + xp.sqrt(b / rho_2)) for a, b in zip(m, v, strict=True)]
    gamma = beta_1 * slots["gamma"][0] + (1 - beta_1) * inner_product(xp, g, p)
    norm, product = inner_product(xp, m, scaled), inner_product(xp, m, p)
    decay = step.learning_rate * n["weight_decay"]
    least = slots["lb"][0]
    if step.hyper["adapt_lower_bound"]:
        model = (1 + decay) * (f - gamma) + product
        lowered = smallest_loss(xp, model, n["lower_bound"], rho_1 * (1 + decay))
        least = xp.where(model < (1 + decay) * rho_1 * least, lowered, least)
    above = xp.maximum((1 + decay) * (f - rho_1 * least - gamma) + product, 0)
    size = xp.minimum(step.learning_rate / rho_1, xp.where(norm <= TINY, 0, above / norm))
    for k in step.present():
        step.grads[k] = -decay / (1 + decay) * p[k] - size * scaled[k]
    if step.hyper["adapt_lower_bound"]:
        raised = xp.maximum((f + product - gamma - size * norm / 2) / rho_1, n["lower_bound"])
        _keep(step, lb=raised)
    _keep(step, barf=f, gamma=gamma)
    slots["m"], slots["v"] = m, v


def _variant(value: Any) -> str | None:
    return None if value in GAPS else f"it must be {' or '.join(map(repr, GAPS))}"


def _losses(*coarse: float) -> Argument:
    """Return the loss of each step, of which some are coarse numbers."""
    return per_step(
        "value",
        "the loss at each step; the last one stays",
        list(coarse),
        [0.125, 2.0, -0.5, 4.0],
        [0.7, 0.9, 0.3],
    )


_POLYAK = (
    Argument(
        "max_learning_rate", 1.0, Rate(coarse=(0.25,), others=(0.5,)), "the largest step size"
    ),
    number("f_min", 0.0, "the least loss there is", 0.125, -0.25, 0.1),
    replace(epsilon(0.0), doc="added to the squared norm"),
    Argument(
        "variant",
        "sps",
        Other(_variant, Among(tuple(GAPS)), on="sps+", others=("sps+",), decimals=("sps+",)),
        "'sps+' takes a loss below f_min for f_min",
    ),
    _losses(8.0, 0.5, 0.25),
)
_ONE_VECTOR = "All parameters are one vector."
_NO_STEP = "No step is taken where the squared norm is not above 2^-52."
_MOMO = (
    number("lower_bound", 0.0, "the least loss there is", 0.125, 0.25, 0.1),
    weight_decay(0.0),
    flag("adapt_lower_bound", False, "estimate the least loss"),
    _losses(1.0, 0.5, 4.0),
)

LOSSES = (
    alias(
        "scale_by_polyak",
        "The updates, scaled by Polyak's step size.",
        _POLYAK,
        {(): gradient.steepest},
        before=(scale_by_polyak,),
        quirks=(_ONE_VECTOR, _NO_STEP, "Nothing is turned around."),
    ),
    alias(
        "polyak_sgd",
        "Gradient descent with Polyak's step size.",
        (number("scaling", 1.0, "factor of the gradient", 0.5, 2.0, 0.3), *_POLYAK),
        {(): gradient.steepest},
        before=(scale_by_scaling, scale_by_polyak),
        quirks=(_ONE_VECTOR, _NO_STEP, "The norm is that of the scaled gradient."),
    ),
    alias(
        "momo",
        "Momentum with a step size from a model of the loss.",
        (
            Argument("learning_rate", 1.0, RATE.domain, RATE.doc),
            decay_rate("beta", 0.9, "share of the averages that is kept"),
            *_MOMO,
        ),
        {(): gradient.steepest},
        before=(momo,),
        quirks=(_ONE_VECTOR, _NO_STEP, "The averages begin with the first step's numbers."),
        contrib=True,
    ),
    alias(
        "momo_adam",
        "Adam with a step size from a model of the loss.",
        (
            Argument("learning_rate", 0.01, RATE.domain, RATE.doc),
            decay_rate("b1", 0.9, "decay rate of the first moment"),
            decay_rate("b2", 0.999, "decay rate of the second moment"),
            epsilon(1e-8),
            *_MOMO,
        ),
        {(): gradient.steepest},
        before=(momo_adam,),
        quirks=(_ONE_VECTOR, _NO_STEP),
        contrib=True,
    ),
)
