"""The arguments that many optimizers of Optax have, and the spec of an alias."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from oracle.rules.directions import links
from oracle.specification.checks import indices, optional, real
from oracle.specification.direction import RuleLink, chosen_by, direction_with, every_parameter
from oracle.specification.domains import (
    DecayRate,
    Epsilon,
    Flag,
    Indices,
    Rate,
    ScheduledRate,
    among,
)
from oracle.specification.forms import Forms
from oracle.specification.spec import REQUIRED, Argument, Hyper, Spec
from oracle.systems.optax import schedules
from oracle.systems.optax.base import Link, Optax, OptaxContrib

FALLING = {
    "class_name": "piecewise_interpolate_schedule",
    "config": {
        "interpolate_type": "linear",
        "init_value": 0.5,
        "boundaries_and_scales": {str(2**power): 0.5 for power in range(6, 22)},
    },
}
"""A rate that shows at every step how many came before."""


def _learning_rate(value: Any) -> str | None:
    return schedules.check_schedule(value) if isinstance(value, Mapping) else real(value)


class RateOrNone(ScheduledRate):
    """The domain of a rate that may be missing; whatever is given counts, be it 0."""

    def is_on(self, value: Any) -> bool:
        """Whether there is a rate."""
        return value is not None


_SCHEDULES: dict[str, Any] = {
    "counting": FALLING,
    "schedules": schedules.DEFAULTS,
    "at": schedules.learning_rate,
}
CONSTANT_RATE = Argument("learning_rate", REQUIRED, Rate(), "step size")
RATE = Argument(
    "learning_rate",
    REQUIRED,
    ScheduledRate(_learning_rate, **_SCHEDULES),
    "step size, or a schedule",
)
RATE_OR_NONE = Argument(
    "learning_rate",
    None,
    RateOrNone(optional(_learning_rate), **_SCHEDULES),
    "step size, or a schedule; without any nothing is turned around",
)
DESCEND = direction_with(links.descend, name="scale_by_learning_rate")
NAMES = {"beta_1": "b1", "beta_2": "b2", "beta_3": "b3", "epsilon": "eps", "rho": "decay"}
"""What Optax calls the hyperparameters that the rules call as the papers do."""


def decay_rate(name: str, default: Any, doc: str) -> Argument:
    """Return the decay rate of a moment."""
    return Argument(name, default, DecayRate(), doc)


def epsilon(default: float, name: str = "eps") -> Argument:
    """Return what keeps a denominator away from 0."""
    return Argument(name, default, Epsilon(), "keeps the denominator away from 0")


def eps_root(default: float) -> Argument:
    """Return what stands beside a second moment, under the root."""
    domain = Epsilon(usual=False, on=0.0625, coarse=(0.0625,)) if not default else Epsilon()
    return Argument("eps_root", default, domain, "added under the root")


def flag(name: str, default: bool, doc: str, *needs: str) -> Argument:
    """Return what is on or off."""
    domain = Flag(others=(False,), decimals=(False,)) if default else Flag()
    return Argument(name, default, domain, doc, needs=needs)


def weight_decay(default: float, name: str = "weight_decay") -> Argument:
    """Return the share of a parameter that is added to its direction."""
    domain = among(0.0625, 0.004, 0.5, on=0.0625, coarse=(0.0625,))
    return Argument(name, default, domain, "share of the parameter that is added to the direction")


def mask(name: str = "mask", of: str = "weight_decay", default: bool | None = None) -> Argument:
    """Return the choice of parameters on which a link acts: all of them, or those of a list."""
    domain = Indices(_all_or_indices, decimals=([0],))
    return Argument(name, default, domain, f"indices of the parameters that have {of}", needs=(of,))


def _all_or_indices(value: Any) -> str | None:
    return None if value is True else optional(indices)(value)


def is_let_through(mask: Any, index: int) -> bool:
    """Whether a mask lets a link act on a parameter: a list on those of it, else on all."""
    return index in mask if isinstance(mask, (list, tuple)) else True


def decayed(argument: str = "weight_decay", masked_by: str | None = "mask") -> RuleLink:
    """Return the link that adds a share of the parameters, of those that a mask lets through."""
    return direction_with(
        links.add_decayed_weights,
        {"weight_decay": argument},
        name="add_decayed_weights",
        asks=(argument,),
        holds=chosen_by(masked_by, is_let_through) if masked_by else every_parameter,
    )


def alias(
    name: str,
    doc: str,
    own: tuple[Argument, ...],
    forms: Forms,
    *after: Link,
    before: tuple[Link, ...] = (),
    fixed: Mapping[str, float] | None = None,
    quirks: tuple[str, ...] = (),
    derived: Mapping[str, Callable[[Hyper], Any]] | None = None,
    renamed: Mapping[str, str] | None = None,
    contrib: bool = False,
) -> Spec:
    """Return the spec of an alias: the forms of its own link, those before it, those after it.

    ``fixed`` are numbers of the rule that the alias has settled, ``renamed`` those of which the
    rule has another name than ``NAMES`` say.
    """
    arguments = {argument.name: argument for argument in own}
    read = {name for form in forms.values() for name in form.hyper} - {*arguments, *(fixed or {})}
    names = {ours: theirs for ours, theirs in NAMES.items() if ours in read} | dict(renamed or {})
    made: dict[str, Callable[[Hyper], Any]] = dict(derived or {})
    made |= {ours: partial(_settled, value) for ours, value in (fixed or {}).items()}
    system = (OptaxContrib if contrib else Optax)(*after, before=before)
    return Spec(system, name, arguments, forms, (), doc, quirks, names, derived=made)


def _settled(value: float, hyper: Hyper) -> float:
    return value
