"""Optimizers of whose slots each parameter has those that its shape asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from oracle.rules.rule import Rule, Shape
from oracle.specification.spec import Hyper, Program, Spec
from oracle.specification.transformation import Transformation
from oracle.systems.optax.base import Optax


@dataclass(frozen=True, repr=False)
class Varying(Spec):
    """A spec of whose slots a parameter has those that its shape asks for."""

    has_not: Callable[[Hyper, str, Shape], bool] = lambda hyper, slot, shape: False
    """Whether a slot is one that a parameter of a shape does not have."""

    def chain(self, hyper: Hyper, rule: Rule, *links: Transformation) -> Program:
        """Return the program of those links, and which slots each parameter has."""

        def lacks(slot: str, index: int, shape: Shape) -> bool:
            return self.has_not(hyper, slot, shape)

        return replace(super().chain(hyper, rule, *links), lacks=lacks)


def varying(spec: Spec, system: Optax, has_not: Callable[[Hyper, str, Shape], bool]) -> Spec:
    """Return a spec whose slots depend on the shape, with the system that runs it."""
    known = {field.name: getattr(spec, field.name) for field in fields(spec)}
    return Varying(**{**known, "system": system}, has_not=has_not)
