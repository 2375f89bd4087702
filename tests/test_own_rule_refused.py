"""A rule that no arithmetic could run is refused where it stands, in one sentence with its line."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import pytest

import oracle
from oracle.errors import SpecError
from oracle.rules.straight import FUNCTIONS, check_rule

HEAD = "def mine(xp, t, p, g, m, *, rate):"
BEFORE = 4
"""Lines before the body."""


def declared(folder: Path, body: str, head: str = HEAD, slots: str = '{"m": oracle.zeros}') -> None:
    """Declare a rule in a file of its own."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = (
        "import math, oracle, numpy as np\nRATES = [1]\n"
        f"@oracle.rule(slots={slots}, cites='nobody')\n{head}\n{lines}\n"
    )
    path = folder / "mine.py"
    path.write_text(text)
    linecache.checkcache()
    exec(compile(text, str(path), "exec"), {"__name__": "mine"})


def refusal(folder: Path, body: str, head: str = HEAD, **more: str) -> str:
    with pytest.raises(SpecError) as caught:
        declared(folder, body, head, **more)
    told = str(caught.value)
    assert "\n" not in told
    return told


def test_what_is_right_is_taken(tmp_path: Path):
    declared(tmp_path, "m_t = rate * m + g\np_t = p - xp.where(m_t > 0, m_t, 0)\nreturn p_t, m_t")


END = "\nm_t = m + g\nreturn p, m_t"
REFUSED = {
    "numpy": ("u = np.sqrt(g)", "`np.sqrt(g)` calls what is no function of xp: write xp.sqrt"),
    "math": ("u = math.exp(g)", "`math.exp(g)` calls what is no function of xp: write xp.exp"),
    "builtin": ("u = max(p, g)", "`max(p, g)` calls what is no function of xp: write xp.maximum"),
    "mean": ("u = g.mean()", "calls a method, and numbers here have none: write xp.mean"),
    "integer method": ("u = t.bit_length()", "`t.bit_length()` calls a method, and numbers here"),
    "unknown function": ("u = xp.sqr(g)", "calls xp.sqr, which there is not: write xp.sqrt, or"),
    "keyword": ("u = xp.sum(g, axis=0)", "names the argument axis: give it by its place"),
    "own function": ("u = RATES[0](g)", "calls what is no function of xp: a rule may hold"),
    "shape": ("u = g.shape", "asks a number for more than its value: a rule may hold"),
    "pi": ("u = math.pi * g", "`math.pi` is no number of the arithmetic: write xp.pi"),
    "bare xp": ("u = xp", "`xp` stands alone: call a function of it"),
    "branch": ("if g > 0:\n    u = g", "`if g > 0:` is a branch: write xp.where(condition, a, b)"),
    "conditional": ("u = p if g > 0 else g", "is a branch: write xp.where(condition, a, b)"),
    "loop": ("for i in range(3):\n    break", "is a loop: write the terms out, or loop in a link"),
    "while": ("while g > 0:\n    break", "`while g > 0:` is a loop"),
    "again": ("u = g\nu = 2 * u", "`u = 2 * u` gives u a second time: give it a name of its own"),
    "argument": ("p = p - g", "`p = p - g` gives the argument p anew"),
    "in place": ("m *= 2", "`m *= 2` changes a name: give the result a new one, `m_t`"),
    "two names": ("u, w = g, g", "`u, w = g, g` gives several names at once: give one name a line"),
    "typed": ("u: float = g", "`u: float = g` says a type: write `name = formula`"),
    "statement": ("print(g)", "`print(g)` is no `name = formula`: a rule may hold + - * / **"),
    "import": ("import math", "`import math` is no `name = formula`"),
    "equal": ("u = xp.where(g == 0, 1, 0)", "asks whether numbers are equal: compare by <, <=,"),
    "chained": ("u = xp.where(0 < g < 1, 1, 0)", "compares twice: nest two"),
    "and": ("u = xp.where(g > 0 and p > 0, 1, 0)", "combines comparisons: nest them"),
    "not": ("u = xp.where(not g > 0, 1, 0)", "combines comparisons: nest them"),
    "comparison": (
        "u = g * (g > 0)",
        "`g > 0` is a comparison, no number: write xp.where(g > 0, 1",
    ),
    "named comparison": ("c = g > 0\nu = c * g", "`c` is a comparison, no number"),
    "number for where": ("u = xp.where(g, 1, 0)", "asks for no comparison: write xp.where(cond"),
    "comparison in sum": ("u = xp.sum(g > 0)", "`g > 0` is a comparison, no number"),
    "matrices": ("u = p @ g", "`p @ g` multiplies matrices by @: write xp.matmul(a, b)"),
    "floor": ("u = g // 2", "`g // 2` divides to a whole number: write xp.floor(a / b)"),
    "modulo": ("u = g % 2", "`g % 2` uses another operator than + - * / **"),
    "element": ("u = g[0]", "`g[0]` takes an element: write what is done to the whole array"),
    "unknown name": ("u = momentum * g", "`momentum` stands nowhere above: use an argument"),
    "other global": ("u = RATES * g", "`RATES` is a list, no number: use an argument"),
    "flag": ("u = True * g", "`True` is no number"),
    "text": ("u = 'half'", "`'half'` is no number"),
    "list": ("u = [g, p]", "`[g, p]` is no formula"),
    "early return": ("return p, m\nu = g", "`return p, m` is not the last line: return once"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_run_is_told_with_what_may_stand_there(name: str, tmp_path: Path):
    body, told = REFUSED[name]
    said = refusal(tmp_path, body + END)
    assert told in said
    line = BEFORE + len(body.splitlines()) if name in ("again", "named comparison") else BEFORE + 1
    assert re.match(rf"\S*mine\.py:{line}: in the rule mine, ", said)


RETURNS = {
    "p_t = p - g\nreturn p_t": "returns 1 value, and the rule has the parameter and 1 slot: write "
    "`return p_t, m_t`",
    "p_t = p - g\nreturn p_t, m, m": "returns 3 values, and the rule has the parameter and 1 slot",
    "return p - g, m": "`p - g` is returned without a name: give it one on a line before",
    "c = g > 0\nreturn c, m": "`c` is a comparison, no number",
    "p_t = p - g\nm_t = g": "`m_t = g` is the last line: end with `return p_t, m_t`",
}


@pytest.mark.parametrize("body", RETURNS)
def test_a_rule_returns_the_parameter_and_its_slots(body: str, tmp_path: Path):
    assert RETURNS[body] in refusal(tmp_path, body)


def test_a_rule_without_slots_returns_a_tuple(tmp_path: Path):
    head = "def mine(xp, t, p, g, *, rate):"
    said = refusal(tmp_path, "p_t = p - rate * g\nreturn p_t", head, slots="{}")
    assert "returns no tuple: write `return p_t,`" in said
    declared(tmp_path, "p_t = p - rate * g\nreturn p_t,", head, slots="{}")


HEADS = {
    "def mine(xp, t, p, g, v, *, rate):": "takes other arguments than its slots ask for: write "
    "`def mine(xp, t, p, g, m, *, <hyperparameters>)`",
    "def mine(p, g, m, *, rate):": "`p, g, m` takes other arguments than its slots ask for",
    "def mine(xp, t, p, g, m, *, rate=0.1):": "`0.1` is a default: give it to the",
    "def mine(xp, t, p, g, m, **rates):": "`rates` takes any number of arguments",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_rule_takes_what_it_is_given(head: str, tmp_path: Path):
    assert HEADS[head] in refusal(tmp_path, "return p, m", head)


def test_a_rule_has_one_decorator(tmp_path: Path):
    head = "@math.fabs\ndef mine(xp, t, p, g, m, *, rate):"
    text = f"import oracle, math\n@oracle.rule(slots={{'m': oracle.zeros}}, cites='x')\n{head}\n"
    path = tmp_path / "mine.py"
    path.write_text(f"{text}    return p, m\n".replace("math.fabs", "staticmethod"))
    linecache.checkcache()
    with pytest.raises(SpecError, match="`staticmethod` is a second decorator"):
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "mine"})


def test_a_rule_is_a_def_in_a_file():
    declare = oracle.rule(slots={"m": oracle.zeros}, cites="nobody")
    with pytest.raises(SpecError, match="cannot be read: write it as a `def` in a file"):
        exec("declare(eval('lambda xp, t, p, g, m: (p, m)'))", {"declare": declare})


@pytest.mark.parametrize("id", oracle.specs())
def test_every_rule_here_is_one_that_somebody_may_write(id: str):
    """What is refused to others is refused to us, but for names that are bound with a rule."""
    for rule in oracle.spec(id).all_forms:
        check_rule(rule.function, rule.slots)


def test_the_functions_of_rules_are_those_of_the_arithmetic():
    from oracle.arithmetic.base import Arithmetic

    assert all(callable(getattr(Arithmetic, name)) for name in FUNCTIONS)
