"""A fault: one small edit of the honest numpy candidate, named for what it does wrong."""

from __future__ import annotations

import functools
import inspect
import sys
import textwrap
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from oracle import Implementation
from oracle.adapters.numpy import keras2, keras3
from oracle.dtypes import DTYPES

HONEST = {
    f"{system}/{name}": optimizer
    for system, optimizers in (("keras2", keras2.OPTIMIZERS), ("keras3", keras3.OPTIMIZERS))
    for name, optimizer in optimizers.items()
}


@dataclass(frozen=True)
class Fault:
    """What to change in the candidate's source; each old text has to be there exactly once."""

    name: str
    spec: str
    edits: tuple[tuple[str, str], ...]

    @functools.cached_property
    def implementation(self) -> Implementation:
        """The candidate with the fault; it shows no slots, so only its parameters betray it."""
        wrong = Implementation(
            self.name,
            dtypes=DTYPES,
            schedules=True,
            missing_gradients=True,
            sparse_gradients=True,
        )
        wrong.implements(self.spec)(edited(HONEST[self.spec], self.edits))
        return wrong

    def __str__(self) -> str:
        return self.name


def fault(name: str, spec: str, *texts: str) -> Fault:
    """Return the fault that replaces the first text by the second, the third by the fourth..."""
    return Fault(name, spec, tuple(zip(texts[::2], texts[1::2], strict=True)))


def edited(optimizer: type[Any], edits: tuple[tuple[str, str], ...]) -> type[Any]:
    """Return a subclass whose methods are those of ``optimizer`` with the edits made."""
    sources: dict[tuple[type[Any], str], str] = {}
    for old, new in edits:
        place = _place_of(optimizer, old)
        source = sources.setdefault(place, _source_of(*place))
        if source.count(old) != 1:
            raise ValueError(f"{old!r} is {source.count(old)} times in {place[1]}, not once")
        sources[place] = source.replace(old, new)
    methods = {name: _compiled(owner, name, text) for (owner, name), text in sources.items()}
    return type(f"Wrong{optimizer.__name__}", (optimizer,), {**methods, "slots": None})


def _place_of(optimizer: type[Any], text: str) -> tuple[type[Any], str]:
    """Return where the first method with ``text`` is, among those that nothing overrides."""
    for owner in optimizer.__mro__:
        for name, member in vars(owner).items():
            in_force = inspect.getattr_static(optimizer, name) is member
            if in_force and _is_written(owner, member) and text in _source_of(owner, name):
                return owner, name
    raise ValueError(f"no method of {optimizer.__name__} has {text!r} any more")


def _is_written(owner: type[Any], member: Any) -> bool:
    """Whether a member is a method of the source, and none that a decorator has made."""
    function = _function_of(member)
    file = getattr(sys.modules[owner.__module__], "__file__", "")
    return isinstance(function, FunctionType) and function.__code__.co_filename == file


def _function_of(member: Any) -> Any:
    return member.fget if isinstance(member, property) else member


@functools.cache
def _source_of(owner: type[Any], name: str) -> str:
    return textwrap.dedent(inspect.getsource(_function_of(vars(owner)[name])))


def _compiled(owner: type[Any], name: str, source: str) -> Any:
    namespace = dict(vars(sys.modules[owner.__module__]))
    exec(source.replace("super()", f"super({owner.__name__}, self)"), namespace)
    return namespace[name]
