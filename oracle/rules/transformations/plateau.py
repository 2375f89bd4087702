"""When a loss has stopped to fall, as PyTorch 2.13.0 and Optax 0.2.8 see it.

From torch/optim/lr_scheduler.py (ReduceLROnPlateau) and optax/contrib/_reduce_on_plateau.py.
Losses are compared, steps are counted: only what is multiplied afterwards is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.arithmetic.elements import Condition

Settings: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Plateau:
    """What is remembered from loss to loss."""

    best: Any = None
    """The best loss so far; None before the first."""
    bad: int = 0
    """How many losses since then were no better."""
    rest: int = 0
    """How many losses are still to be passed over after a reduction."""

    def judged(self, loss: Any, better: Condition | None) -> Plateau:
        """Count a loss; ``better`` compares it with the best one, None where it is the first."""
        if better is None or better.true.all():
            return replace(self, best=loss, bad=0)
        return replace(self, bad=self.bad + 1)


def certain(xp: Arithmetic, number: Number, seen: Condition | None) -> Number:
    """Return a number of which nothing is known where rounding can turn what it was made by."""
    if seen is None:
        return number
    return xp.where(seen, number, xp.inf) if seen.true.all() else xp.where(seen, xp.inf, number)


def lower_by_share(xp: Arithmetic, loss: Number, best: Number, threshold: Number) -> Condition:
    """Whether a loss is lower than the best one by a share of it."""
    return loss < best * (1 - threshold)


def lower_by_amount(xp: Arithmetic, loss: Number, best: Number, threshold: Number) -> Condition:
    """Whether a loss is lower than the best one by an amount."""
    return loss < best - threshold


def higher_by_share(xp: Arithmetic, loss: Number, best: Number, threshold: Number) -> Condition:
    """Whether a loss is higher than the best one by a share of it."""
    return loss > best * (1 + threshold)


def higher_by_amount(xp: Arithmetic, loss: Number, best: Number, threshold: Number) -> Condition:
    """Whether a loss is higher than the best one by an amount."""
    return loss > best + threshold


Better: TypeAlias = Callable[[Arithmetic, Number, Number, Number], Condition]
BETTER: dict[tuple[str, str], Better] = {
    ("min", "rel"): lower_by_share,
    ("min", "abs"): lower_by_amount,
    ("max", "rel"): higher_by_share,
    ("max", "abs"): higher_by_amount,
}
"""PyTorch's comparisons, by mode and threshold_mode."""


def torch_plateau(settings: Settings, seen: Plateau) -> tuple[Plateau, bool]:
    """Return what is remembered after a loss was judged, and whether the rate is reduced.

    More losses than ``patience`` have to be no better, those of a rest not counted.
    """
    if seen.rest:
        return replace(seen, bad=0, rest=seen.rest - 1), False
    if seen.bad > settings["patience"]:
        return replace(seen, bad=0, rest=settings["cooldown"]), True
    return seen, False


def lower_by_both(xp: Arithmetic, loss: Number, best: Number, settings: Settings) -> Condition:
    """Whether a loss is lower than the best one by a share of it and an amount."""
    return loss < (1 - xp.constant(settings["rtol"])) * best - xp.constant(settings["atol"])


def optax_plateau(settings: Settings, seen: Plateau) -> tuple[Plateau, bool]:
    """Return the same as Optax has it: as many losses as ``patience`` have to be no better."""
    if seen.rest:
        return replace(seen, bad=0, rest=seen.rest - 1), False
    if seen.bad == settings["patience"]:
        return replace(seen, bad=0, rest=settings["cooldown"]), True
    return seen, False
