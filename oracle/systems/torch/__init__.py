"""PyTorch 2.13.0 (`torch.optim`)."""

from oracle.systems.torch import clip, optimizers, others

SPECS = (*optimizers.SPECS, *others.SPECS, *clip.SPECS)
