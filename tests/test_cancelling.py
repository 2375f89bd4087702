"""What is taken off and added again: its error is in no sum, or in one."""

from __future__ import annotations

import numpy as np
from arithmetics import ratio, rounding

from oracle.dtypes import float_type

U = 2.0**-24
single = float_type("float32").round


def off_by_much(xp):
    """Numbers of which candidates have others, and two of those."""
    p = xp.array(single(np.linspace(1, 2, 999)))
    p.charge(np.float64(2.0**-10))
    shift = np.linspace(-(2.0**-10), 2.0**-10, 999)
    exact = np.array(p.value, float)
    return p, [single(exact), single(exact + shift)]


def test_what_is_taken_off_and_added_again_is_not_charged_twice():
    """p + (x - p) is x but for two roundings, wherever a candidate's p is."""
    xp, x = rounding("float32"), single(np.linspace(-3, 5, 999))
    p, candidates = off_by_much(xp)
    y = xp.array(x)
    there, back = p + (y - p), p - (p - y)
    for other in candidates:
        assert ratio(single(other + single(x - other)), there.value, there.error) <= 1
        assert ratio(single(other - single(other - x)), back.value, back.error) <= 1
        assert ratio(single(x + 8 * U * other), there.value, there.error) > 1
    assert np.all(there.error < 2.0**-19)
    assert np.all(back.error < 2.0**-19)


def test_what_cancels_cancels_once():
    """In c - (c - (c - z)) and (c - z) + (c - (c - z)) the error of c is left."""
    xp, z = rounding("float32"), single(np.linspace(-3, 5, 999))
    c, candidates = off_by_much(xp)
    a = c - xp.array(z)
    total = a + (c - a)
    rest = c - (c - a)
    for other in candidates:
        less = single(other - z)
        assert ratio(single(less + single(other - less)), total.value, total.error) <= 1
        assert ratio(single(other - single(other - less)), rest.value, rest.error) <= 1
