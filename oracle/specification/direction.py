"""The links of a chain in which rules turn each gradient into a direction, one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oracle.rules.rule import Rule
from oracle.specification.sparse import Slices
from oracle.specification.step import Step
from oracle.specification.transformation import Act, Transformation

UPDATE = "update"
"""What the link with the optimizer's own rule is called."""

Count = Callable[[Step, int], int]
"""Tells how many steps a parameter, by its index, took before this one."""

Holds = Callable[[Step, int], bool]
"""Tells whether a link acts on a parameter, by its index."""


@dataclass(frozen=True, eq=False)
class RuleLink(Transformation):
    """A link that is a rule, applied to every parameter that has a gradient."""

    rule: Rule | None = None

    def acting(self, act: Act) -> Transformation:
        """Return a link that does something else, and is no rule."""
        return Transformation(self.name, act, self.doc, self.asks, self.slots, self.couples)


def every_step(step: Step, index: int) -> int:
    """Return the count of an optimizer all of whose parameters take every step."""
    return step.iterations


def every_parameter(step: Step, index: int) -> bool:
    """Let a link act on all parameters."""
    return True


def chosen_by(argument: str, is_chosen: Callable[[Any, int], bool]) -> Holds:
    """Return what asks whether an argument, such as a mask, lets a link act on a parameter."""

    def holds(step: Step, index: int) -> bool:
        return is_chosen(step.hyper[argument], index)

    return holds


def direction_with(
    rule: Rule,
    names: Mapping[str, str] | None = None,
    count: Count = every_step,
    *,
    name: str = UPDATE,
    asks: tuple[str, ...] = (),
    fixed: Mapping[str, Any] | None = None,
    holds: Holds = every_parameter,
) -> RuleLink:
    """Return the link that lets ``rule`` put a direction in the place of every gradient.

    ``names`` tells what the library calls a hyperparameter for which the rule has another name,
    ``fixed`` the value of one that the library has settled. The link is called ``name``, and is
    there only where the arguments that it ``asks`` for are on.
    """
    renamed, settled = names or {}, fixed or {}

    def update(step: Step) -> None:
        hyper = {**step.numbers, "learning_rate": step.learning_rate}
        hyper |= {ours: step.numbers[theirs] for ours, theirs in renamed.items() if theirs in hyper}
        hyper |= {ours: step.xp.constant(value) for ours, value in settled.items()}
        whole = step.xp.whole
        for k in (k for k in step.present() if holds(step, k)):
            t = step.xp.constant(count(step, k) + 1)
            gradient, p = step.grads[k], step.params[k]
            assert gradient is not None
            assert not isinstance(gradient, Slices)
            slots = tuple(step.slots[slot][k] for slot in rule.slots)
            step.grads[k], *after = rule(step.xp, t, whole(p), whole(gradient), slots, hyper)
            for slot, value in zip(rule.slots, after, strict=True):
                step.slots[slot][k] = value

    told = (rule.function.__doc__ or "").partition("\n")[0]
    return RuleLink(name, update, told, asks, rule.slots, couples=rule.couples, rule=rule)
