"""The domains of arguments: which values one may have, and which of them show what it does.

Take the one that says what an argument is: `Rate` (a learning rate), `DecayRate` (of a moment,
whose powers correct it), `Share` (what an average keeps), `Momentum`, `Epsilon`, `Start` (of a
slot), `Flag`, `Count`, `Threshold` (of a clip), `penalty(...)` (0 or above), `among(...)` (a few
values), or plain `Domain`. Each checks values, tells random runs what to draw, and golden cases
what to set. Any takes another ``check``, such as `between` or `at_least`.
"""

from __future__ import annotations

from oracle.specification.checks import (
    Check,
    at_least,
    at_most,
    between,
    count,
    flag,
    floating,
    optional,
    real,
)
from oracle.specification.domains import (
    Count,
    DecayRate,
    Domain,
    Epsilon,
    Flag,
    Indices,
    Momentum,
    Other,
    Rate,
    Share,
    Start,
    Threshold,
    among,
    penalty,
)
from oracle.specification.draws import Among, Either, Halvings, Powers, Thousandths, Whole

__all__ = [
    "Among",
    "Check",
    "Count",
    "DecayRate",
    "Domain",
    "Either",
    "Epsilon",
    "Flag",
    "Halvings",
    "Indices",
    "Momentum",
    "Other",
    "Powers",
    "Rate",
    "Share",
    "Start",
    "Thousandths",
    "Threshold",
    "Whole",
    "among",
    "at_least",
    "at_most",
    "between",
    "count",
    "flag",
    "floating",
    "optional",
    "penalty",
    "real",
]
