"""Why some wrong versions of PyTorch's schedulers are none."""

from __future__ import annotations

from oracle.mutation.reason import Reason

TORCH: tuple[Reason, ...] = (
    Reason("torch/*:order:set_rate-set_momentum.*", "they set different numbers"),
    Reason(
        "plateau.certain:*",
        "no loss of a run is so near the best one that rounding could turn their comparison",
    ),
    Reason(
        "torch/Muon:order:orthogonalize-decay.*",
        "one changes directions, and the other parameters",
    ),
    Reason("torch_schedules.cycle:other-condition:if.*", "both lines meet where they turn"),
    Reason(
        "torch.rates.chained:one-branch:formula.*",
        "no milestone is behind the first step",
        "torch/MultiStepLR",
    ),
    Reason(
        "torch.rates.chained:one-branch:formula.*",
        "its first rate is made as the later ones are",
        "torch/CosineAnnealingWarmRestarts",
    ),
    Reason(
        "torch.averaging._annealed:other-condition:if.*",
        "at the end of the way all of it is gone",
    ),
    *(
        Reason("torch_schedules.*", "every scheduler is tried by itself", f"torch/{name}")
        for name in ("ChainedScheduler", "SequentialLR")
    ),
    Reason(
        "torch.cycles._phase:other-condition:phase.*",
        "where a phase ends, the next begins",
    ),
)
