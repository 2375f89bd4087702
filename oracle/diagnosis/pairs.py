"""Two statements of a rule written wrongly at once, with one slip in each.

There are a hundred thousand such pairs. Where slots are shown and some are wrong, one of the two
slips has to mend a slot, which few do; else the likelier pairs come first.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType

from oracle.diagnosis.prefilter import compiled
from oracle.mutation.trees import line_of
from oracle.mutation.versions import Edit, Version, function_of, version_of, versions_of
from oracle.rules.rule import Rule

Near = Callable[[Mapping[int, CodeType]], frozenset[str]]
"""Which outputs of a rule, empty for the parameter, come near what is shown with these changes."""


@dataclass(frozen=True, eq=False)
class _Slip:
    """One statement written wrongly."""

    place: int
    statement: ast.stmt
    code: CodeType


def paired_versions(rule: Rule, shown: frozenset[str], near: Near) -> Iterator[Version]:
    """Yield the versions with two slips that come near all outputs that are shown."""
    slips = list(_slips(rule))
    right = near({})
    wrong_slots = shown - right - {""}
    for a, b in _mending(slips, wrong_slots, near) if wrong_slots else _likelier_first(slips):
        if a.place != b.place and near({a.place: a.code, b.place: b.code}) >= shown:
            yield _version(rule, *sorted((a, b), key=lambda slip: slip.place))


def _slips(rule: Rule) -> Iterator[_Slip]:
    """Yield every version that changes one statement, the likelier first."""
    body = function_of(rule).body[:-1]
    for version in versions_of(rule):
        other = function_of(version.rule).body[:-1]
        changed = [i for i, (a, b) in enumerate(zip(body, other, strict=False)) if _differ(a, b)]
        if len(other) == len(body) and len(changed) == 1:
            [i] = changed
            yield _Slip(i, other[i], compiled(other[i]))


def _differ(one: ast.stmt, other: ast.stmt) -> bool:
    return line_of(one) != line_of(other)


def _mending(
    slips: Sequence[_Slip], wrong_slots: frozenset[str], near: Near
) -> Iterator[tuple[_Slip, _Slip]]:
    """Yield every two slips of which the first one mends a slot."""
    for first in slips:
        if near({first.place: first.code}) & wrong_slots:
            yield from ((first, second) for second in slips)


def _likelier_first(slips: Sequence[_Slip]) -> Iterator[tuple[_Slip, _Slip]]:
    """Yield every two slips, those first of which the less likely one is likeliest."""
    for j, second in enumerate(slips):
        for first in slips[:j]:
            yield first, second


def _version(rule: Rule, first: _Slip, second: _Slip) -> Version:
    function = function_of(rule)
    body = list(function.body)
    body[first.place], body[second.place] = first.statement, second.statement
    places = (first.place, second.place)
    return version_of(rule, function, Edit("pair", "", tuple(body), places), "pair")
