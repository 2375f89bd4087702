"""What a quotient of roots loses as one root: sqrt(x)/sqrt(y) is also sqrt(x/y).

The quotient under the root may be subnormal, or 0, where neither root is near it.
"""

from __future__ import annotations

import numpy as np

from oracle.arithmetic.bounded import Bounded
from oracle.arithmetic.chains import Chains, Factor
from oracle.dtypes import FloatType


class Roots(Chains):
    """The errors of quotients of roots, and of reciprocal roots."""

    def _under_one_root(self, quotient: Bounded, kind: FloatType) -> None:
        """Charge a quotient for each root in it that another one, or 1, may be divided by first."""
        if quotient.chain is None or quotient.host:
            return
        roots = [factor for factor in quotient.chain.factors if factor.number.radicand is not None]
        above: list[Factor | None] = [_radicand(factor) for factor in roots if not factor.divides]
        for below in [_radicand(factor) for factor in roots if factor.divides]:
            for x in above or [None]:
                self._charge_root(quotient, kind, x, below)

    def _charge_root(self, quotient: Bounded, kind: FloatType, x: Factor | None, y: Factor) -> None:
        """Charge a quotient for what it loses where x/y, or 1/y, is subnormal."""
        normal = 2.0 * kind.smallest_normal
        least = 1.0 if x is None else x.number.size.min(initial=1.0) - x.number.error.max(initial=0)
        if least >= normal * y.number.most:
            return
        with np.errstate(all="ignore"):
            low = (1.0 if x is None else x.near_zero) / y.number.reach
            share = np.minimum(self.model.underflow(kind) / low, 1.0)
            lost = np.where(low < normal, (quotient.size + quotient.error) * share, 0.0)
        if lost.any():
            quotient.charge(np.where(self.values.isfinite(quotient.value), lost, 0.0))


def _radicand(factor: Factor) -> Factor:
    assert factor.number.radicand is not None
    return Factor(factor.number.radicand)
