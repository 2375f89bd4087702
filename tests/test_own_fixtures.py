"""Golden fixtures in somebody's own repository: made, judged, stale after an edit, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from own_spec import oracle_says, written

from oracle.golden.read import read_fixture

SPEC = '''\
import oracle
from oracle import Argument, domains, zeros
from beside import halved

HALF = 0.5

@oracle.transformation("decay")
def decay_weights(step: oracle.Step) -> None:
    """Shrink the weights."""
    for k in step.present():
        step.params[k] = step.params[k] - halved(step.numbers["decay"]) * step.params[k]

@oracle.rule(slots={"m": zeros}, cites="nobody")
def averaged(xp, t, p, g, m, *, learning_rate):
    """Follow the mean of the gradients."""
    m_t = HALF * m + HALF * g
    p_t = p - learning_rate * m_t
    return p_t, m_t

def unread(x):
    return x

oracle.define("mine/Averaged", oracle.chain(decay_weights, averaged), [
    Argument("learning_rate", 0.01, domains.Rate(), "step size"),
    Argument("decay", 0.0, domains.penalty(domains.at_least(0), 0.1), "share of the weights"),
])
'''
BESIDE = "def halved(x):\n    return x / 2\n"
KERNEL = """
import numpy as np

mine = oracle.Implementation("mine", dtypes=("float32",))

@mine.implements("mine/Averaged")
def kernel(params, *, learning_rate=0.01, decay=0.0):
    m = [np.zeros_like(p) for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            m[k] = (m[k] + g) / 2
            params[k] = params[k] * (1 - decay / 2) - learning_rate * m[k]
        return params

    return step
"""
ID = "mine/Averaged"
GOLDEN = "suites/test_golden.py"
HERE = ("--specs", "mine.py", "--fixtures", "golden")


def fixture(folder: Path) -> Path:
    return folder / "golden" / "mine" / "Averaged.json"


def generate(folder: Path) -> str:
    made = ("generate", "--specs", "mine.py", "--out", "golden", "--no-search")
    return oracle_says(folder, *made)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spec, what it imports, its kernel and its fixture."""
    folder = tmp_path_factory.mktemp("made")
    written(folder, SPEC, KERNEL)
    (folder / "beside.py").write_text(BESIDE)
    assert generate(folder).startswith(f"{ID}: written")
    return folder


@pytest.fixture
def folder(made: Path, pytester: pytest.Pytester) -> Path:
    """A copy of it, in which pytest runs."""
    for path in made.rglob("*"):
        if path.is_file() and path.suffix in (".py", ".json"):
            copy = pytester.path / path.relative_to(made)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return pytester.path


def judged(pytester: pytest.Pytester, *more: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("--impl=mine.py", "--impl-fixtures=golden", *more, GOLDEN)


def edit(folder: Path, right: str, wrong: str, name: str = "mine.py") -> None:
    text = (folder / name).read_text()
    assert right in text
    (folder / name).write_text(text.replace(right, wrong))


def test_it_is_the_same_bytes_wherever_it_is_made(made: Path, tmp_path: Path):
    written(tmp_path, SPEC)
    (tmp_path / "beside.py").write_text(BESIDE)
    generate(tmp_path)
    assert fixture(tmp_path).read_bytes() == fixture(made).read_bytes()


def test_it_is_written_once(made: Path):
    assert generate(made).startswith(f"{ID}: unchanged")


def test_it_holds_to_the_rules_of_all_fixtures(made: Path):
    assert "1 fixtures, 17 rules, 0 objections" in oracle_says(made, "lint", *HERE)
    assert "1 fixtures are up to date" in oracle_says(made, "check", *HERE)


def test_a_right_kernel_passes_it(folder: Path, pytester: pytest.Pytester):
    result = judged(pytester)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 15


def test_its_numbers_are_what_a_kernel_is_held_to(folder: Path, pytester: pytest.Pytester):
    """A fixture whose numbers are another's, with an honest checksum, fails the kernel."""
    from oracle.golden.read import checksum

    document = json.loads(fixture(folder).read_text())
    [coarse] = [case for case in document["cases"] if case["id"] == "coarse"]
    last = coarse["checkpoints"][-1]["params"][0]
    last[0] = last[1]
    document["checksum"] = checksum(document)
    fixture(folder).write_text(json.dumps(document))
    result = judged(pytester)
    assert result.parseoutcomes()["failed"] == 1


def test_a_wrong_kernel_fails_with_the_options_to_run_it_again(
    folder: Path, pytester: pytest.Pytester
):
    edit(folder, "(m[k] + g) / 2", "m[k] + g / 2")
    result = judged(pytester)
    assert result.parseoutcomes()["failed"] > 10
    result.stdout.fnmatch_lines("*repro: pytest --impl=mine.py --impl-fixtures=golden 'suites/*")


EDITS = {
    "the rule": ("HALF * m + HALF * g", "HALF * m + g", "mine.py", "mine.py:averaged"),
    "a table": ("HALF = 0.5", "HALF = 0.25", "mine.py", "mine.py:HALF"),
    "a link": ("- halved(", "+ halved(", "mine.py", "mine.py:decay_weights"),
    "a neighbour": ("x / 2", "x / 4", "beside.py", "beside.py:halved"),
    "a default": ('"learning_rate", 0.01', '"learning_rate", 0.02', "mine.py", "mine/Averaged"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_makes_it_stale_by_name(what: str, folder: Path, pytester: pytest.Pytester):
    right, wrong, file, name = EDITS[what]
    edit(folder, right, wrong, file)
    told = f"changed since it was made: {name}"
    said = oracle_says(folder, "check", "--fast", *HERE, ends=1)
    assert f"stale: {ID}: {told}\n" in said
    assert "oracle generate --specs mine.py --out golden" in said
    refused = judged(pytester)
    assert refused.ret != 0
    assert f"golden/{ID}.json is stale: {told}; run `oracle gen" in refused.stdout.str()


UNSEEN = {
    "a function that no run passes": ("return x\n", "return 2 * x\n"),
    "the kernel": ("learning_rate * m[k]", "m[k] * learning_rate"),
    "a comment": ("HALF = 0.5", "HALF = 0.5  # one half"),
    "the docstring": ("Follow the mean", "Go after the mean"),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_an_edit_elsewhere_leaves_it_as_it_is(what: str, folder: Path):
    edit(folder, *UNSEEN[what])
    assert "1 fixtures are consistent" in oracle_says(folder, "check", "--fast", *HERE)


DAMAGED = {
    "cut off": (lambda text: text[: len(text) // 2], "is not valid JSON"),
    "edited": (lambda text: text.replace('"step": 1', '"step": 2', 1), "its checksum does not fit"),
    "of another format": (
        lambda text: text.replace('"format": ', '"format": 9', 1),
        "its format is",
    ),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_one_is_refused(how: str, folder: Path, pytester: pytest.Pytester):
    damage, told = DAMAGED[how]
    fixture(folder).write_text(damage(fixture(folder).read_text()))
    result = judged(pytester)
    assert result.ret != 0
    assert told in result.stdout.str()
    assert "run `oracle generate --specs mine.py --out golden` to make it" in result.stdout.str()
    oracle_says(folder, "check", "--fast", *HERE, ends=1)


def test_one_that_is_asked_for_and_missing_is_refused(folder: Path, pytester: pytest.Pytester):
    fixture(folder).unlink()
    result = judged(pytester)
    assert result.ret != 0
    assert (
        "no fixture for spec 'mine/Averaged' under golden; run `oracle gen" in result.stdout.str()
    )


def test_a_folder_that_is_not_there_is_refused(folder: Path, pytester: pytest.Pytester):
    result = pytester.runpytest_subprocess("--impl=mine.py", "--impl-fixtures=nowhere")
    assert "--impl-fixtures=nowhere: there is no such folder" in result.stderr.str()


@pytest.mark.parametrize("option", ["--impl-fixtures=golden", "--impl-specs=mine.py"])
def test_the_options_are_of_no_use_alone(option: str, pytester: pytest.Pytester):
    told = pytester.runpytest_subprocess(option).stderr.str()
    assert f"{option.partition('=')[0]} is of no use without --impl=NAME" in told


def test_a_folder_that_the_spec_declares_needs_no_option(folder: Path, pytester: pytest.Pytester):
    edit(folder, 'share of the weights"),\n]', "share of the weights\"),\n], fixtures='golden'")
    for command in (("check", "--fast"), ("lint",)):
        oracle_says(folder, *command, "--specs", "mine.py")
    edit(folder, "x / 2", "x / 4", "beside.py")
    result = pytester.runpytest_subprocess("--impl=mine.py", GOLDEN)
    assert "is stale: changed since it was made: beside.py:halved" in result.stdout.str()


def test_without_a_folder_the_commands_ask_for_one(made: Path):
    told = oracle_says(made, "check", "--specs", "mine.py", ends=2)
    assert "where are the fixtures of mine/Averaged? name their folder" in told


def test_without_a_fixture_the_cases_are_computed_and_the_same(
    folder: Path, pytester: pytest.Pytester
):
    with_one = judged(pytester)
    without = pytester.runpytest_subprocess("--impl=mine.py", GOLDEN)
    assert without.ret == 0
    assert without.parseoutcomes()["passed"] == with_one.parseoutcomes()["passed"]


def test_several_processes_know_the_specs_of_the_command_line(made: Path, tmp_path: Path):
    second = SPEC.replace("mine/Averaged", "mine/Second")
    (tmp_path / "beside.py").write_text(BESIDE)
    written(tmp_path, SPEC)
    written(tmp_path, second, name="second.py")
    files = ("--specs", "mine.py", "--specs", "second.py", "--out", "golden")
    told = oracle_says(tmp_path, "generate", *files, "--no-search", "--jobs", "2")
    assert told.count(": written") == 2
    assert read_fixture(fixture(tmp_path)) == read_fixture(fixture(made))


def test_workers_of_xdist_judge_by_it(folder: Path, pytester: pytest.Pytester):
    pytest.importorskip("xdist", reason="xdist is not installed: pip install pytest-xdist")
    result = judged(pytester, "-n", "2")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 15


def test_a_file_of_no_spec_is_named(folder: Path):
    fixture(folder).rename(fixture(folder).with_name("Nobody.json"))
    told = oracle_says(folder, "check", "--fast", *HERE, ends=1)
    assert "missing: mine/Averaged" in told
    assert "extra: mine/Nobody: no spec has this id; remove the file" in told


@pytest.mark.long
def test_what_is_unseen_may_be_given_a_reason(folder: Path):
    """The table of wrong versions is open until somebody says why one must agree."""
    generated = ("generate", "--specs", "mine.py", "--out", "golden")
    oracle_says(folder, *generated)
    told = oracle_says(folder, "check", "--fast", *HERE, ends=1)
    opened = sorted({line.split()[5] for line in told.splitlines() if line.startswith("open: ")})
    assert opened
    assert all("reasons={" in line for line in told.splitlines() if line.startswith("open: "))
    because = ", ".join(f"{id!r}: 'it was looked at'" for id in opened)
    edit(folder, 'share of the weights"),\n]', f'share of the weights"),\n], reasons={{{because}}}')
    oracle_says(folder, *generated)
    assert "1 fixtures are consistent" in oracle_says(folder, "check", "--fast", *HERE)
    edit(folder, "reasons={", "reasons={'nothing': 'an idle reason', ")
    told = oracle_says(folder, "check", "--fast", *HERE, ends=1)
    assert "the reason for 'nothing' is of no wrong version" in told
