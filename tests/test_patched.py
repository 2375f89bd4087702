"""Optax and PyTorch with one line wrong, in a copy of the installed library, are caught."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
if not BENCHMARKS.is_dir():
    pytest.skip("the benchmarks are not part of this distribution", allow_module_level=True)
sys.path.insert(0, str(BENCHMARKS))

from patched import OPTAX, TORCH, Copy, Outcome, Patch  # noqa: E402 - it is found by the line above
from teeth import Row, summary  # noqa: E402 - the same

LIBRARIES = {library.name: library for library in (OPTAX, TORCH)}
PATCHES = [(name, patch) for name, library in LIBRARIES.items() for patch in library.patches()]
TOLD = (
    ("torch", "adam-epsilon-under-the-root"),
    ("torch", "amsgrad-epsilon-beside-the-uncorrected-root"),
    ("torch", "adagrad-fused-without-epsilon"),
    ("torch", "clip-infinity-is-no-error"),
    ("optax", "adam-epsilon-inside"),
    ("optax", "adagrad-averages"),
    ("optax", "sm3-takes-the-largest"),
    ("optax", "novograd-decay-damped"),
    ("optax", "adafactor-mean-of-columns"),
)
"""Errors of formulas, of links and of what is refused, one of a mode alone, and one of a number, an
extreme, a statement that nothing else would explain, and a slot whose shape would be another."""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Copy]:
    """A copy of each library that is installed."""
    there = {n: library for n, library in LIBRARIES.items() if find_spec(library.package)}
    return {n: Copy.made(tmp_path_factory.mktemp(n), library) for n, library in there.items()}


def copy_of(name: str, copies: dict[str, Copy]) -> Copy:
    """The copy of a library."""
    if name not in copies:
        pytest.skip(f"{name} is not installed: pip install 'optimizer-oracle[{name}]'")
    return copies[name]


@pytest.mark.long
@pytest.mark.parametrize(("name", "id"), TOLD, ids="-".join)
def test_a_wrong_line_is_caught(name: str, id: str, copies: dict[str, Copy]):
    """And named first, where the error is one of a formula."""
    copy, patch = copy_of(name, copies), {p.id: p for _, p in PATCHES}[id]
    with copy.patched(patch):
        outcome = copy.ours(patch.spec, patch.impl)
    assert outcome.caught
    assert not patch.says or any(words in outcome.explanation for words in patch.says)


@pytest.mark.parametrize(("name", "patch"), PATCHES, ids=[f"{n}-{p.id}" for n, p in PATCHES])
def test_a_patch_changes_one_line(name: str, patch: Patch, copies: dict[str, Copy]):
    """And leaves what Python can read."""
    source = (copy_of(name, copies).inside / patch.file).read_text()
    changed = patch.applied(source)
    compile(changed, patch.file, "exec")
    pairs = zip(source.splitlines(), changed.splitlines(), strict=True)
    assert sum(mine != other for mine, other in pairs) == 1


@pytest.mark.parametrize("name", LIBRARIES)
def test_ids_are_unique(name: str):
    ids = [patch.id for patch in LIBRARIES[name].patches()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", LIBRARIES)
def test_the_installed_library_is_left_as_it_was(name: str, copies: dict[str, Copy]):
    """What is patched is a copy, and what is no Python is not copied."""
    copy, patch = copy_of(name, copies), LIBRARIES[name].patches()[0]
    found = find_spec(name)
    assert found is not None
    assert found.origin is not None
    installed = Path(found.origin).parent
    with copy.patched(patch):
        source = (copy.inside / patch.file).read_text()
        assert source == patch.applied((installed / patch.file).read_text()) != ""
    assert not any(path.is_symlink() for path in copy.inside.rglob("*.py"))
    others = [p for p in copy.inside.rglob("*") if p.is_file() and p.suffix != ".py"]
    assert all(path.is_symlink() for path in others)


def test_a_library_that_comes_without_tests_is_said_to(tmp_path: Path):
    """It has no verdict, and no share of what they would catch."""
    assert Copy(tmp_path, TORCH).theirs("", "torch") is None
    patch = Patch("x", "x.py", "1", "2", "formula", "torch/Adam", impl="torch")
    row = Row(patch, None, Outcome(True, 1.5, ""))
    assert "none shipped" in row.told()
    assert "not run" in replace(row, patch=replace(patch, impl="optax")).told()
    assert list(summary([row])) == [
        "caught by its own tests: none were run",
        "caught by ours: 1 of 1 (100%)",
        "right line first, of formulas: 0 of 1 (0%)",
        "right line first, of the rest: 0 of 0",
    ]
