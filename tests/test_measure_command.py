"""``oracle measure``: what it prints and writes, and how it answers what it cannot measure."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from oracle.cli import main
from oracle.commands import measure
from oracle.measuring import backends
from oracle.measuring.backends import BACKENDS, TARGETS, Target, opened
from oracle.operations import read

ROOT = Path(__file__).resolve().parent.parent
HALF = ("--dtype", "float16", "--only", "sqrt", "--jobs", "1")


def told(*options: str | Path) -> Result:
    return CliRunner().invoke(main, ["measure", *map(str, options)])


def test_a_library_is_measured_and_the_declaration_written(tmp_path):
    file = tmp_path / "new" / "numpy.json"
    result = told("--backend", "numpy", "--dtype", "float16", "--quick", "--output", file)
    assert result.exit_code == 0
    assert "exp(x)      all 2^16 inputs  0.501 ulp; 0.0061 % not correctly" in result.output
    assert "\x1b" not in result.output
    declared = read(file)
    assert f"written to {file}: {', '.join(declared.parts)}" in result.output
    assert declared.loss("exp").ulp == 0.501
    assert declared.accumulator == "float32"
    assert declared.name.startswith("measured-numpy-")
    assert "rsqrt(x)" in declared.source.partition("not measured: ")[2]
    assert [path.name for path in file.parent.iterdir()] == ["numpy.json"]


def test_several_dtypes_go_to_a_file_each(tmp_path):
    file = tmp_path / "numpy.json"
    options = ("--only", "multiply", "--quick", "--dtype", "float32", "--dtype", "float64")
    assert told("--backend", "numpy", *options, "--output", file).exit_code == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["numpy.float32.json", "numpy.float64.json"]
    assert read(tmp_path / names[0]).parts == ()


@pytest.mark.long
def test_several_processes_measure_what_one_does(tmp_path):
    options = ("--backend", "numpy", "--samples", "300000", "--dtype", "float64", "--quick")
    assert told(*options, "--jobs", "2").stdout == told(*options, "--jobs", "1").stdout


@pytest.mark.long
def test_the_square_root_of_every_float32_is_correctly_rounded_by_numpy():
    result = told("--backend", "numpy", "--only", "sqrt")
    assert "sqrt(x)     all 2^32 inputs  correctly rounded\n" in result.output


def test_a_candidate_names_the_library_that_it_computes_by():
    assert told("--impl", "numpy", *HALF).output == told("--backend", "numpy", *HALF).output
    project = (ROOT / "pyproject.toml").read_text()
    assert all(f'\n{name} = "oracle.adapters.' in project for name in TARGETS)
    assert {target.backend for target in TARGETS.values()} == set(BACKENDS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "name one: --backend numpy|torch|jax, or --impl NAME"),
        (("--backend", "numpy", "--impl", "numpy"), "name one: --backend"),
        (("--backend", "cupy"), "backend 'cupy' is unknown; use numpy, torch, jax"),
        (("--impl", "keras"), "--impl=keras: by which library it computes is not known here"),
        (("--backend", "numpy", "--device", "cuda"), "backend numpy has no device 'cuda'; use cpu"),
        (("--backend", "numpy", "--compiled"), "backend numpy compiles nothing; leave --compiled"),
        (("--backend", "numpy", "--only", "tan"), "'tan' is not one of 'add', 'multiply'"),
        (("--backend", "numpy", "--dtype", "int8"), "'int8' is not one of 'float16'"),
        (("--backend", "numpy", "--samples", "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(options, said):
    result = told(*options)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_library_that_is_not_installed_is_named_with_the_remedy(monkeypatch):
    def missing(name: str):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(backends, "import_module", missing)
    opened.cache_clear()
    for name in ("torch", "jax"):
        result = told("--backend", name)
        assert result.exit_code == 2
        assert f"{name} is not installed here; pip install {name}" in result.output


@pytest.mark.parametrize(("library", "device"), [("torch", "cuda"), ("torch", "x"), ("jax", "x:1")])
def test_a_device_that_is_missing_is_named(library, device):
    try:
        importlib.import_module(library)
    except ModuleNotFoundError:
        pytest.skip(f"{library} is not installed: pip install {library}")
    if device == "cuda" and importlib.import_module("torch").cuda.is_available():
        pytest.skip("this machine has a GPU, so that none is missing")
    result = told("--backend", library, "--device", device)
    assert result.exit_code == 2
    assert f"device {device!r} cannot be used by {library} here: " in result.output


def test_a_file_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    result = told("--backend", "numpy", "--output", tmp_path / "file" / "out.json")
    assert result.exit_code == 2
    assert "out.json cannot be written: " in " ".join(result.output.split())
    assert "float32:" not in result.output


def test_interrupting_tells_and_writes_what_was_done(tmp_path, monkeypatch):
    def interrupted(work, parts, jobs):
        for part in parts:
            if part.program not in ("other", "add"):
                raise KeyboardInterrupt
            yield work(part)

    monkeypatch.setattr(measure, "spread", interrupted)
    file = tmp_path / "out.json"
    result = told("--backend", "numpy", "--quick", "--samples", "100", "--output", file)
    assert result.exit_code == 130
    assert "interrupted: this is what was done" in result.output
    assert "a + b           100 samples  correctly rounded" in result.output
    assert "not measured: a - b, a * b" in read(file).source
    assert "subnormal numbers are kept" not in result.output


def test_interrupting_at_once_leaves_the_old_file(tmp_path, monkeypatch):
    def interrupted(work, parts, jobs):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(measure, "spread", interrupted)
    file = tmp_path / "out.json"
    file.write_text("old")
    assert told("--backend", "numpy", "--output", file).exit_code == 130
    assert file.read_text() == "old"


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize("name", ["torch", "jax"])
def test_a_library_with_a_device_is_measured(name, compiled):
    pytest.importorskip(name, reason=f"{name} is not installed: pip install {name}")
    options = ["--compiled"] if compiled else []
    result = told("--backend", name, *options, "--dtype", "bfloat16", "--only", "exp", "--jobs=1")
    assert result.exit_code == 0, result.output
    assert opened(Target(name, compiled=compiled)).title in result.output
    assert "exp(x)      all 2^16 inputs  rounded to the nearest" in result.output


def test_the_page_of_what_was_measured_points_to_finds_that_are_there():
    page, finds = ((ROOT / "docs" / name).read_text() for name in ("measured.md", "finds.md"))
    headings = [heading.lower() for heading in re.findall(r"^#+ (.*)$", finds, re.MULTILINE)]
    anchors = {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}
    links = re.findall(r"\(finds\.md#(.*?)\)", page)
    assert len(links) == 3
    assert set(links) <= anchors
