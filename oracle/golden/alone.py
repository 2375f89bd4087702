"""Whether cases show each argument by itself: what else a case does may hide that it is wrong.

A number is shown by a case that moves no other argument. An option is shown by one that moves no
other option; its numbers may be moved, since a dtype of few bits sees no step that is made with the
defaults of a library. Around the arguments stand circumstances, which count as options: a schedule
in the place of a rate, parameters without a gradient, sparse gradients. An argument that says
nothing without another one (``NEEDS``) is shown together with it.

Scalar and empty parameters stand beside a matrix in most cases, and so hide nothing; they have
to be there once without any option.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from oracle.golden.model import Case
from oracle.sparse import Sparse
from oracle.specification.domains import Optimizer, ScheduledRate
from oracle.specification.options import needs
from oracle.specification.shapes import takes_missing, takes_shape
from oracle.specification.spec import Spec

Shape: TypeAlias = tuple[int, ...]

MISSING, SPARSE, SCHEDULE = "missing gradients", "sparse gradients", "a schedule"
SHAPES: dict[str, Shape] = {"a scalar parameter": (), "an empty parameter": (0,)}


@dataclass(frozen=True)
class Setting:
    """What a case does, its numbers left aside."""

    hyper: Mapping[str, Any]
    shapes: Sequence[Shape] = ()
    missing: bool = False
    sparse: bool = False

    @classmethod
    def of(cls, case: Case) -> Setting:
        """Return the setting of a golden case."""
        given = [gradient for row in case.grads for gradient in row]
        sparse = any(isinstance(gradient, Sparse) for gradient in given)
        return cls(case.hyper, case.shapes, any(g is None for g in given), sparse)

    def moved(self, spec: Spec) -> set[str]:
        """Return the arguments away from their defaults; a required one has none."""
        known = [n for n in self.hyper if n in spec.arguments and n not in spec.required]
        return {n for n in known if self.hyper[n] != spec.arguments[n].default}

    def options(self, spec: Spec) -> set[str]:
        """Return the options that are on, and the circumstances."""
        moved = {name for name in self.moved(spec) if spec.arguments[name].is_option}
        return moved | self.circumstances(spec)

    def circumstances(self, spec: Spec) -> set[str]:
        """Return what the case does that no argument of its spec says."""
        found = {f"{name} inside" for name in self._inside(spec)}
        found |= {MISSING} if self.missing else set()
        found |= {SPARSE} if self.sparse else set()
        return found | (
            {SCHEDULE} if isinstance(self.hyper.get("learning_rate"), Mapping) else set()
        )

    def _inside(self, spec: Spec) -> set[str]:
        """Return the options of an optimizer that is wrapped."""
        found: set[str] = set()
        for name, argument in spec.arguments.items():
            if isinstance(argument.domain, Optimizer):
                for wrapped in argument.domain.wrapped(self.hyper.get(name)):
                    inner = argument.domain.spec_of(wrapped["class_name"])
                    found |= Setting(wrapped["config"]).options(inner)
        return found


def never_alone(
    spec: Spec, settings: Sequence[Setting], elsewhere: Collection[str] = ()
) -> Iterator[str]:
    """Yield each argument and each circumstance that no setting shows by itself.

    Some arguments may be shown elsewhere, by another spec of the library.
    """
    for name, argument in spec.arguments.items():
        if name in elsewhere:
            continue
        wanted = {name, *needs(spec, name)}
        if argument.is_option:
            shown = any(setting.options(spec) == wanted for setting in settings)
        else:
            shown = name in spec.required or any(
                setting.moved(spec) == wanted and not setting.circumstances(spec)
                for setting in settings
            )
        if not shown:
            yield " and ".join(sorted(wanted))
    for name in _possible(spec):
        if not any(setting.options(spec) == _with_it(spec, name) for setting in settings):
            yield name
    undisturbed = {shape for s in settings if not s.options(spec) for shape in s.shapes}
    for name, shape in SHAPES.items():
        if shape not in undisturbed and takes_shape(spec, shape):
            yield name


def _with_it(spec: Spec, circumstance: str) -> set[str]:
    """Return a circumstance with what it takes: a schedule is a rate, which may be an option."""
    rate = "learning_rate"
    optional = circumstance == SCHEDULE and spec.arguments[rate].is_option
    return {circumstance, rate} if optional else {circumstance}


def _possible(spec: Spec) -> list[str]:
    """Return the circumstances that a spec takes."""
    rate = spec.arguments.get("learning_rate")
    scheduled = rate is not None and isinstance(rate.domain, ScheduledRate)
    taken = {MISSING: takes_missing(spec), SPARSE: spec.sparse is not None, SCHEDULE: scheduled}
    return [name for name, takes in taken.items() if takes]
