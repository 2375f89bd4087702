"""What the wrapping optimizers of Keras 3 may be given as the ones that they wrap."""

from __future__ import annotations

from oracle.specification.domains import DecayRate, Epsilon, Momentum, Rate, Share
from oracle.specification.draws import Among, Serialized
from oracle.specification.wrapped import Wrappable, serialized
from oracle.systems.keras3.muon import MUON
from oracle.systems.keras3.optimizers import SPECS as OWN_RULES

WRAPPED = Wrappable(
    {spec.name: spec for spec in (*OWN_RULES, MUON)},
    ("exclude_from_weight_decay", "exclude_layers"),
)
DRAWN = Serialized(
    {
        "SGD": {"learning_rate": Rate(), "momentum": Momentum(), "nesterov": Among((False, True))},
        "Adam": {
            "learning_rate": Rate(),
            "beta_1": DecayRate(),
            "beta_2": DecayRate(),
            "epsilon": Epsilon(),
        },
        "RMSprop": {"learning_rate": Rate(), "rho": Share(), "epsilon": Epsilon()},
    }
)
"""A few optimizers for random runs, each of its own kind."""

PLAIN = serialized("SGD", learning_rate=0.5)
MOMENTUM = serialized("SGD", learning_rate=0.125, momentum=0.5)
ADAM = serialized("Adam", learning_rate=0.25, beta_1=0.75, beta_2=0.5, epsilon=0.00390625)
RMSPROP = serialized("RMSprop", learning_rate=0.03, rho=0.8, epsilon=0.001)
SLOW = serialized(
    "Adam", learning_rate=0.5, beta_1=1 - 2.0**-13, beta_2=1 - 2.0**-13, epsilon=2.0**-10
)
"""One whose steps show how many came before, for many of them."""
