"""PyTorch's Muon: an average of gradients, orthogonalized in bfloat16, for matrices alone.

From torch/optim/_muon.py (2.13.0). The Newton-Schulz steps are the exact ones here, as all that is
computed; a candidate says in which type it takes them as the type of ``ns_steps``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.directions.average_ahead import average_ahead
from oracle.rules.directions.averages import average
from oracle.rules.transformations.orthogonalization import long_rate, orthogonalized, tall_rate
from oracle.specification.checks import real
from oracle.specification.direction import direction_with
from oracle.specification.domains import Count, Domain, Epsilon, Flag, Momentum, Other
from oracle.specification.draws import Among, Draws, Whole
from oracle.specification.pairs import Pair, numbers_of_pairs
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.torch.arguments import NOT_NEGATIVE, lr, weight_decay
from oracle.systems.torch.base import Torch, shrink_weights

_FACTORS = ("a", "b", "c")
_MOST_STEPS = 99
_MATRIX = 2


@transformation(couples=True)
def orthogonalize(step: Step) -> None:
    """Bring the singular values of each direction near 1, in the type that ns_steps has.

    Who takes these steps as all others, in the type of the parameters, is right as well.
    """
    xp, n = step.xp, step.numbers
    factors = [n[name] for name in _FACTORS]
    for k, u in zip(step.present(), step.gradients(), strict=True):

        def steps(xp: Any, u: Number = u) -> Number:
            return orthogonalized(xp, u, factors, n["eps"], n["ns_steps"])

        step.grads[k] = xp.either(xp.in_type_of("ns_steps", steps), steps(xp))


@transformation()
def descend_by_shape(step: Step) -> None:
    """Go against each direction, as far as the rate and the shape of the matrix say."""
    rate_of = long_rate if step.hyper["adjust_lr_fn"] == "match_rms_adamw" else tall_rate
    for k, u in zip(step.present(), step.gradients(), strict=True):
        p = step.params[k]
        step.params[k] = p - rate_of(step.xp, step.numbers["lr"], *step.xp.shape(p)) * u


class _MatricesAlone(Torch):
    """The optimizer of PyTorch that moves matrices alone."""

    version = "PyTorch 2.13.0, torch/optim/_muon.py"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse what is no matrix."""
        for k, gradient in enumerate(gradients):
            if gradient is not None and np.ndim(gradient) != _MATRIX:
                raise ShapeError(
                    f"step {step}: gradient {k} has the shape {np.shape(gradient)}: Muon takes "
                    "matrices alone"
                )

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the weights decay between the direction and the way along it."""
        rule = spec.form(hyper)
        direction = direction_with(rule, spec.names)
        return spec.chain(hyper, rule, direction, orthogonalize, shrink_weights, descend_by_shape)


@dataclass(frozen=True)
class _Triple(Pair):
    """Three numbers, of which random runs have a few triples."""

    def draws(self, dtype: str) -> Draws:
        """Return the triples that random runs have."""
        return Among((*self.coarse, *self.others))


def _three(value: Any) -> str | None:
    fits = isinstance(value, (tuple, list)) and len(value) == len(_FACTORS)
    if not fits or any(real(number) for number in value):
        return "it must be three numbers, such as (3.4445, -4.775, 2.0315)"
    return None


def _steps(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_STEPS
    return None if fits else f"it must be an integer from 0 to {_MOST_STEPS}"


def _way(value: Any) -> str | None:
    ways = (None, "original", "match_rms_adamw")
    return None if value in ways else f"it must be {', '.join(map(repr, ways))}"


_COARSE, _OTHER, _DECIMAL = (2.0, -1.5, 0.5), (1.5, -0.5, 0.25), (1.9, -1.3, 0.4)
_ARGUMENTS = (
    lr(1e-3),
    weight_decay(0.1),
    Argument("momentum", 0.95, Momentum(NOT_NEGATIVE), "share of the average that is kept"),
    Argument("nesterov", True, Flag(others=(False,), decimals=(False,)), "look ahead"),
    Argument(
        "ns_coefficients",
        (3.4445, -4.775, 2.0315),
        _Triple(
            _three,
            usual=True,
            exact=_COARSE,
            other=_OTHER,
            on=_COARSE,
            coarse=(_COARSE,),
            others=(_OTHER,),
            decimals=(_DECIMAL,),
            parts=dict.fromkeys(_FACTORS, Domain()),
        ),
        "factors of x, of its third and of its fifth power in a Newton-Schulz step",
    ),
    Argument("eps", 1e-7, Epsilon(), "the least that a direction's norm counts as"),
    Argument(
        "ns_steps",
        5,
        Count(
            *(_steps, Whole(1, 2)),
            usual=True,
            exact=1,
            other=1,
            number=True,
            coarse=(1,),
            others=(2,),
            decimals=(1,),
        ),
        "Newton-Schulz steps",
    ),
    Argument(
        "adjust_lr_fn",
        None,
        Other(
            _way,
            Among((None, "original", "match_rms_adamw")),
            on="match_rms_adamw",
            others=("match_rms_adamw",),
            decimals=("match_rms_adamw",),
        ),
        "how the rate depends on the shape: 'original', as None, or 'match_rms_adamw'",
    ),
)
_BY_NAME = {argument.name: argument for argument in _ARGUMENTS}

MUON = Spec(
    _MatricesAlone(),
    "Muon",
    _BY_NAME,
    {(): average, ("nesterov",): average_ahead},
    ("muon",),
    "Muon: descent by an average of gradients whose singular values are brought near 1.",
    quirks=(
        "Each parameter is a matrix; all others are refused.",
        "The momentum is an average of the gradients, not their sum.",
        "The library takes the Newton-Schulz steps in bfloat16, whatever the parameters are: with "
        "the 5 of its default nothing can be said of a result, which is then not judged.",
    ),
    names={"decay": "momentum"},
    derived=numbers_of_pairs(_BY_NAME),
)
