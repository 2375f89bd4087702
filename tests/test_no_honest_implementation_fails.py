"""The bound is wide enough for everybody who computes the right thing, and nobody is accused.

`benchmarks/false_alarms.py` does the same for a thousand seeds.
"""

from __future__ import annotations

from collections import Counter

import pytest
from honest import REWRITINGS
from honest.hard import PLACES, run_at
from honest.runs import PRECISIONS
from honest.situations import SITUATIONS
from honest.trial import trials

from oracle.claim import Precision

SEEDS = 12
DIAGNOSED = 2
"""How many of the runs are diagnosed, too."""


def told(precision: Precision) -> str:
    computes = precision.compute_dtype
    return f"{precision.dtype}-by-{computes}" if computes else precision.dtype


def test_there_are_twenty_rewritings_and_more():
    assert REWRITINGS.keys() == SITUATIONS.keys()
    assert len({rewriting for group in REWRITINGS.values() for rewriting in group}) >= 20


@pytest.mark.long
@pytest.mark.parametrize("precision", PRECISIONS, ids=told)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_honest_authors_stay_within_the_bound_and_are_not_diagnosed(situation, precision):
    seen = Counter()
    for seed in range(SEEDS):
        for trial in trials(situation, precision, seed, diagnosing=seed < DIAGNOSED):
            assert not trial.is_false_alarm, str(trial)
            seen.update(checks=trial.verdict.checks, real=trial.verdict.real)
    assert seen["real"] > seen["checks"] / 20


@pytest.mark.parametrize("precision", PRECISIONS[:3], ids=told)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_honest_authors_stay_within_the_bound_where_some_once_did_not(place, precision):
    run = run_at(place, precision)
    truth = run.truth()
    for rewriting in REWRITINGS[run.spec]:
        verdict = run.verdict(truth, run.observe(rewriting))
        assert not verdict.failed, f"{rewriting.__module__}: {verdict.worst}"
