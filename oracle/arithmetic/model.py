"""What a candidate declares of its arithmetic, as the bound needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from oracle.dtypes import FloatType, float_type


@dataclass(frozen=True)
class Model:
    """The arithmetic of a candidate: where it stores, computes and holds its hyperparameters."""

    storage: FloatType
    compute: FloatType
    hyper: Mapping[str, FloatType]
    """A type for each argument; "*" for the others and for the constants of a formula."""
    flushes_subnormals: bool = False
    reciprocal_math: bool = False
    """Whether a quotient of hyperparameters may be a product by the reciprocal."""

    @classmethod
    def declared(
        cls,
        dtype: str,
        hyper_dtype: str | Mapping[str, str] | None = None,
        compute_dtype: str | None = None,
        flushes_subnormals: bool = False,
        reciprocal_math: bool = False,
    ) -> Model:
        """Build the model of a declaration, in which None stands for ``dtype``."""
        storage = float_type(dtype)
        if hyper_dtype is None:
            hyper_dtype = compute_dtype or dtype
        if isinstance(hyper_dtype, str):
            hyper_dtype = {"*": hyper_dtype}
        hyper = {name: float_type(kind) for name, kind in hyper_dtype.items()}
        compute = float_type(compute_dtype or dtype)
        hyper.setdefault("*", compute)
        return cls(storage, compute, hyper, flushes_subnormals, reciprocal_math)

    def all_in_type_of(self, argument: str) -> Model:
        """Return the model of what is computed throughout in the type that holds an argument."""
        kind = self.hyper.get(argument, self.hyper["*"])
        return replace(self, storage=kind, compute=kind, hyper={"*": kind})

    def underflow(self, kind: FloatType) -> float:
        """Return the most that a result loses by being subnormal."""
        if self.flushes_subnormals:
            return kind.smallest_normal
        return max(kind.smallest_subnormal / 2, float_type("float64").smallest_subnormal)
