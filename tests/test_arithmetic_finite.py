"""Every arithmetic tells a number that is not finite, and takes no large one for it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oracle.arithmetic.arb import Arb
from oracle.arithmetic.doubles import Doubles
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.native import native
from oracle.arithmetic.rounding import Rounding

MODEL = Model.declared("float16")
ARITHMETICS = [Mp(50), Doubles(), Rounding(Mp(50).values, MODEL), native(MODEL)]


@pytest.mark.parametrize("xp", ARITHMETICS, ids=["mp", "doubles", "rounding", "native"])
@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_one_element_is_enough(xp, bad):
    with np.errstate(all="ignore"):
        assert not xp.is_finite(xp.array(np.array([1.0, bad])))
        assert xp.is_finite(xp.array(np.array([1.0, -1e300])))
        assert xp.is_finite(xp.array(np.zeros(0)))


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_balls_tell_it_as_well(bad):
    with Arb(60) as xp:
        assert not xp.is_finite(xp.array(np.array([1.0, bad])))
        assert xp.is_finite(xp.array(np.array([1.0, -1e300])))
