"""What an operation is charged besides one rounding: other honest forms, and declared losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import ZERO, Bounded, Floats, as_bounded
from oracle.arithmetic.frame import Frame
from oracle.arithmetic.made import Made, Operator
from oracle.dtypes import FloatType
from oracle.operations import Accuracy


class Forms(Frame):
    """How often an operation rounds, in its longest form and on the device that is declared."""

    def _roundings(self, made: Made, kind: FloatType) -> float:
        """Return how many roundings an operation counts as, in its longest honest form."""
        return max([1.0] + [count(made, kind) for count in self._counted[made.operator]])

    def _made(self, number: Bounded, made: Made) -> Bounded:
        """Remember how a number was made, and charge it for the other honest forms of that."""
        number.made_by = made
        return self._in_other_forms(number, made)

    def _in_other_forms(self, number: Bounded, made: Made) -> Bounded:
        """Charge a number for every form in which honest candidates compute it."""
        for matches, charge in self._charged[made.operator]:
            parts = matches(made)
            if parts is not None:
                with np.errstate(all="ignore"):
                    charge(self, number, *parts)
        return number

    def averaged(self, mean: Number, numbers: Sequence[Number]) -> Bounded:
        """Charge a mean for what it loses as a running mean, or as a sum of parts."""
        terms = map(as_bounded, numbers)
        return self._in_other_forms(self.whole(mean), Made(Operator.AVERAGE, *terms))

    def lost_besides(
        self, accuracy: Accuracy | None, size: Floats, argument: Bounded, kind: FloatType
    ) -> Floats:
        """Return what a declared operation loses that is no number of unit roundoffs of its result.

        ``size`` is the largest magnitude of the result, ``argument`` what the loss depends on: the
        divisor of a quotient. Beyond the range of a promise everything may be lost.
        """
        if accuracy is None:
            return ZERO
        more = accuracy.roundings(kind) - 1.0
        lost = more * np.minimum(size, self.underflow(size, ZERO, 0.0, kind)) + accuracy.absolute
        if accuracy.ulp_of_argument:
            lost = (
                lost + 2.0 * accuracy.ulp_of_argument * kind.unit_roundoff * argument.reach * size
            )
        if accuracy.within is not None:
            least, most = accuracy.within
            beyond = (argument.reach > most) | ((argument.low < least) & (argument.reach > 0))
            lost = np.where(beyond & np.isfinite(argument.size), np.inf, lost)
        return np.where(np.isnan(lost), np.inf, lost)

    def charge_besides(
        self, result: Bounded, accuracy: Accuracy | None, size: Floats, argument: Bounded
    ) -> Bounded:
        """Charge a result for what `lost_besides` says; infinities and NaN of the truth stay."""
        if accuracy is not None and result.kind is not None:
            lost = self.lost_besides(accuracy, size, argument, result.kind)
            result.charge(np.where(self.values.isfinite(result.value), lost, 0.0))
        return result
