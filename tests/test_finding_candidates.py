"""``--impl`` finds what it names, and says in one sentence why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.adapters import BUILT_IN, find, known
from oracle.errors import ImplementationError

CANDIDATES = Path(__file__).parent / "candidates"


def refusal(reference: str) -> str:
    with pytest.raises(ImplementationError) as caught:
        find(reference)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_registered_name_is_found():
    assert find("numpy").name == "numpy"


def test_every_built_in_is_registered():
    assert set(BUILT_IN) <= set(known())


def test_a_module_and_a_name_are_found():
    assert find("oracle.adapters.numpy:numpy").name == "numpy"


def test_a_file_with_one_implementation_needs_no_name():
    assert find(str(CANDIDATES / "honest.py")).name == "honest"


def test_a_name_chooses_from_a_file():
    assert find(f"{CANDIDATES / 'holds_two.py'}:also_second").name == "second"


def test_a_candidate_may_import_its_neighbour(tmp_path: Path):
    (tmp_path / "neighbour_of_mine.py").write_text("NAME = 'mine'\n")
    text = "from oracle import Implementation\nfrom neighbour_of_mine import NAME\n"
    (tmp_path / "mine.py").write_text(f"{text}mine = Implementation(NAME)\n")
    assert find(str(tmp_path / "mine.py")).name == "mine"


def test_an_unknown_name_lists_the_known_ones_and_the_nearest():
    told = refusal("numpi")
    assert "did you mean numpy" in told
    assert "keras-xla" in told


def test_a_program_that_is_not_there_is_named():
    assert "'./candidate --fast' cannot be started" in refusal("cmd:./candidate --fast")


def test_a_missing_file_is_named():
    assert "there is no such file" in refusal("nowhere/mine.py")


def test_a_file_without_an_implementation_says_how_to_make_one():
    assert "Implementation('mylib')" in refusal(str(CANDIDATES / "holds_none.py"))


def test_a_file_with_two_asks_which():
    told = refusal(str(CANDIDATES / "holds_two.py"))
    assert "holds_two.py:first" in told
    assert told.count("second") == 1


def test_a_name_that_is_something_else_is_told():
    told = refusal(f"{CANDIDATES / 'holds_none.py'}:candidate")
    assert "a str called 'candidate'" in told


def test_an_import_error_is_one_sentence_with_its_place():
    told = refusal(str(CANDIDATES / "fails_to_import.py"))
    assert "fails_to_import.py:3" in told
    assert "No module named 'package_that_nobody_has'" in told


def test_a_missing_module_is_one_sentence():
    assert "ModuleNotFoundError" in refusal("package_that_nobody_has:mine")
