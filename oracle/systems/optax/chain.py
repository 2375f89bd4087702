"""Optax's chain: transformations one after another, each with what the one before it made.

From optax/transforms/_combining.py and _masking.py (0.2.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from oracle.specification.checks import indices
from oracle.specification.composition import Count, Inner, every_step
from oracle.specification.domains import Indices, Optimizer
from oracle.specification.draws import Among
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, run_chain
from oracle.specification.wrapped import serialized
from oracle.systems.optax.base import Optax, apply_updates
from oracle.systems.optax.wrapped import ADAM, MOMENTUM, PLAIN, RMSPROP, SLOW, WRAPPED, wrapped


@dataclass(frozen=True)
class Part(Inner):
    """One transformation of a chain: what it makes of the updates is the next one's."""

    def flowing(self, prefix: str, count: Count = every_step) -> Transformation:
        """Return the link in which it changes the updates; ``prefix`` names its slots."""
        stages = tuple(stage for stage in self.program.stages if stage is not apply_updates)
        hidden = f"within {prefix}"

        def part(step: Step) -> None:
            own = [k for k in range(len(step.params)) if self.holds(k)]
            within = replace(
                self._within(step, own, prefix),
                iterations=count(step),
                hidden=dict(step.hidden.get(hidden, {})),
            )
            if own:
                run_chain(stages, within)
            step.hidden[hidden] = within.hidden
            for place, k in enumerate(own):
                step.grads[k] = within.grads[place]
                for name, values in within.slots.items():
                    step.slots[f"{prefix}{name}"][k] = values[place]

        told = f"Let {self.name} change the updates."
        couples = self.program.couples_elements
        return Transformation(f"part_{prefix.rstrip('.')}", part, told, couples=couples)


def chained(parts: Mapping[str, Part], hyper: Hyper) -> Program:
    """Return the program of parts, by what their slots are called after."""
    first = next(iter(parts.values())).program
    stages = (*(part.flowing(prefix) for prefix, part in parts.items()), apply_updates)
    slots = {n: s for prefix, part in parts.items() for n, s in part.slots(prefix).items()}
    numeric = {n: x for part in parts.values() for n, x in part.numeric.items()}

    def lacks(slot: str, index: int, shape: tuple[int, ...]) -> bool:
        prefix = next(p for p in parts if slot.startswith(p))
        return not parts[prefix].holds(index)

    return Program(first.rule, stages, stages, slots, hyper, numeric, lacks)


class _Chain(Optax):
    """Several transformations one after another."""

    version = "Optax 0.2.8, optax/transforms/_combining.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let each part change what the one before it made."""
        parts = {}
        for place, given in enumerate(hyper["args"]):
            inner = WRAPPED.built(given, str(place))
            parts[f"{place}."] = Part(inner.name, inner.program, inner.key)
        return chained(parts, hyper)


class _Masked(Optax):
    """One transformation of some parameters; the updates of the others are added as they are."""

    version = "Optax 0.2.8, optax/transforms/_masking.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the transformation change the updates of the parameters that the mask names."""
        inner, chosen = WRAPPED.inner(spec, hyper), hyper["mask"]
        part = Part(inner.name, inner.program, holds=lambda index: index in chosen)
        return chained({"": part}, hyper)


@dataclass(frozen=True)
class OptimizerList(Optimizer):
    """Several transformations."""

    def wrapped(self, value: Any) -> list[Mapping[str, Any]]:
        """Return them in their order."""
        return list(value or [])


def _transformations(value: Any) -> str | None:
    if not isinstance(value, (list, tuple)) or not value:
        return "it must be a list of {'class_name': NAME, 'config': ARGUMENTS}"
    faults = map(WRAPPED.check(), value)
    return next((fault for fault in faults if fault), None)


def _list(*parts: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return list(parts)


_CLIP = serialized("clip_by_global_norm", max_norm=0.5)
_TRACE = serialized("trace", decay=0.5)
_STEP = serialized("scale_by_learning_rate", learning_rate=0.25)
_DECAY = serialized("add_decayed_weights", weight_decay=0.0625)
_ARGS = OptimizerList(
    _transformations,
    Among((_list(_CLIP, MOMENTUM), _list(ADAM, _DECAY), _list(RMSPROP, _TRACE))),
    on=_list(_CLIP, PLAIN),
    counting=_list(SLOW, SLOW),
    coarse=(_list(_CLIP, _TRACE, _STEP),),
    others=(_list(ADAM, _DECAY, _TRACE, _STEP),),
    decimals=(_list(serialized("clip", max_delta=0.7), RMSPROP, _DECAY),),
    spec_of=WRAPPED.specs.get,
)
_DRAWN = Among((MOMENTUM, ADAM))
_MASK = Indices(indices, usual=True, on=[0], coarse=([0],), others=([1],), decimals=([0, 1],))

CHAIN = Spec(
    _Chain(),
    "chain",
    {"args": Argument("args", REQUIRED, _ARGS, "the transformations: class_name and config")},
    {},
    (),
    "Transformations one after another, each of what the one before it made.",
)
COMBINING = (
    CHAIN,
    Spec(
        _Masked(),
        "masked",
        {
            "inner": wrapped("inner", "the transformation: class_name, config", drawn=_DRAWN),
            "mask": Argument("mask", REQUIRED, _MASK, "indices of the parameters that it changes"),
        },
        {},
        (),
        "A transformation of some parameters.",
        ("What is not masked is added as it is: a gradient climbs.",),
    ),
)
