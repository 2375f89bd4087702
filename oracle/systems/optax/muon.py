"""Optax's Muon: matrices by Muon, all else by AdamW, each with a decay of its own.

From optax/contrib/_muon.py (0.2.8), with the default dimension numbers: of a matrix the first axis
is that of the inputs, and what has not two axes is no matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oracle.arithmetic.base import Factors, Number
from oracle.errors import HyperparameterError, ShapeError
from oracle.rules.rule import Shape
from oracle.rules.transformations.orthogonalizing import orthogonal
from oracle.specification.checks import real
from oracle.specification.direction import direction_with
from oracle.specification.domains import Other
from oracle.specification.draws import Among
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax import schedules
from oracle.systems.optax.arguments import (
    is_let_through,
)
from oracle.systems.optax.base import OptaxContrib, apply_updates, look_schedule_up

PRECONDITIONINGS = ("frobenius", "spectral", "aol", "schatten")
PRESETS: Mapping[str, Any] = {
    "standard": (3.4445, -4.7750, 2.0315),
    "dion": (
        (4.0848, -6.8946, 2.9270),
        (3.9505, -6.3029, 2.6377),
        (3.7418, -5.5913, 2.3037),
        (2.8769, -3.1427, 1.2046),
        (2.8366, -3.0525, 1.2012),
    ),
}
"""The factors that have a name."""
_THREE = 3
_MATRIX = 2


def is_matrix(step: Step, index: int) -> bool:
    """Whether Muon moves a parameter."""
    return len(step.xp.shape(step.params[index])) == _MATRIX


def is_other(step: Step, index: int) -> bool:
    """Whether AdamW moves a parameter."""
    return not is_matrix(step, index)


def by_adam(hyper: Hyper, index: int, shape: Shape) -> bool:
    """Whether a parameter of a shape is no matrix."""
    return len(shape) != _MATRIX


def is_table(given: Any) -> bool:
    """Whether factors are given for each step by itself."""
    return not isinstance(given, str) and not np.isscalar(given[0])


def factors_of_steps(step: Step) -> list[Factors]:
    """Return the factors of each Newton-Schulz step."""
    given = step.hyper["ns_coeffs"]
    given = PRESETS[given] if isinstance(given, str) else given
    rows = given if is_table(given) else [given] * int(step.hyper["ns_steps"])
    return [(_factor(step, p), _factor(step, q), _factor(step, r)) for p, q, r in rows]


def _factor(step: Step, value: float) -> Number:
    return step.xp.constant(value, "ns_coeffs")


@transformation(couples=True)
def orthogonalize(step: Step) -> None:
    """Bring the singular values of each matrix near 1; if adaptive, scale by its dual norm."""
    xp, how, eps = step.xp, str(step.hyper["preconditioning"]), step.numbers["eps"]
    factors = factors_of_steps(step)
    for k, u in zip(step.present(), step.gradients(), strict=True):
        if is_matrix(step, k):
            made = orthogonal(xp, u, how, eps, factors)
            step.grads[k] = xp.sum(u * made) * made if step.hyper["adaptive"] else made


@transformation()
def scale_by_shape(step: Step) -> None:
    """Scale by the root of outputs over inputs, at least 1, or of the longer side (Liu 2025)."""
    xp, share = step.xp, step.hyper["consistent_rms"]
    for k, u in zip(step.present(), step.gradients(), strict=True):
        if is_matrix(step, k):
            inputs, outputs = (xp.constant(side) for side in xp.shape(u))
            if share is None:
                scale = xp.sqrt(xp.maximum(1, outputs / inputs))
            else:
                scale = xp.sqrt(xp.maximum(inputs, outputs)) * step.numbers["consistent_rms"]
            step.grads[k] = scale * u


@transformation("weight_decay")
def decay_matrices(step: Step) -> None:
    """Add a share of the matrices that the mask lets through."""
    for k, u in zip(step.present(), step.gradients(), strict=True):
        if is_matrix(step, k) and is_let_through(step.hyper["weight_decay_mask"], k):
            step.grads[k] = u + step.numbers["weight_decay"] * step.params[k]


@transformation("adam_weight_decay")
def decay_others(step: Step) -> None:
    """Add a share of what is no matrix."""
    for k, u in zip(step.present(), step.gradients(), strict=True):
        if is_other(step, k):
            step.grads[k] = u + step.numbers["adam_weight_decay"] * step.params[k]


def rate_of_others(step: Step) -> Number:
    """Return the rate of AdamW: its own, or Muon's."""
    rate = step.hyper["adam_learning_rate"]
    if rate is None:
        return step.learning_rate
    if isinstance(rate, Mapping):
        return schedules.learning_rate(step.xp, rate, step.iterations)
    return step.numbers["adam_learning_rate"]


@transformation()
def descend(step: Step) -> None:
    """Go against the directions, as far as the rate of Muon says, or that of AdamW."""
    for k, u in zip(step.present(), step.gradients(), strict=True):
        rate = step.learning_rate if is_matrix(step, k) else rate_of_others(step)
        step.grads[k] = -rate * u


def _check_rows(spec: Spec, hyper: Hyper) -> Hyper:
    """Refuse more factors than steps, as Optax does."""
    given = hyper["ns_coeffs"]
    given = PRESETS[given] if isinstance(given, str) else given
    if is_table(given) and len(given) > hyper["ns_steps"]:
        raise HyperparameterError(
            f"{spec.id}: ns_coeffs has factors for {len(given)} steps where ns_steps is "
            f"{hyper['ns_steps']}: Optax refuses more factors than steps; raise ns_steps"
        )
    return hyper


class _Muon(OptaxContrib):
    """Muon's chain for matrices, and that of AdamW for all else."""

    version = "Optax 0.2.8, optax/contrib/_muon.py"

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse more factors than steps."""
        return _check_rows(spec, hyper)

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Run both chains, each for its parameters."""
        rule, apart = spec.form(hyper), spec.exceptions(hyper)
        assert apart is not None
        return spec.chain(
            hyper,
            rule,
            look_schedule_up,
            direction_with(rule, spec.names, holds=is_matrix),
            orthogonalize,
            scale_by_shape,
            decay_matrices,
            direction_with(apart.rule, spec.names, name="adam", holds=is_other),
            decay_others,
            descend,
            apply_updates,
        )


class _ScaleByMuon(OptaxContrib):
    """Muon's direction alone."""

    version = _Muon.version

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient, and what is no matrix."""
        super().check_gradients(gradients, step)
        for k, axes in enumerate(map(np.ndim, gradients)):
            if axes != _MATRIX:
                raise ShapeError(
                    f"step {step}: gradient {k} has {axes} axes: scale_by_muon takes matrices alone"
                )

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse more factors than steps."""
        return _check_rows(spec, hyper)

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Make an average orthogonal, and add it."""
        rule = spec.form(hyper)
        own = direction_with(rule, spec.names)
        return spec.chain(hyper, rule, own, orthogonalize, apply_updates)


MUON_CHAIN, MUON_DIRECTION = _Muon(), _ScaleByMuon()


def _is_row(value: Any) -> bool:
    fits = isinstance(value, (list, tuple)) and len(value) == _THREE
    return fits and not any(isinstance(x, str) or real(x) for x in value)


def _factors(value: Any) -> str | None:
    rows = isinstance(value, (list, tuple)) and len(value) > 0 and all(map(_is_row, value))
    return None if rows or _is_row(value) else "it must be three numbers, or a list of such"


def _factors_or_preset(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value in PRESETS else f"the presets are {', '.join(PRESETS)}"
    return _factors(value)


def _preconditioning(value: Any) -> str | None:
    names = ", ".join(PRECONDITIONINGS)
    return None if value in PRECONDITIONINGS else f"it must be one of {names}"


_ROW, _GENTLE = [2.0, -1.5, 0.5], [1.5, -0.5, 0.25]


def _of_factors(check: Any, decimal: Any) -> Argument:
    domain = Other(
        check,
        Among((tuple(_ROW), tuple(_GENTLE), (tuple(_ROW),))),
        usual=True,
        on=_ROW,
        exact=_ROW,
        coarse=(_ROW,),
        others=([_ROW, _GENTLE],),
        decimals=(decimal,),
    )
    return Argument(
        "ns_coeffs",
        PRESETS["standard"],
        domain,
        "factors of x, x^3 and x^5 in a Newton-Schulz step; a row for each step, or a preset",
    )


FACTORS = _of_factors(_factors, [3.1, -4.2, 1.7])
FACTORS_OR_PRESET = _of_factors(_factors_or_preset, "dion")
PRECONDITIONING = Argument(
    "preconditioning",
    "frobenius",
    Other(
        _preconditioning,
        Among(("frobenius", "schatten", "aol", "spectral")),
        usual=True,
        on="schatten",
        others=("schatten",),
        decimals=("aol",),
    ),
    "what a matrix is divided by before the first step",
)
