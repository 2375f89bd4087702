"""The link of the chain in which a rule updates the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.rule import Rule
from oracle.specification.apart import Apart, rule_for
from oracle.specification.sparse import Slices, SparseForm
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import Transformation

DOC = "Apply the formula to every parameter that has a gradient."


def update_with(
    rule: Rule,
    names: Mapping[str, str] | None = None,
    backend: Callable[[Arithmetic], Any] | None = None,
    sparse: SparseForm | None = None,
    count: Callable[[Step], int] | None = None,
    apart: Apart | None = None,
) -> Transformation:
    """Return the link that applies ``rule`` to every parameter that has a gradient.

    ``names`` tells what the library calls a hyperparameter for which the rule has another name;
    ``backend`` gives an arithmetic the library's own functions, where they differ from it;
    ``sparse`` says what is done with a sparse gradient; ``count`` how many updates came before this
    one, where that is not `updates_before`; parameters that stand ``apart`` have another rule.
    """
    renamed = names or {}

    def update(step: Step) -> None:
        t = step.xp.constant((count or updates_before)(step) + 1)
        hyper = {**step.numbers, "learning_rate": step.learning_rate}
        hyper |= {ours: step.numbers[theirs] for ours, theirs in renamed.items()}
        xp = backend(step.xp) if backend else step.xp

        def take(form: Rule, p: Number, g: Number, slots: tuple[Number, ...]) -> tuple[Number, ...]:
            whole = step.xp.whole
            p_t, *after = form(xp, t, whole(p), whole(g), slots, hyper)
            return (whole(p_t), *after)

        for k in step.present():
            gradient, p = step.grads[k], step.params[k]
            own = rule_for(k, step.xp.shape(p), rule, apart) if apart else rule
            slots = tuple(step.slots[name][k] for name in own.slots)
            if isinstance(gradient, Slices):
                assert sparse is not None
                form = sparse.rule or rule
                step.params[k], *after = sparse.apply(take, form, gradient, p, slots)
            else:
                assert gradient is not None
                step.params[k], *after = take(own, p, gradient, slots)
            for name, value in zip(own.slots, after, strict=True):
                step.slots[name][k] = value
        _share_scalars(rule, step)

    couples = rule.couples or (apart is not None and apart.rule.couples)
    return Transformation("update", update, DOC, couples=couples)


def _share_scalars(rule: Rule, step: Step) -> None:
    """Move a number that all parameters share on for those without a gradient, too."""
    for name, slot in rule.slots.items():
        if slot.scalar and step.present():
            shared = step.slots[name][step.present()[0]]
            step.slots[name] = [shared for _ in step.params]
