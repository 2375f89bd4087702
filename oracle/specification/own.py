"""A system for an optimizer of one's own: its rule, and the links before and after the update."""

from __future__ import annotations

import linecache
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from oracle.arithmetic.base import Arithmetic
from oracle.errors import ShapeError, SpecError
from oracle.homes import is_own
from oracle.rules.rule import Rule
from oracle.rules.straight import shown_path
from oracle.specification.forms import Forms
from oracle.specification.spec import Hyper, Program, Spec, State, System
from oracle.specification.step import Gradient
from oracle.specification.transformation import Transformation
from oracle.specification.update import update_with

_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class StepChain:
    """A step in its order: links, the update by a form of the rule, links."""

    before: tuple[Transformation, ...]
    forms: Forms
    after: tuple[Transformation, ...]


def chain(*links: Transformation | Rule | Forms) -> StepChain:
    """Return a step as a chain of links, as Optax writes its own.

    One of them is the update: a rule, or a table of rules with a row for each choice of arguments
    that are on, such as ``{(): sgd, ("momentum",): sgd_momentum}``. Raises `SpecError` for none or
    several.
    """
    updates = [i for i, link in enumerate(links) if not isinstance(link, Transformation)]
    if len(updates) != 1:
        raise SpecError(
            f"a chain has {len(updates)} rules: give it one, or a table of them, among its links"
        )
    update = links[updates[0]]
    if not isinstance(update, (Rule, Mapping)):
        raise SpecError(
            f"a chain has {update!r}: give it rules, and `@oracle.transformation` links"
        )
    forms: Forms = {(): update} if isinstance(update, Rule) else dict(update)
    return StepChain(_links(links[: updates[0]]), forms, _links(links[updates[0] + 1 :]))


def _links(links: Sequence[object]) -> tuple[Transformation, ...]:
    return tuple(link for link in links if isinstance(link, Transformation))


class OwnSystem(System):
    """What stands for a library where there is none: dense gradients, links and an update."""

    def __init__(self, name: str, version: str, step: StepChain, refuses_missing: str = "") -> None:
        self.name = name
        self.version = version
        self.before = step.before
        self.after = step.after
        self.refuses_missing = refuses_missing
        """Why no gradient may be None; empty where it may: its parameter rests then."""

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient, where that is what the optimizer does."""
        for k, gradient in enumerate(gradients):
            if gradient is None and self.refuses_missing:
                raise ShapeError(f"step {step}: gradient {k} is missing: {self.refuses_missing}")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the rule between the links before and after it."""
        rule = spec.form(hyper)
        made = spec.chain(hyper, rule, *self.before, update_with(rule), *self.after)
        return OwnProgram(**{field.name: getattr(made, field.name) for field in fields(made)})


@dataclass(frozen=True)
class OwnProgram(Program):
    """A program that says in which line of somebody's own file it fails."""

    def step(self, xp: Arithmetic, state: State, grads: Sequence[Gradient | None]) -> State:
        """Take a step; raises `SpecError` for what the arithmetic cannot run."""
        try:
            return super().step(xp, state, grads)
        except _FAILURES as error:
            place = _own_line_of(error)
            if place is None:
                raise
            raise SpecError(f"{place} cannot be run: {error}") from error


def _own_line_of(error: BaseException) -> str | None:
    """Return the last line of somebody's own that an error came through, as it is shown."""
    trace, found = error.__traceback__, None
    while trace is not None:
        frame = trace.tb_frame
        if is_own(str(frame.f_globals.get("__name__", ""))):
            file, line = frame.f_code.co_filename, trace.tb_lineno
            text = linecache.getline(file, line).strip()
            found = f"{shown_path(file)}:{line}: `{text}`"
        trace = trace.tb_next
    return found
