"""The bound of functions of a symmetric matrix, however a candidate comes by them.

A candidate may take the eigenvalues or the singular values and vectors of the matrix A that it
holds: they are exact for a matrix B that is near A, |B - A| <= p(n) u |A| in the Frobenius norm,
where p(n) = 120 n is what LAPACK's own tests let a symmetric eigensolver lose (TESTING/sep.in: 60
n ulp, and an ulp is 2 u; its Users' Guide, section 4.7, says no more than "modestly growing"). With
e = |B - A|, the errors of A's own elements included, the singular values of B are l = min(L) - e at
least. B has the polar factors |B| and W, and the candidate computes f(|B|) x, or f(|B|) W' x. In
the eigenvectors q_j of A, of eigenvalue L_j,

* |(f(|B|) - f(A)) x| <= sqrt(2) e sum_j |q_j' x| |f(l) - f(L_j)| / |l - L_j|, as f is completely
  monotone: an integral of exponentials, and for these by Duhamel's formula (Higham, Functions of
  Matrices, chapter 10.2); the root of two is for |B| - A (Araki & Yamagami 1981);
* |(W - 1) x| <= e sum_j |q_j' x| / agm(l, L_j): W is the sign function of [0 B; B' 0], an integral
  of resolvents (Higham, chapter 5.1), and the integral of 1 / sqrt((l^2 + s^2) (L_j^2 + s^2)) over
  s is the arithmetic-geometric mean's.

So nothing is said of single eigenvectors, which multiple eigenvalues leave undetermined, and a
bound is infinite where l is not above 0.
"""

from __future__ import annotations

import numpy as np

from oracle.arithmetic.base import Number, Operand
from oracle.arithmetic.bounded import ZERO, Bounded, Floats, as_bounded
from oracle.arithmetic.frame import Frame
from oracle.arithmetic.power import Power, combined

_ROUNDINGS_PER_ROW = 120.0
"""p(n) / n."""
_FUNCTION_ROUNDINGS = 12.0
"""A power, a quotient and the product with it."""
_NEAR = 2.0**-10
_AGM_STEPS = 8


class Spectra(Frame):
    """The functions that a candidate computes from eigenvalues or singular values."""

    def smallest_eigenvalue(self, a: Number) -> Bounded:
        """Return the smallest eigenvalue of a symmetric matrix."""
        matrix = self.as_array(as_bounded(a))
        value = np.asarray(self.values.eigh(matrix.value)[0][0], dtype=self.values.dtype)
        distance = self._distance(matrix)
        size = self.magnitude(value) + distance
        kind = self.model.compute
        whole = Bounded(self, value, distance, kind=kind, host=False)
        return self._result(value, distance, size, (whole,), kind, charge=ZERO)

    def matrix_power(self, a: Number, exponent: Operand, x: Number) -> Bounded:
        """Return a**exponent @ x: ``a`` is symmetric and positive, the exponent not positive."""
        return self._spectral(a, None, exponent, x)

    def root_power(self, a: Number, shift: Operand, exponent: Operand, x: Number) -> Bounded:
        """Return (sqrt(a) + shift * identity)**exponent @ x, all else as in `matrix_power`."""
        return self._spectral(a, self.as_array(as_bounded(self.lift(shift))), exponent, x)

    def _spectral(self, a: Number, shift: Bounded | None, exponent: Operand, x: Number) -> Bounded:
        matrix, vector = (self.as_array(as_bounded(number)) for number in (a, x))
        kind = self.model.compute
        e = self.as_array(as_bounded(self.lift(exponent)))
        power = Power(e.value[()], None if shift is None else shift.value[()])
        eigenvalues, vectors = self.values.eigh(matrix.value)
        value = combined(self.values, eigenvalues, vectors, power, vector.value)
        bound = _Bound(self, matrix, shift, e)
        propagated = bound.propagated(vector)
        charge = bound.charge(vector, self.unit(kind), self.model.underflow(kind))
        size = np.broadcast_to(bound.reach(vector), vector.size.shape) + propagated
        whole = Bounded(self, value, propagated, kind=kind, host=False)
        return self._result(value, propagated, size, (whole,), kind, charge=charge)

    def _distance(self, a: Bounded) -> Floats:
        """Return how far, in the Frobenius norm, what a candidate decomposes is from ``a``."""
        own = _frobenius(np.broadcast_to(a.error, a.size.shape))
        roundings = _solver_roundings(len(a.size)) * self.unit(self.model.compute)
        lost = len(a.size) * self.model.underflow(self.model.compute)
        distance: Floats = np.asarray(own + roundings * (_frobenius(a.size) + own) + lost)
        return np.where(np.isfinite(distance), distance, np.inf)


class _Bound:
    """What is known of one matrix and one function; every member is float64."""

    def __init__(self, xp: Spectra, a: Bounded, shift: Bounded | None, e: Bounded) -> None:
        floats = xp.values.floats
        eigenvalues, self.vectors = map(floats, xp.values.eigh(a.value))
        self.distance = float(xp._distance(a))
        self.order = len(eigenvalues)
        low = float(eigenvalues[0]) - self.distance if self.order else 1.0
        self.known = low > 0
        self.low = np.array([low if self.known else 1.0])
        self.eigenvalues = np.maximum(eigenvalues, self.low)
        exact = Power(float(floats(e.value)), None if shift is None else float(floats(shift.value)))
        self.exponent = abs(exact.exponent)
        self.largest = float(exact.of(np, self.low)[0])
        self.factors = exact.of(np, self.eigenvalues)
        self.weights = self._weights(exact)
        self.relative = _relative(exact, e, shift, self.low, self.eigenvalues)
        self.relative += _lost_on_device(xp, exact, self.low, self.eigenvalues)

    def _weights(self, power: Power) -> Floats:
        """Return what each eigenvector's share of x loses, relative to `distance`."""
        gap = self.eigenvalues - self.low
        steep = power.steepness(np, self.low)
        near = gap < _NEAR * self.low
        slope = np.where(near, steep, (self.largest - self.factors) / np.where(near, 1.0, gap))
        weights: Floats = np.sqrt(2.0) * slope + self.largest / _agm(self.low, self.eigenvalues)
        return weights

    def propagated(self, x: Bounded) -> Floats:
        """Return what the errors of the matrix, of its decomposition and of x come to."""
        error = np.broadcast_to(x.error, x.size.shape)
        value = x.xp.values.floats(x.value)
        of_matrix = self.distance * (self.weights @ np.abs(self.vectors.T @ value))
        of_both = self.distance * self.weights.max(initial=0.0) * self.order**0.5 * _columns(error)
        through = np.abs((self.vectors * self.factors) @ self.vectors.T) @ error
        return self._if_known(through + of_matrix + of_both, x)

    def charge(self, x: Bounded, unit: float, underflow: float) -> Floats:
        """Return what forming the product costs, whichever way a candidate brackets it."""
        roundings = 2.0 * self.order + _FUNCTION_ROUNDINGS + 2.0 * self.exponent
        skew = 2.0 * _solver_roundings(self.order)
        lost = np.expm1((roundings + skew) * unit + self.relative)
        small = 3.0 * self.order * underflow * (1.0 + self.largest + _columns(x.reach))
        return self._if_known(lost * self.reach(x) + small, x)

    def reach(self, x: Bounded) -> Floats:
        """Return the largest magnitude on the way to an element, for each column of x."""
        return self.largest * np.asarray(np.sum(x.reach, axis=0))

    def _if_known(self, error: Floats, x: Bounded) -> Floats:
        """Return an error, infinite where nothing is known; a column of zeros stays that."""
        known = np.where(self.known & ~np.isnan(error), error, np.inf)
        return np.where(np.all(x.reach == 0, axis=0), 0.0, known)


def _solver_roundings(order: int) -> float:
    """Return p(n), by the order n of a matrix; a number is its own eigenvalue."""
    return _ROUNDINGS_PER_ROW * order if order > 1 else 0.0


def _relative(
    power: Power, e: Bounded, shift: Bounded | None, low: Floats, eigenvalues: Floats
) -> float:
    """Return how far the function may be off by its own exponent and shift, as a logarithm."""
    ends = np.array([low[0], eigenvalues.max(initial=low[0])])
    base = power.base(np, ends)
    moved = 0.0 if shift is None else float(np.max(shift.error / base))
    by_shift = (abs(power.exponent) + e.error) * -np.log1p(-min(moved, 1.0))
    return float(by_shift + e.error * np.max(np.abs(np.log(base))))


def _lost_on_device(xp: Spectra, power: Power, low: Floats, eigenvalues: Floats) -> float:
    """Return what a declared device loses in quotients, roots and powers, as a logarithm."""
    kind = xp.model.compute
    unit = xp.unit(kind)
    declared = (xp.model.accuracy(name, kind) for name in ("divide", "sqrt", "power"))
    lost = sum(loss.roundings(kind) * unit for loss in declared if loss is not None)
    through = xp.model.operations.logarithmic
    if through is None:
        return lost
    ends = power.base(np, np.array([low[0], eigenvalues.max(initial=low[0])]))
    logarithm = float(np.max(np.abs(np.log2(ends))))
    off = (through.log2.roundings(kind) + 1.0) * unit * logarithm + through.log2.absolute
    lost += through.exp2.roundings(kind) * unit
    return float(lost + np.log(2.0) * abs(power.exponent) * off)


def _agm(a: Floats, b: Floats) -> Floats:
    """Return the arithmetic-geometric mean of two positive numbers, or a little less."""
    for _ in range(_AGM_STEPS):
        a, b = (a + b) / 2.0, np.sqrt(a * b)
    return b


def _frobenius(a: Floats) -> Floats:
    """Return the Frobenius norm of a matrix."""
    return np.asarray(np.sqrt(np.sum(np.square(a))))


def _columns(a: Floats) -> Floats:
    """Return the Euclidean norm of each column, or of a vector."""
    return np.asarray(np.sqrt(np.sum(np.square(a), axis=0)))
