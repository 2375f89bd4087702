"""What else may be done with the rows of a sparse gradient, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oracle.arithmetic.base import Condition, Number
from oracle.diagnosis.hypotheses import STAGES, Hypothesis
from oracle.problem import Layers, Problem
from oracle.rules.rule import Rule
from oracle.specification.sparse import Slices, SparseForm, Take
from oracle.specification.spec import Spec

_TOLD: Mapping[tuple[str, bool], str] = {
    ("each_occurrence", False): "one step by the sum of a row's occurrences, not one for each",
    ("moves_all_params", True): "rows that do not occur move as well",
    ("moves_all_params", False): "rows that do not occur rest",
    ("moves_all_slots", True): "the slots of rows that do not occur move as well",
    ("moves_all_slots", False): "the slots of rows that do not occur rest",
}


def other_rows(spec: Spec, problem: Problem) -> Iterator[Hypothesis]:
    """Yield what else a spec may do with rows, where it is given any."""
    sparse = spec.sparse
    if sparse is None or not any(isinstance(g, Layers) for row in problem.grads for g in row):
        return
    for told, form in (*_flags(sparse), *_occurrences(sparse)):
        yield Hypothesis(told, (STAGES, 1.5), replace(spec, sparse=form).program)


def _flags(sparse: SparseForm) -> Iterator[tuple[str, SparseForm]]:
    for (flag, value), told in _TOLD.items():
        if getattr(sparse, flag) != value:
            other: dict[str, Any] = {flag: value}
            yield told, replace(sparse, **other)
    for value in {sparse.moves_all_params, sparse.moves_all_slots} - {False}:
        told = "rows that do not occur rest, and so do their slots"
        yield told, replace(sparse, moves_all_params=not value, moves_all_slots=not value)
    if not sparse.moves_all_params and not sparse.moves_all_slots:
        told = "every row moves, and so do its slots, as if the gradient were dense"
        yield told, replace(sparse, moves_all_params=True, moves_all_slots=True)


def _occurrences(sparse: SparseForm) -> Iterator[tuple[str, SparseForm]]:
    kept = {name: getattr(sparse, name) for name in SparseForm.__dataclass_fields__}
    for told, choice in (
        ("of a row that occurs twice, the last gradient counts alone", "last"),
        ("of a row that occurs twice, the first gradient counts alone", "first"),
        ("of a row that occurs twice, the mean of its gradients is taken", "mean"),
    ):
        yield told, _Chosen(**{**kept, "each_occurrence": False}, choice=choice)
    if not sparse.each_occurrence:
        told = "each occurrence of a row is a step of its own, instead of one by their sum"
        yield told, _Apart(**kept)
        lazy = {**kept, "moves_all_params": False, "moves_all_slots": False}
        yield f"{told}, and other rows rest", _Apart(**lazy)


@dataclass(frozen=True)
class _Chosen(SparseForm):
    """One gradient of the several that a row has."""

    choice: str = "last"

    def apply(
        self, take: Take, rule: Rule, slices: Slices, p: Number, slots: Sequence[Number]
    ) -> tuple[Number, ...]:
        """Return the parameter and the slots after a step by one gradient for each row."""
        one = replace(slices, layers=(self._gradient(slices),))
        return super().apply(take, rule, one, p, slots)

    def _gradient(self, slices: Slices) -> Number:
        layers, there = slices.layers, slices.conditions()
        if self.choice == "first":
            return layers[0]
        if self.choice == "mean":
            count = sum(condition.true.astype(int) for condition in there)
            return slices.total() / layers[0].xp.array(np.maximum(count, 1).astype(float))
        last = layers[0]
        for layer, condition in zip(layers[1:], there[1:], strict=True):
            last = layer.xp.where(condition, layer, last)
        return last


@dataclass(frozen=True)
class _Apart(SparseForm):
    """A step for each occurrence of a row, by which no other row moves."""

    def apply(
        self, take: Take, rule: Rule, slices: Slices, p: Number, slots: Sequence[Number]
    ) -> tuple[Number, ...]:
        """Return the parameter and the slots after as many steps as a row occurs."""
        held = (p, *slots)
        all_rows = (self.moves_all_params, *(self.moves_all_slots for _ in slots))
        after = held
        for number, (g, there) in enumerate(zip(slices.layers, slices.conditions(), strict=True)):
            new = take(rule, after[0], g, after[1:])
            after = tuple(
                x if number == 0 and moves else _where(there, x, old)
                for moves, x, old in zip(all_rows, new, after, strict=True)
            )
        return after


def _where(there: Condition, new: Number, old: Number) -> Number:
    return new if new is old else new.xp.where(there, new, old)
