"""How much longer than they have to the long runs of one process may go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Patience:
    """How long the long runs of one process may go further than they have to, all together."""

    seconds: float = 4.0

    def grants(self, seconds: float) -> bool:
        """Take some seconds, if there are as many left."""
        granted = seconds <= self.seconds
        self.seconds -= seconds if granted else 0.0
        return granted
