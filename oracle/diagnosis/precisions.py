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
from oracle.bulk import Bulk
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import ARGUMENT, Hypothesis, Make
from oracle.diagnosis.narrowing import FLOAT32, narrow_rule, narrower, rounded
from oracle.dtypes import FloatType
from oracle.mutation.substitute import rules_run, substituted
from oracle.specification.sparse import Slices
from oracle.specification.spec import Program, Spec, State
from oracle.specification.step import Gradient, Step
from oracle.specification.transformation import Transformation


def rounded_hypotheses(spec: Spec, model: Model) -> Iterator[Hypothesis]:
    """Yield the right program with hyperparameters, or with gradients, that are rounded before."""
    for kind in narrower(model.hyper["*"]):
        told = f"would pass with hyper_dtype={kind.name!r}"
        yield Hypothesis(told, (ARGUMENT, -1), partial(_with_numbers, spec, kind))
    for kind in narrower(model.compute):
        told = f"would pass with gradients rounded to {kind.name}"
        yield Hypothesis(told, (ARGUMENT, -1), partial(_with_gradients, spec, kind))


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
    return replace(
        program, stages=(Transformation("round_gradients", round_gradients), *program.stages)
    )


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


def bounded_hypotheses(evidence: Evidence) -> Iterator[Hypothesis]:
    """Yield what a narrower type in one place makes of the bound, the tightest first."""
    yield from _slots(evidence)
    model = evidence.model
    if model.storage in narrower(model.compute):
        yield from _computed_in(evidence, model.storage)
    if FLOAT32 in narrower(model.hyper["*"]):
        yield from _numbers_in(evidence, FLOAT32)
    if FLOAT32 in narrower(model.compute):
        yield from _computed_in(evidence, FLOAT32)
    if not model.reciprocal_math:
        compiled = replace(model, reciprocal_math=True)
        yield _in("reciprocal_math=True", partial(_declared, evidence.spec, compiled))


def _numbers_in(evidence: Evidence, kind: FloatType) -> Iterator[Hypothesis]:
    spec, model = evidence.spec, evidence.model
    names = dict.fromkeys(evidence.program.numeric, model.hyper["*"]) | dict(model.hyper)
    constants = replace(model, hyper={**names, "*": kind})
    yield _in(f"hyper_dtype={{'*': {kind.name!r}}}", partial(_declared, spec, constants))
    every = replace(model, hyper={"*": kind})
    yield _in(f"hyper_dtype={kind.name!r}", partial(_declared, spec, every))


def _computed_in(evidence: Evidence, kind: FloatType) -> Iterator[Hypothesis]:
    spec, model = evidence.spec, evidence.model
    for name in (stage.place for stage in evidence.program.stages):
        if name != "update":
            make = partial(_stage_in, spec, name, kind)
            yield _in(f"compute_dtype={kind.name!r} in `{name}`", make)
    for hyper in (model.hyper, {"*": kind}):
        whole = replace(model, compute=kind, hyper=hyper)
        yield _in(f"compute_dtype={kind.name!r}", partial(_declared, spec, whole))


def _in(declaration: str, make: Make) -> Hypothesis:
    return Hypothesis(f"would pass with {declaration}", (ARGUMENT, -1), make, widens=True)


def _slots(evidence: Evidence) -> Iterator[Hypothesis]:
    """Yield each slot held in a narrower type: what that loses, or for fewer bits what it makes."""
    spec = evidence.spec
    for rule in rules_run(spec, evidence.hyper, evidence.problem):
        for slot in rule.slots:
            for kind in narrower(evidence.model.storage):
                told = f"would pass if slot {slot} were held in {kind.name}"
                yield Hypothesis(told, (ARGUMENT, -1), partial(_kept, spec, slot, kind))
                for how in ("rounded", "narrowed") if kind == FLOAT32 else ("rounded",):
                    narrow = narrow_rule(rule, slot, how, kind)
                    if narrow is not None:
                        make = substituted(spec, rule, narrow).program
                        yield Hypothesis(told, (ARGUMENT, -1), make, widens=how == "narrowed")


def _kept(spec: Spec, slot: str, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    """Return a program that rounds a slot after each step, when everything has been computed."""

    def keep(step: Step) -> None:
        step.slots[slot] = [rounded(number, kind) for number in step.slots[slot]]

    program = spec.program(hyper)
    return replace(program, stages=(*program.stages, Transformation("keep", keep, gathers=True)))


def _stage_in(spec: Spec, name: str, kind: FloatType, hyper: Mapping[str, Any]) -> Program:
    """Return a program one of whose stages computes in a narrower type."""

    def narrowly(stage: Transformation) -> Transformation:
        def run(step: Step) -> None:
            model = getattr(step.xp, "model", None)
            if model is None:
                stage(step)
                return
            xp: Any = step.xp
            xp.model = replace(model, compute=kind)
            stage(step)
            xp.model = model

        return stage.acting(run)

    program = spec.program(hyper)
    stages = tuple(narrowly(s) if s.place == name else s for s in program.stages)
    return replace(program, stages=stages)


def narrower_fits(
    evidence: Evidence,
    corroborating: Sequence[Evidence],
    holds_elsewhere: Callable[[Hypothesis], bool],
    time_is_up: Callable[[], bool],
) -> Iterator[tuple[float, Hypothesis]]:
    """Yield the narrower type that explains all, and would show least where all is right."""
    found = list[tuple[float, Hypothesis]]()
    for hypothesis in bounded_hypotheses(evidence):
        taken = evidence.fit(hypothesis)
        if taken is not None and holds_elsewhere(hypothesis):
            found.append((taken, hypothesis))
        if time_is_up():
            break
    yield from sorted(found, key=lambda fit: idle(corroborating, fit[1]))[:1]


def idle(others: Sequence[Evidence], hypothesis: Hypothesis) -> int:
    """Return in how many cases nothing is wrong, though a narrower type would have an effect."""
    return sum(not seen.worst and _widens(seen, hypothesis) for seen in others)


def _widens(evidence: Evidence, hypothesis: Hypothesis) -> bool:
    program = hypothesis.program(evidence.hyper)
    if program is None:
        return False
    pairs = (Bulk(each, evidence.problem, evidence.model) for each in (program, evidence.program))
    return any(
        np.any(wide.arrays[name].bound > 2 * interval.bound)
        for wide, right in zip(*pairs, strict=True)
        for name, interval in right.arrays.items()
    )
