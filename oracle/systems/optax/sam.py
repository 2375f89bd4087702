"""Optax's SAM: steps to where the loss is worse, then one from where they began.

From optax/contrib/_sam.py (0.2.8), with opaque_mode=False: each step of a run has the gradients of
one of these points, and shows the next of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from oracle.rules.rule import at_parameter
from oracle.specification.checks import count
from oracle.specification.domains import Count, Flag
from oracle.specification.draws import Whole
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.specification.wrapped import serialized
from oracle.systems.optax.base import OptaxContrib, apply_updates
from oracle.systems.optax.bases import BASES, base_optimizer
from oracle.systems.optax.chain import Part
from oracle.systems.optax.lookahead import SHARING, WHY_NOT, meets, place, starting_again


def rounds_before(step: Step) -> int:
    """Return how many steps of the outer optimizer came before this one."""
    return step.iterations // int(step.hyper["sync_period"])


def climbs_before(step: Step) -> int:
    """Return how many adversarial steps came before this one that are remembered."""
    if step.hyper["reset_state"]:
        return place(step)
    return step.iterations - rounds_before(step)


@transformation(slots={"cache": at_parameter})
def remember(step: Step) -> None:
    """Keep the parameters from which a round of steps begins."""
    if not place(step):
        step.slots["cache"] = list(step.params)


@transformation()
def climb(step: Step) -> None:
    """Turn the adversarial optimizer's direction around."""
    if not meets(step):
        step.replace_gradients([-u for u in step.gradients()])


@transformation()
def come_back(step: Step) -> None:
    """Take the outer optimizer's step from where the round began."""
    if meets(step):
        for k, u in zip(step.present(), step.gradients(), strict=True):
            step.grads[k] = step.slots["cache"][k] + u - step.params[k]


def _acting(link: Transformation, acts: Callable[[Step], bool], name: str) -> Transformation:
    """Return a link that acts in some steps."""

    def act(step: Step) -> None:
        if acts(step):
            link(step)

    return Transformation(name, act, link.doc, couples=link.couples)


def _from_cache(link: Transformation) -> Transformation:
    """Return a link that sees the parameters from which the round began."""

    def act(step: Step) -> None:
        link(replace(step, params=list(step.slots["cache"])))

    return replace(link, act=act)


class _Sam(OptaxContrib):
    """The adversarial optimizer's steps, and the outer one's at the end of each round."""

    version = "Optax 0.2.8, optax/contrib/_sam.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the adversary take all steps of a round but the last."""
        outer, adversary = (
            Part(inner.name, inner.program, inner.key)
            for inner in (
                BASES.built(hyper["optimizer"], "opt"),
                BASES.built(hyper["adv_optimizer"], "adv"),
            )
        )
        climbing = adversary.flowing("adv.", climbs_before)
        descending = _from_cache(outer.flowing("opt.", rounds_before))
        links = (
            remember,
            _acting(climbing, lambda step: not meets(step), "adversary"),
            climb,
            _acting(descending, meets, "outer"),
            come_back,
            starting_again(adversary, "adv."),
            apply_updates,
        )
        stages = tuple(link for link in links if not link.asks or hyper["reset_state"])
        slots = {**outer.slots("opt."), **adversary.slots("adv."), **remember.slots}
        numeric = {**outer.numeric, **adversary.numeric}
        return Program(outer.program.rule, stages, links, slots, hyper, numeric)


_UPHILL = serialized("sgd", learning_rate=0.25)
_UPHILL_QUICKLY = serialized("adam", learning_rate=0.5, b1=0.5, b2=0.75, eps=0.0078125)
_UNIT = serialized("normalize")

SAM = Spec(
    _Sam(),
    "sam",
    {
        "optimizer": base_optimizer("optimizer", "the outer optimizer"),
        "adv_optimizer": base_optimizer(
            "adv_optimizer",
            "the adversarial optimizer",
            _UPHILL,
            _UPHILL_QUICKLY,
            _UNIT,
            SHARING,
            WHY_NOT,
        ),
        "sync_period": Argument(
            "sync_period",
            2,
            Count(count(1), Whole(2, 3), coarse=(2,), others=(3,), decimals=(1,)),
            "steps in a round, the last of which is the outer optimizer's",
        ),
        "reset_state": Argument(
            "reset_state",
            True,
            Flag(others=(False,), decimals=(False,)),
            "forget what the adversarial optimizer knows where a round ends",
        ),
    },
    {},
    (),
    "SAM: gradients from where an adversary has led, applied from where it began.",
    (
        "Parameters are those at which the next gradient is taken, the adversary's among them.",
        "With opaque_mode=True a step asks for gradients at points of its own: that has no spec.",
    ),
)
