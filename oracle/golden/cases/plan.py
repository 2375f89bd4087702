"""A case before its numbers are drawn: what it sets, what kind of gradients it feeds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Shape: TypeAlias = tuple[int, ...]
Rows: TypeAlias = tuple[tuple[int, ...], ...]

MATRIX_SCALAR_EMPTY: tuple[Shape, ...] = ((2, 3), (), (0,))
MANY: tuple[Shape, ...] = ((4,), (4,), (1, 2, 2), (), (0,), (1,))
MATRIX_WITHOUT_ROWS: tuple[Shape, ...] = ((0, 3), (2,))


@dataclass(frozen=True)
class Plan:
    """What a case is about; its start and its gradients follow from the spec and its id."""

    id: str
    why: str
    hyper: Mapping[str, Any] = field(default_factory=dict)
    gradients: str = "mixed"
    """The name of a family of oracle.golden.cases.draw."""
    steps: int = 3
    checkpoints: tuple[int, ...] = ()
    """Steps whose answers are written; none means the first and the last."""
    start: str = "mixed"
    shapes: tuple[Shape, ...] = MATRIX_SCALAR_EMPTY
    missing: tuple[tuple[int, int], ...] = ()
    """(step, parameter) pairs without a gradient; steps count from 1."""
    rows: Rows = ()
    """By step, the rows of the sparse gradient of the first parameter; () where it is dense."""

    @property
    def written_steps(self) -> tuple[int, ...]:
        """The steps whose answers are written, in order."""
        return self.checkpoints or tuple(sorted({1, self.steps}))
