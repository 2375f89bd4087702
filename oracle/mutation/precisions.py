"""What a candidate may hold, or compute, in a narrower type than it declares.

Where it is known what is rounded, the right program runs with that rounded: hyperparameters, the
gradients, a slot. Else it runs with the bound of the other declaration, and explains what is within
it, if that is of the size of such a rounding.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.arithmetic.bounded import Bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.plain import PlainNumber
from oracle.dtypes import DTYPES, FloatType, float_type
from oracle.mutation.composition import name_of
from oracle.mutation.observed import CANNOT_RUN, run
from oracle.mutation.sighting import Sighting
from oracle.mutation.substitute import rules_run, substituted
from oracle.mutation.suspects import ARGUMENT, Make, Suspect
from oracle.mutation.versions import EditedRule, function_of
from oracle.rules.rule import Rule
from oracle.systems.base import Program, Spec, State
from oracle.systems.sparse import Slices
from oracle.systems.step import Gradient, Stage, Step

LEAST = 2.0**-6
"""Which share of its bound the rounding to a narrower type comes to, at the least."""

ROUNDINGS = 2.0
"""What a slot held in another type may lose in one step: itself, and what it is multiplied by."""

_BULK = float_type("float32")
"""The narrowest type whose bound says something: within one of 16 bits lies much that is wrong."""


def rounded_suspects(spec: Spec, model: Model) -> Iterator[Suspect]:
    """Yield the right program with hyperparameters, or with gradients, that are rounded before."""
    for kind in narrower(model.hyper["*"]):
        told = f"would pass with hyper_dtype={kind.name!r}"
        yield Suspect(told, (ARGUMENT, -1), partial(_with_numbers, spec, kind))
    for kind in narrower(model.compute):
        told = f"would pass with gradients rounded to {kind.name}"
        yield Suspect(told, (ARGUMENT, -1), partial(_with_gradients, spec, kind))


def narrower(kind: FloatType) -> list[FloatType]:
    """Return the types with fewer digits than one, the widest first."""
    kinds = sorted(map(float_type, DTYPES), key=lambda other: -other.precision)
    return [other for other in kinds if other.precision < kind.precision]


def _with_numbers(spec: Spec, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    rounded = {
        name: float(kind.round(value)) if isinstance(value, float) else value
        for name, value in program.numeric.items()
    }
    return replace(program, numeric=rounded)


def _with_gradients(spec: Spec, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    def round_gradients(step: Step) -> None:
        step.grads = [_rounded_gradient(g, kind) for g in step.grads]

    program = spec.program(hyper)
    return replace(program, stages=(round_gradients, *program.stages))


def _rounded_gradient(gradient: Gradient | None, kind: FloatType) -> Gradient | None:
    if gradient is None:
        return None
    if isinstance(gradient, Slices):
        layers = tuple(_rounded(layer, kind) for layer in gradient.layers)
        return replace(gradient, layers=layers)
    return _rounded(gradient, kind)


def _rounded(number: Number, kind: FloatType) -> Number:
    """Round a number, of which a candidate's may lie beyond a tie."""
    if isinstance(number, Bounded):
        least, value, most = (
            kind.round(number.value + e) for e in (-number.error, 0, number.error)
        )
        return _like(number, value, np.maximum(most - value, value - least))
    assert isinstance(number, PlainNumber)
    return number.xp.array(kind.round(number.data))


def _widened(number: Number, kind: FloatType) -> Number:
    """Let a number be as far off as what a narrower type may hold in its place."""
    if not isinstance(number, Bounded):
        return number
    lost = ROUNDINGS * (kind.unit_roundoff * number.reach + kind.smallest_subnormal)
    return _like(number, number.value, number.error + lost)


def _like(number: Bounded, value: Any, error: Any) -> Bounded:
    return Bounded(number.xp, value, error, kind=number.kind, host=number.host)


class _Narrowing:
    """An arithmetic with one more function, which rounds."""

    def __init__(self, xp: Arithmetic, kind: FloatType) -> None:
        self._xp = xp
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._xp, name)

    def narrowed(self, number: Number) -> Number:
        """Return a number as it is where a narrower type may have held it."""
        return _widened(number, self._kind)

    def rounded(self, number: Number) -> Number:
        """Return a number rounded to a narrower type."""
        return _rounded(number, self._kind)


@dataclass(frozen=True)
class _NarrowRule(EditedRule):
    """A rule one of whose slots is held in a narrower type."""

    kind: FloatType = _BULK

    def __call__(self, xp: Any, *operands: Any) -> tuple[Number, ...]:
        """Take a step with an arithmetic that rounds the slot."""
        narrowing: Any = _Narrowing(xp, self.kind)
        return super().__call__(narrowing, *operands)


def _narrow(rule: Rule, slot: str, how: str, kind: FloatType) -> _NarrowRule | None:
    """Return a rule with one slot passed through a function; None where it has no such slot."""
    function = function_of(rule)
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    new = dict(zip(rule.slots, map(ast.unparse, last.value.elts[1:]), strict=True)).get(slot)
    for statement in function.body[:-1]:
        assert isinstance(statement, ast.Assign)
        if ast.unparse(statement.targets[0]) == new:
            text = f"xp.{how}({ast.unparse(statement.value)})"
            statement.value = ast.parse(text, mode="eval").body
            return _compiled(rule, function, kind)
    return None


def _compiled(rule: Rule, function: ast.FunctionDef, kind: FloatType) -> _NarrowRule:
    names: dict[str, Any] = {}
    text = ast.unparse(function)
    exec(text, rule.function.__globals__, names)
    made = names[function.name]
    return _NarrowRule(rule.name, made, rule.slots, rule.cites, rule.hyper, text, kind)


@dataclass(frozen=True)
class _Declared(Program):
    """A program that runs in an arithmetic of another declaration."""

    model: Model | None = None

    def start(self, xp: Arithmetic, params: Any, shapes: Any) -> State:
        """Return the state before the first step, of an arithmetic that rounds otherwise."""
        if hasattr(xp, "model"):
            xp.model = self.model
        return super().start(xp, params, shapes)


def _declared(spec: Spec, model: Model, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    parts = {name: getattr(program, name) for name in program.__dataclass_fields__}
    return _Declared(**parts, model=model)


def bounded_suspects(sighting: Sighting) -> Iterator[Suspect]:
    """Yield what a narrower type in one place makes of the bound, the tightest first."""
    spec, model, program = sighting.spec, sighting.model, sighting.program
    yield from _slots(sighting)
    if _BULK in narrower(model.hyper["*"]):
        names = dict.fromkeys(program.numeric, model.hyper["*"]) | dict(model.hyper)
        constants = replace(model, hyper={**names, "*": _BULK})
        yield _in(f"hyper_dtype={{'*': {_BULK.name!r}}}", partial(_declared, spec, constants))
        every = replace(model, hyper={"*": _BULK})
        yield _in(f"hyper_dtype={_BULK.name!r}", partial(_declared, spec, every))
    if _BULK in narrower(model.compute):
        for stage in program.stages:
            name = name_of(stage)
            if name != "update":
                make = partial(_stage_in, spec, name)
                yield _in(f"compute_dtype={_BULK.name!r} in `{name}`", make)
        whole = replace(model, compute=_BULK)
        yield _in(f"compute_dtype={_BULK.name!r}", partial(_declared, spec, whole))
        both = replace(whole, hyper={"*": _BULK})
        yield _in(f"compute_dtype={_BULK.name!r}", partial(_declared, spec, both))


def _in(declaration: str, make: Make) -> Suspect:
    return Suspect(f"would pass with {declaration}", (ARGUMENT, -1), make)


def _slots(sighting: Sighting) -> Iterator[Suspect]:
    """Yield each slot held in a narrower type: what that loses, or for fewer bits what it makes."""
    spec = sighting.spec
    for rule in rules_run(spec, sighting.hyper, sighting.problem):
        for slot in rule.slots:
            for kind in narrower(sighting.model.storage):
                told = f"would pass if slot {slot} were held in {kind.name}"
                yield Suspect(told, (ARGUMENT, -1), partial(_kept, spec, slot, kind))
                for how in ("rounded", "narrowed") if kind == _BULK else ("rounded",):
                    narrow = _narrow(rule, slot, how, kind)
                    if narrow is not None:
                        make = substituted(spec, rule, narrow).program
                        yield Suspect(told, (ARGUMENT, -1), make)


def _kept(spec: Spec, slot: str, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    """Return a program that rounds a slot after each step, when everything has been computed."""

    def keep(step: Step) -> None:
        step.slots[slot] = [_rounded(number, kind) for number in step.slots[slot]]

    program = spec.program(hyper)
    return replace(program, stages=(*program.stages, keep))


def _stage_in(spec: Spec, name: str, hyper: Mapping[str, Any]) -> Program:
    """Return a program one of whose stages computes in a narrower type."""

    def narrowly(stage: Stage) -> Stage:
        def run(step: Step) -> None:
            model = getattr(step.xp, "model", None)
            if model is None:
                stage(step)
                return
            xp: Any = step.xp
            xp.model = replace(model, compute=_BULK)
            stage(step)
            xp.model = model

        return run

    program = spec.program(hyper)
    stages = tuple(narrowly(s) if name_of(s) == name else s for s in program.stages)
    return replace(program, stages=stages)


def idle(sightings: Sequence[Sighting], suspect: Suspect) -> int:
    """Return in how many cases nothing is wrong, though a narrower type would have an effect."""
    return sum(not seen.worst and _widens(seen, suspect) for seen in sightings)


def _widens(sighting: Sighting, suspect: Suspect) -> bool:
    program = suspect.program(sighting.hyper)
    if program is None:
        return False
    pairs = (run(each, sighting.problem, sighting.model) for each in (program, sighting.program))
    return any(
        np.any(wide.bounds[name] > 2 * bound)
        for wide, right in zip(*pairs, strict=True)
        for name, bound in right.bounds.items()
    )


def share(sighting: Sighting, suspect: Suspect) -> float | None:
    """Return which share of the bound a candidate takes, None where it goes beyond it."""
    program, largest = suspect.program(sighting.hyper), 0.0
    try:
        moments = run(program, sighting.problem, sighting.model) if program else ()
        for tensors in moments:
            for name, array in sighting.shown.get(tensors.step, {}).items():
                truth, bound = tensors.truths.get(name), tensors.bounds.get(name)
                if truth is None or bound is None or truth.shape != np.shape(array):
                    continue
                error = truth.error_of(array)
                if np.any(error > bound):
                    return None
                telling = np.isfinite(bound) & (bound > 0)
                largest = max(largest, float(np.max(error[telling] / bound[telling], initial=0.0)))
    except CANNOT_RUN:
        return None
    return largest
