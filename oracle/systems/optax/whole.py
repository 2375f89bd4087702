"""Optax's links that look across parameters, or at the axes of one."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.rule import zeros
from oracle.rules.transformations.clipping import global_norm
from oracle.specification.step import Step
from oracle.specification.transformation import transformation


@transformation(couples=True)
def clip_by_global_norm(step: Step) -> None:
    """Scale all updates to the norm max_norm, unless their common norm is below it."""
    xp, updates = step.xp, step.gradients()
    norm, most = global_norm(xp, updates), step.numbers["max_norm"]
    step.replace_gradients([xp.where(norm < most, u, u / norm * most) for u in updates])


@transformation(couples=True)
def normalize_by_update_norm(step: Step) -> None:
    """Divide all updates by their common norm over scale_factor, eps added to the norm."""
    xp, updates = step.xp, step.gradients()
    norm = (global_norm(xp, updates) + step.numbers["eps"]) / step.numbers["scale_factor"]
    step.replace_gradients([u / norm for u in updates])


def unit_norms(xp: Arithmetic, a: Number) -> Number:
    """Return the norm of each unit: of a column, of a filter of an image, of all of a vector."""
    shape = xp.shape(a)
    total = a**2
    if sum(side != 1 for side in shape) <= 1:
        return xp.sqrt(xp.sum(total))
    for _ in range(1 if len(shape) < 4 else len(shape) - 1):
        total = xp.sum(total, 0)
    return xp.sqrt(total)


@transformation(couples=True)
def adaptive_grad_clip(step: Step) -> None:
    """Scale each unit of an update down to a share of its parameter's norm, or of eps."""
    xp, clipping, eps = step.xp, step.numbers["clipping"], step.numbers["eps"]
    clipped = []
    for k, g in zip(step.present(), step.gradients(), strict=True):
        norm = unit_norms(xp, g)
        most = clipping * xp.maximum(unit_norms(xp, step.params[k]), eps)
        clipped.append(xp.where(norm < most, g, g * (most / xp.maximum(norm, 1e-6))))
    step.replace_gradients(clipped)


def centred(xp: Arithmetic, g: Number) -> Number:
    """Return a gradient less the mean over all axes but the first; a vector as it is."""
    shape = xp.shape(g)
    if len(shape) < 2:
        return g
    rows = xp.rearranged(lambda a: a.reshape(shape[0], math.prod(shape[1:])), g)
    mean = xp.rearranged(partial(np.expand_dims, axis=1), xp.row_means(rows))
    return xp.rearranged(lambda a: a.reshape(shape), rows - mean)


@transformation(couples=True)
def centralize(step: Step) -> None:
    """Take the mean over all axes but the first from each update."""
    step.replace_gradients([centred(step.xp, g) for g in step.gradients()])


@transformation(slots={"grad_acc": zeros})
def apply_every(step: Step) -> None:
    """Add updates up, let the sum through every k steps, and nothing between."""
    xp, every = step.xp, int(step.hyper["k"])
    place, held = step.iterations % every, step.slots["grad_acc"]
    for k, g in zip(step.present(), step.gradients(), strict=True):
        held[k] = held[k] + g if place else g
        step.grads[k] = held[k] if place == every - 1 else xp.zeros_like(g)
