"""Optax (`optax`, `optax.contrib`)."""

from oracle.systems.optax.chain import COMBINING
from oracle.systems.optax.contrib import CONTRIB
from oracle.systems.optax.distances import DISTANCES
from oracle.systems.optax.estimated import ESTIMATED
from oracle.systems.optax.factored import FACTORED
from oracle.systems.optax.freed import FREED
from oracle.systems.optax.lbfgs import LBFGS
from oracle.systems.optax.lookahead import LOOKAHEAD
from oracle.systems.optax.losses import LOSSES
from oracle.systems.optax.mechanic import MECHANIC
from oracle.systems.optax.moments import SECOND_MOMENTS
from oracle.systems.optax.muons import MUON
from oracle.systems.optax.normalize import NORMALIZE
from oracle.systems.optax.optimizers import FIRST_ORDER, ROOTS
from oracle.systems.optax.plateau import REDUCE_ON_PLATEAU
from oracle.systems.optax.sam import SAM
from oracle.systems.optax.scaling import SCALING, SCALING_OF_CONTRIB
from oracle.systems.optax.schedule_free import SCHEDULE_FREE
from oracle.systems.optax.sm3 import SM3
from oracle.systems.optax.sophia import SOPHIA
from oracle.systems.optax.transformations import CLIPS, LINKS
from oracle.systems.optax.wrappers import WRAPPING

SPECS = (
    *FIRST_ORDER,
    *ROOTS,
    *SECOND_MOMENTS,
    *FACTORED,
    *SM3,
    *SCALING,
    *CLIPS,
    *LINKS,
    *WRAPPING,
    LOOKAHEAD,
    *COMBINING,
    *CONTRIB,
    *SCALING_OF_CONTRIB,
    *DISTANCES,
    *SCHEDULE_FREE,
    *ESTIMATED,
    *LOSSES,
    REDUCE_ON_PLATEAU,
    SOPHIA,
    *LBFGS,
    NORMALIZE,
    FREED,
    MECHANIC,
    SAM,
    *MUON,
)

__all__ = ["SPECS"]
