"""Keras 3 on one of its backends, imported when it is first needed, quietly, or refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any

from oracle.errors import ImplementationError

FLOATX = "float32"


@dataclass(frozen=True)
class Backend:
    """One of the libraries that Keras 3 computes with."""

    name: str
    """As KERAS_BACKEND and ``keras.config.backend()`` have it; the name of its module, too."""
    title: str
    extra: str
    """What of optimizer-oracle installs it."""


TENSORFLOW = Backend("tensorflow", "TensorFlow", "keras")
JAX = Backend("jax", "JAX", "keras-jax")
TORCH = Backend("torch", "PyTorch", "keras-torch")


@dataclass(frozen=True)
class Libraries:
    """The two modules that the adapter drives."""

    keras: Any
    native: Any
    """TensorFlow, JAX or PyTorch."""
    computing_in: Callable[[str], AbstractContextManager[Any]]
    """What has to be entered for a run in a dtype."""


@cache
def libraries(backend: Backend) -> Libraries:
    """Import Keras and its backend; what the declared precision does not hold for is refused."""
    _choose(backend)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras

        native = import_module(backend.name)
    except ImportError as error:
        raise ImplementationError(
            f"Keras on {backend.title} cannot be imported ({error}): "
            f"install them with `pip install 'optimizer-oracle[{backend.extra}]'`"
        ) from error
    _refuse_other_settings(keras, backend)
    if backend is TENSORFLOW:
        native.get_logger().setLevel("ERROR")
    return Libraries(keras, native, partial(_CONTEXTS[backend], native))


def _in_tensorflow(tensorflow: Any, dtype: str) -> AbstractContextManager[Any]:
    return nullcontext()


def _in_jax(jax: Any, dtype: str) -> AbstractContextManager[Any]:
    """JAX has float64 where it is asked for; in other dtypes it is run as it comes."""
    asked: AbstractContextManager[Any] = jax.enable_x64(dtype == "float64")
    return asked


def _in_torch(torch: Any, dtype: str) -> AbstractContextManager[Any]:
    """Nobody wants the gradients of a step; Keras' own trainer calls ``apply`` so."""
    without: AbstractContextManager[Any] = torch.no_grad()
    return without


_CONTEXTS = {TENSORFLOW: _in_tensorflow, JAX: _in_jax, TORCH: _in_torch}


def _choose(backend: Backend) -> None:
    """Keras fixes its backend at import, so another choice has to be refused before."""
    chosen = os.environ.setdefault("KERAS_BACKEND", backend.name)
    if chosen != backend.name and "keras" not in sys.modules:
        raise _wrong_backend(chosen, backend)


def _refuse_other_settings(keras: ModuleType, backend: Backend) -> None:
    chosen, floatx = keras.config.backend(), keras.config.floatx()
    if chosen != backend.name:
        raise _wrong_backend(chosen, backend)
    if floatx != FLOATX:
        raise ImplementationError(
            f"Keras has floatx {floatx!r}, in which it then holds the learning rate: the declared "
            f"precision is that of floatx {FLOATX!r}; remove the setting"
        )


def _wrong_backend(chosen: str, backend: Backend) -> ImplementationError:
    return ImplementationError(
        f"Keras has the backend {chosen!r}, and this implementation drives it on "
        f"{backend.name!r}: unset KERAS_BACKEND or set it to {backend.name}"
    )
