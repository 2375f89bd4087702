"""What a candidate declares of its arithmetic, as the bound needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from oracle.dtypes import FloatType, float_type
from oracle.operations import EXACT, STOCHASTIC, Accuracy, Operations


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
    operations: Operations = EXACT
    """What operations lose in the type that it computes in."""

    @classmethod
    def declared(
        cls,
        dtype: str,
        hyper_dtype: str | Mapping[str, str] | None = None,
        compute_dtype: str | None = None,
        flushes_subnormals: bool = False,
        reciprocal_math: bool = False,
        operations: Operations | None = None,
    ) -> Model:
        """Build the model of a declaration, in which None stands for ``dtype``, or for no loss."""
        storage = float_type(dtype)
        if hyper_dtype is None:
            hyper_dtype = compute_dtype or dtype
        if isinstance(hyper_dtype, str):
            hyper_dtype = {"*": hyper_dtype}
        hyper = {name: float_type(kind) for name, kind in hyper_dtype.items()}
        compute = float_type(compute_dtype or dtype)
        hyper.setdefault("*", compute)
        held = operations or EXACT
        flushes = flushes_subnormals or held.flushes_subnormals
        return cls(storage, compute, hyper, flushes, reciprocal_math, held)

    def all_in_type_of(self, argument: str) -> Model:
        """Return the model of what is computed throughout in the type that holds an argument."""
        kind = self.hyper.get(argument, self.hyper["*"])
        return replace(self, storage=kind, compute=kind, hyper={"*": kind})

    def underflow(self, kind: FloatType) -> float:
        """Return the most that a result loses by being subnormal."""
        if self.flushes_subnormals:
            return kind.smallest_normal
        lost = self.in_sums(kind) * kind.smallest_subnormal / 2
        return max(lost, float_type("float64").smallest_subnormal)

    def accuracy(self, operation: str, kind: FloatType) -> Accuracy | None:
        """Return what an operation in a type is declared to lose; None if it is an exact one."""
        return self.operations.loss(operation) if kind == self.compute else None

    def in_sums(self, kind: FloatType) -> float:
        """Return how many unit roundoffs a sum, or a product, may lose; 1 if correctly rounded."""
        return self._in_sums if self._in_sums == 1.0 or kind == self.compute else 1.0

    @cached_property
    def _in_sums(self) -> float:
        losses = map(self.operations.loss, ("add", "multiply"))
        return max([1.0, *(loss.roundings(self.compute) for loss in losses if loss)])

    @property
    def in_storing(self) -> float:
        """How many unit roundoffs are lost where a number is kept in a narrower type."""
        return 2.0 if self.operations.stored == STOCHASTIC else 1.0
