"""Eigenvalues and eigenvectors by mpmath, for the truth and for the middle of an enclosure."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracle.arithmetic.plain import Objects
from oracle.arithmetic.power import Power, combined

_GUARD = 15
"""Digits beyond the working ones, so that forming Q f(L) Q' costs none of them."""


class MpSpectra:
    """Functions of symmetric matrices of mpf; the decomposition of the last matrix is kept."""

    context: Any
    _known: tuple[Objects, tuple[Objects, Objects]] | None = None

    def eigh(self, a: Objects) -> tuple[Objects, Objects]:
        """Return the eigenvalues, the smallest first, and the eigenvectors as columns."""
        if self._known is None or self._known[0] is not a:
            with self.context.extradps(_GUARD):
                self._known = a, decomposed(self.context, a)
        return self._known[1]

    def smallest_eigenvalue(self, a: Objects) -> Objects:
        """Return the smallest eigenvalue of a symmetric matrix."""
        return np.asarray(+self.eigh(a)[0][0], dtype=object)

    def spectral(self, a: Objects, power: Power, x: Objects) -> Objects:
        """Return f(a) @ x, rounded once to the working digits."""
        eigenvalues, vectors = self.eigh(a)
        with self.context.extradps(_GUARD):
            wide = combined(self, eigenvalues, vectors, power, x)
        return np.asarray(np.frompyfunc(lambda number: +number, 1, 1)(wide), dtype=object)


def decomposed(context: Any, a: Objects) -> tuple[Objects, Objects]:
    """Return eigenvalues and eigenvectors at the digits of ``context``; else NaN.

    They are rounded to these digits: mpmath works with more, and its logarithm of a number that is
    nearer to 1/4 than its digits can tell is 0 (mpmath 1.4.1).
    """
    size = len(a)
    finite = all(context.isfinite(x) for x in a.ravel().tolist())
    if not finite:
        return np.full(size, context.nan, object), np.full((size, size), context.nan, object)
    found, columns = context.eigsy(context.matrix(a.tolist()))
    values = np.array([+found[i] for i in range(size)], dtype=object)
    vectors = np.array([[+columns[i, j] for j in range(size)] for i in range(size)], dtype=object)
    order = np.argsort(values)
    return values[order], vectors.reshape(size, size)[:, order]
