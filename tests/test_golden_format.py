"""How fixtures are written: digits, bounds, lines, and files that are never half there."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.golden import GoldenError
from oracle.golden.certify import certify
from oracle.golden.decimals import decimal_text, text_error
from oracle.golden.limits import bound_number, shared, told_apart
from oracle.golden.read import available
from oracle.golden.write import WIDTH, render, write_atomically

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("1", "1"),
        ("-0.125", "-0.125"),
        ("1e-9", "1e-9"),
        ("1e21", "1e+21"),
        ("-1234567.5", "-1234567.5"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("-inf", "-inf"),
    ],
)
def test_numbers_are_written_without_superfluous_digits(number: str, text: str):
    """Short numbers stay short, long exponents are written as such."""
    with mpmath.workdps(50):
        assert decimal_text(mpmath.mpf(number)) == text


def test_numbers_are_rounded_once_to_forty_digits():
    """The digits beyond the fortieth decide the rounding, for both signs."""
    with mpmath.workdps(50):
        third, many = mpmath.mpf(2) / 3, "0.6666666666666666666666666666666666666667"
        assert decimal_text(third) == many
        assert decimal_text(-third) == f"-{many}"


@given(FLOATS)
def test_the_text_is_as_close_as_it_says(number: float):
    """Text and number differ by no more than the error that is counted in the bounds."""
    with mpmath.workdps(800):
        exact = mpmath.mpf(number)
        away = abs(mpmath.mpf(decimal_text(exact)) - exact)
        assert away <= text_error(exact) + mpmath.mpf(2) ** -1074


@given(FLOATS.map(abs))
def test_bounds_are_rounded_up_and_by_little(bound: float):
    """No honest candidate fails, and no wrong one passes, because a bound was shortened."""
    rounded = bound_number(bound, 0.0, "float16")
    units = bound * 2**11
    shortest = 2.0**-1063
    assert rounded == "inf" or units <= rounded <= units * 1.0101 + 2 * shortest


def test_a_bound_of_zero_stays_zero():
    """Where nothing rounds, nothing may differ."""
    assert bound_number(0.0, 0.0, "float32") == 0


def test_an_infinite_bound_is_a_word():
    """JSON has no infinity."""
    assert bound_number(float("inf"), 0.0, "float32") == "inf"


@pytest.mark.parametrize(
    ("dtype", "unit"),
    [("float16", 2**-11), ("bfloat16", 2**-8), ("float32", 2**-24), ("float64", 2**-53)],
)
def test_a_bound_is_in_unit_roundoffs(dtype: str, unit: float):
    assert bound_number(2.5 * unit, 0.0, dtype) == pytest.approx(2.5, rel=0.01)


def _limits(*params: float | str) -> dict[str, Any]:
    return {"params": [list(params)], "slots": {"m": [[1.0]]}}


def test_dtypes_share_bounds_that_are_nearly_the_same_as_the_larger_ones():
    """No bound becomes smaller, and none grows by more than two percent."""
    written = shared({"float16": _limits(2.0, "inf"), "float64": _limits(2.02, "inf")})
    assert written == {"float16": _limits(2.02, "inf"), "float64": "float16"}
    assert told_apart(written) == dict.fromkeys(("float16", "float64"), _limits(2.02, "inf"))


@pytest.mark.parametrize("other", [_limits(2.1, 1.0), _limits(2.0, "inf"), _limits(2.0, 0)])
def test_dtypes_do_not_share_other_bounds(other: dict[str, Any]):
    given = {"float16": _limits(2.0, 1.0), "float64": other}
    assert shared(given) == given


def test_many_dtypes_in_a_row_do_not_drift_apart():
    """What is near the last one need not be near the first one."""
    given = {
        name: _limits(2 * 1.015**k) for k, name in enumerate(("float16", "float32", "float64"))
    }
    assert list(map(type, shared(given).values())) == [dict, str, dict]


@pytest.mark.parametrize("bound", [float("nan"), -1.0])
def test_a_bound_that_is_none_is_refused(bound: float):
    """A bound is a number of at least zero."""
    with pytest.raises(GoldenError, match="a bound is"):
        bound_number(bound, 0.0, "float32")


def _ball(text: str) -> Any:
    with flint.ctx.workprec(300):
        return flint.arb(text)


@pytest.mark.parametrize(
    ("text", "ball"),
    [
        (
            "0.3333333333333333333333333333333333333333",
            "[0.3333333333333333333333333333333333333333333 +/- 1e-42]",
        ),
        ("0.5", "0.5"),
        ("0", "[0 +/- 1e-36]"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("1e-300", "[1e-300 +/- 1e-336]"),
    ],
)
def test_a_number_in_a_narrow_ball_is_certified(text: str, ball: str):
    """What both witnesses say is golden."""
    certify(text, _ball(ball), "here")


@pytest.mark.parametrize(
    ("text", "ball", "objection"),
    [
        ("0.5", "[0.5 +/- 1e-34]", "wider than"),
        ("1e-300", "[1e-300 +/- 1e-334]", "wider than"),
        ("0", "[0 +/- 1e-34]", "wider than"),
        ("0.5", "0.5000000000000000000000000000000000000002", "does not hold it"),
        ("0.5", "nan", "not finite"),
        ("nan", "0.5", "is finite"),
        ("inf", "0.5", "is finite"),
    ],
)
def test_a_number_that_its_ball_does_not_confirm_is_refused(text: str, ball: str, objection: str):
    """One sentence names the place and what is wrong."""
    with pytest.raises(GoldenError, match=f"^here: .*{objection}"):
        certify(text, _ball(ball), "here")


def test_rendered_documents_say_the_same():
    """Layout changes nothing, and short arrays stand on one line."""
    document = {"a": [], "b": {"c": [1.5] * 60, "d": "x" * 120}, "e": [[1, 2], [3, None]]}
    text = render(document)
    assert json.loads(text) == document
    assert ' "e": [[1, 2], [3, null]]\n' in text


def test_lines_stay_short():
    """A line is long only where a string or a tensor is: a diff shows which tensor has changed."""
    text = render({"deep": {"numbers": [[0.123456789] * 15] * 9}, "many": [{"a": "b" * 60}] * 9})
    assert [line.startswith("  ") for line in text.splitlines() if len(line) > WIDTH] == [True] * 9


def test_a_written_file_replaces_the_old_one(tmp_path: Path):
    """After writing there is the new file and nothing else."""
    path = tmp_path / "keras2" / "SGD.json"
    write_atomically(path, "old")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whoever_is_interrupted_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    """Ctrl-C, or a full disk, at any moment of writing loses nothing."""
    path = tmp_path / "SGD.json"
    write_atomically(path, "old")
    monkeypatch.setattr(os, step, _interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _interrupted(*args: Any) -> None:
    raise KeyboardInterrupt


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path):
    """An abandoned partial file is no fixture, and the next writing removes it."""
    partial = tmp_path / "keras2" / ".SGD.json.abc.partial"
    partial.parent.mkdir()
    partial.write_text("{")
    os.utime(partial, (time.time() - 3600,) * 2)
    assert available(tmp_path) == []
    write_atomically(tmp_path / "keras2" / "SGD.json", "{}")
    assert not partial.exists()


def test_what_a_text_loses_does_not_depend_on_the_numbers_before_it():
    half = mpmath.mpf("0.5")
    assert text_error(half) == 0.0
    decimal_text(mpmath.mpf(1) / 3)
    assert text_error(half) == 0.0
    assert text_error(mpmath.mpf(1) / 3) > 0.0
