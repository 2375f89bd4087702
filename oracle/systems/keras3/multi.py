"""Keras 3's MultiOptimizer: some parameters have an optimizer of their own.

From keras/src/optimizers/multi_optimizer.py (3.15.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.errors import ShapeError
from oracle.specification.checks import optional, real
from oracle.specification.composition import Inner, several
from oracle.specification.domains import Domain, OptimizerMap
from oracle.specification.draws import Among, Halvings
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.wrapped import serialized
from oracle.systems.keras3.base import Keras3
from oracle.systems.keras3.wrapped import ADAM, MOMENTUM, PLAIN, RMSPROP, SLOW, WRAPPED

KEYS = ("default_optimizer", "optimizer_map")


def _is_map(value: Any) -> str | None:
    if not isinstance(value, Mapping) or set(value) != set(KEYS):
        return f"it must be {{{KEYS[0]!r}: OPTIMIZER, {KEYS[1]!r}: {{INDEX: OPTIMIZER}}}}"
    others = value["optimizer_map"]
    if not isinstance(others, Mapping) or not all(str(key).isdecimal() for key in others):
        return "its optimizer_map must map indices of parameters, as in {'0': ...}, to optimizers"
    faults = map(WRAPPED.check(), (value["default_optimizer"], *others.values()))
    return next((fault for fault in faults if fault), None)


class _Multi(Keras3):
    """Keras 3 on TensorFlow, with several of its optimizers side by side."""

    def check_gradients(self, gradients: Any, step: int) -> None:
        """Refuse a missing gradient: an optimizer may be left without any."""
        if any(g is None for g in gradients):
            raise ShapeError(f"step {step}: keras3/MultiOptimizer is run with all gradients here")

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Return what is given: a wrapper has few of the base class's arguments."""
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let each optimizer move its own parameters; all of them unscale by the same factor."""
        given, scale = hyper["optimizer_map"], hyper["loss_scale_factor"]
        others = given["optimizer_map"]

        def built(one: Mapping[str, Any], key: str) -> Inner:
            return WRAPPED.built(one, key, loss_scale_factor=scale)

        default = built(given["default_optimizer"], "")
        return several(default, {int(key): built(one, key) for key, one in others.items()}, hyper)


def _mapped(default: Mapping[str, Any], **others: Mapping[str, Any]) -> Mapping[str, Any]:
    by_index = {key.removeprefix("of_"): other for key, other in others.items()}
    return {"default_optimizer": default, "optimizer_map": by_index}


MULTI = Spec(
    _Multi(),
    "MultiOptimizer",
    {
        a.name: a
        for a in (
            Argument(
                "optimizer_map",
                REQUIRED,
                OptimizerMap(
                    _is_map,
                    Among((_mapped(MOMENTUM, of_0=ADAM), _mapped(ADAM, of_1=RMSPROP))),
                    on=_mapped(PLAIN, of_0=serialized("SGD", learning_rate=0.125)),
                    counting=_mapped(SLOW, of_0=SLOW),
                    coarse=(_mapped(MOMENTUM, of_0=ADAM),),
                    others=(_mapped(ADAM, of_1=PLAIN, of_0=ADAM),),
                    decimals=(_mapped(RMSPROP, of_1=MOMENTUM),),
                    spec_of=WRAPPED.specs.get,
                ),
                "the optimizer of most parameters, and by their indices those of others",
            ),
            Argument(
                "loss_scale_factor",
                None,
                Domain(optional(real), Halvings(-3, 3), zero_is_on=True),
                "what the loss was multiplied by, for all of them",
            ),
        )
    },
    {},
    ("multioptimizer",),
    "Several optimizers, each for parameters of its own.",
    quirks=(
        "The loss_scale_factor of each optimizer is overwritten, by None as well.",
        "Each optimizer clips by the common norm of its own parameters.",
    ),
)
