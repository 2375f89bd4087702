"""One statement of a rule written wrongly in rarer ways: twice, all through, in another form.

They are too many for a kill matrix. A diagnosis tries them where nothing likelier fits, and only on
the statements that can be wrong.
"""

from __future__ import annotations

import ast
import re
from ast import Add, BinOp, Call, Constant, Div, Mult, Name, Sub
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import permutations

from oracle.mutation.operators import OPERATORS, Operator, Scene, called, said
from oracle.mutation.trees import line_of, names_in, rebuilt_at
from oracle.mutation.trees import simplified as _simplified
from oracle.mutation.versions import Edit, Version, function_of, scenes, version_of
from oracle.rules.rule import Rule

Passes = Callable[[int, str], bool]
"""Whether a statement in one place of a rule deserves a closer look."""


def rare_versions(rule: Rule, places: Collection[int], passes: Passes) -> Iterator[Version]:
    """Yield the versions with one rarer slip in one of these statements."""
    for i, scene, statement in scenes(rule, function_of(rule)):
        if i in places:
            yield from _versions(rule, i, _rarer(line_of(statement), scene), passes)


def versions_by(
    operators: Iterable[Operator], rule: Rule, places: Collection[int], passes: Passes
) -> Iterator[Version]:
    """Yield the versions that some operators make of one of these statements."""
    for i, scene, statement in scenes(rule, function_of(rule)):
        if i in places:
            edited = _edited(line_of(statement), scene, *operators)
            yield from _versions(rule, i, edited, passes)


def double_versions(rule: Rule, places: Collection[int], passes: Passes) -> Iterator[Version]:
    """Yield the versions with two slips in one of these statements, the last one first."""
    for i, scene, statement in reversed(list(scenes(rule, function_of(rule)))):
        if i in places:
            once = dict.fromkeys(_all(line_of(statement), scene))
            twice = (two for one in once for two in _all(one, scene))
            yield from _versions(rule, i, twice, passes)


def constants_of(
    rule: Rule, places: Collection[int]
) -> Iterator[tuple[float, Callable[[float], Version]]]:
    """Yield each constant of these statements, and what makes a version with another number.

    A constant that stands in several statements may be one number that is wrong in all of them.
    """
    function = function_of(rule)
    found: dict[float, list[tuple[int, Constant]]] = {}
    for i, _, statement in scenes(rule, function):
        for node in ast.walk(statement.value):
            if isinstance(node, Constant) and isinstance(node.value, (int, float)):
                found.setdefault(float(node.value), []).append((i, node))
    for value, nodes in found.items():
        tried = [(i, node) for i, node in nodes if i in places]
        for one in tried:
            yield value, partial(_with_number, rule, function, [one])
        if tried and isinstance(nodes[0][1].value, float) and len({i for i, _ in nodes}) > 1:
            yield value, partial(_with_number, rule, function, nodes)


def _with_number(
    rule: Rule, function: ast.FunctionDef, nodes: list[tuple[int, Constant]], number: float
) -> Version:
    """Return the version with another number in the place of some constants."""
    body = list(function.body)
    for i, node in nodes:
        other = ast.parse(repr(number), mode="eval").body
        body[i] = rebuilt_at(body[i], function.body[i], node, other)
    changed = tuple(sorted({i for i, _ in nodes}))
    return version_of(rule, function, Edit("number", "", tuple(body), changed), "number")


def _version(rule: Rule, function: ast.FunctionDef, i: int, statement: ast.Assign) -> Version:
    body = (*function.body[:i], statement, *function.body[i + 1 :])
    text = line_of(statement)
    return version_of(rule, function, Edit("statement", text, body, (i,)), text)


def _versions(rule: Rule, i: int, edited: Iterable[str], passes: Passes) -> Iterator[Version]:
    """Yield a version for each statement that passes, those with the same source once."""
    function = function_of(rule)
    tried, seen = set(), {line_of(function.body[i])}
    for text in edited:
        if text not in tried and passes(i, text):
            simple = simplified(ast.parse(text).body[0])
            if line_of(simple) not in seen:
                seen.add(line_of(simple))
                yield _version(rule, function, i, simple)
        tried.add(text)


def _all(statement: str, scene: Scene) -> Iterator[str]:
    yield from _edited(statement, scene, *OPERATORS.values(), *_RARER)
    yield from _all_through(statement, scene)


def _rarer(statement: str, scene: Scene) -> Iterator[str]:
    yield from _all_through(statement, scene)
    yield from _edited(statement, scene, *_RARER, _miscopied)
    incremental = _incremental(statement)
    if incremental is not None:
        yield from _edited(incremental, scene, *OPERATORS.values(), *_RARER)


def _edited(statement: str, scene: Scene, *operators: Operator) -> Iterator[str]:
    """Yield a statement with one expression exchanged; text is faster than trees."""
    tree = _assignment(statement)
    for operator in operators:
        for node in ast.walk(tree.value):
            if isinstance(node, ast.expr):
                before, after = statement[: node.col_offset], statement[node.end_col_offset :]
                yield from (f"{before}({text}){after}" for text in operator(node, scene))


def _assignment(statement: str) -> ast.Assign:
    tree = ast.parse(statement).body[0]
    assert isinstance(tree, ast.Assign)
    return tree


def _all_through(statement: str, scene: Scene) -> Iterator[str]:
    """Take another hyperparameter for one, exchange two, or take complements, all through."""
    mentioned = names_in(_assignment(statement))
    used = [name for name in scene.decays if name in mentioned]
    for name in used:
        yield _renamed(statement, {name: f"1 - {name}"})
        yield from (_renamed(statement, {name: other}) for other in scene.decays if other != name)
    for first, second in permutations(used, 2):
        yield _renamed(statement, {first: second, second: first})


def simplified(statement: ast.stmt) -> ast.Assign:
    """Return an assignment without what changes no number."""
    simple = _simplified(statement)
    assert isinstance(simple, ast.Assign)
    return simple


def _renamed(statement: str, names: dict[str, str]) -> str:
    text = re.sub(r"\w+", lambda m: f"({names[m[0]]})" if m[0] in names else m[0], statement)
    return text.replace("1 - (1 - ", "(")


def _incremental(statement: str) -> str | None:
    """Return ``h * a + (1 - h) * b`` as ``a + (1 - h) * (b - a)``, as many libraries write it."""
    tree = _assignment(statement)
    match tree.value:
        case BinOp(
            BinOp(Name(h), Mult(), a), Add(), BinOp(BinOp(Constant(1), Sub(), Name(k)), Mult(), b)
        ) if h == k:
            target = ast.unparse(tree.targets[0])
            return f"{target} = {said(a)} + (1 - {h}) * ({said(b)} - {said(a)})"
    return None


def _miscopied(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take for a name what it stands for, computed once more with a slip."""
    value = scene.known.get(node.id) if isinstance(node, Name) else None
    if value is not None:
        copy = f"{scene.target} = {ast.unparse(value)}"
        start = len(scene.target) + 3
        yield from (text[start:] for text in _edited(copy, scene, *OPERATORS.values()))


def _deviate(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the gradient's distance from a slot, or what another name stands for."""
    if isinstance(node, Name) and node.id == "g":
        yield from (f"(g - {slot})" for slot in scene.slots.values() if slot in scene.known)
        yield from (f"(g - {slot})" for slot in scene.slots)
    if isinstance(node, Name) and node.id not in scene.hyper:
        yield from (name for name in scene.known if name != node.id)
        yield from (said(value) for name, value in scene.upcoming.items() if name != scene.target)
        yield from (slot for slot in (*scene.slots, "g", "p") if slot != node.id)


def _scale(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Multiply by a hyperparameter, its complement, one half or 2 what has no such factor."""
    if isinstance(node, Name) and node.id not in scene.hyper and node.id not in ("t", "xp"):
        yield from (f"({name} * {node.id})" for name in scene.hyper)
        yield from (f"((1 - {name}) * {node.id})" for name in scene.decays)
        yield from (f"({node.id} / {name})" for name in scene.hyper)
    if isinstance(node, (BinOp, Call)):
        yield from (f"({name} * {said(node)})" for name in scene.hyper)
        yield from (f"((1 - {name}) * {said(node)})" for name in scene.decays)
        yield from (f"({number} * {said(node)})" for number in (0.5, 2))


def _spread_root(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Let a root reach over the whole quotient, or one sum into both of its terms."""
    match node:
        case BinOp(BinOp(factor, Mult(), root), Div(), divisor) if called(root, "sqrt"):
            yield f"{said(factor)} * xp.sqrt({said(called(root, 'sqrt')[0])} / {said(divisor)})"
        case BinOp(root, Div(), divisor) if called(root, "sqrt"):
            yield f"xp.sqrt({said(called(root, 'sqrt')[0])} / {said(divisor)})"
    for inside in called(node, "sqrt"):
        if isinstance(inside, BinOp) and isinstance(inside.op, Add):
            yield f"(xp.sqrt({said(inside.left)}) + xp.sqrt({said(inside.right)}))"


def _spread_epsilon(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Let epsilon be scaled as something else is in the statement, or squared under a root."""
    match node:
        case BinOp(root, Add(), Name("epsilon")) if called(root, "sqrt"):
            yield f"xp.sqrt({said(called(root, 'sqrt')[0])} + epsilon**2)"
    if isinstance(node, Name) and node.id == "epsilon":
        for name in scene.decays:
            yield f"epsilon * (1 - {name}**t)"
            yield f"epsilon / (1 - {name}**t)"


def _other_function(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the magnitude for a square's root, a root for a magnitude, a sign for a number."""
    for operand in called(node, "abs"):
        yield f"{said(operand)}**2"
    for operand in called(node, "sqrt"):
        yield f"xp.abs({said(operand)})"
        yield f"{said(operand)}**2"
    for operand in called(node, "sign"):
        yield f"xp.abs({said(operand)})"
    if isinstance(node, Name) and node.id == "g":
        yield "xp.sign(g)"
        yield "xp.abs(g)"
        yield "g**2"


_RARER: tuple[Operator, ...] = (
    _spread_root,
    _spread_epsilon,
    _other_function,
    _deviate,
    _scale,
)
