"""Optax's Sophia, which asks for a diagonal of the Hessian.

From optax/contrib/_sophia.py (0.2.8). A run has no function whose Hessian could be taken: the
estimate of a step is a multiple of its gradient, and the factor of each step an argument.
"""

from __future__ import annotations

from oracle.rules.directions import gradient
from oracle.rules.rule import zeros
from oracle.specification.checks import count, optional, real
from oracle.specification.domains import Count, among
from oracle.specification.draws import Whole
from oracle.specification.given import given, per_step
from oracle.specification.numbers import number
from oracle.specification.spec import Argument
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import (
    DESCEND,
    RATE,
    alias,
    decay_rate,
    decayed,
    epsilon,
    mask,
    weight_decay,
)


@transformation(slots={"m": zeros, "h": zeros})
def scale_by_sophia(step: Step) -> None:
    """Divide the first moment by the Hessian's diagonal, and clip (Liu et al. 2023)."""
    xp, n, slots = step.xp, step.numbers, step.slots
    beta_1, beta_2, most = n["b1"], n["b2"], n.get("clip_threshold")
    correction = 1 - beta_1 ** xp.constant(step.iterations + 1)
    estimates = step.iterations % int(step.hyper["update_interval"]) == 0
    factor = given(step, "hessian_diagonal_fn")
    for k, g in zip(step.present(), step.gradients(), strict=True):
        m, h = beta_1 * slots["m"][k] + (1 - beta_1) * g, slots["h"][k]
        u = m / correction / xp.maximum(n["gamma"] * h, n["eps"])
        step.grads[k] = u if most is None else xp.minimum(xp.maximum(u, -most), most)
        slots["m"][k] = m
        if estimates:
            slots["h"][k] = beta_2 * h + (1 - beta_2) * (factor * g)


_OWN = (
    decay_rate("b1", 0.965, "decay rate of the first moment"),
    decay_rate("b2", 0.99, "decay rate of the Hessian's diagonal"),
    epsilon(1e-8),
    number("gamma", 0.01, "factor of the Hessian's diagonal", 0.5, 2.0, 0.3),
    Argument(
        "clip_threshold",
        1.0,
        among(
            *(0.5, 2.0, None),
            check=optional(real),
            usual=True,
            on=0.5,
            coarse=(0.5,),
            others=(None,),
            decimals=(0.7,),
        ),
        "largest magnitude of an update, or None",
    ),
    Argument(
        "update_interval",
        10,
        Count(count(1), Whole(1, 3), usual=True, coarse=(1,), others=(2,), decimals=(3,)),
        "steps between two estimates",
    ),
    per_step(
        "hessian_diagonal_fn",
        "what the gradient of a step is multiplied by as the estimate of the Hessian's diagonal",
        [1.0, 2.0, 0.5],
        [4.0, -1.0, 0.25, 8.0],
        [20000.0, 1.3, 0.9],
    ),
)
SOPHIA = alias(
    "sophia",
    "Sophia: a clipped step along the first moment over the Hessian's diagonal.",
    (RATE, *_OWN, weight_decay(0.0001), mask("weight_decay_mask")),
    {(): gradient.steepest},
    decayed(masked_by="weight_decay_mask"),
    DESCEND,
    before=(scale_by_sophia,),
    quirks=("A step divides by the estimate that the steps before it made: the first one by eps.",),
    contrib=True,
)
