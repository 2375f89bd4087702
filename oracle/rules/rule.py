"""What makes a function a rule: its slots with their start values, and where it is from."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from oracle.arithmetic import base
from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.straight import check_rule

Shape: TypeAlias = tuple[int, ...]


def like_parameter(shape: Shape) -> Shape:
    """Return the shape of a slot with a number for each element."""
    return shape


def of_rows(shape: Shape) -> Shape:
    """Return the shape of a slot with a number for each row along the last axis."""
    return shape[:-1]


def of_columns(shape: Shape) -> Shape:
    """Return the shape of a slot with a number for each column of the last two axes."""
    return (*shape[:-2], shape[-1])


PARAMETER = "params"
"""What stands for the start of a slot that begins where its parameter does."""


@dataclass(frozen=True)
class Slot:
    """One kind of memory of an optimizer: its start value, and its shape."""

    initial: float | str
    """A number, the name of the hyperparameter that holds it, or `PARAMETER`."""
    scalar: bool = False
    """One number that all parameters share instead of an array for each."""
    shape: Callable[[Shape], Shape] = like_parameter
    """Returns its shape for that of a parameter."""
    hidden: str = ""
    """What it is, in words, where it is neither; such memory is neither shown nor compared."""


zeros = Slot(0)
at_parameter = Slot(PARAMETER)
scalar_one = Slot(1, scalar=True)


def of_tensor(shape: Shape) -> Shape:
    """Return the shape of a slot with one number for each parameter."""
    return ()


def filled_with(argument: str) -> Slot:
    """Return a slot that starts at the value of a hyperparameter."""
    return Slot(argument)


@dataclass(frozen=True)
class Rule:
    """An update rule: ``function(xp, t, p, g, *slots, **hyper) -> (p_t, *slots_t)``."""

    name: str
    function: Callable[..., tuple[Number, ...]]
    slots: Mapping[str, Slot]
    cites: str
    hyper: tuple[str, ...]
    """The names of its hyperparameters."""

    def __call__(
        self,
        xp: Arithmetic,
        t: Number,
        p: Number,
        g: Number,
        slots: tuple[Number, ...],
        hyper: Mapping[str, Number],
    ) -> tuple[Number, ...]:
        """Take step ``t``; hyperparameters that the rule does not use are left out."""
        function = self.keeping if xp.keeps else self.function
        return function(xp, t, p, g, *slots, **{name: hyper[name] for name in self.hyper})

    @cached_property
    def keeping(self) -> Callable[..., tuple[Number, ...]]:
        """The same, the arithmetic told of each slot as soon as it is known."""
        tree = ast.parse(textwrap.dedent(self.source))
        function = tree.body[0]
        assert isinstance(function, ast.FunctionDef)
        function.decorator_list.clear()
        _keep_at_once(function, list(self.slots))
        names: dict[str, Any] = dict(self.function.__globals__)
        code = compile(ast.fix_missing_locations(tree), inspect.getfile(self.function), "exec")
        exec(code, names)
        found: Callable[..., tuple[Number, ...]] = names[function.name]
        return found

    @cached_property
    def couples(self) -> bool:
        """Whether an element's step depends on others: by a norm, a sum, or a matrix."""
        nodes = ast.walk(ast.parse(textwrap.dedent(self.source)))
        return any(isinstance(n, ast.Attribute) and n.attr in base.ACROSS for n in nodes)

    @property
    def source(self) -> str:
        """Return the Python source of the function, decorator included."""
        return inspect.getsource(self.function)


def _keep_at_once(function: ast.FunctionDef, slots: list[str]) -> None:
    """Turn ``m_t = ...`` into ``m_t = xp.keep(..., m)`` for every slot that is returned."""
    returned = function.body[-1]
    assert isinstance(returned, ast.Return)
    assert isinstance(returned.value, ast.Tuple)
    names = [node.id if isinstance(node, ast.Name) else "" for node in returned.value.elts[1:]]
    old = dict(zip(names, slots, strict=True))
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            slot = old.get(statement.targets[0].id)
            if slot is not None:
                keep = ast.Attribute(ast.Name("xp", ast.Load()), "keep", ast.Load())
                operands = [statement.value, ast.Name(slot, ast.Load())]
                statement.value = ast.Call(keep, operands, [])


def rule(
    *, cites: str, slots: Mapping[str, Slot] | None = None
) -> Callable[[Callable[..., tuple[Number, ...]]], Rule]:
    """Declare a rule with the slots it keeps and the source it is from.

    Raises `SpecError` for somebody's own that no arithmetic could run: see `oracle.rules.straight`.
    """

    def declare(function: Callable[..., tuple[Number, ...]]) -> Rule:
        if not str(function.__module__).startswith("oracle."):
            check_rule(function, slots or {})
        parameters = inspect.signature(function).parameters.values()
        hyper = tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)
        return Rule(function.__name__, function, dict(slots or {}), cites, hyper)

    return declare
