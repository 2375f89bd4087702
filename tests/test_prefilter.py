"""The quick look at one update takes the step that the oracle takes, in any precision."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from oracle.bulk import Bulk
from oracle.claim import Precision
from oracle.conformance.golden import fixture
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.prefilter import Prefilter
from oracle.golden import Case
from oracle.mutation.substitute import rules_run
from oracle.record import Record

PRECISIONS = (Precision("float32"), Precision("bfloat16", compute_dtype="float32"))


def disturbed(spec: str, case: Case, precision: Precision) -> Evidence:
    """Return what a candidate shows that is wrong in all its parameters."""
    steps = range(1, case.steps + 1)
    shown = [Record.of(t, [p + 3 * (1 + abs(p)) for p in case.params]) for t in steps]
    return Evidence.of(spec, case.hyper, case.params, case.grads, precision, shown)


@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
@pytest.mark.parametrize("spec", oracle.specs())
def test_a_prefilter_takes_the_right_step(spec: str, precision: Precision):
    dense = (c for c in fixture(spec).cases if all(isinstance(g, np.ndarray) for g in c.grads[0]))
    cases = sorted(dense, key=lambda c: (not all(p.size for p in c.params), len(c.hyper)))
    seen = next(s for case in cases if (s := disturbed(spec, case, precision)).worst)
    right, *_ = Bulk(seen.program, seen.until(1), seen.model)
    for rule in rules_run(seen.spec, seen.hyper, seen.problem):
        prefilter = Prefilter.of(seen, rule)
        if prefilter is not None:
            names, k = prefilter.given(), seen.worst[1].name[1]
            for output in prefilter.outputs:
                exact = right.arrays[output.name, k].truth.hi
                np.testing.assert_allclose(output.value(names), exact, rtol=1e-9, atol=1e-9)
