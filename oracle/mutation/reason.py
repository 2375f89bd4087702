"""What makes wrong versions the same as the right one, where no run can show it."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """What makes versions whose ids fit a pattern the same as the right one."""

    pattern: str
    why: str
    spec: str = "*"
    """Only for the versions of these specs."""
