"""Golden cases at the edges of hyperparameters tell what no other case does."""

from __future__ import annotations

import pytest

GOLDEN = "suites/test_golden.py"


@pytest.mark.long
@pytest.mark.parametrize(
    ("candidate", "case", "told"),
    [
        ("rests_at_beta_1_zero", "beta-1-zero", "slot m"),
        ("lets_a_norm_of_zero_pass", "norm-of-zero-at-zero", "want nan"),
        ("binds_its_pieces_late", "piecewise", "step 3"),
    ],
)
def test_a_case_at_the_edge_tells_who_is_wrong_there(candidate: str, case: str, told: str, judge):
    result = judge(candidate, GOLDEN, "-k", case)
    assert result.parseoutcomes()["failed"] >= 1
    assert told in "\n".join(result.outlines)


@pytest.mark.parametrize(
    ("candidate", "others"),
    [
        ("rests_at_beta_1_zero", "not beta-1-zero"),
        ("lets_a_norm_of_zero_pass", "not (norm-of-zero or negative)"),
        ("binds_its_pieces_late", "only or small or first or last or coarse or 100-steps"),
    ],
)
def test_elsewhere_nothing_is_seen_of_it(candidate: str, others: str, judge):
    outcomes = judge(candidate, GOLDEN, "-k", others).parseoutcomes()
    assert outcomes["passed"] > 3
    assert "failed" not in outcomes
