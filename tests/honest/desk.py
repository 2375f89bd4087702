"""What every author works with: float32 inside a step, the parameters' own type between steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle import Implementation

Array: TypeAlias = npt.NDArray[Any]
Single: TypeAlias = Any
"""A float32 array or scalar."""


def author(name: str) -> Implementation:
    return Implementation(name, dtypes=("float32", "float16", "bfloat16"), compute_dtype="float32")


def single(value: Any) -> Single:
    return np.asarray(value, np.float64).astype(np.float32)


def fused(a: Single, b: Single, c: Single) -> Single:
    """Round a * b + c once: the product of two float32 is exact in float64."""
    return single(np.multiply(a, b, dtype=np.float64) + np.asarray(c, np.float64))


class Optimizer(ABC):
    """Loads float32, computes one step of one parameter at a time, and stores what it kept."""

    names: tuple[str, ...]
    shown = True
    """Whether the slots are those of the spec."""

    def __init__(self, params: Sequence[Array]) -> None:
        self.t = 0
        self.params = [np.array(p) for p in params]
        self.kept = [{name: np.zeros_like(p) for name in self.names} for p in params]

    @abstractmethod
    def update(self, p: Single, g: Single, **slots: Single) -> tuple[Single, ...]:
        """Return the parameter and the slots after this step, in the order of ``names``."""

    def step(self, grads: Sequence[Array]) -> list[Array]:
        self.t += 1
        with np.errstate(all="ignore"):
            for k, g in enumerate(grads):
                slots = {name: single(value) for name, value in self.kept[k].items()}
                p, *after = self.update(single(self.params[k]), single(g), **slots)
                self.params[k] = self._stored(p, k)
                self.kept[k] = {
                    n: self._stored(s, k) for n, s in zip(self.names, after, strict=True)
                }
        return [np.array(p) for p in self.params]

    def slots(self) -> dict[str, list[Array]]:
        names = self.names if self.shown else ()
        return {name: [kept[name] for kept in self.kept] for name in names}

    def _stored(self, value: Single, k: int) -> Array:
        assert value.dtype == np.float32
        return np.asarray(value).astype(self.params[k].dtype)
