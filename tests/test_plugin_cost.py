"""The plugin costs nothing without ``--impl``, and who passes nothing for explanations."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "mpmath", "hypothesis", "flint", "ml_dtypes", "jsonschema", "rich", "click")
OURS = {"oracle", "oracle.plugin"}

HONEST = Path(__file__).parent / "candidates" / "honest.py"
ONE = "suites/test_golden.py::test_golden[keras3/SGD-defaults-float32]"

SCRIPT = """
import json, sys, pytest

class Spy:
    def pytest_sessionfinish(self):
        print("MODULES", json.dumps(sorted(sys.modules)))

pytest.main(["-q", "-s", "-p", "no:hypothesispytest", "test_mine.py"], plugins=[Spy()])
"""


def modules_of_a_run_without_impl(folder: Path) -> set[str]:
    (folder / "test_mine.py").write_text("def test_mine(): pass\n")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    line = next(line for line in done.stdout.splitlines() if "MODULES" in line)
    return set(json.loads(line.partition("MODULES ")[2]))


def test_nothing_heavy_and_nothing_of_ours_is_imported(tmp_path: Path):
    modules = modules_of_a_run_without_impl(tmp_path)
    assert "oracle.plugin" in modules
    assert not modules & set(HEAVY)
    assert {name for name in modules if name.split(".")[0] == "oracle"} == OURS


@pytest.mark.long
def test_what_passes_imports_nothing_of_it(judge, pytester: pytest.Pytester):
    """Looking for explanations costs a right candidate no time at all."""
    pytester.makeconftest(
        "import sys\n"
        "def pytest_sessionfinish():\n"
        "    print('MUTATION', any(name.startswith('oracle.mutation') for name in sys.modules))"
    )
    done = pytester.run(
        sys.executable,
        "-m",
        "pytest",
        "--impl=numpy",
        "-s",
        ONE,
    )
    done.stdout.fnmatch_lines(["*MUTATION False*"])
    done.assert_outcomes(passed=1)


def test_garbage_is_looked_for_rarely_and_after_a_run_as_before(pytester: pytest.Pytester):
    seen = []

    class Spy:
        def pytest_runtest_teardown(self) -> None:
            seen.append(gc.get_threshold()[0])

    before = gc.get_threshold()
    gc.set_threshold(700, *before[1:])
    try:
        pytester.runpytest(f"--impl={HONEST}", ONE, plugins=[Spy()])
        assert (seen, gc.get_threshold()[0]) == ([20_000], 700)
    finally:
        gc.set_threshold(*before)
