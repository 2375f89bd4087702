"""PyTorch 2.13.0 (`torch.optim`)."""

from oracle.systems.torch import clip, optimizers

SPECS = (*optimizers.SPECS, *clip.SPECS)
