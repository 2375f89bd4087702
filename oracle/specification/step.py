"""One step of an optimizer in the making, and the stage in which its rule updates parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.rule import Rule
from oracle.specification.sparse import Slices, SparseForm

Gradient: TypeAlias = "Number | Slices"


@dataclass
class Step:
    """One step in the making: what each stage of a program reads and changes."""

    xp: Arithmetic
    iterations: int
    hyper: Mapping[str, Any]
    """The library's arguments as the user gave them."""
    numbers: Mapping[str, Number]
    """The same as numbers of the arithmetic, where they are numbers."""
    params: list[Number]
    grads: list[Gradient | None]
    slots: dict[str, list[Number]]
    learning_rate: Number
    updating: bool = True
    """False while gradients are only accumulated."""
    hidden: dict[str, Any] = field(default_factory=dict)
    """What stages keep in shapes of their own, by the names that they choose."""

    def present(self) -> list[int]:
        """Return the indices of the parameters that have a gradient."""
        return [k for k, g in enumerate(self.grads) if g is not None]

    def gradients(self) -> list[Number]:
        """Return the gradients that are there, sparse ones as dense arrays."""
        there = [g for g in self.grads if g is not None]
        return [g.total() if isinstance(g, Slices) else g for g in there]

    def pieces(self) -> list[Number]:
        """Return the same, but sparse ones as the layers that add up to them."""
        there = [g for g in self.grads if g is not None]
        return [x for g in there for x in (g.layers if isinstance(g, Slices) else (g,))]

    def replace_gradients(self, gradients: Sequence[Number]) -> None:
        """Put new gradients in the places of those that are there."""
        for k, g in zip(self.present(), gradients, strict=True):
            self.grads[k] = g

    def replace_pieces(self, pieces: Sequence[Number]) -> None:
        """Put new pieces in the places of those of `pieces`."""
        rest = iter(pieces)
        for k in self.present():
            old = self.grads[k]
            layers = tuple(next(rest) for _ in old.layers) if isinstance(old, Slices) else ()
            self.grads[k] = replace(old, layers=layers) if isinstance(old, Slices) else next(rest)


Stage: TypeAlias = Callable[[Step], None]


def update_with(
    rule: Rule,
    names: Mapping[str, str] | None = None,
    backend: Callable[[Arithmetic], Any] | None = None,
    sparse: SparseForm | None = None,
    count: Callable[[Step], int] | None = None,
    exceptions: Mapping[int, Rule] | None = None,
) -> Stage:
    """Return the stage that applies ``rule`` to every parameter that has a gradient.

    ``names`` tells what the library calls a hyperparameter for which the rule has another name;
    ``backend`` gives an arithmetic the library's own functions, where they differ from it;
    ``sparse`` says what is done with a sparse gradient; ``count`` how many updates came before this
    one, where that is not `updates_before`; ``exceptions`` have rules of their own.
    """
    renamed, others = names or {}, exceptions or {}

    def update(step: Step) -> None:
        if not step.updating:
            return
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
            slots = tuple(step.slots[name][k] for name in rule.slots)
            if isinstance(gradient, Slices):
                assert sparse is not None
                form = sparse.rule or rule
                step.params[k], *after = sparse.apply(take, form, gradient, p, slots)
            else:
                assert gradient is not None
                step.params[k], *after = take(others.get(k, rule), p, gradient, slots)
            for name, value in zip(rule.slots, after, strict=True):
                step.slots[name][k] = value
        _share_scalars(rule, step)

    return update


def _share_scalars(rule: Rule, step: Step) -> None:
    """Move a number that all parameters share on for those without a gradient, too."""
    for name, slot in rule.slots.items():
        if slot.scalar and step.present():
            shared = step.slots[name][step.present()[0]]
            step.slots[name] = [shared for _ in step.params]


def updates_before(step: Step) -> int:
    """Return how many updates came before this step; accumulated steps count once a group."""
    group = step.hyper.get("gradient_accumulation_steps") or 1
    return step.iterations // int(group)
