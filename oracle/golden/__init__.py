"""Golden fixtures: exact answers on disk that any language can read, and how they are made.

The names below are all that a reader of fixtures needs; ``generate``, ``check`` and ``lint`` are
for those who maintain them.
"""

from __future__ import annotations

from oracle.golden.model import Case, Golden, GoldenError, Recorded
from oracle.golden.read import available, load

__all__ = [
    "Case",
    "Golden",
    "GoldenError",
    "Recorded",
    "available",
    "load",
]
