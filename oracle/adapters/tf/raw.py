"""TensorFlow's own training kernels, called by ``tf.raw_ops`` without an optimizer around them.

They are judged in every dtype that they have, on the device that is asked for.
"""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.adapters.tf.kernels import CENTERED, Kernel
from oracle.claim import Factory
from oracle.errors import UnsupportedError
from oracle.sparse import Sparse
from oracle.specification.spec import Spec

Array = npt.NDArray[Any]


class Raw:
    """Parameters and slots as resource variables, and one kernel."""

    def __init__(self, kernel: Kernel, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        self._tf = _tensorflow()
        self._kernel = kernel
        self._hyper = hyper
        self._params = [self._tf.Variable(p) for p in params]
        self._slots = [
            {operand: self._start(p, start) for operand, (_, start) in kernel.slots.items()}
            for p in params
        ]
        self._steps = 0

    def _start(self, param: Array, start: float | str) -> Any:
        value = self._hyper[start] if isinstance(start, str) else start
        return self._tf.Variable(np.full(param.shape, value, dtype=param.dtype))

    def step(self, grads: Sequence[Array | Sparse | None]) -> list[Array]:
        """Call the kernel for every gradient that is there."""
        self._steps += 1
        for variable, slots, gradient in zip(self._params, self._slots, grads, strict=True):
            if gradient is not None:
                self._apply(variable, slots, gradient)
        return [variable.numpy() for variable in self._params]

    def slots(self) -> dict[str, list[Array]]:
        """Return the slots by the names that the rules use."""
        return {
            name: [slots[operand].numpy() for slots in self._slots]
            for operand, (name, _) in self._kernel.slots.items()
        }

    def _apply(self, variable: Any, slots: Mapping[str, Any], gradient: Array | Sparse) -> None:
        operands: dict[str, Any] = {"var": variable.handle}
        operands |= {operand: slot.handle for operand, slot in slots.items()}
        operands |= self._operands(variable.dtype)
        if isinstance(gradient, Sparse):
            values, rows = _added_up(gradient)
            operands |= {"grad": self._tf.constant(values), "indices": self._tf.constant(rows)}
            name = f"ResourceSparseApply{self._kernel.name}"
        else:
            operands[self._kernel.gradient] = self._tf.constant(gradient)
            name = f"ResourceApply{self._kernel.name}"
        _require(name, variable)
        getattr(self._tf.raw_ops, name)(**operands)

    def _operands(self, dtype: Any) -> dict[str, Any]:
        """Return the hyperparameters, each rounded to the variable's dtype."""
        kernel, hyper = self._kernel, self._hyper

        def number(value: float) -> Any:
            return self._tf.constant(value, dtype=dtype)

        operands = {operand: number(hyper[name]) for operand, name in kernel.numbers.items()}
        operands |= {
            operand: number(float(hyper[name]) ** self._steps)
            for operand, name in kernel.powers.items()
        }
        operands |= {operand: number(1) for operand in kernel.ones}
        operands |= {name: bool(hyper[argument]) for name, argument in kernel.flags.items()}
        if kernel.counter:
            operands[kernel.counter] = self._tf.constant(self._steps, dtype=self._tf.int64)
        if "logbase" in operands:
            operands["logbase"] = number(math.log(hyper["base"]))
        return {**operands, **kernel.fixed}


def _tensorflow() -> Any:
    """Import TensorFlow when it is first needed, without its messages."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    return tensorflow


def _require(name: str, variable: Any) -> None:
    """Decline a kernel that there is not on the variable's device."""
    from tensorflow.python.framework import kernels

    device = variable.device.rpartition("device:")[2].partition(":")[0]
    if not any(k.device_type == device for k in kernels.get_registered_kernels_for_op(name).kernel):
        raise UnsupportedError(f"TensorFlow has no kernel {name} on {device}")


def _added_up(gradient: Sparse) -> tuple[Array, Array]:
    """Return each row once, its occurrences added in their order, as the base class does."""
    rows, places = np.unique(gradient.indices, return_inverse=True)
    values = np.zeros((rows.size, *gradient.values.shape[1:]), gradient.values.dtype)
    np.add.at(values, places.reshape(-1), gradient.values)
    return values, rows


def factory(kernel: Kernel, spec: Spec) -> Factory:
    """Return the factory of a spec's kernel, which has no defaults."""
    taken = [name for name in spec.arguments if name not in _LEFT_TO_PYTHON]

    def built(params: Sequence[Array], **hyper: Any) -> Raw:
        chosen = CENTERED if hyper.get("centered") else kernel
        return Raw(chosen, params, hyper)

    first = inspect.Parameter("params", inspect.Parameter.POSITIONAL_ONLY)
    keywords = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in taken]
    built.__signature__ = inspect.Signature([first, *keywords])  # type: ignore[attr-defined]
    return built


_LEFT_TO_PYTHON = {"sign_decay_fn"}
"""What no kernel knows: the library's Python computes it."""
