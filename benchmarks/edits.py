"""Single edits of the engine's source, drawn at random: what `benchmarks/own_teeth.py` tries.

The edits are those of cosmic-ray: another operator, comparison, number or exception, a condition
negated, a decorator left out, a loop that does not run. An edit that leaves the same program, or
none, is not drawn, nor one of what only guards the programmer: annotations, ``strict=True`` of a
zip, ``frozen=True`` of a dataclass, ``abstractmethod``.
"""

from __future__ import annotations

import ast
import difflib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

STRATA: Mapping[str, tuple[int, Sequence[str]]] = {
    "arithmetic": (12, ["arithmetic", "dtypes.py"]),
    "verdict": (6, ["verdict.py", "truth.py", "bulk.py", "trajectories.py", "sparse.py"]),
    "conformance": (8, ["conformance", "declining.py", "claim.py", "implementation.py"]),
    "systems": (6, ["systems", "rules", "clipping.py", "schedules.py", "preconditioning.py"]),
    "golden": (4, ["golden"]),
    "mutation": (4, ["mutation"]),
}
"""How many of forty edits each part of the engine gets, and its files within ``oracle/``."""

_GUARDS = ("abstractmethod", "overload", "strict", "frozen")
"""Decorators and keywords that only refuse what nobody does."""

Position = tuple[int, int]


@dataclass(frozen=True)
class Edit:
    """One place of a file, written otherwise."""

    stratum: str
    file: str
    """From the root of the project."""

    line: int
    """Where it begins."""

    was: str
    now: str
    """The lines that differ, without indentation, ``now`` empty where they are gone."""

    source: str
    """The whole file, edited."""

    @property
    def told(self) -> str:
        """The edit on a line."""
        return f"{self.file}:{self.line}: `{self.was}` -> `{self.now}`"


def drawn(root: Path, seed: int) -> list[Edit]:
    """Return forty edits, the same for the same seed and source."""
    chance = random.Random(seed)
    edits = []
    for stratum, (number, parts) in STRATA.items():
        files = sorted(path for part in parts for path in _files(root / "oracle" / part))
        lines = [len(path.read_text().splitlines()) for path in files]
        found: dict[tuple[str, int], Edit] = {}
        while len(found) < number:
            [path] = chance.choices(files, lines)
            for edit in _edit(path, root, stratum, chance):
                found.setdefault((edit.file, edit.line), edit)
        edits += found.values()
    return edits


def _files(part: Path) -> Iterator[Path]:
    """Yield the files of a part that say something."""
    for path in [part] if part.suffix else part.rglob("*.py"):
        if path.name != "__init__.py":
            yield path


def _edit(path: Path, root: Path, stratum: str, chance: random.Random) -> Iterator[Edit]:
    """Yield an edit of a place of a file, or nothing: each place is as likely as another."""
    source = path.read_text()
    places = _places(source)
    if not places:
        return
    operator, occurrence = chance.choice(places[chance.choice(sorted(places))])
    edited = mutate_code(source, operator, occurrence)
    if edited is not None and _is_another_program(source, edited):
        line, was, now = _difference(source, edited)
        yield Edit(stratum, str(path.relative_to(root)), line, was, now, edited)


def _places(source: str) -> dict[Position, list[tuple[Any, int]]]:
    """Return what can be edited where: an operator of cosmic-ray, and which of its occurrences."""
    nodes = list(ast_nodes(get_ast(source)))
    places: dict[Position, list[tuple[Any, int]]] = {}
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments():
            continue
        operator = kind()
        begins = (begin for node in nodes for begin, _ in operator.mutation_positions(node))
        for occurrence, begin in enumerate(begins):
            places.setdefault(begin, []).append((operator, occurrence))
    return places


def _is_another_program(source: str, edited: str) -> bool:
    """Whether it is a program at all, and does something else."""
    try:
        return _program(source) != _program(edited)
    except SyntaxError:
        return False


def _program(source: str) -> str:
    """Return the syntax tree without what only guards the programmer."""
    return ast.dump(_WithoutGuards().visit(ast.parse(source)))


class _WithoutGuards(ast.NodeTransformer):
    """Takes away annotations, what is for type checkers alone, and what else does nothing."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        node.decorator_list = [d for d in node.decorator_list if ast.unparse(d) not in _GUARDS]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [k for k in node.keywords if k.arg not in _GUARDS]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
        return self.generic_visit(node)


def _difference(source: str, edited: str) -> tuple[int, str, str]:
    """Return the first line that differs, and the lines in both forms."""
    before, after = source.splitlines(), edited.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    (_, begin, _, other_begin, _), (_, _, end, _, other_end) = changes[0], changes[-1]
    was = " ".join(line.strip() for line in before[begin:end])
    now = " ".join(line.strip() for line in after[other_begin:other_end])
    return begin + 1, was, now
