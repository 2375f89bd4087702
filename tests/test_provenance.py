"""A fixture knows what made it: an edit makes stale what ran through it, and nothing else."""

from __future__ import annotations

import ast
import cProfile
import dataclasses
from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import Path

import pytest

import oracle
from oracle.golden import available, check, digests, load
from oracle.golden.digests import digest_of, said
from oracle.golden.provenance import _ONCE, changed
from oracle.golden.read import path_of, read_document
from oracle.resources import fixtures_dir
from oracle.specification.spec import Spec
from oracle.systems.keras3 import base as keras3_base

PACKAGE = Path(oracle.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for room in ("rules", "specification", "systems")
    for path in (PACKAGE / room).rglob("*.py")
    if path.name not in ("__init__.py", "registered.py")
)
"""Where it is said what a library computes; what finds a spec by its name says nothing."""
ONE_OF_EACH_SYSTEM = (
    "keras2/Adam",
    "keras3/RMSprop",
    "tf.train/FtrlOptimizer",
    "tf.contrib.opt/LARSOptimizer",
    "tf.contrib.opt/ModelAverageOptimizer",
    "tf/clip_by_norm",
)
ADAM = "keras3/Adam"


def recorded(spec: str) -> dict[str, str]:
    """Return what the fixture of a spec was made by."""
    return read_document(path_of(spec, fixtures_dir()))["made_by"]


def profiled(spec: str) -> set[str]:
    """Return the functions that Python's own profiler sees in the exact trajectories of a spec."""
    oracle.spec(spec)
    profile = cProfile.Profile()
    for case in load(spec).cases:
        profile.runcall(oracle.trajectory, spec, case.params, case.grads, case.hyper)
    lines: dict[str, set[int]] = {}
    for entry in profile.getstats():
        if not isinstance(entry.code, str):
            lines.setdefault(entry.code.co_filename, set()).add(entry.code.co_firstlineno)
    found = set()
    for module in MODULES:
        ran = lines.get(str(import_module(f"oracle.{module}").__file__), set())
        for name, node in digests._units(module).items():
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if any(first <= line <= (node.end_lineno or first) for line in ran):
                found.add(f"{module}:{name}")
    return found


def edited(module: str, names: Collection[str]) -> str:
    """Return the source of a module with a statement more in some of its functions."""
    tree = ast.parse(digests.source_of(module))
    for node in tree.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            if isinstance(inner, ast.FunctionDef) and f"{prefix}{inner.name}" in names:
                inner.body += ast.parse("assert True").body
    return ast.unparse(tree)


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Let a module have another source."""
    right = digests._units

    def change(module: str, source: str) -> None:
        units = digests.units_in(source)
        monkeypatch.setattr(digests, "_units", lambda m: units if m == module else right(m))

    return change


EVERY = {f"{module}:{name}" for module in MODULES for name in digests._units(module)}


@pytest.mark.parametrize("spec", ONE_OF_EACH_SYSTEM)
def test_every_function_that_its_trajectories_pass_through_makes_it_stale_and_no_other(
    spec: str, edit
):
    """The profiler and the fixture agree on each, and so does an edit of each."""
    made, ran = recorded(spec), profiled(spec) - set(_ONCE)
    assert {name for name in made if name in EVERY} - set(_ONCE) == ran
    for function in ran:
        module, _, name = function.partition(":")
        edit(module, edited(module, {name}))
        assert list(changed(made)) == [function]
    for module in MODULES:
        others = {name for name in digests._units(module) if f"{module}:{name}" not in made}
        edit(module, edited(module, others))
        assert list(changed(made)) == []


@pytest.mark.parametrize("spec", available())
def test_what_is_committed_was_made_by_what_is_there(spec: str):
    assert list(changed(recorded(spec))) == []


def test_check_names_the_function_and_nothing_that_did_not_run_it(edit):
    edit("rules.lion", edited("rules.lion", {"lion"}))
    found = [f for several in check.check_fast(available(), fixtures_dir()) for f in several]
    assert [(f.spec, f.kind) for f in found] == [("keras3/Lion", "stale")]
    assert found[0].message == "changed since it was made: rules.lion:lion"


UNSEEN = {
    "a comment": ("return p_t", "# the end\n    return p_t"),
    "an empty line": ("    return p_t", "\n\n    return p_t"),
    "layout": ("beta_1 * m", "beta_1*m"),
    "parentheses": ("beta_1 * m +", "(beta_1 * m) +"),
    "the docstring": ("Adam with the bias", "It is Adam with the bias"),
}
SEEN = {
    "a sign": ("p_t = p - ", "p_t = p + "),
    "a factor": ("beta_1 * m", "beta_2 * m"),
    "the place of epsilon": ("(xp.sqrt(v_t) + epsilon)", "xp.sqrt(v_t + epsilon)"),
    "a constant": ("(1 - beta_1) * g", "(2 - beta_1) * g"),
    "a start value": ('"m": zeros', '"m": scalar_one'),
}


def stale_after(edit, old: str, new: str) -> list[str]:
    """Return what of Adam is stale after an edit of the file of its rule."""
    source = digests.source_of("rules.adam")
    assert old in source
    edit("rules.adam", source.replace(old, new, 1))
    return list(changed(recorded(ADAM)))


@pytest.mark.parametrize(("old", "new"), UNSEEN.values(), ids=UNSEEN)
def test_what_says_the_same_is_no_edit(edit, old: str, new: str):
    assert stale_after(edit, old, new) == []


@pytest.mark.parametrize(("old", "new"), SEEN.values(), ids=SEEN)
def test_what_says_something_else_is_one(edit, old: str, new: str):
    assert stale_after(edit, old, new) == ["rules.adam:adam_epsilon_hat"]


def test_a_function_that_is_gone_is_stale(edit):
    edit("rules.lion", "")
    assert "rules.lion:lion" in changed({"rules.lion:lion": "0" * 16, **recorded("keras3/Lion")})


def test_a_table_that_a_function_reads_is_seen(monkeypatch: pytest.MonkeyPatch):
    turned = tuple(reversed(keras3_base.BEFORE))
    monkeypatch.setattr(keras3_base, "BEFORE", turned)
    assert list(changed(recorded(ADAM))) == ["systems.keras3.base:BEFORE"]


def digest_with(monkeypatch: pytest.MonkeyPatch, spec: Spec, **changes: object) -> str | None:
    """Return the digest of the row of a spec after a change."""
    other = dataclasses.replace(spec, **changes)
    monkeypatch.setattr(digests, "find_spec", lambda id: other)
    return digest_of(spec.id)


def test_the_row_of_a_spec_says_defaults_names_forms_and_rows(monkeypatch: pytest.MonkeyPatch):
    spec = oracle.spec("tf.train/AdamOptimizer")
    own = digest_of(spec.id)
    epsilon = dataclasses.replace(spec.arguments["epsilon"], default=1e-7)
    changes = [
        {"arguments": {**spec.arguments, "epsilon": epsilon}},
        {"names": {"beta_1": "beta2", "beta_2": "beta1"}},
        {"forms": {**spec.forms, ("epsilon",): spec.forms[()]}},
        {"sparse": dataclasses.replace(spec.sparse, each_occurrence=True)},
    ]
    assert own not in [digest_with(monkeypatch, spec, **change) for change in changes]
    assert digest_with(monkeypatch, spec, doc="") == own


def test_no_two_rows_say_the_same():
    assert len({digest_of(id) for id in oracle.specs()}) == len(oracle.specs())


def test_a_function_in_a_table_is_what_it_was_made_with():
    """Two functions of one name differ by what they hold."""

    def made(number: float, scale: float = 1.0) -> Callable[[float], float]:
        def inner(x: float, scale: float = scale) -> float:
            return x * number * scale

        return inner

    one, same, held, default = made(1.0), made(1.0), made(2.0), made(1.0, 2.0)
    assert digests.described([one]) == digests.described([same])
    assert len({digests.described(f) for f in (one, held, default)}) == 3


def test_what_a_tree_says_has_no_layout():
    one = 'def f(x):\n    """Doc."""\n    return x+1 # one'
    other = "def f(x):\n    return (x + 1)"
    assert said(ast.parse(one)) == said(ast.parse(other))
    assert said(ast.parse("x + 1")) != said(ast.parse("x + 2"))
