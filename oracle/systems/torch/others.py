"""PyTorch 2.13.0 (`torch.optim`): the optimizers whose step is not a way along a direction."""

from __future__ import annotations

import math
from typing import Any

from oracle.rules.adam_lazy import adam_of_rows
from oracle.rules.asgd import asgd
from oracle.rules.rprop import rprop
from oracle.specification.checks import between, real
from oracle.specification.domains import Domain, among
from oracle.specification.draws import Among
from oracle.specification.pairs import pair
from oracle.specification.sparse import LAZY
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.systems.torch.arguments import (
    SHARE,
    betas,
    eps,
    lr,
    numbered,
    torch_spec,
    weight_decay,
)
from oracle.systems.torch.base import Torch, add_decayed_weights, maximize
from oracle.systems.torch.update import update_each


class TorchByRule(Torch):
    """The optimizers of PyTorch whose rule says where the parameter goes."""

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the rule behind what is done to the gradient."""
        rule = spec.form(hyper)
        update = update_each(rule, spec.names, spec.sparse)
        decay = (add_decayed_weights,) if "weight_decay" in hyper else ()
        return spec.chain(hyper, rule, *spec.before, maximize, *decay, update)


BY_RULE = TorchByRule()
_POSITIVE = numbered(between(0, math.inf, low_open=True))


def _around_one(value: Any) -> str | None:
    smaller, larger = map(float, value)
    fits = 0 < smaller < 1 < larger
    return None if fits else "the first must lie between 0 and 1, and the second above 1"


def _size(*values: float, **more: Any) -> Domain:
    return Domain(real, Among(values), usual=True, on=values[0], **more)


_ETAS = pair(
    (
        "eta_minus",
        _size(0.5, 0.25, 0.3, exact=0.5, other=0.25, coarse=(0.5,), others=(0.25,)),
    ),
    (
        "eta_plus",
        _size(
            1.2, 1.5, 2.0, exact=1.5, other=1.25, coarse=(1.5,), others=(2.0,), decimals=(1.3, 1.2)
        ),
    ),
    check=_around_one,
)
_STEP_SIZES = pair(
    (
        "step_size_min",
        _size(
            1e-6,
            0.03125,
            0.0,
            exact=0.03125,
            other=0.0625,
            coarse=(0.03125,),
            others=(0.125,),
            decimals=(0.01, 0.03),
        ),
    ),
    (
        "step_size_max",
        _size(
            50.0,
            0.25,
            1.0,
            exact=0.5,
            other=0.25,
            coarse=(0.25,),
            others=(1.0,),
            decimals=(0.3, 0.2),
        ),
    ),
)

SPECS = (
    torch_spec(
        "ASGD",
        "Gradient descent with a falling rate, whose weights decay and are averaged.",
        (
            lr(1e-2),
            Argument(
                "lambd",
                1e-4,
                among(
                    1e-4,
                    0.125,
                    0.5,
                    0.0,
                    usual=True,
                    coarse=(0.125,),
                    others=(0.5,),
                    decimals=(0.03,),
                ),
                "decay of the weights, and how fast the rate falls",
            ),
            Argument(
                "alpha",
                0.75,
                among(0.75, 0.5, 1.0, usual=True, coarse=(0.5,), others=(1.0,), decimals=(0.6,)),
                "power of the rate's fall",
            ),
            Argument(
                "t0",
                1e6,
                among(
                    1e6,
                    1.0,
                    2.0,
                    0.0,
                    usual=True,
                    on=1.0,
                    coarse=(1.0,),
                    others=(2.0,),
                    decimals=(1.5,),
                ),
                "the step from which on weights are averaged",
            ),
            weight_decay(),
        ),
        {(): asgd},
        system=BY_RULE,
        quirks=(
            "The rate of a step was computed at the end of the one before.",
            "The average starts at the weights of each step, up to the step t0.",
            "The weight decay is coupled: it is added to the gradient.",
        ),
    ),
    torch_spec(
        "Rprop",
        "Resilient backpropagation, without going back.",
        (
            lr(1e-2),
            Argument("etas", (0.5, 1.2), _ETAS, "factors of a size: the sign turns, or stays"),
            Argument("step_sizes", (1e-6, 50.0), _STEP_SIZES, "smallest and largest size"),
        ),
        {(): rprop},
        system=BY_RULE,
        counts=False,
        quirks=(
            "Where a sign turns, nothing moves, and the next gradient meets a 0.",
            "NaN has no sign: it moves nothing.",
            "Sizes are clamped at every step, the first one included.",
        ),
    ),
    torch_spec(
        "SparseAdam",
        "Adam of the rows that occur in a sparse gradient.",
        (lr(1e-3, _POSITIVE), betas(SHARE), eps(check=_POSITIVE)),
        {(): adam_of_rows},
        system=BY_RULE,
        names={"epsilon": "eps"},
        sparse=LAZY,
        quirks=(
            "Epsilon stands beside the uncorrected root (epsilon hat).",
            "A dense gradient is refused; what stands for it here has every row.",
        ),
    ),
)
