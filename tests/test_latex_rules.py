"""Rules as LaTeX: symbols, steps, and a reader that computes what the rule computes."""

from __future__ import annotations

from random import Random

import pytest
from latex_reader import Floats, Reader

import oracle
from oracle.report.reference.formula import after_step, definition, direction, formula
from oracle.report.reference.symbols import parsed, symbols, word
from oracle.rules import adam, ftrl, nadam
from oracle.rules.rule import Rule


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("a", "a"),
        ("beta", r"\beta"),
        ("beta_1", r"\beta_1"),
        ("beta1", r"\beta_1"),
        ("l1", r"\ell_1"),
        ("m_hat", r"\hat{m}"),
        ("m_bar", r"\bar{m}"),
        ("alpha_t", r"\alpha_t"),
        ("mu_next", r"\mu_{t+1}"),
        ("v_max", r"v_{\max}"),
        ("v_max_t", r"v_{\max,t}"),
        ("g_shrunk", r"g_{\mathrm{shrunk}}"),
        ("mg", r"\bar{g}"),
        ("curvature", r"\mathrm{curvature}"),
        ("decay_steps", r"\mathrm{decay\_steps}"),
        ("trust_ratio_t", r"\mathrm{trust\_ratio}_t"),
    ],
)
def test_a_name_has_the_symbol_that_it_spells(name: str, symbol: str):
    """Letters, Greek letters, accents, indices; other words are written out."""
    assert parsed(name).text == symbol


def test_amsgrad_reads_as_in_the_paper():
    """Slots before and after the step, hyperparameters, a line for each assignment."""
    assert formula(adam.amsgrad_epsilon_hat).block.splitlines() == [
        r"\begin{aligned}",
        r"m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\",
        r"v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^{2} \\",
        r"v_{\max,t} &= \max(v_{\max,t-1}, v_t) \\",
        r"\alpha_t &= \frac{\eta \sqrt{1 - \beta_2^{t}}}{1 - \beta_1^{t}} \\",
        r"\theta_t &= \theta_{t-1} - \frac{\alpha_t m_t}{\sqrt{v_{\max,t}} + \epsilon}",
        r"\end{aligned}",
    ]


def test_a_value_on_the_way_bears_its_step_if_it_changes():
    """FTRL's sigma is another one at each step; its penalty is not."""
    names = formula(ftrl.ftrl).symbols
    assert (names["sigma"], names["l1"], names["l2"]) == (r"\sigma_t", r"\ell_1", r"\ell_2")


@pytest.mark.parametrize("value", ["t", "p", "g", "s", "between", "xp.sqrt(g)"])
def test_what_depends_on_the_step_bears_it(value: str):
    """Directly or at a remove."""
    source = f"""
def f(xp, t, p, g, s, *, rho):
    between = s + rho
    w = {value}
    p_t = p - w
    s_t = between
    return p_t, s_t
"""
    assert symbols(definition(source))["w"] == "w_t"


def test_a_slot_that_is_renamed_keeps_its_symbol():
    """Nadam's mu_product is product_t after the step."""
    names = formula(nadam.nadam).symbols
    assert (names["mu_product"], names["product_t"]) == (r"\Pi_{t-1}", r"\Pi_t")


def test_a_symbol_that_is_taken_is_not_given_twice():
    """The later name is written out."""
    source = "def f(xp, t, p, g, *, beta_1, beta1):\n p_t = beta_1 + beta1\n return (p_t,)"
    names = symbols(definition(source))
    assert (names["beta_1"], names["beta1"]) == (r"\beta_1", word("beta1").text)


ALL = [form for id in oracle.specs() for form in oracle.spec(id).forms.values()]
RULES = {f"direction of {form.name}" if direction(form) else form.name: form for form in ALL}
MATRICES = ("matmul", "means", "orthogonalized", "xp.mean")
OF_NUMBERS = {
    name: form for name, form in RULES.items() if not any(word in form.source for word in MATRICES)
}
"""Those that are read by what they make of numbers; the others have matrices in them."""


@pytest.mark.parametrize("form", RULES.values(), ids=RULES.keys())
def test_every_rule_translates(form: Rule):
    """A line for each assignment, a symbol of its own for each name, balanced braces."""
    said = formula(form)
    assert len(said.lines) == sum(" = " in line for line in form.source.splitlines()[1:])
    assert (direction(form) or r"\theta_t") in dict(said.lines)
    assert len(set(said.symbols.values())) == len(said.symbols)
    assert said.block.count("{") == said.block.count("}")
    assert said.block.count(r"\left") == said.block.count(r"\right")


@pytest.mark.parametrize("id", oracle.specs())
def test_a_symbol_means_the_same_in_all_forms_of_a_spec(id: str):
    """One legend explains them all."""
    meanings: dict[str, set[str]] = {}
    for form in oracle.spec(id).forms.values():
        for name in form.hyper:
            meanings.setdefault(formula(form).symbols[name], set()).add(name)
    assert all(len(names) == 1 for names in meanings.values())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("form", OF_NUMBERS.values(), ids=OF_NUMBERS.keys())
def test_what_a_reader_computes_from_the_latex_is_what_the_rule_computes(form: Rule, seed: int):
    """Line by line, by the conventions of mathematics, which know nothing of Python."""
    random = Random(f"{form.name} {seed}")
    slots = {name: random.uniform(0.5, 0.9) for name in form.slots}
    hyper = {name: random.uniform(0.1, 0.9) for name in form.hyper}
    known = {"t": 3.0, "p": random.uniform(-2, 2), "g": random.uniform(-2, 2), **slots, **hyper}
    said = formula(form)
    values = {symbol: known[name] for name, symbol in said.symbols.items() if name in known}
    for left, right in said.lines:
        values[left] = Reader(right, values).read()
    p, *after = form.function(Floats, 3.0, known["p"], known["g"], *slots.values(), **hyper)
    moved = direction(form) or r"\theta_t"
    read = [values[symbol] for symbol in (moved, *after_step(form).values())]
    assert read == pytest.approx([p, *after], rel=1e-9, nan_ok=True)
