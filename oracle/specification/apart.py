"""Parameters with a rule of their own: those that an argument picks out, or their shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from oracle.rules.rule import Rule, Shape

Lacks: TypeAlias = Callable[[str, int, Shape], bool]
"""Whether a slot is one that a parameter, by its index and its shape, does not have."""

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


def has_all(slot: str, index: int, shape: Shape) -> bool:
    """Let every parameter have every slot."""
    return False


def lacking(rule: Rule, apart: Apart | None) -> Lacks:
    """Return which slots a parameter lacks where some have another rule than the others."""
    if apart is None:
        return has_all

    def lacks(slot: str, index: int, shape: Shape) -> bool:
        if slot not in {**rule.slots, **apart.rule.slots}:
            return False
        return slot not in rule_for(index, shape, rule, apart).slots

    return lacks


def nobody(hyper: Mapping[str, Any], index: int, shape: Shape) -> bool:
    """Let no parameter stand apart."""
    return False


def without_rows(hyper: Mapping[str, Any], index: int, shape: Shape) -> bool:
    """Let those stand apart that are no matrices, nor have more axes."""
    return len(shape) < 2
