"""Keras 3 (`keras.optimizers`)."""

from oracle.systems.keras3.muon import MUON
from oracle.systems.keras3.optimizers import SPECS as OWN_RULES

SPECS = (*OWN_RULES, MUON)

__all__ = ["SPECS"]
