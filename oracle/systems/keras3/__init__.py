"""Keras 3 (`keras.optimizers`)."""

from oracle.systems.keras3.optimizers import SPECS

__all__ = ["SPECS"]
