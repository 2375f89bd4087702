"""Fixtures as values: exact numbers in two floats, and files that are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oracle import golden
from oracle.golden import GoldenError
from oracle.golden.cases import plans_for
from oracle.golden.compute import case_record
from oracle.golden.model import exact
from oracle.golden.read import case_of, checksum, read_fixture
from oracle.resources import fixtures_dir

SPEC = "keras2/SGD"
Document = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one fixture that may be spoilt."""
    (tmp_path / "keras2").mkdir()
    for name in ("keras2.json", "keras2/SGD.json"):
        shutil.copy(fixtures_dir() / name, tmp_path / name)
    return tmp_path


def _rewrite(folder: Path, change: Callable[[Document], None], *, honest: bool = True) -> None:
    path = folder / "keras2" / "SGD.json"
    document = read_fixture(path)
    change(document)
    if honest:
        document["checksum"] = checksum(document)
    path.write_text(json.dumps(document))


def _sentence(folder: Path) -> str:
    with pytest.raises(GoldenError) as refused:
        golden.load(SPEC, folder)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert f"oracle generate --only {SPEC}" in sentence
    return sentence


@pytest.mark.long
def test_every_spec_with_a_fixture_loads():
    """What is committed can be read, and holds what its name says."""
    for spec in golden.available():
        assert golden.load(spec).spec == spec


def test_two_floats_carry_more_than_thirty_digits():
    """The sum of hi and lo tells numbers apart that one float64 does not."""
    third = exact(["0.3333333333333333333333333333333333333333"], (1,))
    assert third.hi[0] == 1 / 3
    assert third.lo[0] == pytest.approx(1.850371707708594e-17, rel=1e-15)


def test_a_float64_answer_has_nothing_left_over():
    """The rounding of a text to 40 digits is not mistaken for a part of its number."""
    number = 2.0**-400
    one = exact(["3.872591914849318272818030633286351847570e-121"], ())
    assert one.error_of(number) == 0


def test_errors_are_measured_below_the_last_bit():
    """A float64 candidate that is half a unit off is seen to be half a unit off."""
    one = exact(["1.0000000000000001"], (1,))
    assert one.error_of([1.0])[0] == pytest.approx(1e-16, rel=1e-15)


@pytest.mark.parametrize(
    ("want", "got", "error"),
    [
        ("nan", np.nan, 0),
        ("inf", np.inf, 0),
        ("-inf", -np.inf, 0),
        ("nan", 1.0, np.inf),
        ("inf", -np.inf, np.inf),
        ("1", np.nan, np.inf),
        ("1", np.inf, np.inf),
    ],
)
def test_what_is_not_finite_has_to_be_met_exactly(want: str, got: float, error: float):
    """NaN is met by NaN, an infinity by the same one, and nothing else by either."""
    assert exact([want], ()).error_of(got) == error


def test_tensors_have_the_shapes_of_their_parameters():
    """Flat lists come back as scalars, empty arrays and matrices."""
    case = golden.load(SPEC).case("coarse")
    assert case.shapes == ((2, 3), (), (0,))
    assert [array.shape for array in case.checkpoints[0].exact.slots["v"]] == list(case.shapes)
    assert case.checkpoints[0].bounds["float16"].params[0].shape == (2, 3)


def test_a_slot_that_all_parameters_share_is_a_scalar():
    """Nadam's product is one number, whatever the shape of the parameter."""
    checkpoint = golden.load("keras3/Nadam").case("coarse").checkpoints[0]
    assert [array.shape for array in checkpoint.exact.slots["mu_product"]] == [(), (), ()]


def test_a_missing_gradient_is_none():
    """Keras 3 leaves a parameter without a gradient alone."""
    grads = golden.load("keras3/SGD").case("missing-gradients").grads
    assert grads[1][0] is None
    assert grads[1][1] is not None


def test_an_unknown_spec_names_the_nearest():
    """A slip in an id is answered with ids that exist."""
    with pytest.raises(GoldenError, match="keras2/SGD"):
        golden.load("keras2/SDG")


def test_an_unknown_case_names_the_known_ones():
    """A slip in a case id is answered with all of them."""
    with pytest.raises(GoldenError, match="coarse"):
        golden.load(SPEC).case("corase")


def test_a_truncated_file_is_refused_with_its_line(folder: Path):
    """Half a file says where it ends."""
    path = folder / "keras2" / "SGD.json"
    path.write_text(path.read_text()[:20_000])
    assert "line" in _sentence(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"format": NaN}', b"null"])
def test_a_file_that_is_no_fixture_is_refused(folder: Path, content: bytes):
    """Whatever else a file holds, the answer is one sentence."""
    (folder / "keras2" / "SGD.json").write_bytes(content)
    assert "SGD.json" in _sentence(folder)


def test_a_hand_edited_number_is_refused(folder: Path):
    """Nobody mends a golden number by hand."""
    _rewrite(folder, lambda d: d["cases"][0]["params"].__setitem__(1, [7.0]), honest=False)
    assert "edited by hand" in _sentence(folder)


def test_a_hand_edited_digest_is_refused(folder: Path):
    """Nobody makes a stale file look fresh by hand."""
    _rewrite(folder, lambda d: d["made_by"].update({"rules.sgd:sgd": "0" * 16}), honest=False)
    assert "edited by hand" in _sentence(folder)


def test_white_space_is_not_an_edit(folder: Path):
    """A file that went through a formatter or another line ending is the same file."""
    _rewrite(folder, lambda d: None)
    assert golden.load(SPEC, folder).spec == SPEC


def test_another_format_is_refused(folder: Path):
    """A file of a later version is not half understood."""
    _rewrite(folder, lambda d: d.update(format=3))
    assert "format is 3" in _sentence(folder)


def test_a_base_file_has_what_its_fixtures_leave_out(folder: Path):
    """Without it a case lacks its inputs; with another one the checksum does not fit."""
    base = folder / "keras2.json"
    document = json.loads(base.read_text())
    document["cases"]["coarse"]["params"][0][0] = 7.0
    base.write_text(json.dumps(document))
    assert "edited by hand" in _sentence(folder)
    base.unlink()
    assert "checksum" in _sentence(folder)


@pytest.mark.parametrize("content", ["{", "{}", '{"cases": {"coarse": 7}}'])
def test_a_damaged_base_file_is_refused(folder: Path, content: str):
    (folder / "keras2.json").write_text(content)
    with pytest.raises(GoldenError):
        golden.load(SPEC, folder)


@pytest.mark.parametrize("field", ["hyper", "checkpoints"])
def test_a_case_without_a_field_is_named(folder: Path, field: str):
    """The sentence says which case lacks what."""
    _rewrite(folder, lambda d: d["cases"][1].pop(field))
    sentence = _sentence(folder)
    assert "case 2 (defaults-100-steps)" in sentence
    assert field in sentence


@pytest.mark.parametrize("content", [None, 7])
@pytest.mark.parametrize("field", ["hyper", "dtypes", "shapes", "params", "grads", "checkpoints"])
def test_a_field_that_holds_something_else_is_refused(folder: Path, field: str, content: object):
    """The sentence says in which case."""
    _rewrite(folder, lambda d: d["cases"][1].update({field: content}))
    assert "case 2 (defaults-100-steps)" in _sentence(folder)


def test_a_tensor_that_does_not_fit_its_shape_is_refused(folder: Path):
    """Too many numbers for a shape are not cut off."""
    _rewrite(folder, lambda d: d["cases"][0]["params"][0].append(1.0))
    assert "case 1 (defaults)" in _sentence(folder)


def test_an_infinite_hyperparameter_is_a_string_in_a_file_and_a_number_to_a_reader():
    [plan] = [p for p in plans_for("tf/clip_by_value") if p.id == "infinite-threshold"]
    record = case_record("tf/clip_by_value", plan)
    assert record["hyper"] == {"clip_value_min": "-inf", "clip_value_max": "inf"}
    assert case_of(record).hyper == plan.hyper
