"""What the result of one operation may be off by, as manuals and measurements say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from numbers import Real
from typing import Any, TypeAlias

from oracle.dtypes import FloatType
from oracle.errors import ImplementationError

_CORRECT = 0.5
"""The ulp of a result that is correctly rounded."""


@dataclass(frozen=True)
class Accuracy:
    """The most that a result may be off: the sum of its parts, and never less than half an ulp."""

    ulp: float = 0.0
    """In units in the last place of the exact result; a subnormal one's is the smallest number."""
    relative: float = 0.0
    """Relative to the exact result."""
    absolute: float = 0.0
    ulp_of_argument: float = 0.0
    """How many ulp more for each unit of the argument's magnitude: WGSL's exp has 3 + 2 |x|."""
    within: tuple[float, float] | None = None
    """Of which magnitudes the argument, or the divisor, must be; nothing is promised of others."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            numbers = value if field.name == "within" else (value,)
            if not _are_magnitudes(numbers, 2 if field.name == "within" else 1):
                raise ImplementationError(
                    f"{field.name}={value!r} of a loss: give "
                    + ("a smallest and a largest magnitude" if numbers is value else "a number")
                    + ", not below 0 and not NaN"
                )

    def roundings(self, kind: FloatType) -> float:
        """Return how many unit roundoffs of its result an operation in a type may lose."""
        return max(2.0 * self.ulp + self.relative / kind.unit_roundoff, 2.0 * _CORRECT)

    def followed_by(self, roundings: int, factor: float = 1.0) -> Accuracy:
        """Return the loss of the result times ``factor``, correctly rounded some times on the way.

        The second order of 2^-p is covered by one eighth of a rounding.
        """
        ulp = max(self.ulp, _CORRECT) + _CORRECT * roundings * 1.25
        return Accuracy(
            ulp, self.relative, self.absolute * factor, self.ulp_of_argument, self.within
        )

    def __str__(self) -> str:
        told = {"ulp": f"{self.ulp:g} ulp", "relative": f"{self.relative:.2g} relative"}
        told |= {"absolute": f"{self.absolute:.2g} absolute"}
        told |= {"ulp_of_argument": f"{self.ulp_of_argument:g} |x| ulp"}
        parts = [text for name, text in told.items() if getattr(self, name)]
        return " + ".join(parts) or "0.5 ulp"

    def as_json(self) -> dict[str, Any]:
        """Return what is not 0, by its name."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class ThroughLogarithm:
    """A power computed as exp2(b * log2(a)): what is lost of the logarithm grows with b."""

    exp2: Accuracy
    log2: Accuracy

    def __str__(self) -> str:
        return f"by exp2 of {self.exp2} and log2 of {self.log2}"

    def as_json(self) -> dict[str, Any]:
        """Return both losses by name."""
        return {"exp2": self.exp2.as_json(), "log2": self.log2.as_json()}


AnyAccuracy: TypeAlias = "Accuracy | ThroughLogarithm"


def ulp(most: float, *, of_argument: float = 0.0, within: Any = None) -> Accuracy:
    """Return a loss in units in the last place of the exact result."""
    return Accuracy(most, ulp_of_argument=of_argument, within=within)


def relative(most: float, *, within: Any = None) -> Accuracy:
    """Return a loss relative to the exact result."""
    return Accuracy(relative=most, within=within)


def absolute(most: float, *, relative: float = 0.0) -> Accuracy:
    """Return a loss that does not shrink with the result, and one relative to it besides."""
    return Accuracy(absolute=most, relative=relative)


def exp2_log2(exp2: Accuracy, log2: Accuracy) -> ThroughLogarithm:
    """Return the loss of a power a**b that is computed as exp2(b * log2(a))."""
    return ThroughLogarithm(exp2, log2)


def by_reciprocal(reciprocal: Accuracy) -> Accuracy:
    """Return the loss of a quotient a/b that is computed as a * (1/b)."""
    return reciprocal.followed_by(1)


def by_reciprocal_root(rsqrt: Accuracy) -> Accuracy:
    """Return the loss of a root that is computed as x * rsqrt(x), and is 0 for 0."""
    return rsqrt.followed_by(1)


def exp_by_exp2(exp2: Accuracy) -> Accuracy:
    """Return the loss of e**x that is computed as exp2(x * log2(e)): the exponent is rounded."""
    lost = exp2.followed_by(0)
    return Accuracy(
        lost.ulp, lost.relative, lost.absolute, lost.ulp_of_argument + 1.25, lost.within
    )


def log_by_log2(log2: Accuracy) -> Accuracy:
    """Return the loss of a natural logarithm that is computed as log2(x) * ln(2)."""
    return log2.followed_by(2, math.log(2.0))


def from_json(name: str, stated: Any) -> AnyAccuracy:
    """Return the loss that a declaration file states for an operation; `as_json` reads back."""
    if isinstance(stated, Mapping) and stated.keys() == {"exp2", "log2"}:
        exp2, log2 = (_accuracy(f"{name}.{part}", stated[part]) for part in ("exp2", "log2"))
        return ThroughLogarithm(exp2, log2)
    return _accuracy(name, stated)


def _accuracy(name: str, stated: Any) -> Accuracy:
    if not isinstance(stated, Mapping):
        raise ImplementationError(f'{name}: give an object such as {{"ulp": 2}}, not {stated!r}')
    known = [field.name for field in fields(Accuracy)]
    for part in stated:
        if part not in known:
            raise ImplementationError(f"{name}: {part!r} is unknown; a loss has {', '.join(known)}")
    held: dict[str, Any] = dict(stated)
    if isinstance(held.get("within"), list):
        held["within"] = tuple(held["within"])
    return Accuracy(**held)


def _are_magnitudes(numbers: Any, count: int) -> bool:
    if numbers is None:
        return True
    if not isinstance(numbers, tuple) or len(numbers) != count:
        return False
    return all(isinstance(number, Real) and float(number) >= 0 for number in numbers)
