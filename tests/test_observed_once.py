"""A check that fails has seen enough: verdict, first deviation and explanation are of one run."""

from __future__ import annotations

from functools import wraps

import pytest

from oracle import Implementation
from oracle.adapters.numpy import numpy as numpy_candidate
from oracle.conformance.bench import Bench
from oracle.conformance.collection import ARGUMENTS
from oracle.conformance.explanation import Allowance
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding

SPEC = "keras3/Adam"


class Noted:
    """One run of a candidate: what it was built with, and every gradient that it was given."""

    def __init__(self, params, hyper, right):
        self.right = right
        self.asked = [repr(sorted(hyper.items())), *(p.tobytes() for p in params)]

    def step(self, grads):
        self.asked += [g.tobytes() for g in grads if g is not None]
        return [p * p.dtype.type(1.5) for p in self.right.step(grads)]

    def slots(self):
        return self.right.slots()


def noting(runs: list[Noted]) -> Implementation:
    """Return a candidate whose parameters are wrong, and which notes its runs."""
    [right] = [claim.factory for claim in numpy_candidate.claims if claim.spec == SPEC]
    mine = Implementation("mine", dtypes=("float32",))

    @mine.implements(SPEC)
    @wraps(right)
    def factory(params, **hyper):
        runs.append(Noted(params, hyper, right(params, **hyper)))
        return runs[-1]

    return mine


@pytest.mark.parametrize(
    "kind", ["golden_case", "default_run", "clipped_run", "zero", "random_runs"]
)
def test_no_run_of_a_check_that_fails_is_repeated(kind: str):
    runs: list[Noted] = []
    bench = Bench(noting(runs), "mine.py", Guard(60), explaining=Allowance())
    check = max(ARGUMENTS[kind](bench), key=lambda check: check.case == "long-run")
    with pytest.raises(Finding, match=r"(?s)error .* bound.*looks like: "):
        check.holds()
    asked = [tuple(run.asked) for run in runs]
    assert len(set(asked)) == len(asked) > 0


def test_the_first_deviation_is_told_though_only_the_last_step_is_on_record():
    bench = Bench(noting([]), "mine.py", Guard(60))
    found = [check for check in ARGUMENTS["golden_case"](bench) if min(steps(check)) > 1]
    with pytest.raises(Finding, match=r": step 1, param"):
        found[0].holds()


def steps(check) -> list[int]:
    return [point.step for point in check.golden.checkpoints]
