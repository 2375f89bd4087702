"""What Shampoo of TensorFlow 1.15.5 does: its memory, then every axis, then the update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.shampoo import shampoo
from oracle.rules.transformations import preconditioning
from oracle.specification.sparse import Slices, only_touched
from oracle.specification.step import Step
from oracle.specification.transformation import transformation


@transformation(couples=True)
def precondition(step: Step) -> None:
    """Multiply the gradient, along each axis of n, by (S / rows + epsilon)^(-alpha / n).

    S is the sum, by ``mat_gbar_decay`` and ``mat_gbar_weight``, of G G' for the gradients G that
    came before, unfolded along the axis; an axis longer than ``max_matrix_size`` has its diagonal
    only. ``precond_update_interval`` and ``svd_interval`` say how often S and its root are anew.
    What is multiplied is a sum of the gradients, too, by ``gbar_decay`` and ``gbar_weight``. A
    sparse gradient whose first axis is long has no such sum: its rows are multiplied as they come.
    """
    for k in step.present():
        given = step.grads[k]
        gradient = given.total() if isinstance(given, Slices) else given
        assert gradient is not None
        lazy = isinstance(given, Slices) and stays_sparse(step, given)
        x = gradient if lazy else _remembered(step, f"g_bar.{k}", gradient)
        for axis in range(len(step.xp.shape(gradient))):
            x = _after_axis(step, f"{k}.{axis}", axis, gradient, x, lazy=lazy)
        step.grads[k] = replace(given, layers=(x,)) if isinstance(given, Slices) and lazy else x


def stays_sparse(step: Step, gradient: Slices) -> bool:
    """Tell whether rows are taken one by one: along a long first axis, where no sum is kept.

    Raises `ShapeError` where the library asserts that nothing seen is forgotten.
    """
    size = step.xp.shape(gradient.layers[0])[0]
    if size <= float(step.hyper["max_matrix_size"]) or float(step.hyper["gbar_decay"]) != 0:
        return False
    if float(step.hyper["mat_gbar_decay"]) != 1:
        raise ShapeError(
            f"ShampooOptimizer takes no sparse gradient of {size} rows, more than max_matrix_size, "
            "unless mat_gbar_decay is 1"
        )
    return True


@transformation(couples=True)
def descend(step: Step) -> None:
    """Subtract what the axes have made of the gradient, times learning_rate."""
    t = step.xp.constant(step.iterations + 1)
    for k in step.present():
        gradient, p = step.grads[k], step.params[k]
        assert gradient is not None
        if isinstance(gradient, Slices):
            (after,) = shampoo(step.xp, t, p, gradient.total(), (), step.numbers)
            step.params[k] = only_touched(step.xp, gradient, after, p)
        else:
            (step.params[k],) = shampoo(step.xp, t, p, gradient, (), step.numbers)


def _remembered(step: Step, name: str, gradient: Number) -> Number:
    """Return what the axes begin with: the gradient, and with a gbar_decay those before."""
    decay, weight = step.numbers["gbar_decay"], step.numbers["gbar_weight"]
    if float(step.hyper["gbar_decay"]) == 0:
        return weight * gradient
    before: Number = step.hidden.get(name, step.xp.zeros_like(gradient))
    after = before + ((decay - 1) * before + weight * gradient)
    step.hidden[name] = step.xp.store(after, before)
    return after


def _after_axis(
    step: Step, place: str, axis: int, gradient: Number, x: Number, *, lazy: bool
) -> Number:
    """Return ``x`` as an axis leaves it; ``lazy`` for a gradient that stays sparse."""
    shape = step.xp.shape(gradient)
    g, across = (
        step.xp.rearranged(lambda a: np.moveaxis(a, axis, 0).reshape(shape[axis], -1), number)
        for number in (gradient, x)
    )
    alpha = step.numbers["alpha"] / step.xp.constant(len(shape))
    if shape[axis] > float(step.hyper["max_matrix_size"]):
        see = _seen_of_slices if lazy else (_seen_of_vector if len(shape) == 1 else _seen_of_axis)
        y = _across_a_long_axis(step, place, g, across, alpha, see)
    else:
        y = _across(step, place, g, across, alpha)
    return step.xp.rearranged(_folding(shape, axis), y)


def _across(step: Step, place: str, g: Number, x: Number, alpha: Number) -> Number:
    """Return ``x`` as an axis leaves it that has a matrix."""
    s = _held(step, place, g)
    if s is None:
        return x
    return preconditioning.preconditioned(step.xp, x, s, alpha, step.numbers["epsilon"])


See = Callable[[Step, Number, Number], Number]
"""Tells what a long axis has seen with a gradient, and what it had seen before."""


def _across_a_long_axis(
    step: Step, place: str, g: Number, x: Number, alpha: Number, see: See
) -> Number:
    """Return ``x`` as an axis leaves it that has a diagonal."""
    name = f"s.{place}"
    before = step.hidden.get(name, _zeros(step, (step.xp.shape(g)[0], 1)))
    s = see(step, g, before)
    _keep(step, name, s, before)
    return preconditioning.preconditioned_along_a_long_axis(step.xp, x, s, alpha)


def _seen_of_axis(step: Step, g: Number, before: Number) -> Number:
    decay, weight = step.numbers["mat_gbar_decay"], step.numbers["mat_gbar_weight"]
    return preconditioning.seen_along_a_long_axis(step.xp, g, before, decay, weight)


def _seen_of_vector(step: Step, g: Number, before: Number) -> Number:
    decay, weight = step.numbers["mat_gbar_decay"], step.numbers["mat_gbar_weight"]
    return preconditioning.seen_along_a_long_vector(step.xp, g, before, decay, weight)


def _seen_of_slices(step: Step, g: Number, before: Number) -> Number:
    weight = step.numbers["mat_gbar_weight"]
    return preconditioning.seen_along_a_long_axis_of_slices(step.xp, g, before, weight)


def _held(step: Step, place: str, g: Number) -> Number | None:
    """Return what the last decomposition saw; none comes before the first svd_interval is over."""
    t = step.iterations + 1
    size = step.xp.shape(g)[0]
    s = before = step.hidden.get(f"s.{place}", _zeros(step, (size, size)))
    if t % step.hyper["precond_update_interval"] == 0:
        names = ("mat_gbar_decay", "mat_gbar_weight", "precond_update_interval")
        decay, weight, interval = (step.numbers[name] for name in names)
        s = preconditioning.seen(step.xp, g, before, decay, weight, interval)
        _keep(step, f"s.{place}", s, before)
    if t % step.hyper["svd_interval"] == 0:
        step.hidden[f"held.{place}"] = s
    held: Number | None = step.hidden.get(f"held.{place}")
    return held


def _keep(step: Step, name: str, after: Number, before: Number) -> None:
    """Keep what is seen for the next step; a decay of 0 remembers nothing."""
    if float(step.hyper["mat_gbar_decay"]) != 0:
        step.hidden[name] = step.xp.store(after, before)


def _zeros(step: Step, shape: tuple[int, ...]) -> Number:
    return step.xp.full(shape, step.xp.constant(0))


def _folding(shape: tuple[int, ...], axis: int) -> Callable[[Any], Any]:
    """Return what undoes the unfolding along ``axis``."""
    front = (shape[axis], *shape[:axis], *shape[axis + 1 :])
    return lambda a: np.moveaxis(a.reshape(front), 0, axis)
