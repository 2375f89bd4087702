"""The table: every form of a formula that is honest, in the order in which it is charged."""

from __future__ import annotations

from oracle.arithmetic.rewritings.averages import RUNNING_MEAN
from oracle.arithmetic.rewritings.products import (
    BY_THE_RECIPROCAL,
    ONE_ROOT,
    PRODUCT_IN_ANY_ORDER,
    RUNNING_PRODUCT,
    TERM_BY_TERM,
)
from oracle.arithmetic.rewritings.sums import (
    IN_ANY_ORDER,
    MOVED_TOWARDS,
    SHARE_TAKEN_OFF,
    WEIGHTED_MEAN,
)

REWRITINGS = (
    IN_ANY_ORDER,
    WEIGHTED_MEAN,
    MOVED_TOWARDS,
    SHARE_TAKEN_OFF,
    RUNNING_MEAN,
    BY_THE_RECIPROCAL,
    PRODUCT_IN_ANY_ORDER,
    ONE_ROOT,
    TERM_BY_TERM,
    RUNNING_PRODUCT,
)
