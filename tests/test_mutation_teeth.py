"""The kill matrix: what golden cases catch, what is not wrong at all, and what slips through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from oracle.arithmetic.model import Model
from oracle.cli import main
from oracle.dtypes import DTYPES
from oracle.mutation.equivalence import agrees, trail
from oracle.mutation.kill import EQUIVALENT, KILLED, SURVIVOR, UNKILLABLE, UNSEEN, Matrix, matrices
from oracle.mutation.observed import effect, run
from oracle.mutation.random_cases import random_problems
from oracle.mutation.substitute import substituted
from oracle.mutation.teeth import Bite, Teeth, teeth
from oracle.problem import Problem
from oracle.rules.ftrl import ftrl
from oracle.rules.sgd import sgd, sgd_momentum
from oracle.systems import spec as find_spec

SGD = "keras3/SGD"


@pytest.fixture(scope="module")
def momentum() -> Matrix:
    """The matrix of gradient descent with momentum."""
    return next(matrix for matrix in matrices(SGD) if matrix.rule is sgd_momentum)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_golden_cases_kill_wrong_momentum(momentum: Matrix, dtype: str):
    """Every version is told from the right one, each by a case that lists the dtype."""
    fates = list(momentum.fates(dtype))
    assert {fate.kind for fate in fates} == {KILLED}
    known = {case.id: case for case in momentum.cases}
    assert all(dtype in known[fate.case].dtypes for fate in fates)


def test_without_its_cases_a_version_survives(momentum: Matrix):
    """A random run tells what no golden case of the dtype does."""
    blind = Matrix(momentum.spec, momentum.rule, [replace(c, dtypes=()) for c in momentum.cases])
    kinds = {fate.version.id: fate.kind for fate in blind.fates("float32")}
    assert kinds["sgd_momentum:swap-sign:v_t.1"] == SURVIVOR


def test_rounding_hides_one_per_cent_in_bfloat16(momentum: Matrix):
    """Its numbers are further apart than that; the effect that was seen is told."""
    fates = {fate.version.id: fate for fate in momentum.fates("bfloat16")}
    fate = fates["sgd_momentum:scale-rate:v_t.1"]
    assert fate.kind == UNKILLABLE
    assert 0 < fate.effect <= 1


def test_what_is_only_written_differently_is_equivalent():
    """Momentum without any momentum is gradient descent: 50 digits show that it is no fault."""
    [matrix] = [m for m in matrices(SGD) if m.rule is sgd]
    fates = {fate.version.id: fate for fate in matrix.fates("float32")}
    fate = fates["sgd:other-form:sgd_momentum"]
    assert fate.kind == EQUIVALENT
    assert fate.agreeing > len(matrix.cases)


def test_agreement_needs_thirty_digits():
    """A change in the 25th digit is a difference, one in the 45th is none."""
    spec = find_spec(SGD)
    problem = Problem.checked(spec, [[1.0]], [[[1.0]]])
    right = trail(spec.program({"learning_rate": "0.5"}), problem)
    near = spec.program({"learning_rate": "0.5" + "0" * 44 + "1"})
    far = spec.program({"learning_rate": "0.5" + "0" * 24 + "1"})
    assert agrees(right, near, problem)
    assert not agrees(right, far, problem)


def test_a_stray_infinity_is_an_endless_effect():
    """A version that is not finite where the truth is cannot pass."""
    spec = find_spec(SGD)
    problem = Problem.checked(spec, [[1.0]], [[[1.0]]])
    model = Model.declared("float32")
    [right] = run(spec.program({}), problem, model)
    [wrong] = run(spec.program({"learning_rate": float("inf")}), problem, model)
    assert effect(right, wrong) == np.inf
    assert effect(right, right) == 0


def test_random_runs_are_the_same_every_time_and_held_exactly():
    """They are drawn by the id of the spec, in numbers that float16 and bfloat16 have."""
    [matrix] = [m for m in matrices(SGD) if m.rule is sgd]
    first, second = (list(random_problems(matrix.spec, sgd, matrix.cases, 5)) for _ in range(2))
    assert str(first) == str(second)
    for hyper, problem in first:
        assert matrix.spec.rules(matrix.spec.validate(hyper)) is sgd
        for array in problem.params:
            assert np.array_equal(array.astype(np.float16).astype(float), array)


def test_a_wrong_default_is_killed_by_the_case_that_leaves_it_alone():
    """Whoever starts from another library's learning rate or momentum is seen."""
    matrix = matrices(SGD)[-1]
    fates = {fate.version.id: fate for fate in matrix.fates("float32")}
    fate = fates["keras3/SGD:default:learning_rate=0.001"]
    assert fate.kind == KILLED
    assert "learning_rate" not in next(c for c in matrix.cases if c.id == fate.case).hyper
    assert fates["keras3/SGD:default:use_ema=True"].kind == UNSEEN


def test_a_sparse_kernel_has_versions_of_its_own():
    """Its rule is exchanged where sparse gradients come, and only there."""
    with_rules = [matrix for matrix in matrices("tf.train/FtrlOptimizer") if matrix.rule]
    found = {matrix.rule.name: matrix for matrix in with_rules}
    clamped = found["ftrl_clamped"]
    other = substituted(clamped.spec, clamped.rule, ftrl)
    assert other.sparse.choose({**other.validate(clamped.cases[0].hyper)}) is ftrl
    assert other.rules(other.validate(clamped.cases[0].hyper)) is not ftrl


def test_the_report_counts_and_names():
    """Killed ones are counted only; the others are told line by line."""
    found = teeth("keras3/Lion", ["float32"])
    lines = list(found.lines())
    assert lines[0] == f"keras3/Lion: {found.versions} wrong versions"
    assert f"{sum(b.kind == KILLED for b in found.bites):4} killed" in lines[1]


def test_a_survivor_is_told_with_both_lines():
    """Somebody who adds a case has to know what to look for."""
    bite = Bite("r:o:p.1", SURVIVOR, "float16", "p = 1", "p = 2", "oracle/rules/r.py:7", "", 3.0, 0)
    told = list(Teeth("a/B", (bite, replace(bite, dtype="bfloat16"))).lines())
    assert told[-3:] == [
        "  r:o:p.1: SURVIVES in float16, bfloat16; no golden case tells it apart",
        "    p = 2",
        "    instead of p = 1 (oracle/rules/r.py:7)",
    ]


@pytest.mark.parametrize(
    ("kind", "code"), [(KILLED, 0), (EQUIVALENT, 0), (UNKILLABLE, 0), (UNSEEN, 0)]
)
def test_only_survivors_are_an_error(kind: str, code: int, monkeypatch: pytest.MonkeyPatch):
    """What cannot be killed is told, and no more."""
    result = _judged(kind, monkeypatch)
    assert result.exit_code == code


def test_a_survivor_is_exit_code_one(monkeypatch: pytest.MonkeyPatch):
    """So that CI sees it."""
    result = _judged(SURVIVOR, monkeypatch)
    assert result.exit_code == 1
    assert "1 wrong versions survive" in result.output


def _judged(kind: str, monkeypatch: pytest.MonkeyPatch):
    bite = Bite("r:o:p.1", kind, "float16", "p = 1", "p = 2", "oracle/rules/r.py:7", "", 3.0, 9)
    monkeypatch.setattr(
        "oracle.commands.teeth.all_teeth", lambda specs, dtypes, jobs: [Teeth(specs[0], (bite,))]
    )
    return CliRunner().invoke(main, ["teeth", SGD])


def test_help_teaches():
    """A sentence, the words of the report, and commands to copy."""
    text = CliRunner().invoke(main, ["teeth", "--help"]).output
    assert "Examples:  oracle teeth keras3/Adam" in text
    assert all(word in text for word in (KILLED, EQUIVALENT, UNKILLABLE, SURVIVOR))


def test_the_command_runs_in_one_dtype():
    """From the fixtures to the exit code."""
    result = CliRunner().invoke(main, ["teeth", SGD, "--dtype", "float32", "--jobs", "1"])
    assert result.output.startswith("keras3/SGD: ")
    assert result.exit_code == ("survive" in result.output)
    assert all(f"  {dtype}" not in result.output for dtype in DTYPES if dtype != "float32")
