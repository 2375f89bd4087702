"""What the author of a candidate reads when a number is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Task
from oracle.sparse import Sparse
from oracle.systems import spec as find_spec
from oracle.verdict import Deviation, Verdict

_GRADIENTS_SHOWN = 8


def explain(title: str, problem: Task, verdict: Verdict, *more: str) -> Finding:
    """Tell where a candidate first goes wrong, by how much, and with which inputs."""
    first = verdict.first
    assert first is not None
    single = len(problem.feed.params) == 1
    return Finding(
        f"{title}: step {first.step}, {_place(first, single)}",
        verdict.largest,
        _numbers(first),
        *_first_slot(verdict, single),
        *_worst(verdict, single),
        f"hyperparameters: {told(problem.spec, problem.hyper)}",
        _element(problem, first),
        *_advice(problem),
        *more,
    )


def told(spec: str, hyper: Mapping[str, Any]) -> str:
    """Write hyperparameters as they would be written in a call; the defaults with their values."""
    if hyper:
        return _written(hyper)
    defaults = {name: argument.default for name, argument in find_spec(spec).arguments.items()}
    given = {name: value for name, value in defaults.items() if value is not None}
    return f"the defaults: {_written(given)}" if given else "the defaults"


def _written(hyper: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in hyper.items())


def times(ratio: float) -> str:
    """Write an error as a multiple of the bound."""
    return "beyond a bound of 0" if math.isinf(ratio) else f"{ratio:.3g}x the bound"


def summary(deviation: Deviation, problem: Task) -> str:
    """Tell one deviation on one line."""
    single = len(problem.feed.params) == 1
    return f"step {deviation.step}, {_place(deviation, single)}: {_numbers(deviation)}"


def _numbers(deviation: Deviation) -> str:
    ulps = f"{deviation.ulp_allowed:.3g} ulp allowed, {deviation.ulp_found:.3g} found"
    sizes = f"error {times(deviation.ratio)} ({ulps})"
    if math.isinf(deviation.error):
        sizes = "one of the two is not finite"
    return f"got {deviation.got}, want {deviation.want}   {sizes}"


def _place(deviation: Deviation, single: bool) -> str:
    where = _where(deviation, single)
    return f"slot {deviation.slot} of {where}" if deviation.slot else where


def _where(deviation: Deviation, single: bool) -> str:
    element = list(deviation.element) if deviation.element else ""
    return f"param{'' if single else f' {deviation.array}'}{element}"


def _advice(problem: Task) -> list[str]:
    """Tell of a value that the library advises against what is odd about it there."""
    spec = find_spec(problem.spec)
    against = [name for name, value in problem.hyper.items() if spec.advice({name: value})]
    lines = [
        f"{spec.advice({name: problem.hyper[name]})}; a candidate that raises for it is not judged"
        for name in against
    ]
    lines += [quirk for quirk in spec.quirks if any(f" {name} " in quirk for name in against)]
    return [f"note: {line}" for line in dict.fromkeys(lines)]


def _first_slot(verdict: Verdict, single: bool) -> list[str]:
    """Name the slot that went wrong first, unless a parameter was wrong before it."""
    first, slot = verdict.first, verdict.first_slot
    if first is None or slot is None or slot == first or slot.step > first.step:
        return []
    where = _where(slot, single)
    return [f"first wrong: slot {slot.slot} at step {slot.step} ({where}: {_numbers(slot)})"]


def _worst(verdict: Verdict, single: bool) -> list[str]:
    worst = verdict.worst
    if worst is None or worst == verdict.first:
        return []
    return [f"worst: step {worst.step}, {_place(worst, single)}: {_numbers(worst)}"]


def _element(problem: Task, deviation: Deviation) -> str:
    """Tell where one element starts and which gradients it is given up to its failure."""
    feed, array, element = problem.feed, deviation.array, deviation.element
    shape = feed.params[array].shape
    where = element if len(element) == len(shape) else ()
    if len(where) != len(shape):
        return f"every parameter has this slot; the gradients are those of {deviation.step} steps"
    start = float(feed.params[array][where])
    rows = feed.grads[: deviation.step]
    given = [None if row[array] is None else _at(row[array], shape, where) for row in rows]
    return f"the element starts at {start!r}; its gradients: {_listed(given)}"


def _at(given: Any, shape: tuple[int, ...], element: tuple[int, ...]) -> float | str:
    """Return an element's gradient; the occurrences of its row where they are several."""
    if not isinstance(given, Sparse):
        return float(given[element])
    rows = [float(value[element[1:]]) for i, value in _slices(given) if i == element[0]]
    return rows[0] if len(rows) == 1 else " + ".join(map(repr, rows)) or "its row does not occur"


def _slices(given: Sparse) -> Iterable[tuple[int, Any]]:
    return zip(given.indices.tolist(), given.values, strict=True)


def _listed(values: Sequence[float | str | None]) -> str:
    shown = ", ".join(v if isinstance(v, str) else repr(v) for v in values[:_GRADIENTS_SHOWN])
    left = len(values) - _GRADIENTS_SHOWN
    return f"{shown}, ... ({left} more)" if left > 0 else shown
