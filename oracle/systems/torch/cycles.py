"""PyTorch's schedulers that go up and down between rates, and let the momentum go the other way.

From torch/optim/lr_scheduler.py (2.13.0).
"""

from __future__ import annotations

from collections.abc import Sequence

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.transformations import torch_schedules as formulas
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification.checks import between, count, optional
from oracle.specification.domains import Count, Flag
from oracle.specification.draws import Whole
from oracle.specification.spec import REQUIRED, Argument
from oracle.systems.torch.schedulers import number, one_of, scheduler, steps

_POSITIVE = between(0, float("inf"), low_open=True)
_SHARE = between(0, 1)


def _cycle(xp: Arithmetic, settings: Settings, low: Number, high: Number, epoch: int) -> Number:
    """Return where between two numbers a cycle stands."""
    up, down = settings["step_size_up"], settings["step_size_down"]
    down = up if down is None else down
    height = _HEIGHTS[settings["mode"]](xp, settings, epoch // (up + down), epoch)
    return formulas.cycle(xp, epoch, low=low, high=high, up=up, down=down, height=height)


def _same_height(xp: Arithmetic, settings: Settings, cycles: int, epoch: int) -> Number:
    return xp.constant(1)


def _half_the_height(xp: Arithmetic, settings: Settings, cycles: int, epoch: int) -> Number:
    return 1 / 2 ** xp.constant(cycles)


def _falling_height(xp: Arithmetic, settings: Settings, cycles: int, epoch: int) -> Number:
    return xp.constant(settings["gamma"]) ** xp.constant(epoch)


_HEIGHTS = {
    "triangular": _same_height,
    "triangular2": _half_the_height,
    "exp_range": _falling_height,
}


def _cycle_of_rates(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    low, high = xp.constant(settings["base_lr"]), xp.constant(settings["max_lr"])
    return _cycle(xp, settings, low, high, past.epoch)


def _cycle_of_momenta(xp: Arithmetic, settings: Settings, epoch: int) -> Number:
    low, high = xp.constant(settings["max_momentum"]), xp.constant(settings["base_momentum"])
    return _cycle(xp, settings, low, high, epoch)


_ANNEALED = {"cos": formulas.annealed_by_cosine, "linear": formulas.annealed_in_line}


def _phase(xp: Arithmetic, settings: Settings, levels: Sequence[Number], epoch: int) -> Number:
    """Return where a cycle stands between the levels at which its phases begin and end."""
    last, share = settings["total_steps"] - 1, settings["pct_start"]
    turn = xp.constant(share) * xp.constant(settings["total_steps"])
    ends = [(share * (last + 1) - 1, turn - 1), (last, xp.constant(last))]
    if settings["three_phase"]:
        ends.insert(1, (2 * share * (last + 1) - 2, 2 * turn - 2))
    phase = next((i for i, (end, _) in enumerate(ends) if epoch <= end), len(ends) - 1)
    begin = ends[phase - 1][1] if phase else xp.constant(0)
    return _ANNEALED[settings["anneal_strategy"]](
        xp,
        start=levels[phase],
        end=levels[phase + 1],
        share=(xp.constant(epoch) - begin) / (ends[phase][1] - begin),
    )


def _one_cycle_of_rates(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    if past.epoch > settings["total_steps"]:
        raise HyperparameterError(
            f"torch/OneCycleLR: step {past.epoch + 1} has no rate: "
            f"total_steps={settings['total_steps']}"
        )
    high = xp.constant(settings["max_lr"])
    start = high / xp.constant(settings["div_factor"])
    end = start / xp.constant(settings["final_div_factor"])
    middle = (start,) if settings["three_phase"] else ()
    return _phase(xp, settings, (start, high, *middle, end), past.epoch)


def _one_cycle_of_momenta(xp: Arithmetic, settings: Settings, epoch: int) -> Number:
    low, high = xp.constant(settings["base_momentum"]), xp.constant(settings["max_momentum"])
    return _phase(xp, settings, (high, low, high, high), epoch)


_CYCLES = Argument(
    "cycle_momentum",
    True,
    Flag(others=(False,), decimals=(False,)),
    "let the momentum, or the first of the betas, fall where the rate rises",
)


def _momenta(low: float, high: float) -> tuple[Argument, Argument]:
    inner = between(0, 1, low_open=True)
    return (
        number("base_momentum", low, "the smallest momentum", 0.5, 0.625, 0.6, check=inner),
        number("max_momentum", high, "the largest momentum", 0.75, 0.875, 0.7, check=inner),
    )


CYCLES = (
    scheduler(
        "CyclicLR",
        "From one rate to another and back in straight lines, again and again.",
        number("base_lr", REQUIRED, "the smallest rate", 0.125, 0.0625, 0.01),
        number("max_lr", REQUIRED, "the largest rate", 0.5, 0.25, 0.3),
        steps("step_size_up", 2000, "steps on the way up"),
        Argument(
            "step_size_down",
            None,
            Count(optional(count(1)), Whole(1, 3), on=3, coarse=(1,), others=(3,), decimals=(1,)),
            "steps on the way down; None for as many",
        ),
        one_of("mode", "how high each cycle is", "triangular", "triangular2", "exp_range"),
        number("gamma", 1.0, "factor of the height for each step (exp_range)", 0.5, 0.75, 0.9),
        _CYCLES,
        *_momenta(0.8, 0.9),
        rate_of=_cycle_of_rates,
        momentum_of=_cycle_of_momenta,
        quirks=("The optimizer's own rate and momentum are not looked at.",),
    ),
    scheduler(
        "OneCycleLR",
        "Up to a largest rate, and down to next to nothing.",
        number("max_lr", REQUIRED, "the largest rate", 0.5, 0.25, 0.3),
        Argument(
            "total_steps",
            REQUIRED,
            Count(count(2), Whole(100, 120), on=100, coarse=(100,), others=(101,), decimals=(102,)),
            "steps of the cycle",
        ),
        number("pct_start", 0.3, "share of the way up", 0.25, 0.375, 0.4, check=_SHARE),
        one_of("anneal_strategy", "along half a cosine or a line", "cos", "linear"),
        _CYCLES,
        *_momenta(0.85, 0.95),
        number(
            "div_factor", 25.0, "the largest rate over the first", 4.0, 8.0, 3.3, check=_POSITIVE
        ),
        number(
            "final_div_factor", 1e4, "the first rate over the last", 8.0, 16.0, 7.7, check=_POSITIVE
        ),
        Argument("three_phase", False, Flag(), "come back to the first rate before going lower"),
        rate_of=_one_cycle_of_rates,
        momentum_of=_one_cycle_of_momenta,
        quirks=("The optimizer's own rate and momentum are not looked at.",),
    ),
)
