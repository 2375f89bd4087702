"""The link in which a rule moves each parameter at its own pace, and keeps numbers for each."""

from __future__ import annotations

from collections.abc import Mapping

from oracle.arithmetic.base import Number
from oracle.rules.rule import Rule
from oracle.specification.sparse import Slices, SparseForm
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation
from oracle.specification.update import DOC
from oracle.systems.torch.base import steps_of


def update_each(rule: Rule, names: Mapping[str, str], sparse: SparseForm | None) -> Transformation:
    """Return the link that applies ``rule`` to every parameter that has a gradient.

    Its step is that of the parameter, and what is one number belongs to the parameter, too.
    """

    def update(step: Step) -> None:
        hyper = {**step.numbers, **{ours: step.numbers[theirs] for ours, theirs in names.items()}}
        whole = step.xp.whole
        for k in step.present():
            t = step.xp.constant(steps_of(step, k) + 1)
            gradient, p = step.grads[k], step.params[k]
            slots = tuple(step.slots[name][k] for name in rule.slots)

            def take(
                form: Rule, p: Number, g: Number, slots: tuple[Number, ...], t: Number = t
            ) -> tuple[Number, ...]:
                p_t, *after = form(step.xp, t, whole(p), whole(g), slots, hyper)
                return (whole(p_t), *after)

            if isinstance(gradient, Slices):
                assert sparse is not None
                step.params[k], *after = sparse.apply(take, rule, gradient, p, slots)
            else:
                assert gradient is not None
                step.params[k], *after = take(rule, p, gradient, slots)
            for name, value in zip(rule.slots, after, strict=True):
                step.slots[name][k] = value

    return Transformation("update", update, DOC, couples=rule.couples)
