"""Training one model: a dense layer, softmax and the mean squared error, with their gradients.

It is the model of the page on optimizers in Keras' documentation. Forward and backward pass are
straight-line mathematics over an `Arithmetic`, so that they carry the bound of an honest candidate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import Floats, as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.native import native
from oracle.arithmetic.rounding import Rounding
from oracle.record import Interval, Record
from oracle.specification.spec import Program, State
from oracle.systems import spec as find_spec
from oracle.trajectories import interval, record_of

_SHIFT_GRID = 2.0**-8
"""What a row is shifted by is a multiple of this, so that every dtype can hold it."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Inputs of shape (samples, features) with their targets of shape (samples, units)."""

    x: Floats
    y: Floats


def gradients(xp: Rounding, weights: Sequence[Number], batch: Batch) -> list[Number]:
    """Return the gradient of the loss for the kernel, (features, units), and the bias, (units,).

    The loss is the mean over samples and units of (softmax(x @ kernel + bias) - y)**2.
    """
    kernel, bias = weights
    samples, units = batch.y.shape
    x, x_transposed, y = xp.array(batch.x), xp.array(batch.x.T.copy()), xp.array(batch.y)
    each_unit, each_sample = xp.array(np.ones((units, 1))), xp.array(np.ones(samples))
    logits = xp.matmul(x, kernel) + bias
    powers = xp.exp(logits - _largest_of_row(xp, logits))
    softmax = powers / xp.matmul(powers, each_unit)
    to_softmax = 2 * (softmax - y) / units / samples
    inner = xp.matmul(to_softmax * softmax, each_unit)
    to_logits = to_softmax * softmax - inner * softmax
    return [xp.matmul(x_transposed, to_logits), xp.matmul(each_sample, to_logits)]


def _largest_of_row(xp: Rounding, logits: Number) -> Number:
    """Return what a library may subtract in each row before it exponentiates; exact numbers.

    Softmax is the same for any shift. That a candidate rounds the difference is charged, with all
    the magnitude of its terms, so that the bound holds for one that shifts nothing, too.
    """
    rows = xp.values.floats(as_bounded(logits).value)
    largest = np.round(rows.max(axis=1, keepdims=True) / _SHIFT_GRID) * _SHIFT_GRID
    return xp.array(largest)


class Training:
    """One optimizer on that model, in the arithmetic that a candidate declares.

    ``id`` is a spec, ``hyper`` holds its arguments; the other arguments are those of
    `Trajectory.bound`. Raises `UnknownSpecError`, `HyperparameterError` and `UnknownDtypeError`.
    """

    def __init__(
        self,
        id: str,
        hyper: Mapping[str, Any] | None = None,
        **declared: Any,
    ) -> None:
        self._program: Program = find_spec(id).program(hyper)
        model = Model.declared(**declared)
        exact = model.storage.bits == 64
        self._xp = Rounding(Mp().values, model) if exact else native(model)

    def start(self, weights: Sequence[Floats]) -> State:
        """Return the state before the first step."""
        with np.errstate(all="ignore"):
            params = [self._xp.array(w) for w in weights]
            return self._program.start(self._xp, params, [w.shape for w in weights])

    def gradients(self, state: State, batch: Batch) -> list[Number]:
        """Return the gradients of a batch at the weights of a state, scaled as the loss is."""
        with np.errstate(all="ignore"):
            found = gradients(self._xp, state.params, batch)
            for name in (link.unscales for link in self._program.stages if link.unscales):
                factor = state.slots[name][0] if name in state.slots else state.numbers[name]
                found = [g * factor for g in found]
            return found

    def step(self, state: State, grads: Sequence[Number], *, late: bool = False) -> State:
        """Return the state after a step; ``late`` reads the step counter after its increment."""
        seen = replace(state, iterations=state.iterations + late)
        with np.errstate(all="ignore"):
            after = self._program.step(self._xp, seen, list(grads))
        return replace(after, iterations=state.iterations + 1)

    def weights(self, state: State) -> Record[Interval]:
        """Return the weights of a state as exact numbers, with the bound of each."""
        factor = self._xp.inflation()
        return Record.of(state.iterations, [interval(p, factor) for p in state.params])

    def floats(self, numbers: Sequence[Number]) -> list[Floats]:
        """Return the nearest float64 values."""
        return [np.asarray(self._xp.values.floats(as_bounded(n).value)) for n in numbers]


def same(one: State, other: State) -> bool:
    """Whether two states hold the same numbers, so that what made them differ is never seen."""
    others = record_of(other).arrays
    return all(
        np.array_equal(as_bounded(held).value, as_bounded(others[name]).value)
        for name, held in record_of(one).arrays.items()
    )
