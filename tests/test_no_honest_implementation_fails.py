"""The bound is wide enough for everybody who computes the right thing."""

from __future__ import annotations

from collections import Counter

import pytest
from honest import AUTHORS
from honest.hard import PLACES, run_at
from honest.runs import HYPER, random_runs

DTYPES = ("float32", "float16", "bfloat16")
RUNS = 1000


def verdicts(run):
    """Yield each author's verdict on one run, with what to say of it."""
    truth = run.truth()
    for author in AUTHORS:
        claim = next(claim for claim in author.claims if claim.spec == run.spec)
        verdict = run.verdict(truth, claim)
        yield verdict, f"{author.name} with {dict(run.hyper)}: {verdict.worst}"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("spec", HYPER)
def test_honest_authors_stay_within_the_bound_in_a_thousand_random_runs(spec, dtype):
    seen = Counter()
    for run in random_runs(spec, dtype, RUNS):
        for verdict, told in verdicts(run):
            assert not verdict.failed, told
            seen.update(checks=verdict.checks, real=verdict.real)
    assert seen["real"] > seen["checks"] / 2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_honest_authors_stay_within_the_bound_where_some_once_did_not(place, dtype):
    for verdict, told in verdicts(run_at(place, dtype)):
        assert not verdict.failed, told
