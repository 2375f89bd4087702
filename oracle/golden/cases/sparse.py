"""Cases with sparse gradients, by what a class does with the rows that do not occur."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.golden.cases.plan import Plan, Rows
from oracle.golden.cases.values import Values
from oracle.rules.rule import Shape
from oracle.specification.options import plain
from oracle.specification.sparse import SparseForm
from oracle.specification.spec import Spec

_SHAPES: tuple[Shape, ...] = ((4, 2), ())
OTHER_ROWS: Rows = ((3, 0), (2,), (0, 2))
REPEATED: Rows = ((2, 0, 2), (1, 1, 1), (2, 1))
NONE_AT_ALL: Rows = ((1, 2), (), (0,))


def sparse_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return the cases of a spec that takes sparse gradients; none for one that takes none."""
    if spec.sparse is None:
        return []
    by_itself, form = plain(spec, values.coarse), spec.sparse
    others, repetitions, nothing = _claims(form) if spec.slots and not spec.wraps else _PLAIN
    plans = [
        sparse_plan("sparse-rows", others, by_itself, OTHER_ROWS),
        sparse_plan("sparse-repeated-rows", repetitions, values.coarse, REPEATED),
        sparse_plan("sparse-without-rows", nothing, values.coarse, NONE_AT_ALL),
    ]
    plans += _around_adam(spec.wrapping, values.coarse) if spec.wrapping else []
    return [*plans, *(_clipped(values.coarse) if "clipnorm" in spec.arguments else [])]


_PLAIN = (
    "Some rows occur at each step, others do not",
    "Rows occur several times in one gradient",
    "A sparse gradient has no rows at all",
)


def _claims(form: SparseForm) -> tuple[str, str, str]:
    return _of_the_others(form), _of_repetitions(form), _of_nothing(form)


def _around_adam(wrapping: str, coarse: Mapping[str, Any]) -> list[Plan]:
    """Return a case of a wrapper around an optimizer that moves every row."""
    config = {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625}
    hyper = {**coarse, wrapping: {"class_name": "AdamOptimizer", "config": config}}
    why = "Around Adam, too, a sparse gradient is what the wrapper makes of it"
    return [sparse_plan("sparse-all-rows", why, hyper, OTHER_ROWS)]


def sparse_plan(id: str, why: str, hyper: Mapping[str, Any], rows: Rows, **more: Any) -> Plan:
    """Return a case whose first parameter has sparse gradients with these rows, step by step."""
    return Plan(id, why, hyper, steps=len(rows), rows=rows, **{"shapes": _SHAPES, **more})


def _of_the_others(form: SparseForm) -> str:
    if form.moves_all_params:
        return "Rows that do not occur move as with a gradient of 0"
    if form.moves_all_slots:
        return "The slots of all rows move, but only the rows that occur"
    return "Rows that do not occur rest, and so do their slots"


def _of_repetitions(form: SparseForm) -> str:
    if form.each_occurrence:
        return "Each occurrence of a row is a step of its own"
    return "The occurrences of a row are added up before anything else"


def _of_nothing(form: SparseForm) -> str:
    if form.moves_all_params:
        return "A sparse gradient without rows is a gradient of 0"
    if form.moves_all_slots:
        return "A sparse gradient without rows moves slots, but no weight"
    return "A sparse gradient without rows moves nothing"


def _clipped(coarse: Mapping[str, Any]) -> list[Plan]:
    """Return what Keras 2 does, which sums the occurrences up by itself."""
    return [
        sparse_plan(
            "sparse-clipvalue",
            "clipvalue clips each occurrence of a row, not their sum",
            {**coarse, "clipvalue": 0.5},
            REPEATED,
        ),
        sparse_plan(
            "sparse-clipnorm",
            "clipnorm takes the norm of the sums, not of the occurrences",
            {**coarse, "clipnorm": 0.5},
            REPEATED,
        ),
    ]
