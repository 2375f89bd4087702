"""A case before its numbers are drawn: what it sets, what kind of gradients it feeds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from oracle.rules.rule import Shape

Rows: TypeAlias = tuple[tuple[int, ...], ...]

SMALL: tuple[Shape, ...] = ((2, 2), (), (0,))
MATRIX_SCALAR_EMPTY: tuple[Shape, ...] = ((2, 3), (), (0,))
MANY: tuple[Shape, ...] = ((3,), (3,), (1, 2, 2), (), (0,), (1,))
MATRIX_WITHOUT_ROWS: tuple[Shape, ...] = ((0, 3), (2,))
MATRIX: tuple[Shape, ...] = ((2, 3),)

OWN, SHARED, SPARE = "own", "shared", "spare"
"""A case of this spec alone, which it has to have; one of a whole library, which a spec has if it
takes the inputs and if its numbers can be certified; and one of these that a spec has only where
it catches a wrong version that no other case of it does."""


@dataclass(frozen=True)
class Plan:
    """What a case is about; its start and its gradients follow from its id, and whose it is."""

    id: str
    why: str
    hyper: Mapping[str, Any] = field(default_factory=dict)
    gradients: str = "mixed"
    """The name of a family of oracle.golden.cases.draw."""
    steps: int = 3
    checkpoints: tuple[int, ...] = ()
    """Steps whose answers are written; none means the last, and the first of a spec's own case."""
    start: str = "mixed"
    shapes: tuple[Shape, ...] = SMALL
    missing: tuple[tuple[int, int], ...] = ()
    """(step, parameter) pairs without a gradient; steps count from 1."""
    rows: Rows = ()
    """By step, the rows of the sparse gradient of the first parameter; () where it is dense."""
    role: str = OWN

    @property
    def written_steps(self) -> tuple[int, ...]:
        """The steps whose answers are written, in order."""
        usual = {1, self.steps} if self.role == OWN else {self.steps}
        return self.checkpoints or tuple(sorted(usual))

    def drawn_for(self, spec: str) -> str:
        """Return the name from which the numbers are drawn: shared ones are the library's."""
        whose = spec if self.role == OWN else spec.partition("/")[0]
        return f"{whose}/{self.id}"
