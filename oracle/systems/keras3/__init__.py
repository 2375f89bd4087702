"""Keras 3 (`keras.optimizers`)."""

from oracle.systems.keras3.loss_scale import LOSS_SCALE
from oracle.systems.keras3.multi import MULTI
from oracle.systems.keras3.muon import MUON
from oracle.systems.keras3.optimizers import SPECS as OWN_RULES

SPECS = (*OWN_RULES, MUON, LOSS_SCALE, MULTI)

__all__ = ["SPECS"]
