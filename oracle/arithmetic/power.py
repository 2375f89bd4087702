"""Functions of the eigenvalues of a symmetric matrix: x**e, and (sqrt(x) + shift)**e."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Power:
    """A power of an eigenvalue, or of its root and a shift; scalars of one arithmetic."""

    exponent: Any
    """Not positive, so that the function falls and is convex."""
    shift: Any = None
    """What is added to the root; None stands for the eigenvalue itself, without a root."""

    def base(self, values: Any, eigenvalues: Any) -> Any:
        """Return what is raised to the exponent, by the functions of an arithmetic."""
        if self.shift is None:
            return eigenvalues
        return values.add(values.sqrt(eigenvalues), self.shift)

    def of(self, values: Any, eigenvalues: Any) -> Any:
        """Return the function of an array of eigenvalues."""
        return values.power(self.base(values, eigenvalues), self.exponent)

    def steepness(self, values: Any, eigenvalues: Any) -> Any:
        """Return the magnitude of the derivative."""
        base = self.base(values, eigenvalues)
        outer = values.multiply(
            abs(self.exponent), values.divide(self.of(values, eigenvalues), base)
        )
        if self.shift is None:
            return outer
        return values.divide(outer, values.multiply(2, values.sqrt(eigenvalues)))


def combined(values: Any, eigenvalues: Any, vectors: Any, power: Power, x: Any) -> Any:
    """Return Q f(L) Q' x for eigenvalues L and the orthogonal columns of Q."""
    mapped = values.matmul(vectors.T, x)
    factors = power.of(values, eigenvalues)
    scaled = values.multiply(factors if x.ndim == 1 else factors[:, None], mapped)
    return values.matmul(vectors, scaled)
