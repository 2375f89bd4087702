"""Cases with sparse gradients, by what a class does with the rows that do not occur."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.golden.cases.plan import Plan, Rows, Shape
from oracle.specification.options import plain
from oracle.specification.sparse import SparseForm
from oracle.systems import spec as find_spec

_SHAPES: tuple[Shape, ...] = ((4, 2), (3,), ())
OTHER_ROWS: Rows = ((3, 0), (2,), (0, 2))
REPEATED: Rows = ((2, 0, 2), (1, 1, 1), (2, 1))
NONE_AT_ALL: Rows = ((1, 2), (), (0,))


def sparse_plans(spec: str, coarse: Mapping[str, Any]) -> list[Plan]:
    """Return the cases of a spec that takes sparse gradients; none for one that takes none."""
    form = find_spec(spec).sparse
    if form is None:
        return []
    by_itself = plain(find_spec(spec), coarse)
    return [
        sparse_plan("sparse-rows", _of_the_others(form), by_itself, OTHER_ROWS),
        sparse_plan("sparse-repeated-rows", _of_repetitions(form), coarse, REPEATED),
        sparse_plan("sparse-without-rows", _of_nothing(form), coarse, NONE_AT_ALL),
        *_around(spec, dict(coarse)),
    ]


def sparse_plan(id: str, why: str, hyper: Mapping[str, Any], rows: Rows, **more: Any) -> Plan:
    """Return a case whose first parameter has sparse gradients with these rows, step by step."""
    steps = len(rows)
    written = tuple(range(1, steps + 1))
    given = {"shapes": _SHAPES, **more}
    return Plan(id, why, hyper, steps=steps, checkpoints=written, rows=rows, **given)


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


def _around(spec: str, coarse: dict[str, Any]) -> list[Plan]:
    """Return what one library or one class alone does."""
    if spec.startswith("keras2/"):
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
    return _SURPRISES.get(spec, [])


_SURPRISES: dict[str, list[Plan]] = {
    "tf.train/FtrlOptimizer": [
        sparse_plan(
            "sparse-zero-by-zero",
            "A sum of squares of 0 makes 0 / 0, and no choice makes it 0",
            {"learning_rate": 0.5, "initial_accumulator_value": 0.0},
            OTHER_ROWS,
            gradients="zero-last",
        ),
    ],
    "tf.contrib.opt/AdamWOptimizer": [
        sparse_plan(
            "sparse-decay",
            "Only the rows that occur decay, though every row moves",
            {"weight_decay": 0.25, "learning_rate": 0.0},
            OTHER_ROWS,
        ),
    ],
    "tf.contrib.opt/extend_with_decoupled_weight_decay.GradientDescentOptimizer": [
        sparse_plan(
            "sparse-undecayed",
            "Gradient descent decays by dense gradients, by sparse ones not",
            {"weight_decay": 0.25, "learning_rate": 0.0},
            OTHER_ROWS,
        ),
    ],
    "tf.contrib.opt/LARSOptimizer": [
        sparse_plan(
            "sparse-plain-momentum",
            "A sparse gradient is plain momentum: no norms, no decay",
            {"learning_rate": 0.25, "momentum": 0.75, "weight_decay": 0.5, "eeta": 0.5},
            OTHER_ROWS,
        ),
        sparse_plan(
            "sparse-nesterov",
            "A sparse gradient adds the rate times the gradient to momentum",
            {"learning_rate": 0.25, "momentum": 0.75, "use_nesterov": True},
            OTHER_ROWS,
        ),
    ],
}
