"""`tf.contrib.opt`'s own optimizers with decoupled weight decay, as the function makes them."""

from __future__ import annotations

from dataclasses import replace

from oracle.specification.spec import Spec
from oracle.systems.tf1.contrib.base import decay_weights
from oracle.systems.tf1.contrib.decay import CHOICE, EXTENDED, OF_ALL, WEIGHT_DECAY
from oracle.systems.tf1.contrib.matrix import SPECS as MATRICES
from oracle.systems.tf1.contrib.optimizers import SPECS as CONTRIB

NOT_EXTENDED = ("AdamWOptimizer", "MomentumWOptimizer", "LARSOptimizer", "GGTOptimizer")
"""What decays already, by an argument of the same name, or has no place for the decay."""

_OF_THE_BASE = {
    "ShampooOptimizer": (
        "A resource variable decays twice; the spec is what reference variables do.",
    ),
}


def extended(base: Spec) -> Spec:
    """Return what extend_with_decoupled_weight_decay makes of a class: it decays, and goes on."""
    name = f"{EXTENDED}.{base.name}"
    arguments = (WEIGHT_DECAY, CHOICE, *base.arguments.values())
    return replace(
        base,
        name=name,
        arguments={argument.name: argument for argument in arguments},
        aliases=(name.lower(), name.removesuffix("Optimizer").lower()),
        doc=f"{base.name} with decoupled weight decay: what {EXTENDED}({base.name}) returns.",
        quirks=(*OF_ALL, *base.quirks, *_OF_THE_BASE.get(base.name, ())),
        before=(decay_weights, *base.before),
    )


SPECS = tuple(
    extended(base)
    for base in (*CONTRIB, *MATRICES)
    if base.name not in NOT_EXTENDED and not base.name.startswith(EXTENDED)
)
