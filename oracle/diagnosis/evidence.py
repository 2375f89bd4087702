"""What a candidate showed in one case, and how well a program explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.claim import Precision
from oracle.diagnosis.hypotheses import Hypothesis
from oracle.mutation.observed import CANNOT_RUN, plainly
from oracle.problem import Problem
from oracle.record import Interval, Name, Record
from oracle.specification.spec import Program, Spec
from oracle.systems import spec as find_spec
from oracle.truth import Array

Mask = npt.NDArray[np.bool_]

LEEWAY = 16.0
"""By how many bounds of the right program another one may miss before its own bound is known."""

SHARE = 0.125
"""By which share of what it explains it may miss, for the same reason."""

LEAST = 2.0**-6
"""Which share of its bound the rounding to a narrower type comes to, at the least."""

PLAIN = 32.0
"""The error over bound from which on an element says what it should have been to 3 digits."""


@dataclass(frozen=True)
class Worst:
    """The element that is furthest from its bound after one step."""

    name: Name
    element: int
    distance: float
    """By how much it is off."""
    ratio: float
    """The same over its bound."""


@dataclass(frozen=True)
class Evidence:
    """What a candidate showed in one case, and where that is wrong."""

    spec: Spec
    hyper: Mapping[str, Any]
    params: Sequence[Array]
    grads: Sequence[Sequence[Any]]
    model: Model
    shown: Mapping[int, Mapping[Name, Any]]
    """The candidate's arrays after each step."""
    worst: Mapping[int, Worst]
    """For each step with a violation, the worst one."""
    outside: Mapping[int, Mapping[Name, Mask]]
    """For each step and array, which elements are outside their bounds."""
    right: Record[Interval] | None
    """What would have been right after the first step that is wrong."""

    @classmethod
    def of(
        cls,
        spec_id: str,
        hyper: Mapping[str, Any],
        params: Sequence[Array],
        grads: Sequence[Sequence[Any]],
        precision: Precision,
        seen: Sequence[Record[Any]],
    ) -> Evidence:
        """Compare what was observed with the truth; steps are those of ``seen``."""
        spec = find_spec(spec_id)
        model = Model.declared(**precision.options)
        shown = {record.step: record.arrays for record in seen}
        problem = Problem.checked(spec, params, grads)
        found: dict[int, Worst] = {}
        outside: dict[int, dict[Name, Mask]] = {}
        first: Record[Interval] | None = None
        for right in Bulk(spec.program(hyper), problem, model):
            here = shown.get(right.step, {})
            outside[right.step] = {n: _ratios(right.arrays.get(n), here[n]) > 1 for n in here}
            worst = _worst(right, here)
            if worst is not None:
                found[right.step] = worst
                first = first or right
        return cls(spec, hyper, params, grads, model, shown, found, outside, first)

    @cached_property
    def problem(self) -> Problem:
        """What the candidate was fed."""
        return Problem.checked(self.spec, self.params, self.grads)

    @property
    def program(self) -> Program:
        """What it should have done."""
        return self.spec.program(self.hyper)

    def until(self, step: int) -> Problem:
        """Return what it was fed up to a step."""
        return replace(self.problem, grads=self.problem.grads[:step])

    @cached_property
    def is_bare(self) -> bool:
        """Whether nothing but the rule has an effect here: else the parameters tell too little.

        Where a slot is wrong, too, that tells enough if nothing before the rule has an effect.
        """
        program, first = self.program, min(self.worst)
        updates = [i for i, stage in enumerate(program.stages) if stage.name == "update"]
        slots = any(name and mask.any() for (name, _), mask in self.outside[first].items())
        stages = program.stages[updates[0] : None if slots else updates[-1] + 1] if updates else ()
        problem = self.until(first)
        bare = Bulk(replace(program, stages=stages), problem, self.model)
        return all(
            (whole.arrays[name].truth.hi == interval.truth.hi).all()
            for whole, alone in zip(Bulk(program, problem, self.model), bare, strict=True)
            for name, interval in alone.arrays.items()
        )

    def fit(self, hypothesis: Hypothesis, spec: Spec | None = None) -> float | None:
        """Return the largest error over bound if a hypothesis explains everything, else None.

        It has to be within its bound everywhere, and that bound smaller than what it explains: the
        candidate's worst distance from the truth in each step; where it only widens the bound, all
        has to be of the size of what it adds. ``spec`` is the one that it runs, where that is
        another.
        """
        program = hypothesis.program(self.hyper)
        if program is not None and hypothesis.widens:
            taken = self._largest_ratio(program, self.spec, lambda _: True)
            return taken if taken is not None and taken >= LEAST else None
        if program is None or not self._may_fit(program, spec or self.spec):
            return None
        return self._largest_ratio(program, spec or self.spec, self._is_telling)

    @cached_property
    def is_nothing_but_nan(self) -> bool:
        """Whether whatever is wrong is NaN, and so is all beside it: many a slip comes to that."""
        return all(
            np.isnan(np.asarray(self.shown[step][name]).astype(np.float64)).all()
            for step in self.worst
            for name, mask in self.outside[step].items()
            if mask.any()
        )

    def _may_fit(self, program: Program, spec: Spec) -> bool:
        """Whether a program comes near what is wrong first, in plain float64."""
        assert self.right is not None
        step = self.right.step
        try:
            *_, last = plainly(program, Problem.checked(spec, self.params, self.grads[:step]))
        except CANNOT_RUN:
            return False
        return all(
            self._is_near(last, self.right, name, spec)
            for name in self.shown[step]
            if name in last.arrays and name in self.right.arrays
        )

    def _is_near(
        self, last: Record[Interval], right: Record[Interval], name: Name, spec: Spec
    ) -> bool:
        mine, its, shown = right.arrays[name], last.arrays[name], self.shown[right.step][name]
        if mine.shape != its.shape:
            return spec is not self.spec or mine.shape != np.shape(shown)
        with np.errstate(all="ignore"):
            allowed = SHARE * mine.truth.error_of(shown) + LEEWAY * mine.bound
        off = its.truth.error_of(shown)
        return bool(np.all((off <= allowed) | ~np.isfinite(off)))

    def agrees(self, hypothesis: Hypothesis, spec: Spec | None = None) -> bool | None:
        """Whether a hypothesis is within its bound everywhere; None where it cannot be asked.

        That is where the library refuses the arguments, and where its bound tells nothing.
        """
        program = hypothesis.program(self.hyper)
        if program is None:
            return None
        telling: list[bool] = []

        def note(record: Record[Interval]) -> bool:
            telling.append(self._is_real(record))
            return True

        agrees = self._largest_ratio(program, spec or self.spec, note) is not None
        return agrees if not agrees or any(telling) else None

    def _is_real(self, record: Record[Interval]) -> bool:
        """Whether a program says of some parameter that it moves, and how far."""
        return any(
            np.any(i.is_real(start) & np.isfinite(i.truth.hi) & np.isfinite(i.bound))
            for i, start in zip(record.params, self.params, strict=True)
        )

    def _largest_ratio(
        self, program: Program, spec: Spec, tells: Callable[[Record[Interval]], bool]
    ) -> float | None:
        largest = 0.0
        try:
            problem = Problem.checked(spec, self.params, self.grads)
            for record in Bulk(program, problem, self.model):
                ratio = self._ratio(record)
                if ratio is None or not tells(record):
                    return None
                largest = max(largest, ratio)
        except CANNOT_RUN:
            return None
        return largest

    def off(self, program: Program) -> float:
        """Return by how much a program is off where the candidate is plainly wrong."""
        plain = (step for step, worst in self.worst.items() if worst.ratio > PLAIN)
        return self.off_at(next(plain, max(self.worst, key=self._ratio_at)), program)

    def _ratio_at(self, step: int) -> float:
        return self.worst[step].ratio

    def off_at(self, step: int, program: Program) -> float:
        """Return by how much a program is off in the element that is furthest outside in a step."""
        worst = self.worst[step]
        *_, last = Bulk(program, self.until(step), self.model)
        shown = np.asarray(self.shown[step][worst.name]).astype(np.float64)
        wanted = last.arrays[worst.name].truth.hi
        return float(wanted.flat[worst.element] - shown.flat[worst.element])

    def explains_until(self, step: int, program: Program) -> bool:
        """Whether a program is within its bound up to a step."""
        moments = Bulk(program, self.until(step), self.model)
        return all(self._ratio(record) is not None for record in moments)

    def _ratio(self, record: Record[Interval]) -> float | None:
        shown = self.shown.get(record.step, {}).items()
        found = [_ratios_of_hypothesis(record.arrays.get(name), array) for name, array in shown]
        largest = max((float(np.max(each, initial=0.0)) for each in found), default=0.0)
        return largest if largest <= 1 else None

    def _is_telling(self, record: Record[Interval]) -> bool:
        if record.step not in self.worst:
            return True
        worst = self.worst[record.step]
        if worst.name not in record.arrays:
            outside = self.outside[record.step].items()
            return any(mask.any() for name, mask in outside if name in record.arrays)
        shown = self.shown[record.step][worst.name]
        error = float(record.arrays[worst.name].truth.error_of(shown).flat[worst.element])
        if not np.isfinite(np.asarray(shown).astype(np.float64).flat[worst.element]):
            return self._has_no_numbers_there_either(record)
        bound = record.arrays[worst.name].bound.flat[worst.element]
        return bool(np.isfinite(bound) and (bound < worst.distance or error == 0))

    def _has_no_numbers_there_either(self, record: Record[Interval]) -> bool:
        """Whether a hypothesis is NaN, or infinite, wherever that is what is wrong."""
        for name, mask in self.outside[record.step].items():
            if name in record.arrays:
                shown = np.asarray(self.shown[record.step][name]).astype(np.float64)
                off = np.broadcast_to(record.arrays[name].truth.error_of(shown), shown.shape)
                if np.any(off[mask & ~np.isfinite(shown)] != 0):
                    return False
        return True


def _ratios(interval: Interval | None, shown: Any) -> Array:
    """Return each element's error over its bound: 0 for what the program does not have."""
    if interval is None or interval.shape != np.shape(shown):
        return np.zeros(1)
    return interval.ratio_of(shown)


def _ratios_of_hypothesis(interval: Interval | None, shown: Any) -> Array:
    """Return the same for a hypothesis: a finite number is not what is no number, or infinite."""
    found = _ratios(interval, shown)
    if interval is None or interval.shape != np.shape(shown):
        return found
    contradicted = np.isfinite(np.asarray(shown).astype(np.float64))
    return np.where(contradicted & ~np.isfinite(interval.truth.hi), np.inf, found)


def _worst(right: Record[Interval], shown: Mapping[Name, Any]) -> Worst | None:
    found: list[tuple[float, Name, int]] = []
    for name in shown:
        each = _ratios(right.arrays.get(name), shown[name])
        if np.max(each, initial=0.0) > 1:
            found.append((float(each.max()), name, int(np.argmax(each))))
    if not found:
        return None
    ratio, name, element = max(found)
    errors = right.arrays[name].truth.error_of(shown[name])
    return Worst(name, element, float(errors.flat[element]), ratio)
