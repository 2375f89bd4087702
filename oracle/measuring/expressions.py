"""What a compiler makes of expressions: fused, kept in a wider type, simplified, or as written."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from oracle.dtypes import DTYPES, FloatType, float_type
from oracle.measuring.backends import Library, computed, reason
from oracle.measuring.exact import rounded_to
from oracle.measuring.programs import DIVISOR, PROGRAMS

Numbers = npt.NDArray[np.generic]

SIZE = 1003
"""Elements of a trial: some vectors, and a rest."""
AS_WRITTEN = "each operation is rounded, as written"


def told(backend: Library, kind: FloatType) -> list[str]:
    """Return a sentence for each expression, as far as the library computes in the type."""
    found = []
    for name, trial in _TRIALS.items():
        try:
            found.append(f"{PROGRAMS[name].text}: {trial(backend, kind, name)}")
        except Exception as error:
            found.append(f"{PROGRAMS[name].text}: not measured, {reason(error)}")
    return found


def _units(kind: FloatType, seed: int) -> Numbers:
    """Return numbers from 1 to 2, the last bit of each of them set."""
    steps = 1 << (kind.precision - 1)
    drawn = np.random.default_rng(seed).integers(0, steps // 2, SIZE) * 2 + 1
    units: Numbers = (1 + drawn / steps).astype(kind.numpy)
    return units


def _fused(backend: Library, kind: FloatType, name: str) -> str:
    """Subtract from products what they are when rounded: is anything left?"""
    a, b = _units(kind, 1), _units(kind, 2)
    wide = np.float64 if kind.precision <= 24 else kind.numpy
    product = rounded_to(kind, a.astype(wide) * b.astype(wide))
    rounding = np.array(
        [
            float(Fraction(float(z)) - Fraction(float(x)) * Fraction(float(y)))
            for x, y, z in zip(a, b, product, strict=True)
        ]
    )
    sign = 1 if name == "fused_difference" else -1
    c, residue = (sign * product).astype(kind.numpy), sign * rounding
    left = computed(backend, PROGRAMS[name], kind.name, [a, b, c]).astype(np.float64)
    telling = residue != 0
    if not left[telling].any():
        return AS_WRITTEN
    if (left == residue).all():
        wider = _kept(backend, kind, "kept") != AS_WRITTEN
        return f"the product is not rounded: {'in a wider type' if wider else 'fused'}"
    some = int((left[telling] != 0).sum())
    return f"the product is not rounded in {some} of {int(telling.sum())} elements"


def _kept(backend: Library, kind: FloatType, name: str) -> str:
    """Add to a number ever smaller ones, take it away again, and see which of them are left."""
    top = min(kind.max_exponent - 1, 15)
    most = min(top - kind.min_exponent + kind.precision - 1, 100)
    apart = np.arange(2, most + 1)
    a = np.full(apart.size, 2.0**top).astype(kind.numpy)
    b = np.ldexp(1.0, top - apart).astype(kind.numpy)
    left = computed(backend, PROGRAMS[name], kind.name, [a, b])
    kept = int(apart[left == b].max(initial=0))
    if kept + 1 == kind.precision:
        return AS_WRITTEN
    if kept == most:
        return "simplified to b"
    wider = [each for each in DTYPES if float_type(each).precision == kept + 1]
    return f"what is between is kept in {wider[0] if wider else f'{kept + 1} bits'}"


def _cancelled(backend: Library, kind: FloatType, name: str) -> str:
    a, b = _units(kind, 1), _units(kind, 2)
    got = computed(backend, PROGRAMS[name], kind.name, [a, b])
    wide = np.float64 if kind.precision <= 24 else kind.numpy
    product = rounded_to(kind, a.astype(wide) * b.astype(wide))
    written = rounded_to(kind, product.astype(wide) / b.astype(wide))
    if (got == written).all():
        return AS_WRITTEN
    if (got == a).all():
        return "is a everywhere: simplified, or kept in a wider type"
    return f"differs from what is written in {int((got != written).sum())} of {SIZE} elements"


def _by_constant(backend: Library, kind: FloatType, name: str) -> str:
    x = _units(kind, 3)
    got = computed(backend, PROGRAMS[name], kind.name, [x])
    wide = np.float64 if kind.precision <= 24 else kind.numpy
    quotient = rounded_to(kind, x.astype(wide) / DIVISOR)
    inverse = rounded_to(kind, np.asarray(1.0 / DIVISOR)).astype(wide)
    product = rounded_to(kind, x.astype(wide) * inverse)
    if (got == quotient).all():
        return "the correctly rounded quotient"
    if (got == product).all():
        return "multiplied by the rounded reciprocal of the constant"
    return f"neither the quotient nor a product, in {int((got != quotient).sum())} of {SIZE}"


_TRIALS = {
    "fused": _fused,
    "fused_difference": _fused,
    "kept": _kept,
    "cancelled": _cancelled,
    "by_constant": _by_constant,
}
