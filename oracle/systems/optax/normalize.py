"""Optax's normalize: updates of the common norm 1.

From optax/contrib/_sam.py (0.2.8).
"""

from __future__ import annotations

from oracle.rules.directions import gradient
from oracle.rules.transformations.clipping import global_norm
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import alias


@transformation(couples=True)
def normalize(step: Step) -> None:
    """Divide all updates by their common norm."""
    updates = step.gradients()
    norm = global_norm(step.xp, updates)
    step.replace_gradients([u / norm for u in updates])


NORMALIZE = alias(
    "normalize",
    "All updates, scaled to the common norm 1.",
    (),
    {(): gradient.steepest},
    before=(normalize,),
    contrib=True,
    quirks=("Gradients of 0 alone become NaN.",),
)
