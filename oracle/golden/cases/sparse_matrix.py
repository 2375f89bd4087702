"""Cases with sparse gradients for Shampoo, which makes them dense, or takes them row by row."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.plan import Plan, Rows
from oracle.golden.cases.sparse import NONE_AT_ALL, OTHER_ROWS, REPEATED, sparse_plan
from oracle.golden.cases.tf_contrib_matrix_arguments import SHAMPOO


def sparse_matrix_plans(spec: str) -> list[Plan]:
    """Return the cases of Shampoo; GGT takes no sparse gradients."""
    return list(_PLANS) if spec == SHAMPOO else []


def _plan(id: str, why: str, rows: Rows, **hyper: Any) -> Plan:
    sharp = {"learning_rate": 0.5, "epsilon": 0.0625, **hyper}
    return sparse_plan(id, why, sharp, rows, shapes=((4, 2), (3,)))


_PLANS = (
    _plan("sparse-rows", "A short first axis makes a sparse gradient dense", OTHER_ROWS),
    _plan(
        "sparse-repeated-rows",
        "The occurrences of a row are added up before anything else",
        REPEATED,
    ),
    _plan(
        "sparse-without-rows",
        "Without rows the sum of the gradients moves on, in every row",
        NONE_AT_ALL,
        gbar_decay=0.5,
    ),
    _plan(
        "sparse-sum-of-a-long-axis",
        "A sum of gradients makes them dense, however long the axis",
        OTHER_ROWS,
        gbar_decay=0.5,
        max_matrix_size=3,
    ),
    _plan(
        "sparse-long-axis",
        "A long first axis is not divided by its rows; others rest",
        OTHER_ROWS,
        max_matrix_size=3,
    ),
    _plan(
        "sparse-axis-of-the-largest-size",
        "A first axis of the largest size has a matrix, and a sparse gradient is made dense",
        OTHER_ROWS,
        max_matrix_size=4,
    ),
    _plan(
        "sparse-long-axis-repeated",
        "Along a long axis occurrences are added up before they are squared",
        REPEATED,
        max_matrix_size=3,
    ),
    _plan(
        "sparse-long-axis-without-rows",
        "Along a long axis a gradient without rows moves nothing",
        NONE_AT_ALL,
        max_matrix_size=3,
    ),
    _plan(
        "sparse-long-axis-without-weight",
        "gbar_weight has no effect along a long axis, but weights the vector",
        OTHER_ROWS,
        max_matrix_size=3,
        gbar_weight=0.25,
        mat_gbar_weight=0.5,
    ),
    _plan(
        "sparse-all-axes-long",
        "No long axis divides what it has seen, the second neither",
        OTHER_ROWS,
        max_matrix_size=1,
    ),
)
