"""PyTorch 2.13.0 (`torch.optim`)."""

from oracle.systems.torch import adafactor, clip, optimizers, others
from oracle.systems.torch.asked import ASKED
from oracle.systems.torch.averaging import AVERAGING
from oracle.systems.torch.cycles import CYCLES
from oracle.systems.torch.grad_scaler import GRAD_SCALER
from oracle.systems.torch.lbfgs import LBFGS
from oracle.systems.torch.muon import MUON
from oracle.systems.torch.schedulers import SIMPLE
from oracle.systems.torch.several import SEVERAL

SPECS = (
    *(*optimizers.SPECS, *others.SPECS, *adafactor.SPECS, *clip.SPECS),
    *(*SIMPLE, *CYCLES, *SEVERAL, *AVERAGING, *ASKED, GRAD_SCALER, LBFGS, MUON),
)
