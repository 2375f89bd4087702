"""Optax's L-BFGS without a line search: no point but the parameters, no number but gradients.

From optax/_src/{transform,alias}.py (0.2.8). All parameters are one vector.
"""

from __future__ import annotations

from typing import Any

from oracle.arithmetic.base import Number
from oracle.rules.directions import gradient, links
from oracle.rules.rule import zeros
from oracle.rules.transformations.quasi_newton import Differences, dot, flat, preconditioned, split
from oracle.specification.checks import count
from oracle.specification.domains import Count, Other
from oracle.specification.draws import Among, Whole
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import RATE_OR_NONE, alias, flag
from oracle.systems.optax.base import Chosen

_PAIRS = "pairs of differences, the oldest first"


@transformation(couples=True, slots={"w": zeros, "u": zeros})
def scale_by_lbfgs(step: Step) -> None:
    """Multiply the gradients by the inverse Hessian that the last differences tell of."""
    xp = step.xp
    w, u = flat(xp, step.params), flat(xp, step.gradients())
    scales = step.hyper["scale_init_precond"]
    if step.iterations:
        s, y = w - flat(xp, step.slots["w"]), u - flat(xp, step.slots["u"])
        remember(step, weighed(step, s, y))
        gamma = scale_of(step, s, y) if scales else xp.constant(1)
    else:
        gamma = first_scale(step, u) if scales else xp.constant(1)
    direction = preconditioned(xp, u, step.hidden.get(_PAIRS, ()), gamma)
    step.slots["w"] = list(step.params)
    step.slots["u"] = step.gradients()
    step.grads = list(split(xp, direction, step.params))


def remember(step: Step, pair: Differences) -> None:
    """Add a pair to the others, and forget the oldest of too many."""
    pairs = (*step.hidden.get(_PAIRS, ()), pair)
    step.hidden[_PAIRS] = pairs[-int(step.hyper["memory_size"]) :]


def weighed(step: Step, s: Number, y: Number) -> Differences:
    """Return the pair of two differences, which says nothing if their inner product is 0."""
    curvature = dot(step.xp, y, s)
    nothing = step.xp.abs(curvature) <= 0
    return Differences(s, y, step.xp.where(nothing, 0, 1 / curvature))


def scale_of(step: Step, s: Number, y: Number) -> Number:
    """Return the multiple of the identity that two differences tell of; 1 where y is 0."""
    length = dot(step.xp, y, y)
    return step.xp.where(length > 0, dot(step.xp, y, s) / length, 1)


def first_scale(step: Step, u: Number) -> Number:
    """Return one over the norm of the first gradients, but 1 at most."""
    return step.xp.minimum(1, 1 / step.xp.norm(u))


def _none(value: Any) -> str | None:
    if value is not None:
        return (
            "it must be None: a line search, by default by zoom, asks for the loss and for "
            "gradients at points of its own, which no run here has"
        )
    return None


_MEMORY = (
    Argument(
        "memory_size",
        10,
        Count(count(1), Whole(1, 3), usual=True, coarse=(2,), others=(3,), decimals=(1,)),
        "pairs of differences that are remembered",
    ),
    flag("scale_init_precond", True, "scale the identity that the pairs change"),
)
_QUIRKS = (
    "All parameters are one vector.",
    "A pair is remembered whatever its curvature: the direction may lead up.",
    "Without a pair the gradients are scaled to a norm of 1 at most.",
)

LBFGS = (
    alias(
        "scale_by_lbfgs",
        "L-BFGS's direction: the gradient times what is known of the inverse Hessian.",
        _MEMORY,
        {(): gradient.steepest},
        before=(scale_by_lbfgs,),
        quirks=_QUIRKS,
    ),
    alias(
        "lbfgs",
        "L-BFGS without a line search: no gradient but those it is given.",
        (
            RATE_OR_NONE,
            *_MEMORY,
            Argument(
                "linesearch",
                REQUIRED,
                Other(_none, Among((None,)), on=None),
                "None, as no run here has a loss to search along",
            ),
        ),
        {(): gradient.steepest},
        Chosen(
            "scale_by_learning_rate",
            {(): links.turn_around, ("learning_rate",): links.descend},
        ),
        before=(scale_by_lbfgs,),
        quirks=(*_QUIRKS, "Without a learning rate it is 1."),
    ),
)
