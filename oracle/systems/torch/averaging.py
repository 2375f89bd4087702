"""PyTorch's averages of weights (`torch.optim.swa_utils`), and the rate that goes with them.

From torch/optim/swa_utils.py (2.13.0).
"""

from __future__ import annotations

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.rule import at_parameter
from oracle.rules.transformations import torch_schedules as formulas
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification.checks import between, count
from oracle.specification.composition import Around, Inner, composed
from oracle.specification.domains import Count, Share
from oracle.specification.draws import Whole
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.torch.base import Torch
from oracle.systems.torch.schedulers import number, one_of, scheduler
from oracle.systems.torch.wrapped import OPTIMIZER, WRAPPED


@transformation(slots={"averaged": at_parameter}, one_of="average")
def take_the_mean(step: Step) -> None:
    """Move the average towards the parameters: it is the mean of all that they were after steps."""
    weight = 1 / step.xp.constant(step.iterations + 1)
    for k, p in enumerate(step.params):
        held = step.slots["averaged"][k]
        step.slots["averaged"][k] = held + weight * (p - held)


@transformation(slots={"averaged": at_parameter}, one_of="average")
def average_exponentially(step: Step) -> None:
    """Let the average forget what it was, as the parameters move; the first is theirs."""
    decay = step.numbers["decay"]
    for k, p in enumerate(step.params):
        held = step.slots["averaged"][k]
        step.slots["averaged"][k] = decay * held + (1 - decay) * p if step.iterations else p


def _averaging(inner: Inner, hyper: Hyper) -> Around:
    fades = hyper["avg_fn"] == "ema"
    average = average_exponentially if fades else take_the_mean
    return Around((inner.update(), average), average.slots, {"decay": hyper["decay"]})


class _Averaged(Torch):
    """An optimizer, and the average of the weights that it makes."""

    version = "PyTorch 2.13.0, torch/optim/swa_utils.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the optimizer take its step, and average the weights."""
        return composed(_averaging, WRAPPED.inner(spec, hyper), hyper)


_SHARES = {"cos": formulas.share_by_cosine, "linear": formulas.share_in_line}


def _annealed(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Return a rate on its way; without any steps for it, it is there at once."""
    goal, whole = xp.constant(settings["swa_lr"]), settings["anneal_epochs"]
    if past.epoch > whole or not whole:
        return goal
    gone = _SHARES[settings["anneal_strategy"]]
    before = gone(xp, xp.constant(max(past.epoch - 1, 0)) / xp.constant(whole))
    now = gone(xp, xp.constant(past.epoch) / xp.constant(whole))
    return formulas.swa_lr(xp, past.rate, goal=goal, before=before, now=now)


AVERAGING = (
    scheduler(
        "SWALR",
        "From any rate to one that stays.",
        number("swa_lr", REQUIRED, "the rate that stays", 0.0625, 0.125, 0.03),
        Argument(
            "anneal_epochs",
            10,
            Count(count(0), Whole(0, 4), usual=True, coarse=(2,), others=(3,), decimals=(2,)),
            "steps on the way",
        ),
        one_of("anneal_strategy", "along half a cosine or a line", "cos", "linear"),
        rate_of=_annealed,
    ),
    Spec(
        _Averaged(),
        "AveragedModel",
        {
            OPTIMIZER.name: OPTIMIZER,
            "avg_fn": one_of("avg_fn", "a mean, or an average that fades", "swa", "ema"),
            "decay": Argument(
                "decay",
                0.999,
                Share(between(0, 1)),
                "share of an average that fades that is kept (get_ema_avg_fn)",
                needs=("avg_fn",),
            ),
        },
        {},
        ("averagedmodel",),
        "The mean of the weights after all steps, or an average that fades, beside them.",
        ("The first average is the weights after the first step, not before it.",),
    ),
)
