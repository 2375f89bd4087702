"""A change of the arithmetic is seen without computing anything, and asks for the whole check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import oracle
from oracle.cli import main
from oracle.golden import stamp as stamps
from oracle.golden.stamp import NAME, arithmetic_digest, is_due, stamp
from oracle.resources import fixtures_dir

HOUSE = Path(oracle.__file__).parent


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package's arithmetic."""
    shutil.copytree(HOUSE / "arithmetic", tmp_path / "arithmetic")
    return tmp_path


def edited(house: Path, file: str, before: str, after: str) -> str:
    """The digest after an edit of one file."""
    path = house / "arithmetic" / file
    source = path.read_text()
    assert before in source
    path.write_text(source.replace(before, after, 1))
    return arithmetic_digest(house)


def test_what_is_committed_was_computed_anew_by_this_arithmetic():
    assert (fixtures_dir() / NAME).read_text().strip() == arithmetic_digest()


@pytest.mark.parametrize("file", ["rounding.py", "rewritings/sums.py", "mp.py"])
def test_an_edit_of_the_arithmetic_changes_its_digest(house: Path, file: str):
    before = arithmetic_digest(house)
    assert edited(house, file, "return ", "return 1 and ") != before


def test_what_is_only_said_otherwise_does_not(house: Path):
    before = arithmetic_digest(house)
    assert edited(house, "rounding.py", "\n\n\n", "\n\n\n# A comment.\n\n\n") == before


def test_another_arithmetic_is_due_until_it_is_written_down(tmp_path: Path):
    assert not is_due(tmp_path)
    (tmp_path / NAME).write_text("0\n")
    assert is_due(tmp_path)
    stamp(tmp_path)
    assert not is_due(tmp_path)


def test_the_command_asks_for_the_whole_check(tmp_path: Path):
    (tmp_path / NAME).write_text("0\n")
    result = CliRunner().invoke(main, ["check", "--fast", "--fixtures", str(tmp_path)])
    assert result.exit_code == 1
    asked = "the arithmetic has changed since they were computed anew: run oracle check"
    assert f"unchecked: *: {asked}\n" in result.output


def test_a_whole_check_that_finds_nothing_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("oracle.commands.check.check", lambda specs, folder, jobs: iter([[]]))
    monkeypatch.setattr("oracle.commands.check.check_bases", lambda specs, folder: ())
    monkeypatch.setattr(stamps, "arithmetic_digest", lambda: "that of another house")
    arguments = ["check", "--fixtures", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert (tmp_path / NAME).read_text() == "that of another house\n"
