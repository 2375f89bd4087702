"""Formulas as LaTeX: each kind of syntax against what a hand would write, then every rule."""

from __future__ import annotations

import ast
import math
from itertools import product
from random import Random

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from latex_reader import Reader

import oracle
from oracle.errors import OracleError
from oracle.report.reference.formula import after_step, definition, formula
from oracle.report.reference.latex import UntranslatableError, latex
from oracle.report.reference.symbols import parsed, symbols, word
from oracle.rules import adam, ftrl, nadam
from oracle.rules.rule import Rule, rule, zeros

NAMES = {name: name for name in "abcdxyt"} | {"n": r"\mathrm{n}", "m": r"\mathrm{m}"}


def translated(source: str) -> str:
    """The LaTeX of an expression whose names are their own symbols."""
    return latex(ast.parse(source, mode="eval").body, NAMES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # operators
        ("a + b", "a + b"),
        ("a - b", "a - b"),
        ("a * b", "a b"),
        ("a / b", r"\frac{a}{b}"),
        ("a**b", "a^{b}"),
        ("-a", "-a"),
        # numbers
        ("2", "2"),
        ("0.96", "0.96"),
        ("1e-7", "10^{-7}"),
        ("2.5e-7", r"2.5 \cdot 10^{-7}"),
        ("1e20", "10^{20}"),
        ("xp.pi", r"\pi"),
        ("xp.inf", r"\infty"),
        ("xp.nan", r"\mathrm{NaN}"),
        ("xp.constant(0.5)", "0.5"),
        # functions
        ("xp.sqrt(a)", r"\sqrt{a}"),
        ("xp.abs(a)", r"\lvert a \rvert"),
        ("xp.norm(a)", r"\lVert a \rVert"),
        ("xp.floor(a)", r"\lfloor a \rfloor"),
        ("xp.ceil(a)", r"\lceil a \rceil"),
        ("xp.sign(a)", r"\mathop{\mathrm{sign}}(a)"),
        ("xp.maximum(a, b)", r"\max(a, b)"),
        ("xp.minimum(a, b)", r"\min(a, b)"),
        ("xp.exp(a)", r"\exp(a)"),
        ("xp.log(a)", r"\ln(a)"),
        ("xp.cos(a)", r"\cos(a)"),
        ("xp.sum(a)", r"\sum(a)"),
        ("xp.matmul(a, b + c)", r"a \cdot (b + c)"),
        # comparisons
        ("a < b", r"a \lt b"),
        ("a <= b", r"a \le b"),
        ("a > b", r"a \gt b"),
        ("a >= b", r"a \ge b"),
        ("a == b", "a = b"),
        ("a != b", r"a \ne b"),
        (
            "xp.where(a < b, c, d)",
            r"\begin{cases} c & \text{if } a \lt b \\ d & \text{otherwise} \end{cases}",
        ),
    ],
)
def test_every_kind_of_syntax(source: str, expected: str):
    """One node each."""
    assert translated(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # sums
        ("a + b + c", "a + b + c"),
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("a - (b + c)", "a - (b + c)"),
        ("a + (b - c)", "a + (b - c)"),
        ("a - b * c", "a - b c"),
        ("a + (-b)", "a + (-b)"),
        ("-a + b", "-a + b"),
        # negation
        ("-(a + b)", "-(a + b)"),
        ("-(a * b)", "-a b"),
        ("(-a) * b", "(-a) b"),
        ("a * (-b)", "a (-b)"),
        ("-(-a)", "-(-a)"),
        ("-(a / b)", r"-\frac{a}{b}"),
        ("(-a) / b", r"\frac{-a}{b}"),
        # products
        ("a * b * c", "a b c"),
        ("a * (b * c)", "a (b c)"),
        ("(a + b) * c", "(a + b) c"),
        ("a * (b + c)", "a (b + c)"),
        ("a * 2", r"a \cdot 2"),
        ("2 * a", "2 a"),
        ("2 * 3", r"2 \cdot 3"),
        ("0.5 * 0.96**t", r"0.5 \cdot 0.96^{t}"),
        ("2 * (1 / a)", r"2 \cdot \frac{1}{a}"),
        ("a * 2 * (1 / b)", r"a \cdot 2 \cdot \frac{1}{b}"),
        ("m * n", r"\mathrm{m} \cdot \mathrm{n}"),
        ("a * n * b", r"a \cdot \mathrm{n} \cdot b"),
        # fractions
        ("a / b * c", r"\frac{a}{b} c"),
        ("a * b / c", r"\frac{a b}{c}"),
        ("a * (b / c)", r"a \frac{b}{c}"),
        ("a / (b * c)", r"\frac{a}{b c}"),
        ("a / (b + c)", r"\frac{a}{b + c}"),
        ("a / b / c", r"\frac{\frac{a}{b}}{c}"),
        ("a / (b / c)", r"\frac{a}{\frac{b}{c}}"),
        ("a * (1 / (b + c))", r"a \frac{1}{b + c}"),
        ("(a / b + c) * d", r"\left(\frac{a}{b} + c\right) d"),
        # powers
        ("(a + b)**2", "(a + b)^{2}"),
        ("(a * b)**2", "(a b)^{2}"),
        ("a * b**2", "a b^{2}"),
        ("(-a)**2", "(-a)^{2}"),
        ("-a**2", "-a^{2}"),
        ("a**b**c", "a^{b^{c}}"),
        ("(a**b)**c", "(a^{b})^{c}"),
        ("a**(b + c)", "a^{b + c}"),
        ("a**(-b)", "a^{-b}"),
        ("(a / b)**2", r"\left(\frac{a}{b}\right)^{2}"),
        ("xp.sqrt(a)**2", r"\left(\sqrt{a}\right)^{2}"),
        ("xp.abs(a)**2", r"\lvert a \rvert^{2}"),
        ("xp.cos(a)**2", r"(\cos(a))^{2}"),
        # functions
        ("xp.sqrt(a + b)", r"\sqrt{a + b}"),
        ("xp.sqrt(a) + b", r"\sqrt{a} + b"),
        ("xp.sqrt(a / xp.sqrt(b))", r"\sqrt{\frac{a}{\sqrt{b}}}"),
        ("xp.sum(a**2) * b", r"\sum(a^{2}) b"),
        ("xp.norm(a / b)", r"\left\lVert \frac{a}{b} \right\rVert"),
        ("xp.maximum(xp.maximum(a, -b), c)", r"\max(\max(a, -b), c)"),
        (
            "a + xp.where(b < c, x, y)",
            r"a + \left(\begin{cases} x & \text{if } b \lt c \\ y & \text{otherwise} \end{cases}"
            r"\right)",
        ),
    ],
)
def test_brackets_stand_where_they_have_to_and_nowhere_else(source: str, expected: str):
    """By precedence, and the order of evaluation can be read off."""
    assert translated(source) == expected


def test_two_expressions_never_look_alike():
    """All trees of two operators: each has LaTeX of its own."""
    shapes = [
        "(a {} b) {} c",
        "a {} (b {} c)",
        "-(a {} b) {} c",
        "(-a {} b) {} c",
        "a {} -(b {} c)",
    ]
    operators = list(product(("+", "-", "*", "/", "**"), repeat=2))
    trees: dict[str, set[str]] = {}
    for shape, pair in product(shapes, operators):
        source = shape.format(*pair)
        trees.setdefault(translated(source), set()).add(ast.dump(ast.parse(source)))
    assert all(len(same) == 1 for same in trees.values())


@pytest.mark.parametrize(
    "source",
    [
        "a // b",
        "a % b",
        "not a",
        "+a",
        "a and b",
        "a < b < c",
        "unknown",
        "True",
        "'text'",
        "a[0]",
        "sqrt(a)",
        "xp.tanh(a)",
        "xp.sqrt(a, b)",
        "xp.sum(a, axis=0)",
        "xp.eps",
        "np.pi",
    ],
)
def test_what_has_no_translation_is_refused(source: str):
    """One sentence that names the line and the code, never a wrong formula."""
    with pytest.raises(UntranslatableError, match="line 1: `"):
        translated(source)


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


RULES = {form.name: form for id in oracle.specs() for form in oracle.spec(id).forms}


@pytest.mark.parametrize("form", RULES.values(), ids=RULES.keys())
def test_every_rule_translates(form: Rule):
    """A line for each assignment, a symbol of its own for each name, balanced braces."""
    said = formula(form)
    assert len(said.lines) == sum(" = " in line for line in form.source.splitlines()[1:])
    assert r"\theta_t" in dict(said.lines)
    assert len(set(said.symbols.values())) == len(said.symbols)
    assert said.block.count("{") == said.block.count("}")
    assert said.block.count(r"\left") == said.block.count(r"\right")


@pytest.mark.parametrize("id", oracle.specs())
def test_a_symbol_means_the_same_in_all_forms_of_a_spec(id: str):
    """One legend explains them all."""
    meanings: dict[str, set[str]] = {}
    for form in oracle.spec(id).forms:
        for name in form.hyper:
            meanings.setdefault(formula(form).symbols[name], set()).add(name)
    assert all(len(names) == 1 for names in meanings.values())


class Floats:
    """Python's own numbers, as an arithmetic for rules."""

    sqrt, exp, log, cos = math.sqrt, math.exp, math.log, math.cos
    abs, norm, maximum, minimum, floor = abs, abs, max, min, math.floor

    @staticmethod
    def sign(x: float) -> float:
        """-1, 0 or 1."""
        return float((x > 0) - (x < 0))

    @staticmethod
    def where(condition: bool, yes: float, no: float) -> float:
        """One of two."""
        return yes if condition else no


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("form", RULES.values(), ids=RULES.keys())
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
    read = [values[symbol] for symbol in (r"\theta_t", *after_step(form).values())]
    assert read == pytest.approx([p, *after], rel=1e-9)


EXPRESSIONS = st.recursive(
    st.sampled_from(("a", "b", "c", "n", "2", "0.5")),
    lambda part: st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from("+-*/"), part),
        st.builds("({}**{})".format, part, st.sampled_from(("2", "3", "(-1)"))),
        st.builds("(-{})".format, part),
        st.builds("xp.sqrt(xp.abs({}))".format, part),
        st.builds("xp.maximum({}, {})".format, part, part),
        st.builds("xp.where({} < {}, {}, {})".format, part, part, part, part),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_any_expression_reads_as_it_computes(source: str):
    """Random trees of all kinds, with the brackets that Python's printer leaves."""
    values = {"a": 0.75, "b": -1.375, "c": 2.5, "n": 0.625}
    try:
        computed = float(eval(source, {"xp": Floats}, values))
    except (ZeroDivisionError, OverflowError):
        reject()
    read = Reader(translated(source), {NAMES[name]: v for name, v in values.items()}).read()
    assert read == pytest.approx(computed, rel=1e-9)


@rule(slots={"v": zeros}, cites="nobody")
def branching(xp, t, p, g, v, *, learning_rate):
    """Not straight-line code."""
    if t:
        v = v + g
    p_t = p - learning_rate * v
    return p_t, v


@rule(cites="nobody")
def anonymous(xp, t, p, g, *, learning_rate):
    """What it returns has no name."""
    return (p - learning_rate * g,)


@pytest.mark.parametrize("form", [branching, anonymous], ids=["branching", "anonymous"])
def test_what_is_not_straight_line_code_is_refused(form: Rule):
    """One sentence that names the rule."""
    with pytest.raises(OracleError, match=form.name):
        formula(form)
