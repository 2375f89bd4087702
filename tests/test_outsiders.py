"""What outsiders tried first: their candidates come to the verdict, and the words, they have to.

Counters that stop, forgotten elements, shared slots and edges of hyperparameters have tests of
their own: `test_counter_checks`, `test_size_checks`, `test_arrays_and_instances`,
`test_edges_are_seen`. What is identified is in `test_identify`.
"""

from __future__ import annotations

import pytest
from conftest import Judge

GOLDEN = "suites/test_golden.py::test_golden"
RANDOM = "suites/test_properties.py::test_random_runs"

WRONG = {
    "sine_of_the_gradient": (f"{GOLDEN}[keras3/SGD-only-learning-rate-bfloat16]", "x the bound"),
    "lars_by_cube_norms": (
        f"{GOLDEN}[tf.contrib.opt/LARSOptimizer-defaults-float64]",
        "x the bound",
    ),
    "adamax_epsilon_in_maximum": (
        f"{GOLDEN}[keras2/Adamax-coarse-float64]",
        "xp.maximum(beta_2 * u, xp.abs(g) + epsilon)",
    ),
    "adadelta_by_the_old_average": (
        f"{GOLDEN}[keras2/Adadelta-coarse-float64]",
        "xp.sqrt(a + epsilon)` instead of",
    ),
    "lets_a_norm_of_zero_pass": (
        f"{GOLDEN}[tf/clip_by_global_norm-norm-of-zero-at-zero-float32]",
        "xp.where(norm <= clip_norm, 1, clip_norm / norm)",
    ),
    "accumulates_in_float32": (f"{RANDOM}[keras3/SGD-float64]", "float32' in `accumulate`"),
    "honest_quotients": (f"{RANDOM}[keras3/RMSprop-float32]", "but that `g ** 2` underflows"),
}
"""By candidate: a check that it has to fail, and what it has to be told there."""


@pytest.mark.long
@pytest.mark.parametrize("candidate", WRONG)
def test_it_fails_with_its_numbers_and_is_told_why(candidate: str, judge: Judge):
    check, told = WRONG[candidate]
    result = judge(candidate, check)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*got *, want *", "*repro: pytest --impl=*"])
    assert told in result.stdout.str()
    assert "not found out" not in result.stdout.str()


@pytest.mark.long
@pytest.mark.parametrize(
    ("candidate", "specs"),
    [
        ("honest_in_parts", "Nadam or SGD"),
        ("honest_accumulation", "SGD"),
        ("honest_quotients", "Adadelta"),
    ],
)
def test_an_honest_one_passes(candidate: str, specs: str, judge: Judge):
    result = judge(candidate, "-k", specs)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 30
