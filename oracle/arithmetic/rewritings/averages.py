"""Means of numbers that come one at a step, in the forms in which others keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats
from oracle.arithmetic.made import Operator
from oracle.arithmetic.rewritings.products import of_quotient
from oracle.arithmetic.rewritings.rewriting import Rewriting

if TYPE_CHECKING:
    from oracle.arithmetic.frame import Frame


def _charge_running(xp: Frame, average: Bounded, *terms: Bounded) -> None:
    """Charge a mean for what it loses as a running mean; as a sum of parts, it loses less."""
    lost, endless = _lost_in_running(xp, terms)
    more = np.maximum(lost / len(terms) - average.error, 0.0)
    average.charge(xp.of_finite(average, more, endless & ~np.isnan(average.size)))


def _lost_in_running(xp: Frame, terms: tuple[Bounded, ...]) -> tuple[Floats, Floats]:
    """Return the error of the running mean, times the count, and where one was infinite.

    In the scale of the sum an error e of the mean after k steps counts k*e, and goes on unchanged;
    each step adds the roundings of x - mean and of its k-th part, 3 u of |x| and |mean|, to the
    rounding of the sum. Of an infinite mean, what comes next makes NaN.
    """
    unit, count = xp.unit(xp.model.compute), len(terms)
    roundings = 1.0 + of_quotient(xp, xp.model.compute)
    total = terms[0].value
    lost = terms[0].error + count * _lost_by_small(xp, terms[0].reach / count)
    lost = lost + _lost_by_keeping(xp, terms[0].reach, count)
    endless = np.isinf(terms[0].size)
    for k, term in enumerate(terms[1:], 2):
        moved = term.reach + (xp.magnitude(total) + lost) / (k - 1)
        total = xp.values.add(total, term.value)
        lost = lost + term.error + np.expm1(roundings * unit) * moved
        for part in (moved, term.reach):
            lost = lost + count * _lost_by_small(xp, part / count)
        reach = xp.magnitude(total) + lost
        lost = lost + unit * reach + _lost_by_keeping(xp, reach, count)
        endless = endless | (np.isinf(xp.magnitude(total)) & (k < count))
    return lost, endless


def _lost_by_small(xp: Frame, part: Floats) -> Floats:
    """Return what one step loses where what it adds, of magnitude ``part``, is subnormal.

    Nothing is lost of nothing.
    """
    kind = xp.model.compute
    roundings = 3.0 if xp.model.flushes_subnormals else 1.0
    small = (part > 0) & (part < 2.0 * kind.smallest_normal)
    return np.where(small, roundings * xp.model.underflow(kind), 0.0)


def _lost_by_keeping(xp: Frame, total: Floats, count: int) -> Floats:
    """Return what a mean loses from one step to the next where its type is a narrower one.

    It is that of a total of this magnitude, or a part of it.
    """
    kind = xp.model.storage
    if kind == xp.model.compute:
        return ZERO
    small = (total > 0) & (total < 2.0 * count * kind.smallest_normal)
    lost = np.where(small, count * xp.model.underflow(kind), 0.0)
    return np.asarray(xp.model.in_storing * (kind.unit_roundoff * total + lost))


RUNNING_MEAN = Rewriting(
    "a mean over steps",
    "(x + y + z) / 3",
    ("x / 3 + y / 3 + z / 3", "x + (y - x) / 2 + (z - (x + (y - x) / 2)) / 3"),
    "3 u of each number and of the mean so far, times their weights, and what the mean loses from "
    "step to step where it is kept in a narrower type",
    at=(Operator.AVERAGE,),
    matches=lambda made: made.operands if len(made.operands) > 1 else None,
    charge=_charge_running,
)
