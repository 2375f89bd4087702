"""What every author works with: one arithmetic inside a step, the parameters' own between steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType, float_type

Array: TypeAlias = npt.NDArray[Any]
Real: TypeAlias = Any
"""An array or scalar of the type that an author computes in."""

REWRITINGS: dict[str, list[type[Optimizer]]] = {}
"""All rewritings, by the name of the situation that they are for."""

Author = TypeVar("Author", bound="type[Optimizer]")


def rewrites(*situations: str) -> Callable[[Author], Author]:
    """Let a class stand for what the oracle computes in some `honest.situations`."""

    def register(optimizer: Author) -> Author:
        for situation in situations:
            REWRITINGS.setdefault(situation, []).append(optimizer)
        return optimizer

    return register


class Optimizer:
    """Loads what it kept, computes one step of one parameter at a time, and stores the result."""

    names: tuple[str, ...] = ()
    """Its slots."""
    starts: tuple[tuple[str, float | str], ...] = ()
    """Where slots start that do not start at 0: at a number, or at an argument's value."""
    shown = True
    """Whether the slots are those of the spec."""

    def __init__(self, params: Sequence[Array], *, compute: str, **told: Any) -> None:
        self.compute = float_type(compute)
        self.told = told
        self.t = 0
        self.params = [np.array(p) for p in params]
        self.kept = [{name: self._start(name, p) for name in self.names} for p in params]
        self.begin()

    def begin(self) -> None:
        """Prepare what a subclass keeps for all parameters together."""

    def tick(self) -> None:
        """Move that on, at the beginning of every step."""

    def update(self, p: Real, g: Real, **slots: Real) -> tuple[Real, ...]:
        """Return the parameter and the slots after this step, in the order of ``names``."""
        raise NotImplementedError

    def gradients(self, grads: list[Real]) -> list[Real]:
        """Return what is made of all gradients before the updates."""
        return grads

    def step(self, grads: Sequence[Array]) -> list[Array]:
        self.t += 1
        with np.errstate(all="ignore"):
            self.tick()
            for k, g in enumerate(self.gradients([self.real(g) for g in grads])):
                slots = {name: self.real(value) for name, value in self.kept[k].items()}
                p, *after = self.update(self.real(self.params[k]), g, **slots)
                self.params[k] = self._stored(p, k)
                self.kept[k] = {
                    n: self._stored(s, k) for n, s in zip(self.names, after, strict=True)
                }
        return [np.array(p) for p in self.params]

    def slots(self) -> dict[str, list[Array]]:
        names = self.names if self.shown else ()
        return {name: [kept[name] for kept in self.kept] for name in names}

    # -- numbers ------------------------------------------------------------------------------

    def real(self, value: Any) -> Real:
        """Round to the type that is computed in."""
        return np.asarray(value, np.float64).astype(self.compute.numpy)

    def hyper(self, *names: str) -> Real:
        """Return arguments as numbers of that type, or the only one."""
        reals = self.real([self.told[name] for name in names])
        return reals if len(names) > 1 else reals[0]

    def fused(self, a: Real, b: Real, c: Real) -> Real:
        """Round a * b + c once, as a fused multiply-add does."""
        exact = [np.asarray(x, np.float64) for x in (a, b, c)]
        if self.compute.bits == 64:
            return np.asarray(_fused_by_fractions(*exact), np.float64)
        product = exact[0] * exact[1]
        return self.real(_rounded(_to_odd(product, exact[2]), self.compute))

    def _stored(self, value: Real, k: int) -> Array:
        assert np.asarray(value).dtype == self.compute.numpy
        return np.asarray(value).astype(self.params[k].dtype)

    def _start(self, name: str, like: Array) -> Array:
        start = dict(self.starts).get(name, 0)
        number = self.told[start] if isinstance(start, str) else start
        return np.full(like.shape, self.real(number)).astype(like.dtype)


def _fused(a: float, b: float, c: float) -> float:
    if not np.all(np.isfinite([a, b, c])):
        return a * b + c
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    try:
        return float(exact) if exact else a * b + c
    except OverflowError:
        return float(np.copysign(np.inf, exact.numerator))


_fused_by_fractions = np.frompyfunc(_fused, 3, 1)


def _to_odd(a: Array, b: Array) -> Array:
    """Return a + b in float64, so rounded that rounding it again to few bits is rounding once."""
    total = np.asarray(a + b)
    back = total - a
    lost = (a - (total - back)) + (b - back)
    inexact = np.isfinite(total) & np.isfinite(lost) & (lost != 0)
    even = total.view(np.int64) % 2 == 0
    towards = np.where(lost > 0, np.inf, -np.inf)
    return np.where(inexact & even, np.nextafter(total, towards), total)


def _rounded(values: Array, kind: FloatType) -> Array:
    """Round float64 to nearest, ties to even, directly; the cast to bfloat16 goes by float32."""
    exponent = np.maximum(np.frexp(values)[1], kind.min_exponent + 1) - kind.precision
    rounded = np.ldexp(np.rint(np.ldexp(values, -exponent)), exponent)
    return np.where(np.isfinite(values), rounded, values)
