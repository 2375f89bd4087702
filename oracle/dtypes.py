"""The floating-point types that an implementation may work in, and how each one rounds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.errors import UnknownDtypeError

DTYPES = ("float16", "bfloat16", "float32", "float64")


@dataclass(frozen=True)
class FloatType:
    """A binary floating-point type with gradual underflow and rounding to nearest."""

    name: str
    bits: int
    precision: int
    """Bits of the significand, the hidden one included (24 for float32)."""
    min_exponent: int
    """The smallest normal number is 2**min_exponent."""
    max_exponent: int
    """Every finite number is below 2**max_exponent."""

    @cached_property
    def unit_roundoff(self) -> float:
        """The largest relative error of one rounding to nearest."""
        return 2.0**-self.precision

    @cached_property
    def smallest_normal(self) -> float:
        """The smallest positive number with a full significand."""
        return 2.0**self.min_exponent

    @cached_property
    def smallest_subnormal(self) -> float:
        """The smallest positive number."""
        return 2.0 ** (self.min_exponent - self.precision + 1)

    @cached_property
    def largest(self) -> float:
        """The largest finite number."""
        return (2.0 - 2.0 ** (1 - self.precision)) * 2.0 ** (self.max_exponent - 1)

    @property
    def numpy(self) -> np.dtype[Any]:
        """The numpy dtype; bfloat16 comes from ml_dtypes, imported only then."""
        if self.name == "bfloat16":
            import ml_dtypes

            bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
            return bfloat16
        return np.dtype(self.name)

    def round(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Round float64 values to this type and return them as float64."""
        with np.errstate(over="ignore"):
            rounded: npt.NDArray[np.float64] = (
                np.asarray(values, np.float64).astype(self.numpy).astype(np.float64)
            )
        return rounded


_TYPES = (
    FloatType("float16", 16, 11, -14, 16),
    FloatType("bfloat16", 16, 8, -126, 128),
    FloatType("float32", 32, 24, -126, 128),
    FloatType("float64", 64, 53, -1022, 1024),
)


@cache
def float_type(name: str) -> FloatType:
    """Return the type called ``name``; an unknown name is refused with the known ones."""
    for kind in _TYPES:
        if kind.name == name:
            return kind
    raise UnknownDtypeError(f"unknown dtype {name!r}: use one of {', '.join(DTYPES)}")
