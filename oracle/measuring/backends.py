"""The libraries that can be measured: each takes numpy arrays, computes on its device, and returns.

A backend needs no more than `title`, `machine`, `computes` and to be called.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from oracle.dtypes import float_type
from oracle.errors import CandidateError, ImplementationError
from oracle.measuring.programs import Expression
from oracle.packages import versions_here

Array = npt.NDArray[Any]


class Library(Protocol):
    """What computes, as it is measured."""

    title: str
    """The library, its version, and how it is compiled."""
    machine: str
    """The device and its name."""

    def computes(self, program: Expression) -> bool:
        """Return whether the library has the operation."""

    def __call__(self, program: Expression, dtype: str, arrays: Sequence[Array]) -> Array:
        """Return what the program gives for arrays of a dtype."""


@dataclass(frozen=True)
class Target:
    """What to measure, as another process can be told of it."""

    backend: str
    device: str = "cpu"
    compiled: bool = False


@cache
def opened(target: Target) -> Library:
    """Return the backend; what is unknown, not installed or not there is refused."""
    if target.backend not in _BACKENDS:
        raise ImplementationError(
            f"backend {target.backend!r} is unknown; use {', '.join(_BACKENDS)}"
        )
    try:
        return _BACKENDS[target.backend](target)
    except ModuleNotFoundError as error:
        raise ImplementationError(
            f"backend {target.backend}: {error.name} is not installed here; "
            f"pip install {target.backend}"
        ) from error


def computed(backend: Library, program: Expression, dtype: str, arrays: Sequence[Array]) -> Array:
    """Return what a backend gives; numbers of another type are no result.

    Raises `CandidateError` for those, and whatever the library raises.
    """
    result = backend(program, dtype, arrays)
    if result.dtype != float_type(dtype).numpy:
        raise CandidateError(f"the result is {result.dtype}")
    return result


def reason(error: Exception) -> str:
    """Return the first two lines of what a library says, or of what is told of its result."""
    said = " ".join(str(error).split("\n")[:2])
    return said if isinstance(error, CandidateError) else f"{type(error).__name__}: {said}"


class _Numpy:
    def __init__(self, target: Target) -> None:
        if target.compiled:
            raise ImplementationError("backend numpy compiles nothing; leave --compiled out")
        if target.device != "cpu":
            raise ImplementationError(f"backend numpy has no device {target.device!r}; use cpu")
        self.title = f"numpy {np.__version__}"
        self.machine = f"cpu ({_processor()})"

    def computes(self, program: Expression) -> bool:
        return program.name != "rsqrt"

    def __call__(self, program: Expression, dtype: str, arrays: Sequence[Array]) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(program.function(np, float_type(dtype), *arrays))


class _Torch:
    def __init__(self, target: Target) -> None:
        self._torch = torch = import_module("torch")
        try:
            self._device = torch.device(target.device)
            torch.zeros(1, device=self._device)
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            raise _missing(target, error) from error
        torch.set_num_threads(1)
        if target.compiled:
            # One program and dtype after the other is compiled: that is no endless recompilation.
            dynamo = import_module("torch._dynamo")
            dynamo.config.recompile_limit = dynamo.config.accumulated_recompile_limit = 10_000
        self._compiled = target.compiled
        how = "compiled by Inductor" if target.compiled else "eager"
        self.title = f"torch {torch.__version__}, {how}"
        cuda = self._device.type == "cuda"
        name = torch.cuda.get_device_name(self._device) if cuda else _processor()
        self.machine = f"{target.device} ({name})"
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}

    def computes(self, program: Expression) -> bool:
        return True

    def __call__(self, program: Expression, dtype: str, arrays: Sequence[Array]) -> Array:
        result = self._function(program, dtype)(*(self._given(dtype, array) for array in arrays))
        result = result.detach().cpu()
        if dtype == "bfloat16":
            result = result.view(self._torch.int16)
        back: Array = result.numpy()
        return back.view(float_type(dtype).numpy)

    def _given(self, dtype: str, array: Array) -> Any:
        if dtype == "bfloat16":
            bits = self._torch.from_numpy(array.view(np.int16))
            return bits.view(self._torch.bfloat16).to(self._device)
        return self._torch.from_numpy(array).to(self._device)

    def _function(self, program: Expression, dtype: str) -> Callable[..., Any]:
        key = (program.name, dtype)
        if key not in self._functions:
            function = _bound(program, self._torch, dtype)
            compiled = self._torch.compile(function, dynamic=False, fullgraph=True)
            self._functions[key] = compiled if self._compiled else function
        return self._functions[key]


class _Jax:
    def __init__(self, target: Target) -> None:
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        self._jax = jax = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        kind, _, index = target.device.partition(":")
        try:
            self._device = jax.devices(kind)[int(index or 0)]
        except (RuntimeError, ValueError, IndexError) as error:
            raise _missing(target, error) from error
        self._xp = SimpleNamespace(**vars(jax.numpy))
        self._xp.rsqrt = jax.lax.rsqrt
        self._compiled = target.compiled
        how = "compiled by XLA (jax.jit)" if target.compiled else "eager"
        self.title = f"jax {versions_here(['jax'])['jax']}, {how}"
        cpu = self._device.platform == "cpu"
        name = _processor() if cpu else self._device.device_kind
        self.machine = f"{target.device} ({name})"
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}

    def computes(self, program: Expression) -> bool:
        return True

    def __call__(self, program: Expression, dtype: str, arrays: Sequence[Array]) -> Array:
        key = (program.name, dtype)
        if key not in self._functions:
            function = _bound(program, self._xp, dtype)
            self._functions[key] = self._jax.jit(function) if self._compiled else function
        given = [self._jax.device_put(array, self._device) for array in arrays]
        return np.asarray(self._functions[key](*given))


_BACKENDS: dict[str, Callable[[Target], Library]] = {
    "numpy": _Numpy,
    "torch": _Torch,
    "jax": _Jax,
}
BACKENDS = tuple(_BACKENDS)

TARGETS = {
    "numpy": Target("numpy"),
    "torch": Target("torch"),
    "keras-torch": Target("torch"),
    "optax": Target("jax", compiled=True),
    "optax-x64": Target("jax", compiled=True),
    "optax-eager": Target("jax"),
    "keras-jax": Target("jax", compiled=True),
}
"""By which library, and how, the candidates compute that come with this package."""


def _bound(program: Expression, library: Any, dtype: str) -> Callable[..., Any]:
    kind = float_type(dtype)

    def function(*arrays: Any) -> Any:
        return program.function(library, kind, *arrays)

    return function


def _missing(target: Target, error: Exception) -> ImplementationError:
    first = str(error).partition("\n")[0]
    return ImplementationError(
        f"device {target.device!r} cannot be used by {target.backend} here: {first}"
    )


def _processor() -> str:
    """Return the model of the processor, as Linux tells it, or what Python knows of it."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        told = ""
    models = [line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line]
    return next(iter(models), platform.processor() or platform.machine())
