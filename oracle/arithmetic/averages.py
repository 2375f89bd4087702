"""What a mean over several steps loses in the forms in which others keep it.

The sum of k numbers that is divided by k at last is also the sum of their k-th parts, and a
running mean, ``mean + (x - mean)/k``. In the scale of the sum an error e of the running mean after
k steps counts k*e, and goes on unchanged; each step adds the roundings of ``x - mean`` and of its
k-th part, 3 u of |x| and |mean|, to the rounding of the sum. The k-th parts lose less.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import ZERO, Bounded, Floats, as_bounded
from oracle.arithmetic.means import Means


class Averages(Means):
    """The errors of means of numbers that come one at a step."""

    def averaged(self, mean: Number, numbers: Sequence[Number]) -> Bounded:
        """Charge a mean for what it loses as a running mean, or as a sum of parts."""
        average, terms = self.whole(mean), [as_bounded(number) for number in numbers]
        if len(terms) < 2:
            return average
        with np.errstate(all="ignore"):
            lost, endless = self._lost_in_running(terms)
            more = np.maximum(lost / len(terms) - average.error, 0.0)
        finite = self.values.isfinite(average.value)
        special = np.where(endless & ~np.isnan(average.size), np.inf, 0.0)
        average.charge(np.where(finite, np.where(np.isnan(more), np.inf, more), special))
        return average

    def _lost_in_running(self, terms: Sequence[Bounded]) -> tuple[Floats, Floats]:
        """Return the error of the running mean, times the count, and where one was infinite.

        Of an infinite mean, what comes next makes NaN.
        """
        unit, count = self._unit(self.model.compute), len(terms)
        total = terms[0].value
        lost = terms[0].error + count * self._lost_by_small(terms[0].reach / count)
        lost = lost + self._lost_by_keeping(terms[0].reach, count)
        endless = np.isinf(terms[0].size)
        for k, term in enumerate(terms[1:], 2):
            moved = term.reach + (self.magnitude(total) + lost) / (k - 1)
            total = self.values.add(total, term.value)
            lost = lost + term.error + np.expm1(3.0 * unit) * moved
            for part in (moved, term.reach):
                lost = lost + count * self._lost_by_small(part / count)
            reach = self.magnitude(total) + lost
            lost = lost + unit * reach + self._lost_by_keeping(reach, count)
            endless = endless | (np.isinf(self.magnitude(total)) & (k < count))
        return lost, endless

    def _lost_by_small(self, part: Floats) -> Floats:
        """Return what one step loses where what it adds, of magnitude ``part``, is subnormal.

        Nothing is lost of nothing.
        """
        kind = self.model.compute
        roundings = 3.0 if self.model.flushes_subnormals else 1.0
        small = (part > 0) & (part < 2.0 * kind.smallest_normal)
        return np.where(small, roundings * self.model.underflow(kind), 0.0)

    def _lost_by_keeping(self, total: Floats, count: int) -> Floats:
        """Return what a mean loses from one step to the next where its type is a narrower one.

        It is that of a total of this magnitude, or a part of it.
        """
        kind = self.model.storage
        if kind == self.model.compute:
            return ZERO
        small = (total > 0) & (total < 2.0 * count * kind.smallest_normal)
        lost = np.where(small, count * self.model.underflow(kind), 0.0)
        return np.asarray(kind.unit_roundoff * total + lost)
