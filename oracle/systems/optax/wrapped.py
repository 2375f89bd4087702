"""What the wrappers of Optax may be given as the optimizers that they wrap."""

from __future__ import annotations

from oracle.specification.checks import Check
from oracle.specification.domains import DecayRate, Epsilon, Momentum, Optimizer, Rate, Share
from oracle.specification.draws import Among, Draws, Serialized
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.wrapped import Wrappable, serialized
from oracle.systems.optax.contrib import CONTRIB
from oracle.systems.optax.distances import DISTANCES
from oracle.systems.optax.moments import SECOND_MOMENTS
from oracle.systems.optax.normalize import NORMALIZE
from oracle.systems.optax.optimizers import FIRST_ORDER, ROOTS
from oracle.systems.optax.scaling import SCALING, SCALING_OF_CONTRIB
from oracle.systems.optax.transformations import CLIPS, LINKS

_OWN = (
    *(*FIRST_ORDER, *ROOTS, *SECOND_MOMENTS, *SCALING),
    *(*CLIPS, *LINKS),
    *(*CONTRIB, *DISTANCES, *SCALING_OF_CONTRIB),
    NORMALIZE,
)
WRAPPED = Wrappable({spec.name: spec for spec in _OWN})
DRAWN = Serialized(
    {
        "sgd": {"learning_rate": Rate(), "momentum": Momentum(), "nesterov": Among((False, True))},
        "adam": {"learning_rate": Rate(), "b1": DecayRate(), "b2": DecayRate(), "eps": Epsilon()},
        "rmsprop": {"learning_rate": Rate(), "decay": Share(), "eps": Epsilon()},
    }
)
"""A few optimizers for random runs, each of its own kind."""

PLAIN = serialized("sgd", learning_rate=0.5)
MOMENTUM = serialized("sgd", learning_rate=0.125, momentum=0.5)
ADAM = serialized("adam", learning_rate=0.25, b1=0.75, b2=0.5, eps=0.00390625)
RMSPROP = serialized("rmsprop", learning_rate=0.03, decay=0.8, eps=0.001)
SLOW = serialized("adam", learning_rate=0.5, b1=1 - 2.0**-13, b2=1 - 2.0**-13, eps=2.0**-10)
"""One whose steps show how many came before, for many of them."""


def wrapped(
    name: str,
    doc: str = "the optimizer: its class_name and config",
    *,
    check: Check | None = None,
    drawn: Draws = DRAWN,
) -> Argument:
    """Return the argument that is an optimizer: any of them, unless a check leaves some out."""
    domain = Optimizer(
        check or WRAPPED.check(),
        drawn,
        on=PLAIN,
        counting=SLOW,
        coarse=(MOMENTUM,),
        others=(ADAM,),
        decimals=(RMSPROP,),
        spec_of=WRAPPED.specs.get,
    )
    return Argument(name, REQUIRED, domain, doc)
