"""A step as a chain of declared transformations: what each does, and what it says of itself."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from oracle.rules.rule import Slot
from oracle.specification.step import Step

Act: TypeAlias = Callable[[Step], None]

_HOLDERS = ("hyper", "numbers")
"""Where a step has its arguments."""


@dataclass(frozen=True, eq=False)
class Transformation:
    """One link of the chain."""

    name: str
    act: Act
    """Reads a step in the making, and changes it."""
    doc: str = ""
    asks: tuple[str, ...] = ()
    """The arguments that have to be on; else it is no link of the chain."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """What it remembers."""
    couples: bool = False
    """Whether it looks across the elements of a parameter, or across parameters."""
    gathers: bool = False
    """Whether it acts as well while gradients are only gathered."""
    one_of: str = ""
    """What it is one way of; of these, a chain has one at most."""
    unscales: str = ""
    """The argument or the slot by which the loss was multiplied, which it takes out again."""

    def __call__(self, step: Step) -> None:
        """Act on a step."""
        self.act(step)

    def acting(self, act: Act) -> Transformation:
        """Return the same link, which does something else."""
        return replace(self, act=act)

    @property
    def place(self) -> str:
        """What its place in the chain is called."""
        return self.one_of or self.name

    @cached_property
    def reads(self) -> frozenset[str]:
        """The arguments that it looks up by their names, by its syntax tree."""
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(self.act))))
        except (OSError, TypeError, SyntaxError):
            return frozenset(self.asks)
        return frozenset(self.asks).union(*map(_looked_up, ast.walk(tree)))


def _looked_up(node: ast.AST) -> set[str]:
    match node:
        case ast.Subscript(value=ast.Attribute(attr=holder), slice=ast.Constant(str() as name)):
            return {name} if holder in _HOLDERS else set()
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr=holder), attr="get"),
            args=[ast.Constant(str() as name), *_],
        ):
            return {name} if holder in _HOLDERS else set()
    return set()


def transformation(
    *asks: str,
    slots: Mapping[str, Slot] | None = None,
    couples: bool = False,
    gathers: bool = False,
    one_of: str = "",
    unscales: str = "",
) -> Callable[[Act], Transformation]:
    """Declare a function of a step as a link of chains."""

    def declare(act: Act) -> Transformation:
        doc = inspect.getdoc(act) or ""
        kept = slots or {}
        return Transformation(
            act.__name__, act, doc, asks, kept, couples, gathers, one_of, unscales
        )

    return declare


def run_chain(links: Iterable[Transformation], step: Step) -> None:
    """Let each link act on a step; while gradients are only gathered, those that then do."""
    for link in links:
        if step.updating or link.gathers:
            link(step)


def merged(chains: Iterable[Sequence[Transformation]]) -> list[Transformation]:
    """Return the links of several chains, each once; one of a few stands behind its predecessor."""
    found: list[Transformation] = []
    for chain in chains:
        place = 0
        for link in chain:
            known = [other.name for other in found]
            if link.name in known:
                place = known.index(link.name) + 1
            else:
                found.insert(place, link)
                place += 1
    return found
