"""Products and quotients: by the reciprocal, in another order, under one root, term by term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats, smaller
from oracle.arithmetic.made import Factor, Made, Operator, Part, Terms, factors_of, open_terms
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.dtypes import FloatType

if TYPE_CHECKING:
    from oracle.arithmetic.frame import Frame

QUOTIENT = 2.0
"""The roundings of a product by the reciprocal."""


def of_quotient(xp: Frame, kind: FloatType) -> float:
    """Return the roundings of a product by the reciprocal, as exact as the device divides."""
    accuracy = xp.model.accuracy("divide", kind)
    return QUOTIENT if accuracy is None else QUOTIENT - 1.0 + accuracy.roundings(kind)


def lost_in_reciprocal(xp: Frame, a: Bounded, b: Bounded, kind: FloatType) -> Floats:
    """Return what a * (1/b) loses where 1/b is subnormal."""
    largest = 0.5 / kind.smallest_normal
    if not b.most > largest:
        return ZERO
    lost = a.reach * xp.model.underflow(kind)
    return np.where((b.reach > largest) & (lost < np.inf), lost, 0.0)


BY_THE_RECIPROCAL = Rewriting(
    "a quotient by the reciprocal",
    "x / y",
    ("x * (1 / y)",),
    "two roundings in the place of one, and what a reciprocal loses that is subnormal",
    at=(Operator.DIVIDE,),
    roundings=lambda made, kind: QUOTIENT,
)


def _multiplications(made: Made, kind: FloatType) -> float:
    """Return the literal exponent of a power, which may be a running product."""
    exponent = made.operands[1]
    return exponent.most if exponent.kind is None else 1.0


RUNNING_PRODUCT = Rewriting(
    "a running product",
    "x**t",
    ("x * ... * x",),
    "t roundings, and t subnormal results, where t is a literal or counts the steps; the power "
    "itself has 8, or 4 ulp",
    at=(Operator.POWER,),
    roundings=_multiplications,
)


def _several(made: Made) -> tuple[Part, Made] | None:
    """Return the factors of a product, where there are more than two."""
    factors = made.factors
    return (factors, made) if len(factors) > 2 else None


def _charge_order(xp: Frame, result: Bounded, factors: Part, made: Made) -> None:
    """Charge a product for its worst order; what its parts were charged is no part of that."""
    kind = result.kind
    assert kind is not None
    normal = 2.0 * kind.smallest_normal
    if not result.host:
        _charge_folded(xp, result, made)
    if result.host or _least(factors) >= normal:
        return
    charged = _charged(xp, made, kind)
    charged = np.where(np.isnan(charged), 0.0, charged)
    needed = (len(factors) - 2) * _largest_loss(factors, xp.model.underflow(kind), normal)
    needed = np.where(xp.values.isfinite(result.value) & ~np.isnan(needed), needed, 0.0)
    made.charged = np.maximum(needed, charged)
    more = np.where(made.charged > charged, made.charged - charged, 0.0)
    if more.any():
        result.charge(_or_overflow(result, more, kind))


def _charge_folded(xp: Frame, result: Bounded, made: Made) -> None:
    """Charge a product for hyperparameters of a narrower type that are multiplied first, in it."""
    held = [f.number.kind for f in made.factors if f.number.host and f.number.kind is not None]
    narrow = min(held, key=lambda kind: kind.precision, default=xp.model.compute)
    if narrow.precision >= xp.model.compute.precision:
        return
    before = sum(_folded(factors_of(number)) for number in (made.operands[0], made.operands[-1]))
    folded = _folded(made.factors) - before
    if folded > 0:
        share = np.expm1(folded * of_quotient(xp, narrow) * xp.unit(narrow))
        lost = share * (result.size + result.error)
        result.charge(xp.of_finite(result, lost, np.isinf(result.size)))


def _folded(factors: Part) -> int:
    """Return how often two of the numbers made of hyperparameters are multiplied or divided."""
    return max(sum(factor.number.host for factor in factors) - 1, 0)


def _or_overflow(result: Bounded, more: Floats, kind: FloatType) -> Floats:
    """Return a charge, infinite where it may be what makes a result overflow."""
    overflows = (more > 0) & (result.size + result.error + more > kind.largest)
    return np.where(overflows, np.inf, more)


def _charged(xp: Frame, made: Made, kind: FloatType) -> Floats:
    """Return what the charges of both sides come to in their product, or quotient."""
    a, b = made.operands[0], made.operands[-1]
    of_a, of_b = (
        _carried(xp, part, number, kind) for part, number in zip(made.sides, (a, b), strict=True)
    )
    if made.operator is not Operator.DIVIDE:
        return of_a * b.reach + of_b * a.reach
    low = Factor(b).near_zero
    return (of_a + of_b * (a.reach / low)) / low


def _carried(xp: Frame, part: Part, number: Bounded, kind: FloatType) -> Floats:
    """Return what was charged for the parts of a product, now that itself is a part."""
    if len(part) == 1 or number.host or number.made_by is None:
        return ZERO
    return number.made_by.charged + xp.underflow(number.reach, number.error, 0.0, kind)


def _least(factors: Part) -> float:
    """Return no more than any part of a product can be, where it is not 0."""
    least = divisor = 1.0
    for factor in factors:
        if factor.divides:
            least /= max(1.0, factor.number.most)
            divisor *= min(1.0, factor.least)
        else:
            least *= min(1.0, factor.least)
    return min(least, divisor)


def _largest_loss(factors: Part, lost: float, normal: float) -> Floats:
    """Return the most that a product loses where a part that is not ``normal`` loses ``lost``.

    What may be multiplied first is any two factors and more, but not all. Nothing is lost of 0, and
    no more than all of what is multiplied; a divisor that may become 0 loses everything.
    """
    highs = _products([factor.high for factor in factors])
    lows = _products([factor.low for factor in factors])
    divisors = sum(1 << i for i, factor in enumerate(factors) if factor.divides)
    near_zeros = _products([f.near_zero for f in factors]) if divisors & (divisors - 1) else []
    everything = len(highs) - 1
    whole = highs[everything]
    worst = np.zeros_like(whole)
    for part in range(1, everything):
        divides = part & divisors == part
        size = near_zeros[part] if divides and near_zeros else lows[part]
        if part & (part - 1) == 0 or size.min(initial=np.inf) >= normal:
            continue
        if divides:
            loss = np.where(size > lost, whole * (lost / (size - lost)), np.inf)
        else:
            loss = np.minimum(lost * highs[everything ^ part], whole)
        worst = np.maximum(worst, np.where(size < normal, loss, 0.0))
    return np.where(whole == 0, 0.0, worst)


def _products(numbers: Sequence[Floats]) -> list[Floats]:
    """Return the product of each choice of numbers; number i is in choice c if c has bit i."""
    products = [np.ones(())]
    for number in numbers:
        products += [product * number if c else number for c, product in enumerate(products)]
    return products


PRODUCT_IN_ANY_ORDER = Rewriting(
    "a product in any order",
    "x * y / z",
    ("x * (y / z)", "x / z * y"),
    "of n factors, n - 2 times what the worst part of them loses that may be multiplied or divided "
    "first: half the smallest subnormal where it may be subnormal, in the scale of the result, or "
    "all of it where a candidate flushes; and a quotient's roundings for each two hyperparameters "
    "that may be multiplied first in a narrower type, where they are held in one",
    at=(Operator.MULTIPLY, Operator.SQUARE, Operator.DIVIDE),
    matches=_several,
    charge=_charge_order,
)


def _roots(made: Made) -> tuple[tuple[Factor | None, Factor], ...]:
    """Return x and y of sqrt(x) / sqrt(y), for each root above a stroke, or 1, and each below."""
    found: tuple[list[Factor], list[Factor]] = [], []
    for factor in made.factors:
        of = factor.number.made_by
        if of is not None and of.operator is Operator.ROOT:
            found[factor.divides].append(Factor(of.operands[0]))
    above: list[Factor | None] = [*found[False]] or [None]
    return tuple((x, y) for y in found[True] for x in above)


def _charge_roots(xp: Frame, quotient: Bounded, *pairs: tuple[Factor | None, Factor]) -> None:
    """Charge a quotient for what it loses where x/y, or 1/y, is subnormal."""
    kind = quotient.kind
    assert kind is not None
    normal = 2.0 * kind.smallest_normal
    for x, y in () if quotient.host else pairs:
        size, error = (1.0, 0.0) if x is None else (x.number.size, x.number.error)
        if np.min(size, initial=1.0) - np.max(error, initial=0.0) >= normal * y.number.most:
            continue
        low = (1.0 if x is None else x.near_zero) / y.number.reach
        share = np.minimum(xp.model.underflow(kind) / low, 1.0)
        lost = np.where(low < normal, (quotient.size + quotient.error) * share, 0.0)
        if lost.any():
            quotient.charge(np.where(xp.values.isfinite(quotient.value), lost, 0.0))


ONE_ROOT = Rewriting(
    "one root of a quotient",
    "xp.sqrt(x) / xp.sqrt(y)",
    ("xp.sqrt(x / y)",),
    "where x/y (or 1/y, under a root of its own) is subnormal, though neither root is near that, "
    "the share that half the smallest subnormal is of it, or all where a candidate flushes",
    at=(Operator.DIVIDE,),
    matches=_roots,
    charge=_charge_roots,
)


def _sum_in_product(made: Made) -> tuple[Made, Terms, Bounded] | None:
    """Return the terms of a sum, and what it is multiplied or divided by."""
    a, b = made.operands
    if made.operator is Operator.MULTIPLY and open_terms(a) is None:
        a, b = b, a
    terms = open_terms(a)
    return None if terms is None else (made, terms, b)


def _charge_terms(xp: Frame, product: Bounded, made: Made, terms: Terms, b: Bounded) -> None:
    """Charge a*b, or a/b, for what it loses more where each term of a is multiplied by itself.

    Where the terms cancel, each of them is rounded relative to more than the whole is. The terms of
    a product stay known, so that a sum that it is in is charged for its worst order.
    """
    if product.host:
        return
    kind, divides = xp.model.compute, made.operator is Operator.DIVIDE
    by = Factor(xp.as_array(b), divides)
    high = np.where(np.isfinite(by.high), by.high, 0.0)
    size = 1.0 / by.number.size if divides else by.number.size
    made.terms = terms.scaled(high, np.where(np.isfinite(size), size, 0.0))
    folded = 2.0 * (len(factors_of(b)) - 1)
    share = (of_quotient(xp, kind) if divides else 1.0) * xp.unit(kind) + folded * xp.unit(
        b.kind or kind
    )
    apart = np.maximum(made.terms.size - product.size, 0.0)
    lost = np.expm1(share) * apart + _lost_by_small(xp, made.terms, kind)
    if not product.most + np.max(lost, initial=0.0) <= kind.largest:
        settled = xp.values.isfinite(product.value) & ~np.isnan(lost)
        lost = _or_overflow(product, np.where(settled, lost, 0.0), kind)
    product.charge(lost)


def _lost_by_small(xp: Frame, terms: Terms, kind: FloatType) -> Floats:
    """Return what the terms lose by being subnormal, where the smallest one may be."""
    least = np.min(terms.rest, initial=np.inf)
    if terms.roundings == 1 and least >= 2.0 * kind.smallest_normal:
        return ZERO
    lost = terms.roundings * smaller(terms.rest, np.asarray(xp.model.underflow(kind)))
    may_be_small = terms.rest < 2.0 * kind.smallest_normal
    return np.where(may_be_small | (terms.roundings > 1), lost, 0.0)


TERM_BY_TERM = Rewriting(
    "a product term by term",
    "p - (h * x + k * y) * z",
    ("p - h * x * z - k * y * z",),
    "u of |h x z| + |k y z| - |h x + k y| |z|, as the terms are rounded each by itself, and what "
    "they lose by being subnormal; but a slot, a parameter, a gradient, a divisor, and a sum of "
    "numbers as they are, are one number for everybody",
    at=(Operator.MULTIPLY, Operator.DIVIDE),
    hyper="hk",
    matches=_sum_in_product,
    charge=_charge_terms,
)
