"""Where a spec of one's own is found: in a file, in a module, in an installed package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from own_spec import FORMULA, ID, oracle_says, written

import oracle


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    told = oracle_says(tmp_path, "list", "--specs", "nowhere.py", ends=2)
    assert "--specs=nowhere.py: there is no such file" in told


def test_a_file_without_a_spec_is_named(tmp_path: Path):
    (tmp_path / "empty.py").write_text("")
    told = oracle_says(tmp_path, "list", "--specs", "empty.py", ends=2)
    assert "--specs=empty.py: it defines no spec; make one by `oracle.define('mine/Name'" in told


def test_a_file_that_fails_is_told_with_its_line(tmp_path: Path):
    (tmp_path / "broken.py").write_text("import oracle\nimport nowhere_at_all\n")
    told = oracle_says(tmp_path, "list", "--specs", "broken.py", ends=2)
    assert "--specs=broken.py: importing it failed at broken.py:2 with ModuleNotFoundError" in told


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    for name, system in (("one", "mine"), ("other", "yours")):
        (tmp_path / name).mkdir()
        written(tmp_path / name, FORMULA.replace('"mine/', f'"{system}/'))
    told = oracle_says(
        tmp_path, "list", "--specs", "one/mine.py", "--specs", "other/mine.py", ends=2
    )
    assert "two files called mine.py make specs" in told


def test_a_module_is_loaded_by_its_name(tmp_path: Path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "__init__.py").write_text("")
    written(tmp_path / "lab", FORMULA, name="specs.py")
    assert ID in oracle_says(tmp_path, "list", "mine/*", "--specs", "lab.specs")


def installed(folder: Path, module: str, value: str) -> None:
    """Put a distribution on a path, with an entry point for specs."""
    (folder / "mine_specs.py").write_text(module)
    info = folder / "mine_optimizers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine-optimizers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[oracle.specs]\nmine = {value}\n")


def python_says(folder: Path, code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_an_installed_package_brings_its_specs(tmp_path: Path):
    installed(tmp_path, FORMULA, "mine_specs")
    told = python_says(tmp_path, f"import oracle; print(oracle.spec({ID!r}), oracle.specs('mine'))")
    assert told == f"Spec({ID!r}) [{ID!r}]\n"


def test_what_an_installed_package_brings_stays_out_of_our_fixtures(tmp_path: Path):
    installed(tmp_path, FORMULA, "mine_specs")
    code = "from oracle.commands.options import chosen; print(*chosen(None, ()))"
    assert "mine/" not in python_says(tmp_path, code)
    code = f"from oracle.commands.options import chosen; print(*chosen({ID!r}, ()))"
    assert python_says(tmp_path, code) == f"{ID}\n"


def test_a_package_that_fails_is_told_by_its_name(tmp_path: Path):
    installed(tmp_path, "import nowhere_at_all\n", "mine_specs")
    told = python_says(tmp_path, "import oracle; oracle.specs()")
    assert "mine-optimizers brings specs as 'mine_specs' (entry point oracle.specs)" in told
    assert "No module named 'nowhere_at_all': mend it or uninstall it" in told


def test_what_a_file_brought_is_forgotten_at_the_end_of_a_command(tmp_path: Path):
    from click.testing import CliRunner

    from oracle.cli import main

    path = written(tmp_path, FORMULA)
    assert CliRunner().invoke(main, ["show", ID, "--specs", str(path)]).exit_code == 0
    assert ID not in oracle.specs()
    assert CliRunner().invoke(main, ["show", ID]).exit_code == 2
