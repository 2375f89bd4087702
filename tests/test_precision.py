"""``oracle precision``: what is lost by how hyperparameters are held, before a step is computed."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from oracle import Implementation
from oracle.cli import main
from oracle.conformance.guard import Guard
from oracle.conformance.loss import CASE, Losses
from oracle.golden import load

MINE = """
import oracle

mine = oracle.Implementation("mine", dtypes=("float32", "float64"))

def factory(params, **hyper):
    raise AssertionError("a candidate is not run")

mine.implements("keras3/Adam", hyper_dtype="float64")(factory)
mine.implements("keras3/Adam", mode="narrow", hyper_dtype="float32")(factory)
mine.implements("keras3/Adam", mode="other", hyper_dtype="float32")(factory)
mine.implements("keras3/Adam", mode="betas", hyper_dtype={"*": "float64", "beta_1": "float32"})(
    factory
)
"""


def told(tmp_path: Path, *options: str) -> Result:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    return CliRunner().invoke(main, ["precision", f"--impl={file}", *options])


def test_what_is_held_narrowly_is_told_with_what_it_loses(tmp_path: Path) -> None:
    """Modes that lose alike share a row."""
    result = told(tmp_path, "--dtype", "float64")
    of_beta, of_all, last = result.output.splitlines()
    assert result.exit_code == 0
    assert of_beta.startswith("keras3/Adam (betas) ")
    assert of_beta.endswith("float32 holds beta_1")
    assert of_all.startswith("keras3/Adam (narrow, other)  float64 ")
    assert "float32 holds learning_rate, beta_1, beta_2" in of_all
    assert last == "less than 0.05 ulp in 1 of 4 claims, by mode and dtype"


def test_the_loss_is_that_of_another_rate() -> None:
    """A plain step moves by the rate times the gradient, and 0.01 in float32 is 0.01 - 2.2e-10."""
    claims = Implementation("mine", dtypes=("float64",))
    claims.implements("keras3/SGD", hyper_dtype="float32")(lambda params, **hyper: params)
    case = next(case for case in load("keras3/SGD").cases if case.id == CASE)
    loss = Losses("keras3/SGD", case).of(claims.claims[0], "float64")
    rate, held = Fraction(0.01), Fraction(float(np.float32(0.01)))
    lost = []
    for start, *gradients in zip(case.params, *case.grads, strict=True):
        for p, *each in zip(start.flat, *(g.flat for g in gradients), strict=True):
            way = sum(map(Fraction, each))
            end = Fraction(p) - rate * way
            lost.append(abs(way * (held - rate)) / Fraction(math.ulp(end)))
    assert loss.held["learning_rate"] == "float32"
    assert loss.ulps == float(max(lost)) > 0


@pytest.mark.parametrize("spec", ["keras3/Adam", "keras3/Nothing"])
def test_nothing_is_left_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str) -> None:
    """The guard has a file, and a process where a candidate is run."""
    closed: list[Guard] = []
    monkeypatch.setattr(Guard, "close", lambda guard: closed.append(guard))
    told(tmp_path, "--spec", spec)
    assert len(closed) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--dtype", "float8"], "'float8' is not one of"),
        (["--spec", "keras3/Nothing"], "nothing"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    result = told(tmp_path, *options)
    assert result.exit_code == 2
    assert said.lower() in result.output.lower()
