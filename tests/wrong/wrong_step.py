"""A candidate whose rule is right and whose step is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oracle import Implementation
from oracle.dtypes import DTYPES


@dataclass(frozen=True)
class WrongStep:
    """A candidate of one spec, a case that shows what it does, and what has to be told of it."""

    spec: str
    optimizer: type[Any]
    case: str
    says: str
    dtype: str = "float32"

    @property
    def implementation(self) -> Implementation:
        """The candidate, whose slots are not shown."""
        it = Implementation(
            str(self),
            dtypes=DTYPES,
            schedules=True,
            missing_gradients=True,
            sparse_gradients=self.case.startswith("sparse"),
        )
        it.implements(self.spec)(type(str(self), (self.optimizer,), {"slots": None}))
        return it

    @property
    def fault(self) -> WrongStep:
        """What has the implementation."""
        return self

    def __str__(self) -> str:
        return self.optimizer.__name__.lstrip("_")
