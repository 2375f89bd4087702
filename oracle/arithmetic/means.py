"""What means and shares may lose in the forms that others write them in.

``h*x + (1 - h)*y`` is also ``x + (1 - h)*(y - x)``; the average that moves by ``c*(y - x)`` is also
``(1 - c)*x + c*y``; and ``x - h*x``, a weight that decays, is also ``(1 - h)*x``. Where h is small,
both products of a mean, and ``1 - h`` itself, are rounded relative to x, which ``h*x`` is not.
"""

from __future__ import annotations

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.bounded import Bounded, Floats
from oracle.arithmetic.spectral import Spectra


class Means(Spectra):
    """The errors of sums that are means of two numbers, or a number without a share of itself."""

    def _mean(self, a: Bounded, b: Bounded, total: Bounded) -> Bounded:
        """Charge a + b for what it loses in other forms, if it is h*x + (1 - h)*y."""
        mean = _weighted_mean(a, b)
        if mean is None:
            return self._moved(a, b, total)
        lost = self._rearranged(*mean)
        if not all(number.most < self.model.compute.largest for number in mean):
            lost = self._settle_mean(lost, total, *mean)
        total.error = total.error + lost
        return total

    def _rearranged(self, h: Bounded, x: Bounded, c: Bounded, y: Bounded) -> Floats:
        """Return what x + c*(y - x) may lose more than h*x + c*y, where c is 1 - h.

        Keras computes its moments so. Besides what h*x + c*y is charged, y - x and its product with
        c are rounded relative to c*(x + y), and so is c itself: 4 c u of x and 2 c u of y. That
        covers y + h*(x - y) too, which torch takes for h up to 1/2. A candidate that flushes may
        lose y - x, or its product with c, where that is subnormal.
        """
        unit = max(self._unit(n.kind or self.model.compute) for n in (h, x))
        share = unit * c.reach
        lost: Floats = (4.0 * share) * x.reach + (2.0 * share) * y.reach
        if self.model.flushes_subnormals:
            smallest = np.asarray(self.model.underflow(self.model.compute))
            spread = x.reach + y.reach
            lost = lost + c.reach * bounded.smaller(spread, smallest)
            lost = lost + bounded.smaller(c.reach * spread, smallest)
        return lost

    def _settle_mean(
        self, lost: Floats, total: Bounded, h: Bounded, x: Bounded, _: Bounded, y: Bounded
    ) -> Floats:
        """Give an infinity that one form keeps, and another turns into NaN, an infinite bound."""
        endless = np.isinf(x.size) | (np.isinf(y.size) & (h.size <= 0.5))
        endless &= np.isinf(total.size)
        lost = np.where(np.isnan(lost), np.inf, lost)
        special = np.where(endless, np.inf, 0.0)
        return np.where(self.values.isfinite(total.value), lost, special)

    def _moved(self, a: Bounded, b: Bounded, total: Bounded) -> Bounded:
        """Charge a + b or a - b for what it loses as (1 - h)*a, or as (1 - c)*a + c*y."""
        if a.host:
            return total
        if total.subtrahend is b and b.multiple_of is a:
            lost = self._lost_by_share(b, total)
        else:
            towards = _moved_towards(a, b, subtracts=total.subtrahend is b)
            if towards is None:
                return total
            lost = self._lost_by_mean(*towards, total)
        special = np.where(np.isinf(a.size), np.inf, 0.0)
        lost = np.where(np.isnan(lost), np.inf, lost)
        total.error = total.error + np.where(self.values.isfinite(total.value), lost, special)
        return total

    def _lost_by_share(self, share: Bounded, rest: Bounded) -> Floats:
        """Return what (1 - h)*x loses more than x - h*x: the rounding of 1 - h, times x.

        That is never more than h*x, as 1 is a number of the type.
        """
        unit = self._unit_of(share)
        size = rest.size + rest.error
        lost = bounded.smaller(unit * (1.0 + unit) * size, share.reach)
        return lost + self._underflow(size, rest.error, 0.0, self.model.compute)

    def _lost_by_mean(self, c: Bounded, x: Bounded, y: Bounded, total: Bounded) -> Floats:
        """Return what (1 - c)*x + c*y loses: 1 - c, two products and a sum are rounded."""
        unit = self._coarsest_unit
        unit = unit * (1.0 + 2.0 * unit)
        kept = np.abs(1.0 - self.values.floats(c.value)) + c.error
        products = 3.0 * unit * kept * x.reach + 2.0 * unit * c.reach * y.reach
        size = total.size + total.error
        underflow = 2.0 * self._underflow(size, total.error, 0.0, self.model.compute)
        return np.asarray(products + underflow)

    def _unit_of(self, share: Bounded) -> float:
        """Return the unit roundoff in which 1 - h is rounded; of h*x it is known what h is."""
        h, x = share.factors or (share, None)
        if x is None or x is not share.multiple_of or h.kind is None:
            return self._coarsest_unit
        return max(self._unit(kind) for kind in (self.model.compute, h.kind))

    @property
    def _coarsest_unit(self) -> float:
        """The unit roundoff in which a number made of hyperparameters, or an array, is rounded."""
        return max(self._unit(kind) for kind in (self.model.compute, *self.model.hyper.values()))


def _weighted_mean(a: Bounded, b: Bounded) -> tuple[Bounded, Bounded, Bounded, Bounded] | None:
    """Return h, x, 1 - h and y if a + b is h*x + (1 - h)*y, else None."""
    if a.factors is None or b.factors is None:
        return None
    (h, x), (c, y) = a.factors, b.factors
    if c.complement is h:
        return h, x, c, y
    return (c, y, h, x) if h.complement is c else None


def _moved_towards(
    a: Bounded, b: Bounded, *, subtracts: bool
) -> tuple[Bounded, Bounded, Bounded] | None:
    """Return c, a and y if b is c*(y - a), or c*(a - y) where it is subtracted, else None."""
    if b.factors is None or b.factors[1].minuend is None:
        return None
    c, way = b.factors
    start, end = (way.minuend, way.subtrahend) if subtracts else (way.subtrahend, way.minuend)
    return (c, a, end) if start is a and end is not None else None
