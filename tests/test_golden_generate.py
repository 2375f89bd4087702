"""Generating: nothing lost, and every drift found by ``check``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oracle.golden import GoldenError, base, check, compute, given, parallel, question
from oracle.golden.cases import plans_for
from oracle.golden.check import Defect
from oracle.golden.generate import generate
from oracle.golden.read import checksum, read_document, read_fixture, verified

SPEC = "keras2/SGD"
Document = dict[str, Any]


@pytest.fixture
def three_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spec has three cases, so that a fixture takes a moment."""
    for module in (question, given):
        monkeypatch.setattr(module, "plans_for", lambda spec: plans_for(spec)[4:7])


@pytest.fixture
def folder(tmp_path: Path, three_cases: None) -> Path:
    """A folder with one fresh fixture."""
    assert [result.error for result in generate([SPEC], tmp_path)] == [""]
    return tmp_path


def _findings(folder: Path) -> list[Defect]:
    return [finding for findings in check.check([SPEC], folder) for finding in findings]


def _fast(folder: Path) -> list[Defect]:
    return [finding for findings in check.check_fast([SPEC], folder) for finding in findings]


def _rewrite(folder: Path, change: Callable[[Document], None], *, honest: bool = True) -> None:
    path = folder / "keras2" / "SGD.json"
    document = read_fixture(path)
    change(document)
    if honest:
        document["checksum"] = checksum(document)
    path.write_text(json.dumps(document))


def test_a_second_run_changes_nothing(folder: Path):
    """An up-to-date file is not written again."""
    before = (folder / "keras2" / "SGD.json").stat().st_mtime_ns
    assert [result.changed for result in generate([SPEC], folder)] == [False]
    assert (folder / "keras2" / "SGD.json").stat().st_mtime_ns == before


def test_another_mpmath_makes_no_file_stale(folder: Path):
    """As long as the numbers are the same, neither check nor generate minds."""
    _rewrite(folder, lambda d: d.update(mpmath="0.1"))
    assert _findings(folder) == []
    assert _fast(folder) == []
    list(generate([SPEC], folder))
    assert read_document(folder / "keras2" / "SGD.json")["mpmath"] == "0.1"


def test_what_is_not_certified_leaves_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """When the witnesses disagree, the old file stays and one sentence says why."""
    before = (folder / "keras2" / "SGD.json").read_bytes()
    monkeypatch.setattr(compute, "decimal_text", lambda number: "1.5")
    (result,) = generate([SPEC], folder)
    assert "is not certified" in result.error
    assert (folder / "keras2" / "SGD.json").read_bytes() == before


def test_a_case_that_sees_nothing_stops_generation(monkeypatch: pytest.MonkeyPatch):
    """A case that is vacuous in every dtype is a mistake of its author."""
    monkeypatch.setattr(compute, "sees", lambda case, dtype: False)
    with pytest.raises(GoldenError, match="coarse is vacuous in every dtype"):
        compute.case_record(SPEC, next(p for p in plans_for(SPEC) if p.id == "coarse"))


def test_a_fresh_file_has_no_findings(folder: Path):
    """Both ways of looking agree."""
    assert _findings(folder) == []
    assert _fast(folder) == []


def test_a_missing_file_is_named(folder: Path):
    """Both ways of looking miss it."""
    (folder / "keras2" / "SGD.json").unlink()
    assert [f.kind for f in _findings(folder) + _fast(folder)] == ["missing"] * 2


def test_an_extra_file_is_named(folder: Path):
    """A file without a spec is no fixture."""
    shutil.copy(folder / "keras2" / "SGD.json", folder / "keras2" / "SDG.json")
    assert [(f.spec, f.kind) for f in check.extra(folder)] == [("keras2/SDG", "extra")]


def test_a_corrupt_file_is_named_with_its_line(folder: Path):
    """A truncated file is not taken for a stale one."""
    path = folder / "keras2" / "SGD.json"
    path.write_text(path.read_text()[:3000])
    for finding in _findings(folder) + _fast(folder):
        assert (finding.kind, "line" in finding.message) == ("corrupt", True)


def test_a_changed_source_is_seen_by_its_digest(folder: Path):
    """Without computing anything, ``--fast`` names the files that an edit touches."""
    _rewrite(folder, lambda d: d["made_by"].update({"rules.sgd:sgd": "0" * 16}))
    assert [f.kind for f in _fast(folder)] == ["stale"]
    assert "made_by rules.sgd:sgd: stored 000" in _findings(folder)[0].message


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ({"checkpoints": (1, 2, 3)}, ": stored ["),
        ({"hyper": {"nesterov": False}}, " hyper nesterov: stored True"),
        ({"gradients": "fading"}, " grads[0][0]"),
        ({"start": "zero"}, " params[0]"),
    ],
    ids=["steps", "hyper", "gradients", "start"],
)
def test_another_plan_is_seen_without_computing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, edit: dict[str, Any], place: str
):
    first, *rest = plans_for(SPEC)[4:7]
    monkeypatch.setattr(question, "plans_for", lambda spec: [replace(first, **edit), *rest])
    (finding,) = _fast(folder)
    assert finding.kind == "stale"
    assert finding.message.startswith(f"case {first.id}{place}")


def test_a_base_file_that_says_something_else_is_found_and_written_anew(folder: Path):
    """What the specs of a library share is drawn from their plans, as every case is."""
    path = folder / "keras2.json"
    right = path.read_text()
    assert list(check.check_bases([SPEC], folder)) == []
    path.write_text(right.replace("0.5", "0.25", 1))
    [finding] = check.check_bases([SPEC], folder)
    assert (finding.spec, finding.kind) == ("keras2/*", "stale")
    list(generate([SPEC], folder))
    assert path.read_text() == right


def test_a_fixture_leaves_to_its_base_what_the_base_has(folder: Path):
    """Together they are all that was computed; what a single spec has is no part of the base."""
    own, slim, _ = read_document(folder / "keras2" / "SGD.json")["cases"]
    assert own["id"] not in read_document(folder / "keras2.json")["cases"]
    assert {"why", "shapes", "params", "grads"} <= own.keys()
    base = read_document(folder / "keras2.json")["cases"][slim["id"]]
    whole = read_fixture(folder / "keras2" / "SGD.json")["cases"][1]
    assert whole == {**base, **slim}
    assert {"shapes", "params", "grads"} <= base.keys() - slim.keys()


def test_an_interruption_after_a_base_leaves_every_fixture_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """The base is written first: what it has otherwise from then on is in the fixtures already."""
    path = folder / "keras2" / "SGD.json"
    before, old = read_fixture(path), (folder / "keras2.json").read_text()
    other = json.loads(old.replace("0.5", "0.25"))
    monkeypatch.setattr(base, "base_of", lambda library: other)
    base.write_bases([SPEC], folder)
    assert json.loads((folder / "keras2.json").read_text()) != json.loads(old)
    assert verified(read_fixture(path), path) == before


def test_a_stale_number_is_shown_with_its_place(folder: Path):
    """Case, step, tensor, what is stored and what is computed."""
    _rewrite(folder, _spoil)
    (finding,) = _findings(folder)
    assert finding.kind == "stale"
    assert "step 3 params[0][2]: stored 1.25, computed " in finding.message
    assert finding.message.startswith(f"case {plans_for(SPEC)[4].id} ")


def _spoil(document: Document) -> None:
    document["cases"][0]["checkpoints"][0]["params"][0][2] = "1.25"


def test_a_hand_edited_number_is_shown_with_its_place(folder: Path):
    """An edit by hand is told from staleness, and found as exactly."""
    _rewrite(folder, _spoil, honest=False)
    (finding,) = _findings(folder)
    assert (finding.kind, "params[0][2]: stored 1.25" in finding.message) == ("edited", True)
    assert [f.kind for f in _fast(folder)] == ["edited"]


def test_a_shared_case_that_is_not_there_is_missed_and_made(tmp_path: Path):
    """A file has all shared cases that its spec can have, whoever took one out."""
    folder = tmp_path / "keras2"
    list(generate([SPEC], tmp_path))
    document = read_fixture(folder / "SGD.json")
    document["cases"] = [case for case in document["cases"] if case["id"] != "coarse"]
    document["checksum"] = checksum(document)
    (folder / "SGD.json").write_text(json.dumps(document))
    (finding,) = _findings(tmp_path)
    assert (finding.kind, "case coarse" in finding.message) == ("stale", True)
    list(generate([SPEC], tmp_path))
    assert "coarse" in [case["id"] for case in read_fixture(folder / "SGD.json")["cases"]]


def test_a_file_that_breaks_the_schema_is_corrupt(folder: Path):
    """``--fast`` looks at the schema, too."""
    _rewrite(folder, lambda d: d.update(author="me"))
    assert [f.kind for f in _fast(folder)] == ["corrupt"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["cases"][1].pop("checkpoints"), "case coarse: stored nothing, computed "),
        (lambda d: d["cases"].append({"id": "mine"}), "case mine is in the file and in no table"),
        (lambda d: d["cases"].reverse(), "another order"),
        (lambda d: d["cases"][0].update(why="Because"), "why: stored Because, computed "),
        (lambda d: d["cases"][0]["dtypes"].pop(), "dtypes: stored "),
        (lambda d: d.update(digits=60), "digits: stored 60, computed 50"),
    ],
)
def test_every_kind_of_drift_is_put_into_words(
    folder: Path, change: Callable[[Document], None], message: str
):
    """Whatever differs first is named."""
    _rewrite(folder, change)
    assert [(f.kind, message in f.message) for f in _findings(folder)] == [("stale", True)]


def test_no_worker_is_started_for_one_file(monkeypatch: pytest.MonkeyPatch, folder: Path):
    """A single spec is computed at once."""
    monkeypatch.delattr(parallel, "ProcessPoolExecutor")
    assert [result.error for result in generate([SPEC], folder, jobs=8)] == [""]
