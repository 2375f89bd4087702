"""What is told of a candidate that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracle.diagnosis.hypotheses import Hypothesis
    from oracle.specification.spec import Spec


@dataclass(frozen=True, eq=False)
class Told:
    """One line of an explanation."""

    what: str
    cause: str = ""
    """The name of what is wrong; empty where the line names nothing."""
    kind: str = "looks like"
    more: str = ""
    """How well it fits, and where else it does."""
    hypothesis: Hypothesis | None = None
    """What may explain other failures as well."""
    runs: Spec | None = None
    """Whose program the hypothesis is, where that is not the spec that is claimed."""

    @property
    def text(self) -> str:
        """The line itself."""
        return f"{self.kind}: {self.what}{self.more}"
