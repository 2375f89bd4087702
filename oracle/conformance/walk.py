"""Taking a candidate through many steps: its elements rest at 0, each until a step of its own."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import numpy as np

from oracle.conformance.clocks import GRADIENT
from oracle.conformance.outcomes import Finding
from oracle.conformance.run import (
    Arrays,
    Factory,
    Feed,
    cast,
    checked,
    observations,
    own_errors,
    step_of,
)


class Walk:
    """One candidate on the way; to be used within `calling`.

    Its elements make up one parameter, or one each where they have to be ``apart``. It may show
    ``slots``, which nobody looks at.
    """

    def __init__(
        self,
        factory: Factory,
        dtype: str,
        size: int,
        what: str,
        *,
        slots: Collection[str] = (),
        apart: bool = False,
    ) -> None:
        self._what = what
        self._slots = slots
        self._dtype = dtype
        self._factory = factory
        self._shapes = [1] * size if apart else [size]
        self._params = self._rest()
        with own_errors(f"{what}: building the optimizer"):
            self._candidate = factory(self._rest())
        self._zeros = self._rest()
        self._taken = 0
        self._begin = time.perf_counter()

    @property
    def goes_at_once(self) -> bool:
        """Whether all steps have to be known before the first is taken."""
        return hasattr(self._candidate, "run")

    @property
    def can_be_set(self) -> bool:
        """Whether the candidate offers to have its count set ahead."""
        return callable(getattr(self._candidate, "set_step", None))

    @property
    def pace(self) -> float:
        """How many seconds a step has taken."""
        return (time.perf_counter() - self._begin) / max(self._taken, 1)

    def set_step(self, number: int) -> None:
        """Let the candidate count as after ``number`` steps."""
        with own_errors(f"{self._what}: set_step({number})"):
            self._candidate.set_step(number)
        self._taken = number

    def moved(self, element: int, number: int) -> float:
        """Take the steps before one of this number at rest, move an element in it, and tell where.

        The arrays of zeros are the same for all of them; that they still hold zeros is seen at
        last.
        """
        step = step_of(self._candidate, self._what)
        where = f"{self._what}: step {number}"
        with own_errors(where):
            while self._taken < number - 1:
                self._taken += 1
                step(self._zeros)
        with own_errors(where):
            self._taken += 1
            returned = step(self._pushing(element))
        if any(array.any() for array in self._zeros):
            raise Finding(f"{where}: the candidate changes the gradients that it is given")
        return self._of(element, checked(returned, self._params, where))

    def moved_at_once(self, numbers: Sequence[int]) -> list[float]:
        """Return the same for several steps, the element of each in turn, by one run."""
        places = {number: element for element, number in enumerate(numbers)}
        rows = [
            self._pushing(places[number]) if number in places else self._zeros
            for number in range(1, numbers[-1] + 1)
        ]
        feed = Feed(self._dtype, self._params, rows)
        seen = observations(self._factory, feed, self._slots, self._what, steps=numbers)
        return [self._of(k, record.params) for k, record in enumerate(seen)]

    def _rest(self) -> Arrays:
        return cast([np.zeros(size) for size in self._shapes], self._dtype)

    def _pushing(self, element: int) -> Arrays:
        """Return gradients of 0, but for one element."""
        gradients = self._rest()
        array, place = (0, element) if len(gradients) == 1 else (element, 0)
        gradients[array][place] = GRADIENT
        return gradients

    def _of(self, element: int, arrays: Arrays) -> float:
        """Return one element."""
        array, place = (0, element) if len(arrays) == 1 else (element, 0)
        return float(arrays[array][place])
