"""One entry of the table: a formula, the other forms that it has, and what they lose more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oracle.arithmetic.made import Made, Operator
from oracle.dtypes import FloatType


@dataclass(frozen=True)
class Rewriting:
    """A formula that honest candidates also compute in other forms.

    Formula and forms are expressions in the language of rules, over ``hyper`` (hyperparameters) and
    arrays; ``x * ... * x`` is a product of t factors. They are set in the reference, and run by the
    tests.
    """

    name: str
    formula: str
    forms: tuple[str, ...]
    cost: str
    """What the forms lose more, in words; u is the unit roundoff."""
    at: tuple[Operator, ...]
    """The operations of which the last one of the formula is one."""
    hyper: str = ""
    matches: Callable[[Made], tuple[Any, ...] | None] = lambda made: ()
    """Returns the parts of the formula, or None where the operands are not of this form."""
    charge: Callable[..., None] | None = None
    """Charges a number, given an arithmetic, the number and the parts, for what it may lose."""
    roundings: Callable[[Made, FloatType], float] | None = None
    """Returns how many roundings the operation counts as, in a type, in the longest form."""
