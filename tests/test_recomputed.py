"""Fixtures of every system are computed anew, and come out byte for byte as they are committed.

`oracle check` in .ci/run does it for all; these are the quickest of each system, a wrapper and the
matrices, so that whoever changes a rule or the arithmetic sees at once that the truth has moved.
What their cases ask is compared for all.
"""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import oracle
from oracle.cli import main
from oracle.golden.check import difference_in_questions
from oracle.golden.read import path_of, read_fixture
from oracle.resources import fixtures_dir

QUICK = (
    "keras2/SGD",
    "tf/clip_by_value",
    "tf.train/GradientDescentOptimizer",
    "torch/clip_grad_value_",
    "optax/clip",
    "optax.contrib/dog",
)
LONG = (
    "keras3/Lion",
    "tf.contrib.opt/MovingAverageOptimizer",  # a wrapper
    "tf.contrib.opt/ShampooOptimizer",  # matrices
)


@pytest.mark.long
@pytest.mark.parametrize("id", oracle.specs())
def test_every_fixture_asks_what_is_planned(id: str):
    path = path_of(id, fixtures_dir())
    assert difference_in_questions(id, path, read_fixture(path)) == ""


def computed_anew(id: str) -> None:
    result = CliRunner().invoke(main, ["check", "--only", id, "--jobs", "1"])
    assert result.exit_code == 0, result.output
    assert result.stdout == "1 fixtures are up to date\n"


@pytest.mark.parametrize("id", QUICK)
def test_the_fixture_is_what_the_oracle_computes(id: str):
    computed_anew(id)


@pytest.mark.long
@pytest.mark.parametrize("id", LONG)
def test_a_fixture_that_takes_longer_is_what_the_oracle_computes(id: str):
    computed_anew(id)


def test_every_system_is_among_them():
    assert {oracle.spec(id).system.name for id in (*QUICK, *LONG)} == {
        oracle.spec(id).system.name for id in oracle.specs()
    }
