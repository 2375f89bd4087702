"""Devices on paper: every operation rounded once, but for those that lose what a test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from oracle.dtypes import FloatType, float_type
from oracle.measuring.declare import Measured
from oracle.measuring.exact import as_float64, by_float64, rounded_to
from oracle.measuring.programs import Expression
from oracle.measuring.work import Chunk, Target, done_by, plan

LIBRARY = SimpleNamespace(**vars(np))
LIBRARY.rsqrt = lambda x: 1 / np.sqrt(x)

Function = Callable[..., Any]


class Emulated:
    """A backend whose programs are replaced by functions of the type and the arrays."""

    title = "emulated 1.0"
    machine = "cpu (paper)"

    def __init__(self, **functions: Function) -> None:
        self.functions = functions

    def computes(self, program: Expression) -> bool:
        return True

    def __call__(self, program: Expression, dtype: str, arrays: Sequence[Any]) -> Any:
        kind = float_type(dtype)
        if program.name in self.functions:
            return self.functions[program.name](kind, *arrays)
        if program.operation:
            return right(program, kind, *arrays)
        with np.errstate(all="ignore"):
            return np.asarray(program.function(LIBRARY, kind, *arrays)).astype(kind.numpy)


def right(program: Expression, kind: FloatType, *arrays: Any) -> Any:
    """The correctly rounded result, for types of no more than 24 bits."""
    numbers = [as_float64(each) for each in program.operands(kind, *arrays)]
    return rounded_to(kind, by_float64(program.operation, *np.broadcast_arrays(*numbers)))


def measured(
    backend: Emulated, dtype: str, *only: str, samples: int | None = 2**13, quick: bool = True
) -> Measured:
    """What `oracle measure` makes of a backend."""
    parts = plan(Target("emulated"), dtype, only, samples, quick)
    return measured_of(backend, dtype, parts)


def measured_of(backend: Emulated, dtype: str, parts: list[Chunk]) -> Measured:
    found = Measured.of(dtype, parts)
    for part in parts:
        found.add(part, done_by(backend, part))
    return found
