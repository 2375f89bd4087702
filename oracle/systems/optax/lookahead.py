"""Optax's lookahead: slow parameters, towards which fast ones lead a few steps at a time.

From optax/_src/lookahead.py (0.2.8).
"""

from __future__ import annotations

from oracle.arithmetic.base import Number
from oracle.rules.rule import PARAMETER, Slot, at_parameter
from oracle.specification.checks import count
from oracle.specification.composition import every_step
from oracle.specification.domains import Count, Flag
from oracle.specification.draws import Whole
from oracle.specification.numbers import number
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.systems.optax.base import Optax, apply_updates
from oracle.systems.optax.chain import Part
from oracle.systems.optax.wrapped import WRAPPED, wrapped


def place(step: Step) -> int:
    """Return how many steps came before this one since fast and slow parameters last met."""
    return step.iterations % int(step.hyper["sync_period"])


def meets(step: Step) -> bool:
    """Whether fast and slow parameters meet at the end of this step."""
    return place(step) == int(step.hyper["sync_period"]) - 1


@transformation(slots={"slow": at_parameter})
def synchronize(step: Step) -> None:
    """Move the slow parameters a part of the way to the fast ones, and these to where they are."""
    if not meets(step):
        return
    share = step.numbers["slow_step_size"]
    for k, u in zip(step.present(), step.gradients(), strict=True):
        apart = step.params[k] + u - step.slots["slow"][k]
        step.slots["slow"][k] = step.slots["slow"][k] + share * apart
        step.grads[k] = u - (1 - share) * apart


def begun(step: Step, slot: Slot, k: int) -> Number:
    """Return what a slot of a parameter begins with."""
    if slot.initial == PARAMETER:
        return step.params[k]
    start = slot.initial
    value = step.numbers[start] if isinstance(start, str) else step.xp.constant(start)
    return step.xp.full(slot.shape(step.xp.shape(step.params[k])), value)


def starting_again(inner: Part, prefix: str = "") -> Transformation:
    """Return the link that puts the slots of a wrapped optimizer back where they start."""

    def start_again(step: Step) -> None:
        if meets(step):
            for name, slot in inner.slots(prefix).items():
                step.slots[name] = [begun(step, slot, k) for k in range(len(step.params))]

    told = f"Let {inner.name} forget all that it knows where a round ends."
    return Transformation("start_again", start_again, told, asks=("reset_state",))


class _Lookahead(Optax):
    """The fast optimizer's direction, and where it leads."""

    version = "Optax 0.2.8, optax/_src/lookahead.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the parameters meet after every few steps of the fast optimizer."""
        inner = WRAPPED.inner(spec, hyper)
        fast = Part(inner.name, inner.program)
        counted = place if hyper["reset_state"] else every_step
        links = (fast.flowing("", counted), synchronize, starting_again(fast), apply_updates)
        stages = tuple(link for link in links if not link.asks or hyper["reset_state"])
        slots = {**fast.slots(), **synchronize.slots}
        numeric = {**fast.numeric, "slow_step_size": hyper["slow_step_size"]}
        return Program(
            inner.program.rule, stages, links, slots, hyper, numeric, inner.program.lacks
        )


SHARING = ("dog", "dowg")
WHY_NOT = "keeps numbers that parameters share, and no spec says how they begin anew"
_FAST = WRAPPED.check(SHARING, WHY_NOT)
_PERIOD = Count(count(1), Whole(1, 3), coarse=(2,), others=(3,), decimals=(2,))

LOOKAHEAD = Spec(
    _Lookahead(),
    "lookahead",
    {
        "fast_optimizer": wrapped("fast_optimizer", check=_FAST),
        "sync_period": Argument("sync_period", REQUIRED, _PERIOD, "steps until they meet"),
        "slow_step_size": number(
            "slow_step_size", REQUIRED, "share of the way that is gone", 0.5, 0.25, 0.3
        ),
        "reset_state": Argument(
            "reset_state", False, Flag(), "forget what the fast optimizer knows where they meet"
        ),
    },
    {},
    (),
    "Lookahead: parameters that go a part of the way to where some steps of another lead.",
    ("Gradients are taken at the fast parameters, which are what a step returns.",),
)
