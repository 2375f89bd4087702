"""The reference: what a page says, what drifts, and how ``oracle docs`` answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import oracle
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.cli import main
from oracle.report.reference import files
from oracle.report.reference.files import Drift, drift, left_over, rendered, write
from oracle.report.reference.honest import honest
from oracle.report.reference.markdown import code, literal, table
from oracle.report.reference.page import index, page
from oracle.resources import fixtures_dir

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "reference"


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["docs", *map(str, arguments)])


@cache
def page_of(id: str) -> str:
    """The page of a spec."""
    return page(oracle.spec(id), fixtures_dir())


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
    assert lion.read_text() == page_of("keras3/Lion")
    assert (reference / "README.md").stat().st_mtime_ns == before


# What a page says


def test_a_page_has_its_sections_in_order():
    """From the formula to the golden cases."""
    titles = [line[3:] for line in page_of("keras3/Adam").splitlines() if line.startswith("## ")]
    assert titles == [
        "Formula",
        "Arguments",
        "Slots",
        "Order of operations",
        "Quirks",
        "Sources",
        "Golden cases",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# keras3/Adam",
        "Adam and AMSGrad.",
        "Library: Keras 3.15.1, keras/src/optimizers. Also: `keras3/adam`.",
        r"\alpha_t &= \frac{\eta \sqrt{1 - \beta_2^{t}}}{1 - \beta_1^{t}} \\",
        "    v_max_t = xp.maximum(v_max, v_t)",
        "| $`\\eta`$ | `learning_rate`: step size, or a schedule |",
        "| $`v_{\\max,t}`$ | the slot `v_max` after the step |",
        "| `epsilon` | `1e-07` | keeps the denominator away from 0 |",
        "| `m` | 0 | one for each element | always |",
        "| `v_max` | 0 | one for each element | in `amsgrad_epsilon_hat` |",
        "| `average` | 0 | one for each element | when `use_ema` is True |",
        "8. **update**: Apply the formula to every parameter that has a gradient.",
        "- Epsilon stands beside the uncorrected root (epsilon hat).",
        "- Kingma & Ba 2015, section 2, last paragraph (epsilon hat)",
    ],
)
def test_the_page_of_adam_says(line: str):
    """One line of each section."""
    assert line in page_of("keras3/Adam").splitlines()


def test_a_slot_says_where_it_starts_and_whose_it_is():
    """Nadam's product is one number; Adagrad's start is an argument."""
    assert "| `mu_product` | 1 | one for all parameters |" in page_of("keras2/Nadam")
    assert "| `a` | `initial_accumulator_value` | one for each" in page_of("keras3/Adagrad")


def test_the_cases_are_counted_and_linked(tmp_path: Path):
    """Without a fixture the section is left out."""
    cases = len(oracle.golden.load("keras2/SGD").cases)
    link = "[fixtures/keras2/SGD.json](../../../fixtures/keras2/SGD.json)"
    assert f"{cases} cases in {link}." in page_of("keras2/SGD")
    assert "Golden cases" not in page(oracle.spec("keras2/SGD"), tmp_path)


def test_the_index_names_every_spec():
    """By system, with its doc and a link to a page."""
    text = index(oracle.specs())
    for spec in map(oracle.spec, oracle.specs()):
        assert f"| [{spec.id}]({spec.id}.md) | {literal(spec.doc)} |" in text
    assert text.index("## keras2") < text.index("## keras3")


def test_the_page_of_what_is_honest_has_every_row_of_the_table():
    """The index leads to it."""
    text = honest()
    for rewriting in REWRITINGS:
        assert f"### {rewriting.name.capitalize()}\n\n```math\n" in text
        assert literal(rewriting.cost) in text
    assert r"h x + (1 - h) y &= x + (1 - h) (y - x) \\" in text
    assert r"x^{t} &= x \dots x" in text
    assert "(honest.md)" in index(oracle.specs())


@pytest.mark.parametrize("id", oracle.specs())
def test_a_page_is_well_formed(id: str):
    """Fences and folds are closed, rows have the cells of their head; no macro GitHub refuses."""
    text = page_of(id)
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>") == len(oracle.spec(id).all_forms)
    assert r"\operatorname" not in text
    tables = [part.splitlines() for part in text.split("\n\n") if part.startswith("| ")]
    assert all(len({row.count(" | ") for row in rows}) == 1 for rows in tables)


# Markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("0.96**t", r"0.96\*\*t"),
        ("a < b | c", r"a \< b \| c"),
        ("schedule_decay and _this_", r"schedule_decay and \_this\_"),
        ("`a * b` and a * b", r"`a * b` and a \* b"),
        ("[0] costs $1", r"\[0\] costs \$1"),
    ],
)
def test_a_sentence_is_shown_as_it_is(text: str, markdown: str):
    """No sign of it is taken for Markdown's own."""
    assert literal(text) == markdown


def test_a_table_has_a_rule_below_its_head():
    """And a bar within a cell does not end it."""
    assert table(("A", "B"), [(code("x|y"), "z")]) == "| A | B |\n| --- | --- |\n| `x\\|y` | z |"


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
