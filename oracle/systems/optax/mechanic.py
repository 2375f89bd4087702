"""Optax's Mechanic: a scale that learns how far to go along what another optimizer has gone.

From optax/contrib/_mechanic.py (0.2.8). All parameters are one vector.
"""

from __future__ import annotations

from collections.abc import Sequence

from oracle.arithmetic.base import Number
from oracle.rules.rule import Slot, at_parameter
from oracle.rules.transformations.clipping import global_norm
from oracle.specification.checks import count
from oracle.specification.domains import Count, among
from oracle.specification.draws import Whole
from oracle.specification.numbers import number
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation
from oracle.systems.optax.arguments import epsilon
from oracle.systems.optax.base import OptaxContrib, apply_updates
from oracle.systems.optax.bases import BASES, base_optimizer
from oracle.systems.optax.chain import Part
from oracle.systems.optax.estimated import inner_product

BASE = "base."
"""What the slots of the base optimizer begin with."""
SHARED = {
    "r": Slot(0, scalar=True),
    "m": Slot(0, scalar=True),
    "v": Slot(0, scalar=True),
    "s": Slot("s_init", scalar=True),
}
"""What there is for each decay rate: the reward, the largest bet, its squares and the scale."""


def scale(step: Step) -> Number:
    """Return the sum of what each decay rate has come to think the scale is."""
    total = step.xp.constant(0)
    for i in range(int(step.hyper["num_betas"])):
        total = total + step.slots[f"s_{i + 1}"][0]
    return total


def gone_before(step: Step) -> list[Number]:
    """Return how far the base optimizer has gone, of itself: the way from the start over s."""
    s = scale(step) + step.numbers["eps"]
    ways = zip(step.slots["x_0"], step.params, strict=True)
    return [(start - p) / s for start, p in ways]


def decayed_gradients(step: Step, gradients: Sequence[Number]) -> list[Number]:
    """Return the gradients and a share of the parameters, as long as the gradients are."""
    xp, n = step.xp, step.numbers
    length = scale(step) * global_norm(xp, list(gradients))
    share = n["weight_decay"] * length / (global_norm(xp, step.params) + n["eps"])
    return [g + share * p for g, p in zip(gradients, step.params, strict=True)]


def learn(step: Step, i: int, h: Number) -> None:
    """Bet with one decay rate on h, the product of the gradients with the way gone."""
    xp, eps, count = step.xp, step.numbers["eps"], int(step.hyper["num_betas"])
    beta = 1 - xp.constant("0.1") ** i
    r, m, v, s = (step.slots[f"{name}_{i}"][0] for name in SHARED)
    clipped = xp.minimum(xp.maximum(h, -m), m)
    m_t = xp.maximum(beta * m, xp.abs(h) + eps)
    v_t = beta**2 * v + h**2
    r_t = beta * r + clipped * s
    wealth = step.numbers["s_init"] / count * m_t + xp.maximum(0, r_t)
    s_t = wealth / (xp.sqrt(v_t) + eps)
    for name, value in zip(SHARED, (r_t, m_t, v_t, s_t), strict=True):
        step.slots[f"{name}_{i}"] = [value for _ in step.params]


def move(step: Step, gradients: Sequence[Number]) -> None:
    """Learn the scale, and go so many times as far from the start as the base optimizer has."""
    before = gone_before(step)
    h = inner_product(step.xp, decayed_gradients(step, gradients), before)
    for i in range(int(step.hyper["num_betas"])):
        learn(step, i + 1, h)
    s = scale(step)
    for k, u in zip(step.present(), step.gradients(), strict=True):
        step.grads[k] = step.slots["x_0"][k] - s * (before[k] - u) - step.params[k]


def mechanic(base: Part) -> Transformation:
    """Return the link in which the base optimizer takes its step, and the scale is learned."""
    flow = base.flowing(BASE)

    def tune(step: Step) -> None:
        gradients = step.gradients()
        flow(step)
        move(step, gradients)

    return Transformation("tune", tune, "Learn how far to go.", couples=True)


class _Mechanic(OptaxContrib):
    """The base optimizer's direction, and how far to go along all of them."""

    version = "Optax 0.2.8, optax/contrib/_mechanic.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Scale all that the base optimizer has gone."""
        inner = BASES.inner(spec, hyper)
        base = Part(inner.name, inner.program)
        stages = (mechanic(base), apply_updates)
        places = range(1, int(hyper["num_betas"]) + 1)
        shared = {f"{name}_{i}": slot for name, slot in SHARED.items() for i in places}
        own = {"x_0": at_parameter, **shared}
        slots = {**base.slots(BASE), **own}
        numeric = {**base.numeric, **spec.numbers(hyper)}
        return Program(base.program.rule, stages, stages, slots, hyper, numeric)


MECHANIC = Spec(
    _Mechanic(),
    "mechanize",
    {
        "base_optimizer": base_optimizer("base_optimizer"),
        "weight_decay": Argument(
            "weight_decay",
            1e-2,
            among(0.0625, 0.25, zero_is_on=True, coarse=(0.0625,)),
            "share of the parameters that is added to gradients, as long as these are",
        ),
        "eps": epsilon(1e-8),
        "s_init": number("s_init", 1e-6, "the first scale of each decay rate", 0.5, 0.25, 0.03),
        "num_betas": Argument(
            "num_betas",
            6,
            Count(count(1), Whole(1, 3), coarse=(2,), others=(3,), decimals=(4,)),
            "how many decay rates there are: 0.9, 0.99, 0.999 and so on",
        ),
    },
    {},
    (),
    "Mechanic: a scale, learned, of what another optimizer has gone.",
    ("All parameters are one vector, and share r, m, v and s.",),
)
