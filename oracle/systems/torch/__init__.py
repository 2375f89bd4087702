"""PyTorch 2.13.0 (`torch.optim`)."""

from oracle.systems.torch import adafactor, clip, optimizers, others

SPECS = (*optimizers.SPECS, *others.SPECS, *adafactor.SPECS, *clip.SPECS)
