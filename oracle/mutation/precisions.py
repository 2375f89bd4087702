"""What a candidate may hold, or compute, in a narrower type than it declares, or by reciprocals.

Where it is known what is rounded, the right program runs with that rounded: hyperparameters, the
gradients, a slot. Else it runs with the bound of the other declaration, and explains what is within
it, if that is of the size of such a rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic
from oracle.arithmetic.model import Model
from oracle.dtypes import FloatType
from oracle.mutation.composition import name_of
from oracle.mutation.narrowing import FLOAT32, narrow_rule, narrower, rounded
from oracle.mutation.observed import run
from oracle.mutation.sighting import Sighting
from oracle.mutation.substitute import rules_run, substituted
from oracle.mutation.suspects import ARGUMENT, Make, Suspect
from oracle.systems.base import Program, Spec, State
from oracle.systems.sparse import Slices
from oracle.systems.step import Gradient, Stage, Step


def rounded_suspects(spec: Spec, model: Model) -> Iterator[Suspect]:
    """Yield the right program with hyperparameters, or with gradients, that are rounded before."""
    for kind in narrower(model.hyper["*"]):
        told = f"would pass with hyper_dtype={kind.name!r}"
        yield Suspect(told, (ARGUMENT, -1), partial(_with_numbers, spec, kind))
    for kind in narrower(model.compute):
        told = f"would pass with gradients rounded to {kind.name}"
        yield Suspect(told, (ARGUMENT, -1), partial(_with_gradients, spec, kind))


def _with_numbers(spec: Spec, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    rounded = {
        name: float(kind.round(value)) if isinstance(value, float) else value
        for name, value in program.numeric.items()
    }
    return replace(program, numeric=rounded)


def _with_gradients(spec: Spec, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    def round_gradients(step: Step) -> None:
        step.grads = [rounded_gradient(g, kind) for g in step.grads]

    program = spec.program(hyper)
    return replace(program, stages=(round_gradients, *program.stages))


def rounded_gradient(gradient: Gradient | None, kind: FloatType) -> Gradient | None:
    if gradient is None:
        return None
    if isinstance(gradient, Slices):
        layers = tuple(rounded(layer, kind) for layer in gradient.layers)
        return replace(gradient, layers=layers)
    return rounded(gradient, kind)


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
    yield from _slots(sighting)
    model = sighting.model
    if model.storage in narrower(model.compute):
        yield from _computed_in(sighting, model.storage)
    if FLOAT32 in narrower(model.hyper["*"]):
        yield from _numbers_in(sighting, FLOAT32)
    if FLOAT32 in narrower(model.compute):
        yield from _computed_in(sighting, FLOAT32)
    if not model.reciprocal_math:
        compiled = replace(model, reciprocal_math=True)
        yield _in("reciprocal_math=True", partial(_declared, sighting.spec, compiled))


def _numbers_in(sighting: Sighting, kind: FloatType) -> Iterator[Suspect]:
    spec, model = sighting.spec, sighting.model
    names = dict.fromkeys(sighting.program.numeric, model.hyper["*"]) | dict(model.hyper)
    constants = replace(model, hyper={**names, "*": kind})
    yield _in(f"hyper_dtype={{'*': {kind.name!r}}}", partial(_declared, spec, constants))
    every = replace(model, hyper={"*": kind})
    yield _in(f"hyper_dtype={kind.name!r}", partial(_declared, spec, every))


def _computed_in(sighting: Sighting, kind: FloatType) -> Iterator[Suspect]:
    spec, model = sighting.spec, sighting.model
    for name in map(name_of, sighting.program.stages):
        if name != "update":
            make = partial(_stage_in, spec, name, kind)
            yield _in(f"compute_dtype={kind.name!r} in `{name}`", make)
    for hyper in (model.hyper, {"*": kind}):
        whole = replace(model, compute=kind, hyper=hyper)
        yield _in(f"compute_dtype={kind.name!r}", partial(_declared, spec, whole))


def _in(declaration: str, make: Make) -> Suspect:
    return Suspect(f"would pass with {declaration}", (ARGUMENT, -1), make, widens=True)


def _slots(sighting: Sighting) -> Iterator[Suspect]:
    """Yield each slot held in a narrower type: what that loses, or for fewer bits what it makes."""
    spec = sighting.spec
    for rule in rules_run(spec, sighting.hyper, sighting.problem):
        for slot in rule.slots:
            for kind in narrower(sighting.model.storage):
                told = f"would pass if slot {slot} were held in {kind.name}"
                yield Suspect(told, (ARGUMENT, -1), partial(_kept, spec, slot, kind))
                for how in ("rounded", "narrowed") if kind == FLOAT32 else ("rounded",):
                    narrow = narrow_rule(rule, slot, how, kind)
                    if narrow is not None:
                        make = substituted(spec, rule, narrow).program
                        yield Suspect(told, (ARGUMENT, -1), make, widens=how == "narrowed")


def _kept(spec: Spec, slot: str, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    """Return a program that rounds a slot after each step, when everything has been computed."""

    def keep(step: Step) -> None:
        step.slots[slot] = [rounded(number, kind) for number in step.slots[slot]]

    program = spec.program(hyper)
    return replace(program, stages=(*program.stages, keep))


def _stage_in(spec: Spec, name: str, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    """Return a program one of whose stages computes in a narrower type."""

    def narrowly(stage: Stage) -> Stage:
        def run(step: Step) -> None:
            model = getattr(step.xp, "model", None)
            if model is None:
                stage(step)
                return
            xp: Any = step.xp
            xp.model = replace(model, compute=kind)
            stage(step)
            xp.model = model

        return run

    program = spec.program(hyper)
    stages = tuple(narrowly(s) if name_of(s) == name else s for s in program.stages)
    return replace(program, stages=stages)


def narrower_fits(
    sighting: Sighting,
    witnesses: Sequence[Sighting],
    holds_elsewhere: Callable[[Suspect], bool],
    time_is_up: Callable[[], bool],
) -> Iterator[tuple[float, Suspect]]:
    """Yield the narrower type that explains all, and would show least where all is right."""
    found = list[tuple[float, Suspect]]()
    for suspect in bounded_suspects(sighting):
        taken = sighting.fit(suspect)
        if taken is not None and holds_elsewhere(suspect):
            found.append((taken, suspect))
        if time_is_up():
            break
    yield from sorted(found, key=lambda fit: idle(witnesses, fit[1]))[:1]


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
