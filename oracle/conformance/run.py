"""Driving a candidate: whatever it does wrong becomes a finding with one clear sentence."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle import declining
from oracle.claim import Device
from oracle.conformance.feeding import Feeding, Row
from oracle.conformance.guard import Guard, TimeIsUp
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.dtypes import float_type
from oracle.errors import CandidateError, ImplementationError, UnsupportedError
from oracle.record import Record
from oracle.rules.rule import Slot, zeros
from oracle.sparse import Sparse
from oracle.truth import Array

Arrays = list[npt.NDArray[Any]]
Shown = Record[npt.NDArray[Any]]
"""What a candidate has after a step; a slot that it does not show is absent."""
Gradient = Array | Sparse
Factory = Callable[[Arrays], Any]
"""Builds the candidate's step from the parameters; the hyperparameters are bound already."""


@dataclass(frozen=True)
class Feed:
    """What a candidate is fed: start, and for each step the gradients (None where there is none).

    The numbers are float64 arrays that the dtype can hold exactly; a gradient may be `Sparse`.
    """

    dtype: str
    params: Sequence[Array]
    grads: Sequence[Sequence[Gradient | None]]

    @property
    def steps(self) -> range:
        """The numbers of all steps; the first is 1."""
        return range(1, len(self.grads) + 1)


def drive(
    factory: Factory,
    feed: Feed,
    *,
    slots: Collection[str],
    what: str,
    guard: Guard,
    device: Device = nullcontext,
    feeding: Feeding | None = None,
) -> list[Shown]:
    """Run a candidate over a feed and return what it shows after every step.

    ``slots`` are the names of the spec's slots, each with its `Slot` where one of them has a shape
    that is not its parameter's; ``what`` names the check in sentences. The
    parameters belong to the candidate, which may work in them; results are copied at once. All
    of it happens within ``device()``, and the arrays are those of ``feeding``.
    """
    with calling(guard, what, device):
        return list(observations(factory, feed, slots, what, feeding))


@contextmanager
def calling(guard: Guard, what: str, device: Device = nullcontext) -> Iterator[None]:
    """Let a candidate be called: for a time, in silence, on its device."""
    with guard.limit(what), warnings.catch_warnings(), np.errstate(all="ignore"), device():
        warnings.simplefilter("ignore")
        yield


def observations(
    factory: Factory,
    feed: Feed,
    slots: Collection[str],
    what: str,
    feeding: Feeding | None = None,
    steps: Collection[int] | None = None,
) -> Iterator[Shown]:
    """Yield what a candidate shows after each step, which it takes as they are asked for.

    To be gone through within `calling`. A candidate that takes its steps in one go is given new
    arrays in any case; ``steps`` are those after which it is looked at, where these are not all.
    """
    steps = feed.steps if steps is None else steps
    feeding = feeding or Feeding()
    params = feeding.params(cast(feed.params, feed.dtype))
    with own_errors(f"{what}: building the optimizer"):
        candidate = factory(params)
    if hasattr(candidate, "run"):
        yield from _in_one_go(candidate.run, feed, slots, steps, what)
        return
    step = step_of(candidate, what)
    for number, row in enumerate(feed.grads, start=1):
        where = f"{what}: step {number}"
        grads = feeding.grads(_cast_row(row, feed.dtype))
        before = _bytes(grads)
        with own_errors(where):
            returned = step(grads)
        result = checked(returned, params, where)
        if _bytes(grads) != before:
            raise Finding(f"{where}: the candidate changes the gradients that it is given")
        shown = _slots(candidate, slots, params, where) if number in steps else {}
        feeding.after(grads)
        if number in steps:
            yield Record.of(number, result, shown)


def _in_one_go(
    run: Callable[..., Any], feed: Feed, slots: Collection[str], steps: Collection[int], what: str
) -> Iterator[Shown]:
    """Let a candidate that is far away take all its steps at once."""
    wanted = sorted(steps)
    params = cast(feed.params, feed.dtype)
    with own_errors(what):
        shown = run([_cast_row(row, feed.dtype) for row in feed.grads], wanted)
    for number, (returned, held) in zip(wanted, shown, strict=True):
        where = f"{what}: step {number}"
        result = checked(returned, params, where)
        yield Record.of(number, result, _known_slots(held, slots, params, where))


def _cast_row(row: Sequence[Gradient | None], dtype: str) -> Row:
    return [None if g is None else _cast_gradient(g, dtype) for g in row]


def _cast_gradient(gradient: Gradient, dtype: str) -> npt.NDArray[Any] | Sparse:
    if isinstance(gradient, Sparse):
        indices = np.array(gradient.indices, dtype=np.int64)
        return Sparse(indices, cast([gradient.values], dtype)[0])
    return cast([gradient], dtype)[0]


def cast(arrays: Sequence[Array], dtype: str) -> Arrays:
    """Return new arrays of a dtype."""
    kind = float_type(dtype).numpy
    return [np.array(array, dtype=kind) for array in arrays]


def _bytes(row: Row) -> list[bytes]:
    """Return what a candidate must not change."""
    found = []
    for g in row:
        arrays = (g.indices, g.values) if isinstance(g, Sparse) else (g,)
        found += [b"" if array is None else array.tobytes() for array in arrays]
    return found


def step_of(candidate: Any, what: str) -> Callable[[Any], Any]:
    """Return the function that takes a candidate's step."""
    step = getattr(candidate, "step", candidate)
    if not callable(step):
        raise Finding(
            f"{what}: the factory returns {_kind(candidate)} "
            "where a function step(grads), or an object with one, is needed"
        )
    return step  # type: ignore[no-any-return]


def checked(returned: Any, params: Arrays, where: str) -> Arrays:
    """Return copies of the new parameters, or say what is wrong with their form."""
    if not isinstance(returned, list | tuple):
        raise Finding(
            f"{where}: step returns {_kind(returned)} "
            f"where a list of {len(params)} numpy arrays is needed"
        )
    if len(returned) != len(params):
        raise Finding(
            f"{where}: step returns {_count(len(returned), 'array')} "
            f"for {_count(len(params), 'parameter')}"
        )
    return [
        _fitting(a, p, f"{where}: param {i}")
        for i, (a, p) in enumerate(zip(returned, params, strict=True))
    ]


def _fitting(value: Any, param: npt.NDArray[Any], where: str) -> npt.NDArray[Any]:
    array = _array(value, where)
    if array.shape != param.shape:
        told = f"{where} comes back with shape {array.shape}; it has shape {param.shape}"
        widened = (param.shape, array.shape) == ((), (1,))
        raise Finding(told + widened * "; numpy.ascontiguousarray, for one, gives a number an axis")
    if array.dtype != param.dtype:
        what = "" if hasattr(value, "dtype") else f"{_kind(value)}, to numpy "
        raise Finding(f"{where} comes back as {what}{array.dtype}; it is {param.dtype}")
    return array


def _array(value: Any, where: str) -> npt.NDArray[Any]:
    if value is None:
        raise Finding(f"{where} comes back as None")
    try:
        array = np.array(value)
        array.astype(np.float64)
    except Exception as error:
        raise Finding(
            f"{where} comes back as {_kind(value)}, of which numpy makes no array of numbers"
        ) from error
    return array


def _slots(
    candidate: Any, names: Collection[str], params: Arrays, where: str
) -> dict[str, list[npt.NDArray[Any] | None]]:
    """Return copies of the slots that the candidate shows, each one for each parameter."""
    show = getattr(candidate, "slots", None)
    if not callable(show):
        return {}
    with own_errors(f"{where}: slots()"):
        shown = show()
    if not isinstance(shown, Mapping):
        raise Finding(f"{where}: slots() returns {_kind(shown)} where a dict of lists is needed")
    return _known_slots(shown, names, params, where)


def _known_slots(
    shown: Mapping[str, Any], names: Collection[str], params: Arrays, where: str
) -> dict[str, list[npt.NDArray[Any] | None]]:
    unknown = sorted(set(shown) - set(names))
    if unknown:
        raise Finding(
            f"{where}: the candidate shows the slots {', '.join(map(repr, unknown))}; "
            f"the spec has {', '.join(names) or 'none'}"
        )
    kinds = names if isinstance(names, Mapping) else {}
    return {
        name: _slot(list(values), kinds.get(name, zeros), params, f"{where}: slot {name}")
        for name, values in shown.items()
    }


def _slot(
    values: list[Any], kind: Slot, params: Arrays, where: str
) -> list[npt.NDArray[Any] | None]:
    if len(values) != len(params):
        raise Finding(
            f"{where} has {_count(len(values), 'array')} for {_count(len(params), 'parameter')}"
        )
    return [
        None if value is None else _slot_array(value, kind, param, f"{where} of param {i}")
        for i, (value, param) in enumerate(zip(values, params, strict=True))
    ]


def _slot_array(value: Any, kind: Slot, param: npt.NDArray[Any], where: str) -> npt.NDArray[Any]:
    array = _array(value, where)
    wanted = kind.shape(param.shape) if param.shape else ()
    if array.shape not in (wanted, ()):
        asked = "the parameter has" if wanted == param.shape else "it is to have"
        raise Finding(f"{where} has shape {array.shape}; {asked} shape {wanted}")
    return array


@contextmanager
def own_errors(where: str) -> Iterator[None]:
    """Turn what a candidate raises into a finding; a refusal of its adapter stays what it is."""
    try:
        yield
    except (ImplementationError, KeyboardInterrupt, TimeIsUp):
        raise
    except UnsupportedError as error:
        raise NotClaimed(str(error)) from error
    except CandidateError as error:
        raise Finding(f"{where}: {error}") from error
    except BaseException as error:
        raise Finding(f"{where}: the candidate raises {_told(error)}") from error


def _told(error: BaseException) -> str:
    """Give the error and the last lines of the candidate's own traceback."""
    ours = (__file__, declining.__file__)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in ours]
    tail = "".join(f"\n    {f.filename}:{f.lineno} in {f.name}: {f.line}" for f in frames[-3:])
    return f"{type(error).__name__}: {_said(error)}{tail}"


def _said(error: BaseException) -> str:
    """Return the message of an error, if it has one that can be read."""
    try:
        return str(error)
    except Exception as unreadable:
        return f"(its message cannot be read: {type(unreadable).__name__})"


def _kind(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
