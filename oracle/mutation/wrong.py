"""What every wrong version is: its name, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """One thing that is written wrongly."""

    id: str
    """``rule:operator:place``, the place being what the statement computes and a number."""
    operator: str
    before: str
    """The statement that is changed, as it is."""
    after: str
    """The same as the wrong version has it."""
    where: str
    """The file and the line of the statement."""
