"""PyTorch's L-BFGS, as far as a sequence of gradients determines it: with max_iter=1.

From torch/optim/lbfgs.py (2.13.0). A step then evaluates its closure once, and moves by what the
gradients of the steps before tell; a line search (line_search_fn) has no part in it. All parameters
are one vector.
"""

from __future__ import annotations

from typing import Any

from oracle.arithmetic.base import Condition, Number
from oracle.rules.directions.gradient import steepest
from oracle.rules.rule import Slot, zeros
from oracle.rules.transformations.quasi_newton import (
    Differences,
    dot,
    flat,
    preconditioned,
    settled,
    split,
)
from oracle.specification.checks import count
from oracle.specification.direction import direction_with
from oracle.specification.domains import Count, among
from oracle.specification.draws import Among, Whole
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.torch.adafactor import go_along
from oracle.systems.torch.arguments import lr
from oracle.systems.torch.base import Torch

_PAIRS = "pairs of differences, the oldest first"
_LEAST_CURVATURE = 1e-10


@transformation(
    couples=True,
    slots={
        "d": zeros,
        "t": Slot(0, scalar=True),
        "h_diag": Slot(1, scalar=True),
        "prev_flat_grad": zeros,
    },
)
def make_quasi_newton_step(step: Step) -> None:
    """Turn the gradients into a quasi-Newton step, but rest where all of them are small enough.

    A missing gradient is 0, and its parameter moves with the others.
    """
    xp = step.xp
    there = dict(zip(step.present(), step.gradients(), strict=True))
    g = flat(xp, [there.get(k, xp.zeros_like(p)) for k, p in enumerate(step.params)])
    small = xp.max(xp.abs(g)) <= step.numbers["tolerance_grad"]
    way = xp.zeros_like(g) if holds(small) else quasi_newton_step(step, g)
    step.grads = list(split(xp, settled(xp, small, way), step.params))


def holds(condition: Condition) -> bool:
    """Whether a comparison of two numbers is true."""
    return bool(condition.true.all())


def quasi_newton_step(step: Step, g: Number) -> Number:
    """Return how far to go against the direction; nothing where that leads down too little.

    The direction and its length are remembered as if it had been gone, whether it is or not.
    """
    xp, rate = step.xp, step.numbers["lr"]
    if _PAIRS in step.hidden:
        remember_difference(step, g)
        t = rate
    else:
        step.hidden[_PAIRS] = ()
        t = first_length(step, g) * rate
    pairs, gamma = step.hidden[_PAIRS], step.slots["h_diag"][0]
    d = -preconditioned(xp, g, pairs, gamma)
    flat_enough = dot(xp, g, d) > -step.numbers["tolerance_change"]
    way = xp.zeros_like(g) if holds(flat_enough) else -t * d
    step.slots["d"] = split(xp, d, step.params)
    step.slots["t"] = [t for _ in step.params]
    step.slots["prev_flat_grad"] = split(xp, g, step.params)
    return settled(xp, flat_enough, way)


def first_length(step: Step, g: Number) -> Number:
    """Return one over the sum of all magnitudes, but 1 at most, and 1 where it is NaN."""
    length = 1 / step.xp.sum(step.xp.abs(g))
    return step.xp.where(length < 1, length, 1)


def remember_difference(step: Step, g: Number) -> None:
    """Add the pair of the last step, if it is curved upwards, and forget the oldest of too many."""
    xp = step.xp
    s = step.slots["t"][0] * flat(xp, step.slots["d"])
    y = g - flat(xp, step.slots["prev_flat_grad"])
    curvature = dot(xp, y, s)
    curved = curvature > _LEAST_CURVATURE
    gamma = step.slots["h_diag"][0]
    if holds(curved):
        pairs = (*step.hidden[_PAIRS], Differences(s, y, 1 / curvature))
        step.hidden[_PAIRS] = pairs[-int(step.hyper["history_size"]) :]
        gamma = curvature / dot(xp, y, y)
    step.slots["h_diag"] = [settled(xp, curved, gamma) for _ in step.params]


class _Lbfgs(Torch):
    """The optimizer of PyTorch that has one state for all parameters."""

    version = "PyTorch 2.13.0, torch/optim/lbfgs.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Go along the step that all gradients make."""
        rule = spec.form(hyper)
        return spec.chain(hyper, rule, make_quasi_newton_step, direction_with(rule), go_along)


def _one(value: Any) -> str | None:
    if count(1)(value) or value != 1:
        return (
            "it must be 1: with more, 20 by default, a step asks for gradients at points of its "
            "own, which no sequence of gradients has"
        )
    return None


def _tolerance(name: str, default: float, doc: str) -> Argument:
    domain = among(0.25, 0.5, usual=True, on=0.5, others=(0.25,), decimals=(0.3,))
    return Argument(name, default, domain, doc)


LBFGS = Spec(
    _Lbfgs(),
    "LBFGS",
    {
        a.name: a
        for a in (
            lr(1.0),
            Argument(
                "max_iter",
                REQUIRED,
                Count(_one, Among((1,)), on=1, coarse=(1,), others=(1,), decimals=()),
                "iterations of a step, of which a sequence of gradients determines one",
            ),
            _tolerance("tolerance_grad", 1e-7, "the magnitude of all gradients that are nothing"),
            _tolerance("tolerance_change", 1e-9, "how much a direction has to lead down"),
            Argument(
                "history_size",
                100,
                Count(count(1), Whole(1, 3), usual=True, coarse=(2,), others=(3,), decimals=(1,)),
                "pairs of differences that are remembered",
            ),
        )
    },
    {(): steepest},
    ("lbfgs",),
    "L-BFGS, one iteration a step and without a line search: no gradient but those it is given.",
    quirks=(
        "All parameters are one vector; a missing gradient is 0, and its parameter moves all the "
        "same.",
        "max_iter is 20 by default, and line_search_fn may be 'strong_wolfe': both ask for "
        "gradients at points of their own. This spec is that of max_iter=1 without a line search.",
        "The first step is no longer than the rate times one over the sum of all magnitudes.",
        "A step that leads down too little is not gone, but remembered as if it had been.",
        "A step without any gradient above tolerance_grad is as if it had not been.",
    ),
)
