"""The arithmetic of an emulated device: any rule runs in it, as on a GPU that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from devices.adversary import Adversary, Floats, rounded
from oracle.arithmetic.base import Number, Operand
from oracle.arithmetic.doubles import Double, Doubles, as_floats
from oracle.dtypes import FloatType, float_type
from oracle.operations import FACTORS, Accuracy, Operations

ORDERS = ("tree", "warps", "atomics")
"""In which order the terms of a sum are added."""
_LANES = 32


@dataclass(frozen=True)
class Kernel:
    """In which types a kernel works, and on which device."""

    compute: FloatType
    storage: FloatType
    operations: Operations
    order: str = "tree"
    rearranges: bool = False
    """Whether it has x * (1/y) for x/y, and x * rsqrt(y) for x / sqrt(y)."""


class Held(Double):
    """Numbers as the kernel holds them."""

    __slots__ = ("host", "literal")

    def __init__(self, xp: Device, data: Any, host: bool = False, *, literal: bool = False) -> None:
        super().__init__(xp, data)
        self.host = host
        """Whether it is made of hyperparameters alone: nobody keeps that in a narrower type."""
        self.literal = literal
        """Whether it is made of whole numbers alone, such as a count: nobody rounds these."""


def _exactly(name: str) -> Any:
    """Return the method of a function that rounds nothing."""

    def method(xp: Device, *operands: Operand) -> Held:
        numbers = [xp.lift(operand) for operand in operands]
        exact = getattr(super(Device, xp), name)(*numbers)
        return Held(xp, as_floats(exact), all(getattr(n, "host", False) for n in numbers))

    return method


class Device(Doubles):
    """Float64 that holds only numbers of the kernel's type, each where the adversary puts it."""

    def __init__(self, kernel: Kernel, adversary: Adversary) -> None:
        self.kernel, self.adversary = kernel, adversary
        super().__init__()
        self.pi = self._held(np.pi)
        self._roots: dict[int, tuple[Number, Double]] = {}

    # -- what enters and is kept ------------------------------------------------------------

    def constant(self, value: float | int | str, argument: str = "*") -> Double:
        if isinstance(value, int) and abs(value) <= 2**self.kernel.compute.precision:
            return Held(self, float(value), host=True, literal=True)
        return self._held(float(value), host=True)

    def array(self, values: Any) -> Double:
        return self._held(np.asarray(values).astype(np.float64))

    def store(self, new: Number, old: Number) -> Number:
        kernel, held = self.kernel, as_floats(new)
        if kernel.storage == kernel.compute or getattr(new, "host", False):
            return new
        if kernel.operations.stored == "stochastic":
            return Held(self, self.adversary.stored(held, kernel.storage))
        return Held(self, kernel.storage.round(held))

    def _held(self, values: Any, *, host: bool = False) -> Held:
        rounding = rounded(np.asarray(values), self.kernel.compute)
        return Held(self, self._flushed(rounding), host)

    def _flushed(self, values: Floats) -> Floats:
        if not self.kernel.operations.flushes_subnormals:
            return values
        tiny = np.abs(values) < self.kernel.compute.smallest_normal
        return np.where(tiny, np.copysign(0.0, values), values)

    # -- operations -------------------------------------------------------------------------

    def _result(self, name: str, exact: Any, *operands: Number, argument: Any = 0.0) -> Held:
        if operands and all(getattr(x, "literal", False) for x in operands) and name == "add":
            return Held(self, exact, host=True, literal=True)
        host = all(getattr(x, "host", False) for x in operands)
        return self._lost(self.kernel.operations.loss(name), exact, argument, host=host)

    def _lost(
        self, loss: Accuracy | None, exact: Any, argument: Any = 0.0, *, host: bool = False
    ) -> Held:
        if loss is None:
            return self._held(exact, host=host)
        settled = self.adversary.settled(exact, loss, self.kernel.compute, argument)
        return Held(self, self._flushed(settled), host)

    def add(self, a: Number, b: Number) -> Held:
        return self._result("add", as_floats(a) + as_floats(b), a, b)

    def subtract(self, a: Number, b: Number) -> Held:
        return self._result("add", as_floats(a) - as_floats(b), a, b)

    def multiply(self, a: Number, b: Number) -> Held:
        return self._result("multiply", as_floats(a) * as_floats(b), a, b)

    def square(self, a: Number) -> Held:
        return self._result("multiply", as_floats(a) ** 2, a)

    negative = _exactly("negative")
    maximum = _exactly("maximum")
    abs = _exactly("abs")
    floor = _exactly("floor")
    sign = _exactly("sign")

    def divide(self, a: Number, b: Number) -> Held:
        rsqrt, rooted = self.kernel.operations.loss("rsqrt"), self._roots.get(id(b))
        if not self.kernel.rearranges:
            return self._result("divide", as_floats(a) / as_floats(b), a, b)
        if rsqrt is not None and rooted is not None:
            return self.multiply(a, self._lost(rsqrt, 1.0 / np.sqrt(as_floats(rooted[1]))))
        return self.multiply(a, self._result("divide", 1.0 / as_floats(b), b))

    def sqrt(self, a: Operand) -> Held:
        x = self.lift(a)
        root = self._result("sqrt", np.sqrt(as_floats(x)), x)
        self._roots[id(root)] = root, x
        return root

    def exp(self, a: Operand) -> Held:
        x = self.lift(a)
        return self._result("exp", np.exp(as_floats(x)), x, argument=as_floats(x))

    def log(self, a: Operand) -> Held:
        x = self.lift(a)
        return self._result("log", np.log(as_floats(x)), x)

    def cos(self, a: Operand) -> Held:
        x = self.lift(a)
        return self._result("cos", np.cos(as_floats(x)), x)

    def power(self, a: Number, b: Number) -> Held:
        x, y = as_floats(a), as_floats(b)
        through = self.kernel.operations.logarithmic
        if through is None or np.any(x < 0):
            return self._result("power", np.power(x, y), a, b, argument=y)
        exponent = self.multiply(b, self._lost(through.log2, np.log2(x)))
        found = self._lost(through.exp2, np.exp2(exponent.data), exponent.data).data
        host = all(getattr(n, "host", False) for n in (a, b))
        return Held(self, np.where((y == 0) & np.isnan(found), 1.0, found), host)

    # -- sums -------------------------------------------------------------------------------

    def sum(self, a: Operand, axis: int | None = None) -> Double:
        terms = as_floats(self.lift(a))
        lines = terms.reshape(-1) if axis is None else np.moveaxis(terms, axis, -1)
        return self._held(self._total(np.moveaxis(lines, -1, 0)))

    def matmul(self, a: Number, b: Number) -> Double:
        x, y = as_floats(a), as_floats(b)
        if self.kernel.operations.products is not None:
            narrow = FACTORS[self.kernel.operations.products]
            x, y = rounded(x, narrow), rounded(y, narrow)
        columns = y if y.ndim > 1 else y[:, None]
        products = self._accumulated("multiply", x.T[:, :, None] * columns[:, None, :])
        total = self._total(products)
        return self._held(total if y.ndim > 1 else total[:, 0])

    def _total(self, terms: Floats) -> Floats:
        """Return the sums along the first axis, in the order of the kernel."""
        if not len(terms):
            return np.zeros(terms.shape[1:])
        if self.kernel.order == "atomics":
            total = np.zeros(terms.shape[1:])
            for place in self.adversary.order(len(terms)):
                total = self._accumulated("add", total + terms[place])
            return total
        if self.kernel.order == "warps":
            lanes = [terms[lane::_LANES] for lane in range(min(_LANES, len(terms)))]
            terms = np.stack([self._in_turn(lane) for lane in lanes])
        while len(terms) > 1:
            half = (len(terms) + 1) // 2
            pairs = self._accumulated("add", terms[: len(terms) - half] + terms[half:])
            terms = np.concatenate([pairs, terms[len(terms) - half : half]])
        return np.asarray(terms[0])

    def _in_turn(self, terms: Floats) -> Floats:
        total = terms[0]
        for term in terms[1:]:
            total = self._accumulated("add", total + term)
        return total

    def _accumulated(self, name: str, exact: Floats) -> Floats:
        held = self.kernel.operations.accumulator
        if held is not None:
            return self._flushed(float_type(held).round(exact))
        return self._result(name, exact).data
