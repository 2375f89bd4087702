"""The argument that is another optimizer: its class's name and its arguments, as Keras has one.

``{"class_name": "MomentumOptimizer", "config": {"learning_rate": 0.1, "momentum": 0.9}}``
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from oracle.errors import HyperparameterError
from oracle.specification.checks import Check, between
from oracle.specification.composition import Inner
from oracle.specification.domains import DecayRate, Epsilon, Momentum, Optimizer, Rate, Share
from oracle.specification.draws import Among, Serialized
from oracle.specification.spec import REQUIRED, WRAPPED_ARGUMENTS, Argument, Spec
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


DRAWN = Serialized(
    {
        "GradientDescentOptimizer": {"learning_rate": Rate()},
        "MomentumOptimizer": {
            "learning_rate": Rate(),
            "momentum": Momentum(),
            "use_nesterov": Among((False, True)),
        },
        "AdamOptimizer": {
            "learning_rate": Rate(),
            "beta1": DecayRate(between(0, 1, low_open=True)),
            "beta2": DecayRate(),
            "epsilon": Epsilon(),
        },
        "AdagradOptimizer": {"learning_rate": Rate()},
        "RMSPropOptimizer": {
            "learning_rate": Rate(),
            "decay": Share(),
            "momentum": Momentum(),
            "epsilon": Epsilon(),
        },
    }
)
"""A few optimizers for random runs, each of its own kind."""

PLAIN = {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 0.5}}
COUNTING = {
    "class_name": "AdamOptimizer",
    "config": {
        "learning_rate": 0.5,
        "beta1": 1 - 2.0**-13,
        "beta2": 1 - 2.0**-13,
        "epsilon": 2.0**-10,
    },
}
"""One whose steps show how many came before, for many of them."""


def _wrapped(class_name: str, **config: Any) -> Mapping[str, Any]:
    return {"class_name": f"{class_name}Optimizer", "config": config}


_ADAM = _wrapped("Adam", learning_rate=0.25, beta1=0.75, beta2=0.5, epsilon=0.00390625)
NESTEROV = _wrapped("Momentum", learning_rate=0.25, momentum=0.875, use_nesterov=True)


def optimizer(name: str, check: Check, other: Mapping[str, Any] = _ADAM) -> Argument:
    domain = Optimizer(
        check,
        DRAWN,
        on=PLAIN,
        counting=COUNTING,
        coarse=(_wrapped("Momentum", learning_rate=0.125, momentum=0.5),),
        others=(other,),
        decimals=(_wrapped("RMSProp", learning_rate=0.03, decay=0.8, momentum=0.7, epsilon=0.001),),
        spec_of=WRAPPED.get,
    )
    return Argument(
        name, REQUIRED, domain, "the optimizer that is wrapped: its class_name and config"
    )


def wrapped_in(hyper: Mapping[str, Any]) -> Inner:
    """Return the optimizer that checked arguments wrap."""
    given = next(hyper[name] for name in WRAPPED_ARGUMENTS if name in hyper)
    name = str(given["class_name"])
    return Inner(name, WRAPPED[name].program(given["config"]))
