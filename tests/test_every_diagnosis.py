"""Wrong versions of every spec, as candidates: each fails, and the wrong line is told first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pytest

import oracle
from oracle import Implementation
from oracle.arithmetic.doubles import Doubles
from oracle.conformance.bench import Bench
from oracle.conformance.explanation import Allowance
from oracle.conformance.golden import checks
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding
from oracle.dtypes import float_type
from oracle.golden import load
from oracle.mutation.surroundings import Make, around, functions_run, slip_rank
from oracle.mutation.wrong import Wrong
from oracle.problem import Problem
from oracle.rules.rule import Rule

pytestmark = pytest.mark.long
DTYPE = "float32"
SLIPS = ("drop-bias-correction", "drop-square", "drop-root", "drop-term", "drop-factor")
SLIPS += ("swap-product", "swap-extremes", "change-constant")
"""What has no other name: what is left out, say, may be told as the default of its argument."""


SAY_LITTLE = ("nan", " raises ", " comes back with shape ", "looks like: a step without ")
"""What is told of a version that goes nowhere, or returns no numbers of the right shape."""

FEWER = {
    "keras2/TFOptimizer": 0,
    "keras3/MultiOptimizer": 0,
    "keras3/LossScaleOptimizer": 1,
    "tf.train/GradientDescentOptimizer": 1,
    "tf.train/experimental.MixedPrecisionLossScaleOptimizer": 0,
    "tf.contrib.opt/MovingAverageOptimizer": 0,
    "tf.contrib.opt/MultitaskOptimizerWrapper": 1,
    "tf.contrib.opt/DropStaleGradientOptimizer": 0,
    "tf.contrib.opt/ModelAverageOptimizer": 0,
    "tf.contrib.opt/AGNOptimizer": 1,
    "tf/clip_by_value": 1,
    "optax/identity": 0,
    "optax/scale_by_sign": 0,
    "optax/apply_if_finite": 0,
    "optax/masked": 0,
    **dict.fromkeys(
        (
            "optax/sign_sgd",
            "optax/clip",
            "optax/clip_by_block_rms",
            "optax/centralize",
            "optax/keep_params_nonnegative",
            "optax/scale",
            "optax/add_decayed_weights",
            "optax/apply_every",
            "optax/scale_by_param_block_norm",
            "optax/scale_by_param_block_rms",
        ),
        1,
    ),
    "torch/AveragedModel": 0,
    "torch/GradScaler": 1,
    **{f"torch/{name}LR": 1 for name in ("Step", "MultiStep", "Constant", "Exponential", "Lambda")},
    "torch/clip_grad_value_": 1,
    "torch/get_total_norm": 1,
}
"""What wraps, or is one statement, has less of its own that its parameters alone can betray."""


LIKE_ANOTHER = {"optax.contrib/schedule_free": "total = "}
"""Statements a slip in which moves the parameters as another does, which is told in its place."""


class Mutant:
    """A wrong version, computed in float64 and stored in float32."""

    def __init__(self, make: Make, params: Any, hyper: Mapping[str, Any]) -> None:
        self._xp, self._program = Doubles(), make(hyper)
        with np.errstate(all="ignore"):
            numbers = [self._xp.array(p.astype(np.float64)) for p in params]
            self._state = self._program.start(self._xp, numbers, [p.shape for p in params])

    def step(self, grads: Any) -> list[Any]:
        with np.errstate(all="ignore"):
            given = [None if g is None else self._xp.array(g.astype(np.float64)) for g in grads]
            self._state = self._program.step(self._xp, self._state, given)
        kind = float_type(DTYPE)
        self._state.params = [self._xp.array(kind.round(p.data)) for p in self._state.params]
        return [p.data.astype(np.float32) for p in self._state.params]


def candidate(spec: str, make: Make) -> Implementation:
    """Return an implementation of a wrong version, which shows no slots."""
    mutant = Implementation("mutant", dtypes=(DTYPE,), schedules=True, missing_gradients=True)

    @mutant.implements(spec)
    def build(params: Any, **hyper: Any) -> Mutant:
        return Mutant(make, params, hyper)

    return mutant


def told_of(
    spec: str, make: Make, case: str, guard: Guard, explaining: Allowance | None = None
) -> str | None:
    """Return how a wrong version fails in a case, and why if wanted; None where it does not."""
    bench = Bench(candidate(spec, make), "it", guard, dtypes=(DTYPE,), explaining=explaining)
    [check] = [check for check in checks(bench) if check.case == case]
    try:
        check.holds()
    except Finding as finding:
        return str(finding)
    return None


def versions(spec: str) -> Iterator[tuple[Wrong, Make, str]]:
    """Yield the wrong versions of what a spec's dense cases run, those of a case by likelihood."""
    known, seen = oracle.spec(spec), set[str]()
    for case in load(spec).cases:
        dense = all(isinstance(g, np.ndarray) or g is None for row in case.grads for g in row)
        if DTYPE not in case.dtypes or not dense:
            continue
        found = []
        problem = Problem.checked(known, case.params, case.grads)
        for part in functions_run(known, case.hyper, problem):
            for wrong, make in around(known, part):
                if wrong.id not in seen and wrong.operator in SLIPS:
                    own = isinstance(part, Rule)
                    found.append((not own, slip_rank(wrong), wrong, make, case.id))
                    seen.add(wrong.id)
        for *_, wrong, make, case_id in sorted(found, key=lambda one: one[:2]):
            yield wrong, make, case_id


def wrong_ones(spec: str, guard: Guard) -> Iterator[tuple[Wrong, str]]:
    """Yield wrong versions that fail, of different statements, and what is told of each."""
    before: set[str] = set()
    little = SAY_LITTLE if spec.startswith(("torch/", "optax")) else SAY_LITTLE[:3]
    for wrong, make, case in versions(spec):
        if wrong.before in before or wrong.after.rpartition("= ")[2].isidentifier():
            continue  # a step that goes nowhere has many names
        if wrong.before.startswith(LIKE_ANOTHER.get(spec, "\n")):
            continue
        at_once = told_of(spec, make, case, guard)
        if at_once is None or any(word in at_once for word in little):
            continue
        told = str(told_of(spec, make, case, guard, Allowance(600.0, 60.0)))
        if not any(word in told for word in little):
            before.add(wrong.before)
            yield wrong, told


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a wrong version")
    yield guard
    guard.close()


@pytest.mark.parametrize("spec", oracle.specs())
def test_a_wrong_version_is_told_with_the_right_line(spec: str, guard: Guard):
    assert_told(spec, 1, guard)


@pytest.mark.nightly
@pytest.mark.parametrize("spec", oracle.specs())
def test_two_wrong_versions_are_told_with_the_right_line(spec: str, guard: Guard):
    assert_told(spec, 2, guard)


def assert_told(spec: str, number: int, guard: Guard) -> None:
    """Assert that so many wrong versions, or all that there are, are told with the right line."""
    found = list(islice(wrong_ones(spec, guard), number))
    for wrong, told in found:
        lines = [line.strip() for line in told.splitlines()]
        explained = [line for line in lines if line.startswith("looks like: ")]
        assert any(f"instead of `{wrong.before}` ({wrong.where})" in line for line in explained[:2])
    assert len(found) == min(FEWER.get(spec, 2), number)
