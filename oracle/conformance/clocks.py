"""What a single step does, however late it comes: the truth of a long run, cheaply.

Under gradients of 0 a state comes to rest, but for the count of the steps and what depends on that
alone. The first step with another gradient is then as cheap to compute at 65537 as at 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

import oracle
from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.native import native
from oracle.arithmetic.rounding import Rounding
from oracle.claim import Precision
from oracle.conformance.problem import needs_digits
from oracle.record import Interval
from oracle.specification.spec import Hyper, State
from oracle.trajectories import interval, record_of

STOPS = (101, 127, 128, 255, 256, 2**9, 2**11, 2**16, 2**24)
"""Where counters stop, or begin anew: by a bug, or by the numbers that their type can hold."""

GRADIENT = 1.0

SHOWS = 2.0
"""By how many bounds a stopped counter has to be off: one may be lost by its own rounding."""

_SOME_STEPS = (0, 1, 2047)
_FLUSHED = 8
_DIGITS = 50


@dataclass(frozen=True)
class Hour:
    """One step that is judged: its number, and where the count was set before it."""

    step: int
    begin: int = 0


class Clock:
    """A spec's program on one element, which rests at 0 until some step."""

    def __init__(self, spec_id: str, hyper: Hyper, precision: Precision) -> None:
        self._program = oracle.spec(spec_id).program(hyper)
        self._model = Model.declared(**precision.options)
        self._xp: Rounding = native(self._model)
        if needs_digits(precision):
            self._xp = Rounding(Mp(_DIGITS).values, self._model)
        self._counted: dict[int, State] = {}
        """By the step at which a count begins: how far what depends on it has come."""
        self._moved: dict[Hour, Interval] = {}

    @cached_property
    def rests(self) -> bool:
        """Whether an element at 0 stays there, with its slots, however many steps go by."""
        state = self._start()
        after = (self._after(replace(state, iterations=t), 0.0) for t in _SOME_STEPS)
        return all(
            self._same(found, state) and self._is_finite(found) and _is_nothing(found.hidden)
            for found in after
        )

    @property
    def couples_elements(self) -> bool:
        """Whether an element is at rest only if it is a parameter of its own."""
        return self._program.couples_elements

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of all slots."""
        return tuple(self._program.slots)

    @property
    def counts_apart(self) -> bool:
        """Whether there is a slot that depends on the count alone, which has to be carried on."""
        return any(slot.scalar for slot in self._program.slots.values())

    def moved(self, hours: Iterable[Hour]) -> list[Interval]:
        """Return what each of some steps does."""
        return [self._at(hour if self.counts_apart else Hour(hour.step)) for hour in hours]

    def _at(self, hour: Hour) -> Interval:
        if hour not in self._moved:
            self._moved[hour] = self._move(hour)
        return self._moved[hour]

    def _move(self, hour: Hour) -> Interval:
        before = hour.step - 1
        counted = self._counted_to(before, hour.begin)
        slots = self._start().slots | {name: counted.slots[name] for name in self._scalars}
        state = replace(self._start(), iterations=before, slots=slots)
        (number,) = self._after(state, GRADIENT).params
        return interval(number, self._xp.inflation()).resized(())

    @cached_property
    def _scalars(self) -> list[str]:
        return [name for name, slot in self._program.slots.items() if slot.scalar]

    def _is_finite(self, state: State) -> bool:
        shared = [state.slots[name][0] for name in self._scalars]
        values = (np.asarray(as_bounded(number).value, np.float64) for number in shared)
        return all(np.isfinite(value).all() for value in values)

    def _start(self, size: int = 1) -> State:
        with np.errstate(all="ignore"):
            zeros = self._xp.array(np.zeros(size))
            return self._program.start(self._xp, [zeros], [(size,)])

    def _after(self, state: State, gradient: float) -> State:
        with np.errstate(all="ignore"):
            (size,) = self._xp.shape(state.params[0])
            return self._program.step(self._xp, state, [self._xp.array(np.full(size, gradient))])

    def _counted_to(self, step: int, begin: int) -> State:
        """Carry what depends on the count alone on to ``step``, on an array without elements."""
        state = self._counted.get(begin)
        if state is None or state.iterations > step:
            state = replace(self._start(0), iterations=begin)
        while self._scalars and state.iterations < step:
            state = self._after(state, 0.0)
        self._counted[begin] = state
        return state

    def _same(self, one: State, other: State) -> bool:
        """Whether two states agree, but for what depends on the count.

        Their bounds have to agree as well, up to what is charged for subnormal numbers that may be
        flushed: zeros are none, so that a state that rests loses nothing.
        """
        flushed = self._model.storage.smallest_normal * _FLUSHED
        others = record_of(other).arrays
        return all(
            _equal(number, others[name], flushed)
            for name, number in record_of(one).arrays.items()
            if name[0] not in self._scalars
        )


def _is_nothing(hidden: Any) -> bool:
    """Whether what stages keep for themselves is made of counts and of zeros alone.

    A late start can do without these; the rate of the step before, say, would have to be carried
    on from the first step.
    """
    if isinstance(hidden, Mapping):
        return all(map(_is_nothing, hidden.values()))
    if isinstance(hidden, (tuple, list)):
        return all(map(_is_nothing, hidden))
    if isinstance(hidden, int):
        return True
    return isinstance(hidden, Number) and bool(np.all(as_bounded(hidden).value == 0))


def _equal(a: Number, b: Number, flushed: float) -> bool:
    left, right = as_bounded(a), as_bounded(b)
    more = np.asarray(left.error - right.error)
    return bool(np.all(left.value == right.value) and np.all(np.abs(more) <= flushed))


def hours(reach: int) -> list[Hour]:
    """Return the steps of one run of ``reach`` steps in which an element moves."""
    steps = {1, 2}
    for stop in STOPS:
        steps |= {stop, stop + 1, stop + stop // 16}
    return [Hour(step) for step in sorted(steps) if step <= reach]


def hours_ahead(beyond: int, *, few: bool) -> Iterator[tuple[int, list[Hour]]]:
    """Yield where a count is set ahead, past ``beyond``, with the steps that are judged after.

    ``few`` leaves out the steps at a stop itself, and takes those that are well past it.
    """
    for stop in STOPS:
        late = stop + stop // 16
        if late > beyond:
            if not few:
                yield stop - 1, [Hour(stop + k, stop - 1) for k in range(3)]
            yield late, [Hour(late + k, late) for k in range(1, 3)]


def shown(clock: Clock, hours: Sequence[Hour]) -> set[int]:
    """Return the stops that show: a counter that stays there is off in some later step."""
    known = {hour.step: hour for hour in hours}
    found = set()
    for stop in STOPS:
        later = clock.moved(hour for hour in hours if hour.step > stop)
        (stopped,) = clock.moved([known.get(stop, Hour(stop, stop - 1))]) if later else (None,)
        if stopped and any(apart(m, stopped) > SHOWS * m.bound for m in later):
            found.add(stop)
    return found


def apart(one: Interval, other: Interval) -> float:
    """Return how far one step goes beyond another."""
    high, low = one.truth.hi - other.truth.hi, one.truth.lo - other.truth.lo
    return abs(float(high) + float(low))
