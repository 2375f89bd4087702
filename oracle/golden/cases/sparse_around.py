"""Cases with sparse gradients for what stands around an optimizer: wrappers, and clip functions."""

from __future__ import annotations

from oracle.golden.cases.plan import Plan, Rows
from oracle.golden.cases.sparse import NONE_AT_ALL, OTHER_ROWS, REPEATED, sparse_plan
from oracle.golden.cases.tf_clip import TF_CLIP
from oracle.golden.cases.tf_wrappers_arguments import TF_WRAPPERS, wrapped
from oracle.specification.options import plain
from oracle.systems import spec as find_spec

_MATRICES = ((4, 2), (3, 2))
_IN_ORDER: Rows = ((0, 2), (0, 1), (2, 3), (1, 3), (0, 3))
_ADAM = wrapped("AdamOptimizer", learning_rate=0.25, beta1=0.5, beta2=0.75, epsilon=0.0625)
_DESCENT = wrapped("GradientDescentOptimizer", learning_rate=0.25)
_MOMENTUM = wrapped("MomentumOptimizer", learning_rate=0.25, momentum=0.5)
_ALONE = {"num_worker": 1}


def sparse_wrapper_plans(spec: str) -> list[Plan]:
    """Return the cases of a wrapper: those of its coarse arguments, and of its own ways."""
    coarse = TF_WRAPPERS[spec].coarse
    by_itself = plain(find_spec(spec), coarse)
    argument = "optimizer" if "optimizer" in coarse else "opt"
    return [
        sparse_plan("sparse-rows", _ROWS.get(spec, _RESTING), by_itself, OTHER_ROWS),
        sparse_plan("sparse-repeated-rows", _SUMS.get(spec, _ADDED_UP), coarse, REPEATED),
        sparse_plan("sparse-without-rows", _NOTHING.get(spec, _NO_MOVE), coarse, NONE_AT_ALL),
        sparse_plan(
            "sparse-all-rows",
            _OF_ADAM.get(spec, "Around Adam every row moves, as it does without a wrapper"),
            {**coarse, argument: _ADAM},
            OTHER_ROWS,
        ),
        *_SURPRISES.get(spec, []),
    ]


_RESTING = "Rows that do not occur rest, as the wrapped momentum leaves them"
_ADDED_UP = "The wrapped momentum adds the occurrences of a row up"
_NO_MOVE = "A sparse gradient without rows moves no row of the wrapped momentum"

_ROWS = {
    "tf.contrib.opt/MovingAverageOptimizer": "Rows that do not occur rest, and averages catch up",
    "tf.contrib.opt/ElasticAverageOptimizer": "The pull of the center makes every row move",
    "tf.contrib.opt/AGNOptimizer": "Rows rest between periods; the center moves by all of them",
}
_SUMS = {
    "tf.contrib.opt/ElasticAverageOptimizer": "Occurrences are added up, and the pull to them",
    "tf.train/SyncReplicasOptimizer": "A repeated row stays repeated in its accumulator",
}
_NOTHING = {
    "tf.contrib.opt/ElasticAverageOptimizer": "Without rows the pull alone is the gradient",
}
_OF_ADAM = {
    "tf.contrib.opt/ElasticAverageOptimizer": "Around Adam the gradient is dense as well",
}

_SURPRISES: dict[str, list[Plan]] = {
    "tf.contrib.opt/MultitaskOptimizerWrapper": [
        sparse_plan(
            "sparse-nothing-for-adam",
            "A sparse gradient without rows lets all rows of Adam rest",
            {"opt": _ADAM},
            ((1, 2), (), (), (0,)),
        ),
        sparse_plan(
            "sparse-zeros-rest",
            "Rows of zeros let all rows of Adam rest, with their slots",
            {"opt": _ADAM},
            ((1, 2), (0, 3), (2,), (0,)),
            gradients="zero-last",
        ),
        sparse_plan(
            "sparse-descent",
            "Gradient descent takes each occurrence past the wrapper",
            {"opt": _DESCENT},
            REPEATED,
        ),
    ],
    "tf.contrib.opt/VariableClippingOptimizer": [
        sparse_plan(
            "sparse-each-row",
            "Rows that occur are clipped, others keep any norm",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {"0": [1]}, "max_norm": 0.5},
            OTHER_ROWS,
        ),
        sparse_plan(
            "sparse-over-shrunk",
            "A row that occurs twice loses twice what exceeds the norm",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {"0": [1]}, "max_norm": 0.5},
            REPEATED,
        ),
        sparse_plan(
            "sparse-axis-from-the-end",
            "An axis 0 that is counted from the end adds up all occurrences",
            {"opt": _DESCENT, "vars_to_clip_dims": {"0": [-2]}, "max_norm": 0.5},
            REPEATED,
        ),
        sparse_plan(
            "sparse-each-element",
            "No axes clip each element of the rows that occur",
            {"opt": _DESCENT, "vars_to_clip_dims": {"0": []}, "max_norm": 0.5},
            REPEATED,
        ),
    ],
    "tf.contrib.opt/ElasticAverageOptimizer": [
        sparse_plan(
            "sparse-made-dense",
            "A lazy optimizer's slots move in every row, as the sum is dense",
            {"opt": _MOMENTUM, **_ALONE, "rho": 0.5, "moving_rate": 0.25},
            OTHER_ROWS,
        ),
    ],
    "tf.train/SyncReplicasOptimizer": [
        sparse_plan(
            "sparse-mean-of-a-row",
            "A row is divided by how many gradients it is in, not by all",
            {"opt": _MOMENTUM, "replicas_to_aggregate": 2, "total_num_replicas": 1},
            _IN_ORDER,
        ),
        sparse_plan(
            "sparse-out-of-order",
            "Repeated rows and rows out of order miss each other in the merge",
            {"opt": _DESCENT, "replicas_to_aggregate": 2, "total_num_replicas": 1},
            ((2, 0, 2), (0, 2), (3,), (1, 1), (1, 1, 1)),
        ),
    ],
}


def sparse_clip_plans(spec: str) -> list[Plan]:
    """Return the cases of a clip function: what it takes the norm of, and what it gives back."""
    coarse = TF_CLIP[spec].coarse
    return [
        sparse_plan("sparse-rows", _SHOWN.get(spec, _ZEROS), coarse, OTHER_ROWS),
        sparse_plan("sparse-repeated-rows", _NORMS.get(spec, _EACH), coarse, REPEATED),
        sparse_plan("sparse-without-rows", _EMPTY.get(spec, _ALL_ZEROS), coarse, NONE_AT_ALL),
        *_CLIPPED.get(spec, []),
    ]


_ZEROS = "Slices come back: rows that do not occur show 0"
_EACH = "The norm is that of all occurrences, not of their sums"
_ALL_ZEROS = "Slices without rows come back as they are, and show 0"
_SHOWN = {
    "tf/clip_by_average_norm": "The elements of all rows count, those that do not occur as well",
    "tf/global_norm": "The norm of the rows that occur is shown in every row",
}
_NORMS = {
    "tf/clip_by_value": "Each occurrence is clipped, and their sum may lie beyond the ends",
    "tf/clip_by_average_norm": "Occurrences are added up before the norm is taken",
}
_EMPTY = {
    "tf/clip_by_average_norm": "A sparse gradient without rows is a gradient of 0",
    "tf/global_norm": "A sparse gradient without rows adds nothing to the norm",
}

_CLIPPED: dict[str, list[Plan]] = {
    "tf/clip_by_value": [
        sparse_plan(
            "sparse-above-zero",
            "Rows that do not occur show 0, though it is below the lower end",
            {"clip_value_min": 0.25, "clip_value_max": 0.75},
            REPEATED,
        ),
    ],
    "tf/clip_by_norm": [
        sparse_plan(
            "sparse-each-occurrence",
            "Axis 1 gives each occurrence of a row a norm of its own",
            {"clip_norm": 0.5, "axes": [1]},
            REPEATED,
            shapes=_MATRICES,
        ),
        sparse_plan(
            "sparse-each-column",
            "Axis 0 gives each column the norm of all its occurrences",
            {"clip_norm": 0.5, "axes": [0]},
            REPEATED,
            shapes=_MATRICES,
        ),
        sparse_plan(
            "sparse-each-element",
            "Without axes each element of each occurrence is clipped",
            {"clip_norm": 0.5, "axes": []},
            REPEATED,
        ),
    ],
    "tf/clip_by_global_norm": [
        sparse_plan(
            "sparse-one-infinite",
            "NaN fills the rows that occur, and no others",
            {"clip_norm": 1.0},
            OTHER_ROWS,
            gradients="one-infinite",
        ),
    ],
}
