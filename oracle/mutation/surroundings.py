"""Which functions a run goes through, and what it comes to with one of them written wrongly."""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import textwrap
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import FunctionType
from typing import Any, TypeAlias

from oracle.arithmetic.doubles import Doubles
from oracle.golden.provenance import traced
from oracle.homes import is_own, module_of
from oracle.mutation.exchange import Exchange
from oracle.mutation.functions import ORDER, function_versions
from oracle.mutation.trees import names_in
from oracle.mutation.versions import versions_of
from oracle.mutation.wrong import Wrong
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec
from oracle.specification.step import updates_before
from oracle.specification.transformation import Transformation
from oracle.systems import spec as find_spec
from oracle.systems import specs
from oracle.systems.registered import version
from oracle.trajectories import states

Make: TypeAlias = Callable[[Mapping[str, Any] | None], Program]
"""Makes the program of some hyperparameters."""

Part: TypeAlias = "FunctionType | Transformation | Rule"
"""Something that the numbers of a run go through, and that may be written wrongly."""

_MATHEMATICS = ("oracle.rules.", "oracle.systems.", "oracle.specification.step")
_PLUMBING = ("oracle.systems.tf1.wrappers.base",)
"""Modules of systems that say nothing of their own about what a library computes."""
_SCHEDULES_SHOWN_BY = {
    "keras3": "keras3/SGD",
    "optax": "optax/sgd",
    "optax.contrib": "optax/sgd",
}
"""By system, the spec on which its schedules are tried, for all that take them."""
_FRAMES = ("update_with", "direction_with", "_share_scalars")
"""Functions that only carry others; what they might do wrongly is a version of those."""


def functions_run(spec: Spec, hyper: Mapping[str, Any] | None, problem: Problem) -> list[Part]:
    """Return the functions that make the numbers of a run, as `around` can exchange them.

    What another spec has of its own, such as the rule of a wrapped optimizer, is left to that one.
    """
    complete = spec.validate(hyper)

    def run() -> None:
        program = spec.system.program(spec, complete)
        deque(states(Doubles(), program, problem), maxlen=0)

    return parts_named(traced(run).functions, spec)


def parts_named(names: Iterable[str], spec: Spec) -> list[Part]:
    """Return the functions of these names, without those that say nothing of their own."""
    theirs = _parts_of_others(spec.id)
    found = [part for name in names if (part := _part(name)) is not None]
    parts = [part for part in found if id(part) not in theirs and _is_at_home(spec, part)]
    return parts if _count(parts) else [part for part in parts if part is not updates_before]


def _is_at_home(spec: Spec, part: Part) -> bool:
    """Whether a part is tried on this spec.

    What serializes schedules is tried on one spec for all, and only Keras 3 counts updates apart
    from steps. What surrounds the optimizer that a spec wraps is tried on that one.
    """
    if part is updates_before:
        return spec.system.name == "keras3"
    module = (part.function if isinstance(part, Rule) else function_of(part)).__module__
    if spec.wraps and module in _around_others(version()):
        return False
    carrier = _SCHEDULES_SHOWN_BY.get(spec.system.name, spec.id)
    return not module.endswith("schedules") or spec.id == carrier


@lru_cache(maxsize=1)
def _around_others(version: int) -> set[str]:
    """Return the modules of what surrounds the rules of those specs that wrap nothing."""
    others = [spec for spec in map(find_spec, specs()) if not spec.wraps]
    checks = {a.domain.check.__module__ for spec in others for a in spec.arguments.values()}
    return checks | {type(spec.system).__module__ for spec in others}


def _count(parts: Sequence[Part]) -> bool:
    """Whether any rule asks how many updates came before."""
    rules = [part for part in parts if isinstance(part, Rule)]
    return any("t" in names_in(ast.parse(textwrap.dedent(rule.source))) for rule in rules)


def _parts_of_others(id: str) -> set[int]:
    return _parts_of_all_but(id, version())


@lru_cache(maxsize=2**8)
def _parts_of_all_but(id: str, version: int) -> set[int]:
    mine = find_spec(id)
    others = [spec for spec in map(find_spec, specs()) if spec.id != id]
    theirs = {builtins.id(part) for spec in others for part in spec.all_forms}
    return theirs - {builtins.id(part) for part in (*mine.all_forms, *mine.system.rules)}


def _part(name: str) -> Part | None:
    """Return the rule or the function of a name, if it computes something of its own."""
    inside, _, qualified = name.partition(":")
    module = module_of(inside) or ""
    thing = vars(sys.modules[module]).get(qualified) if module in sys.modules else None
    if not _is_mathematics(module):
        return None
    if isinstance(thing, Rule):
        return thing
    if isinstance(thing, Transformation):
        return thing
    return thing if isinstance(thing, FunctionType) and _says_something(thing, module) else None


def _is_mathematics(module: str) -> bool:
    return is_own(module) or (module.startswith(_MATHEMATICS) and module not in _PLUMBING)


def _says_something(function: FunctionType, module: str) -> bool:
    makes_specs = function.__annotations__.get("return") in ("Spec", "Argument")
    return function.__module__ == module and not makes_specs and function.__name__ not in _FRAMES


def around(spec: Spec, part: Part) -> Iterator[tuple[Wrong, Make]]:
    """Yield every wrong version of a function, with what makes a program that runs it."""
    if isinstance(part, Rule):
        for version in versions_of(part):
            if version.operator != "start":
                yield version, partial(Exchange(part, version.rule).program, spec)
    else:
        for other in function_versions(function_of(part)):
            yield other, partial(Exchange(other.function, other.wrong).program, spec)


def function_of(part: FunctionType | Transformation) -> FunctionType:
    """Return the function that does what a part does."""
    function = inspect.unwrap(part.act) if isinstance(part, Transformation) else part
    assert isinstance(function, FunctionType)
    return function


def slip_rank(wrong: Wrong) -> int:
    """Return the rank of a wrong version: the likelier ones have the lower numbers."""
    return ORDER.index(wrong.operator) if wrong.operator in ORDER else len(ORDER)
