"""What random runs may give an argument, as data: how to draw it is the business of a suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias


class Drawn(Protocol):
    """What says for each dtype what may be drawn, as a domain does."""

    def draws(self, dtype: str) -> Draws:
        """Return what random runs give it, fit for a dtype."""


@dataclass(frozen=True)
class Powers:
    """Numbers from 10**low to 10**high, uniform in the logarithm, simplest near 1."""

    low: int
    high: int


@dataclass(frozen=True)
class Halvings:
    """Powers of two from 2**low to 2**high, which every dtype holds exactly, times a sign."""

    low: int
    high: int
    sign: float = 1.0


@dataclass(frozen=True)
class Whole:
    """Integers from low to high."""

    low: int
    high: int


@dataclass(frozen=True)
class Thousandths:
    """Shares of 0.000 to 0.999."""


@dataclass(frozen=True)
class Among:
    """One of a few values, the simplest first."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Either:
    """What one or another draws."""

    draws: tuple[Draws, ...]


@dataclass(frozen=True)
class Serialized:
    """One of several classes with its arguments: ``{"class_name": ..., "config": {...}}``."""

    configs: Mapping[str, Mapping[str, Draws | Drawn]]


@dataclass(frozen=True)
class Pairs:
    """Two numbers, each drawn for itself."""

    first: Draws | Drawn
    second: Draws | Drawn


Draws: TypeAlias = "Powers | Halvings | Whole | Thousandths | Among | Either | Serialized | Pairs"
