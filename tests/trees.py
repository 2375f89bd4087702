"""Random formulas, and the ways in which an honest candidate may evaluate one in its dtype.

A tree is a tuple ``(operation, *operands)``. `evaluate` hands it to an arithmetic; a `Candidate`
computes it as somebody's library would: in a dtype, rounding after every operation, in an order and
in a form that chance chooses among those that mean the same.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from random import Random

import numpy as np

from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.dtypes import FloatType, float_type

ELEMENTS = 8
HYPER = (0.9, 0.999, 0.1, 0.001, 0.3, 0.7, 0.5, 0.0, 1e-5)

BASIC = ("+", "-", "*", "/", "square", "sqrt", "abs", "negative", "mean")
SWITCHES = (*BASIC, "maximum", "minimum", "where", "sign", "floor", "ceil")
FUNCTIONS = (*BASIC, "exp", "log", "cos", "power", "running power")
_NAMED = ("sqrt", "abs", "sign", "floor", "ceil", "exp", "log", "cos", "maximum", "minimum")
_OPERANDS = {"+": 2, "-": 2, "*": 2, "/": 2, "maximum": 2, "minimum": 2, "where": 4}


def grown(random: Random, kind: FloatType, operations=BASIC, *, depth=3, wide=False):
    """Grow a formula over arrays of ``kind``; ``wide`` ones reach from subnormals to overflow."""
    if depth == 0 or random.random() < 0.1:
        return _leaf(random, kind, wide)
    operation = random.choice(operations)
    operands = [
        grown(random, kind, operations, depth=depth - 1, wide=wide)
        for _ in range(_OPERANDS.get(operation, 1))
    ]
    if operation in ("sqrt", "log", "power", "running power"):
        operands[0] = (random.choice(("square", "abs")), operands[0])
    if operation == "mean":
        operands = [("hyper", random.choice(HYPER)), _array(random, kind, wide), operands[0]]
    if operation == "power":
        operands.append(("hyper", random.choice((0.5, -0.5, 0.3, 0.7))))
    if operation == "running power":
        operands.append(("integer", random.choice((1, 2, 3, 10, 40))))
    return (operation, *operands)


def _leaf(random: Random, kind: FloatType, wide: bool):
    """Return an array of numbers of ``kind``, a hyperparameter, or an integer."""
    chance = random.random()
    if chance < 0.1:
        return ("integer", random.randint(1, 3))
    if chance < 0.3:
        return ("hyper", random.choice(HYPER))
    return _array(random, kind, wide)


def _array(random: Random, kind: FloatType, wide: bool):
    low, high = (math.log2(kind.smallest_subnormal), math.log2(kind.largest)) if wide else (-3, 3)
    sizes = [2.0 ** random.uniform(low, high) for _ in range(ELEMENTS)]
    values = kind.round([size * random.choice((-1, 1)) for size in sizes])
    if random.random() < 0.5:
        values[:2] = (0.0, values[2])
    return ("array", values)


def evaluate(xp, tree):
    """Return the value of a tree in an arithmetic of the oracle."""
    operation, *operands = tree
    if operation == "array":
        return xp.array(operands[0])
    if operation in ("hyper", "integer"):
        return xp.constant(operands[0])
    values = [evaluate(xp, operand) for operand in operands]
    return _MEANING[operation](xp, *values)


_MEANING = {
    "+": lambda xp, a, b: a + b,
    "-": lambda xp, a, b: a - b,
    "*": lambda xp, a, b: a * b,
    "/": lambda xp, a, b: a / b,
    "square": lambda xp, a: a**2,
    "negative": lambda xp, a: -a,
    "mean": lambda xp, h, a, b: h * a + (1 - h) * b,
    "where": lambda xp, a, b, c, d: xp.where(a < b, c, d),
    "power": lambda xp, a, b: a**b,
    "running power": lambda xp, a, b: a**b,
    **{name: lambda xp, *operands, name=name: getattr(xp, name)(*operands) for name in _NAMED},
}


@dataclass
class Held:
    """What a candidate holds: numbers, and whether they are made of hyperparameters alone."""

    numbers: np.ndarray
    host: bool


@dataclass
class Candidate:
    """Somebody's honest library, computing in the arithmetic that ``model`` declares."""

    model: Model
    random: Random
    reorders: bool = True
    """Whether it takes the terms of sums in any order, fuses multiply-adds, and so on."""

    def run(self, tree) -> np.ndarray:
        """Return its numbers as float64, stored if that is another type."""
        held = self.hold(tree)
        return held.numbers if held.host else self.model.storage.round(held.numbers)

    def hold(self, tree) -> Held:
        """Evaluate a tree as this library would."""
        operation, *operands = tree
        if operation == "array":
            return Held(self.flush(operands[0], self.model.compute), host=False)
        if operation == "hyper":
            kind = self.model.hyper["*"]
            return Held(self.flush(self.rounded(np.float64(operands[0]), kind), kind), host=True)
        if operation == "integer":
            return Held(np.float64(operands[0]), host=True)
        if operation in ("+", "-"):
            return self.sum_of(tree)
        if operation == "mean":
            return self.mean_of(*operands)
        if operation == "running power":
            return self.power_of(*operands)
        values = [self.hold(operand) for operand in operands]
        if operation == "/":
            return self.quotient_of(operands[1], *values)
        return self.apply(_IN_NUMPY[operation], *values)

    def apply(self, function, *operands: Held) -> Held:
        """Compute in float64, which holds the exact result or nearly so, and round once."""
        host = all(x.host for x in operands)
        kind = self.model.hyper["*"] if host else self.model.compute
        numbers = [x.numbers if host or not x.host else self.enter(x.numbers) for x in operands]
        with np.errstate(all="ignore"):
            return Held(self.flush(kind.round(function(*numbers)), kind), host)

    def enter(self, numbers: np.ndarray) -> np.ndarray:
        """Bring a number of the host into an operation with arrays."""
        return self.flush(self.rounded(numbers, self.model.compute), self.model.compute)

    def rounded(self, numbers: np.ndarray, kind: FloatType) -> np.ndarray:
        """Round directly or, to a half type, by way of float32."""
        if kind.bits == 16 and self.random.random() < 0.5:
            numbers = float_type("float32").round(numbers)
        return kind.round(numbers)

    def flush(self, numbers: np.ndarray, kind: FloatType) -> np.ndarray:
        """Take subnormal numbers for 0, sometimes, if the model says so."""
        if not self.model.flushes_subnormals or self.random.random() < 0.3:
            return numbers
        return np.where(np.abs(numbers) < kind.smallest_normal, 0.0, numbers)

    def sum_of(self, tree) -> Held:
        """Add the terms of nested sums up in any order."""
        if not self.reorders:
            return self.apply(_IN_NUMPY[tree[0]], self.hold(tree[1]), self.hold(tree[2]))
        terms = [(sign, term) for sign, term in _terms(tree) if term[0] != "integer"]
        integers = sum(sign * term[1] for sign, term in _terms(tree) if term[0] == "integer")
        held = [self.apply(lambda x, s=sign: s * x, self.hold(term)) for sign, term in terms]
        if integers or not held:
            held.append(Held(np.float64(integers), host=True))
        while len(held) > 1:
            self.random.shuffle(held)
            held.append(self.apply(np.add, held.pop(), held.pop()))
        return held[0]

    def mean_of(self, h, x, y) -> Held:
        """Compute h*x + (1 - h)*y in one of the forms that libraries have."""
        form = self.random.choice(("as written", "fused", "Keras", "torch"))
        h, x, y = self.hold(h), self.hold(x), self.hold(y)
        rest = self.apply(lambda a: 1 - a, h)
        if form == "as written" or not self.reorders or (x.host and y.host):
            products = self.apply(np.multiply, h, x), self.apply(np.multiply, rest, y)
            return self.apply(np.add, *products)
        if form == "fused" and self.model.compute.bits < 64:
            return self.apply(lambda a, b, c: a * b + c, h, x, self.apply(np.multiply, rest, y))
        if form == "torch" and h.numbers <= 0.5:
            step = self.apply(np.multiply, self.apply(np.subtract, y, x), h)
            return self.apply(np.subtract, y, step)
        step = self.apply(np.multiply, self.apply(np.subtract, y, x), rest)
        return self.apply(np.add, x, step)

    def quotient_of(self, divisor, a: Held, b: Held) -> Held:
        """Divide; 0 stays 0 where only rounding has made the divisor 0."""
        turned = self.reorders and self.random.random() < 0.3
        quotient = self.times_reciprocal(a, b) if turned else self.apply(np.divide, a, b)
        lost = (a.numbers == 0) & np.isnan(quotient.numbers)
        if lost.any():
            with np.errstate(all="ignore"):
                exact = evaluate(Mp(60), divisor).data
            lost = lost & (exact != 0) & (b.numbers == 0)
            quotient.numbers = np.where(lost, 0.0, quotient.numbers)
        return quotient

    def times_reciprocal(self, a: Held, b: Held) -> Held:
        """Divide by multiplying by the reciprocal, where that does not overflow."""
        if b.host and not a.host:
            b = Held(self.enter(b.numbers), host=False)
        reciprocal = self.apply(lambda x: 1 / x, b)
        kind = self.model.hyper["*"] if a.host and b.host else self.model.compute
        size = np.abs(reciprocal.numbers)
        if not np.all(size <= kind.largest):
            return self.apply(np.divide, a, b)
        return self.apply(np.multiply, a, reciprocal)

    def power_of(self, base, exponent) -> Held:
        """Call the power function, or multiply again and again."""
        base = self.hold(base)
        if not self.reorders or self.random.random() < 0.5:
            return self.apply(lambda x: x ** exponent[1], base)
        product = base
        for _ in range(exponent[1] - 1):
            product = self.apply(np.multiply, product, base)
        return product


def _terms(tree, sign=1):
    if tree[0] not in ("+", "-"):
        return [(sign, tree)]
    second = sign if tree[0] == "+" else -sign
    return list(itertools.chain(_terms(tree[1], sign), _terms(tree[2], second)))


_IN_NUMPY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "power": np.power,
    "where": lambda a, b, c, d: np.where(a < b, c, d),
    **{name: getattr(np, name) for name in (*_NAMED, "square", "negative")},
}
