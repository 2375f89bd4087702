"""A spec run over gradients in any arithmetic: the heart of the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import numpy as np

from oracle.arithmetic.arb import Arb
from oracle.arithmetic.base import Arithmetic, Number
from oracle.arithmetic.bounded import Bounded, Floats, as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.plain import Objects, PlainNumber
from oracle.arithmetic.rounding import Rounding
from oracle.errors import DigitsError
from oracle.operations import Operations
from oracle.problem import Given, Gradients, Layers, Problem
from oracle.record import Interval, Record
from oracle.specification.sparse import Slices
from oracle.specification.spec import Hyper, Program, Spec, State
from oracle.specification.step import Gradient
from oracle.systems import spec as find_spec
from oracle.truth import Truth

_FEWEST_DIGITS = 30


def states(xp: Arithmetic, program: Program, problem: Problem) -> Iterator[State]:
    """Yield the state before the first step and after each one."""
    with np.errstate(all="ignore"):
        params = [xp.array(p) for p in problem.params]
        state = program.start(xp, params, [p.shape for p in problem.params])
    yield state
    for grads in problem.grads:
        with np.errstate(all="ignore"):
            state = program.step(xp, state, [_gradient(xp, g) for g in grads])
        yield state


def _gradient(xp: Arithmetic, given: Given | None) -> Gradient | None:
    if isinstance(given, Layers):
        return Slices(tuple(xp.array(layer) for layer in given.arrays), given.places)
    return None if given is None else xp.array(given)


def records(xp: Arithmetic, program: Program, problem: Problem) -> Iterator[Record[Number]]:
    """Yield the parameters and slots before the first step and after each one."""
    return map(record_of, states(xp, program, problem))


def record_of(state: State) -> Record[Number]:
    """Return what a state shows: its parameters and slots."""
    return Record.of(state.iterations, state.params, state.slots)


@dataclass(frozen=True)
class Trajectory:
    """The exact parameters and slots of a spec after every step, and the bound on rounding."""

    spec: Spec
    hyper: Hyper
    digits: int
    problem: Problem
    records: list[Record[Objects]]
    """The exact numbers as object arrays of mpf, in the shapes they were given; 0 is the start."""

    @cached_property
    def params(self) -> list[list[Objects]]:
        """The parameters: ``params[t][k]`` is parameter k after step t."""
        return [record.params for record in self.records]

    @cached_property
    def slots(self) -> list[dict[str, list[Objects]]]:
        """The slots: ``slots[t][name][k]`` belongs to parameter k after step t."""
        return [record.slots for record in self.records]

    def bound(
        self,
        dtype: str,
        hyper_dtype: str | Mapping[str, str] | None = None,
        compute_dtype: str | None = None,
        *,
        flushes_subnormals: bool | None = None,
        reciprocal_math: bool = False,
        operations: Operations | None = None,
    ) -> list[list[Floats]]:
        """Return the most by which an honest implementation's parameters may differ.

        ``bound(...)[t][k]`` is a float64 array in the shape of parameter k: infinite where nothing
        can be said, 0 where the implementation must agree exactly (NaN with NaN included).

        ``dtype`` holds parameters and slots; ``compute_dtype`` is used within a step (default:
        ``dtype``); ``hyper_dtype`` holds the hyperparameters, as one dtype or a mapping from
        argument to dtype with "*" for the rest (default: the compute dtype).
        ``flushes_subnormals`` tells whether numbers below the smallest normal one may count as 0
        (default: what the library itself is known to do), ``reciprocal_math`` whether a quotient of
        hyperparameters may be a product by the reciprocal, which is not exact where the quotient
        is, ``operations`` what they lose on a device: see `oracle.operations` and
        `oracle.platforms`. Raises `UnknownDtypeError`.
        """
        found = self.bounds(
            dtype,
            hyper_dtype,
            compute_dtype,
            flushes_subnormals=flushes_subnormals,
            reciprocal_math=reciprocal_math,
            operations=operations,
        )
        return [record.params for record in found]

    def slot_bound(
        self,
        dtype: str,
        hyper_dtype: str | Mapping[str, str] | None = None,
        compute_dtype: str | None = None,
        *,
        flushes_subnormals: bool | None = None,
        reciprocal_math: bool = False,
        operations: Operations | None = None,
    ) -> list[dict[str, list[Floats]]]:
        """Return the same for the slots, as ``slot_bound(...)[t][name][k]``."""
        found = self.bounds(
            dtype,
            hyper_dtype,
            compute_dtype,
            flushes_subnormals=flushes_subnormals,
            reciprocal_math=reciprocal_math,
            operations=operations,
        )
        return [record.slots for record in found]

    def bounds(self, *declared: Any, **named: Any) -> list[Record[Floats]]:
        """Return the bounds of parameters and slots; those of the last declarations are kept."""
        model = model_of(self.spec, *declared, **named)
        known = self._bounds.get(repr(model))
        if known is None:
            xp = Rounding(self._arithmetic.values, model)
            numbers = list(records(xp, self.spec.program(self.hyper), self.problem))
            factor = xp.inflation()
            known = [record.map(lambda n: bound(as_bounded(n), factor)) for record in numbers]
            self._bounds[repr(model)] = known
        return known

    @cached_property
    def _arithmetic(self) -> Mp:
        return Mp(self.digits)

    @cached_property
    def _bounds(self) -> dict[str, list[Record[Floats]]]:
        return {}

    def intervals(self, **declared: Any) -> Iterator[Record[Interval]]:
        """Yield the exact numbers with their bounds; arguments are those of `bounds`."""
        for exact, limits in zip(self.records, self.bounds(**declared), strict=True):
            yield exact.map(lambda numbers, limit: Interval(Truth.of(numbers), limit), limits)


def model_of(spec: Spec, *declared: Any, **named: Any) -> Model:
    """Return what is declared as `Trajectory.bound` takes it; None is what the library does."""
    if named.get("flushes_subnormals") is None:
        named["flushes_subnormals"] = spec.system.flushes_subnormals
    return Model.declared(*declared, **named)


def trajectory(
    id: str,
    params: Sequence[Any],
    grads: Gradients,
    hyper: Mapping[str, Any] | None = None,
    digits: int = 50,
) -> Trajectory:
    """Return what the spec ``id`` does to ``params`` under ``grads``, to ``digits`` digits.

    ``params`` is a list of arrays, ``grads`` a list over steps of lists of arrays (a `Sparse` where
    only some rows have a gradient, None where a parameter has none), ``hyper`` the library's own
    argument names. A float counts at its binary value, a string at its decimal value. Raises
    `UnknownSpecError`, `HyperparameterError` and `ShapeError`, and `DigitsError` for fewer digits
    than float64 needs.
    """
    spec = find_spec(id)
    given = dict(hyper or {})
    if not isinstance(digits, int) or digits < _FEWEST_DIGITS:
        raise DigitsError(f"digits={digits!r}: it must be an integer of at least {_FEWEST_DIGITS}")
    program = spec.program(given)
    problem = Problem.checked(spec, params, grads)
    found = [record.map(_public) for record in records(Mp(digits), program, problem)]
    return Trajectory(spec, given, digits, problem, found)


def enclosure(
    id: str,
    params: Sequence[Any],
    grads: Gradients,
    hyper: Mapping[str, Any] | None = None,
    digits: int = 60,
) -> list[Record[Objects]]:
    """Return balls of Arb that contain the numbers of `trajectory`: rigorous, and independent."""
    spec = find_spec(id)
    with Arb(digits) as xp:
        problem = Problem.checked(spec, params, grads)
        return [record.map(_data) for record in records(xp, spec.program(hyper), problem)]


def _data(number: Number) -> Objects:
    assert isinstance(number, PlainNumber)
    return number.data


def _public(number: Number) -> Objects:
    """Return numbers of mpmath's own context, so that they mix with a user's."""
    convert = np.frompyfunc(lambda x: mpmath.mp.make_mpf(x._mpf_), 1, 1)
    return np.asarray(convert(_data(number)), dtype=object)


def interval(number: Number, factor: float) -> Interval:
    """Return a number with its bound as arrays; ``factor`` is for the rounding of the errors."""
    held = as_bounded(number)
    return Interval(Truth.of(held.value), bound(held, factor))


def bound(number: Bounded, factor: float) -> Floats:
    """Return the error of every element, times ``factor`` for the rounding of the errors."""
    error: Floats = number.error * factor
    shape = np.shape(number.value)
    return error if np.shape(error) == shape else np.broadcast_to(error, shape).copy()
