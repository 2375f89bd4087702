"""The reference: what a page says, and how it is written in Markdown."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import oracle
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.report.reference.honest import honest
from oracle.report.reference.markdown import code, literal, table
from oracle.report.reference.page import index, page
from oracle.resources import fixtures_dir


@cache
def page_of(id: str) -> str:
    """The page of a spec."""
    return page(oracle.spec(id), fixtures_dir())


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
