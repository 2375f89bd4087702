"""Cases of the optimizers of tf.contrib.opt that decompose matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import MANY, MATRIX_SCALAR_EMPTY, MATRIX_WITHOUT_ROWS, Plan, Shape
from oracle.golden.cases.tf_contrib_matrix_arguments import GGT, SHAMPOO, TF_CONTRIB_MATRIX
from oracle.golden.cases.tf_shared import missing_gradients

_SHAPES: dict[str, Mapping[tuple[Shape, ...], tuple[Shape, ...]]] = {
    SHAMPOO: {MATRIX_SCALAR_EMPTY: ((2, 3), (4,)), MANY: ((4,), (1, 2, 2), (1,), (3, 2))},
    GGT: {
        MATRIX_SCALAR_EMPTY: ((2, 3), (2,), (0,)),
        MANY: ((4,), (4,), (1, 2, 2), (0,), (1,)),
        MATRIX_WITHOUT_ROWS: MATRIX_WITHOUT_ROWS,
    },
}
"""What stands for the shapes of the common cases, which have scalars or, for Shampoo, are empty."""

_ILL_CONDITIONED = ("huge-gradients", "enormous-gradients", "not-finite-gradients")
"""The largest eigenvalue exceeds the smallest by all digits of the truth, or there is none."""


def tf_contrib_matrix_plans(spec: str) -> list[Plan]:
    """Return the cases of the rule, and of what surprises."""
    shapes = _SHAPES[spec]
    plans = [
        replace(plan, shapes=shapes[plan.shapes])
        for plan in rule_plans(TF_CONTRIB_MATRIX[spec])
        if plan.id not in _ILL_CONDITIONED and plan.shapes in shapes
    ]
    if spec != SHAMPOO:
        return [*plans, *_SURPRISES[spec]]
    missing = missing_gradients(spec, TF_CONTRIB_MATRIX[spec].coarse)
    missing = replace(missing, shapes=((2, 3), (4,), (2,)))
    return [*map(_alone_without_epsilon, plans), missing, *_SURPRISES[spec]]


def _alone_without_epsilon(plan: Plan) -> Plan:
    """Let an argument be alone; the epsilon of the defaults is seen next to small gradients."""
    name = plan.id.removeprefix("only-").replace("-", "_")
    if name not in TF_CONTRIB_MATRIX[SHAMPOO].alone:
        return plan
    alone = {name: plan.hyper[name]}
    return replace(plan, hyper=alone, gradients="small", start="zero", shapes=((4,), (2, 2)))


def _sharp(**others: Any) -> dict[str, Any]:
    return {"learning_rate": 0.5, "epsilon": 0.0625, **others}


_SURPRISES: dict[str, list[Plan]] = {
    SHAMPOO: [
        Plan(
            "from-defaults",
            "With nothing set epsilon is 1e-4, and a single axis takes alpha whole",
            gradients="small",
            start="zero",
            shapes=((1,), (2, 2)),
        ),
        Plan(
            "identity-at-first",
            "Until svd_interval is over once, the step is that of gradient descent",
            _sharp(svd_interval=3),
            steps=4,
            checkpoints=(2, 3, 4),
            shapes=((2, 3), (4,)),
        ),
        Plan(
            "roots-rest-while-axes-look",
            "Axes look at every step; their roots rest until the next decomposition",
            _sharp(svd_interval=2, mat_gbar_decay=0.5),
            steps=5,
            checkpoints=(2, 3, 4, 5),
            shapes=((2, 2), (3,)),
        ),
        Plan(
            "looks-seldom",
            "What comes between two looks is never seen, and a look weighs two",
            _sharp(precond_update_interval=2),
            steps=4,
            checkpoints=(1, 2, 3, 4),
            shapes=((2, 3), (3,)),
        ),
        Plan(
            "nothing-remembered",
            "With mat_gbar_decay 0 nothing has been seen between two looks",
            _sharp(precond_update_interval=2, mat_gbar_decay=0.0),
            steps=3,
            checkpoints=(1, 2, 3),
            shapes=((2, 2),),
        ),
        Plan(
            "mean-over-rows",
            "What is seen is divided by the rows of its axis, not of the others",
            _sharp(),
            gradients="steady",
            checkpoints=(1, 2, 3),
            shapes=((1, 4), (4, 1)),
        ),
        Plan(
            "huge-gradients",
            "Squares of huge gradients overflow nothing; epsilon is as huge",
            _sharp(epsilon=2.0**72),
            gradients="huge",
            shapes=((2, 3), (4,)),
        ),
        Plan(
            "single-places",
            "An axis of length 1 has a number for a matrix",
            _sharp(epsilon=0.25, gbar_decay=0.5, mat_gbar_decay=0.5),
            gradients="sign-changing",
            steps=4,
            shapes=((1,), (1, 1)),
        ),
        Plan(
            "long-axis-of-a-vector",
            "A long vector has a diagonal that no length divides: Adagrad",
            _sharp(max_matrix_size=3),
            gradients="sparse",
            steps=4,
            checkpoints=(1, 2, 4),
            shapes=((5,),),
        ),
        Plan(
            "long-axis-of-a-matrix",
            "A long axis of two is divided by its length, beside a short one",
            _sharp(max_matrix_size=3),
            gradients="sparse",
            steps=4,
            checkpoints=(1, 2, 4),
            shapes=((5, 2), (2, 4)),
        ),
        Plan(
            "long-axis-looks-always",
            "precond_update_interval says nothing to a long axis",
            _sharp(max_matrix_size=2, precond_update_interval=2),
            checkpoints=(1, 2, 3),
            shapes=((4, 2), (3,)),
        ),
        Plan(
            "no-epsilon-for-long-axes",
            "A long axis adds no epsilon, and drops rows of which it saw nothing",
            {"learning_rate": 0.5, "epsilon": 1.0, "max_matrix_size": 1},
            gradients="sparse",
            checkpoints=(1, 2, 3),
            start="zero",
            shapes=((4, 3), (4,)),
        ),
        Plan(
            "three-axes",
            "Each of three axes takes a third of alpha",
            _sharp(alpha=0.75),
            checkpoints=(1, 2, 3),
            shapes=((2, 3, 2),),
        ),
        Plan(
            "memory-that-never-fades",
            "With gbar_decay 1 the gradients are summed up",
            _sharp(gbar_decay=1.0, gbar_weight=0.25),
            checkpoints=(1, 2, 3),
            shapes=((2, 3), (3,)),
        ),
        Plan(
            "iterative-root",
            "A root by Newton's iteration is the same root",
            _sharp(use_iterative_root=True),
            checkpoints=(1, 2, 3),
            shapes=((2, 3), (3,)),
        ),
    ],
    GGT: [
        Plan(
            "huge-gradients",
            "Squares of huge gradients overflow nothing; both epsilons are as huge",
            {"learning_rate": 0.5, "window": 3, "svd_eps": 2.0**72, "sigma_eps": 2.0**36},
            gradients="huge",
            shapes=((2, 3), (2,)),
        ),
        Plan(
            "one-moment",
            "With a window of 1 only the present moment is decomposed",
            {"learning_rate": 0.5, "beta1": 0.5, "window": 1, "svd_eps": 1.0, "sigma_eps": 1.0},
            steps=4,
            start="zero",
            shapes=((2, 3), (2,), (0,)),
        ),
        Plan(
            "one-moment-alone",
            "With a window of 1 and a large eps each step is along the moment",
            {
                "learning_rate": 0.5,
                "beta1": 0.5,
                "window": 1,
                "eps": 64.0,
                "svd_eps": 1.0,
                "sigma_eps": 0.5,
            },
            gradients="sign-changing",
            steps=4,
            start="zero",
            shapes=((3,), (2,)),
        ),
        Plan(
            "one-moment-after-zeros",
            "Moments of 0 step nowhere, whatever their roots",
            {"learning_rate": 2.0, "beta1": 0.5, "window": 1, "svd_eps": 1.0, "sigma_eps": 0.5},
            gradients="zero-first",
            steps=4,
            start="zero",
            shapes=((3,), (1,)),
        ),
        Plan(
            "all-variables-are-one",
            "Equal moments of two variables count twice in the one decomposition",
            {"learning_rate": 0.5, "window": 1, "svd_eps": 0.25, "sigma_eps": 0.5},
            gradients="norms",
            checkpoints=(1, 2, 3),
            shapes=((3,), (3,)),
        ),
        Plan(
            "window-slides",
            "Of a window of two, the third moment drops the first",
            {"learning_rate": 0.5, "beta1": 0.25, "window": 2, "svd_eps": 0.25, "sigma_eps": 0.5},
            steps=4,
            checkpoints=(1, 2, 3, 4),
            shapes=((2, 2),),
        ),
        Plan(
            "window-not-full",
            "Before the window is full, the moments are divided by their number",
            {"learning_rate": 0.5, "beta1": 0.5, "window": 4, "svd_eps": 0.25, "sigma_eps": 0.5},
            gradients="steady",
            steps=5,
            checkpoints=(1, 2, 4, 5),
            shapes=((3,), (2,)),
        ),
        Plan(
            "no-rest-of-the-space",
            "With eps above every root only the span of the moments is stepped",
            {"learning_rate": 0.5, "window": 2, "eps": 8.0, "svd_eps": 0.25, "sigma_eps": 0.5},
            checkpoints=(1, 2, 3),
            shapes=((3,), (2,)),
        ),
        Plan(
            "no-bias-correction",
            "The moment grows from 0, without a bias correction",
            {"learning_rate": 0.5, "beta1": 0.875, "window": 2, "svd_eps": 0.25, "sigma_eps": 0.5},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
            shapes=((4,),),
        ),
        Plan(
            "full-rank",
            "More moments than elements span the whole space",
            {"learning_rate": 0.5, "window": 4, "svd_eps": 0.0625, "sigma_eps": 0.25},
            steps=5,
            checkpoints=(2, 4, 5),
            shapes=((2,),),
        ),
    ],
}
