"""What the wrapping optimizers of TensorFlow 1.15.5 may be given as the one that they wrap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.specification.checks import Check, between
from oracle.specification.domains import DecayRate, Epsilon, Momentum, Optimizer, Rate, Share
from oracle.specification.draws import Among, Serialized
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.wrapped import Wrappable, serialized
from oracle.systems.tf1.contrib.base import TF_CONTRIB
from oracle.systems.tf1.contrib.optimizers import SPECS as TF_CONTRIB_SPECS
from oracle.systems.tf1.train import SPECS as TF_TRAIN_SPECS
from oracle.systems.tf1.train import TF_TRAIN

WRAPPED = Wrappable(
    {
        spec.name: spec
        for spec in (*TF_TRAIN_SPECS, *TF_CONTRIB_SPECS)
        if spec.system in (TF_TRAIN, TF_CONTRIB) and "." not in spec.name
    },
    ("decay_var_list", "sign_decay_fn", "skip_list", "avoid_updating_slots", "global_step"),
)
"""Every class that can be wrapped: neither wrappers nor what a function makes."""

OF_THE_GLOBAL_STEP = ("AdagradDAOptimizer",)
"""The classes whose step is a counter that somebody else has to move on."""


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

PLAIN = serialized("GradientDescentOptimizer", learning_rate=0.5)
COUNTING = serialized(
    "AdamOptimizer",
    learning_rate=0.5,
    beta1=1 - 2.0**-13,
    beta2=1 - 2.0**-13,
    epsilon=2.0**-10,
)
"""One whose steps show how many came before, for many of them."""


_ADAM = serialized("AdamOptimizer", learning_rate=0.25, beta1=0.75, beta2=0.5, epsilon=0.00390625)
NESTEROV = serialized("MomentumOptimizer", learning_rate=0.25, momentum=0.875, use_nesterov=True)
_MOMENTUM = serialized("MomentumOptimizer", learning_rate=0.125, momentum=0.5)
_RMSPROP = serialized(
    "RMSPropOptimizer", learning_rate=0.03, decay=0.8, momentum=0.7, epsilon=0.001
)


def optimizer(name: str, check: Check, other: Mapping[str, Any] = _ADAM) -> Argument:
    """Return the argument that is the wrapped optimizer."""
    domain = Optimizer(
        check,
        DRAWN,
        on=PLAIN,
        counting=COUNTING,
        coarse=(_MOMENTUM,),
        others=(other,),
        decimals=(_RMSPROP,),
        spec_of=WRAPPED.specs.get,
    )
    return Argument(
        name, REQUIRED, domain, "the optimizer that is wrapped: its class_name and config"
    )
