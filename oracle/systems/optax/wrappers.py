"""Optax's wrappers: several steps as one, and steps that are not taken.

From optax/transforms/{_accumulation,_conditionality}.py (0.2.8).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.arithmetic.base import Number
from oracle.rules.rule import zeros
from oracle.specification.checks import count
from oracle.specification.composition import Around, Inner, Wrapper, composed
from oracle.specification.domains import Count, Flag, Other
from oracle.specification.draws import Among, Whole
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step, skip, steps_taken
from oracle.specification.transformation import transformation
from oracle.systems.optax.base import Optax
from oracle.systems.optax.wrapped import WRAPPED, wrapped

_ERRORS = "steps in a row that were not finite"


def place(step: Step) -> int:
    """Return how many steps of its group came before this one."""
    return steps_taken(step) % int(step.hyper["every_k_schedule"])


def groups_before(step: Step) -> int:
    """Return how many groups came before this one."""
    return steps_taken(step) // int(step.hyper["every_k_schedule"])


def _gather(step: Step, added: Callable[[Number, Number], Number]) -> None:
    """Add a step's gradients to those of its group, and go on with them at its end."""
    held = step.slots["acc_grads"]
    sums = [added(h, g) for h, g in zip(held, step.gradients(), strict=True)]
    step.updating = place(step) == int(step.hyper["every_k_schedule"]) - 1
    if step.updating:
        step.replace_gradients(sums)
        step.slots["acc_grads"] = [step.xp.zeros_like(h) for h in held]
    else:
        step.slots["acc_grads"] = sums


@transformation(couples=True)
def skip_not_finite(step: Step) -> None:
    """Leave a step out, and do not count it, if one of its gradients is not finite."""
    if not all(step.xp.is_finite(g) for g in step.gradients()):
        skip(step)


@transformation(slots={"acc_grads": zeros}, one_of="gather")
def gather_mean(step: Step) -> None:
    """Move the mean of the group's gradients towards those of this step."""
    number = place(step) + 1
    _gather(step, lambda mean, g: mean + (g - mean) / number)


@transformation(slots={"acc_grads": zeros}, one_of="gather")
def gather_sum(step: Step) -> None:
    """Add this step's gradients to the group's."""
    _gather(step, lambda total, g: g + total)


@transformation(couples=True)
def reject_not_finite(step: Step) -> None:
    """Leave a step out if a gradient is not finite, unless as many steps were so before it."""
    finite = all(step.xp.is_finite(g) for g in step.gradients())
    errors = 0 if finite else step.hidden.get(_ERRORS, 0) + 1
    step.hidden[_ERRORS] = errors
    if 0 < errors <= step.hyper["max_consecutive_errors"]:
        skip(step)


def multi_steps(inner: Inner, hyper: Hyper) -> Around:
    """Let the optimizer take one step for every group of steps."""
    gather = gather_mean if hyper["use_grad_mean"] else gather_sum
    first = (skip_not_finite,) if hyper["should_skip_update_fn"] else ()
    return Around((*first, gather, inner.update(groups_before)), gather.slots, {})


def apply_if_finite(inner: Inner, hyper: Hyper) -> Around:
    """Let the optimizer take the steps that are not left out."""
    return Around((reject_not_finite, inner.update(steps_taken)), {}, {})


_WRAPPERS: dict[str, Wrapper] = {"MultiSteps": multi_steps, "apply_if_finite": apply_if_finite}


class _Wrapping(Optax):
    """The stages of a wrapper around those of another optimizer."""

    version = "Optax 0.2.8, optax/transforms"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the wrapper's stages around the optimizer's."""
        return composed(_WRAPPERS[spec.name], WRAPPED.inner(spec, hyper), hyper)


def _which(value: Any) -> str | None:
    return None if value in (None, "skip_not_finite") else "it must be None or 'skip_not_finite'"


def _wrapper(name: str, doc: str, *arguments: Argument, quirks: tuple[str, ...] = ()) -> Spec:
    return Spec(_Wrapping(), name, {a.name: a for a in arguments}, {}, (name.lower(),), doc, quirks)


WRAPPING = (
    _wrapper(
        "MultiSteps",
        "Any optimizer, which takes a step for every few steps.",
        wrapped("opt"),
        Argument(
            "every_k_schedule",
            REQUIRED,
            Count(count(1), Whole(1, 3), coarse=(2,), others=(3,), decimals=(2,)),
            "steps in a group",
        ),
        Argument(
            "use_grad_mean", True, Flag(others=(False,), decimals=(False,)), "their mean, or sum"
        ),
        Argument(
            "should_skip_update_fn",
            None,
            Other(_which, Among(("skip_not_finite",)), on="skip_not_finite"),
            "which steps are left out",
        ),
        quirks=("Gradients are gathered in float32 unless accumulator_dtype says otherwise.",),
    ),
    _wrapper(
        "apply_if_finite",
        "Any optimizer, which rests where a gradient is not finite.",
        wrapped("inner"),
        Argument(
            "max_consecutive_errors",
            REQUIRED,
            Count(count(0), Whole(0, 2), coarse=(2,), others=(1,), decimals=(1,)),
            "steps in a row that are left out at most",
        ),
    ),
)
