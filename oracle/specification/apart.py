"""Parameters with a rule of their own: those that an argument picks out, or their shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oracle.rules.rule import Rule, Shape

NONE: Shape = (0,)
"""The shape of a slot that a parameter does not have: an array without elements."""


@dataclass(frozen=True)
class Apart:
    """What runs for some parameters in the place of the rule of the others."""

    rule: Rule
    holds: Callable[[int, Shape], bool]
    """Whether a parameter, by its index and its shape, is one of them."""


def rule_for(index: int, shape: Shape, rule: Rule, apart: Apart) -> Rule:
    """Return the rule that runs for a parameter."""
    return apart.rule if apart.holds(index, shape) else rule


def nobody(hyper: Mapping[str, Any], index: int, shape: Shape) -> bool:
    """Let no parameter stand apart."""
    return False


def without_rows(hyper: Mapping[str, Any], index: int, shape: Shape) -> bool:
    """Let those stand apart that are no matrices, nor have more axes."""
    return len(shape) < 2
