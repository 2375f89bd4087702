"""An optimizer that wraps another: its stages around the other's, the slots of both.

The wrapped optimizer is given as Keras serializes one: its class's name and its arguments,
``{"class_name": "MomentumOptimizer", "config": {"learning_rate": 0.1, "momentum": 0.9}}``. Its
hyperparameters enter the arithmetic as ``MomentumOptimizer.momentum``, so that none of them is
taken for one of the wrapper's, and a candidate can declare a precision for each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.rule import Rule, Slot
from oracle.rules.wrappers import PARAMETER
from oracle.specification.checks import Check
from oracle.specification.spec import Hyper, Program, Spec, State
from oracle.specification.step import Stage, Step
from oracle.systems.tf1.contrib.base import TF_CONTRIB
from oracle.systems.tf1.contrib.optimizers import SPECS as TF_CONTRIB_SPECS
from oracle.systems.tf1.train import SPECS as TF_TRAIN_SPECS
from oracle.systems.tf1.train import TF_TRAIN

WRAPPED: dict[str, Spec] = {
    spec.name: spec
    for spec in (*TF_TRAIN_SPECS, *TF_CONTRIB_SPECS)
    if spec.library in (TF_TRAIN, TF_CONTRIB) and "." not in spec.name
}
"""Every class that can be wrapped, by its name: neither wrappers nor what a function makes."""

OUTSIDE_THE_CONFIG = (
    "decay_var_list",
    "sign_decay_fn",
    "skip_list",
    "avoid_updating_slots",
    "global_step",
)
"""What is given to a class as a variable or a function, or not when it is built."""

OF_THE_GLOBAL_STEP = ("AdagradDAOptimizer",)
"""The classes whose step is a counter that somebody else has to move on."""


def wrapped(without: Collection[str] = (), why: str = "") -> Check:
    """Return the check of an argument that is an optimizer, some classes (``why``) left out."""

    def is_optimizer(value: Any) -> str | None:
        if not isinstance(value, Mapping) or set(value) != {"class_name", "config"}:
            return "it must be {'class_name': NAME, 'config': ARGUMENTS}, as Keras serializes one"
        name, config = value["class_name"], value["config"]
        if name not in WRAPPED:
            near = get_close_matches(str(name), WRAPPED, 3, 0.3) or list(WRAPPED)[:3]
            return f"{name!r} is no class that can be wrapped; near it are {', '.join(near)}"
        if name in without:
            return f"{name} {why}"
        return _config_fault(WRAPPED[name], config)

    return is_optimizer


def _config_fault(spec: Spec, config: Any) -> str | None:
    if not isinstance(config, Mapping):
        return "its config must be a mapping from arguments to values"
    foreign = [name for name in OUTSIDE_THE_CONFIG if name in config and name in spec.arguments]
    if foreign:
        return f"{spec.id} within a wrapper has no {foreign[0]}"
    try:
        spec.validate(config)
    except HyperparameterError as error:
        return str(error)
    return None


Count = Callable[[Step], int]
"""Tells how many steps the wrapped optimizer took before this one."""


def every_step(step: Step) -> int:
    """Return the count of an optimizer that takes every step."""
    return step.iterations


@dataclass(frozen=True)
class Inner:
    """A wrapped optimizer."""

    name: str
    program: Program

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Inner:
        """Return the optimizer that a checked argument describes."""
        name = str(given["class_name"])
        return cls(name, WRAPPED[name].program(given["config"]))

    @property
    def numeric(self) -> dict[str, Any]:
        """Its hyperparameters that are numbers, by their qualified names."""
        return {self._qualified(name): value for name, value in self.program.numeric.items()}

    def slots(self, prefix: str = "") -> dict[str, Slot]:
        """Return its slots; ``prefix`` tells a second set of them from the first."""
        return {f"{prefix}{name}": self._slot(slot) for name, slot in self.program.slots.items()}

    def update(self, count: Count = every_step, prefix: str = "") -> Stage:
        """Return the stage in which it takes its step, with the slots that ``prefix`` names."""

        def wrapped_update(step: Step) -> None:
            """Let the wrapped optimizer take its own step."""
            if not step.updating:
                return
            within = self._within(step, count(step), prefix)
            for stage in self.program.stages:
                stage(within)
            for name, values in within.slots.items():
                step.slots[f"{prefix}{name}"] = values

        wrapped_update.__qualname__ = wrapped_update.__name__
        return wrapped_update

    def _within(self, step: Step, iterations: int, prefix: str) -> Step:
        """Return the same step as the wrapped optimizer sees it."""
        names = self.program.numeric
        numbers = {name: step.numbers[self._qualified(name)] for name in names}
        return replace(
            step,
            iterations=iterations,
            hyper=self.program.hyper,
            numbers=numbers,
            grads=list(step.grads),
            slots={name: step.slots[f"{prefix}{name}"] for name in self.program.slots},
            learning_rate=numbers.get("learning_rate", step.xp.constant(0)),
        )

    def _qualified(self, name: str) -> str:
        return f"{self.name}.{name}"

    def _slot(self, slot: Slot) -> Slot:
        held = isinstance(slot.initial, str)
        return replace(slot, initial=self._qualified(str(slot.initial))) if held else slot


@dataclass(frozen=True)
class Composition(Program):
    """A program whose slots may start at their parameters."""

    def start(self, xp: Arithmetic, params: Sequence[Number], shapes: Sequence[Any]) -> State:
        """Return the state before the first step."""
        at_params = [name for name, slot in self.slots.items() if slot.initial == PARAMETER]
        if not at_params:
            return super().start(xp, params, shapes)
        others = {name: slot for name, slot in self.slots.items() if name not in at_params}
        state = replace(self, slots=others).start(xp, params, shapes)
        copies = {name: list(params) for name in at_params}
        state.slots = {name: {**state.slots, **copies}[name] for name in self.slots}
        return state


@dataclass(frozen=True)
class Around:
    """What a wrapper adds to an optimizer for one choice of hyperparameters."""

    stages: tuple[Stage, ...]
    """All of the stages, the wrapped optimizer's among them."""
    slots: Mapping[str, Slot]
    """Those of the wrapper, and those that the wrapped optimizer has a second time."""
    numeric: Mapping[str, Any]
    """The wrapper's own hyperparameters that are numbers."""
    rule: Rule | None = None
    """The wrapper's formula, where it has one."""
    couples_elements: bool = False


Wrapper = Callable[[Inner, Hyper], Around]


def composed(wrapper: Wrapper, argument: str, hyper: Hyper) -> Program:
    """Return the program of a wrapper around the optimizer in the argument of that name."""
    inner = Inner.of(hyper[argument])
    around = wrapper(inner, hyper)
    return Composition(
        around.rule or inner.program.rule,
        around.stages,
        {**inner.slots(), **around.slots},
        hyper,
        {**inner.numeric, **around.numeric},
        around.couples_elements or inner.program.couples_elements,
    )
