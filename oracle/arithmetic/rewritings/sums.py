"""Sums: their terms in any order, and those that are means of two numbers or leave a share out.

Where h is small, both products of a mean ``h*x + (1 - h)*y`` in its other forms, and ``1 - h``
itself, are rounded relative to x, which ``h*x`` is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats, smaller
from oracle.arithmetic.made import Made, Operator, Terms, is_made, scaled, terms_of
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.dtypes import FloatType

if TYPE_CHECKING:
    from oracle.arithmetic.frame import Frame


def _additions(made: Made, kind: FloatType) -> float:
    """Return how many additions a sum has, with those of the sums in it that round in its type."""
    roundings = 1.0
    for number in made.operands:
        terms = terms_of(number)
        if terms is not None and number.kind == kind:
            roundings += terms.roundings
    return roundings


def one_addition(
    made: Made, a: Bounded, b: Bounded, unit: float, size: Floats, most: float, *, loose: bool
) -> Floats:
    """Give a sum of two numbers its terms, and return what its addition is charged.

    It loses at most its unit roundoff of the sum (``size``, nowhere over ``most``), and never more
    than its smaller operand, as the other one is a number of the type. The truth is rounded as
    well: that doubles the second limit. A ``loose`` addition, which does not round to nearest, has
    no such limit.
    """
    rest = smaller(a.reach, b.reach)
    charged = unit * size
    if not loose and not 2.0 * rest.min(initial=np.inf) >= unit * most:
        charged = np.minimum(charged, 2.0 * rest)
    made.terms = Terms(1, (a.reach, b.reach), rest, charged)
    made.terms.closed = not (is_made(a) or is_made(b))
    return charged


def additions(
    made: Made,
    a: Bounded,
    b: Bounded,
    kind: FloatType,
    unit: float,
    roundings: float,
    *,
    loose: bool,
) -> Floats:
    """Give a sum with sums in it its terms, and return what its addition is charged.

    The sum is charged for its worst order: each of its additions as one is, and the largest term is
    in one of their smaller operands only.
    """
    of_a, of_b = (terms_of(x) if x.kind == kind else None for x in made.operands)
    size_a = a.reach if of_a is None else of_a.size
    size_b = b.reach if of_b is None else of_b.size
    rest_a, charged_a = (ZERO, ZERO) if of_a is None else (of_a.rest, of_a.charged)
    rest_b, charged_b = (ZERO, ZERO) if of_b is None else (of_b.rest, of_b.charged)
    rest = smaller(rest_a + size_b, rest_b + size_a)
    largest = unit * (size_a + size_b)
    charged = roundings * (largest if loose else smaller(largest, 2.0 * rest))
    made.terms = Terms(roundings, (size_a, size_b), rest, charged)
    return charged - charged_a - charged_b


IN_ANY_ORDER = Rewriting(
    "a sum in any order",
    "x + y + z",
    ("x + (y + z)", "(x + z) + y"),
    "each addition u of the sum of the terms' magnitudes, though never more than twice all terms "
    "but the largest; a sum over n elements has n - 1 additions, and is charged 4 times the root "
    "of them where they are more than 4,095",
    at=(Operator.ADD, Operator.SUBTRACT),
    roundings=_additions,
)


def _weighted_mean(made: Made) -> tuple[Bounded, ...] | None:
    """Return h, x, 1 - h and y of h*x + (1 - h)*y."""
    first, second = map(scaled, made.operands)
    if first is None or second is None:
        return None
    if _is_rest(second[0], first[0]):
        return *first, *second
    return (*second, *first) if _is_rest(first[0], second[0]) else None


def _is_rest(c: Bounded, h: Bounded) -> bool:
    """Whether c is 1 - h, of the literal 1: that everybody writes so."""
    made = c.made_by
    if made is None or made.operator is not Operator.SUBTRACT or made.operands[1] is not h:
        return False
    literal = made.operands[0]
    return h.host and literal.kind is None and literal.exact and bool(literal.value == 1)


def _charge_mean(xp: Frame, total: Bounded, h: Bounded, x: Bounded, c: Bounded, y: Bounded) -> None:
    """Charge what x + c*(y - x) may lose more than h*x + c*y, where c is 1 - h.

    Besides what h*x + c*y is charged, y - x and its product with c are rounded relative to
    c*(x + y), and so is c itself. That covers y + h*(x - y) too, for h up to 1/2. A candidate that
    flushes may lose y - x, or its product with c, where that is subnormal. An infinity that one
    form keeps, and another turns into NaN, has an infinite bound.
    """
    unit = max(xp.unit(n.kind or xp.model.compute) for n in (h, x))
    share = unit * c.reach
    lost: Floats = (4.0 * share) * x.reach + (2.0 * share) * y.reach
    if xp.model.flushes_subnormals:
        smallest = np.asarray(xp.model.underflow(xp.model.compute))
        spread = x.reach + y.reach
        lost = lost + c.reach * smaller(spread, smallest)
        lost = lost + smaller(c.reach * spread, smallest)
    if not all(number.most < xp.model.compute.largest for number in (h, x, c, y)):
        endless = np.isinf(x.size) | (np.isinf(y.size) & (h.size <= 0.5))
        lost = xp.of_finite(total, lost, endless & np.isinf(total.size))
    total.charge(lost)


WEIGHTED_MEAN = Rewriting(
    "a weighted mean",
    "h * x + (1 - h) * y",
    ("x + (1 - h) * (y - x)", "y + h * (x - y)"),
    "4 u (1 - h) of |x| and 2 u (1 - h) of |y|; the second form is for h up to 1/2",
    at=(Operator.ADD,),
    hyper="h",
    matches=_weighted_mean,
    charge=_charge_mean,
)


def _share(made: Made) -> tuple[Bounded, ...] | None:
    """Return x and h*x of x - h*x, where h is whatever x is multiplied by, one after the other."""
    x, share = made.operands
    part, source = scaled(share), None
    while part is not None:
        source = part[1]
        part = scaled(source)
    return (x, share) if source is x and not x.host else None


def _charge_share(xp: Frame, rest: Bounded, x: Bounded, share: Bounded) -> None:
    """Charge what (1 - h)*x loses more than x - h*x: the rounding of 1 - h, times x.

    That is never more than h*x, as 1 is a number of the type, where sums are rounded to nearest.
    """
    unit = _coarsest(xp, *_factors_of(share, x))
    size = rest.size + rest.error
    lost = unit * (1.0 + unit) * size
    if xp.model.in_sums(xp.model.compute) == 1.0:
        lost = smaller(lost, share.reach)
    lost = lost + xp.underflow(size, rest.error, 0.0, xp.model.compute)
    rest.charge(xp.of_finite(rest, lost, np.isinf(x.size)))


def _factors_of(share: Bounded, x: Bounded) -> Iterator[Bounded]:
    """Yield the hyperparameters by which x is multiplied, one after the other."""
    part = scaled(share)
    while part is not None:
        yield part[0]
        part = None if part[1] is x else scaled(part[1])


def _coarsest(xp: Frame, *numbers: Bounded) -> float:
    """Return the largest unit roundoff of an array and of numbers made of hyperparameters."""
    return max(xp.unit(kind) for kind in (xp.model.compute, *(n.kind for n in numbers)) if kind)


SHARE_TAKEN_OFF = Rewriting(
    "a share that is taken off",
    "x - h * x",
    ("(1 - h) * x",),
    "u of (1 - h) |x|, for the rounding of 1 - h, but never more than h |x|",
    at=(Operator.SUBTRACT,),
    hyper="h",
    matches=_share,
    charge=_charge_share,
)


def _moved_towards(made: Made) -> tuple[Bounded, ...] | None:
    """Return h, x and y of x + h*(y - x), or of x - h*(x - y)."""
    x, moved = made.operands
    part = scaled(moved)
    way = None if part is None else part[1].made_by
    if x.host or part is None or way is None or way.minuend is None:
        return None
    start, end = way.operands if made.operator is Operator.SUBTRACT else way.operands[::-1]
    return (part[0], x, end) if start is x else None


def _charge_moved(xp: Frame, total: Bounded, h: Bounded, x: Bounded, y: Bounded) -> None:
    """Charge what (1 - h)*x + h*y loses: 1 - h, two products and a sum are rounded."""
    unit = _coarsest(xp, h)
    unit = unit * (1.0 + 2.0 * unit)
    kept = np.abs(1.0 - xp.values.floats(h.value)) + h.error
    products = 3.0 * unit * kept * x.reach + 2.0 * unit * h.reach * y.reach
    size = total.size + total.error
    lost = products + 2.0 * xp.underflow(size, total.error, 0.0, xp.model.compute)
    total.charge(xp.of_finite(total, np.asarray(lost), np.isinf(x.size)))


MOVED_TOWARDS = Rewriting(
    "an average that moves",
    "x + h * (y - x)",
    ("(1 - h) * x + h * y", "x - h * (x - y)"),
    "3 u (1 - h) of |x| and 2 u h of |y|",
    at=(Operator.ADD, Operator.SUBTRACT),
    hyper="h",
    matches=_moved_towards,
    charge=_charge_moved,
)
