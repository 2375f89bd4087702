"""PyTorch's optimizers under ``torch.compile``: each step is a program of C++ (Inductor, on a CPU).

A step is compiled for every optimizer anew, with Python's floats as constants: 1.3 to 2 seconds of
a core each, after 14 for the first, and a C++ compiler is needed. Behind ``recompile_limit`` of
them, 8 by default, the library runs all others uncompiled, with a warning; here that is an error.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.torch.classes import CLASSES, SINGLE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.optimizer import CountingOptimizer, TorchOptimizer
from oracle.adapters.torch.tensors import Array
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.errors import ImplementationError
from oracle.implementation import Implementation

COMPILERS = ("c++", "g++", "clang++")
COMPILED = ("SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta")
"""The classes whose steps are compiled here."""
NARROW = tuple(dtype for dtype in DTYPES if dtype != "float64")
VECTORS = "vectors"
"""The mode of float64: what a compiled step does to a number without axes is lost there."""


def _prepare() -> Any:
    """Return the compiler, with nothing that it has made for other optimizers.

    From the third optimizer on, it takes some hyperparameters of an earlier one (docs/finds.md).
    """
    if not any(map(shutil.which, COMPILERS)):
        raise ImplementationError(
            f"torch.compile needs a C++ compiler: install {' or '.join(COMPILERS)}"
        )
    dynamo = library()._dynamo
    dynamo.config.fail_on_recompile_limit_hit = True
    dynamo.reset()
    return library().compile


class _Compiled(TorchOptimizer):
    """An optimizer whose step is compiled."""

    def __init__(self, name: str, mode: str, params: Sequence[Array], hyper: Mapping[str, Any]):
        compiler = _prepare()
        super().__init__(name, mode, params, hyper)
        self._step = compiler(self.optimizer.step)

    def take_step(self) -> None:
        """Run the compiled step."""
        self._step()


class _CompiledCounting(_Compiled, CountingOptimizer):
    """The same of an optimizer that counts the steps of each parameter."""


def held_in(dtype: str) -> Mapping[str, str]:
    """Return the precision of hyperparameters: constants of C++, of float32 with the count."""
    return {"*": "float32"}


def computed_in(dtype: str) -> str | None:
    """Return the type in which a step computes: half types are widened, and stored at its end."""
    return "float32" if dtype in ("float16", "bfloat16") else None


torch_compiled = Implementation(
    "torch-compiled",
    dtypes=DTYPES,
    compute_dtype=computed_in,
    hyper_dtype=held_in,
    missing_gradients=True,
    slow=True,
    packages=("torch",),
)


def _factory(name: str) -> Factory:
    kind = _CompiledCounting if CLASSES[name].counts else _Compiled

    def factory(params: Sequence[Array], **hyper: Any) -> TorchOptimizer:
        return kind(name, SINGLE, params, hyper)

    return factory


for _name in COMPILED:
    _spec = f"torch/{_name}"
    torch_compiled.implements(_spec, compiles=True, dtypes=NARROW)(_factory(_name))
    torch_compiled.implements(
        _spec, mode=VECTORS, compiles=True, dtypes=("float64",), scalars=False
    )(_factory(_name))
