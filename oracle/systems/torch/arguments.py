"""The arguments that PyTorch's optimizers share, and the spec of a class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from oracle.specification.checks import Check, at_least, between, floating
from oracle.specification.domains import DecayRate, Epsilon, Flag, Rate, penalty
from oracle.specification.forms import Forms
from oracle.specification.pairs import numbers_of_pairs, pair
from oracle.specification.spec import Argument, Spec, System
from oracle.systems.torch.base import TORCH, count

_LARGEST = math.nextafter(1.0, 0.0)


def numbered(check: Check) -> Check:
    """Refuse NaN as well, as a comparison does that has to be true."""

    def is_number(value: Any) -> str | None:
        return check(value) or ("it must not be NaN" if math.isnan(float(value)) else None)

    return is_number


NOT_NEGATIVE = numbered(at_least(0))
SHARE = numbered(between(0, _LARGEST))
"""At least 0 and below 1."""


def lr(default: float, check: Check = NOT_NEGATIVE) -> Argument:
    """Return the argument that every class begins with."""
    return Argument("lr", default, Rate(check), "step size")


def eps(default: float = 1e-8, check: Check = NOT_NEGATIVE) -> Argument:
    """Return the argument that keeps a denominator away from 0."""
    return Argument("eps", default, Epsilon(check), "keeps the denominator away from 0")


def weight_decay(default: float = 0.0, check: Check = NOT_NEGATIVE) -> Argument:
    """Return the weight decay, an option where its default is 0."""
    domain = penalty(check, 0.0625, 0.004, 0.5, on=0.0625, only_positive=False)
    return Argument("weight_decay", default, domain, "share of the weights that decays")


FLOAT_SHARE = numbered(between(0, _LARGEST, check=floating))
"""The same, as a float."""


def betas(check: Check = FLOAT_SHARE) -> Argument:
    """Return the decay rates of Adam and its kin."""
    rate = DecayRate(check)
    domain = pair(("beta_1", rate), ("beta_2", rate))
    return Argument("betas", (0.9, 0.999), domain, "decay rates of the first and second moment")


MAXIMIZE = Argument("maximize", False, Flag(), "ascend instead of descending")
DECOUPLED = Argument(
    "decoupled_weight_decay",
    False,
    Flag(),
    "decay the weights by themselves, times the rate",
    needs=("weight_decay",),
)
AMSGRAD = Argument("amsgrad", False, Flag(), "keep the largest second moment")


def torch_spec(
    name: str,
    doc: str,
    own: tuple[Argument, ...],
    forms: Forms,
    *,
    counts: bool = True,
    system: System = TORCH,
    quirks: tuple[str, ...] = (),
    names: Mapping[str, str] | None = None,
    **more: Any,
) -> Spec:
    """Return the spec of a class; ``counts`` says that its rule asks how many steps came before.

    ``more`` are further fields of the spec.
    """
    arguments = {a.name: a for a in (*own, MAXIMIZE)}
    before = (count,) if counts else ()
    return Spec(
        system,
        name,
        arguments,
        forms,
        (name.lower(),),
        doc,
        quirks,
        names or {},
        **{"before": before, "derived": numbers_of_pairs(arguments), **more},
    )
