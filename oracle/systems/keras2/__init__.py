"""Keras 2.3.1 (`keras.optimizers`)."""

from oracle.systems.keras2.optimizers import SPECS as OWN
from oracle.systems.keras2.tf_optimizer import TF_OPTIMIZER

SPECS = (*OWN, TF_OPTIMIZER)
