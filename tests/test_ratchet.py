"""``--impl-ratchet``: errors over bounds go down in a text file, and what goes up is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.report.lines import ReportError
from oracle.report.ratchet import Ratchet
from oracle.report.tally import Tally

DEFAULTS = "suites/test_defaults.py"


def tallies(**ratios: float):
    return {("keras3/SGD", dtype, ""): Tally(ratio=ratio) for dtype, ratio in ratios.items()}


def turned(path: Path, title: str = "mine 1", **ratios: float) -> list[str]:
    return list(Ratchet.read(path).turned(title, tallies(**ratios)))


def test_a_file_is_begun_and_goes_down_by_itself(tmp_path: Path):
    path = tmp_path / "ratchet.txt"
    assert turned(path, float32=0.51234) == [f"ratchet: 0 worse, 0 better, 1 new, in {path}"]
    assert "keras3/SGD float32 0.513\n" in path.read_text()
    assert turned(path, float32=0.25) == [f"ratchet: 0 worse, 1 better, 0 new, in {path}"]
    assert Ratchet.read(path).sections == {"mine 1": {"keras3/SGD float32": 0.25}}


def test_what_gets_worse_is_told_again_and_again_until_somebody_accepts_it(tmp_path: Path):
    path = tmp_path / "ratchet.txt"
    turned(path, float32=0.25, float64=0.5)
    for _ in range(2):
        told, count = turned(path, float32=0.75, float64=0.5)
        assert told == "worse: keras3/SGD float32: error 0.75x the bound, 0.25x before"
        assert count.startswith("ratchet: 1 worse, 0 better, 0 new")
    path.write_text(path.read_text().replace("keras3/SGD float32 0.25\n", ""))
    assert turned(path, float32=0.75)[0].startswith("ratchet: 0 worse, 0 better, 1 new")


def test_what_a_run_leaves_out_stays(tmp_path: Path):
    path = tmp_path / "ratchet.txt"
    turned(path, float32=0.25, float64=0.5)
    turned(path, float32=0.25)
    assert Ratchet.read(path).sections["mine 1"]["keras3/SGD float64"] == 0.5


def test_another_version_is_held_to_the_one_before_and_kept_beside_it(tmp_path: Path):
    path = tmp_path / "ratchet.txt"
    turned(path, float32=0.25)
    assert turned(path, "mine 2", float32=0.5)[0].startswith("worse: keras3/SGD float32")
    assert [*Ratchet.read(path).sections] == ["mine 1", "mine 2"]
    assert turned(path, "mine 2", float32=0.5)[0].startswith("ratchet: 0 worse")


@pytest.mark.parametrize("line", ["keras3/SGD float32 0.5", "[mine]\nkeras3/SGD float32 much"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str):
    path = tmp_path / "ratchet.txt"
    path.write_text(line)
    number = len(line.splitlines())
    with pytest.raises(ReportError, match=f"line {number} is 'keras3/SGD float32 .*it must be a"):
        Ratchet.read(path)


def test_a_run_writes_it_and_the_next_one_is_held_to_it(judge):
    option = "--impl-ratchet=ratchet.txt"
    judge("honest", DEFAULTS, option).stdout.fnmatch_lines(["ratchet: 0 worse, 0 better, 2 new,*"])
    path = Path("ratchet.txt")
    (title,) = Ratchet.read(path).sections
    assert title == "honest, ci"
    held = Ratchet.read(path).sections[title]["keras3/SGD float32"]
    path.write_text(path.read_text().replace(f"float32 {held:g}", "float32 0.001"))
    result = judge("honest", DEFAULTS, option, "-n2")
    assert result.ret == 0
    result.stdout.fnmatch_lines([f"worse: keras3/SGD float32: error {held:g}x the bound, 0.001x*"])


def test_a_file_that_is_no_ratchet_ends_the_run_at_once(judge):
    Path("ratchet.txt").write_text("nonsense\n")
    result = judge("honest", DEFAULTS, "--impl-ratchet=ratchet.txt")
    assert result.ret == 4
    assert "line 1 is 'nonsense'" in result.stderr.str()
