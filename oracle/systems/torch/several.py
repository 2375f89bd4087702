"""PyTorch's schedulers that are made of others: all at once, or one after another.

From torch/optim/lr_scheduler.py (2.13.0).
"""

from __future__ import annotations

from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.transformations.torch_schedules import Past, Settings
from oracle.specification.domains import Domain, Other
from oracle.specification.draws import Among
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.wrapped import serialized
from oracle.systems.torch import rates
from oracle.systems.torch.rates import RECIPES, Parts
from oracle.systems.torch.schedulers import SIMPLE, rising, scheduler
from oracle.systems.torch.wrapped import OPTIMIZER


def _chain_of_rates(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    return rates.chained(xp, _parts(settings), past)


def _sequence_of_rates(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    return rates.in_sequence(xp, _parts(settings), settings["milestones"], past)


_SIMPLE = {spec.name: spec for spec in SIMPLE}


def _parts(settings: Settings) -> Parts:
    """Return the schedulers of a list, each with its defaults."""
    named = ((one["class_name"], one["config"]) for one in settings["schedulers"])
    return [(RECIPES[name], {**_DEFAULTS[name], **config}) for name, config in named]


_DEFAULTS = {
    spec.name: {a.name: a.default for a in spec.arguments.values() if a.name != OPTIMIZER.name}
    for spec in SIMPLE
}


def _schedulers(value: Any) -> str | None:
    """Accept a list of schedulers that make each rate of the one before."""
    if not isinstance(value, (list, tuple)) or not value:
        return "it must be a list of {'class_name': NAME, 'config': ARGUMENTS}"
    return next((wrong for wrong in map(_one, value) if wrong), None)


def _one(value: Any) -> str | None:
    if not isinstance(value, dict) or set(value) != {"class_name", "config"}:
        return "each must be {'class_name': NAME, 'config': ARGUMENTS}"
    name, config = value["class_name"], value["config"]
    if name not in _SIMPLE:
        return f"{name!r} is none of {', '.join(_SIMPLE)}"
    try:
        _SIMPLE[name].validate({OPTIMIZER.name: serialized("SGD"), **config})
    except HyperparameterError as error:
        return str(error)
    return None


def _several(doc: str, *choices: list[Any]) -> Argument:
    first, second, third = choices
    domain: Domain = Other(
        _schedulers,
        Among(tuple(choices)),
        on=first,
        coarse=(first,),
        others=(second,),
        decimals=(third,),
    )
    return Argument("schedulers", REQUIRED, domain, doc)


_HALF = serialized("ConstantLR", factor=0.5, total_iters=2)
_FADING = serialized("ExponentialLR", gamma=0.5)
_STEPPING = serialized("StepLR", step_size=2, gamma=0.25)
_WARMING = serialized("LinearLR", start_factor=0.25, total_iters=2)
_FALLING = serialized("CosineAnnealingLR", T_max=3, eta_min=0.01)
_TURNING = serialized("CosineAnnealingLR", T_max=1, eta_min=0.01)
_AGAIN = serialized("CosineAnnealingWarmRestarts", T_0=2)

SEVERAL = (
    scheduler(
        "ChainedScheduler",
        "Several schedulers, each of which changes what the one before it made.",
        _several("the schedulers", [_HALF, _FADING], [_WARMING, _STEPPING], [_FADING, _TURNING]),
        rate_of=_chain_of_rates,
    ),
    scheduler(
        "SequentialLR",
        "Several schedulers, each from its milestone on.",
        _several("the schedulers", [_WARMING, _FADING], [_HALF, _FALLING], [_FADING, _AGAIN]),
        rising("milestones", "the epochs at which the later ones begin", [2], [3], [1]),
        rate_of=_sequence_of_rates,
        quirks=("Each begins at the rate that the optimizer was given.",),
    ),
)
