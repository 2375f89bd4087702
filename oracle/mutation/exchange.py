"""A spec in which one function, or one rule, is another one, wherever its step reaches it.

Nothing that others hold is changed. What reaches the one by its globals, its closure or a table is
made anew, so that it reaches the other; all else is the same object as before.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any, TypeVar

from oracle.golden.provenance import names_read
from oracle.homes import says_something
from oracle.specification.spec import Program, Spec, System

T = TypeVar("T")


class Exchange:
    """One thing in the place of another."""

    def __init__(self, right: object, wrong: object) -> None:
        self._known: dict[int, Any] = {id(right): wrong}
        self._held: list[object] = [right]
        """What is known by its identity must not be forgotten."""

    def program(self, spec: Spec, hyper: Mapping[str, Any] | None) -> Program:
        """Return the program of a spec after the exchange."""
        complete = spec.validate(hyper)
        make = self.of(type(spec.system).program)
        return make(self.of(spec.system), self.of(spec), complete)

    def of(self, thing: T) -> T:
        """Return a thing, or what it is after the exchange."""
        if id(thing) not in self._known:
            self._known[id(thing)] = thing  # what reaches itself reaches what it was
            self._held.append(thing)
            self._known[id(thing)] = self._anew(thing)
        found: T = self._known[id(thing)]
        return found

    def _anew(self, thing: Any) -> Any:
        if isinstance(thing, FunctionType):
            return self._function(thing)
        if isinstance(thing, MethodType):
            function = self.of(thing.__func__)
            return thing if function is thing.__func__ else MethodType(function, thing.__self__)
        if isinstance(thing, (tuple, list)):
            items = [self.of(item) for item in thing]
            changed = any(new is not old for new, old in zip(items, thing, strict=True))
            return type(thing)(items) if changed else thing
        if isinstance(thing, Mapping):
            others = self._changed(thing)
            return {**thing, **others} if others else thing
        if isinstance(thing, System):
            others = self._changed(vars(thing))
            return _with(thing, others) if others else thing
        if is_dataclass(thing) and not isinstance(thing, type):
            others = self._changed({f.name: getattr(thing, f.name) for f in fields(thing)})
            return replace(thing, **others) if others else thing
        return thing

    def _changed(self, things: Mapping[Any, Any]) -> dict[Any, Any]:
        found = {name: self.of(value) for name, value in things.items()}
        return {name: new for name, new in found.items() if new is not things[name]}

    def _function(self, function: FunctionType) -> FunctionType:
        if not says_something(function.__module__):
            return function
        read = names_read(function.__code__)
        others = self._globals(function.__globals__, read)
        cells = tuple(self._cell(cell) for cell in function.__closure__ or ())
        kept = all(new is old for new, old in zip(cells, function.__closure__ or (), strict=True))
        if not others and kept:
            return function
        made = FunctionType(
            function.__code__,
            {**function.__globals__, **others},
            function.__name__,
            function.__defaults__,
            cells or None,
        )
        made.__kwdefaults__ = function.__kwdefaults__
        made.__dict__.update(function.__dict__)
        made.__doc__, made.__qualname__ = function.__doc__, function.__qualname__
        return made

    def _globals(self, reads: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
        """Return those of the globals that a function reads which are others now."""
        found: dict[str, Any] = {}
        for name in names & reads.keys():
            value = reads[name]
            if isinstance(value, ModuleType):
                inside = {n: vars(value)[n] for n in names & vars(value).keys()}
                ours = says_something(value.__name__)
                others = self._changed(inside) if ours else {}
                if others:
                    found[name] = SimpleNamespace(**{**vars(value), **others})
            elif (new := self.of(value)) is not value:
                found[name] = new
        return found

    def _cell(self, cell: Any) -> Any:
        held = cell.cell_contents
        new = self.of(held)
        return cell if new is held else type(cell)(new)


def _with(system: System, others: Mapping[str, Any]) -> System:
    other = copy.copy(system)
    vars(other).update(others)
    return other
