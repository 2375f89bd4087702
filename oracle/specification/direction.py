"""The link of the chain in which a rule turns each gradient into a direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oracle.rules.rule import Rule
from oracle.specification.sparse import Slices
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation

DOC = "Put the direction that the formula makes of each gradient in the gradient's place."

Count = Callable[[Step, int], int]
"""Tells how many steps a parameter, by its index, took before this one."""


def every_step(step: Step, index: int) -> int:
    """Return the count of an optimizer all of whose parameters take every step."""
    return step.iterations


def direction_with(
    rule: Rule, names: Mapping[str, str] | None = None, count: Count = every_step
) -> Transformation:
    """Return the link that lets ``rule`` replace every gradient that is there.

    ``names`` tells what the library calls a hyperparameter for which the rule has another name.
    """
    renamed = names or {}

    def update(step: Step) -> None:
        hyper = {**step.numbers, "learning_rate": step.learning_rate}
        hyper |= {ours: step.numbers[theirs] for ours, theirs in renamed.items() if theirs in hyper}
        whole = step.xp.whole
        for k in step.present():
            t = step.xp.constant(count(step, k) + 1)
            gradient = step.grads[k]
            assert gradient is not None
            assert not isinstance(gradient, Slices)
            slots = tuple(step.slots[name][k] for name in rule.slots)
            step.grads[k], *after = rule(
                step.xp, t, whole(step.params[k]), whole(gradient), slots, hyper
            )
            for name, value in zip(rule.slots, after, strict=True):
                step.slots[name][k] = value

    return Transformation("update", update, DOC, couples=rule.couples)
