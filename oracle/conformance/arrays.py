"""A step depends on the numbers that it is given, not on the arrays that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from oracle.conformance.bench import Bench
from oracle.conformance.feeding import Feeding, Laid, Lay, Numbers, Overwritten, Refilled
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Task
from oracle.conformance.usual import Truths, UsualCheck, variations


def _as_it_is(array: Numbers) -> Numbers:
    return array


def _fortran(array: Numbers) -> Numbers:
    return np.asfortranarray(array) if array.ndim > 1 else array


def _strided(array: Numbers) -> Numbers:
    """Return every second element of an array that has NaN between them."""
    around = np.full((*array.shape, 2), np.nan, array.dtype)
    around[..., 1] = array
    return around[..., 1]


def _broadcast(array: Numbers) -> Numbers:
    """Return a matrix of equal rows as one row, repeated; any other array as it is, read-only."""
    if array.ndim > 1 and (array == array[:1]).all():
        return np.broadcast_to(array[:1].copy(), array.shape)
    return _read_only(array)


def _read_only(array: Numbers) -> Numbers:
    array.flags.writeable = False
    return array


OF_PARAMETERS: dict[str, Lay] = {"Fortran-ordered": _fortran, "strided": _strided}
"""They stay writable: parameters belong to the candidate, which may work in them."""

OF_GRADIENTS: dict[str, Lay] = {
    "Fortran-ordered": _fortran,
    "strided": _strided,
    "read-only": _read_only,
    "broadcast": _broadcast,
}

MIXED: tuple[tuple[Lay, Lay], ...] = (
    (_as_it_is, _broadcast),
    (_fortran, _strided),
    (_strided, _fortran),
)
"""Of the parameters, and of the gradients."""


@dataclass(eq=False)
class LayoutCheck(UsualCheck):
    """A candidate takes views for what they show, however they lie in memory."""

    file: ClassVar[str] = "arrays"
    suite: ClassVar[str] = "laid_out_runs"
    near: ClassVar[bool] = True

    def holds_with(self, hyper: dict[str, Any]) -> None:
        """Run in several layouts; where one is wrong, find out which arrays matter."""
        problem, truth = self.posed(hyper)
        for of_params, of_grads in MIXED:
            finding = self.fault(problem, truth, _laid(problem, of_params, of_grads))
            if finding is not None:
                raise self._explained(finding, problem, truth)

    def _explained(self, finding: Finding, problem: Task, truth: Truths) -> Finding:
        anyway = self.plainly(finding, problem, truth)
        if anyway is not None:
            return anyway
        singly = [
            *((f"{name} parameters", lay, _as_it_is) for name, lay in OF_PARAMETERS.items()),
            *((f"{name} gradients", _as_it_is, lay) for name, lay in OF_GRADIENTS.items()),
        ]
        wrong = [
            name
            for name, of_params, of_grads in singly
            if self.fault(problem, truth, _laid(problem, of_params, of_grads)) is not None
        ]
        which = " and ".join(wrong) or "several layouts at once"
        line = f"looks like: right in arrays in C order, wrong in {which}"
        return finding.with_lines(line)


def _laid(problem: Task, of_params: Lay, of_grads: Lay) -> Laid:
    number = len(problem.feed.params)
    return Laid([of_params] * number, [of_grads] * number)


BUFFERS: dict[str, tuple[Callable[[], Feeding], str]] = {
    "refilled": (Refilled, "they are filled anew for each step"),
    "overwritten": (Overwritten, "they are overwritten after each step"),
}
"""By name, what becomes of the arrays of gradients, also in words."""


@dataclass(eq=False)
class BufferCheck(UsualCheck):
    """A candidate keeps no reference to an array that it was lent for one step."""

    file: ClassVar[str] = "arrays"
    suite: ClassVar[str] = "buffered_runs"
    near: ClassVar[bool] = True

    def holds_with(self, hyper: dict[str, Any]) -> None:
        """Run with buffers that are used again, and with some that are spoilt."""
        problem, truth = self.posed(hyper)
        for buffers, words in BUFFERS.values():
            finding = self.fault(problem, truth, buffers())
            if finding is not None:
                line = (
                    f"looks like: right with new arrays of gradients, wrong where {words}: "
                    "the candidate keeps a reference to an array of gradients"
                )
                anyway = self.plainly(finding, problem, truth)
                raise anyway or finding.with_lines(line)


def laid_out_runs(bench: Bench) -> Iterator[LayoutCheck]:
    """Yield the checks of layouts."""
    yield from variations(LayoutCheck, bench, shift=0, further=1)


def buffered_runs(bench: Bench) -> Iterator[BufferCheck]:
    """Yield the checks of buffers."""
    yield from variations(BufferCheck, bench, shift=1, further=1)
