"""The committed kill matrices: fresh, with nothing open, and made by a search that finishes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from oracle.cli import main
from oracle.dtypes import DTYPES
from oracle.golden import available, given, question
from oracle.golden.cases import plans_for
from oracle.golden.read import base_path, path_of, read_fixture, recorded_ids
from oracle.mutation import kill, search
from oracle.mutation.hunt import KILLED, SURVIVOR, UNSEEN, Fate
from oracle.mutation.matrix import (
    PROVED,
    Matrix,
    Row,
    digest_of,
    path_of_matrix,
    read_matrix,
    write_matrix,
)
from oracle.mutation.reasons import REASONS, reason_for
from oracle.mutation.review import review
from oracle.mutation.teeth import Teeth
from oracle.mutation.wrong import Wrong
from oracle.resources import fixtures_dir

SMALL = "tf/global_norm"
SGD = "keras2/SGD"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of one fixture with its matrix."""
    for place in (path_of_matrix(SMALL, Path()), path_of(SMALL, Path()), base_path("tf", Path())):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(fixtures_dir() / place, tmp_path / place)
    return tmp_path


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is computed here is remembered here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return


def findings(folder: Path, spec: str = SMALL) -> list[tuple[str, str]]:
    """Return what is wrong with a matrix."""
    return [(f.kind, f.message) for several in review([spec], folder) for f in several]


@pytest.mark.parametrize("spec", available())
def test_every_spec_has_a_fresh_matrix_with_nothing_open(spec: str):
    """All that can be killed are, in every dtype; the digest says that it was these cases."""
    assert findings(fixtures_dir(), spec) == []


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_rounding_hides_is_shown_to_be_hidden(dtype: str):
    """Its largest effect is not beyond the bounds."""
    rows = [row for spec in available() for row in _rows(spec)]
    hidden = [row.unkillable[dtype] for row in rows if dtype in row.unkillable]
    assert all(0 <= effect <= 1 for effect in hidden)
    ends = [
        (dtype in row.killed) + (dtype in row.unkillable) + bool(row.equivalent) for row in rows
    ]
    assert set(ends) == {1}


def _rows(spec: str) -> tuple[Row, ...]:
    return read_matrix(path_of_matrix(spec, fixtures_dir())).rows


def test_a_matrix_is_what_its_cases_make_of_it():
    """Computed anew, it is the one on record."""
    document = read_fixture(path_of(SMALL, fixtures_dir()))
    path = path_of_matrix(SMALL, fixtures_dir())
    made = search.matrix_of(SMALL, document, Path("nowhere"))
    assert made.text == path.read_text()


def test_it_is_computed_once(monkeypatch: pytest.MonkeyPatch):
    """Who was interrupted goes on where he was."""
    document = read_fixture(path_of(SMALL, fixtures_dir()))
    first = search.matrix_of(SMALL, document, Path("nowhere"))
    monkeypatch.setattr(search, "Trials", None)
    assert search.matrix_of(SMALL, document, Path("nowhere")).text == first.text


def test_a_missing_matrix_is_found(folder: Path):
    """Nobody forgets one."""
    path_of_matrix(SMALL, folder).unlink()
    [(kind, message)] = findings(folder)
    assert kind == "missing"
    assert message.endswith("does not exist")


def test_a_damaged_matrix_is_found(folder: Path):
    """It is never taken for one without versions."""
    path_of_matrix(SMALL, folder).write_text("{}")
    [(kind, _)] = findings(folder)
    assert kind == "corrupt"


def test_a_case_that_changed_makes_a_matrix_stale(folder: Path):
    """So does every edit of a rule, a system, or a way of writing them wrongly."""
    path = path_of(SMALL, folder)
    document = json.loads(path.read_text())
    del document["cases"][-1]
    path.write_text(json.dumps(document))
    assert findings(folder) == [
        ("stale", "the kill matrix is not of these cases and wrong versions")
    ]


def test_another_way_of_writing_things_wrongly_makes_a_matrix_stale(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """The digest is over the wrong versions, each with what it reads."""
    right = kill.function_versions
    monkeypatch.setattr(kill, "function_versions", lambda function: right(function)[1:])
    assert [kind for kind, _ in findings(folder)] == ["stale"]


def test_a_default_of_another_library_makes_no_matrix_stale(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """A new spec brings new wrong defaults; the others' matrices are as good as they were."""
    monkeypatch.setattr(kill, "wrong_defaults", None)
    assert findings(folder) == []


def test_a_matrix_that_somebody_edited_is_found(folder: Path):
    """Its checksum does not fit."""
    path = path_of_matrix(SMALL, folder)
    document = json.loads(path.read_text())
    document["versions"].popitem()
    path.write_text(json.dumps(document))
    [(kind, message)] = findings(folder)
    assert (kind, "edited by hand" in message) == ("corrupt", True)


@pytest.mark.parametrize("change", [{"survives": {"float32": "searched-1"}}, {"unseen": True}])
def test_what_is_open_is_a_finding_and_an_error(folder: Path, change: dict):
    """A survivor wants a case, and what no run sees wants one or a reason."""
    path = path_of_matrix(SMALL, folder)
    recorded = read_matrix(path)
    rows = [replace(recorded.rows[0], id="rule:slip:p_t.1", killed={}, **change)]
    opened = replace(recorded, rows=tuple(rows))
    write_matrix(opened, path)
    [(kind, message)] = findings(folder)
    assert kind == "open"
    assert "rule:slip:p_t.1" in message
    result = CliRunner().invoke(main, ["teeth", SMALL, "--fixtures", str(folder), "--jobs", "1"])
    assert result.exit_code == 1
    assert "rule:slip:p_t.1" in result.output
    checked = ["check", "--fast", "--only", SMALL, "--fixtures", str(folder)]
    assert CliRunner().invoke(main, checked).exit_code == 1


@pytest.mark.long
def test_a_search_adds_the_cases_that_are_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """From a few planned cases, until nothing survives that could be killed."""
    few = [p for p in plans_for(SGD) if p.id in ("defaults", "coarse", "clipnorm", "clipvalue")]
    for module in (question, given, kill, search):
        monkeypatch.setattr(module, "plans_for", lambda spec: few)
    [written] = search.search([SGD], tmp_path)
    assert written.error == ""
    assert len(recorded_ids(path_of(SGD, tmp_path))) > len(few)
    assert not any(kind == "open" and "survives" in said for kind, said in findings(tmp_path, SGD))
    [again] = search.search([SGD], tmp_path)
    assert not again.changed


def test_a_case_that_cannot_be_certified_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    """The search looks for another one."""

    def refuse(spec: str, plan: object) -> None:
        raise search.GoldenError("no")

    assert search._is_certain(SGD, "searched-coarse-0")
    monkeypatch.setattr(given, "case_record", refuse)
    assert not search._is_certain(SGD, "searched-coarse-0")


def test_a_drawn_case_on_record_stays_and_its_id_names_what_it_varies():
    """Whatever other cases there are; one that varies nothing any more is left out."""
    names = ["searched-coarse-5", "searched-nothing-0"]
    kept = given.given_records(SGD, names)
    assert "searched-coarse-5" in kept
    assert "searched-nothing-0" not in kept


def test_a_case_that_cannot_be_made_any_more_is_searched_anew(monkeypatch: pytest.MonkeyPatch):
    """What is on record is not what a search would find."""

    def refuse(*_):
        raise search.GoldenError("no")

    monkeypatch.setattr(search, "document_for", refuse)
    assert search._on_record(SMALL, fixtures_dir(), ["coarse"]) is None


def test_what_is_on_record_is_not_searched_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "with_teeth", None)
    _, (document, matrix) = search._outcome(fixtures_dir(), SMALL)
    assert document == read_fixture(path_of(SMALL, fixtures_dir()))
    assert matrix == read_matrix(path_of_matrix(SMALL, fixtures_dir()))


def test_every_reason_explains_something():
    """And whatever is explained is explained by the reason that it has now."""
    used = set()
    for spec in available():
        for row in _rows(spec):
            if row.equivalent and row.equivalent != PROVED:
                assert row.equivalent == reason_for(row.id, spec)
                used.add(row.equivalent)
    assert used == {reason.why for reason in REASONS}


def test_a_matrix_reads_back_as_it_was_written(tmp_path: Path):
    """Whatever became of a version."""
    rows = (
        Row("a", "x", "y", {"float32": "c"}, {"float16": 0.5}, {}, "", False),
        Row("b", "x", "y", {}, {}, {}, PROVED, False),
        Row("c", "x", "y", {}, {}, {"float64": "searched-1"}, "", False),
        Row("d", "x", "y", {}, {}, {}, "", True),
        Row("e", killed=dict.fromkeys(DTYPES, "c")),
        Row("f", killed={dtype: dtype[:5] for dtype in DTYPES}),
    )
    made = Matrix(SMALL, digest_of(read_fixture(path_of(SMALL, fixtures_dir()))), rows)
    write_matrix(made, tmp_path / "m.json")
    assert read_matrix(tmp_path / "m.json") == made
    assert [row.id for row in Teeth(made, DTYPES).survivors] == ["c"]
    assert [row.id for row in Teeth(made, DTYPES).unseen] == ["d"]


def test_the_command_tells_what_is_not_killed_and_what_all_came_to():
    """One line a dtype, both lines of formula for each version that lives on."""
    result = CliRunner().invoke(main, ["teeth", "tf/*", "--dtype", "float32"])
    assert result.exit_code == 0
    assert f"{SMALL}: {len(_rows(SMALL))} wrong versions" in result.output
    assert "wrong versions of 5 specs" in result.output
    assert "float64" not in result.output


def test_help_teaches():
    """A sentence, the words of the report, and commands to copy."""
    text = CliRunner().invoke(main, ["teeth", "--help"]).output
    assert "Examples:  oracle teeth keras3/Adam" in text
    assert all(word in text for word in ("killed", "equivalent", "unkillable", "unseen", "survive"))


def test_what_survives_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    """A case that is added can tell nothing else: it was among the runs before."""
    document = read_fixture(path_of(SMALL, fixtures_dir()))
    versions = [Wrong(name, "slip", "a", "b", "here") for name in ("seen", "agrees", "lives")]
    kinds = (KILLED, UNSEEN, SURVIVOR)
    found = [Fate(v, "float32", kind, "x") for v, kind in zip(versions, kinds, strict=True)]

    class Tried:
        def fates(self, settled: object) -> list[Fate]:
            return found

        def cover(self, survivors: object, usable: object) -> list[str]:
            return []

    monkeypatch.setattr(search, "_trials", lambda document: Tried())
    monkeypatch.setattr(search, "remember", lambda matrix: None)
    settled: dict[str, list[Fate]] = {}
    search._missing(document, settled)
    assert list(settled) == ["seen", "agrees"]
