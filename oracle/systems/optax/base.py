"""Optax's chain: links make a direction of each gradient, which is added to the parameter.

From optax/_src/{alias,transform,combine,update}.py (0.2.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from oracle.errors import ShapeError
from oracle.rules.rule import Rule
from oracle.specification.direction import RuleLink, direction_with
from oracle.specification.domains import ScheduledRate
from oracle.specification.forms import Forms
from oracle.specification.spec import Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.systems.optax import schedules


@transformation("learning_rate", gathers=True)
def look_schedule_up(step: Step) -> None:
    """Look the rate up that a schedule has after so many steps."""
    rate = step.hyper["learning_rate"]
    if isinstance(rate, Mapping):
        step.learning_rate = schedules.learning_rate(step.xp, rate, step.iterations)


@transformation()
def apply_updates(step: Step) -> None:
    """Add what comes out of the chain to the parameters (optax.apply_updates)."""
    for k, update in zip(step.present(), step.gradients(), strict=True):
        step.params[k] = step.params[k] + update


@dataclass(frozen=True)
class Chosen:
    """A link whose rule depends on arguments: a table of forms, as that of a spec."""

    name: str
    forms: Forms
    asks: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def link(self, spec: Spec, hyper: Hyper) -> RuleLink:
        """Return the link for a choice of hyperparameters."""
        rule = spec.form(hyper, self.forms)
        return direction_with(rule, self.names, name=self.name, asks=self.asks)


Link: TypeAlias = "Transformation | Chosen"


def _rules_of(link: Link) -> tuple[Rule, ...]:
    if isinstance(link, Chosen):
        return tuple(link.forms.values())
    return (link.rule,) if isinstance(link, RuleLink) and link.rule else ()


class Optax(System):
    """The links that one alias puts before and after the direction of its own."""

    name = "optax"
    version = "Optax 0.2.8, optax/_src/alias.py"
    flushes_subnormals = True

    def __init__(self, *after: Link, before: tuple[Link, ...] = ()) -> None:
        self.before = before
        self.after = after
        self.rules = tuple(rule for link in (*before, *after) for rule in _rules_of(link))

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient: the trees of parameters and of updates are the same."""
        for k, gradient in enumerate(gradients):
            if gradient is None:
                raise ShapeError(
                    f"step {step}: gradient {k} is missing: optax takes one for every parameter"
                )

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the rule between its links, and add what comes out."""
        rule = spec.form(hyper)
        before, after = (
            [one.link(spec, hyper) if isinstance(one, Chosen) else one for one in links]
            for links in (self.before, self.after)
        )
        own = direction_with(rule, spec.names)
        rate = spec.arguments.get("learning_rate")
        first = (look_schedule_up,) if rate and isinstance(rate.domain, ScheduledRate) else ()
        return spec.chain(hyper, rule, *first, *before, own, *after, apply_updates)


class OptaxContrib(Optax):
    """The same for what is in `optax.contrib`."""

    name = "optax.contrib"
    version = "Optax 0.2.8, optax/contrib"
