"""The optimizers of PyTorch whose rate a scheduler may set."""

from __future__ import annotations

from oracle.specification.domains import DecayRate, Epsilon, Momentum, Optimizer, Rate, Share
from oracle.specification.draws import Among, Serialized
from oracle.specification.pairs import pair
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.wrapped import Wrappable, serialized
from oracle.systems.torch import optimizers, others

OF_SPARSE_GRADIENTS = "SparseAdam"
WRAPPED = Wrappable(
    {s.name: s for s in (*optimizers.SPECS, *others.SPECS) if s.name != OF_SPARSE_GRADIENTS}
)
_STARTING = ("ASGD", "Rprop")
_DRAWN = Serialized(
    {
        "SGD": {"lr": Rate(), "momentum": Momentum(), "weight_decay": Among((0.0, 0.0625))},
        "Adam": {
            "lr": Rate(),
            "betas": pair(("beta_1", DecayRate()), ("beta_2", DecayRate())),
            "eps": Epsilon(),
        },
        "RMSprop": {"lr": Rate(), "alpha": Share(), "eps": Epsilon()},
    }
)
"""A few optimizers for random runs, each of its own kind."""

OPTIMIZER = Argument(
    "optimizer",
    REQUIRED,
    Optimizer(
        WRAPPED.check(_STARTING, "begins at its rate, which the scheduler has changed by then"),
        _DRAWN,
        on=serialized("SGD", lr=0.5),
        coarse=(serialized("Adam", lr=0.25, betas=[0.75, 0.5], eps=0.00390625),),
        others=(serialized("SGD", lr=0.5, momentum=0.5),),
        decimals=(serialized("RMSprop", lr=0.03, alpha=0.8, eps=0.001),),
        spec_of=WRAPPED.specs.get,
    ),
    "the optimizer: its class_name and config",
)
