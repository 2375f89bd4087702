"""One slip makes many checks fail: it is searched for once, and told as one cause."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from oracle import Implementation
from oracle.conformance.bench import Bench
from oracle.conformance.explanation import LONGEST, Allowance
from oracle.conformance.golden import GoldenCheck, checks
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding
from oracle.diagnosis import diagnose as diagnosis
from oracle.diagnosis.told import Told

SLOW = Path(__file__).parent / "candidates" / "slow_by_one_percent.py"
ROOT = "looks like: `p_t = p - alpha_t * m_t / xp.sqrt(v_t + epsilon)` instead of `"


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a wrong optimizer")
    yield guard
    guard.close()


def adam_with_epsilon_inside(pause: float = 0.0) -> Implementation:
    """Return an Adam that claims to be two libraries', and rests before it begins."""
    it = Implementation("it")

    @it.implements("keras3/Adam")
    @it.implements("keras2/Adam")
    def adam(params, *, learning_rate, beta_1, beta_2, epsilon):
        time.sleep(pause)
        m, v, t = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params], 0

        def step(grads):
            nonlocal t
            t += 1
            alpha = learning_rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
            for k, g in enumerate(grads):
                m[k] = beta_1 * m[k] + (1 - beta_1) * g
                v[k] = beta_2 * v[k] + (1 - beta_2) * g * g
                params[k] = params[k] - alpha * m[k] / np.sqrt(v[k] + epsilon)
            return params

        return step

    return it


def explained(bench: Bench, spec: str, case: str, dtype: str) -> tuple[str, GoldenCheck]:
    """Return what a failing case looks like, on one line, and its check."""
    [check] = [c for c in checks(bench) if (c.claim.spec, c.case, c.dtype) == (spec, case, dtype)]
    with pytest.raises(Finding) as caught:
        check.holds()
    [line] = [line for line in str(caught.value).splitlines() if "looks like: " in line]
    return line.strip(), check


def test_a_cause_is_known_again_in_another_dtype_and_another_spec(guard: Guard):
    bench = Bench(adam_with_epsilon_inside(), "it", guard, explaining=Allowance())
    first, check = explained(bench, "keras3/Adam", "coarse", "float32")
    assert first.startswith(ROOT)
    assert "before" not in first
    bench.explaining.seconds = 0.0
    for number, (spec, dtype) in enumerate(
        [("keras3/Adam", "float64"), ("keras2/Adam", "float32")], start=1
    ):
        again, other = explained(bench, spec, "coarse", dtype)
        assert again.startswith(ROOT)
        assert again.endswith(f", as in {number} failure{'s' * (number > 1)} before")
        assert other.cause == check.cause


def test_what_a_known_cause_explains_takes_nothing_of_the_time(guard: Guard):
    bench = Bench(adam_with_epsilon_inside(), "it", guard, explaining=Allowance())
    explained(bench, "keras3/Adam", "coarse", "float32")
    left = bench.explaining.seconds
    assert left < Allowance().seconds
    explained(bench, "keras3/Adam", "only-epsilon", "float32")
    assert bench.explaining.seconds == left


def test_the_numbers_of_a_known_cause_are_those_of_the_case(guard: Guard):
    """Ten times epsilon is another number in every case, and one cause."""
    it = Implementation("it")

    @it.implements("keras3/SGD")
    def sgd(params, *, learning_rate):
        return lambda grads: [
            p.__isub__(p.dtype.type(10 * learning_rate) * g)
            for p, g in zip(params, grads, strict=True)
        ]

    bench = Bench(it, "it", guard, explaining=Allowance())
    cases = [c.case for c in checks(bench) if c.dtype == "float32" and c.golden.hyper]
    lines = [
        explained(bench, "keras3/SGD", case, "float32")
        for case in cases
        if case in ("only-learning-rate", "zero-gradients", "large-gradients")
    ]
    assert len(lines) > 0
    for line, check in lines:
        rate = check.golden.hyper["learning_rate"]
        assert f"learning_rate={10 * rate!r}, ten times instead of learning_rate={rate!r}" in line
        assert check.cause == "learning_rate, ten times"


@pytest.mark.long
def test_the_time_is_that_of_the_processor(guard: Guard):
    """A candidate that waits does not use it up."""
    allowance = Allowance(longest=2.0)
    bench = Bench(adam_with_epsilon_inside(pause=0.4), "it", guard, explaining=allowance)
    begin = time.monotonic()
    line, _ = explained(bench, "keras3/Adam", "coarse", "float32")
    assert time.monotonic() - begin > 2.0
    assert line.startswith(ROOT)


def test_searches_in_vain_make_the_next_ones_shorter(monkeypatch: pytest.MonkeyPatch, guard: Guard):
    """So that one rule does not use up the time of all others."""
    asked = []

    def in_vain(evidence: object, seconds: float, _: object) -> Iterator[Told]:
        asked.append(seconds)
        yield Told("no explanation found")

    monkeypatch.setattr(diagnosis, "diagnose", in_vain)
    bench = Bench(adam_with_epsilon_inside(), "it", guard, explaining=Allowance())
    for _ in range(5):
        explained(bench, "keras3/Adam", "coarse", "float32")
    assert asked == [LONGEST, LONGEST, LONGEST / 2, LONGEST / 2, LONGEST / 4]


def test_the_end_of_a_run_lists_causes_with_their_checks(judge):
    told = judge("slow_by_one_percent", "suites/test_golden.py").stdout.str()
    [number, names] = re.search(
        r"^causes of the failures:\n  (\d+) of \S+ \* learning_rate.*\n    (.*)$", told, re.M
    ).groups()
    failed = int(re.search(r"(\d+) failed", told)[1])
    assert 3 < int(number) <= failed
    assert names.startswith("test_golden[keras3/SGD-")
    assert names.endswith(f" and {int(number) - 3} more")


@pytest.mark.long
def test_the_workers_of_xdist_tell_their_causes(tmp_path: Path):
    options = ["-n2", "suites/test_golden.py", "--impl-report=report.jsonl"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--impl={SLOW}", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    found = re.search(r"causes of the failures:\n  (\d+) of (.*)\n", done.stdout)
    assert found is not None, done.stdout
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert [line.get("cause") for line in lines].count(found[2]) == int(found[1])
