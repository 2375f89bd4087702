"""Formulas as LaTeX: each kind of syntax against what a hand would write, then every rule."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from latex_reader import Floats, Reader

from oracle.errors import OracleError
from oracle.report.reference.formula import formula
from oracle.report.reference.latex import UntranslatableError, latex
from oracle.rules.rule import Rule, Slot, zeros

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


def unread(slots: dict[str, Slot], function: Callable[..., tuple[Any, ...]]) -> Rule:
    """A rule that nobody has read: `rule` refuses what is no straight-line code."""
    return Rule(function.__name__, function, slots, "nobody", ("learning_rate",))


@partial(unread, {"v": zeros})
def branching(xp, t, p, g, v, *, learning_rate):
    """Not straight-line code."""
    if t:
        v = v + g
    p_t = p - learning_rate * v
    return p_t, v


@partial(unread, {})
def anonymous(xp, t, p, g, *, learning_rate):
    """What it returns has no name."""
    return (p - learning_rate * g,)


@pytest.mark.parametrize("form", [branching, anonymous], ids=["branching", "anonymous"])
def test_what_is_not_straight_line_code_is_refused(form: Rule):
    """One sentence that names the rule."""
    with pytest.raises(OracleError, match=form.name):
        formula(form)
