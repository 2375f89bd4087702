"""Several hyperparameters wrong at once: exchanged, all from elsewhere, or two that are solved for.

Two numbers are found by Newton's method from all that the candidate shows up to the second wrong
step. They count where both are simple ones, as people write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np

from oracle.arithmetic.bounded import Floats
from oracle.bulk import Bulk
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import ARGUMENT, FORMULA, NUMBER, Hypothesis, other_systems
from oracle.diagnosis.values import DIGITS
from oracle.mutation.observed import CANNOT_RUN, plainly
from oracle.problem import Problem
from oracle.record import Interval, Name, Record
from oracle.specification.spec import Program, Spec

STEPS = 12
"""How often Newton's method may try."""

CLOSE = 1e-4
"""How near a simple number has to be to the one that was found, relative to it."""

Numbers = Mapping[str, float]
Function = Callable[[float], float]


def exchanged(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Hypothesis]:
    """Yield each two hyperparameters in the place of each other, if both have a part in the run."""
    program = spec.program(hyper)
    numbers = _numbers(program)
    taking_part = [name for name in numbers if _takes_part(name, program, problem)]
    for one, other in combinations(taking_part, 2):
        if numbers[one] != numbers[other]:
            told = f"{one} and {other} exchanged: {one}={numbers[other]!r}"
            make = partial(_exchanged, spec, one, other)
            yield Hypothesis(told, (FORMULA, 1.5), make, f"{one} and {other} exchanged")


def other_defaults(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Hypothesis]:
    """Yield the defaults of another library, and all arguments left at the own defaults."""
    given = [n for n in hyper if n not in spec.required and hyper[n] != spec.arguments[n].default]
    if len(given) > 1:
        told = f"the defaults, whatever is given for {', '.join(given)}"
        make = partial(_at_defaults, spec)
        yield Hypothesis(told, (ARGUMENT, 0.5), make, "the defaults, whatever is given")
    seen = set()
    for other, _ in other_systems(spec, hyper):
        numbers = _defaults_of(other, spec)
        key = tuple(sorted(numbers.items()))
        if len(numbers) > 1 and key not in seen and not numbers.keys() & hyper.keys():
            seen.add(key)
            said = ", ".join(f"{name}={value!r}" for name, value in numbers.items())
            told = f"{said}, the defaults of {other.id}"
            yield Hypothesis(told, (ARGUMENT, 1.5), partial(_by_default, spec, numbers))


def two_numbers(evidence: Evidence, go_on: Callable[[], None]) -> Iterator[Hypothesis]:
    """Yield each two hyperparameters with the numbers that explain all that is shown at first."""
    spec, hyper = evidence.spec, evidence.hyper
    target = _Target.of(evidence)
    for pair in combinations(_numbers(evidence.program), 2):
        go_on()
        found = target.solved(pair)
        if found is None:
            continue
        ways = [list(_ways(spec, hyper, name, found[name])) for name in pair]
        for chosen in product(*ways):
            told = " and ".join(text for text, _, _ in chosen)
            named = zip(pair, chosen, strict=True)
            changes = {name: (of, name in hyper) for name, (_, of, _) in named}
            digits = sum(digits for _, _, digits in chosen)
            yield Hypothesis(told, (NUMBER, digits), partial(_changed, spec, changes))


def _takes_part(name: str, program: Program, problem: Problem) -> bool:
    """Whether anything would be NaN if a hyperparameter were."""
    spoilt = replace(program, numeric={**program.numeric, name: np.nan})
    try:
        with np.errstate(all="ignore"):
            right, wrong = list(plainly(program, problem)), list(plainly(spoilt, problem))
    except CANNOT_RUN:
        return True
    return any(
        np.any(np.isnan(off.arrays[name].truth.hi) & ~np.isnan(interval.truth.hi))
        for on, off in zip(right, wrong, strict=True)
        for name, interval in on.arrays.items()
    )


def _numbers(program: Program) -> dict[str, float]:
    """Return the hyperparameters that are numbers."""
    return {
        name: float(value)
        for name, value in program.numeric.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def _exchanged(spec: Spec, one: str, other: str, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    swapped = {one: program.numeric[other], other: program.numeric[one]}
    return replace(program, numeric={**program.numeric, **swapped})


def _at_defaults(spec: Spec, hyper: Mapping[str, Any]) -> Program:
    return spec.program({name: hyper[name] for name in spec.required})


def _defaults_of(other: Spec, spec: Spec) -> dict[str, float]:
    """Return the defaults of another spec that differ, by the names of this one."""
    theirs = {name: argument.default for name, argument in other.arguments.items()}
    return {
        name: theirs[name]
        for name, argument in spec.arguments.items()
        if isinstance(argument.default, float)
        and isinstance(theirs.get(name), float)
        and theirs[name] != argument.default
    }


def _by_default(spec: Spec, numbers: Numbers, hyper: Mapping[str, Any]) -> Program:
    return spec.program({**numbers, **hyper})


def _changed(
    spec: Spec, changes: Mapping[str, tuple[Function, bool]], hyper: Mapping[str, Any]
) -> Program:
    """Return a program with functions of its numbers: of those given, or of those left out."""
    program = spec.program(hyper)
    numbers = _numbers(program)
    other = {
        name: of(numbers[name])
        for name, (of, given) in changes.items()
        if name in numbers and given == (name in hyper)
    }
    return replace(program, numeric={**program.numeric, **other})


def _ways(
    spec: Spec, hyper: Mapping[str, Any], name: str, found: float
) -> Iterator[tuple[str, Function, int]]:
    """Yield a simple number, or a simple share of the right one, near what was found, if another.

    Of two numbers one of which is right, the other explains it all alone.
    """
    right = _numbers(spec.program(hyper))[name]
    for number, digits in _simplest(found):
        if number != right:
            yield f"{name}={number!r} instead of {name}={right!r}", partial(_always, number), digits
    for ratio, digits in _simplest(found / right) if right else ():
        if ratio != 1:
            yield f"{ratio!r} * {name} instead of {name}", partial(_times, ratio), digits + 1


def _simplest(number: float) -> Iterator[tuple[float, int]]:
    for digits in DIGITS:
        rounded = float(f"{number:.{digits}g}")
        if abs(rounded - number) <= CLOSE * abs(number):
            yield rounded, digits
            return


def _always(number: float, _: float) -> float:
    return number


def _times(ratio: float, value: float) -> float:
    return ratio * value


@dataclass(frozen=True, eq=False)
class _Target:
    """What a candidate shows up to its second wrong step, in units of the bounds there."""

    evidence: Evidence
    last: int
    shown: Floats
    bounds: Floats

    @classmethod
    def of(cls, evidence: Evidence) -> _Target:
        last = sorted(evidence.worst)[:2][-1]
        moments = list(Bulk(evidence.program, evidence.until(last), evidence.model))
        pairs = [
            (evidence.shown[m.step][name], m.arrays[name].bound)
            for m in moments
            for name in _names(evidence, m)
        ]
        shown = [np.ravel(np.asarray(array).astype(np.float64)) for array, _ in pairs]
        bounds = [np.ravel(bound) for _, bound in pairs]
        return cls(evidence, last, np.concatenate(shown), np.concatenate(bounds))

    def solved(self, pair: Sequence[str]) -> dict[str, float] | None:
        """Return the numbers with which a run is what was shown, if the method comes to any."""
        right = _numbers(self.evidence.program)
        x = np.array([right[name] for name in pair])
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                off = self._off(pair, x)
                if off is None:
                    return None
                shift = 1e-6 * np.where(x == 0, 1.0, np.abs(x))
                moved = [self._off(pair, x + np.eye(2)[i] * shift[i]) for i in range(2)]
                columns = [(m - off) / shift[i] for i, m in enumerate(moved) if m is not None]
                slopes = np.stack(columns, axis=1) if len(columns) == 2 else np.zeros((1, 1))
                if slopes.shape[1] < 2 or not np.isfinite(slopes).all():
                    return None
                step = np.linalg.lstsq(slopes * np.abs(x + (x == 0)), -off, rcond=None)[0]
                x = x + step * np.abs(x + (x == 0))
                if np.all(np.abs(step) <= 1e-7):
                    return dict(zip(pair, map(float, x), strict=True))
        return None

    def _off(self, pair: Sequence[str], x: Floats) -> Floats | None:
        """Return by how many bounds each element is off, where that can be told."""
        program = self.evidence.program
        numeric = {**program.numeric, **dict(zip(pair, map(float, x), strict=True))}
        other = replace(program, numeric=numeric)
        try:
            moments = list(plainly(other, self.evidence.until(self.last)))
        except CANNOT_RUN:
            return None
        parts = [
            np.ravel(
                np.broadcast_to(
                    m.arrays[name].truth.hi, np.shape(self.evidence.shown[m.step][name])
                )
            )
            for m in moments
            for name in _names(self.evidence, m)
        ]
        off = (np.concatenate(parts) - self.shown) / self.bounds
        counted = np.isfinite(self.shown) & np.isfinite(self.bounds) & (self.bounds > 0)
        kept = off[counted]
        return kept if kept.size > 1 and np.isfinite(kept).all() else None


def _names(evidence: Evidence, moment: Record[Interval]) -> list[Name]:
    shown = evidence.shown.get(moment.step, {})
    return [name for name in shown if name in moment.arrays]
