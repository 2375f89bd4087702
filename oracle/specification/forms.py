"""Which form of a rule runs: a table with a row for each choice of arguments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from oracle.rules.rule import Rule

Forms: TypeAlias = Mapping[tuple[str, ...], Rule]
"""The rule for each choice of arguments that are on: ``{(): sgd, ("momentum",): sgd_momentum}``."""


def chosen(forms: Forms, on: Collection[str]) -> Rule:
    """Return the rule of the row that asks for most, of those all of whose arguments are on."""
    rows = [row for row in forms if set(row) <= set(on)]
    return forms[max(rows, key=len)]


def deciding(forms: Forms) -> tuple[str, ...]:
    """Return the arguments that the rows ask for, in their order."""
    return tuple(dict.fromkeys(name for row in forms for name in row))
