"""The frame of the bound: how numbers enter and are kept, and what an operation is charged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, BoolArray, Number, Operand
from oracle.arithmetic.bounded import ZERO, Bounded, Floats, as_bounded, smaller
from oracle.arithmetic.made import Operator, terms_of
from oracle.arithmetic.model import Model
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.values import ValueFunctions
from oracle.dtypes import FloatType, float_type

_BOOKKEEPING = 2.0**-49
"""What computing one bound in float64 may lose, relative to the bound."""


class Frame(Arithmetic):
    """How numbers enter, how they are kept, and what each operation adds to the error."""

    keeps = True

    def __init__(
        self, values: ValueFunctions, model: Model, honest: Sequence[Rewriting] = REWRITINGS
    ) -> None:
        self.values = values
        self.model = model
        self.honest = honest
        forms = [[r for r in honest if operator in r.at] for operator in Operator]
        self._counted = [[r.roundings for r in at if r.roundings] for at in forms]
        self._charged = [[(r.matches, r.charge) for r in at if r.charge] for at in forms]
        self.operations = 0
        self._constants: dict[tuple[Any, ...], Bounded] = {}
        self._remembered: dict[tuple[Any, ...], tuple[Bounded, list[Bounded]]] = {}
        self._of_one_type: dict[FloatType, Frame] = {}
        self.pi = self._enter(values.pi, "*", values.own_unit * np.pi)

    # -- entering ---------------------------------------------------------------------------

    def constant(self, value: Any, argument: str = "*") -> Bounded:
        """Bring in a hyperparameter, which the candidate may round to the type it holds it in."""
        if not isinstance(value, (int, float, str)):
            return self._enter(value, argument, self.values.lost(value))
        key = (type(value), value, argument)
        if key not in self._constants:
            self._constants[key] = self._enter(value, argument, self.values.lost(value))
        return self._constants[key]

    def _enter(self, value: Any, argument: str, lost: float) -> Bounded:
        kind = self.model.hyper.get(argument, self.model.hyper["*"])
        data = np.asarray(self.values.scalar(value), dtype=self.values.dtype)
        if isinstance(value, int) and abs(value) <= 2**self.model.compute.precision:
            error, held = np.zeros(()), None
        else:
            error, held = lost + self._held(data, kind), kind
        return Bounded(
            self, data, error, kind=held, host=True, positive=self._never_negative(data, error)
        )

    def array(self, values: Any) -> Bounded:
        """Bring in parameters or gradients; those that the candidate cannot hold get an error."""
        data = self.values.exactly(values)
        storage = self.model.storage
        fits = getattr(values, "dtype", None) == storage.numpy
        fits = fits or bool(np.all(data == storage.round(self.values.floats(data))))
        error = np.zeros(()) if fits else self._representation(data, storage)
        if self.model.flushes_subnormals:
            size = self.values.magnitude(data)
            error = np.where(size < self.model.compute.smallest_normal, size, error)
        return Bounded(self, data, error, kind=self.model.compute, host=False)

    def shape(self, a: Number) -> tuple[int, ...]:
        """Return the shape of an array."""
        return np.shape(as_bounded(a).value)

    def full(self, shape: tuple[int, ...], value: Number) -> Bounded:
        """Fill an array of ``shape`` with the scalar ``value``, as the candidate stores it."""
        scalar = self.as_array(as_bounded(value))
        error = scalar.error + self._representation(scalar.value, self.model.storage)
        data = np.empty(shape, dtype=self.values.dtype)
        data[...] = scalar.value[()]
        return Bounded(self, data, error, kind=scalar.kind, host=False, positive=scalar.positive)

    def store(self, new: Number, old: Number) -> Bounded:
        """Round ``new`` to the storage type; it loses no more than it differs from ``old``."""
        new, old = as_bounded(new), as_bounded(old)
        storage = self.model.storage
        if new.host or new.stored or storage == self.model.compute:
            return new.alone()
        size, lost = new.reach, self.model.in_storing
        change = self.magnitude(self.values.subtract(new.value, old.value)) + new.error + old.error
        rounding = storage.unit_roundoff * size + self.model.underflow(storage)
        rounding = np.fmin(rounding, change) if lost == 1 else lost * rounding
        error = np.where(size <= storage.largest, new.error + rounding, np.inf)
        error = np.where(self.values.isfinite(new.value), error, new.error)
        kept = Bounded(self, new.value, error, kind=new.kind, host=False, positive=new.positive)
        kept.stored = True
        return kept

    def keep(self, new: Number, old: Number) -> Bounded:
        """Return a slot as the rest of the step uses it: one number, perhaps read back."""
        if self.model.storage != self.model.compute:
            return self.store(new, old)
        return self.whole(new)

    def whole(self, a: Number) -> Bounded:
        """Return the same number, whose terms nobody multiplies one by one."""
        number = as_bounded(a)
        terms = terms_of(number)
        if terms is not None:
            terms.closed = True
        return number

    def in_type_of(self, argument: str, compute: Callable[[Arithmetic], Number]) -> Number:
        """Return the scalar that ``compute`` makes, in the type in which ``argument`` is held.

        All of it rounds in that type, literals and pi too: a library casts them to it.
        """
        model = self.model.all_in_type_of(argument)
        if model == self.model:
            return compute(self)
        kind = model.compute
        narrow = self._of_one_type.setdefault(kind, type(self)(self.values, model, self.honest))
        before = narrow.operations
        found = as_bounded(compute(narrow))
        self.operations += narrow.operations - before
        return self.once(_taken_over, [found])

    def once(self, compute: Callable[..., Bounded], operands: list[Bounded]) -> Bounded:
        """Return ``compute(self, *operands)``, computed once for the same operands.

        Numbers made of hyperparameters alone are the same for every part of an array.
        """
        key = (compute, *map(id, operands))
        if key not in self._remembered:
            self._remembered[key] = (compute(self, *operands), operands)
        return self._remembered[key][0]

    def inflation(self) -> float:
        """Return the factor that covers the rounding of the bounds themselves."""
        return 1.0 + self.operations * _BOOKKEEPING

    def _representation(self, data: Any, kind: FloatType) -> Floats:
        """Return how far a value may move when rounded to ``kind``, directly or by float32."""
        exact = self.values.floats(data)
        lost = self.magnitude(self.values.subtract(data, self.values.exactly(exact)))
        steps = [kind.round(exact)]
        if kind.bits == 16:
            steps.append(kind.round(float_type("float32").round(exact)))
        moved = [np.where(step == exact, 0.0, np.abs(step - exact)) for step in steps]
        error: Floats = np.maximum.reduce(moved) + lost
        return np.where(np.isfinite(exact), error, 0.0)

    def _held(self, data: Any, kind: FloatType) -> Floats:
        """Return how far a hyperparameter may be off where it is held in ``kind``."""
        error = self._representation(data, kind)
        if not self.model.flushes_subnormals:
            return error
        size = self.magnitude(data)
        return np.where(size < kind.smallest_normal, size, error)

    def _never_negative(self, data: Any, error: Floats) -> bool:
        return bool((self.values.floats(data) - error >= 0).all())

    # -- the frame of every operation -------------------------------------------------------

    def magnitude(self, data: Any, *, positive: bool = False) -> Floats:
        """Return the magnitude of every element, all of them known to be ``positive`` or not."""
        if positive and self.values.dtype != object:
            return np.asarray(data)
        size: Floats = self.values.magnitude(data)
        return size

    def as_array(self, a: Bounded) -> Bounded:
        """Bring a host number into an operation with arrays: it is rounded to the compute type."""
        compute = self.model.compute
        if not a.host or a.kind is None or a.kind.precision <= compute.precision:
            return a
        unit = compute.unit_roundoff
        if compute.bits == 16:
            unit += float_type("float32").unit_roundoff
        rounding = unit * a.reach + self.model.underflow(compute)
        rounding = np.where(a.error == 0, self._held(a.value, compute), rounding)
        held = (a.reach <= compute.largest) | (np.isinf(a.size) & (a.error == 0))
        error = np.where(held, a.error + rounding, np.inf)
        return Bounded(self, a.value, error, kind=compute, host=True, positive=a.positive)

    def unit(self, kind: FloatType) -> float:
        """Return what a sum or a product loses, the rounding of the value itself included."""
        return self.model.in_sums(kind) * kind.unit_roundoff + float(self.values.own_unit)

    def underflow(
        self, size: Floats, propagated: Floats, relative: float, kind: FloatType
    ) -> Floats:
        """Return what results lose by being subnormal: nothing where all are normal numbers."""
        normal = 2.0 * kind.smallest_normal
        least = size
        if self.model.flushes_subnormals:
            least = (1.0 - 2.0 * relative) * size - 2.0 * propagated
        if least.min(initial=np.inf) >= normal:
            return ZERO
        lost = smaller(size, np.asarray(self.model.underflow(kind)))
        return lost * (least < normal)

    def _meet(self, a: Bounded, b: Bounded) -> tuple[Bounded, Bounded, FloatType]:
        """Return both operands as the operation sees them, and the type in which it works."""
        if a.host and b.host:
            kinds = [x.kind for x in (a, b) if x.kind is not None]
            kind = min(kinds, key=lambda k: k.precision) if kinds else self.model.hyper["*"]
            return a, b, kind
        return self.as_array(a), self.as_array(b), self.model.compute

    def _result(
        self,
        value: Any,
        propagated: Floats,
        size: Floats,
        operands: Sequence[Bounded],
        kind: FloatType,
        roundings: float = 1.0,
        *,
        relative: float = 0.0,
        charge: Floats | None = None,
        positive: bool = False,
        most: float = np.inf,
    ) -> Bounded:
        """Add the rounding of the operation to the propagated error; settle special values.

        ``size`` is the largest magnitude that the result may have, nowhere over ``most``;
        ``relative`` is what the operands' errors come to besides ``propagated``, relative to size.
        """
        self.operations += 1
        share = roundings * self.unit(kind)
        if charge is None:
            error = (relative + share) * size
            underflow = self.underflow(size, propagated, relative, kind)
            if underflow is not ZERO:
                error += underflow
            error += propagated
        else:
            error = propagated + charge
        largest = kind.largest * (1.0 - 2.0 * (roundings - 1.0) * kind.unit_roundoff)
        if not most <= largest:
            most = float(size.max(initial=0.0))
        if not most <= largest:
            error = self._settle(value, error, size, operands, largest)
        host = operands[0].host and operands[-1].host
        positive = positive or (host and self._never_negative(value, error))
        result = Bounded(self, value, error, kind=kind, host=host, positive=positive)
        if charge is None and most <= largest:
            result.limit = 1.0 + share, size, underflow
            result.most = (1.0 + share) * most + self.model.underflow(kind)
        return result

    def of_finite(self, number: Bounded, lost: Floats, endless: BoolArray) -> Floats:
        """Return what a sum loses, infinite if it is NaN; where it is special, all or nothing."""
        lost = np.where(np.isnan(lost), np.inf, lost)
        special = np.where(endless, np.inf, 0.0)
        return np.where(self.values.isfinite(number.value), lost, special)

    def _settle(
        self, value: Any, error: Floats, size: Floats, operands: Sequence[Bounded], largest: float
    ) -> Floats:
        """Give overflow an infinite bound, and a certain NaN or infinity of the truth none."""
        certain, overflow = np.ones(size.shape, dtype=bool), np.ones(size.shape, dtype=bool)
        for x in operands:
            finite = self.values.isfinite(x.value)
            certain &= (x.error == 0) | (finite & (x.size > x.error))
            overflow &= finite & (x.size > 0)
        special = ~self.values.isfinite(value)
        certain &= ~(overflow & np.isinf(size))
        error = np.where(size <= largest, error, np.inf)
        return np.where(special, np.where(certain, 0.0, np.inf), error)


def _taken_over(xp: Frame, number: Bounded) -> Bounded:
    """Return a number of another arithmetic as one of ``xp``."""
    return Bounded(
        xp, number.value, number.error, kind=number.kind, host=True, positive=number.positive
    )


def once_for_hosts(operation: Callable[..., Bounded]) -> Callable[..., Bounded]:
    """Take operands of any kind; remember the result where all are made of hyperparameters."""

    @wraps(operation)
    def wrapper(xp: Frame, *operands: Operand) -> Bounded:
        numbers = [x if isinstance(x, Bounded) else xp.constant(x) for x in operands]
        for number in numbers:
            if not number.host:
                return operation(xp, *numbers)
        return xp.once(operation, numbers)

    return wrapper
