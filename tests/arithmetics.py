"""What the tests of the arithmetics share: settings, seeds, and truth and bound of a formula."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from trees import evaluate

from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp, MpValues
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.rounding import Rounding
from oracle.truth import Truth

MP = Mp(60)

seeds = st.integers(0, 2**32 - 1)
depths = st.integers(1, 3)


def examples(count: int) -> settings:
    """The same examples in every run, however long one takes."""
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=count,
        suppress_health_check=list(HealthCheck),
    )


def rounding(*declaration: str, **more) -> Rounding:
    """The arithmetic of the bound, over exact values, for what a candidate declares."""
    return Rounding(MpValues(MP.context), Model.declared(*declaration, **more))


def without(rewriting: Rewriting) -> list[Rewriting]:
    """The table of what honest candidates may do, but for one entry."""
    return [r for r in REWRITINGS if r is not rewriting]


def truth_and_bound(xp, tree):
    """The value and the bound of a formula, stored as the candidate stores it."""
    with np.errstate(all="ignore"):
        number = evaluate(xp, tree)
        number = xp.store(number, xp.array(np.zeros(np.shape(number.value))))
        return number.value, number.error * xp.inflation()


def ratio(candidate, truth, bound):
    """The largest error over the bound; above 1 if an element is outside."""
    assert not np.isnan(bound).any()
    error = Truth.of(truth).error_of(np.broadcast_to(candidate, np.shape(truth)))
    with np.errstate(all="ignore"):
        ratios = np.where(error <= bound, np.nan_to_num(error / bound, posinf=0.0), np.inf)
    return np.max(ratios, initial=0.0)
