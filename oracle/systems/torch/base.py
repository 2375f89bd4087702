"""PyTorch's optimizers: ascend or descend, decay, make a direction, and go along it.

From torch/optim/optimizer.py and its neighbours (2.13.0). A parameter without a gradient is left
alone with its slots, and does not count the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.errors import HyperparameterError
from oracle.specification.direction import direction_with
from oracle.specification.spec import Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import transformation

_MISSED = "steps in which a parameter had no gradient"


@transformation()
def count(step: Step) -> None:
    """Count the steps of each parameter by itself: one without a gradient takes none."""
    before = step.hidden.get(_MISSED, (0,) * len(step.params))
    missed = (n + (g is None) for n, g in zip(before, step.grads, strict=True))
    step.hidden[_MISSED] = tuple(missed)


def steps_of(step: Step, index: int) -> int:
    """Return how many steps a parameter took before this one."""
    missed: Sequence[int] = step.hidden.get(_MISSED, (0,) * len(step.params))
    return step.iterations - missed[index]


@transformation("maximize")
def maximize(step: Step) -> None:
    """Turn the gradients around, to ascend."""
    step.replace_pieces([-g for g in step.pieces()])


@transformation("weight_decay", one_of="decay")
def add_decayed_weights(step: Step) -> None:
    """Add weight_decay times the weights to the gradients (coupled weight decay)."""
    for k, g in zip(step.present(), step.gradients(), strict=True):
        step.grads[k] = g + step.numbers["weight_decay"] * step.params[k]


@transformation("weight_decay", one_of="decay")
def shrink_weights(step: Step) -> None:
    """Shrink the weights before the update (decoupled weight decay), in proportion to the rate."""
    for k in step.present():
        shrunk = step.params[k] * (1 - step.numbers["lr"] * step.numbers["weight_decay"])
        step.params[k] = shrunk


@transformation()
def descend(step: Step) -> None:
    """Go against each direction, as far as the rate says."""
    for k, u in zip(step.present(), step.gradients(), strict=True):
        step.params[k] = step.params[k] - step.numbers["lr"] * u


class Torch(System):
    """The optimizers of PyTorch, each of whose parameters goes its own way."""

    name = "torch"
    version = "PyTorch 2.13.0, torch/optim"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Take every step, one without any gradient as well: it does nothing."""

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse Nesterov's momentum where there is none, and where it is dampened."""
        nesterov = "dampening" in hyper and hyper["nesterov"]
        if nesterov and (float(hyper["momentum"]) <= 0 or float(hyper["dampening"]) != 0):
            raise HyperparameterError(
                f"{spec.id}: nesterov=True is refused with momentum={hyper['momentum']!r} and "
                f"dampening={hyper['dampening']!r}: give it a momentum above 0, and no dampening"
            )
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the rule between what the class does before it and the way along its direction."""
        rule = spec.form(hyper)
        decay = shrink_weights if decouples(spec, hyper) else add_decayed_weights
        direction = direction_with(rule, spec.names, steps_of)
        return spec.chain(hyper, rule, *spec.before, maximize, decay, direction, descend)


def decouples(spec: Spec, hyper: Hyper) -> bool:
    """Whether the weights decay by themselves, and not by way of the gradient."""
    return bool(hyper.get("decoupled_weight_decay", spec.name == "AdamW"))


TORCH = Torch()
