"""The real Keras with one line wrong is caught, and the line is named, by the command itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("keras", reason="Keras is not installed: pip install 'optimizer-oracle[keras]'")
pytest.importorskip("tensorflow", reason="TensorFlow is not installed: Keras cannot run on it")

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
if not BENCHMARKS.is_dir():
    pytest.skip("the benchmarks are not part of this distribution", allow_module_level=True)
sys.path.insert(0, str(BENCHMARKS))

from patched import KERAS, Copy, Patch  # noqa: E402 - it is found by the line above

BY_ID = {patch.id: patch for patch in KERAS.patches()}
TOLD = (
    "adam-epsilon-under-the-root",
    "accumulation-sums",
    "restarts-period-not-stretched",
    "constraint-never-applied",
    "weights-of-the-optimizer-not-set",
    "slices-are-added",
)
"""An error of a formula, one of the base class, one that a bound of infinity once let pass, and one
for each mode in which nothing but the way is another."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy.made(tmp_path_factory.mktemp("patched"))


@pytest.mark.long
@pytest.mark.parametrize("id", TOLD)
def test_a_wrong_line_of_keras_is_caught(id: str, copy: Copy):
    """And named first, where the error is one of a formula."""
    patch = BY_ID[id]
    with copy.patched(patch):
        outcome = copy.ours(patch.spec)
    assert outcome.caught
    assert not patch.says or any(words in outcome.explanation for words in patch.says)


@pytest.mark.parametrize("patch", BY_ID.values(), ids=BY_ID)
def test_a_patch_changes_one_line(patch: Patch, copy: Copy):
    """And leaves what Python can read."""
    source = (copy.folder / "keras" / "src" / patch.file).read_text()
    changed = patch.applied(source)
    compile(changed, patch.file, "exec")
    pairs = zip(source.splitlines(), changed.splitlines(), strict=True)
    assert sum(mine != other for mine, other in pairs) == 1


def test_a_patch_is_taken_back(copy: Copy):
    """So that the next one is the only one."""
    patch = BY_ID["sgd-ascends"]
    file = copy.folder / "keras" / "src" / patch.file
    before = file.read_text()
    with copy.patched(patch):
        assert file.read_text() == patch.applied(before)
    assert file.read_text() == before
