"""The reference: what drifts, and how ``oracle docs`` answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import oracle
from oracle.cli import main
from oracle.report.reference import files
from oracle.report.reference.files import Drift, drift, left_over, rendered, write
from oracle.report.reference.page import page
from oracle.resources import fixtures_dir

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "reference"


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["docs", *map(str, arguments)])


# What is committed


def test_the_committed_pages_are_up_to_date():
    """Whoever edits a spec writes its page anew, in the same commit."""
    pages = rendered(oracle.specs(), fixtures_dir())
    assert [*drift(pages, COMMITTED), *left_over(COMMITTED)] == []


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A folder with the right pages of two specs and the index."""
    list(write(rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir()), tmp_path))
    return tmp_path


def drifts(folder: Path) -> list[Drift]:
    """What is wrong with the pages of the two."""
    pages = rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir())
    return [*drift(pages, folder), *left_over(folder)]


def test_what_was_just_written_is_right(reference: Path):
    """Nothing drifts."""
    assert drifts(reference) == []


def test_a_changed_page_is_stale(reference: Path):
    """A sign is enough."""
    path = reference / "keras2" / "SGD.md"
    path.write_text(path.read_text().replace(r"\mu v_{t-1} - ", r"\mu v_{t-1} + ", 1))
    assert drifts(reference) == [Drift("stale", "keras2/SGD.md")]


def test_a_page_that_is_not_there_is_missing(reference: Path):
    """So is the index."""
    (reference / "keras3" / "Lion.md").unlink()
    (reference / "README.md").unlink()
    assert drifts(reference) == [Drift("missing", "keras3/Lion.md"), Drift("missing", "README.md")]


def test_a_page_without_a_spec_is_left_over(reference: Path):
    """Of a system that is known, of another, or of none."""
    (reference / "keras1").mkdir()
    names = ["SDG.md", "keras1/SGD.md", "keras2/SDG.md"]
    for name in names:
        (reference / name).touch()
    assert drifts(reference) == [Drift("left over", name) for name in names]


def test_a_page_is_written_only_if_it_changed(reference: Path):
    """The other files are not touched."""
    lion = reference / "keras3" / "Lion.md"
    lion.write_text("")
    before = (reference / "README.md").stat().st_mtime_ns
    pages = rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir())
    written = dict(write(pages, reference))
    assert written == dict.fromkeys(written, False) | {"keras3/Lion.md": True}
    assert list(written) == ["keras2/SGD.md", "keras3/Lion.md", "README.md", "honest.md"]
    assert lion.read_text() == page(oracle.spec("keras3/Lion"), fixtures_dir())
    assert (reference / "README.md").stat().st_mtime_ns == before


# The command


def test_docs_teaches_by_example():
    """Help is a sentence and commands that can be copied."""
    assert "Examples:  oracle docs" in run("--help").output


def test_docs_says_what_it_wrote(tmp_path: Path):
    """A second time there is nothing to write."""
    arguments = ("--only", "keras2/SGD", "--to", tmp_path)
    first = run(*arguments)
    assert (first.exit_code, first.output.splitlines()) == (
        0,
        [
            f"written: {tmp_path}/keras2/SGD.md",
            f"written: {tmp_path}/README.md",
            f"written: {tmp_path}/honest.md",
            "3 of 3 pages written, the others are as before",
        ],
    )
    assert run(*arguments).output == "0 of 3 pages written, the others are as before\n"


def test_check_is_silent_about_what_is_right(reference: Path):
    """Exit code 0 and one line."""
    result = run("--check", "--only", "keras3/Lion", "--to", reference)
    assert (result.exit_code, result.output) == (0, "the reference is up to date\n")


def test_check_names_what_is_wrong_and_writes_nothing(
    reference: Path, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 1; the last line says what to do."""
    ids = ["keras2/SGD", "keras3/Lion"]
    monkeypatch.setattr("oracle.commands.docs.chosen", lambda only, own: ids)
    (reference / "keras2" / "SGD.md").write_text("changed")
    (reference / "keras3" / "Lion.md").unlink()
    (reference / "keras3" / "Tiger.md").touch()
    result = run("--check", "--to", reference)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            f"stale: {reference}/keras2/SGD.md",
            f"missing: {reference}/keras3/Lion.md",
            f"left over: {reference}/keras3/Tiger.md",
            "3 pages are not right; run `oracle docs`; remove what is left over",
        ],
    )
    assert (reference / "keras2" / "SGD.md").read_text() == "changed"
    assert not (reference / "keras3" / "Lion.md").exists()


def test_writing_names_what_is_left_over_and_leaves_it(
    reference: Path, monkeypatch: pytest.MonkeyPatch
):
    """A file that this command did not write is not its own to remove."""
    monkeypatch.setattr("oracle.commands.docs.chosen", lambda only, own: ["keras3/Lion"])
    (reference / "keras3" / "Tiger.md").touch()
    result = run("--to", reference)
    assert (result.exit_code, result.output.splitlines()[0]) == (
        0,
        f"left over: {reference}/keras3/Tiger.md",
    )
    assert (reference / "keras3" / "Tiger.md").exists()


@pytest.mark.parametrize("flags", [(), ("--check",)])
def test_an_unknown_spec_is_wrong_usage(flags: tuple[str, ...]):
    """Exit code 2, and the nearest is named."""
    result = run("--only", "keras3/Adem", *flags)
    assert result.exit_code == 2
    assert "'keras3/Adem'" in result.output
    assert "keras3/Adam" in result.output


def test_without_a_checkout_a_folder_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 2 and one sentence."""
    monkeypatch.setattr(files.resources, "__file__", str(tmp_path / "oracle" / "resources.py"))
    monkeypatch.chdir(tmp_path)
    result = run("--only", "keras2/SGD")
    assert result.exit_code == 2
    assert "there is no checkout of optimizer-oracle here" in result.output
    assert "`--to FOLDER`" in " ".join(result.output.split())


def test_an_installed_package_finds_the_checkout_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """From any folder of it."""
    installed = tmp_path / "site-packages" / "oracle" / "resources.py"
    monkeypatch.setattr(files.resources, "__file__", str(installed))
    below = tmp_path / "checkout" / "tests"
    below.mkdir(parents=True)
    (below.parent / "pyproject.toml").write_text('[project]\nname = "optimizer-oracle"\n')
    monkeypatch.chdir(below)
    assert files.checkout_reference() == below.parent / "docs" / "reference"


def test_another_project_is_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its docs are its own."""
    monkeypatch.setattr(files.resources, "__file__", str(tmp_path / "oracle" / "resources.py"))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    monkeypatch.chdir(tmp_path)
    assert files.checkout_reference() is None
