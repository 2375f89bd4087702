"""Where a bounded number decides something: floor, sign, maximum, comparisons, ``where``.

Near a switch an honest candidate may be on its other side, so the error covers both.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.base import BoolArray, Condition, Number, Operand
from oracle.arithmetic.bounded import ZERO, Bounded, as_bounded
from oracle.arithmetic.frame import Frame, once_for_hosts


class Switches(Frame):
    """The functions with a jump or a kink."""

    @once_for_hosts
    def floor(self, x: Bounded) -> Bounded:
        """Return the largest integer that is not above x.

        A whole quotient is divided: its reciprocal may come out below, a whole stair too low.
        """
        value = self.values.floor(x.value)
        fraction = self.values.floats(self.values.subtract(x.value, value))
        error = ZERO if x.divides_evenly else bounded.floor_error(fraction, x.error)
        return Bounded(self, value, error, kind=x.kind, host=x.host, positive=x.positive)

    @once_for_hosts
    def sign(self, x: Bounded) -> Bounded:
        """Return -1, 0 or 1; NaN for NaN."""
        error = bounded.sign_error(x.size, x.error, x.positive)
        return Bounded(
            self, self.values.sign(x.value), error, kind=x.kind, host=x.host, positive=x.positive
        )

    @once_for_hosts
    def maximum(self, a: Bounded, b: Bounded) -> Bounded:
        """Return the larger of both; NaN if one is NaN."""
        x, y, kind = self._meet(a, b)
        difference = self.values.floats(self.values.subtract(x.value, y.value))
        error = bounded.maximum_error(difference, x.error, y.error)
        value = self.values.maximum(x.value, y.value)
        if np.isnan(difference).any():
            error = np.where(self._surely_nan(x) | self._surely_nan(y), 0.0, error)
        positive = x.positive or y.positive
        larger = Bounded(self, value, error, kind=kind, host=x.host and y.host, positive=positive)
        never_negative = [number for number in (x, y) if number.positive]
        if never_negative:
            larger.least = lambda: reduce(np.fmax, [number.low for number in never_negative])
        return larger

    def less(self, a: Number, b: Number) -> Condition:
        """Return where a < b; False for NaN."""
        return self._compare(self.values.less, as_bounded(a), as_bounded(b))

    def less_equal(self, a: Number, b: Number) -> Condition:
        """Return where a <= b; False for NaN."""
        return self._compare(self.values.less_equal, as_bounded(a), as_bounded(b))

    def _compare(self, function: Any, a: Bounded, b: Bounded) -> Condition:
        a, b, _ = self._meet(a, b)
        true = np.asarray(function(a.value, b.value), dtype=bool)
        gap = self.magnitude(self.values.subtract(a.value, b.value))
        doubt = a.error + b.error
        sure = (doubt == 0) | (gap > doubt)
        if not sure.all():
            sure |= self._surely_nan(a) | self._surely_nan(b)
        return Condition(true, sure)

    def _surely_nan(self, x: Bounded) -> BoolArray:
        nan: BoolArray = np.isnan(x.size) & (x.error == 0)
        return nan

    def where(self, condition: Condition, a: Operand, b: Operand) -> Bounded:
        """Return a where the condition holds, else b; both are allowed where it is not sure."""
        x, y, kind = self._meet(as_bounded(self.lift(a)), as_bounded(self.lift(b)))
        if condition.true.ndim > 0:
            x, y, kind = self.as_array(x), self.as_array(y), self.model.compute
        value = np.where(condition.true, x.value, y.value)
        error = np.where(condition.true, x.error, y.error)
        if not condition.sure.all():
            gap = self.magnitude(self.values.subtract(x.value, y.value))
            either = np.maximum(x.error, y.error) + np.where(np.isnan(gap), np.inf, gap)
            error = np.where(condition.sure, error, either)
        host = x.host and y.host and condition.true.ndim == 0
        positive = x.positive and y.positive
        return Bounded(self, value, error, kind=kind, host=host, positive=positive)
