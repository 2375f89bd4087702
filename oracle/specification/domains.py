"""The domain of an argument: which values it may have, and which of them show what it does.

A domain is the one place that knows what an argument means. What a library refuses is its own: each
domain takes the check of the library that has the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.dtypes import float_type
from oracle.specification.checks import Check, flag, indices, optional, real
from oracle.specification.draws import (
    Among,
    Draws,
    Either,
    Halvings,
    Powers,
    Thousandths,
)

_HALF = 16
_OPTIONAL = optional(real)
_INDICES = optional(indices)
_STARTS = Among((0.125, 0.5, 1.0, 0.0))
_THRESHOLDS = Halvings(-4, 8)


@dataclass(frozen=True)
class Domain:
    """The values of one argument."""

    check: Check = real
    """Returns what a wrong value would have to be instead, or None for a right one."""
    drawn: Draws | None = None
    """What random runs give it; None for what the kind of the domain says."""
    usual: bool = False
    """Whether every random run sets it, rather than few."""
    exact: Any = None
    """A value of few bits, which every dtype holds, with a step that half types can see."""
    other: Any = None
    """Another one."""
    on: Any = 0.5
    """A value away from being off, where nobody has chosen any."""
    number: bool = True
    """Whether it enters the arithmetic."""
    counting: Any = None
    """A value with which a step depends on how many came before."""
    only_positive: bool = False
    """Whether a number that is not above 0 counts as none."""
    zero_is_on: bool = False
    """Whether a number counts where it is given, be it 0."""

    coarse: tuple[Any, ...] = ()
    """Values of golden cases that half types carry exactly, for one such argument after another;
    without any, an option stays off and a number at its default."""
    others: tuple[Any, ...] = (0.5, 0.25, 0.75)
    """The same for the cases that do it differently."""
    decimals: tuple[Any, ...] = (0.3, 0.2, 0.6)
    """Decimal fractions, which no binary type carries exactly."""

    def draws(self, dtype: str) -> Draws:
        """Return what random runs give it, fit for a dtype.

        A narrow dtype is given hyperparameters that it can tell from 1 and updates that it can
        hold, else nearly every bound would exceed its update.
        """
        return self.drawn or Among((self.on,))

    def slow(self, dtype: str) -> Any:
        """Return a value under which a count is felt for many steps; None where any will do."""
        return None

    def is_on(self, value: Any) -> bool:
        """Whether a value asks for what the argument stands for."""
        if value is None or isinstance(value, Mapping):
            return value is not None
        number = float(value)
        return self.zero_is_on or (number > 0 if self.only_positive else bool(number))


def _is_narrow(dtype: str) -> bool:
    return float_type(dtype).bits == _HALF


@dataclass(frozen=True)
class Rate(Domain):
    """A learning rate: a step is as long as it says."""

    usual: bool = True
    exact: Any = 0.125
    other: Any = 0.25
    coarse: tuple[Any, ...] = (0.125,)
    others: tuple[Any, ...] = (0.25,)
    decimals: tuple[Any, ...] = (0.03,)

    def draws(self, dtype: str) -> Draws:
        """Return powers of ten, of two for half types."""
        return Halvings(-6, 0) if _is_narrow(dtype) else Powers(-4, 0)

    def slow(self, dtype: str) -> Any:
        """Return a rate whose steps are seen."""
        return 0.5


@dataclass(frozen=True)
class ScheduledRate(Rate):
    """A learning rate in the place of which a schedule may stand, serialized as a mapping."""

    schedules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The arguments of each schedule with their defaults, by its class's name."""
    at: Callable[[Arithmetic, Mapping[str, Any], int], Number] | None = None
    """Returns the rate of a schedule after so many steps."""

    def is_on(self, value: Any) -> bool:
        """Whether a schedule stands in its place."""
        return isinstance(value, Mapping)


@dataclass(frozen=True)
class Share(Domain):
    """What is kept of an average: from nothing to as near 1 as the dtype can tell."""

    usual: bool = True
    exact: Any = 0.875
    other: Any = 0.75
    coarse: tuple[Any, ...] = (0.5, 0.75, 0.875)
    others: tuple[Any, ...] = (0.75, 0.5, 0.625)
    decimals: tuple[Any, ...] = (0.7, 0.95, 0.8)

    def draws(self, dtype: str) -> Draws:
        """Return shares that leave something of a dtype's digits in one minus themselves."""
        few = {
            "float16": (0.0, 0.5, 0.75, 0.875, 0.9, 0.96875),
            "bfloat16": (0.0, 0.5, 0.75, 0.875, 0.9),
        }
        wide = Either((Among((0.0, 0.5, 0.9, 0.99, 0.999)), Thousandths()))
        return self.drawn or (Among(few[dtype]) if dtype in few else wide)


@dataclass(frozen=True)
class Momentum(Share):
    """What is kept of a velocity; 0 is none."""

    exact: Any = 0.5


@dataclass(frozen=True)
class DecayRate(Share):
    """The decay rate of a moment, whose powers correct it."""

    def slow(self, dtype: str) -> Any:
        """Return a rate so near 1 that a correction by its powers goes on for many steps."""
        return 1 - 2.0**-7 if _is_narrow(dtype) else 1 - 2.0**-13


@dataclass(frozen=True)
class Epsilon(Domain):
    """What keeps a denominator away from 0; a large one keeps it from dividing scales out."""

    usual: bool = True
    exact: Any = 0.0625
    other: Any = 0.125
    coarse: tuple[Any, ...] = (0.0625, 0.03125)
    others: tuple[Any, ...] = (0.00390625, 0.0078125)
    decimals: tuple[Any, ...] = (0.001, 0.003)

    def draws(self, dtype: str) -> Draws:
        """Return powers of ten, of two for half types."""
        return Halvings(-10, 0) if _is_narrow(dtype) else Powers(-10, 0)

    def slow(self, dtype: str) -> Any:
        """Return one that the steps are seen beside."""
        return 2.0**-10


@dataclass(frozen=True)
class Start(Domain):
    """Where a slot starts."""

    usual: bool = True
    drawn: Draws | None = _STARTS
    exact: Any = 0.125
    other: Any = 0.5
    coarse: tuple[Any, ...] = (0.25,)
    others: tuple[Any, ...] = (1.0,)


@dataclass(frozen=True)
class Flag(Domain):
    """What is on or off."""

    check: Check = flag
    on: Any = True
    number: bool = False
    others: tuple[Any, ...] = (True,)
    decimals: tuple[Any, ...] = (True,)

    def is_on(self, value: Any) -> bool:
        """Whether it is on; a number stands for its truth."""
        return bool(value)


@dataclass(frozen=True)
class Count(Domain):
    """How many steps, or of what."""

    on: Any = 2
    number: bool = False
    others: tuple[Any, ...] = (2, 3)
    decimals: tuple[Any, ...] = (3, 2)


@dataclass(frozen=True)
class Threshold(Domain):
    """Where clipping begins; libraries take one at a time."""

    check: Check = _OPTIONAL
    drawn: Draws | None = _THRESHOLDS
    only_positive: bool = True
    others: tuple[Any, ...] = (1.5,)


@dataclass(frozen=True)
class Indices(Domain):
    """Which parameters, by their indices."""

    check: Check = _INDICES
    on: Any = (0,)
    number: bool = False
    others: tuple[Any, ...] = ([0],)
    decimals: tuple[Any, ...] = ([1],)


@dataclass(frozen=True)
class Other(Domain):
    """What is neither a number nor a switch: names, mappings, a choice of axes."""

    number: bool = False
    others: tuple[Any, ...] = ()
    decimals: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Optimizer(Other):
    """Another optimizer, which is wrapped: its class's name and its arguments, as Keras has one."""

    spec_of: Callable[[str], Any] = lambda name: None
    """Returns the spec of a class that may be wrapped."""

    def wrapped(self, value: Any) -> list[Mapping[str, Any]]:
        """Return the optimizers that a value holds."""
        return [] if value is None else [value]


@dataclass(frozen=True)
class OptimizerMap(Optimizer):
    """Several optimizers: one by default, and one for each of some parameters."""

    def wrapped(self, value: Any) -> list[Mapping[str, Any]]:
        """Return the optimizers that a value holds, the default one first."""
        return [value["default_optimizer"], *value["optimizer_map"].values()] if value else []


@dataclass(frozen=True)
class Penalty(Domain):
    """What is added to a loss, or how much of it; what is negative counts as none."""

    usual: bool = True
    only_positive: bool = True
    coarse: tuple[Any, ...] = (0.125, 0.5, 0.25)
    others: tuple[Any, ...] = (0.0625, 0.25, 0.125)
    decimals: tuple[Any, ...] = (0.2, 0.3, 0.1)


def penalty(check: Check, *values: float, **more: Any) -> Domain:
    """Return the domain of a penalty, 0 among its values."""
    return Penalty(check, Among((0.0, *values)), **more)


def among(*values: Any, check: Check = real, **more: Any) -> Domain:
    """Return the domain of a number of which random runs have a few values."""
    return Domain(check, Among(values), **more)
